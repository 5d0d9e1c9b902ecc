"""Workbooks as sources of rows: which sheets there are, which one is meant, and its cells with their real types.

XLSX goes through openpyxl's read-only mode: it streams, it tells number formats (percent, currency, codes with leading
zeros), and a stray cell in the last corner of a sheet costs nothing. python-calamine is some twelve times as fast, but
it holds the whole rectangle of a sheet in memory, so that one such cell ends the process; it reads only the old XLS
and XLSB, in a process of its own with a limit (``legacy.py``). ODS is read by a small parser of our own (``ods.py``).
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Protocol

import openpyxl
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from . import legacy, ods
from .kinds import ARCHIVE_ERRORS, FileKind
from .model import Guess, NotATable, SheetInfo, TypedCell, because, given

MAX_UNPACKED = 1024 * 1024 * 1024
"""Bytes that all parts of a workbook may have together when unpacked."""

_MAX_STRINGS = 256 * 1024 * 1024
_SPAN_ROWS = 100
_MAX_SPANS = 5000
_BROKEN = (*ARCHIVE_ERRORS, InvalidFileException, TypeError, AttributeError, IndexError, SyntaxError, AssertionError)
"""What openpyxl raises for damaged workbooks: it checks little, so errors of many kinds come through."""
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_UNCACHED = re.compile(rb"</(?:\w+:)?f>(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>")

Span = tuple[int, int, int]


def letters(index: int) -> str:
    """The letters of a column counted from 0."""
    return get_column_letter(index + 1)


class Reader(Protocol):
    """What each kind of workbook can do."""

    def rows(self, sheet: str) -> Iterator[tuple[int, list[str]]]:
        """Sheet row from 1, and cells from column A; empty cells at the end of a row are left out."""
        ...

    def spans(self, sheet: str) -> list[Span]:
        """Cells merged over several columns in the first rows, as (sheet row, first, last column from 0)."""
        ...

    def uncached_formulas(self, sheet: str) -> int:
        """How many formulas have no stored result."""
        ...


@dataclass(frozen=True)
class Book:
    """An opened workbook."""

    path: Path
    sheets: tuple[SheetInfo, ...]
    reader: Reader
    has_macros: bool = False


@dataclass(frozen=True)
class SheetSource:
    """A sheet as a source of rows, without its first ``margin`` columns."""

    book: Book
    sheet: str
    margin: int = 0

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Rows; begins anew with each call."""
        for number, cells in self.book.reader.rows(self.sheet):
            yield number, cells[self.margin :] or [""]

    def spans(self) -> list[Span]:
        """Merged cells, counted from the margin."""
        found = self.book.reader.spans(self.sheet)
        return [(row, first - self.margin, last - self.margin) for row, first, last in found if first >= self.margin]

    def uncached_formulas(self) -> int:
        """How many formulas have no stored result."""
        return self.book.reader.uncached_formulas(self.sheet)


def open_book(path: Path, kind: FileKind) -> Book:
    """Open the workbook.

    Raises:
        NotATable: ``broken_workbook``, ``encrypted``, ``workbook_too_large``.
    """
    if kind in (FileKind.XLS, FileKind.XLSB):
        old = legacy.LegacyReader(path)
        return Book(path, old.sheets(), old)
    try:
        names = _check_archive(path)
        if kind is FileKind.ODS:
            sheets = ods.OdsReader(path)
            return Book(path, sheets.sheets(), sheets)
        reader = XlsxReader(path)
        return Book(path, reader.sheets(), reader, has_macros="xl/vbaProject.bin" in names)
    except _BROKEN as error:
        raise NotATable("broken_workbook", detail=f"{type(error).__name__}: {error}"[:200]) from error


