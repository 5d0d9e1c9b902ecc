"""Sheets of an OpenDocument spreadsheet, read piece by piece with expat."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from xml.parsers import expat

from .kinds import ARCHIVE_ERRORS
from .model import NotATable, SheetInfo, TypedCell

_CHUNK = 256 * 1024
_MAX_COLUMNS = 16_384
_MAX_ROWS = 1_048_576
_MAX_CELLS = 30_000_000
"""Cells of a sheet: some rows of a few bytes can say that they stand for billions."""
_SPAN_ROWS = 100
_HIDDEN_SHEETS = 200

Span = tuple[int, int, int]


@dataclass
class _Cell:
    """A cell while its element is open."""

    attributes: dict[str, str]
    paragraphs: list[str] = field(default_factory=list)


@dataclass
class _State:
    """What the parser has collected."""

    wanted: str | None
    names: list[tuple[str, str]] = field(default_factory=list)
    hidden_styles: set[str] = field(default_factory=set)
    rows: list[tuple[int, int, list[str]]] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    style: str = ""
    inside: bool = False
    done: bool = False
    number: int = 1
    row_repeat: int = 1
    cells: list[str] = field(default_factory=list)
    pending: int = 0
    cell: _Cell | None = None
    in_text: int = 0
    in_note: int = 0


class OdsReader:
    """ODS."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if self._is_encrypted():
            raise NotATable("encrypted")

    def _is_encrypted(self) -> bool:
        with zipfile.ZipFile(self._path) as archive:
            if "META-INF/manifest.xml" not in archive.namelist():
                return False
            return b"encryption-data" in archive.read("META-INF/manifest.xml")

    def sheets(self) -> tuple[SheetInfo, ...]:
        """All sheets."""
        state = _State(wanted=None)
        for _ in self._parse(state):
            pass
        return tuple(SheetInfo(name, style not in state.hidden_styles) for name, style in state.names)

    def rows(self, sheet: str) -> Iterator[tuple[int, list[str]]]:
        """Rows of one sheet; rows without content are only counted."""
        state = _State(wanted=sheet)
        told = 0
        for number, repeat, cells in self._parse(state):
            if any(cells):
                told += repeat * len(cells)
                if told > _MAX_CELLS or number + repeat - 1 > _MAX_ROWS:
                    raise NotATable("broken_workbook", detail=f"more than {_MAX_CELLS} cells or {_MAX_ROWS} rows")
                for n in range(repeat):
                    yield number + n, list(cells)
            elif repeat == 1:
                yield number, [""]

    def spans(self, sheet: str) -> list[Span]:
        """Merged cells of the first rows."""
        state = _State(wanted=sheet)
        for number, _, _ in self._parse(state):
            if number > _SPAN_ROWS:
                break
        return state.spans

    def uncached_formulas(self, sheet: str) -> int:  # noqa: ARG002 - OpenDocument always stores results
        """None: OpenDocument stores the result with the formula."""
        return 0

    def _parse(self, state: _State) -> Iterator[tuple[int, int, list[str]]]:
        parser = _parser(state)
        try:
            with zipfile.ZipFile(self._path) as archive, archive.open("content.xml") as file:
                while not state.done and (chunk := file.read(_CHUNK)):
                    parser.Parse(chunk, False)
                    yield from state.rows
                    state.rows.clear()
        except (expat.ExpatError, *ARCHIVE_ERRORS) as error:
            raise NotATable("broken_workbook", detail=str(error)) from error


def _parser(state: _State) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: _start(state, _local(name), attributes)
    parser.EndElementHandler = lambda name: _end(state, _local(name))
    parser.CharacterDataHandler = lambda text: _text(state, text)
    return parser


def _local(name: str) -> str:
    """``urn:…:table:1.0 table-row`` becomes ``table:table-row``: only the vocabulary's own word counts."""
    space, _, tag = name.rpartition(" ")
    match = re.search(r":(table|office|text|style)(?::[\d.]+)?$", space)
    return f"{match.group(1)}:{tag}" if match else tag


def _start(state: _State, name: str, attributes: dict[str, str]) -> None:
    if name == "style:style":
        state.style = _get(attributes, "name")
    elif name == "style:table-properties" and _get(attributes, "display") == "false":
        state.hidden_styles.add(state.style)
    elif name == "table:table":
        _start_table(state, attributes)
    elif state.inside:
        _start_inside(state, name, attributes)


