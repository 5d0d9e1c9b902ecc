"""Reads all records of a CKAN into the spool, or says how far it came.

Counts are hints: some portals count what they do not show, others cap the number of records of a page or the pages.
So the next page begins behind what has arrived, until a page is empty; and complete is a reading whose number of
records is that which the portal said at the beginning and at the end. Where it says something else, a second reading
must bring the same records, and no fewer than it says to have.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.foundation.http import HttpError, Session
from ckanext.mainz.harvest.ckan.api import Api, ApiError, Failure, Record, base_of, is_for_others, is_unknown
from ckanext.mainz.harvest.ckan.settings import CkanSettings
from ckanext.mainz.harvest.dcat.fetching import patient
from ckanext.mainz.harvest.dcat.identifiers import host_of, scoped
from ckanext.mainz.harvest.dcat.reasons import reason_of
from ckanext.mainz.harvest.dcat.walking import INSTEAD, LIMIT, NOTHING, SHORT
from ckanext.mainz.harvest.kinds import Beat, Reading
from ckanext.mainz.harvest.report import Reason
from ckanext.mainz.harvest.spool import Spool

SORT = "id asc"
PASSES = 3
MOST_PAGES = 100_000
MOST_SKIPPED = 20
IDLE = 2
MOST_SHORT = 5
EMPTY = N_("The portal at {url} has no public records.")
SAME = N_("The portal sends the same records again and again, from number {start} on.")
UNSTEADY = N_("The records of the portal changed while they were read. The next run tries again.")
SKIPPED = N_("The record at place {start} could not be read: {why}")
NO_LIST = N_("{url} sends no list of records.")
NO_RECORD = N_("The record {name} could not be read: {why}")
BY_LIST = N_("The portal has no package_search; its records were read one by one.")


@dataclass
class Tally:
    """One pass: the ids that came, what the portal counted, and whether the pass came to an empty page.

    `skipped`: records that could not be read, `idle`: pages in a row without anything new, `largest`: most records of a
    page, `short`: pages with fewer, of which there is one at the end, and more where records are added meanwhile.
    """

    ids: set[str] = field(default_factory=set)
    counts: list[int] = field(default_factory=list)
    ended: bool = False
    skipped: int = 0
    idle: int = 0
    largest: int = 0
    short: int = 0

    @property
    def is_steady(self) -> bool:
        """Whether the portal counted the same all the time, and so many came."""
        return self.ended and not self.skipped and set(self.counts) == {len(self.ids)}

    @property
    def most(self) -> int:
        """What the portal counted at most."""
        return max(self.counts, default=0)


@dataclass
class Walk:
    """One reading of a portal. Records lie in the spool, by `numbers`, after `read`; `base`: where it was found."""

    session: Session
    url: str
    settings: CkanSettings
    spool: Spool
    beat: Beat
    numbers: list[int] = field(default_factory=list)
    problems: list[Reason] = field(default_factory=list)
    base: str = ""

    def __post_init__(self) -> None:
        self.session = patient(self.session, self.settings.timeout)
        self._known: set[str] = set()
        self._unreadable: set[str] = set()

    def read(self) -> Reading:
        """Reads to the end. Raises `ReadableError` where no address is that of a CKAN."""
        api, first = self._start()
        self.base = api.base
        why = self._one_by_one(api) if first is None else self._pages(api)
        if not self._known and not self._unreadable:
            why = why or Reason("empty", EMPTY, {"url": self.url})
        return Reading(why is None, why, frozenset(self._unreadable), tuple(self.problems))

    def _start(self) -> tuple[Api, Any]:
        """The first address that answers, and what it answers; None where it can only list names."""
        failed: list[ReadableError] = []
        for url in dict.fromkeys([self.url, *self.settings.addresses]):
            api = Api(self.session, base_of(url))
            try:
                found = self._first(api)
            except Failure as error:
                failed.append(error)
                continue
            if failed:
                values = {"url": url, "first": self.url, "why": str(failed[0])}
                self.problems.append(Reason("detour", INSTEAD, values))
            return api, found
        raise failed[0] if len(failed) == 1 else ReadableError(NOTHING, why=" ".join(str(one) for one in failed))

    def _first(self, api: Api) -> Any:
        try:
            return self._ask(api, 0, 1)
        except Failure as error:
            if not is_unknown(error):
                raise
        if not isinstance(api.ask("package_list"), list):
            raise ApiError(NO_LIST, 0, url=api.base)
        self.problems.append(Reason("by list", BY_LIST))
        return None

    # --- by package_search ---

    def _ask(self, api: Api, start: int, rows: int) -> tuple[list[Record], int]:
        found = api.ask("package_search", start=start, rows=rows, sort=SORT, fq=self.settings.fq)
        records = found.get("results") if isinstance(found, dict) else None
        if not isinstance(records, list):
            raise ApiError(NO_LIST, 0, url=api.base)
        count = found.get("count")
        return records, count if isinstance(count, int) else 0

    def _pages(self, api: Api) -> Reason | None:
        before: set[str] = set()
        for _pass in range(PASSES):
            tally = Tally()
            why = self._pass(api, tally)
            if why or tally.is_steady:
                return why
            if tally.skipped:
                return self.problems[-1]
            if tally.ids == before:
                missing = tally.most > len(tally.ids)
                return Reason("short", SHORT, {"total": tally.most, "count": len(tally.ids)}) if missing else None
            before = tally.ids
        return Reason("unsteady", UNSTEADY)

    def _pass(self, api: Api, tally: Tally) -> Reason | None:
        """Goes once through all pages. Why it did not come to the end."""
        start, rows = 0, self.settings.page_size
        for _page in range(MOST_PAGES):
            try:
                records, count = self._ask(api, start, rows)
            except Failure as error:
                if rows == 1:
                    if why := self._skip(tally, start, error):
                        return why
                    start += 1
                # Else the page is too large, or one record in it is broken.
                rows = self.settings.page_size if rows == 1 else max(1, rows // 4)
                continue
            if why := self._arrived(records, count, tally, rows, start):
                return why
            if tally.ended:
                return None
            start, rows = start + len(records), self.settings.page_size
        return self._limit()

    def _arrived(self, records: list[Any], count: int, tally: Tally, rows: int, start: int) -> Reason | None:
        """Takes a page in. Why no other is to be asked for."""
        tally.ended = not records
        tally.idle = 0 if self._take(records, tally, count) or tally.ended else tally.idle + 1
        tally.largest = max(tally.largest, len(records))
        tally.short += len(records) < min(rows, tally.largest)
        if tally.idle > IDLE:
            return Reason("same", SAME, {"start": start})
        if tally.short > MOST_SHORT:
            return Reason("unsteady", UNSTEADY)
        return self._limit() if len(self._known) >= self.settings.max_records else None

    def _limit(self) -> Reason:
        return Reason("limit", LIMIT, {"records": self.settings.max_records, "pages": MOST_PAGES})

    def _skip(self, tally: Tally, start: int, error: ReadableError) -> Reason | None:
        """A record that cannot be read, whoever it is: the reading is not complete, but goes on for a while."""
        tally.skipped += 1
        if tally.skipped > MOST_SKIPPED or (isinstance(error, HttpError) and error.temporary):
            return reason_of("page", error)
        self._once(Reason("skipped", SKIPPED, {"start": start, "why": str(error)}))
        return None

    def _once(self, reason: Reason) -> None:
        if reason not in self.problems:
            self.problems.append(reason)

    def _take(self, records: list[Any], tally: Tally, count: int) -> int:
        """Puts new public records into the spool; how many ids were new in this pass."""
        before = len(tally.ids)
        tally.counts.append(count)
        for one in records:
            if isinstance(one, dict) and (id := str(one.get("id") or one.get("name") or "")):
                tally.ids.add(id)
                self._keep(id, one)
        self.beat(len(self._known), count)
        return len(tally.ids) - before

    def _keep(self, id: str, record: Record) -> None:
        """What is not public at the source is not even put on disk."""
        if id not in self._known:
            self._known.add(id)
            if is_public(record):
                self.numbers.append(self.spool.add(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")))

    # --- one by one ---

    def _one_by_one(self, api: Api) -> Reason | None:
        names = self._names(api)
        for number, name in enumerate(names):
            if len(self._known) >= self.settings.max_records:
                return self._limit()
            try:
                record = api.ask("package_show", id=name)
            except Failure as error:
                if not is_for_others(error):
                    self._unreadable.add(scoped(name, host_of(api.base)))
                    self.problems.append(Reason("unreadable", NO_RECORD, {"name": name, "why": str(error)}))
                continue
            if isinstance(record, dict):
                self._keep(str(record.get("id") or name), record)
            self.beat(number + 1, len(names))
        return None

    def _names(self, api: Api) -> list[str]:
        """All names; older versions send them at once, whatever was asked for."""
        names: dict[str, None] = {}
        while True:
            found = api.ask("package_list", limit=1000, offset=len(names))
            fresh = [one for one in found if isinstance(one, str) and one not in names]
            if not fresh:
                return list(names)
            names |= dict.fromkeys(fresh)


def is_public(record: Record) -> bool:
    """Whether a record is one that everybody may see at its source."""
    private = record.get("private") in (True, "true", "True")
    return not private and record.get("state", "active") in ("active", None, "")
