"""Comparing terms: patterns as regular expressions of tantivy, and similarity."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ckanext.mainz.search.query.model import Wild

_GAPS = {Wild.ONE: r"(.|\n)", Wild.ANY: r"(.|\n)*"}
_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$#&\-~]")


def regex(pieces: Iterable[str | Wild]) -> str:
    """An expression that a whole term has to match."""
    return "".join(_GAPS[piece] if isinstance(piece, Wild) else _SPECIAL.sub(r"\\\g<0>", piece) for piece in pieces)


def near(one: str, other: str, edits: int) -> bool:
    """Whether one text becomes the other by so many letters put in, left out, changed, or swapped with the next."""
    if abs(len(one) - len(other)) > edits:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one):
        before, row = row, _next_row(row, before, index, letter, one, other)
        if min(row) > edits:
            return False
    return row[-1] <= edits


def _next_row(row: list[int], before: list[int], index: int, letter: str, one: str, other: str) -> list[int]:
    following = [index + 1]
    for column, opposite in enumerate(other):
        cost = min(row[column + 1] + 1, following[column] + 1, row[column] + (letter != opposite))
        if index and column and letter == other[column - 1] and one[index - 1] == opposite:
            cost = min(cost, before[column - 1] + 1)
        following.append(cost)
    return following
