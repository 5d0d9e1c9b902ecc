"""Index documents: built by CKAN's own indexing, caught before they reach an engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import ckan.model as model
from ckan import logic
from ckan.types import Context
from sqlalchemy.engine import Connection

Both = tuple[dict[str, Any], dict[str, Any]]
"""A record by CKAN's schema and by that of its type."""

_caught: ContextVar[list[dict[str, Any]] | None] = ContextVar("mainz_search_caught", default=None)


def catch(documents: list[dict[str, Any]]) -> bool:
    """Called by the seam: keeps the documents if a `build` is under way, and says whether one is."""
    sink = _caught.get()
    if sink is None:
        return False
    sink.extend(documents)
    return True


def building() -> bool:
    """Whether CKAN's indexing runs on behalf of `build` right now."""
    return _caught.get() is not None


def build(package_id: str, known: Both | None = None) -> dict[str, Any] | None:
    """The index document of a dataset as the database has it now; None if it is not to be in the index.

    Reads with the session of this thread, see `fresh_session`; of the record itself nothing if `known` is what the
    database has.
    """
    sink: list[dict[str, Any]] = []
    token = _caught.set(sink)
    try:
        if known is None:
            logic.index_update_package(Context(ignore_auth=True), package_id)
        else:
            logic.index_update_package_dicts(known)
    except logic.NotFound:
        return None
    finally:
        _caught.reset(token)
    return sink[0] if sink else None


@contextmanager
def fresh_session(connection: Connection) -> Iterator[None]:
    """Lends CKAN's scoped session a new one on `connection`, so that what is read is what is committed.

    The session of the caller, which may be in the middle of its own commit, is put back untouched. Rolling the lent
    session back leaves the transaction of `connection` as it is.
    """
    registry = model.Session.registry
    before = registry() if registry.has() else None
    registry.set(model.Session.session_factory(bind=connection, join_transaction_mode="create_savepoint"))
    try:
        yield
    finally:
        model.Session.remove()
        if before is not None:
            registry.set(before)
