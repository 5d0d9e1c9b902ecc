"""Points in time as CKAN, editors and other portals write them, made into those of XML Schema."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.metadata import dates, quantities
from ckanext.mainz.metadata.rdf.nodes import XSD
from ckanext.mainz.metadata.rdf.problems import Unusable

#: By the length of a date without a time.
DATATYPES = {len("2025"): XSD.gYear, len("2025-12"): XSD.gYearMonth, len("2025-12-31"): XSD.date}
#: A zone between day and time, as in `2021-01-28 GMT 01:51:03.34919300`, and one named behind it.
NAMED_ZONE = re.compile(r"(\d{4}-\d\d-\d\d)\s+(?:GMT|UTC)\s+(.*)|(.*\d)\s*(?:GMT|UTC)", re.ASCII | re.IGNORECASE)
TIME = "T"
NO_DATE = N_("“{value}” is no date. Write it as 31.12.2025, 2025-12-31, 2025-12 or 2025.")
NO_DURATION = N_("“{value}” is no duration. Write it as P1D (a day), PT15M (15 minutes) or P1Y (a year).")


@lru_cache(maxsize=20_000)
def normalised(text: str) -> str:
    """A year, month or day in ISO form, or a moment with its offset to UTC, to the second. Raises `Unusable`.

    A moment without an offset is one in UTC, as CKAN keeps them.
    """
    plain = text.strip()
    if match := NAMED_ZONE.fullmatch(plain):
        plain = f"{match[1]}T{match[2]}" if match[1] else match[3]
    try:
        iso = dates.moment(plain)
        return _with_offset(iso) if TIME in iso else iso
    except ValueError as error:
        raise Unusable(NO_DATE) from error


def _with_offset(iso: str) -> str:
    moment = datetime.fromisoformat(iso)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat(timespec="seconds")


def datatype(text: str) -> NamedNode:
    """The type of XML Schema that a normalised date has."""
    return DATATYPES.get(len(text), XSD.dateTime)


@lru_cache(maxsize=20_000)
def literal(text: str) -> Literal:
    """The literal of a normalised date."""
    return Literal(text, datatype=datatype(text))


def duration(text: str) -> str:
    """A duration of XML Schema. Raises `Unusable`."""
    try:
        return quantities.duration(text)
    except quantities.QuantityError as error:
        raise Unusable(NO_DURATION) from error
