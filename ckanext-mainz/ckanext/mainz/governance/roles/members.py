"""Memberships in organisations: what is possible, and what is written. Each change is logged by itself, see `log`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import people, tables
from ckanext.mainz.governance.log.acting import on_behalf
from ckanext.mainz.governance.people import ADMIN, CAPACITIES, EDITOR, SERVICE, Person

_ = toolkit._
Dict = dict[str, Any]
Members = Mapping[str, frozenset[str]]
"""User id → capacities in an organisation."""

NO_CAPACITY = N_("“{value}” is no role in an organisation. Possible are: {names}.")
NOT_YOURSELF = N_("Nobody gives a role to themselves. Ask somebody else who manages the people of this organisation.")
NOT_THERE = N_("This account does not exist any more. Invite the person anew.")
NOT_A_MACHINE = N_("This is the account of a program. It only ever writes for its own organisation, as an editor.")
ONLY_ONCE = N_("Each person stands here once, with one role.")


@contextmanager
def whole(context: Mapping[str, Any]) -> Iterator[None]:
    """What is done within stays or goes as a whole, and is the doing of the context's user."""
    with on_behalf(context):
        try:
            yield
        except BaseException:
            model.Session.rollback()
            raise
        finally:
            people.forget()


PORTAL: Mapping[str, Any] = {}
"""The context of what nobody asked for: the portal itself does it."""


def of(organization_id: str) -> dict[str, frozenset[str]]:
    """The members of an organisation, as the database has them in this transaction."""
    table = model.member_table.c
    rows = model.Session.execute(
        sa.select(table.table_id, table.capacity).where(
            table.group_id == organization_id, table.table_name == "user", table.state == model.State.ACTIVE
        )
    )
    found: dict[str, frozenset[str]] = {}
    for user_id, capacity in rows:
        found[user_id] = found.get(user_id, frozenset()) | {capacity}
    return found


def places_of(user_id: str) -> dict[str, frozenset[str]]:
    """Organisation id → capacities that a user has there, be the account active or not."""
    member, group = model.member_table.c, model.group_table.c
    rows = model.Session.execute(
        sa.select(member.group_id, member.capacity)
        .join(model.group_table, group.id == member.group_id)
        .where(
            member.table_name == "user",
            member.table_id == user_id,
            member.state == model.State.ACTIVE,
            group.state == model.State.ACTIVE,
            group.is_organization,
        )
    )
    found: dict[str, frozenset[str]] = {}
    for place, capacity in rows:
        found[place] = found.get(place, frozenset()) | {capacity}
    return found


def service_of(user_id: str) -> str:
    """Id of the one organisation of a service account, also of one that has ended; empty for people."""
    table = tables.portal_role.c
    asked = sa.select(table.organization_id).where(table.user_id == user_id, table.role == SERVICE)
    return model.Session.scalar(asked) or ""


def errors_of(organization_id: str, user: model.User, capacity: Any, acting: Person | None) -> Dict:
    """Why a user cannot get a capacity: messages at ``object`` (the user) or ``capacity``.

    `acting` is the person who gives it, None where the portal itself does.
    """
    if not isinstance(capacity, str) or capacity not in CAPACITIES:
        return {"capacity": [_(NO_CAPACITY).format(value=str(capacity)[:50], names=", ".join(CAPACITIES))]}
    if user.state == model.State.DELETED:
        return {"object": [_(NOT_THERE)]}
    if acting is not None and acting.id == user.id:
        return {"object": [_(NOT_YOURSELF)]}
    place = service_of(user.id)
    return {"object": [_(NOT_A_MACHINE)]} if place and (place, EDITOR) != (organization_id, capacity) else {}


def give(organization_id: str, user_id: str, capacity: str) -> None:
    """Writes a membership in the present transaction, whatever was there before."""
    take(organization_id, user_id)
    place = model.Session.get(model.Group, organization_id)
    model.Session.add(model.Member(group=place, table_name="user", table_id=user_id, capacity=capacity))
    model.Session.flush()


def take(organization_id: str, user_id: str) -> None:
    """Ends a membership in the present transaction.

    By the session's own objects, so that CKAN and whoever listens to them hear of it.
    """
    asked = sa.select(model.Member).filter_by(group_id=organization_id, table_id=user_id, table_name="user")
    for member in model.Session.scalars(asked.filter_by(state=model.State.ACTIVE)):
        member.state = model.State.DELETED
    model.Session.flush()


def strongest(capacities: frozenset[str]) -> str:
    """The capacity that counts where somebody has several."""
    return max(capacities, key=lambda one: CAPACITIES.index(one) if one in CAPACITIES else -1)


def admins() -> dict[str, frozenset[str]]:
    """Organisation → ids of its own Datenverantwortliche: people who are there, neither machines nor the portal."""
    member, user = model.member_table.c, model.user_table.c
    machines = sa.select(tables.portal_role.c.user_id).where(tables.portal_role.c.role == SERVICE)
    rows = model.Session.execute(
        sa.select(member.group_id, member.table_id)
        .join(model.user_table, user.id == member.table_id)
        .where(
            member.table_name == "user",
            member.capacity == ADMIN,
            member.state == model.State.ACTIVE,
            user.state == model.State.ACTIVE,
            user.name != toolkit.config["ckan.site_id"],
            user.id.not_in(machines),
        )
    )
    found: dict[str, frozenset[str]] = {}
    for place, user_id in rows:
        found[place] = found.get(place, frozenset()) | {user_id}
    return found
