"""What the index gets of a dataset beyond CKAN's own fields."""

from __future__ import annotations

import json
from typing import Any

LISTS = ("theme",)


def with_lists(dataset: dict[str, Any]) -> dict[str, Any]:
    """Turns multiple choices, which arrive as JSON text, into lists, so that each value is a facet of its own."""
    return {**dataset, **{f"vocab_{name}": _items(dataset[name]) for name in LISTS if dataset.get(name)}}


def _items(value: Any) -> list[str]:
    items = json.loads(value) if isinstance(value, str) and value.startswith("[") else value
    return [str(item) for item in items] if isinstance(items, list) else [str(items)]
