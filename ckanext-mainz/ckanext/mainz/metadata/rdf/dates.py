"""Points in time as CKAN, editors and other portals write them, made into those of XML Schema."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.metadata.rdf.nodes import XSD
from ckanext.mainz.metadata.rdf.problems import Unusable

FORMS = (
    (re.compile(r"\d{4}", re.ASCII), XSD.gYear, "-01-01"),
    (re.compile(r"\d{4}-\d\d", re.ASCII), XSD.gYearMonth, "-01"),
    (re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), XSD.date, ""),
)
GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
#: A day and a time, with whatever stands between: `2021-01-28 GMT 01:51:03.34919300`, `2021-01-28T01:51:03Z`.
MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:T|\s+(?:GMT\s+|UTC\s+)?)(\d\d:\d\d)(:\d\d)?(?:[.,]\d+)?\s*(Z|GMT|UTC|[+-]\d\d:?\d\d)?",
    re.ASCII | re.IGNORECASE,
)
NO_DATE = N_("“{value}” is no date. Write it as 31.12.2025, 2025-12-31, 2025-12 or 2025.")
DURATION = re.compile(r"P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?", re.ASCII)
NO_DURATION = N_("“{value}” is no duration. Write it as P1D (a day), PT15M (15 minutes) or P1Y (a year).")


@lru_cache(maxsize=20_000)
def normalised(text: str) -> str:
    """A year, month or day in ISO form, or a moment with its offset to UTC, to the second. Raises `Unusable`.

    A moment without an offset is one in UTC, as CKAN keeps them.
    """
    given = text.strip()
    german = GERMAN.fullmatch(given)
    iso = "{2}-{1:0>2}-{0:0>2}".format(*german.groups()) if german else given
    try:
        return _day(iso) or _moment(iso)
    except ValueError as error:
        raise Unusable(NO_DATE) from error


def _day(text: str) -> str:
    for form, _datatype, rest in FORMS:
        if form.fullmatch(text):
            date.fromisoformat(text + rest)
            return text
    return ""


def _moment(text: str) -> str:
    match = MOMENT.fullmatch(text)
    if not match:
        raise Unusable(NO_DATE)
    day, minutes, seconds, offset = match.groups()
    zone = "+00:00" if (offset or "Z").upper() in {"Z", "GMT", "UTC"} else offset
    moment = datetime.fromisoformat(f"{day}T{minutes}{seconds or ':00'}{zone}")
    return (moment if zone != "+00:00" else moment.astimezone(UTC)).isoformat(timespec="seconds")


def datatype(text: str) -> NamedNode:
    """The type of XML Schema that a normalised date has."""
    return next((kind for form, kind, _rest in FORMS if form.fullmatch(text)), XSD.dateTime)


@lru_cache(maxsize=20_000)
def literal(text: str) -> Literal:
    """The literal of a normalised date."""
    return Literal(text, datatype=datatype(text))


def duration(text: str) -> str:
    """A duration of XML Schema. Raises `Unusable`."""
    given = text.strip().upper()
    if not DURATION.fullmatch(given):
        raise Unusable(NO_DURATION)
    return given
