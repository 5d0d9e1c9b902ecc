"""Invitations: accounts that wait for their person, until a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.mainz.governance import config, decisions, tables
from ckanext.mainz.governance.decisions import Decision
from ckanext.mainz.governance.people import Person


@dataclass(frozen=True)
class Invitation:
    """An account that is not taken up yet. `until` is the moment from which on its link leads nowhere."""

    user_id: str
    organization_id: str
    capacity: str
    until: datetime

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.until <= datetime.now(UTC)


def end_of_new() -> datetime:
    """When an invitation of this moment ends."""
    return datetime.now(UTC) + timedelta(days=config.invitation_days())


def write(user_id: str, organization_id: str, capacity: str, acting: Person) -> None:
    """Stores an invitation with its row in the present transaction."""
    row = {
        "user_id": user_id,
        "organization_id": organization_id,
        "capacity": capacity,
        "until": end_of_new(),
        "invited_by": acting.id,
    }
    statement = insert(tables.invitation).values(row)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=row))
    decisions.write(
        Decision(
            action="invitation",
            actor=acting.id,
            role=acting.role_at(organization_id),
            organization_id=organization_id,
            subject=user_id,
            after={"capacity": capacity, "until": row["until"].isoformat(timespec="seconds")},
        )
    )


def open_in(organization_id: str) -> list[Invitation]:
    """Invitations into an organisation that nobody has taken up, the ended ones among them until they are removed."""
    return _pending(tables.invitation.c.organization_id == organization_id)


def find(user_id: str) -> Invitation | None:
    """The invitation of an account that is not taken up yet."""
    return next(iter(_pending(tables.invitation.c.user_id == user_id)), None)


def is_too_late(user: model.User) -> bool:
    """Whether somebody is about to take up an invitation that has ended."""
    invitation = find(user.id) if user.state == model.State.PENDING else None
    return invitation is not None and invitation.is_over


def ended() -> list[Invitation]:
    """Invitations that ended before anybody took them up."""
    return _pending(tables.invitation.c.until <= datetime.now(UTC))


def unlisted() -> list[str]:
    """Ids of accounts that wait without an invitation, for longer than one lasts: its sending was cut short."""
    user = model.user_table.c
    oldest = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=config.invitation_days())
    listed = sa.select(tables.invitation.c.user_id)
    asked = sa.select(user.id).where(user.state == model.State.PENDING, user.created < oldest, user.id.not_in(listed))
    return list(model.Session.scalars(asked))


def forget(user_ids: Iterable[str]) -> None:
    """Removes invitations in the present transaction."""
    table = tables.invitation
    model.Session.execute(sa.delete(table).where(table.c.user_id.in_(list(user_ids))))


def taken_up() -> list[str]:
    """Ids of accounts whose invitation has served its purpose or whose account is gone."""
    table, user = tables.invitation.c, model.user_table.c
    asked = sa.select(table.user_id).join(model.user_table, user.id == table.user_id)
    return list(model.Session.scalars(asked.where(user.state != model.State.PENDING)))


def _pending(*conditions: sa.ColumnElement[bool]) -> list[Invitation]:
    table, user = tables.invitation.c, model.user_table.c
    rows = model.Session.execute(
        sa.select(table.user_id, table.organization_id, table.capacity, table.until)
        .join(model.user_table, user.id == table.user_id)
        .where(user.state == model.State.PENDING, *conditions)
        .order_by(table.until, table.user_id)
    )
    return [Invitation(*row) for row in rows]
