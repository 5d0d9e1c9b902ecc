"""Taking turns at the index: one writer at a time over all processes, in the order of asking.

The turn is a transaction-level advisory lock of Postgres: its queue is first come, first served, it ends with the
connection of a killed process, and it needs nothing beside the database, without which there is nothing to index.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import ckan.model as model
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

TURN = 0x4D5A5345  # "MZSE": the key of the advisory lock
LOCK_NOT_AVAILABLE = "55P03"
# A turn only deletes outbox rows. Losing that in a power failure repeats work, so it need not wait for the disk.
PREPARE = text("SELECT set_config('lock_timeout', :wait, true), set_config('synchronous_commit', 'off', true)")


class TurnNotTaken(Exception):
    """Another writer kept the index longer than we were ready to wait."""


@contextmanager
def turn(seconds: float) -> Iterator[Connection]:
    """A connection of its own that holds the turn until its transaction ends.

    Raises `TurnNotTaken` after `seconds`.
    """
    with own_engine().begin() as connection:
        connection.execute(PREPARE, {"wait": f"{round(seconds * 1000)}ms"})
        try:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TURN})
        except OperationalError as error:
            if getattr(error.orig, "pgcode", None) != LOCK_NOT_AVAILABLE:
                raise
            raise TurnNotTaken from error
        yield connection


def own_engine() -> Engine:
    """Connections to CKAN's database beside CKAN's pool, for this process.

    A request that waits for its turn keeps its connection of CKAN's pool; whoever has the turn must not need one.
    """
    engine = model.meta.engine
    if engine is None:
        raise RuntimeError("CKAN's model is not initialised; the search index needs its database.")
    return _engine_of(os.getpid(), engine)


@lru_cache(maxsize=1)
def _engine_of(_process: int, engine: Engine) -> Engine:
    return create_engine(engine.url, pool_size=2, max_overflow=-1, pool_pre_ping=True)
