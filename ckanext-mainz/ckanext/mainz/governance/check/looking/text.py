"""Texts as the scan compares them, and the word lists of ``words.yaml`` and the two lists of names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import yaml

HERE = Path(__file__).parent
#: Letters that do not come apart into a plain one and a mark.
LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
CAMEL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
WORD = re.compile(r"[a-z]+|[%€]")
TWO_LETTERS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """A text without case and marks: ``Öztürk`` is ``ozturk``, ``Straße`` is ``strasse``."""
    plain = text.casefold()
    if plain.isascii():
        return plain
    decomposed = unicodedata.normalize("NFKD", plain.translate(LETTERS))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


@lru_cache(maxsize=10_000)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a name of a column or of a title, in order: ``kfzKennzeichen_alt`` is kfz, kennzeichen, alt."""
    return tuple(WORD.findall(fold(CAMEL.sub(" ", text))))


@dataclass(frozen=True)
class Words:
    """A list of words and of ends of words."""

    exact: frozenset[str]
    ends: tuple[str, ...]

    def has(self, word: str) -> bool:
        """Whether a word (folded) is one of the list."""
        return word in self.exact or (bool(self.ends) and word.endswith(self.ends))

    def among(self, text: str) -> bool:
        """Whether a text has one of them, also put together of two neighbours (``E-Mail`` is email)."""
        return any(self.has(word) for word in _singles_and_pairs(words_of(text)))

    def in_plural(self, text: str) -> bool:
        """Whether a text has one of them, also with an ending: ``Spielplätze`` is about a Spielplatz."""
        found = (word[: len(word) - cut] for word in words_of(text) for cut in range(3))
        return any(len(stem) > 2 and stem in self.exact for stem in found)


@lru_cache(maxsize=10_000)
def _singles_and_pairs(words: tuple[str, ...]) -> tuple[str, ...]:
    return (*words, *(first + second for first, second in pairwise(words)))


@cache
def words(name: str) -> Words:
    """A list of ``words.yaml`` by its name. Raises `KeyError` where there is none."""
    entries = [fold(entry) for entry in _lists()[name]]
    ends = tuple(entry[1:] for entry in entries if entry.startswith("-"))
    return Words(frozenset(entry for entry in entries if not entry.startswith("-")), ends)


@cache
def _lists() -> dict[str, list[str]]:
    return yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))


@cache
def names(file: str) -> frozenset[str]:
    """The names of a list: ``given_names`` or ``surnames``."""
    lines = (HERE / f"{file}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


def is_given_name(word: str) -> bool:
    """Whether a folded word, or the first part of ``hans-jurgen``, is a given name that is known."""
    return _known("given_names", word)


def is_surname(word: str) -> bool:
    """Whether a folded word, or the first part of a double name, is a surname that is known."""
    return _known("surnames", word)


def _known(file: str, word: str) -> bool:
    known = names(file)
    first = word.partition("-")[0].strip(".'’")
    return first in known or any(other in known for other in _respelled(first))


def _respelled(word: str) -> Iterable[str]:
    """``Juergen`` is written for ``Jürgen``, which folds to ``jurgen``."""
    return (word.replace(two, one) for two, one in TWO_LETTERS if two in word)
