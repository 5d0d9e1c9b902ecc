"""A program of its own, started by ``legacy.py``: prints sheets, rows or merged cells of an old workbook as JSON."""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
from collections.abc import Iterator

import python_calamine as calamine

PASSWORD, BROKEN = 3, 4
MEMORY_LIMIT = 1024 * 1024 * 1024
CPU_SECONDS = 300


def main(path: str, question: str, sheet: str = "") -> int:
    """Answer one question; the exit status tells what went wrong."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            for line in ANSWERS[question](book, sheet):
                sys.stdout.write(json.dumps(line) + "\n")
    except calamine.PasswordError:
        return PASSWORD
    except (calamine.CalamineError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return BROKEN
    return 0


def _sheets(book: calamine.CalamineWorkbook, _sheet: str) -> Iterator[list]:
    for sheet in book.sheets_metadata:
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet:
            yield [sheet.name, sheet.visible == calamine.SheetVisibleEnum.Visible]


def _rows(book: calamine.CalamineWorkbook, name: str) -> Iterator[list]:
    sheet = book.get_sheet_by_name(name)
    start = sheet.start
    if start is None:
        return
    left = [""] * start[1]
    for number, row in enumerate(sheet.to_python(skip_empty_area=True), start[0] + 1):
        cells = left + [_plain(cell) for cell in row]
        while len(cells) > 1 and cells[-1] == "":
            cells.pop()
        yield [number, cells]


def _spans(book: calamine.CalamineWorkbook, name: str) -> Iterator[list]:
    for (row, first), (_, last) in book.get_sheet_by_name(name).merged_cell_ranges or []:
        if row < 100 and last > first:
            yield [row + 1, first, last]


def _plain(cell: object) -> object:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return {"bool": cell}
    if isinstance(cell, int | float):
        return {type(cell).__name__: repr(cell)}
    if isinstance(cell, dt.datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, dt.date):
        return {"date": cell.isoformat()}
    return str(cell)


ANSWERS = {"sheets": _sheets, "rows": _rows, "spans": _spans}

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
