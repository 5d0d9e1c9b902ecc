"""What is read of a record right before a commit, kept for whoever reads it next.

CKAN's ``package_create`` and ``package_update`` dictize and validate the whole record, for their answer and for an
index that would be written before the commit. A plugin that judges what was saved has just done the same, and the drain
right after the commit would do it again. All see the same unless somebody has written in between. Whether somebody has,
the database tells (`State`), since whatever changes a document leaves a row in the outbox:

- When the reading begins, what CKAN holds back is flushed and the state is taken down. All that is read then is read by
  statements after that one; the package itself, which CKAN may have in memory from before, is made to be read again.
- Who reads the record again before the commit gets a copy as long as the state is the same.
- When CKAN asks for the record to be indexed, it adds one row, the proof that this transaction was committed.
- The drain, which has the turn, looks at the state again. It takes the reading if the record's rows are those and that
  one. A row less: the transaction was rolled back. A row more: somebody wrote, or CKAN itself after it had read. A new
  version of the index: another drain may have taken somebody's row off before we could see it. An organisation or group
  with a new version of its row: it was changed by somebody who could not see yet that the record belongs to it.

In all these cases the record is read again. So is every record on which tables have a say that leave no rows:
relationships, and harvest sources with their status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import ckan.model as model
from ckan import logic
from ckan.types import Context
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from ckanext.mainz.search import documents, state
from ckanext.mainz.search.documents import Both

Known = Mapping[str, Both]

RELATIONSHIPS = ("relationships_as_subject", "relationships_as_object")
CHANGING_TYPES = frozenset({"harvest"})
MOST = 100
"""Readings that are kept at most, as many as a drain takes at once; more come together where draining is deferred."""

# xmin is the transaction that wrote the present version of a row.
STATES = text(
    """
    SELECT package.id, version.number AS version,
        ARRAY(SELECT sequence FROM mainz_search_outbox WHERE package_id = package.id) AS rows,
        ARRAY(
            SELECT "group".xmin::text FROM "group"
            WHERE "group".id = package.owner_org
                OR "group".id IN (SELECT group_id FROM member WHERE table_name = 'package' AND table_id = package.id)
            ORDER BY "group".id
        ) AS groups
    FROM package, mainz_search_version AS version WHERE package.id = ANY(:ids)
    """
)
COLUMNS = [column.key for column in model.package_table.columns]
READ, NOTED = "mainz_search_read", "mainz_search_noted"

_read_by_ckan = logic.package_show_default_and_custom_schemas


@dataclass(frozen=True)
class State:
    """What tells whether a record was changed: its rows in the outbox, the versions of the index and of its groups."""

    rows: frozenset[int]
    version: int
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """What was read of a record, and the state in which that is still what the database has."""

    both: Both
    state: State


@dataclass(frozen=True)
class _Unconfirmed:
    """A reading whose record CKAN has not asked to index yet; if it asks, then with `given`."""

    package_id: str
    given: Mapping[str, Any]
    reading: Reading


def install() -> None:
    """Lets CKAN read by `read`. May be called again."""
    logic.package_show_default_and_custom_schemas = read


def read(context: Context, package_id: str) -> Both:
    """Stands for CKAN's ``package_show_default_and_custom_schemas``: gives the same and remembers it.

    As CKAN's, it reads with ``ignore_auth``, so that what is given does not depend on who writes.
    """
    session: Session = model.Session()
    if documents.building() or not state.is_migrated(session.connection()):
        return _read_by_ckan(context, package_id)
    session.flush()
    before = _states(session.connection(), [package_id]).get(package_id)
    earlier: _Unconfirmed | None = session.info.pop(READ, None)
    if earlier is not None and earlier.package_id == package_id and earlier.reading.state == before:
        reading = earlier.reading
        both = _copied_both(reading.both)
    else:
        _forget_package(session, package_id)
        both = _read_by_ckan(context, package_id)
        if before is None or not _leaves_rows(both[0]):
            return both
        reading = Reading(_copied_both(both), before)
    session.info[READ] = _Unconfirmed(package_id, both[1], reading)
    return both


def _forget_package(session: Session, package_id: str) -> None:
    """What the session has in memory of a package may be older than the present transaction.

    Only its own columns are forgotten. All else is read from the tables anyway, and what is forgotten of resources and
    tags CKAN would read again one by one at the commit.
    """
    package = session.identity_map.get(identity_key(model.Package, package_id))
    if package is not None:
        session.expire(package, COLUMNS)


def _states(connection: Connection, ids: list[str]) -> dict[str, State]:
    rows = connection.execute(STATES, {"ids": ids})
    return {row.id: State(frozenset(row.rows), row.version, tuple(row.groups)) for row in rows}


def _leaves_rows(dataset: Mapping[str, Any]) -> bool:
    return dataset["type"] not in CHANGING_TYPES and not any(dataset.get(name) for name in RELATIONSHIPS)


def note(dataset: Mapping[str, Any], row: int) -> None:
    """Takes note that CKAN asks for a record to be indexed and that `row` of the outbox says so."""
    session: Session = model.Session()
    read: _Unconfirmed | None = session.info.pop(READ, None)
    noted: dict[str, Reading] = session.info.setdefault(NOTED, {})
    if read is not None and read.given is dataset.get("with_custom_schema") and len(noted) < MOST:
        state = read.reading.state
        noted[dataset["id"]] = replace(read.reading, state=replace(state, rows=state.rows | {row}))


def take() -> dict[str, Reading]:
    """What was noted in the session of this thread since the last time, by record."""
    return model.Session().info.pop(NOTED, {}) if model.Session.registry.has() else {}


def current(connection: Connection, noted: Mapping[str, Reading]) -> Known:
    """Those of the readings that are what the database has now; `connection` holds the turn."""
    states = _states(connection, list(noted)) if noted else {}
    return {key: reading.both for key, reading in noted.items() if states.get(key) == reading.state}


def _copied_both(both: Both) -> Both:
    return _copied(both[0]), _copied(both[1])


def _copied(value: Any) -> Any:
    """A copy that no change of the original reaches; what is neither an object nor a list is never changed."""
    if isinstance(value, dict):
        return {name: _copied(each) for name, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value
