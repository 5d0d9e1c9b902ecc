"""Reads a CSW 2.0.2 catalogue completely, or says that it did not.

    reading = list_records(Session(config.http_policy()), CswSource("https://geodaten.example/csw"))
    for page in reading:
        for record in page.records: …
    if reading.completeness.complete: …

No count of the catalogue is trusted: it is paged by what really arrives, and complete is only what counting proves (see
`Completeness`). A page that cannot be read is asked for in halves, so that one bad record costs only itself. Whatever
happens, what was given out stays valid, and nothing but a mistake in this program ends a reading with an exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.gdi.csw_answers import CswRecord, Foreign, Found
from ckanext.mainz.harvest.gdi.csw_check import Check, check
from ckanext.mainz.harvest.gdi.csw_completeness import (
    Completeness,
    Problem,
    Unreadable,
    another_pass_may_help,
    doubt_about,
    next_size,
)
from ckanext.mainz.harvest.gdi.csw_dialogue import FAILURES, Dialogue, Failure
from ckanext.mainz.harvest.gdi.csw_requests import CswFilter, CswSource, Query
from ckanext.mainz.harvest.gdi.csw_walk import UNREADABLE, Tally, Walk

__all__ = [
    "Check",
    "Completeness",
    "CswFilter",
    "CswRecord",
    "CswSource",
    "Page",
    "Problem",
    "Reading",
    "Unreadable",
    "check",
    "list_records",
]

PASSES = 2


@dataclass(frozen=True)
class Page:
    """Records that had not come before in this reading. `number` counts pages, `position` records, both from 1."""

    number: int
    position: int
    records: tuple[CswRecord, ...]


def list_records(session: Session, source: CswSource) -> Reading:
    """The records of `source`, page by page as they are asked for. Nothing is sent before the first page is."""
    return Reading(session, source)


class Reading:
    """One reading of a catalogue: iterate over its pages once, then ask for `completeness`.

    It holds identifiers and digests, not records: some 200 bytes for each record, 400 after a second pass.
    """

    def __init__(self, session: Session, source: CswSource) -> None:
        self._source = source
        self._dialogue = Dialogue(session, source)
        self._pages = 0
        self._page = 0
        self._asked = 0
        self._given: set[str] = set()
        self._tallies: list[Tally] = []
        self._problems: list[Problem] = []
        self._unreadable: dict[str | int, Unreadable] = {}
        self._doubt: ReadableError | None = ReadableError(N_("The reading was not carried to its end."))
        self._iterator = self._read()

    def __iter__(self) -> Iterator[Page]:
        return self._iterator

    @property
    def completeness(self) -> Completeness:
        """What is known so far; before the last page was asked for, that is never complete."""
        matched = [said for tally in self._tallies for said in tally.said]
        return Completeness(
            complete=not self._doubt,
            matched=tuple(said for said, before in zip(matched, [object(), *matched], strict=False) if said != before),
            unique=len(self._given),
            pages=self._pages,
            passes=len(self._tallies),
            requests=self._dialogue.requests,
            condition=str(self._dialogue.condition or ""),
            problems=(*self._problems, *self._repetitions(), *self._last_word()),
            unreadable=tuple(one for one in self._unreadable.values() if self._is_missing(one)),
        )

    def _is_missing(self, one: Unreadable) -> bool:
        """Not what a later pass has brought; where all has come, that holds for what has no name too."""
        return one.identifier not in self._given if one.identifier else bool(self._doubt)

    def _read(self) -> Iterator[Page]:
        try:
            notes = self._dialogue.agree()
        except FAILURES as error:
            self._doubt = error
            return
        self._problems.extend(Problem(0, 0, note) for note in notes)
        size = self._source.page_size
        for _ in range(PASSES):
            walk = Walk(size)
            self._tallies.append(walk.tally)
            yield from self._pass(walk)
            self._doubt = doubt_about(self._tallies) or self._stopped(walk)
            if not self._doubt or walk.hopeless or not another_pass_may_help(walk.tally):
                return
            size = next_size(walk.tally)

    def _stopped(self, walk: Walk) -> ReadableError | None:
        """The doubt of a pass that was broken off, whatever the counts say."""
        return self._problems[-1].error if walk.hopeless else None

    def _pass(self, walk: Walk) -> Iterator[Page]:
        while not walk.over and not self._is_to_stop(walk):
            query = Query(walk.position, walk.size)
            self._asked += 1
            self._page = self._pages + 1
            try:
                found = self._dialogue.ask(query)
            except FAILURES as error:
                self._failed(walk, query, error)
            else:
                if page := self._arrived(walk, query, found):
                    yield page

    def _is_to_stop(self, walk: Walk) -> bool:
        reason = self._limit(walk.tally) or self._wrong_schema()
        if reason:
            walk.stop()
            self._tell(walk.position, reason)
        return bool(reason)

    def _limit(self, tally: Tally) -> ReadableError | None:
        if self._asked < self._source.max_pages and len(tally.names) <= self._source.max_records:
            return None
        limits = {"records": self._source.max_records, "pages": self._source.max_pages}
        return ReadableError(N_("The limit of {records} records or {pages} pages is reached."), **limits)

    def _wrong_schema(self) -> ReadableError | None:
        if self._given or len(self._unreadable) < UNREADABLE:
            return None
        return ReadableError(
            N_(
                "The catalogue gave {count} records and none of them as gmd:MD_Metadata (ISO 19139). Check the address."
            ),
            count=len(self._unreadable),
        )

    def _arrived(self, walk: Walk, query: Query, found: Found) -> Page | None:
        """The page without what had come before; None if nothing is left of it."""
        self._pages += 1
        for note in found.notes:
            self._tell(query.position, note, doubt=False)
        new = self._count(walk.tally, found)
        if doubt := walk.arrived(found, new):
            self._tell(query.position, doubt)
        fresh = {record.name: record for record in reversed(found.records) if record.name not in self._given}
        self._given.update(fresh)
        records = tuple(sorted(fresh.values(), key=lambda record: record.position))
        return Page(self._pages, query.position, records) if records else None

    def _count(self, tally: Tally, found: Found) -> int:
        """Notes what came; how many of it had not come in this pass."""
        before = tally.known
        tally.note(found)
        for record in found.records:
            tally.add(record)
        for foreign in found.foreign:
            self._leave_out(tally, foreign.identifier, foreign.position, _not_a_record(foreign))
        return tally.known - before

    def _failed(self, walk: Walk, query: Query, error: Failure) -> None:
        if doubt := walk.failed(error):
            self._tell(query.position, doubt)
        elif not walk.over and query.size == 1:
            self._skip(walk, error)

    def _skip(self, walk: Walk, error: Failure) -> None:
        position = walk.position
        identifier = self._dialogue.identifier_at(position)
        known = identifier not in walk.tally.names
        self._leave_out(walk.tally, identifier if known else "", position, error)
        if doubt := walk.skip():
            self._tell(position, doubt)

    def _leave_out(self, tally: Tally, identifier: str, position: int, reason: ReadableError) -> None:
        tally.add_unreadable(identifier)
        problem = Problem(self._page, position, reason)
        self._unreadable.setdefault(identifier or position, Unreadable(identifier, problem))

    def _tell(self, position: int, error: ReadableError, *, doubt: bool = True) -> None:
        self._problems.append(Problem(self._page, position, error, doubt))

    def _last_word(self) -> list[Problem]:
        """The doubt that remains, unless it was told where it arose."""
        if not self._doubt or any(problem.error is self._doubt for problem in self._problems):
            return []
        return [Problem(self._page, 0, self._doubt, doubt=True)]

    def _repetitions(self) -> list[Problem]:
        """One note on identifiers that came more than once, instead of one for each; none if that changes nothing."""
        repeated = set().union(*(tally.repeated for tally in self._tallies))
        differing = {name for tally in self._tallies for name, _digest in tally.others}
        counts_right = not self._doubt and len(self._tallies[-1].names) == self._tallies[-1].matched
        if not differing and (counts_right or not repeated):
            return []
        note = ReadableError(
            N_(
                "{count} identifiers came more than once, {differing} of them with different content; the first record "
                "was used. One of them is {example}."
            ),
            count=len(repeated),
            differing=len(differing),
            example=min(differing or repeated),
        )
        return [Problem(self._page, 0, note)]


def _not_a_record(foreign: Foreign) -> ReadableError:
    return ReadableError(
        N_("The record {identifier} came as {tag}, not as gmd:MD_Metadata, and was left out."),
        identifier=foreign.identifier or "?",
        tag=foreign.tag,
    )
