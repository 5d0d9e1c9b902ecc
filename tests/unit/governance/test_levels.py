"""Levels, states and the fence."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ckanext.mainz.governance import levels
from ckanext.mainz.metadata import vocabulary


def test_the_vocabularies_hold_the_levels_and_states_in_order() -> None:
    assert tuple(one.uri for one in vocabulary.terms("levels")) == levels.LEVELS
    assert tuple(one.uri for one in vocabulary.terms("lifecycles")) == levels.STATES


def test_the_kinds_of_a_level_exist_and_grow() -> None:
    kinds = {one.uri for one in vocabulary.terms("organization_kinds")}
    found = [levels.KINDS_OF_LEVEL[one] for one in levels.LEVELS[:-1]]
    assert all(one <= kinds for one in found)
    assert all(one < wider for one, wider in pairwise(found))


@pytest.mark.parametrize("state", levels.STATES)
@pytest.mark.parametrize("level", levels.LEVELS)
def test_only_what_is_released_to_everybody_is_public(level: str, state: str) -> None:
    assert levels.is_public(level, state) is (level == "oeffentlich" and state in ("freigegeben", "archiviert"))


def test_the_strictest_level_wins() -> None:
    assert levels.strictest("partner", "intern", "oeffentlich") == "intern"
    assert levels.is_stricter("verwaltung", "konzern")
    with pytest.raises(ValueError):
        levels.strictest("geheim", "intern")
