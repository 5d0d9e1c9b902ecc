"""The schedule counts in the time of Mainz, makes up for what was missed, once, and says what it cannot read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.runtime.errors import PortalError
from ckanext.mainz.runtime.schedule import Entry, due, parse_schedule

NIGHTLY = Entry("harvest", "0 2 * * *")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_two_o_clock_is_two_o_clock_in_mainz_in_summer_and_winter():
    assert NIGHTLY.last_time(utc(2026, 7, 10, 12)) == utc(2026, 7, 10, 0)
    assert NIGHTLY.last_time(utc(2026, 1, 10, 12)) == utc(2026, 1, 10, 1)


def test_a_moment_itself_counts_as_reached():
    assert NIGHTLY.last_time(utc(2026, 1, 10, 1)) == utc(2026, 1, 10, 1)


def test_a_job_is_due_once_its_moment_has_passed_and_not_again():
    seen = {"harvest": utc(2026, 1, 9, 12)}
    assert due([NIGHTLY], seen, utc(2026, 1, 10, 0, 59)) == []
    assert due([NIGHTLY], seen, utc(2026, 1, 10, 1, 0, 5)) == [NIGHTLY]
    assert due([NIGHTLY], {"harvest": utc(2026, 1, 10, 1, 0, 5)}, utc(2026, 1, 10, 1, 0, 15)) == []


def test_what_a_week_of_downtime_missed_is_made_up_for_once():
    seen = {"harvest": utc(2026, 1, 1, 12)}
    assert due([NIGHTLY], seen, utc(2026, 1, 8, 12)) == [NIGHTLY]


def test_a_job_met_for_the_first_time_waits_for_its_moment():
    assert due([NIGHTLY], {}, utc(2026, 1, 8, 12)) == []


def test_a_moment_that_the_change_to_summer_time_skips_is_not_lost():
    """On 29 March 2026 there is no 2:30 in Mainz."""
    entry = Entry("check", "30 2 * * *")
    assert due([entry], {"check": utc(2026, 3, 28, 12)}, utc(2026, 3, 29, 3)) == [entry]


def test_what_runs_every_five_minutes_does_so_in_the_doubled_hour_too():
    entry, seen, runs = Entry("drain", "*/5 * * * *"), {"drain": utc(2026, 10, 24, 23)}, 0
    for minute in range(1, 181):
        now = utc(2026, 10, 24, 23) + timedelta(minutes=minute)
        if due([entry], seen, now):
            runs, seen = runs + 1, {"drain": now}
    assert runs == 36


def test_the_hour_that_comes_twice_in_october_runs_a_job_at_most_once_a_moment():
    """On 25 October 2026 the clocks of Mainz show 2:30 twice."""
    entry, seen, runs = Entry("check", "30 2 * * *"), {"check": utc(2026, 10, 24, 12)}, 0
    for minute in range(0, 24 * 60, 10):
        now = utc(2026, 10, 24, 12) + timedelta(minutes=minute)
        if due([entry], seen, now):
            runs, seen = runs + 1, {"check": now}
    assert runs == 1


@given(st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC)))
def test_the_last_time_is_never_in_the_future_nor_more_than_26_hours_ago(now: datetime):
    assert timedelta(0) <= now - NIGHTLY.last_time(now) <= timedelta(hours=26)


def test_lines_are_read_with_comments_and_blanks():
    text = """
    search-drain: */5 * * * *

    # every night
    harvest: 0 2 * * *
    """
    assert parse_schedule(text) == [Entry("search-drain", "*/5 * * * *"), NIGHTLY]


@pytest.mark.parametrize("line", ["harvest", "harvest: every night", ": 0 2 * * *", "harvest: 61 2 * * *"])
def test_a_line_that_makes_no_sense_is_named(line: str):
    with pytest.raises(PortalError, match=r"ckanext\.mainz\.schedule") as raised:
        parse_schedule(line)
    assert line.strip() in str(raised.value)
