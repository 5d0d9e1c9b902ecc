"""Puts the actions of the room's parts together: several of them may chain the same action of CKAN's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ckan.plugins import toolkit

Chained = Callable[[Any, Any, dict[str, Any]], Any]


def merged(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """The actions of all parts by name. Of chained ones with the same name, that of an earlier part is the outer one.

    Raises ValueError where one of two with the same name is not chained.
    """
    found: dict[str, Any] = {}
    for part in parts:
        for name, action in part.items():
            found[name] = _around(name, found[name], action) if name in found else action
    return found


def _around(name: str, outer: Chained, inner: Chained) -> Chained:
    if not all(getattr(one, "chained_action", False) for one in (outer, inner)):
        raise ValueError(f"The action {name} is there twice in the room of governance.")

    @toolkit.chained_action
    def both(original: Any, context: Any, data: dict[str, Any]) -> Any:
        return outer(partial(inner, original), context, data)

    both.__doc__ = outer.__doc__
    return both
