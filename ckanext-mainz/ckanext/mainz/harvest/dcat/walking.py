"""Reads a catalogue to its end, page by page, into the spool; or says how far it came.

Complete is a reading whose every document was parsed to its last sign, whose last page leads to no other, and that gave
as many records as the catalogue says to have. A catalogue without any record is never complete: it is broken more often
than empty. What a catalogue lists without describing it is named, so that it does not count as missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.foundation.http import BadResponse, HttpError, Session
from ckanext.mainz.foundation.xml import XmlError
from ckanext.mainz.harvest.dcat import fetching, paging, parts
from ckanext.mainz.harvest.dcat.paging import Step
from ckanext.mainz.harvest.dcat.reasons import reason_of
from ckanext.mainz.harvest.dcat.settings import DcatSettings
from ckanext.mainz.harvest.dcat.statements import SERVICE, Statements, as_bytes, value_of
from ckanext.mainz.harvest.kinds import Beat, Reading
from ckanext.mainz.harvest.report import Reason
from ckanext.mainz.harvest.spool import Spool
from ckanext.mainz.metadata.rdf import RdfError

#: What a page can fail with. Not all readable errors: a run that has used up its time says so by one, too.
FAILURES = (HttpError, RdfError, XmlError)
MOST_PAGES = 10_000
#: Pages in a row that bring nothing new, before a next one is not believed.
IDLE = 2
EMPTY = N_("The catalogue at {url} has no datasets.")
SHORT = N_("The catalogue says that it has {total} records, and {count} came.")
LOOP = N_("The page {url} leads back to one that was read already.")
IDLING = N_("Page after page brings nothing new; {url} was the last one that was read.")
LIMIT = N_("The limit of {records} records or {pages} pages is reached.")
BENT = N_("The catalogue links its pages at {url}, which is another server; they were asked for at its own address.")
INSTEAD = N_("The catalogue was read from {url}. {first} gave nothing: {why}")
NOTHING = N_("None of the addresses gave a catalogue. {why}")
NAMED_ONLY = N_(
    "The catalogue lists {count} datasets without describing them, such as {example}. They stay as they are."
)
NOT_READ = N_("A record could not be read: {why}")


@dataclass(frozen=True)
class Spooled:
    """A record in the spool: its number there, its node and its class in the graph."""

    number: int
    subject: str
    kind: str


@dataclass
class Walk:
    """One reading of a catalogue. `records` lie in the spool after `read`."""

    session: Session
    url: str
    settings: DcatSettings
    spool: Spool
    beat: Beat
    records: list[Spooled] = field(default_factory=list)
    problems: list[Reason] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session = fetching.patient(self.session, self.settings.timeout)
        self._known: set[str] = set()
        self._listed: dict[str, None] = {}
        self._unreadable: set[str] = set()
        self._total: int | None = None
        self._services = 0
        self._pages = 0

    def read(self) -> Reading:
        """Reads to the end. Raises `ReadableError` where no address gives a catalogue."""
        start = self._start()
        why = Reason("empty", EMPTY, {"url": self.url}) if not self.records else self._follow(start)
        missing = self._missing()
        why = why or self._short(len(missing))
        return Reading(
            why is None, why, unreadable=frozenset({*missing, *self._unreadable}), problems=tuple(self.problems)
        )

    # --- pages ---

    def _start(self) -> Step:
        """The first page, from the first address that gives records."""
        failed: list[ReadableError] = []
        empty = False
        for url in dict.fromkeys([self.url, *self.settings.addresses]):
            try:
                step = self._page(url)
            except FAILURES as error:
                failed.append(error)
                continue
            if self.records:
                self._tell_detour(url, failed)
                return step
            empty = True
            failed.append(ReadableError(EMPTY, url=url))
        if empty:
            return Step()
        raise failed[0] if len(failed) == 1 else ReadableError(NOTHING, why=" ".join(str(one) for one in failed))

    def _tell_detour(self, url: str, failed: list[ReadableError]) -> None:
        if failed:
            values = {"url": url, "first": self.url, "why": str(failed[0])}
            self.problems.append(Reason("detour", INSTEAD, values))

    def _follow(self, step: Step) -> Reason | None:
        """Goes on to the last page. Why it did not come so far."""
        visited: set[str] = set()
        idle = 0
        while step.next:
            if step.next in visited:
                return Reason("loop", LOOP, {"url": step.next})
            if self._pages >= MOST_PAGES or len(self.records) >= self.settings.max_records:
                return Reason("limit", LIMIT, {"records": self.settings.max_records, "pages": MOST_PAGES})
            visited.add(step.next)
            before, asked = len(self._known), step
            try:
                step = self._page(step.next)
            except FAILURES as error:
                return None if asked.guessed and _is_not_there(error) else reason_of("page", error)
            idle = 0 if len(self._known) > before else idle + 1
            if idle and asked.guessed:
                return None
            if idle > IDLE:
                return Reason("idle", IDLING, {"url": asked.next})
        return None

    def _page(self, url: str) -> Step:
        """Takes one page in, and says where it leads. Nothing of a page that cannot be parsed is taken."""
        with fetching.fetched(self.session, url) as document, Statements() as statements:
            statements.load(document)
            self._pages += 1
            self._note(document.notes)
            count = self._take(statements)
            said = paging.step(statements, document.url)
            if said.total is not None:
                self._total = max(said.total, self._total or 0)
            if said.bent:
                self._once(Reason("bent", BENT, {"url": document.url}))
            self.beat(len(self.records), self._total or 0)
            return paging.following(said, document.url, count, self.settings.paging)

    def _note(self, notes: tuple[ReadableError, ...]) -> None:
        for one in notes:
            self._once(reason_of("mended", one))

    def _once(self, reason: Reason) -> None:
        if all(reason.code != one.code for one in self.problems):
            self.problems.append(reason)

    # --- records ---

    def _take(self, statements: Statements) -> int:
        """Puts the records of a page that are new into the spool. How many records the page has."""
        count = 0
        for subject, kind in parts.records(statements):
            count += 1
            if subject not in self._known or subject.startswith("_:"):
                self._spool(statements, subject, kind)
            if len(self.records) >= self.settings.max_records:
                break
        self._listed |= dict.fromkeys(parts.missing(statements))
        return count

    def _spool(self, statements: Statements, subject: str, kind: str) -> None:
        try:
            lines = parts.part(statements, subject, kind)
        except RdfError as error:
            self._known.add(subject)
            self._unreadable.add(value_of(subject))
            self.problems.append(Reason("unreadable", NOT_READ, {"why": str(error)}))
            return
        name = as_bytes(lines).decode("utf-8", "replace") if subject.startswith("_:") else subject
        if name in self._known:
            return
        self._known.add(name)
        self._services += kind == SERVICE
        own = parts.OWN if subject.startswith("_:") else subject
        self.records.append(Spooled(self.spool.add(as_bytes(lines)), own, kind))

    # --- the end ---

    def _missing(self) -> list[str]:
        missing = [value_of(one) for one in self._listed if one not in self._known]
        named = [one for one in missing if one]
        if named:
            self.problems.append(Reason("named only", NAMED_ONLY, {"count": len(named), "example": named[0]}))
        return named

    def _short(self, missing: int) -> Reason | None:
        """Whether fewer came than the catalogue says to have. Some count data services, others do not."""
        count = len(self._known) + missing
        if self._total is None or count == self._total or count - self._services >= self._total:
            return None
        return Reason("short", SHORT, {"total": self._total, "count": count})


def _is_not_there(error: ReadableError) -> bool:
    """Whether an answer means that there is no such page."""
    return isinstance(error, BadResponse) and 400 <= error.status < 500 and error.status not in (401, 403, 408, 429)
