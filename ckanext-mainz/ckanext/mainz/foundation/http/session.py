"""The session: attempts, redirects, turns, and where a body goes."""

from __future__ import annotations

import email.utils
import hashlib
import itertools
import os
import re
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

from urllib3.util import Url

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.foundation.http.answers import (
    NOT_MODIFIED,
    SNIFFED,
    Download,
    Response,
    Validators,
    bad_status,
    begins_like_html,
    page_instead_of_data,
)
from ckanext.mainz.foundation.http.errors import AddressRefused, BadResponse, HttpError
from ckanext.mainz.foundation.http.exchange import Exchange, named_errors
from ckanext.mainz.foundation.http.policy import HttpPolicy
from ckanext.mainz.foundation.http.request import Request, new_request, port_refused, redirected
from ckanext.mainz.foundation.http.wire import (
    Pace,
    Resolver,
    open_connection,
    port_of,
    proxy_headers,
    system_resolver,
    tls_context,
)

WORTH_ANOTHER_TRY = (408, 425, 429, 500, 502, 503, 504)
_chance = secrets.SystemRandom()
_Taken = TypeVar("_Taken")
_Target = Callable[[], AbstractContextManager[BinaryIO]]


class Session:
    """Sends requests under one policy. `sleep` and `resolver` are given by tests."""

    def __init__(
        self,
        policy: HttpPolicy,
        *,
        sleep: Callable[[float], None] = time.sleep,
        resolver: Resolver = system_resolver,
    ) -> None:
        self.policy = policy
        self._sleep = sleep
        self._resolver = resolver
        self._context = tls_context(policy.ca_bundle)
        self._turns = _Turns(policy.max_parallel_per_host)

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, unless: Validators | None = None) -> Response:
        """The answer to GET, whatever its status is; see `Response.checked`.

        With `unless`, the status is 304 and the body empty when the server still has that version.
        Raises `HttpError`, and `TooLarge` above ``max_bytes``.
        """
        request = new_request("GET", url, headers, unless=unless)
        return self._perform(request, self._read)

    def post(
        self,
        url: str,
        body: bytes,
        *,
        content_type: str,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
    ) -> Response:
        """The answer to POST. `repeatable` says that it only asks (a query of a catalogue) and may be tried again."""
        request = new_request("POST", url, {**(headers or {}), "Content-Type": content_type}, body=body)
        return self._perform(replace(request, repeatable=repeatable), self._read)

    def probe(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        """Whether something answers at `url`: status and headers, no body.

        Asks with HEAD, and again with GET if that was refused in any way, since many servers know no HEAD.
        """
        request = new_request("HEAD", url, headers)
        try:
            answer = self._perform(replace(request, repeatable=False), _head)
        except AddressRefused:
            raise
        except HttpError:
            answer = None
        return answer if answer and answer.status < 400 else self._perform(replace(request, method="GET"), _head)

    def download(
        self,
        url: str,
        to: BinaryIO | Path,
        *,
        headers: Mapping[str, str] | None = None,
        unless: Validators | None = None,
        html: bool = True,
    ) -> Download:
        """Writes the body of a successful answer to `to` and says how much it was.

        A path appears only when everything has arrived. A file that is open (it must be able to `seek`) is written from
        where it stands, and cut there again if the download fails. `html=False` refuses an HTML page.
        Raises `HttpError`, and `TooLarge` above ``max_download_bytes``.
        """
        request = new_request("GET", url, headers, unless=unless)
        target = partial(_new_file, to) if isinstance(to, Path) else partial(_open_file, to, to.tell())
        store = partial(_store, target=target, limit=self.policy.max_download_bytes, html=html)
        return self._perform(request, store)

    def _read(self, exchange: Exchange) -> Response:
        body = b"".join(exchange.content(self.policy.max_bytes))
        return Response(exchange.url, exchange.status, exchange.headers, body)

    def _perform(self, request: Request, take: Callable[[Exchange], _Taken]) -> _Taken:
        """What `take` makes of the answer, after as many attempts as the policy grants."""
        for attempt in itertools.count():
            may_repeat = request.repeatable and attempt < self.policy.retries
            try:
                with self._follow(request) as exchange:
                    wait = self._wait_for_better(exchange, attempt) if may_repeat else None
                    if wait is None:
                        return take(exchange)
            except HttpError as error:
                if not (may_repeat and error.temporary):
                    raise
                wait = self._back_off(attempt)
            self._sleep(wait)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _wait_for_better(self, exchange: Exchange, attempt: int) -> float | None:
        """Seconds until another try is worth it, None if this answer is the one to take."""
        if exchange.status not in WORTH_ANOTHER_TRY:
            return None
        asked = _retry_after(exchange.headers.get("Retry-After", ""))
        if asked is None:
            return self._back_off(attempt)
        return asked if asked <= self.policy.max_retry_wait else None

    def _back_off(self, attempt: int) -> float:
        """Doubles with every attempt; by chance up to half less, so that many do not come back at the same moment."""
        longest = min(self.policy.retry_wait * 2**attempt, self.policy.max_retry_wait)
        return longest * _chance.uniform(0.5, 1)

    @contextmanager
    def _follow(self, request: Request) -> Iterator[Exchange]:
        """The exchange at the end of all redirects, open while the context is."""
        start, step = request.url.url, request
        pace = Pace.starting_now(self.policy)
        try:
            for _ in range(self.policy.max_redirects + 1):
                with self._turns.at(step.url, pace) as pace, self._exchange(step, pace) as exchange:
                    following = redirected(step, exchange.status, exchange.headers.get("Location", ""))
                    if following is None:
                        yield exchange
                        return
                step = following
            raise BadResponse(
                step.url.url,
                N_("{url} was not requested: there were more than {limit} redirects before. Enter the final address."),
                limit=self.policy.max_redirects,
            )
        except HttpError as error:
            if error.url != start:
                error.start = start
            raise

    @contextmanager
    def _exchange(self, request: Request, pace: Pace) -> Iterator[Exchange]:
        url = request.url
        if not self.policy.addresses.permits_port(port_of(url)):
            raise port_refused(url)
        with closing(open_connection(url, self.policy, pace, self._context, self._resolver)) as connection:
            full = connection.sends_full_address
            headers = self._headers(request, proxy_headers(self.policy) if full else {})
            with named_errors(url.url, pace, self.policy.connect_timeout):
                connection.connect()
            with named_errors(url.url, pace, pace.pause):
                target = url._replace(fragment=None).url if full else url.request_uri
                connection.request(
                    request.method, target, request.body, headers, preload_content=False, decode_content=False
                )
                raw = connection.getresponse()
            with closing(raw):
                yield Exchange(url.url, raw, pace)

    def _headers(self, request: Request, more: Mapping[str, str]) -> dict[str, str]:
        own = {"User-Agent": self.policy.user_agent, "Accept-Encoding": "gzip, deflate", "Connection": "close"}
        taken = {name.lower() for name in own}
        return {**own, **{name: value for name, value in request.headers.items() if name.lower() not in taken}, **more}


def _retry_after(value: str) -> float | None:
    """Seconds that ``Retry-After`` asks for, as a number or a date (RFC 9110, 10.2.3); None if it is neither."""
    value = value.strip()
    if re.fullmatch("[0-9]{1,9}", value):
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())


