"""What a person has to do here: their drafts and the datasets of their organisations, from the database, so that it is
right also while the search lags or is down."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.common import current_user
from ckan.plugins import toolkit

from ckanext.mainz.governance import levels, people, proposals, readers, record, tables
from ckanext.mainz.governance.pages import waiting, words
from ckanext.mainz.portal import wording
from ckanext.mainz.portal.forms.kinds import DATASET, SERIES, SERVICE

MOST = 50


@dataclass(frozen=True)
class Entry:
    """A record in the list. `returned`: why it came back; `proposal`: the id of the person's own change that waits."""

    type: str
    name: str
    title: str
    organization: str
    changed: str
    state: str
    level: str
    public: bool
    submit: bool
    closed: bool
    returned: str
    proposal: str


@dataclass(frozen=True)
class Returned:
    """A change of somebody that was returned, with the reason."""

    id: str
    title: str
    reason: str


@dataclass(frozen=True)
class Work:
    """The start page of an editor. `others` are series and services; `more` says that not all datasets are listed;
    `decides` and `waiting`: whether they decide about records, and how many wait."""

    may_add: bool
    drafts: tuple[Entry, ...]
    datasets: tuple[Entry, ...]
    others: tuple[Entry, ...]
    more: bool
    returned: tuple[Returned, ...]
    decides: bool
    waiting: int


def work() -> Work:
    """Drafts and datasets that the person who asks may change, and what waits for their decision."""
    person = people.person(current_user.name)
    offices = toolkit.h.organizations_available("update_dataset")
    titles = {one["id"]: one.get("display_name") or one["name"] for one in offices}
    datasets = _entries(titles, model.State.ACTIVE, person)
    decides = waiting.decides_anywhere(person)
    return Work(
        may_add=bool(toolkit.h.organizations_available("create_dataset")),
        drafts=tuple(_entries(titles, "draft", person)),
        datasets=tuple(datasets[:MOST]),
        others=tuple(_entries(titles, model.State.ACTIVE, person, (SERIES.type, SERVICE.type))[:MOST]),
        more=len(datasets) > MOST,
        returned=tuple(_returned(person)),
        decides=decides,
        waiting=len(waiting.records(person)) + len(waiting.proposals(person)) if decides else 0,
    )


def _entries(
    titles: dict[str, str], state: str, person: people.Person, types: Collection[str] = (DATASET.type,)
) -> list[Entry]:
    table = model.Package
    found = (
        model.Session.query(table)
        .filter(table.type.in_(types), table.state == state, table.owner_org.in_(list(titles)))
        .order_by(table.metadata_modified.desc())
        .limit(MOST + 1)
        .all()
    )
    rows, own = _rows([one.id for one in found]), _own_changes(person)
    readable = [(one, standing) for one in found if readers.reads(person, standing := record.of(one))]
    return [_entry(one, standing, titles, rows.get(one.id, {}), own.get(one.id, "")) for one, standing in readable]


def _entry(
    package: model.Package, standing: record.Standing, titles: dict[str, str], row: Mapping[str, Any], proposal: str
) -> Entry:
    returned = row.get("returned") if standing.state in (levels.ENTWURF, levels.INVENTAR) else None
    return Entry(
        type=package.type,
        name=package.name,
        title=package.title or package.name,
        organization=titles.get(package.owner_org or "", ""),
        changed=wording.moment(package.metadata_modified.isoformat(), toolkit.h.lang()),
        state=words.state(standing.state),
        level=words.level(standing.level),
        public=levels.is_public(standing.level, standing.state),
        submit=not standing.form_open and standing.state in (levels.ENTWURF, levels.ZURUECKGEZOGEN),
        closed=standing.state in (levels.EINGEREICHT, levels.ARCHIVIERT),
        returned=why(returned.get("reason"), returned.get("note")) if returned else "",
        proposal=proposal,
    )


def why(reason: Any, note: Any) -> str:
    """The reason of a decision with its note."""
    return ". ".join(one for one in (words.reason(str(reason or "")), str(note or "")) if one)


def _rows(ids: list[str]) -> dict[str, Mapping[str, Any]]:
    table = tables.record
    found = model.Session.execute(sa.select(table).where(table.c.package_id.in_(ids))).mappings()
    return {one["package_id"]: dict(one) for one in found}


def _own_changes(person: people.Person) -> dict[str, str]:
    """Ids of the person's own open proposals by record."""
    table = tables.proposal.c
    wanted = sa.select(table.package_id, table.id).where(table.author == person.id, table.state == proposals.OPEN)
    return {row.package_id: row.id for row in model.Session.execute(wanted)}


def _returned(person: people.Person) -> list[Returned]:
    """The person's changes that were returned and have no newer one."""
    table = tables.proposal
    latest = (
        sa.select(table)
        .where(table.c.author == person.id)
        .order_by(table.c.package_id, table.c.created.desc(), table.c.id.desc())
        .distinct(table.c.package_id)
    )
    found = []
    for one in model.Session.execute(latest).mappings():
        package = model.Session.get(model.Package, one["package_id"]) if one["state"] == proposals.RETURNED else None
        if package is not None and readers.reads(person, record.of(package)):
            found.append(Returned(one["id"], package.title or package.name, why(one["reason"], one["note"])))
    return found
