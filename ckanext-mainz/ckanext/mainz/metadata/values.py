"""Values of a record as they may be stored or sent: lists, JSON text of lists, single values, nothing. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]


def items(value: Any) -> list[Any]:
    """The values of a field that may hold a list, the JSON text of one, one value or nothing."""
    if isinstance(value, str) and value.startswith(("[", "{")):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return [value]
    if isinstance(value, list | tuple):
        return [one for one in value if one not in (None, "", {})]
    return [] if value in (None, "", {}) or (isinstance(value, str) and not value.strip()) else [value]


def rows(value: Any) -> list[Record]:
    """The rows of a repeating field that hold something."""
    return [row for row in items(value) if isinstance(row, Mapping) and any(text(cell) for cell in row.values())]


def text(value: Any) -> str:
    """A value as text without blanks around it; empty for nothing."""
    return "" if value is None else str(value).strip()


def short(value: Any) -> str:
    """The beginning of a value, for messages."""
    shown = str(value)
    return shown if len(shown) <= 80 else shown[:79] + "…"
