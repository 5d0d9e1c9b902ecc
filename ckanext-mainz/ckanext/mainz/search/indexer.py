"""The process that brings committed changes into the index, so that no request has to.

Started by the runtime (entry points `ckanext.mainz.processes`). It may be killed at any moment: a row leaves the outbox
only when the engine has confirmed its change.
"""

from __future__ import annotations

import logging
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.model as model
import psycopg2
from flask import current_app
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from ckanext.mainz.search import handover, jobs, outbox
from ckanext.mainz.search.errors import EngineError
from ckanext.mainz.search.turn import TurnNotTaken, own_engine

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds until it looks without being woken: for rows that wait for a second try, or were written past CKAN."""
PAUSE = 2.0
"""Seconds after something went wrong."""


def run() -> None:
    """Drains the outbox whenever something is committed, until the process ends. Needs CKAN loaded."""
    while True:
        try:
            with _present() as connection:
                log.info("The indexer is at work.")
                while True:
                    _wait(connection, EVERY if _drained() else PAUSE)
        except (SQLAlchemyError, psycopg2.Error):
            log.exception("The indexer has lost the database; it tries again.")
            time.sleep(PAUSE)


@contextmanager
def _present() -> Iterator[Connection]:
    """A connection that holds the lock by which others know that somebody is there, and hears their commits.

    Waits while another indexer holds it.
    """
    engine = create_engine(own_engine().url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": handover.PRESENT})
        connection.exec_driver_sql(f"LISTEN {handover.CHANNEL}")
        yield connection


def _drained() -> bool:
    """Whether the outbox could be drained. In a request of its own: what CKAN keeps for a request grows old."""
    try:
        with current_app.test_request_context():
            outbox.drain()
    except TurnNotTaken:
        log.info("Another writer keeps the search index; tried again.")
    except EngineError:
        log.exception("The search index cannot be written.")
        jobs.ask_for_repair()
    except (SQLAlchemyError, OSError):
        log.exception("Committed changes did not reach the search index; tried again.")
    else:
        return True
    finally:
        model.Session.remove()
    return False


def _wait(connection: Connection, seconds: float) -> None:
    """Until a commit wakes us or `seconds` are over. Raises psycopg2's errors when the database has gone."""
    raw: Any = connection.connection.dbapi_connection
    select.select([raw], [], [], seconds)
    raw.poll()
    raw.notifies.clear()
