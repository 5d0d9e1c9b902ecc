"""Puts the functions of the room's parts together: several of them may chain the same function of CKAN's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ckan.authz import get_local_functions
from ckan.logic.action import get
from ckan.plugins import toolkit

Chained = Callable[[Any, Any, dict[str, Any]], Any]
#: How CKAN marks functions that are chained.
MARKS = ("chained_action", "chained_auth_function")
#: Actions of extensions that change nothing; of CKAN's own, these are all of ``ckan.logic.action.get``.
READS = frozenset(
    {
        "datastore_info",
        "datastore_search",
        "file_owner_scan",
        "mainz_dictionary_propose",
        "mainz_dictionary_show",
        "mainz_quality_show",
    }
)


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


def answering_get(actions: Mapping[str, Any]) -> Mapping[str, Any]:
    """Marks what only reads: CKAN takes the mark from the outermost function of a chain, not from its own within it.

    Without it, an action can no longer be asked by GET, as most clients do.
    """
    reads = READS | {name for name, _function in get_local_functions(get)}
    for name in actions.keys() & reads:
        toolkit.side_effect_free(actions[name])
    return actions
