"""The client of the benchmarks: one connection that stays open, and no work of its own that would be timed too."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 300
#: Browsers and harvesters take packed answers; unpacking them is their work, not the server's.
HEADERS = {"Accept": "*/*", "Accept-Encoding": "gzip"}


class Client:
    """Asks one server. `requests` would add half a millisecond to each call, more than a kept answer takes."""

    def __init__(self, url: str) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> float:
        """Milliseconds until an answer has arrived in full. Raises RuntimeError unless it is a success."""
        taken, _content = self._ask("GET", path, None, headers or {})
        return taken

    def post(self, path: str, data: Any, headers: Mapping[str, str]) -> float:
        """The same for data that are sent as JSON."""
        sent = json.dumps(data).encode()
        taken, _content = self._ask("POST", path, sent, {**headers, "Content-Type": "application/json"})
        return taken

    def read(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[float, Any]:
        """Milliseconds and what an action has answered."""
        taken, content = self._ask("GET", path, None, {"Accept-Encoding": "identity", **(headers or {})})
        return taken, json.loads(content)

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[float, bytes]:
        start = time.perf_counter()
        try:
            status, content = self._exchange(method, path, body, headers)
        except ConnectionError:  # the server has closed the connection while nobody asked
            self._connection.close()
            start = time.perf_counter()
            status, content = self._exchange(method, path, body, headers)
        taken = (time.perf_counter() - start) * 1000
        if not 200 <= status < 300:
            raise RuntimeError(f"{method} {path}: {status} {content[:500]!r}")
        return taken, content

    def _exchange(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
        self._connection.request(method, path, body, {**HEADERS, **headers})
        answer = self._connection.getresponse()
        return answer.status, answer.read()
