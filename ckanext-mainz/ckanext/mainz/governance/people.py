"""Who somebody is in the portal: organisations, capacities and portal roles, read once a request.

`person` is the one place that tells what a user may read and where they may act. Everything else asks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit
from flask import g, has_request_context

from ckanext.mainz.governance import levels, tables

MEMBER, EDITOR, ADMIN = "member", "editor", "admin"
CAPACITIES = (MEMBER, EDITOR, ADMIN)
OFFICE, DEPUTY, SERVICE = "office", "deputy", "service"
ROLES = (OFFICE, DEPUTY, SERVICE)
PORTAL, SYSADMIN = "portal", "sysadmin"
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
class Belonging:
    """A capacity in an organisation, or the portal role ``office`` or ``service``, of a user.

    `over` says that its last day has passed, which makes a service account one that may do nothing.
    """

    user_id: str
    organization: str
    role: str
    over: bool = False


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
    """Names of the person's organisations that are third parties, by which records are shared with them."""
    stands_in_for: frozenset[str] = frozenset()
    """Ids of those whose deputy they are today."""
    itself: Person | None = None
    """The same person without what they hold as a deputy; None where they are nobody's deputy."""

    def edits(self, organization: str) -> bool:
        """Whether they enter and change records there: Redaktion, Datenverantwortliche or the service account."""
        return organization in self.led or EDITOR in self.capacities.get(organization, ())

    def leads(self, organization: str) -> bool:
        """Whether they are Datenverantwortliche there. A service account never is."""
        return organization in self.led and not self.service

    def reads_own(self, organization: str) -> bool:
        """Whether they read all that the organisation has, whatever its level and state."""
        return self.office or organization in self.own

    @property
    def in_own_right(self) -> Person:
        """The person without what they hold as a deputy."""
        return self.itself or self

    def role_at(self, organization: str) -> str:
        """The role in which they act for an organisation, as the decision log names it."""
        if not self.id or self.name == toolkit.config["ckan.site_id"]:
            return PORTAL
        if self.service:
            return SERVICE
        role = self._strongest_at(organization)
        mine = self.in_own_right._strongest_at(organization)
        return role if role == mine else DEPUTY

    def _strongest_at(self, organization: str) -> str:
        if self.leads(organization):
            return ADMIN
        if self.edits(organization):
            return EDITOR
        if self.office:
            return OFFICE
        return SYSADMIN if self.sysadmin else MEMBER


NOBODY = Person()


def person(user: str | model.User | None) -> Person:
    """The person behind a user name, id or object; `NOBODY` where there is none or the account is not active.

    Read once a request and user: what changes in the middle of a request counts from the next one on, except that
    `forget` is called by whatever changes memberships and roles. It takes two statements, three by name, and none for
    somebody who is not logged in.
    """
    key = user if isinstance(user, str) else getattr(user, "id", "")
    if not key:
        return NOBODY
    known = _known()
    if key not in known:
        found = _read(user)
        known.update({key: found} if found is NOBODY else {key: found, found.id: found, found.name: found})
    return known[key]


def acting(context: Mapping[str, Any]) -> Person:
    """The person on whose behalf an action runs."""
    name, given = context.get("user"), context.get("auth_user_obj")
    same = bool(getattr(given, "id", None)) and (not name or name == getattr(given, "name", None))
    return person(given if same else name)


def forget() -> None:
    """Memberships, roles or organisations have changed: everybody is read again."""
    if has_request_context():
        g.pop("mainz_people", None)
        g.pop("mainz_organizations", None)


def _known() -> dict[str, Person]:
    """The memory of this request. Outside of one nothing is remembered."""
    if not has_request_context():
        return {}
    if "mainz_people" not in g:
        g.mainz_people = {}
    return g.mainz_people


def _read(user: str | model.User | None) -> Person:
    account = model.User.get(user) if isinstance(user, str) else user
    if account is None or account.state != model.State.ACTIVE:
        return NOBODY
    belongings = _belongings(account.id)
    tree = organizations() if any(one.organization for one in belongings) else {}
    return assembled(account.id, account.name, bool(account.sysadmin), belongings, tree)


def assembled(
    id: str, name: str, sysadmin: bool, belongings: Iterable[Belonging], tree: Mapping[str, Organization]
) -> Person:
    """The person made of what they hold and what those hold whose deputy they are. Pure."""
    every = list(belongings)
    mine = [one for one in every if one.user_id == id]
    if service := next((one for one in mine if one.role == SERVICE), None):
        return _service_account(id, name, service, mine, tree)
    machines = {one.user_id for one in every if one.role == SERVICE}
    held = [one for one in every if one.user_id not in machines and not one.over]
    bare = Person(id=id, name=name, sysadmin=sysadmin)
    itself = _with(bare, [one for one in held if one.user_id == id], tree)
    others = frozenset(one.user_id for one in held if one.user_id != id)
    return _with(replace(bare, itself=itself, stands_in_for=others), held, tree) if others else itself


