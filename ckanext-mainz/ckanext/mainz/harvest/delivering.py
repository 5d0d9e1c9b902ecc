"""How what a source delivers is written under the rules of the data governance.

A source is released once by the office; what it delivers later is covered by that, as long as its licence is one of
those that were released and the release check finds nothing else. Everything else waits for a decision: a new record
handed in, a change of a released record as a proposal. Nothing here opens more than that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.mainz.governance import levels, logbook, people, proposals, record, writing
from ckanext.mainz.governance.check import gate
from ckanext.mainz.governance.record import Standing
from ckanext.mainz.harvest.tables import release as releases
from ckanext.mainz.metadata.quality import assessing

Dict = dict[str, Any]
Note = Callable[[Dict], None]
"""Called with a record as it was just written, in the same transaction: what is noted stays or goes with it."""
CLOSED = (levels.ZURUECKGEZOGEN,)
"""States in which a record follows its source no more: somebody has decided so."""


@dataclass(frozen=True)
class SourceRelease:
    """The release of a source: at which level its deliveries are released, with which licences and which answers."""

    level: str
    licenses: frozenset[str]
    check: Mapping[str, Any]


@dataclass(frozen=True)
class Target:
    """Where the records of a source go: `level` is asked for where nothing is released yet."""

    source_id: str
    level: str
    release: SourceRelease | None


@dataclass(frozen=True)
class Delivered:
    """A record that was written: its id, and whether it waits for a decision."""

    id: str
    waits: bool


def release_of(source_id: str) -> SourceRelease | None:
    """The release of a source, if it has one."""
    row = model.Session.execute(sa.select(releases).where(releases.c.source_id == source_id)).mappings().first()
    return SourceRelease(row["level"], frozenset(row["licenses"]), row["check"]) if row else None


def create(target: Target, package: Mapping[str, Any], note: Note) -> Delivered:
    """Creates a record: released where the release of the source covers it, else handed in.

    Raises `toolkit.ValidationError` where it cannot be stored at all; nothing is written then.
    """
    if covers(target, package):
        try:
            return Delivered(_created(target, package, levels.FREIGEGEBEN, note), waits=False)
        except toolkit.ValidationError:
            model.Session.rollback()  # it may be stored, but not be public as it is: the office is to see why
    return Delivered(_created(target, package, levels.EINGEREICHT, note), waits=True)


def covers(target: Target, package: Mapping[str, Any]) -> bool:
    """Whether the release of the source covers a record, new or as it would become."""
    given = target.release
    if given is None or not package.get("license_id") or package["license_id"] not in given.licenses:
        return False
    return gate.is_unchanged(package, gate.Given.of(given.check), given.level)


def _created(target: Target, package: Mapping[str, Any], state: str, note: Note) -> str:
    level = target.release.level if target.release and state == levels.FREIGEGEBEN else target.level

    def saved(id: str) -> None:
        made = model.Session.get(model.Package, id)
        if made is None:
            return
        draft = replace(record.of(made), state=levels.ENTWURF, private=True)
        logbook.note(people.NOBODY, draft, "create", role="portal")
        logbook.note(people.NOBODY, draft, "submit", {"lifecycle": levels.EINGEREICHT}, role="portal")
        logbook.change(id, asked=logbook.now(), source=target.source_id)
        if state == levels.FREIGEGEBEN:
            _note_delivery(replace(draft, state=levels.EINGEREICHT), level)
        note(assessing.stored(id))

    with writing.granted(state, level, saved=saved):
        return toolkit.get_action("package_create")(_context(return_id_only=True), dict(package))


def _note_delivery(standing: Standing, level: str) -> None:
    after = {"lifecycle": levels.FREIGEGEBEN, "visibility": level}
    logbook.note(people.NOBODY, standing, "delivery", after, role="portal")
    logbook.released(standing.id, people.NOBODY, "portal", level, proposals.content_of(standing.id))


def update(target: Target, package: Mapping[str, Any], note: Note) -> Delivered:
    """Writes a record anew: at once where nothing is released or the release of the source covers it, else as a
    proposal. Raises `toolkit.ValidationError`; nothing is written then.
    """
    standing = writing.locked(str(package["id"]))
    if standing.state == levels.ARCHIVIERT and covers(target, package):
        return _written(standing, package, levels.FREIGEGEBEN, note)
    if standing.state != levels.FREIGEGEBEN:
        return _written(standing, package, standing.state, note)
    if covers(target, package) and target.release is not None and target.release.level == standing.level:
        return _written(standing, package, levels.FREIGEGEBEN, note)
    return _proposed(standing, package, note)


def _written(standing: Standing, package: Mapping[str, Any], state: str, note: Note) -> Delivered:
    def saved(id: str) -> None:
        if state == levels.FREIGEGEBEN:
            _note_delivery(standing, standing.level)
        note(assessing.stored(id))

    with writing.granted(state, standing.level, standing.shared_with, saved=saved):
        toolkit.get_action("package_update")(_context(return_id_only=True), dict(package))
    return Delivered(standing.id, waits=state == levels.EINGEREICHT)


def _proposed(standing: Standing, package: Mapping[str, Any], note: Note) -> Delivered:
    def change(context: Any) -> Any:
        with writing.granted(standing.state, standing.level, standing.shared_with):
            return toolkit.get_action("package_update")(context, dict(package))

    made, _wanted, _answer = proposals.propose(_context(defer_commit=True), standing, change)
    note(proposals.released(standing.id))
    model.Session.commit()
    return Delivered(standing.id, waits=made is not None)


def archive(package_id: str, reason: str) -> bool:
    """Archives a released record whose source has it no more, its address kept; a draft stays for its editors. Says
    whether it was archived."""
    standing = writing.locked(package_id)
    if standing.state != levels.FREIGEGEBEN:
        return False

    def saved(id: str) -> None:
        after = {"lifecycle": levels.ARCHIVIERT}
        logbook.note(people.NOBODY, standing, "archive", after, role="portal", reason="veraltet", words=reason)
        logbook.change(id, standing=None)

    whole = {name: value for name, value in proposals.released(package_id).items() if name != "metadata_modified"}
    with writing.granted(levels.ARCHIVIERT, standing.level, standing.shared_with, saved=saved):
        toolkit.get_action("package_update")(_context(), whole)
    return True


def is_closed(package_id: str) -> bool:
    """Whether a record follows its source no more: withdrawn by a decision, or deleted."""
    package = model.Session.get(model.Package, package_id)
    return package is None or package.state == model.State.DELETED or record.of(package).state in CLOSED


def _context(**more: Any) -> Any:
    return {**proposals.own_context(), **more}
