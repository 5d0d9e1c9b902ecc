"""Solr's dates: UTC with a final Z, to the millisecond, with date math such as ``NOW-7DAYS/DAY``.

Dates are counted as milliseconds since 1970, which sort and compare as they should.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta

from ckanext.mainz.search.query.errors import ValueRefused

_DATE = re.compile(r"(?P<seconds>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d+))?Z", re.ASCII)
# Solr takes more in documents than in queries: a day, no seconds, no zone or another one.
_WRITTEN = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:T(?P<minutes>\d\d:\d\d)(?P<seconds>:\d\d)?(?:\.(?P<fraction>\d+))?(?P<zone>Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_STEP = re.compile(r"(?:(?P<sign>[+-])(?P<number>\d+)|/)(?P<unit>[A-Z]+)", re.ASCII)
_MONTHS = {"YEAR": 12, "MONTH": 1}
_LENGTHS = {
    "DAY": timedelta(days=1),
    "HOUR": timedelta(hours=1),
    "MINUTE": timedelta(minutes=1),
    "SECOND": timedelta(seconds=1),
    "MILLI": timedelta(milliseconds=1),
}
_ALIASES = {"DATE": "DAY", "MILLISECOND": "MILLI"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(text: str) -> int:
    """A date without date math, as documents hold it.

    Raises `ValueRefused`.
    """
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueRefused(f"{text!r} is not a date such as 2024-05-31T00:00:00Z")
    zone = (match["zone"] or "Z").replace("Z", "+00:00")
    try:
        moment = datetime.fromisoformat(f"{match['day']}T{match['minutes'] or '00:00'}{match['seconds'] or ''}{zone}")
    except ValueError as error:
        raise ValueRefused(f"{text!r} is not a date: {error}") from error
    return _whole(moment) + int((match["fraction"] or "0")[:3].ljust(3, "0"))


def canonical(value: int) -> str:
    """The form in which Solr gives dates: three digits of a second, or none."""
    moment = _EPOCH + timedelta(milliseconds=value)
    fraction = f".{value % 1000:03d}" if value % 1000 else ""
    return f"{moment.year:04d}-{moment:%m-%dT%H:%M:%S}{fraction}Z"


def resolve(text: str, now: datetime) -> int:
    """A date of a query, with or without date math. `now` is aware.

    Raises `ValueRefused`.
    """
    if text.startswith("NOW"):
        return _whole(_calculate(now.astimezone(UTC), text[len("NOW") :], text))
    match = _DATE.match(text)
    if match is None:
        raise ValueRefused(f"{text!r} is not a date such as 2024-05-31T00:00:00Z or NOW-7DAYS/DAY")
    start = milliseconds(match[0])
    return _whole(_calculate(_EPOCH + timedelta(milliseconds=start), text[match.end() :], text))


def _whole(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _calculate(moment: datetime, steps: str, text: str) -> datetime:
    position = 0
    while position < len(steps):
        match = _STEP.match(steps, position)
        if match is None:
            raise ValueRefused(f"{text!r} has date math that cannot be read at {steps[position:]!r}")
        try:
            moment = _step(moment, match)
        except (OverflowError, ValueError) as error:
            raise ValueRefused(f"{text!r} is out of the range of dates") from error
        position = match.end()
    return moment


def _step(moment: datetime, match: re.Match[str]) -> datetime:
    unit = _unit(match["unit"])
    if match["number"] is None:
        return _rounded(moment, unit)
    number = int(match["sign"] + match["number"])
    if unit in _MONTHS:
        return _add_months(moment, number * _MONTHS[unit])
    return moment + number * _LENGTHS[unit]


def _unit(name: str) -> str:
    singular = name.removesuffix("S")
    unit = _ALIASES.get(singular, singular)
    if unit not in _MONTHS and unit not in _LENGTHS:
        raise ValueRefused(f"{name} is not a unit of date math; those are YEAR, MONTH, DAY, HOUR, MINUTE, SECOND")
    return unit


def _rounded(moment: datetime, unit: str) -> datetime:
    if unit == "YEAR":
        moment = moment.replace(month=1, day=1)
    elif unit == "MONTH":
        moment = moment.replace(day=1)
    return moment - (moment - _EPOCH) % _LENGTHS.get(unit, _LENGTHS["DAY"])


def _add_months(moment: datetime, number: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + number, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
