"""Who somebody is in the portal: organisations, capacities and portal roles, read once a request.

`person` is the one place that tells what a user may read and where they may act. Everything else asks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit
from flask import g, has_request_context

from ckanext.mainz.governance import tables

MEMBER, EDITOR, ADMIN = "member", "editor", "admin"
OFFICE, DEPUTY, SERVICE = "office", "deputy", "service"
READ_BELOW = frozenset({MEMBER, ADMIN})
"""Capacities that read what the organisations below have."""


@dataclass(frozen=True)
class Organization:
    """An organisation as governance sees it. `parents` are the ids of those right above it."""

    id: str
    name: str
    title: str
    kind: str
    sealed: bool
    parents: frozenset[str]


@dataclass(frozen=True)
class Person:
    """What an account is and may do; nobody who is not logged in has any of it.

    `capacities` (organisation id → capacities) hold what the account has itself and as a deputy of others; `service`
    is the id of the one organisation that a service account writes for.
    """

    id: str = ""
    name: str = ""
    sysadmin: bool = False
    office: bool = False
    service: str = ""
    capacities: Mapping[str, frozenset[str]] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    """Ids of organisations whose records the person reads as their own: their own and, unless sealed, those below."""
    led: frozenset[str] = frozenset()
    """Ids of organisations where the person acts as Datenverantwortliche: their own and, unless sealed, those below."""
    names: frozenset[str] = frozenset()
    """Names of the person's organisations, by which records are shared with third parties."""

    def edits(self, organization: str) -> bool:
        """Whether they enter and change records there: Redaktion, Datenverantwortliche or the service account."""
        return organization in self.led or EDITOR in self.capacities.get(organization, ())

    def leads(self, organization: str) -> bool:
        """Whether they are Datenverantwortliche there. A service account never is."""
        return organization in self.led and not self.service

    def reads_own(self, organization: str) -> bool:
        """Whether they read all that the organisation has, whatever its level and state."""
        return self.office or organization in self.own


NOBODY = Person()


def person(user: str | model.User | None) -> Person:
    """The person behind a user name, id or object; `NOBODY` where there is none or the account is not active.

    Read once a request and user: what changes in the middle of a request counts from the next one on, except that
    `forget` is called by whatever changes memberships and roles.
    """
    key = user if isinstance(user, str) else getattr(user, "id", "")
    if not key:
        return NOBODY
    known = _known()
    if key not in known:
        known[key] = _read(key)
    return known[key]


def acting(context: Mapping[str, Any]) -> Person:
    """The person on whose behalf an action runs."""
    given = context.get("auth_user_obj")
    return person(context.get("user") or (given if getattr(given, "id", None) else None))


def forget() -> None:
    """Memberships or roles have changed: everybody is read again."""
    _known().clear()


def _known() -> dict[str, Person]:
    """The memory of this request. Outside of one nothing is remembered."""
    if not has_request_context():
        return {}
    if not hasattr(g, "mainz_people"):
        g.mainz_people = {}
    return g.mainz_people


def _read(key: str) -> Person:
    user = model.User.get(key)
    if user is None or user.state != model.State.ACTIVE:
        return NOBODY
    roles = current_roles(user.id)
    stand_ins = [one.for_user for one in roles if one.role == DEPUTY and one.for_user]
    every = [user.id, *(one for one in stand_ins if _is_active(one))]
    capacities = _capacities(every)
    service = next((one.organization_id for one in roles if one.role == SERVICE), "")
    if service:
        capacities = {key: found - {ADMIN} for key, found in capacities.items() if key == service}
    tree = organizations()
    mine = [tree[key] for key in capacities if key in tree]
    return Person(
        id=user.id,
        name=user.name,
        sysadmin=bool(user.sysadmin),
        office=not service and any(one.role == OFFICE for key in every for one in current_roles(key)),
        service=service,
        capacities=capacities,
        kinds=frozenset(one.kind for one in mine),
        own=below((key for key, found in capacities.items() if found & READ_BELOW), tree) | frozenset(capacities),
        led=below((key for key, found in capacities.items() if ADMIN in found), tree),
        names=frozenset(one.name for one in mine),
    )


def current_roles(user_id: str) -> list[Any]:
    """The portal roles of a user that have not ended. A role ends with the day that it names."""
    table = tables.portal_role
    alive = sa.or_(table.c.until.is_(None), table.c.until >= today())
    return list(model.Session.execute(sa.select(table).where(table.c.user_id == user_id, alive)))


def today() -> date:
    """The day in UTC, as the database keeps times."""
    return datetime.now(UTC).date()


def _is_active(user_id: str) -> bool:
    user = model.Session.get(model.User, user_id)
    return user is not None and user.state == model.State.ACTIVE


def _capacities(user_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    member, group = model.member_table.c, model.group_table.c
    rows = model.Session.execute(
        sa.select(member.group_id, member.capacity)
        .join(model.group_table, group.id == member.group_id)
        .where(
            member.table_name == "user",
            member.table_id.in_(list(user_ids)),
            member.state == model.State.ACTIVE,
            group.state == model.State.ACTIVE,
            group.is_organization,
        )
    )
    found: dict[str, frozenset[str]] = {}
    for row in rows:
        found[row.group_id] = found.get(row.group_id, frozenset()) | {row.capacity}
    return found


def organizations() -> dict[str, Organization]:
    """All active organisations by id."""
    if has_request_context() and hasattr(g, "mainz_organizations"):
        return g.mainz_organizations
    found = _organizations()
    if has_request_context():
        g.mainz_organizations = found
    return found


def _organizations() -> dict[str, Organization]:
    group, member = model.group_table.c, model.member_table.c
    above: dict[str, set[str]] = {}
    links = sa.select(member.group_id, member.table_id).where(
        member.table_name == "group", member.state == model.State.ACTIVE
    )
    for child, parent in model.Session.execute(links):
        above.setdefault(child, set()).add(parent)
    rows = model.Session.execute(
        sa.select(group.id, group.name, group.title, group.extras).where(
            group.is_organization, group.state == model.State.ACTIVE
        )
    )
    return {
        row.id: Organization(
            id=row.id,
            name=row.name,
            title=row.title or row.name,
            kind=str((row.extras or {}).get("organization_kind") or ""),
            sealed=toolkit.asbool((row.extras or {}).get("sealed") or False),
            parents=frozenset(above.get(row.id, ())),
        )
        for row in rows
    }


def below(roots: Iterable[str], tree: Mapping[str, Organization]) -> frozenset[str]:
    """Some organisations and all below them. A sealed one inherits in neither direction."""
    children: dict[str, set[str]] = {}
    for one in tree.values():
        if not one.sealed:
            for parent in one.parents:
                children.setdefault(parent, set()).add(one.id)
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        found.add(one)
        if one in tree and not tree[one].sealed:
            waiting.extend(children.get(one, ()))
    return frozenset(found)
