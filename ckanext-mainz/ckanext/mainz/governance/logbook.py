"""What this room notes of a record beside the decision log: contributions, releases, tombstones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.mainz.governance import decisions, levels, tables
from ckanext.mainz.governance.people import SERVICE, Person
from ckanext.mainz.governance.record import Standing

Dict = dict[str, Any]
# Plain text for what is done at each save: SQLAlchemy compiles ``ON CONFLICT`` anew each time.
BEGIN = sa.text(
    """
    INSERT INTO mainz_record (package_id, "check", asked_by, released_by, source)
    VALUES (:package_id, '{}', '', '', '') ON CONFLICT DO NOTHING
    """
)
SET_UP_BY = sa.text(
    "SELECT granted_by FROM mainz_portal_role WHERE user_id = :user_id AND role = :service AND granted_by <> ''"
)
CONTRIBUTED = sa.text(
    """
    INSERT INTO mainz_contribution (package_id, user_id, at)
    SELECT :package_id, who.id, :at FROM (
        SELECT CAST(:user_id AS text) AS id UNION
        SELECT granted_by FROM mainz_portal_role WHERE user_id = :user_id AND role = :service AND granted_by <> ''
    ) AS who
    ON CONFLICT DO NOTHING
    """
)


def now() -> datetime:
    return datetime.now(UTC)


def note(
    person: Person,
    standing: Standing,
    action: str,
    after: Mapping[str, Any] | None = None,
    *,
    role: str = "",
    reason: str = "",
    words: str = "",
) -> None:
    """One row of the decision log about a record, in the present transaction."""
    before = {"lifecycle": standing.state, "visibility": standing.level}
    decisions.write(
        decisions.Decision(
            action=action,
            actor=person.id,
            role=role or person.role_at(standing.owner),
            record_id=standing.id,
            organization_id=standing.owner,
            before=before,
            after={**before, **(after or {})},
            reason=reason,
            note=words,
        )
    )


def begin(package_id: str) -> None:
    """A row for a record that has none yet."""
    model.Session.execute(BEGIN, {"package_id": package_id})


def _empty(package_id: str) -> Dict:
    return {"package_id": package_id, "check": {}, "asked_by": "", "released_by": "", "source": ""}


def row(package_id: str) -> Dict:
    """The row of a record; that of a new one where there is none."""
    table = tables.record
    found = model.Session.execute(sa.select(table).where(table.c.package_id == package_id)).mappings().first()
    return (
        dict(found)
        if found
        else {**_empty(package_id), "standing": None, "returned": None, "first_public": None, "released": None}
    )


def change(package_id: str, **values: Any) -> None:
    """Changes the row of a record."""
    begin(package_id)
    table = tables.record
    model.Session.execute(sa.update(table).where(table.c.package_id == package_id).values(**values))


def contributed(package_id: str, user_id: str) -> None:
    """Somebody has created, changed or handed in a record: they will not release it to the public.

    What a program does is also the part of whoever has set it up, even when the program is gone again.
    """
    if not user_id:
        return
    values = {"package_id": package_id, "user_id": user_id, "at": now(), "service": SERVICE}
    model.Session.execute(CONTRIBUTED, values)


def set_up_by(user_id: str) -> list[str]:
    """Who has set up an account as an interface; nobody has for people, and for a program that is gone."""
    return list(model.Session.scalars(SET_UP_BY, {"user_id": user_id, "service": SERVICE}))


def contributors(package_id: str) -> frozenset[str]:
    """Ids of those who have a part in what is not released yet."""
    table = tables.contribution
    rows = model.Session.execute(sa.select(table.c.user_id).where(table.c.package_id == package_id))
    return frozenset(rows.scalars())


def released(package_id: str, person: Person, role: str, level: str, content: Mapping[str, Any]) -> None:
    """A state of a record was released. Of what everybody sees it begins anew who has a part in the next state; what
    fewer people see somebody may have released alone, so that their part remains for the day when it becomes public."""
    table = tables.contribution
    change(package_id, released=now(), released_by=person.id)
    if level == levels.OEFFENTLICH:
        model.Session.execute(sa.delete(table).where(table.c.package_id == package_id))
        model.Session.execute(
            sa.update(tables.record)
            .where(tables.record.c.package_id == package_id, tables.record.c.first_public.is_(None))
            .values(first_public=now())
        )
        bury_no_more(package_id)
    _keep_release(package_id, role, level, content)


def _keep_release(package_id: str, role: str, level: str, content: Mapping[str, Any]) -> None:
    table = tables.release
    last = sa.select(sa.func.coalesce(sa.func.max(table.c.number), 0)).where(table.c.package_id == package_id)
    number = model.Session.execute(last).scalar_one() + 1
    row = {"package_id": package_id, "number": number, "at": now(), "role": role, "level": level, "content": content}
    model.Session.execute(sa.insert(table).values(row))


def releases(package_id: str) -> list[Dict]:
    """Released states of a record, oldest first."""
    table = tables.release
    rows = model.Session.execute(sa.select(table).where(table.c.package_id == package_id).order_by(table.c.number))
    return [dict(one) for one in rows.mappings()]


def bury(package_id: str, name: str, successor: str) -> None:
    """What the public learns from now on of a record that was public."""
    row = {"package_id": package_id, "name": name, "withdrawn": now().date(), "successor": successor}
    statement = insert(tables.tombstone).values(row)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["package_id"], set_=row))


def bury_no_more(package_id: str) -> None:
    table = tables.tombstone
    model.Session.execute(sa.delete(table).where(table.c.package_id == package_id))


def tombstone(id_or_name: str) -> Dict | None:
    """What is told of a withdrawn record, by its id or name."""
    table = tables.tombstone
    wanted = sa.or_(table.c.package_id == id_or_name, table.c.name == id_or_name)
    found = model.Session.execute(sa.select(table).where(wanted)).mappings().first()
    return dict(found) if found else None


def close_history(package_id: str, level: str) -> None:
    """Earlier released states are not more open from now on than this level."""
    table = tables.release
    more_open = [one for one in levels.LEVELS if levels.is_stricter(level, one)]
    wanted = sa.and_(table.c.package_id == package_id, table.c.level.in_(more_open))
    model.Session.execute(sa.update(table).where(wanted).values(level=level))
