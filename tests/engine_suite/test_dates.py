"""Dates: UTC to the millisecond, ranges, date math."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.engine_suite.engines import Engine, Refused, dataset


def ago(**duration: float) -> str:
    """A date before now."""
    return (datetime.now(UTC) - timedelta(**duration)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@pytest.fixture
def library(engine: Engine) -> Engine:
    """Documents of fixed dates."""
    engine.add(
        dataset("old", metadata_modified="2019-12-31T23:59:59.999Z", issued_date="2001-01-01T00:00:00Z"),
        dataset("leap", metadata_modified="2020-02-29T12:00:00Z"),
        dataset("mid", metadata_modified="2020-06-15T08:30:00.123456Z", issued_date="2010-05-05T10:00:00Z"),
        dataset("new", metadata_modified="2021-01-01T00:00:00Z"),
    )
    return engine


DATES = {
    "between two dates": ("[2020-01-01T00:00:00Z TO 2020-12-31T23:59:59Z]", "leap mid"),
    "an end is included": ("[2021-01-01T00:00:00Z TO *]", "new"),
    "an end is excluded": ("{2020-06-15T08:30:00.123Z TO 2021-01-01T00:00:00Z}", ""),
    "up to now": ("[* TO NOW]", "old leap mid new"),
    "after now": ("[NOW TO *]", ""),
    "milliseconds count": ("[2020-06-15T08:30:00.123Z TO 2020-06-15T08:30:00.123Z]", "mid"),
    "one millisecond before": ("[* TO 2019-12-31T23:59:59.998Z]", ""),
    "quoted ends": ('["2020-01-01T00:00:00Z" TO "2020-12-31T00:00:00Z"]', "leap mid"),
    "one date in quotation marks": ('"2021-01-01T00:00:00Z"', "new"),
    "one date escaped": (r"2021-01-01T00\:00\:00Z", "new"),
    "math from a date": ("[2020-02-29T12:00:00Z TO 2020-02-29T12:00:00Z+4MONTHS]", "leap mid"),
    "a year after leap day": ("[2021-02-28T12:00:00Z-1YEAR TO 2020-02-29T12:00:00Z]", "leap"),
    "rounding down to the year": ("[2020-06-15T08:30:00Z/YEAR TO *]", "leap mid new"),
    "rounding down to the month": ("[2020-06-15T09:00:00Z/MONTH TO 2020-06-15T09:00:00Z]", "mid"),
    "rounding down to the day": ("[2020-06-15T09:00:00Z/DAY TO 2020-06-15T09:00:00Z]", "mid"),
    "rounding down to the hour": ("[2020-06-15T08:59:00Z/HOUR TO *]", "mid new"),
    "steps from left to right": ("[2020-06-15T08:30:00Z/YEAR+2MONTHS TO 2020-12-31T00:00:00Z]", "mid"),
    "minutes and seconds": ("[2020-06-15T08:29:00Z+1MINUTE TO 2020-06-15T08:30:00Z+1SECOND]", "mid"),
    "any date": ("*", "old leap mid new"),
}


@pytest.mark.parametrize(("query", "expected"), DATES.values(), ids=DATES)
def test_dates(library: Engine, query: str, expected: str) -> None:
    assert library.found(f"metadata_modified:{query}") == set(expected.split())


FIELDS_OF_DATES = {
    "a range": ("issued_date:[2000-01-01T00:00:00Z TO 2005-01-01T00:00:00Z]", "old"),
    "an open range": ("issued_date:[2005-01-01T00:00:00Z TO *]", "mid"),
    "one date": ('issued_date:"2010-05-05T10:00:00Z"', "mid"),
    "any date": ("issued_date:*", "old mid"),
    "no date": ("-issued_date:[* TO *]", "leap new"),
}


@pytest.mark.parametrize(("query", "expected"), FIELDS_OF_DATES.values(), ids=FIELDS_OF_DATES)
def test_a_field_whose_name_ends_in_date_holds_a_date(library: Engine, query: str, expected: str) -> None:
    assert library.found(query) == set(expected.split())


RECENT = {
    "days": ("[NOW-3DAYS TO NOW]", "hours"),
    "one day": ("[NOW-1DAY TO *]", "hours"),
    "weeks by days": ("[NOW-30DAYS TO NOW]", "hours week"),
    "months": ("[NOW-1MONTH TO NOW]", "hours week"),
    "years": ("[NOW-2YEARS TO NOW]", "hours week year"),
    "years, rounded to the day": ("[NOW-2YEARS/DAY TO NOW/DAY+1DAY]", "hours week year"),
    "before": ("[* TO NOW-5DAYS]", "week year"),
    "hours": ("[NOW-3HOURS TO *]", "hours"),
    "minutes": ("[NOW-60MINUTES TO *]", ""),
}


@pytest.mark.parametrize(("query", "expected"), RECENT.values(), ids=RECENT)
def test_dates_from_now(engine: Engine, query: str, expected: str) -> None:
    engine.add(
        dataset("hours", metadata_modified=ago(hours=2)),
        dataset("week", metadata_modified=ago(days=7)),
        dataset("year", metadata_modified=ago(days=400)),
    )
    assert engine.found(fq=f"metadata_modified:{query}") == set(expected.split())


@pytest.mark.parametrize(
    "query",
    ["2020", "2020-01-01", "[2020 TO 2021]", "yesterday", "[NOW-3FOO TO *]", "[NOW-DAY TO *]", "2020-01-01T00:00:00Z"],
)
def test_what_is_not_a_date_is_refused(library: Engine, query: str) -> None:
    with pytest.raises(Refused):
        library.search(f"metadata_modified:{query}")


GIVEN_BACK = {
    "whole seconds": ("2024-05-31T10:20:30Z", "2024-05-31T10:20:30Z"),
    "milliseconds": ("2024-05-31T10:20:30.123Z", "2024-05-31T10:20:30.123Z"),
    "microseconds are cut": ("2024-05-31T10:20:30.123987Z", "2024-05-31T10:20:30.123Z"),
    "three digits": ("2024-05-31T10:20:30.1Z", "2024-05-31T10:20:30.100Z"),
    "no fraction of nought": ("2024-05-31T10:20:30.000000Z", "2024-05-31T10:20:30Z"),
    "a day": ("2024-05-31", "2024-05-31T00:00:00Z"),
    "without seconds": ("2024-05-31T10:20Z", "2024-05-31T10:20:00Z"),
    "without a zone": ("2024-05-31T10:20:30", "2024-05-31T10:20:30Z"),
    "in another zone": ("2024-05-31T10:20:30+02:00", "2024-05-31T08:20:30Z"),
    "before 1970": ("1815-06-18T11:30:00Z", "1815-06-18T11:30:00Z"),
}


@pytest.mark.parametrize(("sent", "given"), GIVEN_BACK.values(), ids=GIVEN_BACK)
def test_a_date_is_given_back_with_a_z(engine: Engine, sent: str, given: str) -> None:
    engine.add(dataset("a", metadata_modified=sent, some_date=sent))
    assert engine.search(fl="metadata_modified,some_date").docs == [{"metadata_modified": given, "some_date": given}]


@pytest.mark.parametrize("value", ["soon", "2024", "31.05.2024", "2024-05-31 10:00:00"])
def test_a_document_with_a_wrong_date_is_refused(engine: Engine, value: str) -> None:
    with pytest.raises(Refused):
        engine.add(dataset("a", metadata_modified=value))