def _check_archive(path: Path) -> set[str]:
    """Sizes before anything is unpacked (``zipfile`` never reads more than a part's stated size), and no DOCTYPE."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        strings = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
        if sum(part.file_size for part in parts) > MAX_UNPACKED or strings > _MAX_STRINGS:
            raise NotATable("workbook_too_large", limit=MAX_UNPACKED // 1024 // 1024)
        for part in parts:
            if part.flag_bits & 1:
                raise NotATable("encrypted")
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as file:
                    if b"<!DOCTYPE" in file.read(2048):
                        raise NotATable("broken_workbook", detail="DOCTYPE")
        return {part.filename for part in parts}


def choose_sheet(book: Book, name: str | None) -> Guess[str]:
    """The sheet that is asked for, or the first one to be seen that holds a table (not a cover or a legend).

    Raises:
        NotATable: ``no_sheet``, ``empty_sheet``.
    """
    names = [sheet.name for sheet in book.sheets]
    if name is not None:
        if name not in names:
            raise NotATable("no_sheet", sheet=name, sheets=", ".join(names))
        return given(name)
    visible = [sheet.name for sheet in book.sheets if sheet.visible] or names
    if not visible:
        raise NotATable("broken_workbook", detail="no sheet")
    if len(visible) == 1:
        return because(visible[0], 1.0, "only_sheet")
    best = max(visible, key=lambda sheet: (min(_table_rows(book, sheet), 3), -visible.index(sheet)))
    return because(best, 0.7, "first_table_sheet")


def _table_rows(book: Book, sheet: str) -> int:
    """Rows among the first 60 that have at least three filled cells, or two if that is all there is."""
    filled = [sum(1 for cell in cells if cell) for _, cells in islice(book.reader.rows(sheet), 60)]
    width = min(3, max(filled, default=0))
    return sum(count >= width for count in filled) if width > 1 else 0


class XlsxReader:
    """XLSX and XLSM."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def _opened(self) -> Iterator[openpyxl.Workbook]:
        with self._path.open("rb") as file:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # extensions that openpyxl drops do not concern the cells
                book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            try:
                yield book
            finally:
                book.close()

    def sheets(self) -> tuple[SheetInfo, ...]:
        """Sheets with cells; charts are left out."""
        return tuple(SheetInfo(name, visible) for name, (_, visible) in self._parts.items())

    @cached_property
    def _parts(self) -> dict[str, tuple[str, bool]]:
        """The archive's part and the visibility of each sheet."""
        with self._opened() as book:
            return {
                sheet.title: (str(vars(sheet)["_worksheet_path"]), sheet.sheet_state == "visible")
                for sheet in book.worksheets
                if isinstance(sheet, ReadOnlyWorksheet)
            }

    def rows(self, sheet: str) -> Iterator[tuple[int, list[str]]]:
        """Rows with typed cells; of several empty rows in turn only the first."""
        try:
            with self._opened() as book:
                worksheet = book[sheet]
                worksheet.reset_dimensions()
                yield from _without_gaps(worksheet.iter_rows())
        except _BROKEN as error:
            raise NotATable("broken_workbook", detail=f"{type(error).__name__}: {error}"[:200]) from error

    def spans(self, sheet: str) -> list[Span]:
        """From the sheet's own part, since the read-only mode does not tell."""
        return self._marks(sheet)[0]

    def uncached_formulas(self, sheet: str) -> int:
        """Formulas whose result the writing program did not store."""
        return self._marks(sheet)[1]

    def _marks(self, sheet: str) -> tuple[list[Span], int]:
        if sheet not in self._seen:
            self._seen[sheet] = self._look(self._parts[sheet][0])
        return self._seen[sheet]

    @cached_property
    def _seen(self) -> dict[str, tuple[list[Span], int]]:
        return {}

    def _look(self, part: str) -> tuple[list[Span], int]:
        spans: list[Span] = []
        uncached, rest = 0, b""
        with zipfile.ZipFile(self._path) as archive, archive.open(part.lstrip("/")) as file:
            while chunk := file.read(1024 * 1024):
                data = rest + chunk
                uncached += len(_UNCACHED.findall(data))
                spans += [_span(match) for match in _MERGE.finditer(data) if len(spans) < _MAX_SPANS]
                cut = data.rfind(b">") + 1
                cut = max(data.rfind(b"<c ", 0, cut), data.rfind(b"<mergeCell ", 0, cut), 0) or cut
                rest = data[cut:] if len(data) - cut < 100_000 else b""
        return [span for span in spans if span[0] <= _SPAN_ROWS and span[2] > span[1]], uncached


def _without_gaps(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[int, list[str]]]:
    gap = False
    for number, row in enumerate(rows, 1):
        cells = _text_cells(row) if row else [""]
        if any(cells) or not gap:
            yield number, cells
        gap = not any(cells)


def _span(match: re.Match[bytes]) -> Span:
    first, row, last, _ = (group.decode() for group in match.groups())
    return int(row), column_index_from_string(first) - 1, column_index_from_string(last) - 1


def _text_cells(row: tuple[object, ...]) -> list[str]:
    cells = [_text_cell(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells or [""]


def _text_cell(cell: object) -> str:
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return typed_cell(value, str(getattr(cell, "number_format", "General")))


def typed_cell(value: object, number_format: str = "General") -> str:
    """A cell with its value; numbers as people see them: percent times 100, codes with their zeros."""
    if isinstance(value, bool):
        return TypedCell("true" if value else "false", value)
    if isinstance(value, int | float):
        return _number_cell(value, number_format)
    if isinstance(value, dt.datetime):
        if value.time() == dt.time() and not re.search("h", number_format, re.IGNORECASE):
            return TypedCell(value.date().isoformat(), value.date())
        return TypedCell(value.isoformat(" "), value)
    if isinstance(value, dt.date | dt.time):
        return TypedCell(value.isoformat(), value)
    return str(value)


def _number_cell(value: int | float, number_format: str) -> str:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format)
    if re.fullmatch("0{2,}", bare) and float(value).is_integer() and value >= 0:
        return str(int(value)).zfill(len(bare))
    number: int | Decimal = value if isinstance(value, int) else Decimal(f"{value:.15g}")
    if isinstance(number, Decimal) and number == number.to_integral_value() and abs(number) < 10**15:
        number = int(number)
    unit = _unit(number_format, bare)
    if unit == "%":
        number = _tidy(Decimal(number) * 100)
    return TypedCell(format(number, "f") if isinstance(number, Decimal) else str(number), number, unit)


def _tidy(number: Decimal) -> int | Decimal:
    return int(number) if number == number.to_integral_value() else number.normalize()


def _unit(number_format: str, bare: str) -> str:
    if "%" in bare:
        return "%"
    return "€" if re.search("€|EUR", number_format) else ""
