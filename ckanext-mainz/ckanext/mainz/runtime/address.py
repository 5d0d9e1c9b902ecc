"""Where the portal listens: an address that can be opened, a port that is free, and whether a page answers there."""

from __future__ import annotations

import http.client
import socket
from dataclasses import dataclass

from ckanext.mainz.runtime.errors import PortalError


@dataclass(frozen=True)
class Address:
    """Where the portal listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """An address that works on this machine: a wildcard is no place to go to."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(self.host, self.host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host and '[' not in host else host}:{self.port}"


def reserve(address: Address) -> socket.socket:
    """Take the port until the web server does. Raises PortalError if somebody has it.

    A web worker binds with SO_REUSEPORT, so it would share the port of another portal of this user without a word. The
    reservation is bound but does not listen: it gets no connections, and a second launcher finds the port taken.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            address.host or None, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen()
        reservation = socket.socket(family, kind, protocol)
        reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reservation.bind(place)
    except OSError as error:
        raise PortalError(
            f"Port {address.port} of {address.host} cannot be used ({error.strerror}); give another with --port."
        ) from error
    return reservation


def answers(address: Address, path: str) -> bool:
    """Whether a GET of this path succeeds."""
    connection = http.client.HTTPConnection(address.url.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
