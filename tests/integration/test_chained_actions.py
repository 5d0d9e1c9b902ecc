"""Chains of actions leave what CKAN knows of an action as it was."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from ckan import logic
from ckan.plugins import toolkit


def original(action: Callable[..., Any]) -> Callable[..., Any]:
    """The innermost function of a chain."""
    inner = getattr(action, "__wrapped__", action)
    while isinstance(inner, partial):
        inner = inner.args[0]
    return inner


def answers_get(action: Callable[..., Any]) -> bool:
    return bool(getattr(action, "side_effect_free", False))


@pytest.mark.usefixtures("portal")
def test_what_could_be_asked_by_get_still_can_and_nothing_else() -> None:
    toolkit.get_action("package_show")
    wrong = {
        name: answers_get(one) for name, one in logic._actions.items() if answers_get(one) != answers_get(original(one))
    }
    assert wrong == {}
