"""Statements that nearly every request asks: planned once a connection, and with nothing around them.

Measured for the state of the search index: 0.07 ms as text and 0.04 ms prepared, and SQLAlchemy takes 0.2 ms to ask it.
"""

from __future__ import annotations

import os
import threading
from functools import lru_cache
from typing import Any

import ckan.model as model
import psycopg2
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.pool import NullPool


class Prepared:
    """A statement that only reads, on connections beside CKAN's: it sees what is committed at this moment.

    `text` has ``$1``, ``$2`` … where its `values` go; `name` is its own in the whole portal.
    """

    def __init__(self, name: str, text: str, values: int = 0) -> None:
        self._name, self._text = name, text
        places = f"({', '.join(['%s'] * values)})" if values else ""
        self._execute = f"EXECUTE {name} {places}"

    def row(self, *values: Any) -> tuple[Any, ...]:
        """The first row of what it finds. Raises `SQLAlchemyError`, also where there is none."""
        found = self.rows(*values)
        if not found:
            raise NoResultFound(f"{self._name} finds nothing")
        return found[0]

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:
        """What it finds. Raises `SQLAlchemyError`."""
        try:
            return self._rows(values)
        except psycopg2.Error:
            _of_thread.connection = None  # the database was restarted, or its tables were made anew
        try:
            return self._rows(values)
        except psycopg2.Error as error:
            _of_thread.connection = None
            raise DBAPIError(self._text, values, error) from error

    def _rows(self, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        connection = _connection()
        if self._name not in connection.planned:
            connection.cursor.execute(f"PREPARE {self._name} AS {self._text}")
            connection.planned.add(self._name)
        connection.cursor.execute(self._execute, values)
        return connection.cursor.fetchall()


class _Connection:
    """A connection of one thread, which ends with it, and the names of what is planned on it."""

    def __init__(self, engine: Engine) -> None:
        self.process, self.engine = os.getpid(), engine
        self.raw = reading_engine().raw_connection()
        self.cursor: Any = self.raw.cursor()
        self.planned: set[str] = set()


class _OfThread(threading.local):
    connection: _Connection | None = None


_of_thread = _OfThread()


def _connection() -> _Connection:
    known, engine = _of_thread.connection, _engine()
    if known is None or known.engine is not engine or known.process != os.getpid():
        known = _of_thread.connection = _Connection(engine)
    return known


def _engine() -> Engine:
    if model.meta.engine is None:
        raise RuntimeError("CKAN's model is not initialised; there is no database to read.")
    return model.meta.engine


def reading_engine() -> Engine:
    """Makes connections to CKAN's database that are in no transaction; nobody keeps them."""
    return _beside(os.getpid(), _engine())


@lru_cache(maxsize=1)
def _beside(_process: int, engine: Engine) -> Engine:
    return create_engine(engine.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
