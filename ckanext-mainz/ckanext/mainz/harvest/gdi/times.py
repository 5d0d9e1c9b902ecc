"""When: ``issued``, ``modified`` and ``temporal_coverage``.

Mapbender makes the date of the last revision and the end of the period from the update frequency whenever the record is
asked for, so they move every night. Such dates are dropped: of data that are updated all the time or daily where they
are today or yesterday, of others where both are as old as the frequency says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.gdi.iso import IsoRecord
from ckanext.mainz.harvest.gdi.iso_shapes import Date, Period
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.tables import by_code
from ckanext.mainz.metadata import dates

Row = dict[str, Any]
#: A day with a time zone (xsd:date), which the zone does not change.
ZONE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:?\d{2})\Z", re.ASCII)
MINUTES = re.compile(r"(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2})(Z|[+-]\d{2}:?\d{2})?\Z", re.ASCII)
#: What stands for the end of time, and what Mapbender writes for a beginning that nobody gave.
ENDLESS, UNSET = "9999", "1970-01-01"
INDETERMINATE = frozenset({"", "now", "unknown", "after", "before", "inapplicable"})
#: Frequencies whose computed dates are recent enough to be told alone, and how far others may be off.
NEXT_DAYS, INEXACT = 1, timedelta(days=3)
DAY = len("2025-01-01")
NO_DATE = N_("“{value}” is no date and is left out.")
IN_FUTURE = N_("The date {value} lies in the future and is left out.")
REVERSED = N_("The period {value} ends before it begins and is left out.")


def issued(record: IsoRecord, today: date, notes: Notes) -> str:
    """The first date of publication, else of creation; empty without one."""
    found = (_dates(record.dates, kind, today, notes) for kind in ("publication", "creation"))
    return next((min(one) for one in found if one), "")


def modified(record: IsoRecord, today: date, notes: Notes) -> str:
    """The date of the last revision unless it is computed, else that of the metadata; empty without one."""
    revision = max(_dates(record.dates, "revision", today, notes), default="")
    if revision and not _is_computed(revision, record, today):
        return revision
    stamp = metadata_date(record)
    return "" if _is_future(stamp, today) else stamp


def periods(record: IsoRecord, today: date, notes: Notes) -> list[Row]:
    """Rows of ``temporal_coverage``, each once."""
    given = [one for extent in record.extents for one in extent.periods]
    rows = [row for one in given if (row := _period(one, record, today, notes))]
    return [row for number, row in enumerate(rows) if row not in rows[:number]]


def moment(text: str) -> str:
    """A point in time in ISO form; empty for what is none."""
    plain = text.strip()
    if match := ZONE.match(plain):
        plain = match[1]
    elif match := MINUTES.match(plain):
        plain = f"{match[1]}:00{match[2] or ''}"
    try:
        found = dates.moment(plain)
    except dates.DateError:
        return ""
    return "" if found.startswith(ENDLESS) else found


def metadata_date(record: IsoRecord) -> str:
    """When the metadata were changed last; empty where that cannot be read."""
    return moment(record.date_stamp)


def _dates(given: Iterable[Date], kind: str, today: date, notes: Notes) -> list[str]:
    """The dates of a kind that are dates and not in the future."""
    dated = [one.value for one in given if one.kind.casefold() == kind and one.value]
    return [*filter(None, (_past(one, kind, today, notes) for one in dated))]


def _past(text: str, kind: str, today: date, notes: Notes) -> str:
    value = moment(text)
    name = "modified" if kind == "revision" else "issued"
    if not value:
        notes.left_out(name, NO_DATE, text)
    elif _is_future(value, today):
        notes.left_out(name, IN_FUTURE, text)
        return ""
    return value


def _is_future(value: str, today: date) -> bool:
    return dates.is_before((today + timedelta(days=1)).isoformat(), value)


def _is_computed(value: str, record: IsoRecord, today: date) -> bool:
    """Whether a date was made from the update frequency."""
    back = by_code("computed_days").get(record.frequency.casefold())
    if back is None or len(value) < DAY:
        return False
    age = today - date.fromisoformat(value[:DAY])
    if back <= NEXT_DAYS:
        return timedelta(0) <= age <= timedelta(days=NEXT_DAYS)
    return abs(age - timedelta(days=back)) <= INEXACT and _revision_is_end(value, record)


def _revision_is_end(value: str, record: IsoRecord) -> bool:
    """Whether the last revision and the end of the period are the same day, as Mapbender makes them."""
    ends = {moment(one.end)[:DAY] for extent in record.extents for one in extent.periods}
    revisions = {moment(one.value)[:DAY] for one in record.dates if one.kind.casefold() == "revision"}
    return value[:DAY] in ends & revisions


def _period(period: Period, record: IsoRecord, today: date, notes: Notes) -> Row:
    start, end = moment(period.begin), moment(period.end)
    row = {
        "start": "" if start[:DAY] == UNSET else start,
        "end": "" if end and _is_computed(end, record, today) else end,
    }
    for text, value in ((period.begin, start), (period.end, end)):
        if not value and text.strip().casefold() not in INDETERMINATE and not text.startswith(ENDLESS):
            notes.left_out("temporal_coverage", NO_DATE, text)
    if row["start"] and row["end"] and dates.is_before(row["end"], row["start"]):
        notes.left_out("temporal_coverage", REVERSED, f"{start} – {end}")
        return {}
    return {name: value for name, value in row.items() if value}
