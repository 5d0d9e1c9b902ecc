"""Lists as offices keep them, read from a file into rows with the numbers that people see in it.

A list may stand below a title, on any visible sheet, in any order of columns. Nothing is left out silently: what lies
below the table or in columns that nobody knows is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz import tabular
from ckanext.mainz.foundation.csv_lines import harmless
from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance.inventory import columns, words

_ = toolkit._

MOST_ROWS = 2000
LOOK = 30
"""So many rows are looked at for the header."""
TITLE = words.FIELDS["title"]
TOO_MANY = N_("The list has more than {most} rows. Divide it.")
NO_ROWS = N_("The list has no rows below its header.")
NO_TITLE = N_(
    "The list has no column “{title}”, so nobody can tell what its rows are about. Its first row must name the columns."
    " Found: {found}."
)
NOT_READ = N_("The file cannot be read as a table: {why}")


@dataclass(frozen=True)
class Line:
    """A row of a list: its number in the file, its cells as they stand there, and those that are known by field."""

    number: int
    cells: tuple[str, ...]
    given: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A list as it was read.

    `header`: the names of all columns; `columns`: field → place; `left_out`: lines below the table that are no rows.
    """

    header: tuple[str, ...]
    columns: Mapping[str, int]
    lines: tuple[Line, ...]
    name: str = ""
    left_out: tuple[tuple[int, str], ...] = ()

    @property
    def names(self) -> dict[str, str]:
        """What the list calls the fields that it has."""
        return {field: self.header[at] for field, at in self.columns.items()}

    @property
    def ignored(self) -> list[str]:
        """Columns that nobody knows."""
        known = set(self.columns.values())
        return [name for at, name in enumerate(self.header) if name and at not in known and not columns.is_added(name)]


def read(path: Path) -> Sheet:
    """The list in a file. Raises `toolkit.ValidationError` at ``upload`` for what is none."""
    try:
        return _read(path)
    except tabular.NotATable as error:
        why = _(tabular.REFUSALS[error.code]).format(**error.parameters)
        raise refused(_(NOT_READ).format(why=why)) from error


def refused(message: str) -> toolkit.ValidationError:
    """The error at the field where the file was chosen."""
    return toolkit.ValidationError({"upload": [message]})


def _read(path: Path) -> Sheet:
    visible = [one.name for one in tabular.sheets(path) if one.visible]
    seen: list[str] = []
    for sheet in visible or [None]:
        found = _headed(path, sheet, seen)
        if found is not None:
            return found
    raise refused(_(NO_TITLE).format(title=_(TITLE), found=", ".join(seen[:20]) or "–"))


def _headed(path: Path, sheet: str | None, seen: list[str]) -> Sheet | None:
    """The list on a sheet, if one of its first rows is a header; else what was found there is added to `seen`."""
    try:
        bare = tabular.read(path, options=tabular.ReadOptions(header="none"), sheet=sheet)
    except tabular.NotATable:
        if sheet is None:
            raise
        return None
    top = list(islice(bare.body(), LOOK))
    line = next((row.line for row in top if columns.is_header(row.cells)), None)
    if line is None:
        seen.extend(cell for row in top[:1] for cell in row.cells if cell)
        return None
    return _sheet(tabular.read(path, options=tabular.ReadOptions(header=line), sheet=sheet))


def _sheet(table: tabular.Table) -> Sheet:
    header = tuple(column.name for column in table.columns)
    places = columns.mapping(header)
    rows = list(islice(_filled(table), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise refused(_(TOO_MANY).format(most=MOST_ROWS))
    found = tuple(line(number, cells, places) for number, cells in rows)
    if not found:
        raise refused(_(NO_ROWS))
    below = tuple((one.number, one.text) for one in table.footnotes if not _is_row(one.cells))
    return Sheet(header, places, found, table.sheet.value if table.sheet else "", below)


def _filled(table: tabular.Table) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows of a table that hold something. What the reader takes for a footnote is a row where it has two cells."""
    yield from ((row.line, row.cells) for row in table.body() if any(row.cells))
    yield from ((one.number, one.cells) for one in table.footnotes if _is_row(one.cells))


def _is_row(cells: Iterable[str]) -> bool:
    return sum(1 for cell in cells if cell) > 1


def line(number: int, cells: Sequence[Any], places: Mapping[str, int]) -> Line:
    """A row with what is known of it."""
    texts = tuple(_text(cell) for cell in cells)
    return Line(number, texts, {field: texts[at] if at < len(texts) else "" for field, at in places.items()})


def _text(cell: Any) -> str:
    """The text of a cell, without the apostrophe by which our own files keep spreadsheets from computing it."""
    text = str(cell)
    bare = text.removeprefix("'")
    return bare if bare != text and harmless(bare) != bare else text


def of_rows(rows: Sequence[Mapping[str, Any]]) -> Sheet:
    """A list that a program gives: objects by names of fields or columns, numbered from 1."""
    header = tuple(dict.fromkeys(str(name) for row in rows for name in row))
    places = {**columns.mapping(header), **{name: at for at, name in enumerate(header) if name in words.FIELDS}}
    cells = [["" if row.get(name) is None else row[name] for name in header] for row in rows]
    return Sheet(header, places, tuple(line(number, one, places) for number, one in enumerate(cells, start=1)))
