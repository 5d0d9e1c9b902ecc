"""Whole answers in the memory of this process, as they left the portal, given again while the state is the same.

The outermost layer: what it gives went through all others once, so it has their headers. Only what `quick` may answer
is remembered, for people who are not signed in; the state is asked of the database before anything is given. Nothing
has to be removed to be right, and every process has a memory of its own.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.http import http_date
from werkzeug.wrappers import Response

from ckanext.mainz.foundation.requests import is_personal, takes_gzip
from ckanext.mainz.metadata.catalogue import quick
from ckanext.mainz.metadata.catalogue.answers import SETTLED
from ckanext.mainz.metadata.catalogue.state import State

WsgiApp = Callable[..., Iterable[bytes]]
#: Path, parameters, and whether it is packed.
Address = tuple[str, str, bool]
#: Status and headers.
Begun = tuple[str, list[tuple[str, str]]]

#: Bytes of answers that a process remembers at most. A record takes 3 kB, a page of a hundred 70 kB.
MOST = 16_000_000
#: What an answer needs beside its body: names, headers, entries of dictionaries.
AROUND = 2_000
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")


@dataclass(frozen=True)
class Delivered:
    """An answer as it left the portal, but for its date."""

    state: str
    """Key of the state it was made in."""
    until: datetime | None
    """When it gets a date that it does not have yet; None if it has one."""
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def size(self) -> int:
        return len(self.body) + AROUND

    def again(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The same answer to another request, or 304 where the client has it."""
        headers = [*self.headers, ("Date", http_date())]
        if any(name in environ for name in CONDITIONS):
            return Response(self.body, 200, headers).make_conditional(environ)(environ, start_response)
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.body]


class Memory:
    """Answers by their addresses, up to `most` bytes; what was not asked for the longest time goes first."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._size = most, 0
        self._answers: OrderedDict[Address, Delivered] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, address: Address, now: State) -> Delivered | None:
        """The answer, if it was made in the same state."""
        with self._lock:
            found = self._answers.get(address)
            if found is None or found.state != now.key or (found.until and now.index.now >= found.until):
                return None
            self._answers.move_to_end(address)
            return found

    def put(self, address: Address, answer: Delivered) -> None:
        """Remembers an answer in place of the one before."""
        with self._lock:
            self._forget(self._answers.pop(address, None))
            self._answers[address] = answer
            self._size += answer.size
            while self._size > self._most:
                self._forget(self._answers.popitem(last=False)[1])

    def _forget(self, answer: Delivered | None) -> None:
        self._size -= answer.size if answer else 0


def wrap(app: WsgiApp) -> WsgiApp:
    """Lays this layer around all others."""
    memory = Memory()

    def remembering(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if is_personal(environ) or quick.question_in(environ) is None or (now := quick.state_in(environ)) is None:
            return app(environ, start_response)
        address = environ["PATH_INFO"], environ.get("QUERY_STRING", ""), takes_gzip(environ)
        known = memory.get(address, now)
        if known:
            return known.again(environ, start_response)
        begun: list[Begun] = []

        def begin(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
            begun.append((status, headers))
            return start_response(status, headers)

        parts = app(environ, begin)
        if environ["REQUEST_METHOD"] != "GET":
            return parts
        return _passed_on(parts, lambda body: _keep(memory, address, begun[-1], body, now))

    return remembering


def _passed_on(parts: Iterable[bytes], keep: Callable[[bytes], None]) -> Iterator[bytes]:
    """The parts of an answer; what is to be done with the whole of it is done when all have left."""
    whole: list[bytes] = []
    try:
        for part in parts:
            whole.append(part)
            yield part
    finally:
        getattr(parts, "close", lambda: None)()
    keep(b"".join(whole))


def _keep(memory: Memory, address: Address, begun: Begun, body: bytes, now: State) -> None:
    if _is_for_everybody(begun):
        memory.put(address, _delivered(begun, body, now))


def _is_for_everybody(begun: Begun) -> bool:
    return begun[0].startswith("200 ") and not _has(begun, "set-cookie")


def _has(begun: Begun, name: str) -> bool:
    return any(known.lower() == name for known, _value in begun[1])


def _delivered(begun: Begun, body: bytes, now: State) -> Delivered:
    headers = tuple((name, value) for name, value in begun[1] if name.lower() != "date")
    until = None if _has(begun, "last-modified") else now.index.now + SETTLED
    return Delivered(now.key, until, headers, body)
