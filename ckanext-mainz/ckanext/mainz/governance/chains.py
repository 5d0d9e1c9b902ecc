"""Puts the functions of the room's parts together: several of them may chain the same function of CKAN's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

Chained = Callable[[Any, Any, dict[str, Any]], Any]
#: How CKAN marks functions that are chained.
MARKS = ("chained_action", "chained_auth_function")


def merged(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """The actions, authorisation functions or helpers of all parts by name.

    Of chained ones with the same name, that of an earlier part is the outer one. Raises ValueError where one of two
    with the same name is not chained.
    """
    found: dict[str, Any] = {}
    for part in parts:
        for name, function in part.items():
            found[name] = _around(name, found[name], function) if name in found else function
    return found


def _around(name: str, outer: Chained, inner: Chained) -> Chained:
    if not any(all(hasattr(one, mark) for one in (outer, inner)) for mark in MARKS):
        raise ValueError(f"{name} is there twice in the room of governance.")

    def both(original: Any, context: Any, data: Any) -> Any:
        return outer(partial(inner, original), context, data)

    # What CKAN has marked them with: chained, for anonymous people too, for sysadmins too
    both.__dict__.update({**inner.__dict__, **outer.__dict__})
    both.__doc__ = outer.__doc__
    return both
