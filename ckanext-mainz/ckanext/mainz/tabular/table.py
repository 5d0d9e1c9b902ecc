"""The table, and the function that reads one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from . import encoding, workbook
from .columns import CellReader, Converter, Decision, Markers, Names, Profile, TableMarks
from .dialect import SAMPLE, guess_dialect
from .encoding import ERRORS, ByteScan
from .findings import Findings
from .kinds import FileKind, kind_of
from .layout import Layout, NumberedRow, find_layout, footnotes_from, is_blank, is_footnote
from .lexer import Signs, TextSource, split_rows
from .model import (
    Column,
    ColumnType,
    Dialect,
    FilePath,
    Finding,
    Guess,
    Header,
    HeaderKind,
    Line,
    NotATable,
    Row,
    SheetInfo,
    Source,
    Value,
    given,
)
from .options import ReadOptions
from .shapes import PADDING, Kind, is_total

_LAYOUT_ROWS = 1000
_TAIL = 64 * 1024
_HELD = 200
_HASHES = 100_000
_LONG_NAME = 100
_CACHE = 100_000


@dataclass(frozen=True)
class Table:
    """A table file that has been looked at. It keeps no rows: ``rows``, ``records`` and ``body`` read the file again.

    ``encoding`` and ``dialect`` are None for workbooks; ``sheet`` is None and ``sheets`` is empty for text files.
    ``findings`` and the counts in ``columns`` are over the first ``rows_seen`` rows; ``complete`` says that these are
    all of them.
    """

    path: Path
    kind: Guess[FileKind]
    encoding: Guess[str] | None
    dialect: Dialect | None
    sheet: Guess[str] | None
    sheets: tuple[SheetInfo, ...]
    preamble: tuple[Line, ...]
    header: Guess[Header]
    columns: tuple[Column, ...]
    footnotes: tuple[Line, ...]
    findings: tuple[Finding, ...]
    rows_seen: int
    complete: bool
    options: ReadOptions
    _body: Body = field(repr=False)

    def body(self) -> Iterator[Row]:
        """Rows with their physical line and whether they are totals; short rows are filled up, surplus cells stay."""
        return self._body.rows()

    def rows(self) -> Iterator[list[str]]:
        """The cells of each row as text; trimmed unless the options say otherwise."""
        return (row.cells for row in self._body.rows())

    def records(self) -> Iterator[list[Value]]:
        """The values of each row: int, Decimal, date …; None for missing, ``Suppressed`` for kept back.

        What does not fit its column's type stays text, and so do cells beyond the last column.
        """
        convert = self.converter()
        return (convert(row.cells) for row in self._body.rows())

    def converter(self) -> Callable[[Sequence[str]], list[Value]]:
        """A function from the cells of a row (of ``body``) to its values."""
        converters = [Converter(column, self.options).value for column in self.columns]
        width = len(converters)

        def convert(cells: Sequence[str]) -> list[Value]:
            values: list[Value] = [value(cell) for value, cell in zip(converters, cells, strict=False)]
            values.extend(cells[width:])
            return values

        return convert

    def column(self, name: str) -> Column:
        """The column with this unique name.

        Raises:
            KeyError: if there is none.
        """
        for column in self.columns:
            if column.unique_name == name:
                return column
        raise KeyError(name)


class _Seen(NamedTuple):
    """A row on its way: its line, its trimmed cells, and the cells that are handed on."""

    line: int
    bare: list[str]
    cells: list[str]


def _is_empty(bare: list[str]) -> bool:
    """Blank, or the end-of-file sign of DOS."""
    return is_blank(bare) or bare == ["\x1a"]


@dataclass
class Body:
    """Walks over the rows between header and footnotes."""

    source: Source
    width: int
    data_from: int
    header: tuple[str, ...] | None
    trim: bool
    is_workbook: bool
    typed: tuple[bool, ...] = ()
    total_columns: tuple[int, ...] = ()
    total_pattern: re.Pattern[str] | None = None
    skip_totals: bool = False
    findings: Findings | None = None
    footnotes: list[NumberedRow] = field(default_factory=list)
    _totals: dict[str, bool] = field(default_factory=dict)

    def rows(self) -> Iterator[Row]:
        """All rows; those that may be footnotes wait until a row follows them."""
        held: list[_Seen] = []
        for line, raw in self.source.rows():
            if line < self.data_from:
                continue
            seen = self._seen(line, raw)
            if not held and self._is_plain(seen.bare):
                total = self._is_total(seen.bare)
                if not (total and self.skip_totals):
                    yield Row(line, seen.cells, total)
                continue
            if len(held) < _HELD and self._may_be_footnote(seen.bare, held):
                held.append(seen)
                continue
            for waiting in held:
                yield from self._row(waiting)
            held.clear()
            yield from self._row(seen)
        self._end(held)

    def _seen(self, line: int, raw: list[str]) -> _Seen:
        if self.is_workbook and len(raw) < self.width:
            raw = raw + [""] * (self.width - len(raw))
        bare = [cell.strip(PADDING) for cell in raw]
        return _Seen(line, bare, bare if self.trim else raw)

    def _is_plain(self, bare: list[str]) -> bool:
        """What nearly all rows are: as long as the table is wide, filled at the end, and not the header again."""
        if len(bare) != self.width or not bare[-1] or self.width == 1:
            return False
        return self.header is None or bare[0] != self.header[0]

    def _may_be_footnote(self, bare: list[str], held: list[_Seen]) -> bool:
        if len(bare) == self.width and bare[-1] and self.width > 1:
            return False
        if _is_empty(bare):
            return True
        after_gap = bool(held) and _is_empty(held[-1].bare)
        return is_footnote(bare, self.width, self.typed, after_gap=after_gap)

    def _end(self, held: list[_Seen]) -> None:
        self.footnotes = [(seen.line, seen.bare) for seen in held if not _is_empty(seen.bare)]
        for seen in held:
            if is_blank(seen.bare):
                self._tell("blank_line", seen.line)

    def _row(self, seen: _Seen) -> Iterator[Row]:
        if is_blank(seen.bare):
            self._tell("blank_line", seen.line)
            return
        if self.header is not None and seen.bare[0] == self.header[0] and tuple(seen.bare) == self.header:
            self._tell("header_repeated", seen.line)
            return
        total = self._is_total(seen.bare)
        if not (total and self.skip_totals):
            yield Row(seen.line, self._even(seen.line, seen.cells), total)

    def _even(self, line: int, cells: list[str]) -> list[str]:
        if len(cells) == self.width:
            return cells
        if len(cells) < self.width:
            self._tell("row_short", line)
            return cells + [""] * (self.width - len(cells))
        if any(cell.strip(PADDING) for cell in cells[self.width :]):
            self._tell("row_long", line)
            return cells
        self._tell("trailing_delimiter", line)
        return cells[: self.width]

    def _is_total(self, cells: list[str]) -> bool:
        if not self.total_columns and self.total_pattern is None:
            return False
        if self.total_pattern is not None:
            return any(self.total_pattern.search(cell) for cell in cells)
        return any(n < len(cells) and self._names_total(cells[n]) for n in self.total_columns)

    def _names_total(self, cell: str) -> bool:
        known = self._totals.get(cell)
        if known is None:
            if len(self._totals) >= _CACHE:
                self._totals.clear()
            known = self._totals[cell] = is_total(cell)
        return known

    def _tell(self, code: str, line: int) -> None:
        if self.findings is not None:
            self.findings.at(code, line)


# --- reading ------------------------------------------------------------------------------------------------


def read(path: FilePath, *, options: ReadOptions | None = None, sheet: str | None = None) -> Table:
    """Look at a table file and tell what it is; its rows are read when they are asked for.

    Text files are passed once in pieces (encoding), then the first ``options.sample_rows`` rows are looked at. Memory
    does not grow with the file.

    Raises:
        NotATable: if the file is refused; ``code`` says why.
        OSError: if it cannot be opened.
    """
    path, options = Path(path), options or ReadOptions()
    kind = kind_of(path)
    if kind.value is not FileKind.TEXT:
        return _read_workbook(path, kind, options, sheet)
    if sheet is not None:
        raise NotATable("not_a_workbook")
    return _read_text(path, kind, options)


def sheets(path: FilePath) -> tuple[SheetInfo, ...]:
    """The sheets of a workbook; () for a text file.

    Raises:
        NotATable: if the file is refused.
    """
    path = Path(path)
    kind = kind_of(path).value
    return () if kind is FileKind.TEXT else workbook.open_book(path, kind).sheets


def _read_text(path: Path, kind: Guess[FileKind], options: ReadOptions) -> Table:
    findings = Findings()
    scanned = encoding.scan(path, options.encoding)
    sample = _sample(path, scanned.encoding.value)
    dialect, newline = guess_dialect(sample, scanned, options)
    _tell_bytes(scanned, findings, sample)
    signs = Signs(dialect.delimiter.value, dialect.quote.value, newline)
    source = TextSource(path, scanned.encoding.value, signs)
    first = list(islice(source.rows(), _LAYOUT_ROWS))
    if first[0][1][0].strip().strip('"').lower() == "sep=":
        findings.at("sep_line", 1)
        first = first[1:]
    layout = find_layout(_trimmed(first), options)
    told = TextSource(path, scanned.encoding.value, signs, findings.at)
    draft = _Draft(path, kind, options, findings, layout, source, told, is_workbook=False)
    return draft.table(encoding=scanned.encoding, dialect=dialect, tail=lambda: _tail(path, scanned, signs))


def _read_workbook(path: Path, kind: Guess[FileKind], options: ReadOptions, name: str | None) -> Table:
    findings = Findings()
    book = workbook.open_book(path, kind.value)
    chosen = workbook.choose_sheet(book, name)
    source = workbook.SheetSource(book, chosen.value)
    first = list(islice(source.rows(), _LAYOUT_ROWS))
    if not any(any(cells) for _, cells in first):
        raise NotATable("empty_sheet", sheet=chosen.value)
    source, first = _without_margin(source, first, findings)
    layout = find_layout(_trimmed(first), options, source.spans())
    _tell_book(book, chosen.value, findings)
    if source.uncached_formulas():
        findings.add("formula_uncached", count=source.uncached_formulas())
    draft = _Draft(path, kind, options, findings, layout, source, source, is_workbook=True)
    return draft.table(sheet=chosen, sheets=book.sheets)


def _without_margin(
    source: workbook.SheetSource, first: list[NumberedRow], findings: Findings
) -> tuple[workbook.SheetSource, list[NumberedRow]]:
    """Leave out columns to the left of the table that are empty."""
    margin = min(next(n for n, cell in enumerate(cells) if cell) for _, cells in first if any(cells))
    if not margin:
        return source, first
    findings.add("sheet_not_at_a1", letters=workbook.letters(margin))
    moved = workbook.SheetSource(source.book, source.sheet, margin)
    return moved, [(line, cells[margin:]) for line, cells in first]


def _trimmed(rows: Sequence[NumberedRow]) -> list[NumberedRow]:
    return [(line, [cell.strip(PADDING) for cell in cells]) for line, cells in rows]


def _sample(path: Path, name: str) -> str:
    """The first part of the text, up to the end of a line."""
    with path.open(encoding=name, errors=ERRORS, newline="") as file:
        text = file.read(SAMPLE)
        return text + file.readline(SAMPLE) if len(text) == SAMPLE else text


def _tail(path: Path, scanned: ByteScan, signs: Signs) -> list[NumberedRow]:
    """The last rows of a large text file with their physical lines."""
    name = scanned.encoding.value
    start = max(0, scanned.size - _TAIL) // 4 * 4
    with path.open("rb") as file:
        order = "utf-16-be" if name == "utf-16" and file.read(2) == b"\xfe\xff" else "utf-16-le"
        file.seek(start)
        text = file.read().decode(order if name == "utf-16" else name, ERRORS)
    lines = (
        text.splitlines(keepends=True)
        if not re.search("[\v\f\x1c-\x1e\x85\u2028\u2029]", text)
        else re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)
    )
    lines = lines[1:] if start else lines
    before = scanned.lines - len(lines)
    rows = TextRows(lines, signs).rows()
    return _trimmed([(before + number, cells) for number, cells in rows])


@dataclass(frozen=True)
class TextRows:
    """Lines in memory as a source."""

    lines: Sequence[str]
    signs: Signs

    def rows(self) -> Iterator[NumberedRow]:
        """Number of the line in ``lines``, from 1, and cells."""
        return split_rows(self.lines, self.signs)


def _tell_bytes(scanned: ByteScan, findings: Findings, sample: str) -> None:
    ends = scanned.line_ends
    if sum(1 for n in (ends.crlf, ends.lf, ends.cr) if n) > 1:
        findings.add("mixed_line_ends", crlf=ends.crlf, lf=ends.lf, cr=ends.cr)
    if not scanned.ends_with_newline:
        findings.add("no_final_newline", [scanned.lines])
    if scanned.undecodable:
        mixed = scanned.encoding.value.startswith("utf-8")
        code = "mixed_encoding" if mixed else "undecodable_bytes"
        lines = [scanned.first_undecodable_line] if scanned.first_undecodable_line else []
        findings.add(code, lines, count=scanned.undecodable, encoding=scanned.encoding.value)
    if sample.endswith("\x1a"):
        findings.add("dos_end", [scanned.lines])


def _tell_book(book: workbook.Book, chosen: str, findings: Findings) -> None:
    others = [sheet.name for sheet in book.sheets if sheet.visible and sheet.name != chosen]
    hidden = [sheet.name for sheet in book.sheets if not sheet.visible]
    if others:
        findings.add("more_sheets", sheets=", ".join(others))
    if hidden:
        findings.add("hidden_sheet", sheets=", ".join(hidden))
    if book.has_macros:
        findings.add("macros")


@dataclass
class _Draft:
    """What is known of a table before its rows have been looked at."""

    path: Path
    kind: Guess[FileKind]
    options: ReadOptions
    findings: Findings
    layout: Layout
    source: Source
    told: Source
    is_workbook: bool

    def table(
        self,
        *,
        encoding: Guess[str] | None = None,
        dialect: Dialect | None = None,
        sheet: Guess[str] | None = None,
        sheets: tuple[SheetInfo, ...] = (),
        tail: Callable[[], list[NumberedRow]] | None = None,
    ) -> Table:
        """Look at the rows and put the table together."""
        names = self._names()
        body = self._body(self.told, self._roughly_typed())
        profiles, seen, complete = self._profiles(body)
        marks = TableMarks.of(profiles)
        columns = tuple(
            Decision(name, profile, marks, self.options, self.findings).column()
            for name, profile in zip(names, profiles, strict=True)
        )
        final = self._body(self.source, tuple(column.type.value is not ColumnType.TEXT for column in columns))
        final.total_columns = _total_columns(columns, profiles)
        footnotes = body.footnotes if complete else self._footnotes(tail, final)
        self._tell_layout(footnotes, seen)
        self._tell_totals(final, seen)
        return Table(
            path=self.path,
            kind=self.kind,
            encoding=encoding,
            dialect=dialect,
            sheet=sheet,
            sheets=sheets,
            preamble=_lines(self.layout.preamble),
            header=self._header(),
            columns=columns,
            footnotes=_lines(footnotes),
            findings=self.findings.result(),
            rows_seen=seen,
            complete=complete,
            options=self.options,
            _body=final,
        )

    def _header(self) -> Guess[Header]:
        if self.options.column_names is None:
            return self.layout.header
        return given(Header(HeaderKind.GIVEN, self.layout.header.value.lines))

    def _names(self) -> list[Names]:
        names = list(self.options.column_names or self.layout.names)
        width = max(self.layout.width, len(names))
        if self.options.column_names is not None and len(names) != self.layout.width:
            self.findings.add("names_given", given=len(names), width=self.layout.width)
        names += [""] * (width - len(names))
        unique = _unique(names)
        self._tell_names(names, unique)
        return [Names(n, name, own) for n, (name, own) in enumerate(zip(names, unique, strict=True))]

    def _tell_names(self, names: Sequence[str], unique: Sequence[str]) -> None:
        header = self.layout.header.value
        if header.kind is HeaderKind.NONE:
            if self.options.column_names is None:
                self.findings.add("no_header")
            return
        for name, own in zip(names, unique, strict=True):
            if not name:
                self.findings.add("empty_name", header.lines[-1:], column=own)
            elif names.count(name) > 1 and name == own:
                self.findings.add("duplicate_name", header.lines[-1:], count=names.count(name), name=name)
            if len(name) > _LONG_NAME:
                self.findings.add("long_name", header.lines[-1:], column=own, length=len(name))

    def _roughly_typed(self) -> tuple[bool, ...]:
        """Which columns hold numbers or dates, from the first rows: needed to tell footnotes from rows."""
        reader = CellReader(trim=True, markers=Markers.of(self.options))
        counts = [[0, 0] for _ in range(self.layout.width)]
        for _, raw in islice((row for row in self.source.rows() if row[0] >= self.layout.data_from), 200):
            for count, cell in zip(counts, raw, strict=False):
                kind = reader.look(cell).shape.kind
                count[0] += kind is Kind.TEXT
                count[1] += kind not in (Kind.TEXT, Kind.EMPTY, Kind.TOTAL)
        return tuple(typed > words for words, typed in counts)

    def _body(self, source: Source, typed: tuple[bool, ...]) -> Body:
        pattern = self.options.total_row_pattern
        header = self.layout.header.value
        return Body(
            source=source,
            width=len(self.options.column_names or ()) or self.layout.width,
            data_from=self.layout.data_from,
            header=tuple(self.layout.names) if len(header.lines) == 1 else None,
            trim=self.options.trim,
            is_workbook=self.is_workbook,
            typed=typed,
            total_pattern=re.compile(pattern) if pattern else None,
            skip_totals=self.options.skip_total_rows,
        )

    def _profiles(self, body: Body) -> tuple[list[Profile], int, bool]:
        """Count over the rows; whether they were all of them is told by one row more."""
        body.findings, body.skip_totals, body.trim = self.findings, False, False
        reader = CellReader(self.options.trim, Markers.of(self.options))
        profiles = [Profile() for _ in range(max(self.layout.width, body.width))]
        seen, hashes = 0, set[int]()
        for row in body.rows():
            if seen == self.options.sample_rows:
                return profiles, seen, False
            seen += 1
            self._tell_duplicate(row, hashes)
            for profile, cell in zip(profiles, row.cells, strict=False):
                profile.add(row.line, reader.look(cell))
        return profiles, seen, True

    def _tell_duplicate(self, row: Row, hashes: set[int]) -> None:
        if len(hashes) < _HASHES:
            before = len(hashes)
            hashes.add(hash(tuple(row.cells)))
            if len(hashes) == before:
                self.findings.at("duplicate_row", row.line)

    def _footnotes(self, tail: Callable[[], list[NumberedRow]] | None, final: Body) -> list[NumberedRow]:
        rows = tail() if tail else []
        start = footnotes_from(rows, final.width, final.typed)
        return [(line, cells) for line, cells in rows if start is not None and line >= start and not is_blank(cells)]

    def _tell_layout(self, footnotes: Sequence[NumberedRow], seen: int) -> None:
        layout, header = self.layout, self.layout.header.value
        if layout.preamble:
            self.findings.add("preamble", [line for line, _ in layout.preamble], count=len(layout.preamble))
        if footnotes:
            self.findings.add("footnote", [line for line, _ in footnotes], count=len(footnotes))
        if len(header.lines) > 1:
            self.findings.add("header_merged", header.lines, count=len(header.lines))
        if header.lines and layout.header.confidence <= 0.6:
            self.findings.add("header_uncertain", header.lines[:1], line=header.lines[0])
        if layout.number_row:
            self.findings.at("number_row", layout.number_row)
        if not seen:
            self.findings.add("no_rows", header.lines)
        if layout.width == 1:
            self.findings.add("one_column")
        if layout.even < 0.8:
            self.findings.add("unlike_rows", percent=round(layout.even * 100), width=layout.width)

    def _tell_totals(self, final: Body, seen: int) -> None:
        """A second look at the rows seen, now that the columns that name totals are known."""
        if not final.total_columns and final.total_pattern is None:
            return
        skip, final.skip_totals = final.skip_totals, False
        for row in islice(final.rows(), seen):
            if row.total:
                self.findings.at("total_row", row.line)
        final.skip_totals = skip


def _lines(rows: Sequence[NumberedRow]) -> tuple[Line, ...]:
    return tuple(Line(number, tuple(cells)) for number, cells in rows)


def _unique(names: Sequence[str]) -> list[str]:
    """Names without doubles: the second ``Anzahl`` is ``Anzahl_2``; a column without a name is ``column_3``."""
    taken = {name for name in names if name}
    used: set[str] = set()
    unique: list[str] = []
    for n, name in enumerate(names, 1):
        own, count = name or f"column_{n}", 2
        while own in used or (own in taken and own != name):
            own, count = f"{name or f'column_{n}'}_{count}", count + 1
        used.add(own)
        unique.append(own)
    return unique


def _total_columns(columns: Sequence[Column], profiles: Sequence[Profile]) -> tuple[int, ...]:
    """Columns whose words for totals mark single rows, rather than saying the same in every row."""
    kinds = (ColumnType.TEXT, ColumnType.YEAR, ColumnType.PERIOD, ColumnType.INTEGER, ColumnType.DATE)
    return tuple(
        column.index
        for column, profile in zip(columns, profiles, strict=True)
        if column.type.value in kinds and 0 < profile.of(Kind.TOTAL) <= 0.5 * max(1, column.filled)
    )
