"""Does a change for real, looks at the outcome, and takes it back.

A proposal is what a stock action would have made of a record. No copy of CKAN's code says that as surely as CKAN: so
the action runs whole (validators, derived values, checks before publication, new ids) in a transaction of its own that
is rolled back. Only what is no part of the database stays: the bytes of an upload, which lie under a key of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import ckan.model as model

_running: ContextVar[bool] = ContextVar("mainz_governance_rehearsal", default=False)


def running() -> bool:
    """Whether what is being written will be taken back."""
    return _running.get()


@contextmanager
def rehearsal() -> Iterator[None]:
    """Whatever is written through ``model.Session`` within this block is taken back at its end.

    CKAN's session is replaced by one on a connection of its own, whose commits end only a savepoint. What the caller
    has not committed is not seen in it.
    """
    token = _running.set(True)
    registry = model.Session.registry
    before = registry() if registry.has() else None
    connection = model.ensure_engine().connect()
    transaction = connection.begin()
    registry.set(model.Session.session_factory(bind=connection, join_transaction_mode="create_savepoint"))
    try:
        yield
    finally:
        # Also where the connection is gone: else all that follows in this thread would be taken for a rehearsal.
        try:
            model.Session.remove()
            transaction.rollback()
            connection.close()
        finally:
            if before is not None:
                registry.set(before)
            else:
                registry.clear()
            _running.reset(token)
