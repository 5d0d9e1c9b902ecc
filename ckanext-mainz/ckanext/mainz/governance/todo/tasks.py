"""What a person has to do, by what they may do. Read from the database, so that it is right also while the search lags.

Each task is about a record that the person reads; so no list and no mail holds anything of a level that they lack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit
from flask_babel import get_locale

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import levels, logbook, people, proposals, readers, record, tables, telling, transitions
from ckanext.mainz.governance.people import Person
from ckanext.mainz.governance.proposals import Proposal
from ckanext.mainz.governance.record import Standing
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.quality import links

_ = toolkit._

DECIDE, DECIDE_CHANGE, RETURNED, FINISH, HAND_IN = "decide", "decide_change", "returned", "finish", "hand_in"
CHANGE_RETURNED, OVERDUE, DEAD_LINK, INVENTORY = "change_returned", "overdue", "dead_link", "inventory"
KINDS = {
    DECIDE: N_("To decide: handed in"),
    DECIDE_CHANGE: N_("To decide: changes"),
    RETURNED: N_("Returned to you"),
    CHANGE_RETURNED: N_("Your changes that were returned"),
    FINISH: N_("Forms to finish"),
    HAND_IN: N_("Drafts to hand in"),
    OVERDUE: N_("Updates that are overdue"),
    DEAD_LINK: N_("Links that do not answer"),
    INVENTORY: N_("Inventory: to be looked at again"),
}
"""All kinds of tasks with their headings, in the order in which they are listed."""
GRACE = 1.25
"""An update is overdue when this many times its period has passed."""
REMEMBERED = timedelta(days=30)


@dataclass(frozen=True)
class Task:
    """One thing to do. `words` say what in a sentence; `page` is the name of the page where it is done."""

    kind: str
    record_id: str
    name: str
    title: str
    organization: str
    since: datetime | None
    words: str
    proposal: str = ""

    @property
    def heading(self) -> str:
        return _(KINDS[self.kind])

    @property
    def key(self) -> str:
        """What makes it the same task as yesterday."""
        return f"{self.kind} {self.proposal or self.record_id}"


@dataclass(frozen=True)
class _Row:
    """A governed record as the lists need it."""

    standing: Standing
    title: str
    creator: str
    changed: datetime
    frequency: str


def of(person: Person) -> list[Task]:
    """Everything that a person has to do now, in the order of `KINDS` and, within, the oldest first."""
    if not person.id:
        return []
    found = [*_decisions(person), *_own(person), *_own_changes(person), *_inventory(person)]
    order = list(KINDS)
    oldest = datetime.min.replace(tzinfo=UTC)
    return sorted(found, key=lambda one: (order.index(one.kind), one.since or oldest, one.title))


def _decisions(person: Person) -> Iterator[Task]:
    for row in _rows(_state_is(levels.EINGEREICHT)):
        if not transitions.decides(person, row.standing, row.standing.level):
            continue
        if row.standing.level == levels.OEFFENTLICH and transitions.own_part(person, row.standing.id):
            continue
        asked = logbook.row(row.standing.id).get("asked")
        yield _task(DECIDE, row, asked, _("Asked for: {level}.").format(level=level_label(row.standing.level)))
    for proposal, standing in telling.decidable(person):
        if transitions.own_proposal(person, proposal, proposal.level or standing.level):
            continue
        for row in _rows(model.package_table.c.id == standing.id):
            yield _task(DECIDE_CHANGE, row, proposal.created, _("A change waits for the decision."), proposal.id)


def _own(person: Person) -> Iterator[Task]:
    """Drafts, and released records that need care, of the organisations that the person edits."""
    edited = [one for one in people.organizations() if person.edits(one)]
    if not edited:
        return
    dead, begun = {one.url for one in links.broken()}, proposals.promotions_begun()
    for row in _rows(model.package_table.c.owner_org.in_(edited)):
        if row.standing.form_open:
            if row.creator == person.id:
                yield _task(FINISH, row, row.changed, _("The form is not finished."))
        elif row.standing.state == levels.ENTWURF:
            yield from _draft(person, row)
        elif row.standing.state == levels.FREIGEGEBEN:
            yield from _care(row, dead)
        elif row.standing.state == levels.INVENTAR and row.standing.id in begun:
            yield _promotion(row, begun[row.standing.id])


def _draft(person: Person, row: _Row) -> Iterator[Task]:
    returned = _returned(row)
    if returned is not None:
        yield returned
    elif person.id in (row.creator, *logbook.contributors(row.standing.id)):
        yield _task(HAND_IN, row, row.changed, _("The draft is not handed in yet."))


def _promotion(row: _Row, begun: Proposal) -> Task:
    """A dataset that is made of an entry belongs to nobody alone: everybody who edits the entry goes on with it."""
    words = _("A dataset is being made of this entry and is not handed in yet.")
    return _returned(row) or _task(HAND_IN, row, begun.created, words)


def _returned(row: _Row) -> Task | None:
    returned = logbook.row(row.standing.id).get("returned")
    if not returned:
        return None
    words = _why(returned.get("reason"), returned.get("note"))
    return _task(RETURNED, row, datetime.fromisoformat(returned["at"]), words)


def _care(row: _Row, dead: set[str]) -> Iterator[Task]:
    term = vocabulary.find("frequencies", row.frequency)
    if term is not None and term.days and datetime.now(UTC) - row.changed > timedelta(days=term.days * GRACE):
        words = _("To be updated: {frequency}.").format(frequency=term.label(_language()))
        yield _task(OVERDUE, row, row.changed, words)
    if dead:
        wanted = sa.select(model.resource_table.c.url).where(
            model.resource_table.c.package_id == row.standing.id, model.resource_table.c.state == model.State.ACTIVE
        )
        broken = sorted(dead.intersection(model.Session.execute(wanted).scalars()))
        if broken:
            yield _task(DEAD_LINK, row, None, _("No answer: {url}").format(url=broken[0]))


def _own_changes(person: Person) -> Iterator[Task]:
    table = tables.proposal.c
    since = datetime.now(UTC) - REMEMBERED
    returned = sa.select(table.id).where(
        table.author == person.id, table.state == proposals.RETURNED, table.decided > since
    )
    for id in model.Session.execute(returned).scalars():
        proposal = proposals.find(id)
        rows = list(_rows(model.package_table.c.id == proposal.package_id)) if proposal else []
        readable = bool(rows) and readers.reads(person, rows[0].standing)
        if proposal and readable and proposals.own_open(proposal.package_id, person.id) is None:
            words = _why(proposal.reason, proposal.note) or _("The record is archived.")
            yield _task(CHANGE_RETURNED, rows[0], proposal.decided, words, proposal.id)


def _why(code: str | None, note: str | None) -> str:
    """The reason of a return with its words."""
    reason = vocabulary.find("reasons", code or "")
    return ". ".join(one for one in (reason.label(_language()) if reason else "", note) if one)


def _inventory(person: Person) -> Iterator[Task]:
    """Entries whose day has come: for those who edit them, and for the Geschäftsstelle."""
    table = tables.inventory.c
    due = model.Session.execute(sa.select(table.package_id, table.review).where(table.review <= people.today()))
    days = {row.package_id: row.review for row in due}
    if not days:
        return
    for row in _rows(sa.and_(model.package_table.c.id.in_(list(days)), _state_is(levels.INVENTAR))):
        if person.office or person.edits(row.standing.owner):
            day = datetime.combine(days[row.standing.id], datetime.min.time(), UTC)
            yield _task(INVENTORY, row, day, _("Decide whether the data can be published now."))


def _rows(*conditions: Any) -> Iterator[_Row]:
    package = model.package_table
    wanted = (
        sa.select(model.Package)
        .where(package.c.type.in_(sorted(record.TYPES)), package.c.state != model.State.DELETED, *conditions)
        .order_by(package.c.metadata_modified)
    )
    for one in model.Session.execute(wanted).scalars():
        yield _Row(
            standing=record.of(one),
            title=one.title or one.name,
            creator=one.creator_user_id or "",
            changed=one.metadata_modified.replace(tzinfo=UTC),
            frequency=str((one.extras or {}).get("frequency") or ""),
        )


def _state_is(state: str) -> Any:
    return model.package_table.c.extras["lifecycle"].astext == state


def _task(kind: str, row: _Row, since: datetime | None, words: str, proposal: str = "") -> Task:
    owner = people.organizations().get(row.standing.owner)
    return Task(
        kind=kind,
        record_id=row.standing.id,
        name=row.standing.name,
        title=row.title,
        organization=owner.title if owner else "",
        since=since,
        words=words,
        proposal=proposal,
    )


def level_label(level: str) -> str:
    """A level in the reader's language."""
    term = vocabulary.find("levels", level)
    return term.label(_language()) if term else level


def _language() -> str:
    """The language of the page or mail that is being made; German where there is none of the two."""
    return str(get_locale() or "de")[:2]
