"""Actions of several parts of the room that chain the same action."""

from __future__ import annotations

from typing import Any

import pytest
from ckan.plugins import toolkit

from ckanext.mainz.governance.chains import merged


def marking(mark: str) -> Any:
    @toolkit.chained_action
    def chained(original: Any, context: Any, data: dict[str, Any]) -> Any:
        return [mark, *original(context, data)]

    return chained


def test_two_parts_that_chain_the_same_action_are_both_asked_the_earlier_one_first():
    both = merged({"member_create": marking("outer")}, {"member_create": marking("inner")})["member_create"]
    assert both.chained_action
    assert both(lambda context, data: [context, data], "context", "data") == ["outer", "inner", "context", "data"]


def test_an_action_that_is_there_twice_is_refused():
    with pytest.raises(ValueError, match="mainz_x"):
        merged({"mainz_x": lambda context, data: 1}, {"mainz_x": marking("other")})
