"""Connections that go only where they may, and never wait longer than they may.

urllib3 speaks HTTP and TLS; what is ours is the step before (names are looked up once, the addresses judged, and the
connection made to just those addresses, so that a name which changes its mind in between gains nothing) and the clock
(every read waits no longer than the read timeout and what is left of the total time, which a socket timeout alone does
not give: a server that sends one byte now and then would keep it busy for ever).
"""

from __future__ import annotations

import functools
import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Any

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Url, make_headers, parse_url
from urllib3.util.ssl_ import create_urllib3_context

from ckanext.mainz.foundation.addresses import Address
from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.foundation.http.errors import AddressRefused, TooSlow, UnknownHost, Unreachable
from ckanext.mainz.foundation.http.policy import HttpPolicy

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Endpoint:
    """One address of a host, as the operating system wants it for a connection."""

    family: int
    target: tuple[Any, ...]

    @property
    def address(self) -> Address:
        return ip_address(self.target[0])


Resolver = Callable[[str, int], Sequence[Endpoint]]


@dataclass(frozen=True)
class Pace:
    """How long an attempt may take: `total` seconds until `end` on the monotonic clock, `pause` seconds each read."""

    end: float
    pause: float
    total: float

    @classmethod
    def starting_now(cls, policy: HttpPolicy) -> Pace:
        return cls(time.monotonic() + policy.total_timeout, policy.read_timeout, policy.total_timeout)

    def seconds(self, most: float) -> float:
        """How long the next step may wait. Raises `TimeoutError` when the time is over."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the total time is over")
        return min(left, most)

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.end

    def shifted(self, seconds: float) -> Pace:
        """The same with `seconds` more, for time that was spent waiting for our own turn."""
        return replace(self, end=self.end + seconds)


def system_resolver(host: str, port: int) -> Sequence[Endpoint]:
    """The addresses of `host` as the operating system knows them. Raises `socket.gaierror`, `UnicodeError`."""
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    return [Endpoint(family, target) for family, _kind, _protocol, _name, target in found]


@functools.cache
def tls_context(ca_bundle: str = "") -> ssl.SSLContext:
    """Certificates are always checked: against certifi's list, the system's, and the operator's own bundle.

    Reading the lists takes some 75 ms, so it is done once in a process. Raises `OSError` if the bundle cannot be read.
    """
    context = create_urllib3_context()
    context.load_verify_locations(certifi.where())
    context.load_default_certs()
    if ca_bundle:
        context.load_verify_locations(ca_bundle)
    return context


def open_connection(
    url: Url, policy: HttpPolicy, pace: Pace, context: ssl.SSLContext, resolver: Resolver
) -> GuardedConnection:
    """A connection for `url`, not yet connected.

    Raises `AddressRefused`, `UnknownHost`, `Unreachable`, `TooSlow`.
    """
    seconds = pace.seconds(policy.connect_timeout)
    proxy = parse_url(policy.proxy) if policy.proxy else None
    endpoints = _look_up(url, url, seconds, resolver, must_exist=proxy is None)
    permitted = _permitted(url, endpoints, policy)
    if proxy is None or any(policy.addresses.lists(endpoint.address) for endpoint in permitted):
        return _connection(url, functools.partial(_dial, permitted, policy, pace), pace, context)
    return _proxied(url, proxy, policy, pace, context, resolver)


def _look_up(peer: Url, url: Url, seconds: float, resolver: Resolver, *, must_exist: bool) -> Sequence[Endpoint]:
    """The addresses of `peer`, to request `url`.

    `must_exist` is false behind a proxy, where names of the internet are often unknown: then the proxy judges.
    """
    host, port = peer.host or "", port_of(peer)
    try:
        return _in_time(functools.partial(resolver, host, port), seconds)
    except (socket.gaierror, TimeoutError) as error:
        if not must_exist:
            return ()
        raise _look_up_error(host, url, seconds, error) from error
    except UnicodeError as error:
        raise AddressRefused(
            url.url, N_("{url} was not requested: {host} cannot be the name of a host. Correct the address."), host=host
        ) from error


def _look_up_error(host: str, url: Url, seconds: float, error: OSError) -> Unreachable | TooSlow:
    if isinstance(error, TimeoutError):
        return TooSlow(
            url.url,
            N_("The address of {host} could not be looked up within {seconds} seconds, so {url} was not requested."),
            host=host,
            seconds=round(seconds),
        )
    if error.errno == socket.EAI_AGAIN:
        return Unreachable(
            url.url,
            N_("The name service gave no answer about {host}, so {url} was not requested. Try again later."),
            host=host,
        )
    return UnknownHost(
        url.url, N_("There is no host {host}, so {url} was not requested. Check the spelling."), host=host
    )


def _in_time(work: Callable[[], Sequence[Endpoint]], seconds: float) -> Sequence[Endpoint]:
    """The result of `work`, which nothing can interrupt (as it is with getaddrinfo), or `TimeoutError`."""
    results: list[Sequence[Endpoint] | BaseException] = []

    def note() -> None:
        try:
            results.append(work())
        except (OSError, UnicodeError) as error:
            results.append(error)

    thread = threading.Thread(target=note, name="look-up", daemon=True)
    thread.start()
    thread.join(seconds)
    if not results:
        raise TimeoutError("the look-up took too long")
    if isinstance(results[0], BaseException):
        raise results[0]
    return results[0]


def _permitted(url: Url, endpoints: Sequence[Endpoint], policy: HttpPolicy) -> Sequence[Endpoint]:
    permitted = [endpoint for endpoint in endpoints if policy.addresses.objection(endpoint.address) is None]
    if endpoints and not permitted:
        address = endpoints[0].address
        raise AddressRefused(
            url.url,
            N_(
                "{url} was not requested: {host} has the address {address}, which is {reason}. If the portal may go "
                "there, the operator lists the network in ckanext.mainz.http.allowed_networks."
            ),
            host=url.host,
            address=str(address),
            reason=policy.addresses.objection(address),
        )
    return permitted


def _dial(endpoints: Sequence[Endpoint], policy: HttpPolicy, pace: Pace) -> socket.socket:
    """The first of `endpoints` that takes the connection. Raises the last one's `OSError`."""
    failure = OSError("no address")
    for endpoint in endpoints:
        try:
            return _connected(endpoint, pace.seconds(policy.connect_timeout))
        except OSError as error:
            failure = error
    raise failure


