"""What is kept between requests: in Redis, packed, under names that are overwritten and not added to.

What is kept says itself what it was made from; whoever takes it out compares. So nothing here has to be removed to be
right, all web processes share it, and losing it costs time only.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit
from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

DAY = 24 * 3600
Command = tuple[str | bytes | int, ...]

_waiting: ContextVar[list[Command] | None] = ContextVar("mainz_catalogue_waiting", default=None)


@cache
def client() -> Redis:
    """One client for the process (its pool minds forks): making one takes as long as asking it."""
    return connect_to_redis()


def get(name: str) -> bytes | None:
    """What was kept under a name, if it is still there."""
    return get_many([name])[0]


def get_many(names: Sequence[str]) -> list[bytes | None]:
    """What was kept under these names, in their order."""
    if not names:
        return []
    try:
        return client().mget([key(name) for name in names])  # pyright: ignore[reportReturnType]
    except RedisError as error:
        log.warning("Redis cannot be read, so RDF is written anew: %s", error)
        return [None] * len(names)


def put(name: str, value: bytes, seconds: int = DAY) -> None:
    """Keeps a value for some time."""
    put_many({name: value}, seconds)


def put_many(values: Mapping[str, bytes], seconds: int) -> None:
    """Keeps values for some time."""
    send([("SET", key(name), value, "EX", seconds) for name, value in values.items()])


def send(commands: Sequence[Command]) -> None:
    """Has Redis do something. Nobody is told when it cannot, but the log."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.extend(commands)
    elif commands:
        _send(commands)


@contextmanager
def held_back() -> Iterator[list[Command]]:
    """Holds back what is sent within the block, for whoever sends it at once and later: nobody has to wait for it."""
    commands: list[Command] = []
    token = _waiting.set(commands)
    try:
        yield commands
    finally:
        _waiting.reset(token)


def _send(commands: Sequence[Command]) -> None:
    try:
        pipeline = client().pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        pipeline.execute()
    except RedisError as error:
        log.warning("Redis cannot be written to, so RDF is not kept: %s", error)


def first_in(name: str, seconds: int) -> bool:
    """Whether nobody has asked this within so many seconds. True when Redis cannot say."""
    try:
        return bool(client().set(key(name), b"1", ex=seconds, nx=True))
    except RedisError:
        return True


def key(name: str) -> str:
    """What a value of this name is called in Redis."""
    return f"mainz:{toolkit.config['ckan.site_id']}:catalogue:{name}"
