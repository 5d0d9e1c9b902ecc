"""Handing committed changes over to the indexer (`ckanext.mainz.search.indexer`), and waiting until it has them.

The indexer is a process that holds an advisory lock of Postgres as long as it lives. Whoever commits tries the lock:
if that fails, somebody is there, and a notification in the same transaction wakes it at the commit. If nobody is there,
the committing process drains the outbox itself. So a portal without an indexer works as well, only its writes take
longer, and a killed one is missed by the next commit already.

What was acknowledged must be found at once. So whoever searches waits while rows are due and somebody is there to take
them. Rows that take readers away need no waiting: what they name is hidden from the moment of their commit.
"""

from __future__ import annotations

import logging
import time

from sqlalchemy.engine import Connection

log = logging.getLogger(__name__)

PRESENT = 0x4D5A4958  # "MZIX": the key of the advisory lock
CHANNEL = "mainz_search"
PATIENCE, LOOK = 1.0, 0.004
"""Seconds that a search waits at most, and from one look to the next."""
MANY = 100
"""Due rows from which on nobody waits: a harvest or an import is under way, and what it writes appears bit by bit."""

DUE = "retry_at IS NULL OR retry_at <= now()"

# Shared, so that those who commit do not hinder each other; it ends with the transaction. As notifications come with the
# commit and are dropped by a rollback, this may be asked at any time before.
HAND_OVER = f"""
    SELECT CASE
        WHEN NOT EXISTS (SELECT FROM mainz_search_outbox WHERE {DUE}) THEN 'nothing'
        WHEN pg_try_advisory_xact_lock_shared({PRESENT}) THEN 'nobody'
        ELSE 'left' || CAST(pg_notify('{CHANNEL}', '') AS text)
    END
    """
LEFT_TO_DO = f"""
    SELECT CASE
        WHEN count(*) = 0 OR count(*) > {MANY} THEN false
        ELSE NOT pg_try_advisory_xact_lock_shared({PRESENT})
    END
    FROM (SELECT FROM mainz_search_outbox WHERE {DUE} LIMIT {MANY + 1}) AS due
    """


def to_drain_here(connection: Connection) -> bool:
    """Whether rows are due and nobody else takes them; otherwise the indexer is woken by the commit of `connection`."""
    return connection.exec_driver_sql(HAND_OVER).scalar_one() == "nobody"


def wait(connection: Connection) -> bool:
    """Waits until the indexer has taken what others have committed, `PATIENCE` seconds at most.

    `connection` must be in autocommit, so that every look sees what is committed then. Whether there was anything to
    wait for.
    """
    if not connection.exec_driver_sql(LEFT_TO_DO).scalar_one():
        return False
    connection.exec_driver_sql(f"NOTIFY {CHANNEL}")
    until = time.monotonic() + PATIENCE
    while connection.exec_driver_sql(LEFT_TO_DO).scalar_one():
        if time.monotonic() > until:
            log.warning("The indexer did not bring in the latest changes within %s s; answered without them.", PATIENCE)
            break
        time.sleep(LOOK)
    return True
