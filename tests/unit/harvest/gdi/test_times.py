"""Dates of records, and those that a program computes each night."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.unit.harvest.gdi import records as r

from ckanext.mainz.harvest.gdi import fingerprint, times
from ckanext.mainz.harvest.gdi.tables import table


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        *(("2025", "2025"), ("2025-06", "2025-06"), ("2025-06-30", "2025-06-30"), ("30.06.2025", "2025-06-30")),
        *(("2025-06-30Z", "2025-06-30"), ("2025-06-30+02:00", "2025-06-30")),
        *(("2025-06-30T10:00", "2025-06-30T10:00:00"), ("2025-06-30T10:00:00Z", "2025-06-30T10:00:00Z")),
        *(("9999-12-31", ""), ("gestern", ""), ("", ""), ("2025-02-30", "")),
    ],
)
def test_moments(given: str, stored: str):
    assert times.moment(given) == stored


@pytest.mark.parametrize(("often", "days"), table("codes")["computed_days"].items())
def test_dates_that_mapbender_computes_change_nothing_from_night_to_night(often: str, days: int):
    def night(today: date) -> str:
        computed = (today - timedelta(days=days)).isoformat()
        found = r.mapped(
            dates=r.dated("2020-01-01", "creation") + r.dated(computed, "revision"),
            extents=r.period("1970-01-01", computed),
            frequency=r.frequency(often),
            today=today,
        )
        assert found.package["modified"] == "2026-03-02"
        assert "temporal_coverage" not in found.package
        return fingerprint.fingerprint(found)

    assert len({night(r.TODAY + timedelta(days=number)) for number in range(3)}) == 1


def test_a_revision_as_old_as_the_frequency_is_real_where_the_period_ends_elsewhere():
    found = r.package(dates=r.dated("2026-11-21", "revision"), frequency=r.frequency("weekly"))
    assert found["modified"] == "2026-11-21"


def test_what_may_be_computed_does_not_count_for_data_that_are_always_new():
    package = {"frequency": "http://publications.europa.eu/resource/authority/frequency/DAILY", "title": "x"}
    one = {**package, "modified": "2026-11-01", "temporal_coverage": [{"start": "2020", "end": "2026-11-01"}]}
    other = {**package, "modified": "2026-11-09", "temporal_coverage": [{"start": "2020", "end": "2026-11-09"}]}
    assert fingerprint.without_computed(one) == fingerprint.without_computed(other)
    assert one["modified"] == "2026-11-01"
    yearly = {**one, "frequency": "http://publications.europa.eu/resource/authority/frequency/ANNUAL"}
    assert fingerprint.without_computed(yearly) == yearly


def test_a_period_that_ends_before_it_begins_is_left_out():
    found = r.mapped(extents=r.period("2020-01-01", "2019-01-01"))
    assert "temporal_coverage" not in found.package
    assert r.problems(found, "temporal_coverage")


def test_a_change_that_matters_changes_the_fingerprint():
    first = fingerprint.fingerprint(r.mapped())
    assert fingerprint.fingerprint(r.mapped(abstract=r.text("abstract", "Anderes."))) != first
    assert fingerprint.fingerprint(r.mapped(dates=r.dated("2026-01-01", "revision"))) != first
    assert fingerprint.fingerprint(r.mapped(constraints="")) != first
    assert fingerprint.fingerprint(r.mapped()) == first
    assert fingerprint.likeness(r.mapped(dates="")) == fingerprint.likeness(r.mapped())