def _head(exchange: Exchange) -> Response:
    return Response(exchange.url, exchange.status, exchange.headers)


def _store(exchange: Exchange, *, target: _Target, limit: int, html: bool) -> Download:
    if exchange.status == NOT_MODIFIED:
        return Download(exchange.url, exchange.status, exchange.headers)
    if not 200 <= exchange.status < 300:
        raise bad_status(exchange.url, exchange.status)
    digest, size, start = hashlib.sha256(), 0, b""
    with target() as file:
        for block in exchange.content(limit):
            if len(start) < SNIFFED:
                start += block[:SNIFFED]
                _refuse_page(exchange, start, html=html)
            size += file.write(block)
            digest.update(block)
    return Download(exchange.url, exchange.status, exchange.headers, size, digest.hexdigest())


def _refuse_page(exchange: Exchange, start: bytes, *, html: bool) -> None:
    if not html and begins_like_html(start):
        raise page_instead_of_data(exchange.url, exchange.status)


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file beside `path` that takes its place at the end and goes when anything fails."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:50]}.")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def _open_file(file: BinaryIO, position: int) -> Iterator[BinaryIO]:
    """`file` from `position` on; what an earlier attempt has left there goes first, and what a failed one leaves."""
    file.seek(position)
    file.truncate()
    try:
        yield file
    except BaseException:
        file.seek(position)
        file.truncate()
        raise


class _Turns:
    """Lets only so many requests at a time go to one host; the others wait."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._hosts: dict[str, threading.BoundedSemaphore] = {}

    @contextmanager
    def at(self, url: Url, pace: Pace) -> Iterator[Pace]:
        """`pace` without the time that the waiting took: it ends, since those before have time limits too."""
        with self._lock:
            turn = self._hosts.setdefault(url.host or "", threading.BoundedSemaphore(self._limit))
        before = time.monotonic()
        with turn:
            yield pace.shifted(time.monotonic() - before)