def _with(bare: Person, held: list[Belonging], tree: Mapping[str, Organization]) -> Person:
    """A person with what they hold. CKAN's flag ``sysadmin`` gives nothing of it."""
    capacities = _capacities(held, tree)
    mine = [tree[key] for key in capacities]
    return replace(
        bare,
        office=any(one.role == OFFICE for one in held),
        capacities=capacities,
        kinds=frozenset(one.kind for one in mine if one.kind),
        own=below((key for key, found in capacities.items() if found & READ_BELOW), tree) | frozenset(capacities),
        led=below((key for key, found in capacities.items() if ADMIN in found), tree),
        names=_third(mine),
    )


def _service_account(
    id: str, name: str, service: Belonging, mine: Iterable[Belonging], tree: Mapping[str, Organization]
) -> Person:
    """A machine: it writes and reads in its one organisation, until its last day, and does nothing anywhere else."""
    place = service.organization
    found = {} if service.over else _capacities((one for one in mine if one.organization == place), tree)
    held = {key: capacities - {ADMIN} for key, capacities in found.items()}
    return Person(
        id=id,
        name=name,
        service=place,
        capacities=held,
        kinds=frozenset(tree[key].kind for key in held if tree[key].kind),
        own=frozenset(held),
        names=_third(tree[key] for key in held),
    )


def _third(mine: Iterable[Organization]) -> frozenset[str]:
    return frozenset(one.name for one in mine if one.kind == levels.DRITTE)


def _capacities(held: Iterable[Belonging], tree: Mapping[str, Organization]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for one in held:
        if one.role in CAPACITIES and one.organization in tree:
            found[one.organization] = found.get(one.organization, frozenset()) | {one.role}
    return found


def _belongings(user_id: str) -> list[Belonging]:
    """What a user and those hold whose deputy they are today, in one statement.

    Only the user's own roles of a deputy count, not those of the people they stand in for: deputies make no chain.
    """
    role, member, group = tables.portal_role.c, model.member_table.c, model.group_table.c
    day = today()
    # CKAN's user table by its columns: as an entity it would be joined by its own rules
    user = model.user_table.c
    stand_ins = (
        sa.select(role.for_user)
        .join(model.user_table, user.id == role.for_user)
        .where(
            role.user_id == user_id,
            role.role == DEPUTY,
            sa.or_(role.until.is_(None), role.until >= day),
            user.state == model.State.ACTIVE,
        )
    )
    meant = sa.union(sa.select(sa.literal(user_id).label("id")), stand_ins).cte("meant")
    meant_ids = sa.select(meant.c.id)
    memberships = (
        sa.select(member.table_id, member.group_id, member.capacity, sa.false())
        .join(model.group_table, group.id == member.group_id)
        .where(
            member.table_name == "user",
            member.table_id.in_(meant_ids),
            member.state == model.State.ACTIVE,
            group.state == model.State.ACTIVE,
            group.is_organization,
        )
    )
    roles = sa.select(
        role.user_id, role.organization_id, role.role, sa.func.coalesce(role.until < day, sa.false())
    ).where(role.user_id.in_(meant_ids), role.role != DEPUTY)
    return [Belonging(*row) for row in model.Session.execute(sa.union_all(memberships, roles))]


def today() -> date:
    """The day in the portal's time zone: a role that ends today ends at midnight on the wall."""
    return datetime.now(toolkit.h.get_display_timezone()).date()


def organizations() -> dict[str, Organization]:
    """All active organisations by id, read once a request in one statement."""
    if not has_request_context():
        return _organizations()
    if "mainz_organizations" not in g:
        g.mainz_organizations = _organizations()
    return g.mainz_organizations


def find_organization(reference: Any) -> Organization | None:
    """The active organisation with this id or name."""
    if not isinstance(reference, str) or not reference:
        return None
    tree = organizations()
    return tree.get(reference) or next((one for one in tree.values() if one.name == reference), None)


def _organizations() -> dict[str, Organization]:
    group, above = model.group_table.c, model.member_table.c
    link = sa.and_(above.group_id == group.id, above.table_name == "group", above.state == model.State.ACTIVE)
    rows = model.Session.execute(
        sa.select(group.id, group.name, group.title, group.extras, sa.func.array_agg(above.table_id).label("above"))
        .outerjoin(model.member_table, link)
        .where(group.is_organization, group.state == model.State.ACTIVE)
        .group_by(group.id)
    ).all()
    ids = {row.id for row in rows}
    return {row.id: _organization(row, ids) for row in rows}


def _organization(row: Any, ids: set[str]) -> Organization:
    extras = row.extras or {}
    return Organization(
        id=row.id,
        name=row.name,
        title=row.title or row.name,
        kind=str(extras.get("organization_kind") or ""),
        sealed=is_sealed(extras),
        parents=frozenset(ids.intersection(row.above)),
    )


def is_sealed(extras: Mapping[str, Any]) -> bool:
    """Whether an organisation with these extras is sealed. What means neither yes nor no counts as sealed."""
    try:
        return bool(toolkit.asbool(extras.get("sealed") or False))
    except ValueError:
        return True


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
