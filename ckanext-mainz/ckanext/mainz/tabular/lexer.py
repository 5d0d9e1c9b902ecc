"""Rows of cells from lines of text, with the physical line of each row.

Why not ``csv.reader`` alone: it eats stray quotes without a word, runs on to the end of the file after a quote that is
never closed, and its limit for a cell is a setting of the whole process. Here each line is looked at first. A line
without quotes is split; a line with well-formed quotes goes to ``csv.reader``; a line that ends inside quotes is
joined with the next ones, within limits; and what is still malformed is read as it stands and reported.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import regex

from .encoding import ERRORS

MAX_CELL_LINES = 1000
MAX_CELL_SIZE = 1024 * 1024

_CSV_LIMIT = 100_000
"""Below the limit of ``csv`` for a cell, which is a setting of the whole process."""

Report = Callable[[str, int], None]
"""Is told the code of a finding and the physical line."""


def _silent(_code: str, _line: int) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True)
class Signs:
    """What divides lines, cells and quoted text."""

    delimiter: str
    quote: str | None
    newline: str = ""


@dataclass(frozen=True)
class TextSource:
    """A text file as a source of rows."""

    path: Path
    encoding: str
    signs: Signs
    report: Report = _silent

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Physical line and cells of each row, blank lines as rows of one empty cell; begins anew with each call."""
        with self.path.open(encoding=self.encoding, errors=ERRORS, newline=self.signs.newline) as file:
            yield from split_rows(file, self.signs, self.report)


def split_rows(lines: Iterable[str], signs: Signs, report: Report = _silent) -> Iterator[tuple[int, list[str]]]:
    """Divide lines (with their line ends) into rows."""
    if not signs.quote:
        return _plain_rows(lines, signs.delimiter)
    return _Lexer(lines, signs.delimiter, signs.quote, report).rows()


def _plain_rows(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n")
        yield number, text.split(delimiter) if delimiter else [text]


class _OneLine:
    """Hands ``csv.reader`` one line at a time."""

    line = ""

    def __iter__(self) -> _OneLine:
        return self

    def __next__(self) -> str:
        return self.line


@dataclass(frozen=True)
class _Patterns:
    """Regular expressions for one delimiter and quote; possessive, so that no line takes more than linear time.

    By the package ``regex``: up to Python 3.11.3 (Debian 12 has 3.11.2) possessive patterns of ``re`` match wrongly or
    crash (https://github.com/python/cpython/issues/101955).
    """

    good: regex.Pattern[str]
    open: regex.Pattern[str]
    cell: regex.Pattern[str]

    @classmethod
    def of(cls, delimiter: str, quote: str) -> _Patterns:
        q, d = regex.escape(quote), regex.escape(delimiter)
        quoted = f"{q}[^{q}]*+(?:{q}{q}[^{q}]*+)*+{q}"
        plain = f"(?!{q})[^{d}]*+" if delimiter else f"(?!{q}).*+"
        blanks = "[ ]*+" if delimiter.strip() else ""
        padded = f"{blanks}{quoted}{blanks}"
        tail = f"(?={d}|\\Z)" if delimiter else "(?=\\Z)"
        cell = f"(?:{padded}{tail}|{plain})"
        begun = f"{blanks}{q}[^{q}]*+(?:{q}{q}[^{q}]*+)*+"
        rest = f"[^{d}]*+" if delimiter else ".*+"
        several = f"(?:{d}{cell})*+" if delimiter else ""
        before = f"(?:{cell}{d})*+" if delimiter else ""
        return cls(
            regex.compile(f"{cell}{several}\\Z", regex.DOTALL),
            regex.compile(f"{before}{begun}\\Z", regex.DOTALL),
            regex.compile(f"{blanks}({quoted}){blanks}{tail}|({rest})", regex.DOTALL),
        )


class _Lexer:
    """Rows where cells may be quoted."""

    def __init__(self, lines: Iterable[str], delimiter: str, quote: str, report: Report) -> None:
        self._lines = iter(lines)
        self._delimiter, self._quote, self._report = delimiter, quote, report
        self._patterns = _Patterns.of(delimiter, quote)
        self._waiting: deque[str] = deque()
        self._number = 0
        self._blank_before, self._blank_after = f" {quote}", f"{quote} "
        self._feed = _OneLine()
        self._reader = csv.reader(self._feed, delimiter=delimiter or "\x00", quotechar=quote)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """All rows."""
        quote, delimiter = self._quote, self._delimiter
        while (line := self._next()) is not None:
            number = self._number
            text = line.rstrip("\r\n")
            if quote not in text:
                yield number, text.split(delimiter) if delimiter else [text]
            else:
                yield number, self._quoted_row(line, text)

    def _next(self) -> str | None:
        line = self._waiting.popleft() if self._waiting else next(self._lines, None)
        if line is not None:
            self._number += 1
        return line

    def _quoted_row(self, line: str, text: str) -> list[str]:
        if self._patterns.good.match(text):
            return self._good_cells(text)
        number = self._number
        joined = self._join(line) if self._patterns.open.match(text) else None
        if joined is not None:
            self._report("multi_line_cell", number)
            return self._cells(joined)
        self._report("stray_quote", number)
        return self._cells(text)

    def _good_cells(self, text: str) -> list[str]:
        """Cells of a line with well-formed quotes; ``csv.reader`` reads plain ones as we do, and faster."""
        if not self._is_for_csv(text):
            return self._cells(text)
        self._feed.line = text
        return next(self._reader)

    def _is_for_csv(self, text: str) -> bool:
        """No blanks around quotes, no line breaks (``csv`` refuses them outside quotes), not too long."""
        if self._blank_before in text or self._blank_after in text or "\n" in text or "\r" in text:
            return False
        return bool(self._delimiter) and len(text) < _CSV_LIMIT

    def _cells(self, text: str) -> list[str]:
        """Cells of a text that may have line breaks inside quotes; malformed quotes stay in their cell."""
        cells, at = [], 0
        while True:
            match = self._patterns.cell.match(text, at)
            if match is None:
                raise AssertionError("the second branch matches everything")
            quoted = match.group(1)
            cells.append(self._unquote(quoted) if quoted is not None else match.group(2))
            at = match.end() + 1
            if match.end() >= len(text):
                return cells

    def _unquote(self, cell: str) -> str:
        return cell[1:-1].replace(self._quote * 2, self._quote)

    def _join(self, line: str) -> str | None:
        """The row that begins with this line and ends some lines below, or None if its quotes never close well."""
        taken: list[str] = []
        joined, size = line, len(line)
        while len(taken) < MAX_CELL_LINES and size < MAX_CELL_SIZE:
            following = self._next()
            if following is None:
                break
            taken.append(following)
            size += len(following)
            if self._quote not in following:
                continue
            joined = line + "".join(taken)
            text = joined.rstrip("\r\n")
            if self._patterns.good.match(text):
                return text
            if not self._patterns.open.match(text):
                break
        self._number -= len(taken)
        self._waiting.extendleft(reversed(taken))
        return None
