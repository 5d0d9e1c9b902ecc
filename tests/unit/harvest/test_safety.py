"""A source that is empty, short or half read takes nothing away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.harvest.safety import Limits, Stop, judge, to_archive

USUAL = Limits()


def test_a_list_that_was_not_read_whole_counts_nothing_as_missing() -> None:
    verdict = judge(100, 3, complete=False, why="Seite 4 war leer.", limits=USUAL)
    assert (verdict.stop, verdict.counts) == (None, False)
    assert "Seite 4 war leer." in verdict.sentence()


def test_an_empty_list_stops_the_run() -> None:
    verdict = judge(3, 3, complete=True, limits=USUAL)
    assert (verdict.stop, verdict.counts) == (Stop.EMPTY, False)
    assert "had 3" in verdict.sentence()


def test_a_first_run_of_an_empty_source_is_no_alarm() -> None:
    assert judge(0, 0, complete=True, limits=USUAL).stop is None


@pytest.mark.parametrize(
    "known, missing, stops",
    [(100, 10, False), (100, 11, True), (20, 5, False), (20, 6, True), (6, 5, False), (1000, 100, False)],
)
def test_too_many_missing_ones_stop_the_run(known: int, missing: int, stops: bool) -> None:
    verdict = judge(known, missing, complete=True, limits=USUAL)
    assert (verdict.stop is Stop.TOO_MANY) is stops
    assert verdict.counts is not stops
    if stops:
        assert f"{missing} of {known}" in verdict.sentence()


def test_who_has_looked_at_the_list_can_confirm_it() -> None:
    assert judge(100, 40, complete=True, confirmed=True, limits=USUAL).counts
    assert judge(4, 4, complete=True, confirmed=True, limits=USUAL).counts


def test_confirming_does_not_make_a_half_read_list_whole() -> None:
    assert not judge(100, 40, complete=False, confirmed=True, limits=USUAL).counts


def test_what_was_missing_in_several_runs_is_archived() -> None:
    assert to_archive([("a", 1), ("b", 2), ("c", 3), ("d", 4)], USUAL) == ["c", "d"]


@given(st.integers(1, 5000), st.data())
def test_nothing_counts_unless_the_run_goes_on_and_few_are_missing(known: int, data: st.DataObject) -> None:
    missing = data.draw(st.integers(0, known))
    verdict = judge(known, missing, complete=True, limits=USUAL)
    if verdict.counts:
        assert verdict.stop is None
        assert missing < known
        assert missing <= max(USUAL.at_least, known * USUAL.share)
