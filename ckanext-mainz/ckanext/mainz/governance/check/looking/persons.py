"""Whether a text is the name of a person, told by its shape and its words."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from ckanext.mainz.governance.check.looking.text import fold, is_given_name, is_surname, words

LONGEST = 60
MOST_WORDS = 5
INSIDE = re.compile(r"[\w'’.-]+\Z")
#: Ends that no surname has. Others (Haering, Pickering) make a street only as a word of their own or after a hyphen.
SURELY_STREETS = ("strasse", "str", "platz", "allee", "gasse")
INITIAL = re.compile(r"[A-ZÄÖÜ]\.?\Z")
SPLIT = re.compile(r"[\s/;]+")
DOTS = ".,()\"„“'"
PRONOUNS = r"(?:Herrn?|Frau|Hr\.|Fr\.|Familie|Fam\.|Eheleute|Ehepaar)"
TITLES = r"(?:(?:Dr|Prof|Dipl)\.?(?:-Ing\.?)?\s+|med\.\s+)*"
NAMED = re.compile(rf"(?<![\w-]){PRONOUNS}\s+{TITLES}([A-ZÀ-ÖØ-ÞĀ-Ž][a-zà-öø-ÿā-ž]+)")
STREET_WORDS = frozenset(words("street_ends").ends)
PLACES = (*words("street_ends").ends, *words("soft_street_ends").ends)


class Value(Enum):
    """What a text looks like."""

    PERSON = "a given name with a surname"
    ADDRESSED = "Herr, Frau or a title with a surname"
    SHAPED = "two words or more that could be a name"
    GIVEN = "a given name"
    SURNAME = "a frequent surname"
    WORD = "one word with a capital"
    INSTITUTION = "an office, a firm, a club or the like"
    OTHER = "anything else"


PERSONS = frozenset({Value.PERSON, Value.ADDRESSED})
NAMES = PERSONS | {Value.SHAPED, Value.GIVEN, Value.SURNAME, Value.WORD}


@lru_cache(maxsize=65_536)
def value_of(text: str) -> Value:
    """What a cell looks like."""
    if not text or len(text) > LONGEST or any(sign.isdigit() or sign in "@:_=+" for sign in text):
        return Value.OTHER
    before, comma, after = text.partition(",")
    parts = _parts(f"{after} {before}" if comma else text)
    if not parts or len(parts) > MOST_WORDS + 3:
        return Value.OTHER
    folded = [fold(part.strip(DOTS)) for part in parts]
    if any(word in words("institution_words").exact for word in folded):
        return Value.INSTITUTION
    return _person_or_not(parts, folded, bool(comma))


def _parts(text: str) -> list[str]:
    return [part for part in SPLIT.split(text) if part.strip(DOTS + "-")]


def _person_or_not(parts: list[str], folded: list[str], comma: bool) -> Value:
    addressed = any(word in words("titles").exact for word in folded[:3])
    skipped = words("titles").exact | words("particles").exact
    pairs = [(part, word) for part, word in zip(parts, folded, strict=True) if not _is_skipped(part, word, skipped)]
    if not pairs or len(pairs) > MOST_WORDS or not all(_is_capital(part) for part, _ in pairs):
        return Value.INSTITUTION if _is_house(folded) else Value.OTHER
    names = [word for _, word in pairs]
    if len(names) == 1:
        return _single(names[0], addressed)
    return _several([part for part, _ in pairs], names, addressed, comma)


def _is_skipped(part: str, word: str, skipped: frozenset[str]) -> bool:
    """A particle is written small, a title with a point; ``Ben`` and ``Ma`` are names."""
    return word in skipped and (part[0].islower() or (word in words("titles").exact and word not in ("ma", "ba")))


def _is_house(names: list[str]) -> bool:
    return any(word.endswith(words("institution_words").ends) for word in names)


def _single(name: str, addressed: bool) -> Value:
    if addressed:
        return Value.OTHER if name in words("role_words").exact else Value.ADDRESSED
    if name.endswith(words("street_ends").ends):
        return Value.OTHER
    if "-" in name and _is_house([name.rpartition("-")[2]]):
        return Value.INSTITUTION
    if is_given_name(name):
        return Value.GIVEN
    if is_surname(name):
        return Value.SURNAME
    return Value.INSTITUTION if _is_house([name]) else Value.WORD


def _several(parts: list[str], names: list[str], addressed: bool, comma: bool) -> Value:
    if _is_street(names[-1]) or (names[0] in words("street_starts").exact and not comma):
        return Value.OTHER
    if is_given_name(names[0]):
        return Value.PERSON
    if _is_house(names):
        return Value.INSTITUTION
    if names[-1].endswith(PLACES) and not (addressed or comma):
        return Value.OTHER
    if addressed:
        return Value.ADDRESSED
    if is_given_name(names[-1]) and is_surname(names[0]):
        return Value.PERSON
    if INITIAL.match(parts[0]) and is_surname(names[-1]):
        return Value.PERSON
    return Value.SHAPED


def _is_capital(part: str) -> bool:
    return part[0].isupper() and bool(INSIDE.match(part))


def _is_street(word: str) -> bool:
    return word.endswith(SURELY_STREETS) or word.rpartition("-")[2] in STREET_WORDS


def named_in(text: str) -> str:
    """The first surname after Herr or Frau in a longer text; empty where there is none."""
    for found in NAMED.finditer(text):
        name = fold(found[1])
        if name not in words("role_words").exact and not name.endswith(ROLE_ENDS):
            return found[1]
    return ""


ROLE_ENDS = ("meister", "meisterin", "minister", "ministerin", "prasident", "prasidentin", "leiter", "leiterin")
