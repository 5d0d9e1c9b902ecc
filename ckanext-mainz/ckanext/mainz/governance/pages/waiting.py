"""What waits for the decision of a person: records that were handed in, and proposals, the oldest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.mainz.governance import levels, people, record, tables, telling, transitions
from ckanext.mainz.governance.pages import possible
from ckanext.mainz.governance.people import Person
from ckanext.mainz.governance.record import Standing


@dataclass(frozen=True)
class Waiting:
    """A record or a proposal that waits. `own`: the person may not release it, since they had a part in it."""

    id: str
    name: str
    type: str
    title: str
    organization: str
    level: str
    since: datetime | None
    by: str
    own: bool
    kind: str = ""


def records(person: Person) -> list[Waiting]:
    """Records that were handed in and about which the person decides."""
    found = [
        (package, standing)
        for package in _handed_in()
        if transitions.decides(person, standing := record.of(package), standing.level)
    ]
    rows = _rows([package.id for package, _standing in found])
    made = [
        _waiting(package.title, standing, rows.get(package.id, {}), own=possible.had_a_part(person, standing))
        for package, standing in found
    ]
    return sorted(made, key=lambda one: (one.since is None, one.since, one.title))


def _waiting(title: str | None, standing: Standing, row: Mapping[str, Any], own: bool) -> Waiting:
    owner = people.organizations().get(standing.owner)
    return Waiting(
        id=standing.id,
        name=standing.name,
        type=standing.type,
        title=title or standing.name,
        organization=owner.title if owner else "",
        level=standing.level,
        since=row.get("asked"),
        by=_name(row.get("asked_by") or ""),
        own=own,
    )


def proposals(person: Person) -> list[Waiting]:
    """Proposals about which the person decides."""
    found = []
    for one, standing in telling.decidable(person):
        package = model.Session.get(model.Package, standing.id)
        owner = people.organizations().get(standing.owner)
        level = one.level or standing.level
        found.append(
            Waiting(
                id=one.id,
                name=standing.name,
                type=standing.type,
                title=(package.title if package else "") or standing.name,
                organization=owner.title if owner else "",
                level=level,
                since=one.created,
                by=_name(one.author),
                own=bool(transitions.own_proposal(person, one, level)),
                kind=one.kind,
            )
        )
    return found


def decides_anywhere(person: Person) -> bool:
    """Whether there can be anything that waits for this person."""
    return person.office or (bool(person.led) and not person.service)


def _handed_in() -> list[model.Package]:
    package = model.package_table.c
    wanted = sa.select(model.Package).where(
        package.type.in_(sorted(record.TYPES)),
        package.state == model.State.ACTIVE,
        package.extras["lifecycle"].astext == levels.EINGEREICHT,
    )
    return list(model.Session.execute(wanted).scalars())


def _rows(ids: list[str]) -> dict[str, Mapping[str, Any]]:
    table = tables.record
    found = model.Session.execute(sa.select(table).where(table.c.package_id.in_(ids))).mappings()
    return {one["package_id"]: dict(one) for one in found}


def _name(user: str) -> str:
    found = model.User.get(user) if user else None
    return found.display_name if found is not None and found.state == model.State.ACTIVE else ""
