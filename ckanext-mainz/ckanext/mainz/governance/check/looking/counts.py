"""Which columns count people, and which of their cells are so small that they may point at one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ckanext.mainz.governance.check.looking.text import Words, fold, words, words_of

#: What follows these says more closely which people, places or cases are counted; what stands before them is counted.
MORE_CLOSELY = re.compile(
    r"\s(?:mit|fur|unter|uber|von|im|in|nach|aus|ohne|ab|bis|with|per|under|over|by|aged)\s|\d|[(,:/]"
)
MERGED = re.compile(r"\s/\s")
COUNTED = re.compile(r"^(?:davon|darunter|anzahl|zahl|number|gesamtzahl|summe)(?:\s+(?:der|von|an|of))?\s+")
YEAR_OR_AGE = re.compile(
    r"(?:(?:19|20)\d\d|(?:unter|uber|ab|bis)?\s*\d{1,3}(?:\s*(?:-|–|bis|bis unter)\s*\d{1,3})?)"
    r"\s*(?:jahre|j\.|und (?:alter|mehr))?"
)
WHOLE = re.compile(r"-?\d{1,3}(?:[. \u00a0]\d{3})*|-?\d+")


def counting(names: Sequence[str], integers: Iterable[int], title: str) -> frozenset[int]:
    """Indices of the columns, among those with whole numbers, that count people.

    The name of a column tells it itself (``Empfänger``), or it is a plain count (``Anzahl``, ``2024``, ``18 bis 25``)
    and its table is about people: by its title, or because a column divides people (``Geschlecht``).
    """
    about_people = _is_about_people(names, title)
    return frozenset(
        index for index in integers if _counts_people(names[index]) or (about_people and _is_plain_count(names[index]))
    )


def small(cell: str, threshold: int) -> bool:
    """Whether a cell is a count from 1 up to below the threshold. Nobody is told by a zero."""
    text = cell.strip()
    if len(text) > 4 or not WHOLE.fullmatch(text):
        return False
    return 0 < int(re.sub(r"\D", "", text)) < threshold and not text.startswith("-")


def _counts_people(name: str) -> bool:
    """Header rows that were merged are divided by a slash, and any of them may say what is counted."""
    parts = [part for part in MERGED.split(name) if part.strip()]
    return any(_has(words("people"), _head(part)) for part in parts) and not any(_counts_nobody(one) for one in parts)


def _counts_nobody(name: str) -> bool:
    plain = " ".join(words_of(name))
    phrases = [phrase for phrase in words("no_count").exact if " " in phrase or not phrase.isalpha()]
    return any(phrase in plain for phrase in phrases) or any(words("no_count").has(word) for word in words_of(name))


def _head(name: str) -> str:
    """What is counted: ``Anzahl der Kinder unter 3 Jahren`` counts Kinder, ``Unfälle mit Kindern`` counts Unfälle."""
    plain = COUNTED.sub("", fold(name).strip())
    return MORE_CLOSELY.split(f"{plain} ", maxsplit=1)[0]


def _has(known: Words, text: str) -> bool:
    return any(known.has(word) for word in words_of(text))


def _is_about_people(names: Sequence[str], title: str) -> bool:
    divided = any(words("divisions").among(name) for name in names)
    return divided or _counts_people(title)


def _is_plain_count(name: str) -> bool:
    if _counts_nobody(name):
        return False
    plain = fold(name).strip()
    return bool(YEAR_OR_AGE.fullmatch(plain)) or _has(words("counts"), plain) or plain in ("m", "w", "d")
