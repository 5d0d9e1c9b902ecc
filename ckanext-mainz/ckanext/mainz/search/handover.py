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

from sqlalchemy import text
from sqlalchemy.engine import Connection

log = logging.getLogger(__name__)

PRESENT = 0x4D5A4958  # "MZIX": the key of the advisory lock
CHANNEL = "mainz_search"
PATIENCE, LOOK = 1.0, 0.004
"""Seconds that a search waits at most, and from one look to the next."""
DISCOURAGED = 10.0
"""Seconds without waiting after patience ran out, so that an indexer that is stuck does not make every search slow."""
MANY = 100
"""Due rows from which on nobody waits: a harvest or an import is under way, and what it writes appears bit by bit."""

# The lock is shared, so that those who commit do not hinder each other, and ends with the transaction. As notifications
# come with the commit and are dropped by a rollback, this may be asked at any time before.
HAND_OVER = text(
    """
    SELECT CASE
        WHEN NOT EXISTS (SELECT FROM mainz_search_outbox WHERE retry_at IS NULL OR retry_at <= now()) THEN 'nothing'
        WHEN pg_try_advisory_xact_lock_shared(:key) THEN 'nobody'
        ELSE 'left' || CAST(pg_notify(:channel, '') AS text)
    END
    """
).bindparams(key=PRESENT, channel=CHANNEL)
LEFT_TO_DO = text(
    """
    SELECT CASE
        WHEN count(*) = 0 OR count(*) > :many THEN false
        ELSE NOT pg_try_advisory_xact_lock_shared(:key)
    END
    FROM (SELECT FROM mainz_search_outbox WHERE retry_at IS NULL OR retry_at <= now() LIMIT :many + 1) AS due
    """
).bindparams(key=PRESENT, many=MANY)
_given_up = [-DISCOURAGED]
"""When this process last ran out of patience, on its monotonic clock."""

WAKE = text("SELECT pg_notify(:channel, '')").bindparams(channel=CHANNEL)


def to_drain_here(connection: Connection) -> bool:
    """Whether rows are due and nobody else takes them; otherwise the indexer is woken by the commit of `connection`."""
    return connection.execute(HAND_OVER).scalar_one() == "nobody"


def wait(connection: Connection) -> bool:
    """Waits until the indexer has taken what others have committed, `PATIENCE` seconds at most.

    `connection` must be in autocommit, so that every look sees what is committed then. Whether there was anything to
    wait for.
    """
    if time.monotonic() < _given_up[0] + DISCOURAGED or not connection.execute(LEFT_TO_DO).scalar_one():
        return False
    connection.execute(WAKE)
    until = time.monotonic() + PATIENCE
    while connection.execute(LEFT_TO_DO).scalar_one():
        if time.monotonic() > until:
            _given_up[0] = time.monotonic()
            log.warning("The indexer did not bring in the latest changes within %s s; answered without them.", PATIENCE)
            break
        time.sleep(LOOK)
    return True
