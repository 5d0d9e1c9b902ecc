"""The gate of the release check in front of a hand-in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def answers(_record: Mapping[str, Any], given: Any, _level: str) -> dict[str, Any]:
    """The answers of a hand-in, checked."""
    return dict(given) if isinstance(given, Mapping) else {}