def _connected(endpoint: Endpoint, seconds: float) -> socket.socket:
    connection = socket.socket(endpoint.family, socket.SOCK_STREAM)
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(seconds)
        connection.connect(endpoint.target)
    except BaseException:
        connection.close()
        raise
    return connection


def _proxied(
    url: Url, proxy: Url, policy: HttpPolicy, pace: Pace, context: ssl.SSLContext, resolver: Resolver
) -> GuardedConnection:
    """Through the operator's proxy: a tunnel for https, a full address for http. Its own address is his decision."""
    endpoints = _look_up(proxy, url, pace.seconds(policy.connect_timeout), resolver, must_exist=True)
    dial = functools.partial(_dial, endpoints, policy, pace)
    connection = _connection(proxy._replace(scheme=url.scheme), dial, pace, context)
    if url.scheme == "https":
        connection.set_tunnel(url.host or "", port_of(url), headers=proxy_headers(policy))
    else:
        connection.sends_full_address = True
    return connection


def proxy_headers(policy: HttpPolicy) -> dict[str, str]:
    """The credentials of the operator's proxy as a header, if his setting has any."""
    return dict(make_headers(proxy_basic_auth=parse_url(policy.proxy).auth)) if "@" in policy.proxy else {}


def port_of(url: Url) -> int:
    return url.port if url.port is not None else PORTS[url.scheme or ""]


def _connection(url: Url, dial: Callable[[], socket.socket], pace: Pace, context: ssl.SSLContext) -> GuardedConnection:
    host, port = (url.host or "").strip("[]"), port_of(url)
    if url.scheme == "https":
        return _GuardedTlsConnection(dial, pace, host, port, ssl_context=context)
    return GuardedConnection(dial, pace, host, port)


class GuardedConnection(HTTPConnection):
    """Connects by `dial` alone and reads at the given pace; name, certificate and Host header stay those of the URL."""

    sends_full_address = False

    def __init__(self, dial: Callable[[], socket.socket], pace: Pace, host: str, port: int, **options: Any) -> None:
        super().__init__(host, port, timeout=pace.pause, **options)
        self._dial = dial
        self.response_class = functools.partial(_PacedResponse, pace)  # pyright: ignore[reportAttributeAccessIssue]

    def _new_conn(self) -> socket.socket:
        return self._dial()


class _GuardedTlsConnection(GuardedConnection, HTTPSConnection):
    pass


class _PacedResponse(http.client.HTTPResponse):
    def __init__(self, pace: Pace, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = io.BufferedReader(_PacedReader(self.fp.detach(), sock, pace))


class _PacedReader(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, sock: socket.socket, pace: Pace) -> None:
        self._raw = raw
        self._sock = sock
        self._pace = pace

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._pace.seconds(self._pace.pause))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
