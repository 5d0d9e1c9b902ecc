"""The scan of a table for what tells of single people: columns and cells, no language model, no network.

`scan` passes over the rows once. The first rows of a large table and every so-manieth after them are looked at closely,
the others only for what is seen at once; a count below the threshold is found in every row. Memory does not grow with
the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ckanext.mainz import tabular
from ckanext.mainz.governance.check import findings as kinds
from ckanext.mainz.governance.check.findings import Finding
from ckanext.mainz.governance.check.looking import counts
from ckanext.mainz.governance.check.looking.kinds import CERTAIN, Seen, judged, told_beside
from ckanext.mainz.governance.check.looking.marks import is_worth_a_look
from ckanext.mainz.governance.check.looking.observed import Hits, Observed
from ckanext.mainz.tabular import ColumnType, HeaderKind, Row, Table

#: Raised whenever the same file may get other findings: what was found before is then looked for anew.
VERSION = 1
SMALL_CELLS = 3
CLOSELY, AFTERWARDS = 20_000, 100
COUNTS = frozenset({ColumnType.INTEGER, ColumnType.YEAR})


@dataclass(frozen=True)
class Scanned:
    """What was found in a file. `unread` are sheets that are no tables; a person has to look at them."""

    findings: tuple[Finding, ...]
    unread: tuple[str, ...] = ()


def scan_file(path: Path, *, title: str = "", small_cells: int = SMALL_CELLS) -> Scanned:
    """Looks at a file, of a workbook at every sheet, hidden ones too: they are published with it.

    Raises `tabular.NotATable` for a file of which nothing is a table, and `OSError` for one that cannot be opened.
    """
    sheets = tabular.sheets(path)
    if not sheets:
        return Scanned(tuple(scan(tabular.read(path), title=title, small_cells=small_cells)))
    found: list[Finding] = []
    refused: dict[str, tabular.NotATable] = {}
    for sheet in sheets:
        try:
            table = tabular.read(path, sheet=sheet.name)
        except tabular.NotATable as error:
            refused[sheet.name] = error
            continue
        found += (replace(one, sheet=sheet.name) for one in scan(table, title=title, small_cells=small_cells))
    if len(refused) == len(sheets):
        raise next(iter(refused.values()))
    return Scanned(tuple(found), tuple(name for name, error in refused.items() if error.code not in EMPTY))


EMPTY = frozenset({"empty", "blank", "empty_sheet"})


def scan(table: Table, *, title: str = "", small_cells: int = SMALL_CELLS) -> list[Finding]:
    """What in a table tells of single people.

    `title` (of the record or file) helps to tell what its plain counts count; cells of counts of people from 1 up to
    below `small_cells` are findings.
    """
    columns = [Observed(column.index, column.unique_name) for column in table.columns]
    title = " ".join([title, *(line.text for line in table.preamble)])
    small = {column: Hits() for column in _counting(table, title)}
    for number, row in enumerate(_rows(table)):
        (_look if number < CLOSELY or number % AFTERWARDS == 0 else _glance)(columns, row)
        _count(small, row, small_cells)
    seen = Seen(columns, title, datetime.now(UTC).year)
    return [*judged(seen), *_beside(table), *_small(columns, small)]


def _beside(table: Table) -> Iterator[Finding]:
    """What stands above and below the table belongs to no column."""
    lines = Observed(-1, "")
    for line in (*table.preamble, *table.footnotes):
        lines.look(line.number, line.text)
    found = told_beside(lines)
    if found is not None:
        yield found


def _rows(table: Table) -> Iterator[Row]:
    """All rows. Where it is not sure that the header is one, it counts as a row too."""
    header = table.header.value
    if header.kind is HeaderKind.LABELS and table.header.confidence < 0.7 and len(header.lines) == 1:
        yield Row(header.lines[0], [column.name for column in table.columns], False)
    yield from table.body()


def _look(columns: list[Observed], row: Row) -> None:
    for column, cell in zip(columns, row.cells, strict=False):
        if cell:
            column.look(row.line, cell)


def _glance(columns: list[Observed], row: Row) -> None:
    """Most rows of a large table have nothing, which is told for all their cells at once."""
    if is_worth_a_look("\n".join(row.cells)):
        for column, cell in zip(columns, row.cells, strict=False):
            column.glance(row.line, cell)


def _counting(table: Table, title: str) -> frozenset[int]:
    names = [column.name for column in table.columns]
    integers = [column.index for column in table.columns if column.type.value in COUNTS]
    return counts.counting(names, integers, title)


def _count(small: dict[int, Hits], row: Row, threshold: int) -> None:
    for index, hits in small.items():
        if index < len(row.cells) and counts.small(row.cells[index], threshold):
            hits.add(row.line, row.cells[index].strip())


def _small(columns: list[Observed], small: dict[int, Hits]) -> Iterator[Finding]:
    for index, hits in sorted(small.items()):
        if hits.count:
            name = columns[index].name
            yield Finding(kinds.SMALL_CELLS, name, tuple(hits.rows), hits.count, tuple(hits.samples), CERTAIN)
