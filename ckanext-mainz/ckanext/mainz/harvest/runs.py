"""A run of a source, from its first request to its report: the template that all kinds of sources share.

Everything is read and compared before anything is written. So a run that stops for a person, or a source that fails
half way, has changed nothing; a run whose process is killed leaves whole records, and the next one goes on from there,
since each record is remembered in the transaction that writes it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit
from rq.timeouts import BaseTimeoutException

from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest import (
    contents,
    delivering,
    identity,
    journal,
    locks,
    merging,
    narrowing,
    records,
    safety,
)
from ckanext.mainz.harvest.kinds import Candidate, Kind, Read
from ckanext.mainz.harvest.merging import Memory, Rule
from ckanext.mainz.harvest.records import Remembered, Written
from ckanext.mainz.harvest.report import Entry, Outcome, Reason, Report
from ckanext.mainz.harvest.spool import Spool
from ckanext.mainz.search import outbox

log = logging.getLogger(__name__)
Raw = Callable[[], bytes]

TOO_LONG = N_(
    "The run took longer than the {minutes} minutes that it may. What is written stays; the next run goes on."
)
UNREADABLE = N_("The source could not be read: {why}")
BROKEN = N_("Something went wrong with this record; the log of the portal has more: {why}")
INVALID = N_("{field}: {why}")
TWICE = N_("The source lists this identifier more than once; the first one was taken.")
MOVED = N_("The source has given the record another identifier; before it was {old}.")
EDITED = N_("Here {fields} was changed by editors and stays as it is, although the source says otherwise now.")
CLOSED = N_("The record was withdrawn or deleted here and follows its source no more.")
ELSEWHERE = N_("The record is here already: another source has brought it.")
GONE = N_("The source does not list the record, in run {runs} of {limit}.")
ARCHIVED = N_("The source has not listed the record in {runs} complete runs.")
NO_LICENSE = N_("The source names no licence that the portal knows. The record waits until somebody has found out.")


@dataclass(frozen=True)
class Source:
    """A harvest source, ready to be run. `rules`: see `merging`; `owner`: id of the organisation of records that
    name none themselves; `config`: the options of its kind."""

    id: str
    url: str
    owner: str
    level: str
    config: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    limits: safety.Limits = field(default_factory=safety.Limits)
    minutes: int = 120

    @property
    def redistributes(self) -> bool:
        """Whether the portal gives the records on to others."""
        return self.config.get("redistribute", True) is not False

    def fingerprint(self, candidate: Candidate) -> str:
        """The hash of a record as this source writes it; empty where nothing is known of it."""
        return candidate.fingerprint and f"{candidate.fingerprint}{'' if self.redistributes else '-kept'}"


@dataclass(frozen=True)
class Options:
    """`dry`: nothing is written, the report says what would be; `confirmed`: a person has seen that many are missing
    and wants the run to go on."""

    dry: bool = False
    confirmed: bool = False


class TooLong(ReadableError):
    """A run has used up its time."""


def run(source: Source, kind: Kind, session: Session, options: Options | None = None) -> Report:
    """Runs a source to its end. Raises `locks.SourceBusy` while another run of it goes on."""
    chosen = options or Options()
    with locks.only_run(source.id):
        journaled = journal.begin(source.id, dry=chosen.dry)
        report = Report()
        try:
            _Running(source, kind, session, chosen, journaled, report).to_the_end()
        except TooLong as error:
            model.Session.rollback()
            report.failed = Reason("too_long", error.template, error.values)
        except ReadableError as error:
            model.Session.rollback()
            report.failed = Reason("unreadable", UNREADABLE, {"why": str(error)})
        journal.end(journaled, report)
    return report


@dataclass
class _Running:
    """The parts of one run."""

    source: Source
    kind: Kind
    session: Session
    options: Options
    journaled: journal.Run
    report: Report
    began: float = field(default_factory=time.monotonic)
    counts: bool = False

    def to_the_end(self) -> None:
        with Spool() as spool:
            read = self.kind.read(self.session, self.source.url, self.source.config, spool, self._beat)
            self.report.complete = read.reading.complete
            self.report.problems.extend(read.reading.problems)
            listing = _Listing.of(read, self.source)
            known = records.known(self.source.id)
            matches = identity.match(listing.listed, [one.as_known() for one in known.values()])
            missing = self._missing(matches, known, read)
            if self._may_go_on(known, missing, read):
                with outbox.deferred():
                    self._import(read, listing, known, matches)
                    self._take_leave(missing, known)

    def _beat(self, done: int, total: int) -> None:
        """Says that the run lives, and ends it where it has lived too long."""
        if time.monotonic() - self.began > self.source.minutes * 60:
            raise TooLong(TOO_LONG, minutes=self.source.minutes)
        journal.beat(self.journaled, done, total)

    def _missing(self, matches: identity.Matches, known: Mapping[str, Remembered], read: Read) -> list[str]:
        """Records that are current here and that the source neither lists nor names as unreadable."""
        unreadable = identity.keys(read.reading.unreadable)
        return [
            guid
            for guid in matches.missing
            if known[guid].state != records.ARCHIVED and not known[guid].keys & unreadable
        ]

    def _may_go_on(self, known: Mapping[str, Remembered], missing: list[str], read: Read) -> bool:
        self.report.gathered = len(read.numbers)
        current = sum(one.state != records.ARCHIVED for one in known.values())
        why = read.reading.why
        verdict = safety.judge(
            current,
            len(missing),
            complete=read.reading.complete,
            why=why.sentence() if why else "",
            confirmed=self.options.confirmed,
            limits=self.source.limits,
        )
        self.counts = verdict.counts
        if verdict.message is not None:
            reason = Reason(verdict.stop or "incomplete", verdict.message, dict(verdict.values))
            if verdict.stop:
                self.report.stopped = reason
            else:
                self.report.problems.append(reason)
        if verdict.stop:
            for guid in missing:
                self.report.add(Entry(guid, "", Outcome.MISSING, package_id=known[guid].package_id))
        return verdict.stop is None

    def _import(
        self, read: Read, listing: _Listing, known: Mapping[str, Remembered], matches: identity.Matches
    ) -> None:
        writer = _Writer(self.source, self.options, self.journaled, delivering.release_of(self.source.id))
        twins = self._twins(listing, matches)
        again: list[str] = []
        for place, number in enumerate(read.numbers):
            self._beat(place, len(read.numbers))
            if place in matches.twice:
                self.report.add(Entry(listing.listed[place].guid, "", Outcome.SKIPPED, (Reason("twice", TWICE),)))
                continue
            old = known.get(matches.same.get(place, ""))
            if old is not None and old.missing:
                again.append(listing.listed[place].guid)
            if old is not None and place not in matches.moved and _is_unchanged(old, listing.prints[place]):
                self._unchanged(old)
                continue
            entry = writer.one(_safely(read, number), old, twins.get(place, ""), lambda at=number: read.raw(at))
            self.report.add(entry)
        if again and not self.options.dry:
            records.found_again(self.source.id, again)
            model.Session.commit()

    def _unchanged(self, old: Remembered) -> None:
        """Nothing is written. What was refused is told again, with the same reasons."""
        if old.state == records.REFUSED:
            reasons = records.reasons(self.source.id, old.guid)
            self.report.add(Entry(old.guid, "", Outcome.FAILED, reasons, old.package_id))
        else:
            self.report.count(Outcome.UNCHANGED, 1)

    def _twins(self, listing: _Listing, matches: identity.Matches) -> dict[int, str]:
        """New records that another source has brought already: place → id of the record here."""
        keys = {key for place in matches.new for key in listing.listed[place].keys}
        found = records.elsewhere(self.source.id, keys) if keys else {}
        twins: dict[int, str] = {}
        for place in matches.new:
            here = {found[key][1] for key in listing.listed[place].keys if key in found}
            if len(here) == 1:
                twins[place] = here.pop()
        return twins

    def _take_leave(self, missing: list[str], known: Mapping[str, Remembered]) -> None:
        """Counts what is missing, and archives what has been missing for long enough."""
        if not self.counts or not missing:
            return
        runs = self._counted(missing, known)
        gone = set(safety.to_archive([(guid, runs[guid]) for guid in missing], self.source.limits))
        for guid in missing:
            values = {"runs": runs[guid], "limit": self.source.limits.runs}
            if guid in gone:
                self.report.add(self._archived(known[guid], runs[guid]))
            else:
                reasons = (Reason("gone", GONE, values),)
                self.report.add(Entry(guid, "", Outcome.MISSING, reasons, known[guid].package_id))

    def _counted(self, missing: list[str], known: Mapping[str, Remembered]) -> dict[str, int]:
        if self.options.dry:
            return {guid: known[guid].missing + 1 for guid in missing}
        counted = records.count_missing(self.source.id, missing)
        model.Session.commit()
        return counted

    def _archived(self, old: Remembered, runs: int) -> Entry:
        reason = Reason("archived", ARCHIVED, {"runs": runs})
        if not self.options.dry:
            heirs = records.others_of(self.source.id, old.package_id) if old.package_id else []
            if old.package_id and not heirs and not delivering.is_closed(old.package_id):
                delivering.archive(old.package_id, reason.sentence())
            for source_id, guid in heirs[:1]:  # another source has it too and goes on with it
                records.set_state(source_id, guid, records.CURRENT)
            records.set_state(self.source.id, old.guid, records.ARCHIVED)
            model.Session.commit()
        return Entry(old.guid, "", Outcome.ARCHIVED, (reason,), old.package_id)


def _is_unchanged(old: Remembered, fingerprint: str) -> bool:
    """What was archived while it was missing is written anew, though it says the same."""
    return old.state != records.ARCHIVED and bool(fingerprint) and old.fingerprint == fingerprint


@dataclass(frozen=True)
class _Listing:
    """What is kept in memory of all records: names and hashes, by place in the list."""

    listed: list[identity.Listed]
    prints: list[str]

    @classmethod
    def of(cls, read: Read, source: Source) -> _Listing:
        listing = cls([], [])
        for place, number in enumerate(read.numbers):
            one = _safely(read, number)
            keys = identity.keys([one.guid, *one.keys])
            listing.listed.append(identity.Listed(one.guid, keys, one.likeness, place))
            listing.prints.append(source.fingerprint(one))
        return listing


def _safely(read: Read, number: int) -> Candidate:
    """The boundary around one record: whatever is wrong with it stops no other."""
    try:
        return read.candidate(number)
    except BaseTimeoutException:  # the worker ends this job
        raise
    except Exception as error:
        log.exception("Record %d of a source cannot be mapped.", number)
        reason = Reason("broken", BROKEN, {"why": type(error).__name__})
        return Candidate(f"record-{number}", "", refused=reason)


@dataclass(frozen=True)
class _Writer:
    """Writes single records, or only says what would become of them."""

    source: Source
    options: Options
    journaled: journal.Run
    release: delivering.SourceRelease | None

    def one(self, candidate: Candidate, old: Remembered | None, twin: str, raw: Raw) -> Entry:
        """Writes one record in a transaction of its own and says what became of it."""
        try:
            entry = self._one(candidate, old, twin, raw)
        except toolkit.ValidationError as error:
            model.Session.rollback()
            entry = self._refused(candidate, old, raw, _sentences(error))
        except BaseTimeoutException:  # the worker ends this job
            raise
        except Exception as error:  # the one boundary around one record
            log.exception("The record %s cannot be written.", candidate.guid)
            model.Session.rollback()
            reasons = (Reason("broken", BROKEN, {"why": type(error).__name__}),)
            entry = self._refused(candidate, old, raw, reasons)
        model.Session.remove()
        return entry

    def _one(self, candidate: Candidate, old: Remembered | None, twin: str, raw: Raw) -> Entry:
        if candidate.package is None:
            reasons = (candidate.refused,) if candidate.refused else ()
            if candidate.skipped:
                return self._skipped(candidate, old, reasons)
            return self._refused(candidate, old, raw, reasons)
        if twin:
            return self._linked(candidate, twin)
        if old is not None and old.package_id:
            return self._changed(candidate, old, raw)
        return self._created(candidate, old, raw)

    def _skipped(self, candidate: Candidate, old: Remembered | None, reasons: tuple[Reason, ...]) -> Entry:
        """Left out by a rule of the source. What is here already stays: a rule takes nothing away."""
        package_id = old.package_id if old else ""
        return Entry(candidate.guid, candidate.title, Outcome.SKIPPED, reasons, package_id)

    def _refused(self, candidate: Candidate, old: Remembered | None, raw: Raw, reasons: tuple[Reason, ...]) -> Entry:
        """Not taken as it is; what was here before stays as it was."""
        package_id = old.package_id if old else ""
        if not self.options.dry:
            message = "; ".join(one.sentence() for one in reasons)
            journal.keep_object(self.journaled, candidate.guid, _text(raw()), package_id, Outcome.FAILED, message)
            if candidate.fingerprint:  # else nothing is known of it by which it could be told again
                memory = records.memory(self.source.id, old.guid) if old else Memory()
                self._remember(candidate, old, package_id, records.REFUSED, memory, reasons)
            model.Session.commit()
        return Entry(candidate.guid, candidate.title, Outcome.FAILED, reasons, package_id)

    def _linked(self, candidate: Candidate, package_id: str) -> Entry:
        reasons = (Reason("elsewhere", ELSEWHERE),)
        if not self.options.dry:
            self._remember(candidate, None, package_id, records.LINKED, Memory(), reasons)
            model.Session.commit()
        return Entry(candidate.guid, candidate.title, Outcome.SKIPPED, reasons, package_id)

    def _created(self, candidate: Candidate, old: Remembered | None, raw: Raw) -> Entry:
        package = self._package(candidate)
        reasons = self._reasons(candidate, old)
        if self.options.dry:
            return Entry(candidate.guid, candidate.title, Outcome.CREATED, reasons)
        note = self._noting(candidate, old, raw, package, Outcome.CREATED, reasons)
        made = delivering.create(self._target(candidate), contents.stored(_to_write(package)), note)
        return Entry(candidate.guid, candidate.title, Outcome.CREATED, reasons, made.id, made.waits)

    def _changed(self, candidate: Candidate, old: Remembered, raw: Raw) -> Entry:
        if delivering.is_closed(old.package_id):
            reasons = (Reason("closed", CLOSED),)
            return Entry(candidate.guid, candidate.title, Outcome.SKIPPED, reasons, old.package_id)
        package = self._package(candidate)
        here = delivering.proposals.released(old.package_id)
        merged = merging.merge(here, package, records.memory(self.source.id, old.guid), self.source.rules)
        edited = [Reason("edited", EDITED, {"fields": ", ".join(merged.kept)})] if merged.kept else []
        reasons = (*self._reasons(candidate, old), *edited)
        if self.options.dry:
            return Entry(candidate.guid, candidate.title, Outcome.CHANGED, reasons, old.package_id)
        note = self._noting(candidate, old, raw, package, Outcome.CHANGED, reasons)
        made = delivering.update(self._target(candidate), contents.stored(merged.package, here), note)
        return Entry(candidate.guid, candidate.title, Outcome.CHANGED, reasons, made.id, made.waits)

    def _noting(
        self,
        candidate: Candidate,
        old: Remembered | None,
        raw: Raw,
        package: Mapping[str, Any],
        outcome: Outcome,
        reasons: tuple[Reason, ...],
    ) -> delivering.Note:
        """What remembers a record in the transaction that writes it, so that no kill makes doubles."""

        def note(written: dict[str, Any]) -> None:
            journal.keep_object(self.journaled, candidate.guid, _text(raw()), str(written["id"]), outcome)
            memory = _memory(contents.without(package), written)
            self._remember(candidate, old, str(written["id"]), records.CURRENT, memory, reasons)

        return note

    def _remember(
        self,
        candidate: Candidate,
        old: Remembered | None,
        package_id: str,
        state: str,
        memory: Memory,
        reasons: tuple[Reason, ...],
    ) -> None:
        if old is not None and old.guid != candidate.guid:
            records.rename(self.source.id, old.guid, candidate.guid)
        notes = [one.as_json() for one in reasons]
        written = Written(
            candidate.guid, identity.keys([candidate.guid, *candidate.keys]), candidate.likeness,
            self.source.fingerprint(candidate), package_id, state, memory, {"reasons": notes},
        )  # fmt: skip
        records.remember(self.source.id, written)

    def _target(self, candidate: Candidate) -> delivering.Target:
        release = None if candidate.license_missing else self.release
        target = delivering.Target(self.source.id, self.source.level, release)
        return narrowing.narrowed(target, candidate.package or {})

    def _reasons(self, candidate: Candidate, old: Remembered | None) -> tuple[Reason, ...]:
        moved = [Reason("moved", MOVED, {"old": old.guid})] if old and old.guid != candidate.guid else []
        no_license = [Reason("license", NO_LICENSE)] if candidate.license_missing else []
        return (*moved, *no_license, *candidate.reasons)

    def _package(self, candidate: Candidate) -> dict[str, Any]:
        package = {**(candidate.package or {}), "source_record_id": candidate.guid}
        package["owner_org"] = package.get("owner_org") or self.source.owner
        if not self.source.redistributes:
            package["redistribute"] = False
        return package


def _to_write(package: Mapping[str, Any]) -> dict[str, Any]:
    """A new record without the source's keys of its files."""
    resources = [{name: value for name, value in one.items() if name != "source_key"} for one in package["resources"]] \
        if package.get("resources") else []  # fmt: skip
    return {**package, "resources": resources}


def _memory(package: Mapping[str, Any], written: Mapping[str, Any]) -> Memory:
    """What is to be remembered of a writing; the files stand in the order in which they were sent."""
    sent, stored = package.get("resources") or [], written.get("resources") or []
    files = {
        str(one["source_key"]): (
            str(there["id"]),
            Memory(
                {name: value for name, value in one.items() if name != "source_key"},
                merging.digests(there, merging.OURS_OF_FILES),
            ),
        )
        for one, there in zip(sent, stored, strict=False)
        if one.get("source_key")
    }
    mapped = {name: value for name, value in package.items() if name not in merging.OURS}
    return Memory(mapped, merging.digests(written), files)


def _sentences(error: toolkit.ValidationError) -> tuple[Reason, ...]:
    """Messages of CKAN, each with its field."""
    return tuple(Reason("invalid", INVALID, {"field": name, "why": why}) for name, why in _flat(error.error_dict))


def _flat(errors: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(errors, Mapping):
        return [pair for key, one in errors.items() for pair in _flat(one, f"{name}.{key}" if name else str(key))]
    if isinstance(errors, list):
        return [pair for one in errors for pair in _flat(one, name)]
    return [(name, str(errors))]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace").replace("\x00", "")
