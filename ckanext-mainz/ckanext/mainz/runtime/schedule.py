"""The nightly schedule as data: which jobs are due, in the local time of Mainz. Pure: no clock, no file, no Redis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from croniter import croniter

from ckanext.mainz.runtime.errors import PortalError

ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Entry:
    """One line `name: cron expression` of the option `ckanext.mainz.schedule`."""

    name: str
    cron: str

    def last_time(self, now: datetime) -> datetime:
        """The latest moment not after `now` that the expression means, in UTC.

        Counted by the clock on the wall: a moment in the hour that comes twice in October is the first of the two,
        one in the hour that March leaves out is at its start. What runs every hour runs by true time.
        """
        if self.cron.split()[1] == "*":
            return _latest(self.cron, now.astimezone(UTC))
        wall = _latest(self.cron, now.astimezone(ZONE).replace(tzinfo=None))
        return min(wall.replace(tzinfo=ZONE, fold=fold).astimezone(UTC) for fold in (0, 1))


def _latest(cron: str, now: datetime) -> datetime:
    return croniter(cron, now + timedelta(seconds=1) - timedelta(microseconds=now.microsecond)).get_prev(datetime)


def parse_schedule(text: str) -> list[Entry]:
    """The entries of the option's value, one a line. Raises PortalError naming the line that makes no sense."""
    return [_entry(line.strip()) for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


def _entry(line: str) -> Entry:
    name, separator, cron = (part.strip() for part in line.partition(":"))
    if not separator or not name or not croniter.is_valid(cron):
        raise PortalError(
            f"ckanext.mainz.schedule: {line!r} is not a line `name: minute hour day month weekday`; correct it there."
        )
    return Entry(name, cron)


def due(entries: Iterable[Entry], seen: Mapping[str, datetime], now: datetime) -> list[Entry]:
    """Entries whose latest moment lies after they were last seen to; one missed while the portal was down counts once.

    `seen` maps names to the last time the entry was handled, or first met; a name that is not in it is not due.
    """
    return [entry for entry in entries if entry.name in seen and entry.last_time(now) > seen[entry.name]]