def _start_table(state: _State, attributes: dict[str, str]) -> None:
    name = _get(attributes, "name")
    if state.inside or state.in_note:
        return
    state.names.append((name, _get(attributes, "style-name")))
    state.inside = name == state.wanted


def _start_inside(state: _State, name: str, attributes: dict[str, str]) -> None:
    if name == "table:table-row":
        state.cells, state.pending = [], 0
        state.row_repeat = _count(attributes, "number-rows-repeated")
    elif name in ("table:table-cell", "table:covered-table-cell"):
        state.cell = _Cell(attributes)
    elif name == "office:annotation":
        state.in_note += 1
    elif state.cell is not None and not state.in_note:
        _start_text(state, state.cell, name, attributes)


def _start_text(state: _State, cell: _Cell, name: str, attributes: dict[str, str]) -> None:
    if name in ("text:p", "text:h"):
        state.in_text += 1
        cell.paragraphs.append("")
    elif name == "text:s":
        cell.paragraphs[-1:] = ["".join(cell.paragraphs[-1:]) + " " * min(_count(attributes, "c"), 1000)]
    elif name in ("text:tab", "text:line-break"):
        cell.paragraphs[-1:] = ["".join(cell.paragraphs[-1:]) + ("\t" if name == "text:tab" else "\n")]


def _text(state: _State, text: str) -> None:
    if state.in_text and not state.in_note and state.cell is not None:
        state.cell.paragraphs[-1] += text


def _end(state: _State, name: str) -> None:
    if not state.inside:
        return
    if name == "table:table":
        state.inside, state.done = False, True
    elif name == "office:annotation":
        state.in_note -= 1
    elif name in ("text:p", "text:h") and not state.in_note:
        state.in_text -= 1
    elif name in ("table:table-cell", "table:covered-table-cell"):
        _end_cell(state)
    elif name == "table:table-row":
        state.rows.append((state.number, state.row_repeat, state.cells or [""]))
        state.number += state.row_repeat


def _end_cell(state: _State) -> None:
    cell, state.cell = state.cell, None
    if cell is None:
        return
    repeat = _count(cell.attributes, "number-columns-repeated")
    text = _value(cell)
    if not text:
        state.pending += repeat
        return
    if len(state.cells) + state.pending + repeat > _MAX_COLUMNS:
        raise NotATable("broken_workbook", detail=f"more than {_MAX_COLUMNS} columns")
    state.cells += [""] * state.pending
    state.pending = 0
    span = _count(cell.attributes, "number-columns-spanned")
    if span > 1 and state.number <= _SPAN_ROWS:
        state.spans.append((state.number, len(state.cells), len(state.cells) + span - 1))
    state.cells += [text] * repeat


def _get(attributes: dict[str, str], name: str) -> str:
    for key, value in attributes.items():
        if key.rpartition(" ")[2] == name and "calcext" not in key:
            return value
    return ""


def _count(attributes: dict[str, str], name: str) -> int:
    value = _get(attributes, name)
    return max(1, int(value)) if value.isdigit() else 1


def _value(cell: _Cell) -> str:
    text = "\n".join(cell.paragraphs)
    kind = _get(cell.attributes, "value-type")
    if kind in ("float", "percentage", "currency"):
        return _number(cell, kind, text)
    if kind == "date":
        return _date(_get(cell.attributes, "date-value"), text)
    if kind == "boolean":
        value = _get(cell.attributes, "boolean-value") == "true"
        return TypedCell("true" if value else "false", value)
    return text or _get(cell.attributes, "string-value")


def _number(cell: _Cell, kind: str, text: str) -> str:
    try:
        number = Decimal(_get(cell.attributes, "value"))
    except InvalidOperation:
        return text
    if not number.is_finite() or re.fullmatch(r"0\d+", text):
        return text
    number = Decimal(f"{number * (100 if kind == 'percentage' else 1):.15g}")
    value = int(number) if number == number.to_integral_value() and abs(number) < 10**18 else number
    currency = {"EUR": "€"}.get(_get(cell.attributes, "currency"), _get(cell.attributes, "currency"))
    unit = "%" if kind == "percentage" else currency if kind == "currency" else ""
    return TypedCell(str(value) if isinstance(value, int) else format(value, "f"), value, unit)


def _date(value: str, text: str) -> str:
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return text
    if "T" not in value:
        return TypedCell(moment.date().isoformat(), moment.date())
    return TypedCell(moment.isoformat(" "), moment)
