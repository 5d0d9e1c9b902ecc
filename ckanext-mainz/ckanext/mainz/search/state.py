"""How far the index is, for rooms that keep answers made from it (`ckanext.mainz.foundation.interfaces.IIndex`).

The version is a row beside the outbox and changes in the transaction that takes rows off it. So whoever reads both in
one statement sees either a row that narrows, or the version of an index that has taken it: never neither.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

import ckan.plugins as p
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError

from ckanext.mainz.foundation.interfaces import IIndexObserver, IndexState
from ckanext.mainz.search import handover
from ckanext.mainz.search.turn import own_engine

READ = """
    SELECT number, token::text AS token, changed, clock_timestamp() AS now, tightened,
        ARRAY(SELECT DISTINCT package_id FROM mainz_search_outbox WHERE narrows) AS hidden,
        EXISTS (SELECT FROM mainz_search_outbox WHERE retry_at IS NULL OR retry_at <= now()) AS due
    FROM mainz_search_version
    """
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


def read() -> IndexState:
    """The state now; what other sessions have committed is in the index, or hidden. Raises `SQLAlchemyError`."""
    try:
        return _read()
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        return _read()  # the database was restarted; the pool has thrown its dead connections away


def wait() -> bool:
    """Waits for the indexer as `handover.wait` does, on a connection of its own. Raises `SQLAlchemyError`."""
    with _reading(os.getpid(), own_engine().url).connect() as connection:
        return handover.wait(connection)


def _read() -> IndexState:
    with _reading(os.getpid(), own_engine().url).connect() as connection:
        row: Any = connection.exec_driver_sql(READ).one()
        if row.due and handover.wait(connection):
            row = connection.exec_driver_sql(READ).one()
    return IndexState(row.number, row.token, row.changed, row.now, row.tightened, frozenset(row.hidden))


@lru_cache(maxsize=1)
def _reading(_process: int, url: URL) -> Engine:
    """Connections for this one statement, which answers thousands of requests: no transaction, no ping before it."""
    return create_engine(url, pool_size=1, max_overflow=-1, isolation_level="AUTOCOMMIT")


def advance(connection: Connection, *, narrows: bool) -> None:
    """Notes that the index has taken changes, as part of the transaction of `connection`.

    `narrows`: records lost readers by it, or nobody knows what changed.
    """
    connection.execute(ADVANCE, {"narrows": narrows})


def tell() -> None:
    """Tells the other rooms that the index has changed; to be called after the commit."""
    for plugin in p.PluginImplementations(IIndexObserver):
        plugin.index_changed()
