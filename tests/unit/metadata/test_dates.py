"""Points in time, as exact as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.metadata import dates


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("31.12.2025", "2025-12-31"),
        ("1.2.2025", "2025-02-01"),
        ("1. 2. 2025", "2025-02-01"),
        ("2025-12-31", "2025-12-31"),
        ("2025-12", "2025-12"),
        ("12/2025", "2025-12"),
        ("12.2025", "2025-12"),
        ("2025", "2025"),
        (" 29.02.2024 ", "2024-02-29"),
        ("2025-12-31T10:00:00", "2025-12-31T10:00:00"),
        ("2025-12-31 10:00:00", "2025-12-31T10:00:00"),
        ("2025-12-31T10:00:00.120000Z", "2025-12-31T10:00:00.12Z"),
        ("2025-12-31T10:00:00+0100", "2025-12-31T10:00:00+01:00"),
        ("2025-12-31t10:00:00z", "2025-12-31T10:00:00Z"),
    ],
)
def test_a_date_is_kept_as_exact_as_it_was_written(typed: str, stored: str) -> None:
    assert dates.moment(typed) == stored
    assert dates.moment(stored) == stored


@pytest.mark.parametrize(
    "typed",
    [
        *("31.02.2025", "29.02.2025", "2025-13", "2025-02-30", "32.01.2025", "0000", "12/31/2025", "gestern", ""),
        *("20251231", "2025-1-1", "1.1.25", "٣١.١٢.٢٠٢٥", "2025-12-31T00:00", "9" * 400, "13/2025"),
        *(
            "2021-01-28 GMT 01:51:03.34919300",
            "2025-12-31T25:00:00",
            "2025-12-31T10:00:00+99:00",
            "2025-02-30T10:00:00",
        ),
    ],
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(dates.DateError):
        dates.moment(typed)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_taken_in_german_and_in_iso_form(day: date) -> None:
    assert dates.moment(f"{day:%d.%m.}{day.year}") == dates.moment(day.isoformat()) == day.isoformat()


@given(st.datetimes(min_value=datetime(1000, 1, 1)), st.booleans())
def test_every_time_means_the_same_afterwards(moment: datetime, aware: bool) -> None:
    given = moment.replace(tzinfo=UTC) if aware else moment
    assert datetime.fromisoformat(dates.moment(given.isoformat())) == given


@given(st.text())
def test_any_text_is_a_date_or_refused(text: str) -> None:
    assert not dates.is_moment(text) or dates.is_moment(dates.moment(text))


@pytest.mark.parametrize(
    ("one", "other", "before"),
    [
        ("2025", "2026", True),
        ("2025-06", "2025", False),
        ("2025", "2025-06", False),
        ("2025-05-31", "2025-06", True),
        ("2025-06-01T10:00:00Z", "2025-06-01", False),
        ("2025-06-01T09:00:00Z", "2025-06-01T10:00:00Z", True),
    ],
)
def test_the_less_exact_of_two_dates_decides_which_is_first(one: str, other: str, before: bool) -> None:
    assert dates.is_before(one, other) is before
