"""How far the index is, for rooms that keep answers made from it (`ckanext.mainz.foundation.interfaces.IIndex`).

The version is a row beside the outbox and changes in the transaction that takes rows off it. So whoever reads both in
one statement sees either a row that narrows, or the version of an index that has taken it: never neither.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import ckan.plugins as p
from sqlalchemy import text
from sqlalchemy.engine import Connection

from ckanext.mainz.foundation.interfaces import IIndexObserver, IndexState
from ckanext.mainz.foundation.prepared import Prepared, reading_engine
from ckanext.mainz.search import handover

READ = Prepared(
    "mainz_search_state",
    """
    SELECT number, token::text AS token, changed, clock_timestamp() AS now, tightened,
        ARRAY(SELECT DISTINCT package_id FROM mainz_search_outbox WHERE narrows) AS hidden,
        EXISTS (SELECT FROM mainz_search_outbox WHERE retry_at IS NULL OR retry_at <= now()) AS due
    FROM mainz_search_version
    """,
)
ADVANCE = text(
    """
    UPDATE mainz_search_version SET number = number + 1, token = gen_random_uuid(), changed = clock_timestamp(),
        tightened = CASE WHEN :narrows THEN number + 1 ELSE tightened END
    """
)
EXISTS = text("SELECT to_regclass('mainz_search_version') IS NOT NULL")  # the last of our tables to be made

_migrated: set[str] = set()


def is_migrated(connection: Connection, *, afresh: bool = False) -> bool:
    """Whether the tables of this room are there; CKAN also works on a database before its migrations.

    `afresh`: looks also where they were once found, as ``ckan db clean`` drops them.
    """
    key = str(connection.engine.url)
    if afresh:
        _migrated.discard(key)
    if key not in _migrated and connection.execute(EXISTS).scalar():
        _migrated.add(key)
    return key in _migrated


class _Row(NamedTuple):
    """What `READ` finds."""

    number: int
    token: str
    changed: datetime
    now: datetime
    tightened: int
    hidden: list[str]
    due: bool


def read() -> IndexState:
    """The state now; what other sessions have committed is in the index, or hidden. Raises `SQLAlchemyError`."""
    row = _row()
    if row.due and wait():
        row = _row()
    return IndexState(row.number, row.token, row.changed, row.now, row.tightened, frozenset(row.hidden))


def _row() -> _Row:
    return _Row(*READ.row())


def wait() -> bool:
    """Waits for the indexer as `handover.wait` does, on a connection of its own. Raises `SQLAlchemyError`."""
    with reading_engine().connect() as connection:
        return handover.wait(connection)


def advance(connection: Connection, *, narrows: bool) -> None:
    """Notes that the index has taken changes, as part of the transaction of `connection`.

    `narrows`: records lost readers by it, or nobody knows what changed.
    """
    connection.execute(ADVANCE, {"narrows": narrows})


def tell() -> None:
    """Tells the other rooms that the index has changed; to be called after the commit."""
    for plugin in p.PluginImplementations(IIndexObserver):
        plugin.index_changed()
