"""Portal roles as the database keeps them: the Geschäftsstelle, deputies, service accounts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.mainz.governance import decisions, people, tables
from ckanext.mainz.governance.decisions import Decision
from ckanext.mainz.governance.people import Person

Dict = dict[str, Any]


@dataclass(frozen=True)
class Role:
    """A portal role of a user. `until` is its last day; without one it does not end."""

    id: str
    user_id: str
    role: str
    organization_id: str
    for_user: str
    until: date | None

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < people.today()


def find(id: str) -> Role | None:
    """The role with this id."""
    return next(iter(_where(tables.portal_role.c.id == id)), None)


def same(wanted: Role) -> Role | None:
    """What a user holds already of the same kind, for the same person or organisation."""
    table = tables.portal_role.c
    return next(
        iter(
            _where(
                table.user_id == wanted.user_id,
                table.role == wanted.role,
                table.organization_id == wanted.organization_id,
                table.for_user == wanted.for_user,
            )
        ),
        None,
    )


def all_roles() -> list[Role]:
    """Every role, the ended ones that nobody has taken away yet among them."""
    return _where()


def of_users(user_ids: Iterable[str]) -> list[Role]:
    """Roles that some users hold, and the deputies that they have."""
    table, meant = tables.portal_role.c, list(user_ids)
    return _where(sa.or_(table.user_id.in_(meant), table.for_user.in_(meant)))


def deputies_of(user_id: str) -> list[Role]:
    """The roles of those who stand in for a user."""
    return _where(tables.portal_role.c.for_user == user_id)


def of_organizations(ids: Iterable[str]) -> list[Role]:
    """Service accounts of some organisations."""
    return _where(tables.portal_role.c.organization_id.in_(list(ids)))


def ended() -> list[Role]:
    """Roles whose last day has passed."""
    return _where(tables.portal_role.c.until < people.today())


def _where(*conditions: Any) -> list[Role]:
    table = tables.portal_role
    columns = [table.c[name] for name in ("id", "user_id", "role", "organization_id", "for_user", "until")]
    rows = model.Session.execute(sa.select(*columns).where(*conditions).order_by(table.c.granted, table.c.id))
    return [Role(*row) for row in rows]


def new(user_id: str, role: str, organization_id: str = "", for_user: str = "", until: date | None = None) -> Role:
    """A role that nobody has yet."""
    return Role(str(uuid.uuid4()), user_id, role, organization_id, for_user, until)


def write(wanted: Role, acting: Person) -> Role:
    """Stores a role, or the new last day of one that is there, with its row in the present transaction."""
    known = same(wanted)
    values: Dict = {"until": wanted.until, "granted_by": acting.id, "granted": datetime.now(UTC)}
    if known is not None and known.role == people.SERVICE:
        del values["granted_by"]  # what an interface does remains the part of whoever has set it up
    if known is None:
        row = {name: getattr(wanted, name) for name in ("id", "user_id", "role", "organization_id", "for_user")}
        model.Session.execute(sa.insert(tables.portal_role).values({**row, **values}))
    else:
        statement = sa.update(tables.portal_role).where(tables.portal_role.c.id == known.id)
        model.Session.execute(statement.values(values))
    note("role_grant", wanted, acting, before=described(known) if known else {}, after=described(wanted))
    return wanted if known is None else Role(known.id, *_told(wanted))


def _told(role: Role) -> tuple[str, str, str, str, date | None]:
    return role.user_id, role.role, role.organization_id, role.for_user, role.until


def remove(role: Role, acting: Person, action: str) -> None:
    """Takes a role away, with its row in the present transaction."""
    model.Session.execute(sa.delete(tables.portal_role).where(tables.portal_role.c.id == role.id))
    note(action, role, acting, before=described(role))


def note(action: str, role: Role, acting: Person, before: Dict | None = None, after: Dict | None = None) -> None:
    """One row of the decision log about a role."""
    decisions.write(
        Decision(
            action=action,
            actor=acting.id,
            role=acting.role_at(role.organization_id),
            organization_id=role.organization_id,
            subject=role.user_id,
            before=before or {},
            after=after or {},
        )
    )


def described(role: Role) -> Dict:
    """A role as a row of the log says it. People stand in it by their opaque id only."""
    last = role.until.isoformat() if role.until else ""
    told = {"role": role.role, "for_user": role.for_user, "until": last}
    return {name: value for name, value in told.items() if value}
