"""Values of a record as they may be stored or sent: lists, JSON text of lists, single values, nothing. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]


def parsed(value: Any) -> Any:
    """The list of texts or of objects whose JSON text `value` is; all else as it came.

    A bracket alone makes no list: people type "[Entwurf] Bäume" and "[2024]", and mean these words.
    """
    if not isinstance(value, str) or not value.lstrip().startswith("["):
        return value
    found = _from_json(value)
    same_kind = isinstance(found, list) and any(all(isinstance(one, kind) for one in found) for kind in (str, dict))
    return found if same_kind else value


def _from_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def items(value: Any) -> list[Any]:
    """The values of a field that may hold a list, the JSON text of one (see `parsed`), one value or nothing."""
    found = parsed(value)
    if isinstance(found, list | tuple):
        return [one for one in found if one not in (None, "", {})]
    return [] if found in (None, {}) or not text(found) else [found]


def is_empty(value: Any) -> bool:
    """Whether a field holds nothing. A text is taken as it stands: the title "[]" is one."""
    return not (text(value) if isinstance(value, str) else items(value))


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
