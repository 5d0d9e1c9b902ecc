"""Building the index anew beside the one that is served, checking it, repairing it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import ckan.model as model
from sqlalchemy import text

from ckanext.mainz.search import config, documents, outbox, state
from ckanext.mainz.search.embedded import Batch, EmbeddedEngine, fingerprint
from ckanext.mainz.search.errors import EngineError
from ckanext.mainz.search.generations import Generations
from ckanext.mainz.search.turn import own_engine, turn

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
CHUNK = 50
PATIENCE = 600  # seconds that a rebuild waits for its turn
IDS = text("SELECT id FROM package WHERE state <> 'deleted' ORDER BY id")


@dataclass(frozen=True)
class Drift:
    """Where index and database differ, as record ids. All empty if nothing drifted."""

    missing: tuple[str, ...]
    outdated: tuple[str, ...]
    ghosts: tuple[str, ...]
    unreadable: tuple[str, ...]
    checked: int

    def ids(self) -> tuple[str, ...]:
        """Records that indexing again repairs."""
        return self.missing + self.outdated + self.ghosts


def usable(generations: Generations) -> bool:
    """Whether an index of today's shape is there and whole."""
    try:
        generations.current().check()
    except EngineError as error:
        log.warning("The search index cannot be used and is built anew: %s", error)
        return False
    return True


def rebuild(progress: Progress) -> int:
    """Builds a new generation and serves it; the old one answers meanwhile. Returns the number of records."""
    generations = Generations(config.folder())
    generations.folder.mkdir(parents=True, exist_ok=True)
    with turn(PATIENCE):
        if not usable(generations):
            generations.forget()
        engine = generations.begin()
    done, ids = 0, _package_ids()
    for chunk in _chunks(ids):
        done += _fill(engine, chunk)
        progress("search index", done, len(ids))
    with turn(PATIENCE) as connection:
        generations.finish()
        generations.sweep()
        state.advance(connection, narrows=True)
    state.tell()
    outbox.drain()
    return done


def _package_ids() -> list[str]:
    with own_engine().connect() as connection:
        return list(connection.execute(IDS).scalars())


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _fill(engine: EmbeddedEngine, ids: Sequence[str]) -> int:
    """Writes one chunk. The turn is held while its records are read, so that no later change is overtaken."""
    with turn(PATIENCE) as connection, documents.fresh_session(connection), engine.writing() as batch:
        failed = [package_id for package_id in ids if not _add(batch, package_id)]
    if failed:
        repair(failed)
    return len(ids)


def _add(batch: Batch, package_id: str) -> bool:
    try:
        if (document := documents.build(package_id)) is not None:
            batch.add(document)
    except EngineError:
        raise
    except Exception:
        log.exception("The dataset %s cannot be indexed; the outbox tries again.", package_id)
        model.Session.rollback()
        return False
    return True


def check(progress: Progress) -> Drift:
    """Compares every document of the index with what the database gives now. Changes nothing."""
    outbox.drain()
    with turn(PATIENCE) as connection, documents.fresh_session(connection):
        indexed = dict(Generations(config.folder()).current().stamps())
        expected, unreadable = _expected(progress)
    missing = tuple(sorted(expected.keys() - indexed.keys()))
    ghosts = tuple(sorted(indexed.keys() - expected.keys() - set(unreadable)))
    outdated = tuple(sorted(key for key in expected.keys() & indexed.keys() if expected[key] != indexed[key]))
    return Drift(missing, outdated, ghosts, tuple(unreadable), len(expected))


def _expected(progress: Progress) -> tuple[dict[str, str], list[str]]:
    expected: dict[str, str] = {}
    unreadable: list[str] = []
    ids = _package_ids()
    for number, package_id in enumerate(ids, 1):
        try:
            document = documents.build(package_id)
        except Exception:
            log.exception("The dataset %s cannot be read.", package_id)
            model.Session.rollback()
            unreadable.append(package_id)
            continue
        if document is not None:
            expected[package_id] = fingerprint(document)
        progress("search check", number, len(ids))
    return expected, unreadable


def repair(ids: Iterable[str]) -> None:
    """Indexes these records again, ghosts included, by way of the outbox."""
    with own_engine().begin() as connection:
        for package_id in ids:
            connection.execute(outbox.ENQUEUE, {"package_id": package_id})
    outbox.drain()
