"""Lines of CSV as German spreadsheets open them: semicolons, UTF-8 with a mark in front, and nothing that they run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

MARK = "\ufeff"
"""Comes before the first line, so that spreadsheets read the file as UTF-8."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet would take for the beginning of a formula; the last four are its wide forms."""


def line(cells: Iterable[Any]) -> str:
    """A line with its end. A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerow(harmless(cell) for cell in cells)
    return buffer.getvalue()


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet computes; blanks before a formula do not hide it."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" \n").startswith(FORMULA) else cell
