"""The outbox: every committed change of a dataset is a row until the engine has confirmed it.

Triggers of the database write the rows (``migration/``), in the transaction that makes the change; so a failed commit
leaves none, and no way of writing is forgotten. The indexer drains them right after the commit; where there is none,
whoever has committed does (`ckanext.mainz.search.handover`). What a crash or a broken index leaves, the worker drains
(`ckanext.mainz.search.jobs`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import ckan.config.middleware as middleware
import ckan.model as model
from ckan.types import AlchemySession
from flask import has_request_context
from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from ckanext.mainz.search import config, documents, handover, readings, state
from ckanext.mainz.search.embedded import Batch
from ckanext.mainz.search.errors import EngineError
from ckanext.mainz.search.generations import Generations
from ckanext.mainz.search.turn import TurnNotTaken, own_engine, turn

log = logging.getLogger(__name__)

BATCH = 100
RETRY_MINUTES = 5

WAITING = "mainz_search_waiting"

_deferred: ContextVar[bool] = ContextVar("mainz_search_deferred", default=False)

# Rows that failed wait; of the rest whole records are taken, oldest first.
CLAIM = text(
    """
    SELECT package_id, array_agg(sequence) AS sequences FROM mainz_search_outbox
    WHERE retry_at IS NULL OR retry_at <= now()
    GROUP BY package_id ORDER BY min(sequence) LIMIT :limit
    """
)
CONFIRM = text("DELETE FROM mainz_search_outbox WHERE sequence = ANY(:sequences) RETURNING narrows")
POSTPONE = text(
    """
    UPDATE mainz_search_outbox SET attempts = attempts + 1, error = :error,
        retry_at = now() + make_interval(mins => :minutes * (attempts + 1))
    WHERE sequence = ANY(:sequences)
    """
)
RETRY_NOW = text("UPDATE mainz_search_outbox SET retry_at = NULL WHERE retry_at IS NOT NULL")
ENQUEUE = text("INSERT INTO mainz_search_outbox (package_id) VALUES (:package_id) RETURNING sequence")
LOOK = text(
    """
    SELECT ARRAY(SELECT DISTINCT package_id FROM mainz_search_outbox WHERE narrows) AS hidden,
        EXISTS (SELECT FROM mainz_search_outbox WHERE retry_at IS NULL OR retry_at <= now()) AS due
    """
)


@dataclass(frozen=True)
class Claim:
    """A record to index and the rows that ask for it."""

    package_id: str
    sequences: tuple[int, ...]


@dataclass
class Drained:
    """What a drain did, in records."""

    indexed: int = 0
    removed: int = 0
    failed: int = 0


def listen() -> None:
    """Sees to it that the outbox is drained after every commit of CKAN's sessions. May be called again."""
    for target in (model.Session, model.meta.create_local_session):
        for name, listener in (("before_commit", _before_commit), ("after_commit", _after_commit)):
            if not event.contains(target, name, listener):
                event.listen(target, name, listener)


def _before_commit(session: Any) -> None:
    """Looks on the session's own connection whether its commit, or an earlier one, leaves something to index here."""
    if not (session.in_nested_transaction() or _deferred.get() or documents.building()):
        session.flush()
        connection = session.connection()
        session.info[WAITING] = state.is_migrated(connection) and handover.to_drain_here(connection)


def _after_commit(session: Any) -> None:
    if session.in_nested_transaction():
        return
    here = session.info.pop(WAITING, None)
    if here:
        _drain_or_leave()
    elif here is not None:
        readings.take()  # nobody in this process will read them


def _drain_or_leave() -> None:
    """Drains for a caller whose own work is done and committed: what goes wrong here is the worker's to mend.

    While CKAN is still loading, no document can be built: its addresses need the application.
    """
    if not _application_is_made():
        return
    try:
        drain()
    except TurnNotTaken:
        log.info("Another writer keeps the search index; the worker brings this change in.")
    except (SQLAlchemyError, EngineError, OSError):
        log.exception("A committed change did not reach the search index yet; its outbox row stays for the worker.")


def _application_is_made() -> bool:
    return has_request_context() or middleware._internal_test_request_context is not None


@contextmanager
def deferred() -> Iterator[None]:
    """Holds draining back in this thread for many writes in a row, and drains once at the end."""
    token = _deferred.set(True)
    try:
        yield
    finally:
        _deferred.reset(token)
        _drain_or_leave()


def retry_now() -> None:
    """Lets records that could not be indexed be tried at the next drain instead of when their time has come."""
    with own_engine().begin() as connection:
        connection.execute(RETRY_NOW)


def drain() -> Drained:
    """Brings every waiting change into the index.

    Raises `TurnNotTaken`, `EngineError` or `SQLAlchemyError`; the rows then stay.
    """
    done, noted = Drained(), readings.take()
    generations = Generations(config.folder())
    while True:
        with turn(config.wait_seconds()) as connection:
            claims = _claim(connection) if state.is_migrated(connection) else []
            if claims:
                _index(connection, generations, claims, readings.current(connection, noted), done)
        if claims:
            state.tell()
        if len(claims) < BATCH:
            return done


def _claim(connection: Connection) -> list[Claim]:
    rows = connection.execute(CLAIM, {"limit": BATCH})
    return [Claim(row.package_id, tuple(row.sequences)) for row in rows]


def _index(
    connection: Connection, generations: Generations, claims: Sequence[Claim], known: readings.Known, done: Drained
) -> None:
    confirmed: list[int] = []
    with documents.fresh_session(connection), generations.writing() as batches:
        for claim in claims:
            if _index_one(connection, batches, claim, known, done):
                confirmed.extend(claim.sequences)
    if confirmed:
        narrowing = connection.execute(CONFIRM, {"sequences": confirmed}).scalars().all()
        state.advance(connection, narrows=any(narrowing))


def _index_one(
    connection: Connection, batches: list[Batch], claim: Claim, known: readings.Known, done: Drained
) -> bool:
    try:
        document = documents.build(claim.package_id, known.get(claim.package_id))
        _write(batches, claim.package_id, document)
    except EngineError:
        raise
    except Exception as error:
        log.exception("The dataset %s cannot be indexed; tried again later.", claim.package_id)
        model.Session.rollback()
        _postpone(connection, claim, error)
        done.failed += 1
        return False
    if document is None:
        done.removed += 1
    else:
        done.indexed += 1
    return True


def _write(batches: list[Batch], package_id: str, document: dict[str, Any] | None) -> None:
    for batch in batches:
        if document is None:
            batch.delete_id(package_id)
        else:
            batch.add(document)


def _postpone(connection: Connection, claim: Claim, error: Exception) -> None:
    values = {"error": repr(error)[:500], "minutes": RETRY_MINUTES, "sequences": list(claim.sequences)}
    connection.execute(POSTPONE, values)


def enqueue(session: AlchemySession, package_id: str) -> int:
    """Asks for one record to be indexed with the commit of `session`, and gives the number of the row that asks."""
    return session.execute(ENQUEUE, {"package_id": package_id}).scalar_one()


def narrowed() -> frozenset[str]:
    """Ids of records whose waiting change takes readers away: no answer may name them until it is confirmed.

    Waits before that for the indexer, if changes are due that it has not brought in yet.
    """
    looked = model.Session.execute(LOOK).one()
    if looked.due and state.wait():
        looked = model.Session.execute(LOOK).one()
    return frozenset(looked.hidden)
