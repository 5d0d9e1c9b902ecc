"""The decision log: one row for each decision, only ever added.

The table belongs to a role of its own (``sql/decision_log.sql``); the portal's role can neither change nor remove a
row. Memberships and administrators write themselves, whichever way they change
(`ckanext.mainz.governance.log.acting`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from psycopg2.errors import InvalidSchemaName, UndefinedTable
from sqlalchemy.exc import ProgrammingError

from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.governance.tables import decision as table

BATCH = 500
COLUMNS = tuple(column.name for column in table.c)


class NoLogError(ReadableError):
    """There is no decision log, so nothing can be decided."""


@dataclass(frozen=True)
class Decision:
    """What somebody decided.

    `action`: ``submit``, ``release``, ``return``, ``withdraw``, …; `actor` is the opaque id of the user, `role` the
    role in which they acted (``editor``, ``admin``, ``office``, ``service``, ``sysadmin``, ``deputy``, ``portal``);
    `record_id` and `organization_id` are empty where it is about neither; `before` and `after` say what changed
    (``{"lifecycle": …, "visibility": …}``; ids of users only as whole values, where a deletion finds them); `reason`
    is a code of the vocabulary ``reasons``.
    """

    action: str
    actor: str
    role: str
    record_id: str = ""
    organization_id: str = ""
    subject: str = ""
    """The user that it is about, by id, where it is about one."""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class Named:
    """What stands behind an id now. All empty for nobody, and for users who were deleted since; of a record or an
    organisation that is gone the id remains."""

    id: str = ""
    name: str = ""
    title: str = ""


@dataclass(frozen=True)
class Names:
    """What stands behind the ids of a row."""

    actor: Named = Named()
    subject: Named = Named()
    record: Named = Named()
    organization: Named = Named()


@dataclass(frozen=True, kw_only=True)
class Entry(Decision):
    """A row of the log. Names change, so they say nothing about whether two rows are the same."""

    id: int
    at: datetime
    """With a zone."""
    names: Names = field(default_factory=Names, compare=False)


@dataclass(frozen=True)
class Question:
    """Which rows are asked for; what is empty does not restrict.

    `organizations` restricts to rows about these organisations or about records that they have now; None does not.
    `since` counts, `until` does not. `newer_than` is the id of a row.
    """

    record_id: str = ""
    organization_id: str = ""
    actor: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None
    organizations: frozenset[str] | None = None
    newer_than: int = 0
    limit: int | None = None
    offset: int = 0


def write(decision: Decision) -> None:
    """Adds a row in the present transaction of ``model.Session``; it stays or goes with what was decided.

    `actor` and `subject` may be the id or the name of a user; the id is kept, and nothing for a deleted one.
    Raises `NoLogError`.
    """
    values = {
        "action": decision.action,
        "actor": _user(decision.actor),
        "role": decision.role,
        "record_id": decision.record_id,
        "organization_id": decision.organization_id,
        "subject": _user(decision.subject),
        "before": dict(decision.before),
        "after": dict(decision.after),
        "reason": decision.reason,
        "note": decision.note,
    }
    _run(table.insert().inline().values(values))


def find(question: Question) -> list[Entry]:
    """The rows that are asked for, newest first. Raises `NoLogError`."""
    statement = _matching(question).order_by(table.c.id.desc()).limit(question.limit).offset(question.offset)
    return [_entry(row) for row in _run(statement)]


def count(question: Question) -> int:
    """How many rows there are, whatever `limit` and `offset` say. Raises `NoLogError`."""
    found = _matching(question).with_only_columns(sa.func.count(), maintain_column_froms=True)
    return _run(found).scalar_one()


def every(question: Question | None = None) -> Iterator[Entry]:
    """All rows that are asked for, oldest first, read in batches. Raises `NoLogError`."""
    question = question or Question()
    last = question.newer_than
    while True:
        statement = _matching(replace(question, newer_than=last)).order_by(table.c.id).limit(BATCH)
        entries = [_entry(row) for row in _run(statement)]
        yield from entries
        if len(entries) < BATCH:
            return
        last = entries[-1].id


def granted_by(person: str, accounts: Iterable[str]) -> bool:
    """Whether a person has set up one of these accounts as an interface, also one that has ended since.

    Raises `NoLogError`.
    """
    meant = [one for one in accounts if one]
    if not meant or not person:
        return False
    given = (
        table.c.actor == person,
        table.c.subject.in_(meant),
        table.c.action == "role_grant",
        table.c.after["role"].astext == "service",
    )
    return bool(_run(sa.select(sa.exists().where(*given))).scalar())


def actions() -> list[str]:
    """The codes of all actions in the log, in order. Raises `NoLogError`."""
    return list(_run(sa.select(table.c.action).distinct().order_by(table.c.action)).scalars())


def _user(given: str) -> Any:
    """The id of a user who is there. Who is deleted while their job runs must not come back by its decision."""
    user = model.user_table.c
    alive = sa.select(user.id).where(sa.or_(user.id == given, user.name == given), user.state != model.State.DELETED)
    return alive.limit(1).scalar_subquery() if given else None


def _run(statement: Any) -> Any:
    try:
        return model.Session.execute(statement)
    except ProgrammingError as error:
        if isinstance(error.orig, (InvalidSchemaName, UndefinedTable)):
            raise NoLogError(
                N_("There is no decision log, so nothing can be decided. An operator has to set it up, see {command}."),
                command="ckan mainz governance log-sql",
            ) from error
        raise


def _matching(question: Question) -> Any:
    package, group = model.package_table, model.group_table
    actor, subject = model.user_table.alias("actor"), model.user_table.alias("subject")
    joined = (
        table.outerjoin(actor, sa.and_(actor.c.id == table.c.actor, actor.c.state != model.State.DELETED))
        .outerjoin(subject, sa.and_(subject.c.id == table.c.subject, subject.c.state != model.State.DELETED))
        .outerjoin(package, package.c.id == table.c.record_id)
        .outerjoin(group, group.c.id == table.c.organization_id)
    )
    columns = (
        *table.c,
        *_named("actor", actor, "fullname"),
        *_named("subject", subject, "fullname"),
        *_named_record(question),
        *_named("organization", group, "title"),
    )
    return sa.select(*columns).select_from(joined).where(*_conditions(question))


def _named_record(question: Question) -> list[Any]:
    """Name and title of the record, of one that belongs to another organisation now only to those who see every row."""
    package = model.package_table.c
    if question.organizations is None:
        return _named("record", model.package_table, "title")
    theirs = package.owner_org.in_(list(question.organizations))
    return [sa.case((theirs, package[part])).label(f"record_{part}") for part in ("name", "title")]


def _named(what: str, source: Any, title: str) -> list[Any]:
    return [source.c.name.label(f"{what}_name"), source.c[title].label(f"{what}_title")]


def _conditions(question: Question) -> list[Any]:
    column = table.c
    equal = ("record_id", "organization_id", "actor", "action")
    found: list[Any] = [column[name] == value for name in equal if (value := getattr(question, name))]
    if question.since:
        found.append(column.at >= question.since)
    if question.until:
        found.append(column.at < question.until)
    if question.newer_than:
        found.append(column.id > question.newer_than)
    if question.organizations is not None:
        theirs = list(question.organizations)
        found.append(sa.or_(column.organization_id.in_(theirs), model.package_table.c.owner_org.in_(theirs)))
    return found


def _entry(row: Any) -> Entry:
    own = {name: row._mapping[name] for name in COLUMNS}
    return Entry(**{**own, "actor": row.actor or "", "subject": row.subject or ""}, names=_names(row))


def _names(row: Any) -> Names:
    return Names(
        actor=_named_now(row.actor, row.actor_name, row.actor_title) if row.actor_name else Named(),
        subject=_named_now(row.subject, row.subject_name, row.subject_title) if row.subject_name else Named(),
        record=_named_now(row.record_id, row.record_name, row.record_title),
        organization=_named_now(row.organization_id, row.organization_name, row.organization_title),
    )


def _named_now(id: str, name: str | None, title: str | None) -> Named:
    return Named(id, name or "", title or name or "")
