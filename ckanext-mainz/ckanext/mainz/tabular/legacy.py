"""Workbooks of the old kinds (XLS, XLSB), read by python-calamine in a process of its own.

The library holds the whole rectangle of a sheet, and a damaged or hostile file can name cells so far apart that the
memory runs out, which ends the process. Here that is a child with a limit, and ending it is a clear refusal.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .model import NotATable, SheetInfo, TypedCell

MEMORY_LIMIT = 1024 * 1024 * 1024
CPU_SECONDS = 300

Span = tuple[int, int, int]

_PASSWORD = 3
_BROKEN = 4


@dataclass(frozen=True)
class LegacyReader:
    """XLS and XLSB."""

    path: Path

    def sheets(self) -> tuple[SheetInfo, ...]:
        """All sheets with cells."""
        return tuple(SheetInfo(name, visible) for name, visible in self._ask("sheets"))

    def rows(self, sheet: str) -> Iterator[tuple[int, list[str]]]:
        """Rows of one sheet."""
        for number, cells in self._ask("rows", sheet):
            yield number, [_cell(cell) for cell in cells]

    def spans(self, sheet: str) -> list[Span]:
        """Merged cells of the first rows."""
        return [(row, first, last) for row, first, last in self._ask("spans", sheet)]

    def uncached_formulas(self, sheet: str) -> int:  # noqa: ARG002 - these kinds always store results
        """None: these kinds store the result with the formula."""
        return 0

    def _ask(self, *question: str) -> Iterator[list]:
        here = Path(__file__)
        command = [sys.executable, "-I", str(here.with_name("legacy_child.py")), str(self.path), *question]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        ) as child:
            try:
                for line in child.stdout or ():
                    yield json.loads(line)
                message = child.stderr.read() if child.stderr else ""
                _check(child.wait(), message)
            finally:
                child.kill()


def _check(status: int, message: str) -> None:
    if status == _PASSWORD:
        raise NotATable("encrypted")
    if status:
        lines = message.strip().splitlines()
        detail = lines[-1][:200] if status == _BROKEN and lines else "it needs too much memory or time"
        raise NotATable("broken_workbook", detail=detail)


def _cell(cell: str | dict[str, str | bool | int]) -> str:
    if isinstance(cell, str):
        return cell
    (kind, value), *_ = cell.items()
    text = str(value)
    if kind == "bool":
        return TypedCell("true" if value else "false", bool(value))
    if kind == "date":
        return TypedCell(text, dt.date.fromisoformat(text))
    if kind == "datetime":
        return TypedCell(text.replace("T", " "), dt.datetime.fromisoformat(text))
    from .workbook import typed_cell

    return typed_cell(float(text)) if kind == "float" else typed_cell(int(text))
