"""One run of a source at a time, over all processes: a lock of Postgres that ends with the process that holds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ckan.model as model
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

SPACE = 0x4D5A4856  # "MZHV": keeps these locks apart from others
TRY = text("SELECT pg_try_advisory_lock(:space, hashtext(:source))")


class SourceBusy(Exception):
    """Another run of the same source is going on."""


@contextmanager
def only_run(source_id: str) -> Iterator[None]:
    """Holds the lock of a source on a connection of its own. Raises `SourceBusy`."""
    url = model.Session.get_bind().engine.url
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.execute(TRY, {"space": SPACE, "source": source_id}).scalar_one():
            raise SourceBusy(source_id)
        yield
