"""Points in time as people write them, in the forms that RDF knows: year, month, day, or day and time. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime

GERMAN_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\Z", re.ASCII)
GERMAN_MONTH = re.compile(r"(\d{1,2})[./](\d{4})\Z", re.ASCII)
ISO_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z", re.ASCII)
ISO_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d{1,9})?\s?(Z|[+-]\d{2}:?\d{2})?\Z", re.ASCII | re.IGNORECASE
)
MICROSECONDS = 6


class DateError(ValueError):
    """The text is no point in time."""


def moment(text: str) -> str:
    """``31.12.2025``, ``12/2025``, ``2025-12-31``, ``2025-12``, ``2025`` or ``2025-12-31T10:00:00+01:00`` in ISO form.

    A year, month and day are kept as exact as they are (xsd:gYear, xsd:gYearMonth, xsd:date), a time with its zone if
    it has one (xsd:dateTime). Raises `DateError` for all else, also for days that do not exist.
    """
    plain = text.strip()
    if match := ISO_TIME.match(plain):
        return _with_time(match)
    iso = _iso_day(plain)
    if not ISO_DAY.match(iso):
        raise DateError(text)
    try:
        date.fromisoformat((iso + "-01-01")[:10] if len(iso) < len("2025-01-01") else iso)
    except ValueError as error:
        raise DateError(text) from error
    return iso


def is_moment(text: str) -> bool:
    """Whether a text is a point in time, in any of the forms that `moment` takes."""
    try:
        moment(text)
    except DateError:
        return False
    return True


def _iso_day(plain: str) -> str:
    if match := GERMAN_DAY.match(plain):
        return f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}"
    if match := GERMAN_MONTH.match(plain):
        return f"{match[2]}-{match[1]:0>2}"
    return plain


def _with_time(match: re.Match[str]) -> str:
    day, time, fraction, zone = match.groups()
    fraction = (fraction or "")[: MICROSECONDS + 1].rstrip("0").rstrip(".")
    zone = (zone or "").upper()
    if len(zone) == len("+0100"):
        zone = f"{zone[:3]}:{zone[3:]}"
    iso = f"{day}T{time}{fraction}{zone}"
    try:
        datetime.fromisoformat(f"{day}T{time}{zone}")
    except ValueError as error:
        raise DateError(match[0]) from error
    return iso


def is_before(one: str, other: str) -> bool:
    """Whether a point in time lies before another, as far as the less exact one says. Both in ISO form."""
    shorter = min(len(one), len(other), len("2025-01-01T00:00:00"))
    return one[:shorter] < other[:shorter]
