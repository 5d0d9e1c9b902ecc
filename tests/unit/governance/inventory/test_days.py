"""Days as lists write them."""

from __future__ import annotations

from datetime import date

import pytest

from ckanext.mainz.governance.inventory import reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31.12.2026", date(2026, 12, 31)),
        ("1.2.2027", date(2027, 2, 1)),
        ("31.12.26", date(2026, 12, 31)),
        ("2026-12-31", date(2026, 12, 31)),
        ("2026-12-31 00:00:00", date(2026, 12, 31)),
        ("12/2026", date(2026, 12, 1)),
        ("2026-12", date(2026, 12, 1)),
    ],
)
def test_a_day_is_read_in_the_forms_that_people_use(text: str, expected: date) -> None:
    assert reading.day(text) == expected


@pytest.mark.parametrize("text", ["bald", "2026", "31.02.2026", "46387", "31.12.1900", "31.12.9999", "12.2026.1"])
def test_what_is_no_day_near_our_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        reading.day(text)
