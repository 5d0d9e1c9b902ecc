"""The shapes that the table reader gives back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Generic, NamedTuple, Protocol, TypeVar

from .messages import FINDINGS, REASONS, REFUSALS

T = TypeVar("T")


@dataclass(frozen=True)
class Reason:
    """Why a guess was made: a code of ``messages.REASONS`` and what its sentence is filled with."""

    code: str
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The English sentence."""
        return REASONS[self.code].format(**self.parameters)

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class Guess(Generic[T]):
    """Something the file does not say itself, with the reason and a confidence from 0 to 1."""

    value: T
    reason: Reason
    confidence: float


def because(value: T, confidence: float, code: str, **parameters: object) -> Guess[T]:
    """A guess in one line."""
    return Guess(value, Reason(code, parameters), confidence)


def given(value: T) -> Guess[T]:
    """What the options say is no guess."""
    return because(value, 1.0, "given")


@dataclass(frozen=True)
class Finding:
    """Something odd. ``line`` is the physical line (or sheet row), counted from 1; ``lines`` has up to 20 of them."""

    code: str
    line: int | None
    column: str | None
    parameters: Mapping[str, object] = field(default_factory=dict)
    count: int = 1
    lines: tuple[int, ...] = ()

    @property
    def message(self) -> str:
        """The English sentence."""
        return FINDINGS[self.code].format(**self.parameters)


class NotATable(Exception):
    """The file is refused. ``code`` is one of ``messages.REFUSALS``; the text of the exception says why."""

    def __init__(self, code: str, **parameters: object) -> None:
        super().__init__(REFUSALS[code].format(**parameters))
        self.code = code
        self.parameters = parameters

    @property
    def message(self) -> str:
        """The English sentence."""
        return str(self)


@dataclass(frozen=True)
class Suppressed:
    """A value that exists but is kept secret or is no value by rule; ``marker`` is what stands in its place."""

    marker: str


Value = int | Decimal | dt.date | dt.datetime | dt.time | bool | str | Suppressed | None


class ColumnType(StrEnum):
    """What the values of a column are."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    YEAR = "year"
    PERIOD = "period"
    BOOLEAN = "boolean"
    TEXT = "text"


class HeaderKind(StrEnum):
    """What the header row holds."""

    NONE = "none"
    LABELS = "labels"
    ALIASES = "aliases"
    GIVEN = "given"


@dataclass(frozen=True)
class Dialect:
    """How rows and cells are divided. The delimiter is '' where each line is one cell; the quote may be None."""

    delimiter: Guess[str]
    quote: Guess[str | None]
    line_end: Guess[str]


@dataclass(frozen=True)
class Header:
    """The header: its kind, its physical lines (several are merged) and the first line after it."""

    kind: HeaderKind
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """A line that is no row: above the table, or below it."""

    number: int
    cells: tuple[str, ...]

    @property
    def text(self) -> str:
        """Its cells that are not empty, as one text."""
        return " ".join(cell for cell in self.cells if cell)


@dataclass(frozen=True)
class NumberFormat:
    """How a column writes numbers. ``decimal`` and ``thousands`` are '' where they do not occur."""

    decimal: str
    thousands: str
    unit: str = ""


@dataclass(frozen=True)
class Marker:
    """A sign in place of a value. ``suppressed`` tells a value kept back from one that is not there."""

    text: str
    suppressed: bool
    count: int


@dataclass(frozen=True)
class Column:
    """A column. Counts are over the rows looked at (``Table.rows_seen``)."""

    index: int
    name: str
    unique_name: str
    type: Guess[ColumnType]
    number: Guess[NumberFormat] | None = None
    date_format: Guess[str] | None = None
    fused: Guess[bool] | None = None
    markers: tuple[Marker, ...] = ()
    is_code: bool = False
    filled: int = 0
    empty: int = 0
    unfit: int = 0
    padded: int = 0


@dataclass(frozen=True)
class SheetInfo:
    """A sheet of a workbook, in its order."""

    name: str
    visible: bool


class Row(NamedTuple):
    """A row of the table: physical line (or sheet row), cells, and whether it is a total or subtotal."""

    line: int
    cells: list[str]
    total: bool


class Source(Protocol):
    """Where rows come from; each call of ``rows`` begins again at the top."""

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Physical line (or sheet row) and untrimmed cells."""
        ...


class TypedCell(str):
    """A cell of a workbook: its text as people would write it down, and the value that the workbook holds."""

    __slots__ = ("unit", "value")

    value: int | Decimal | dt.date | dt.datetime | dt.time | bool
    unit: str

    def __new__(
        cls, text: str, value: int | Decimal | dt.date | dt.datetime | dt.time | bool, unit: str = ""
    ) -> TypedCell:
        """Make the cell."""
        cell = super().__new__(cls, text)
        cell.value = value
        cell.unit = unit
        return cell

    def strip(self, chars: str | None = None, /) -> TypedCell:  # noqa: ARG002 - the signature of str
        """A typed cell has nothing to trim."""
        return self


FilePath = str | Path
