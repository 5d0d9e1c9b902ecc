"""A record is never more open than its list says, whatever holds for its source."""

from __future__ import annotations

import pytest

from ckanext.mainz.harvest.delivering import SourceRelease, Target
from ckanext.mainz.harvest.narrowing import narrowed

PUBLIC = SourceRelease("oeffentlich", frozenset({"cc-zero"}), {})


@pytest.mark.parametrize("said, asked, released", [
    ("intern", "intern", "intern"), ("partner", "partner", "partner"), ("oeffentlich", "oeffentlich", "oeffentlich"),
    ("", "oeffentlich", "oeffentlich"), ("geheim", "oeffentlich", "oeffentlich"),
])  # fmt: skip
def test_the_stricter_level_holds(said: str, asked: str, released: str) -> None:
    found = narrowed(Target("s", "oeffentlich", PUBLIC), {"visibility": said})
    assert (found.level, found.release and found.release.level) == (asked, released)


def test_a_list_opens_nothing_beyond_the_source() -> None:
    found = narrowed(Target("s", "intern", SourceRelease("intern", frozenset(), {})), {"visibility": "oeffentlich"})
    assert (found.level, found.release and found.release.level) == ("intern", "intern")


def test_without_a_release_there_is_none() -> None:
    assert narrowed(Target("s", "oeffentlich", None), {"visibility": "intern"}) == Target("s", "intern", None)
