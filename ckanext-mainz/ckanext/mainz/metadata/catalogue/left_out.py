"""Records that could not be written as RDF, with the reason, until they can."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from redis.exceptions import RedisError

from ckanext.mainz.metadata.catalogue import cache

log = logging.getLogger(__name__)

LONGEST = 500


def note(id: str, error: Exception) -> None:
    """Remembers that a record is missing in the catalogue."""
    try:
        cache.client().hset(_key(), id, f"{type(error).__name__}: {error}"[:LONGEST])
    except RedisError:
        log.warning("Redis cannot be written to, so only the log knows that the catalogue leaves out %s.", id)


def settle(ids: Sequence[str]) -> None:
    """Forgets records that can be written again."""
    if ids:
        cache.send([("HDEL", _key(), *ids)])


def all_of_them() -> dict[str, str]:
    """Why records are missing in the catalogue, by their ids. Raises `RedisError`."""
    found = cache.client().hgetall(_key())
    return {id.decode(): reason.decode("utf-8", "replace") for id, reason in found.items()}  # pyright: ignore


def _key() -> str:
    return cache.key("left-out")
