"""Dates and date math."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.search.query.dates import canonical, milliseconds, resolve
from ckanext.mainz.search.query.errors import ValueRefused

NOW = datetime(2024, 3, 31, 12, 34, 56, 789_123, tzinfo=UTC)

MATH = {
    "NOW": "2024-03-31T12:34:56.789Z",
    "NOW/SECOND": "2024-03-31T12:34:56Z",
    "NOW/MINUTE": "2024-03-31T12:34:00Z",
    "NOW/HOUR": "2024-03-31T12:00:00Z",
    "NOW/DAY": "2024-03-31T00:00:00Z",
    "NOW/DATE": "2024-03-31T00:00:00Z",
    "NOW/MONTH": "2024-03-01T00:00:00Z",
    "NOW/YEAR": "2024-01-01T00:00:00Z",
    "NOW-1MONTH": "2024-02-29T12:34:56.789Z",
    "NOW-13MONTHS/DAY": "2023-02-28T00:00:00Z",
    "NOW+11MONTHS/MONTH": "2025-02-01T00:00:00Z",
    "NOW-1YEAR": "2023-03-31T12:34:56.789Z",
    "NOW-7DAYS/DAY": "2024-03-24T00:00:00Z",
    "NOW/DAY+1DAY-1MILLI": "2024-03-31T23:59:59.999Z",
    "NOW-90MINUTES/HOUR": "2024-03-31T11:00:00Z",
    "2024-02-29T00:00:00Z+1YEAR": "2025-02-28T00:00:00Z",
    "2024-02-29T00:00:00.5Z-1SECOND": "2024-02-28T23:59:59.500Z",
    "1969-12-31T23:59:59.999Z/DAY": "1969-12-31T00:00:00Z",
}


@pytest.mark.parametrize(("text", "expected"), MATH.items())
def test_math(text: str, expected: str) -> None:
    assert canonical(resolve(text, NOW)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "NOW+",
        "NOW-1",
        "NOW+1WEEK",
        "NOW/",
        "NOW 1DAY",
        "NOW+9999999YEARS",
        "NOW-99999999999999DAYS",
        "2024",
        "x",
    ],
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused):
        resolve(text, NOW)


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)))
def test_a_date_is_the_same_to_the_millisecond_after_writing(moment: datetime) -> None:
    text = moment.strftime(f"{moment.year:04d}-%m-%dT%H:%M:%S.%fZ")
    value = milliseconds(text)
    assert value == (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert milliseconds(canonical(value)) == value


@given(st.text(alphabet="0123456789-+:.TZNOWDAYSMONTHYER/ ", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value = resolve(text, NOW)
    except ValueRefused:
        return
    assert isinstance(value, int)
