"""Sessions for tests: they may go to this machine, give up soon, and note how long they would wait."""

from __future__ import annotations

import socket
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

from ckanext.mainz.foundation.addresses import AddressPolicy
from ckanext.mainz.foundation.http import HttpPolicy, Session
from ckanext.mainz.foundation.http.wire import Endpoint

TO_THIS_MACHINE = AddressPolicy(allowed=(ip_network("127.0.0.0/8"),), ports=(range(1024, 65536),))
IMPATIENT = HttpPolicy(
    addresses=TO_THIS_MACHINE, connect_timeout=2, read_timeout=0.4, total_timeout=1.5, retries=0, max_bytes=1_000_000
)


class Waits(list[float]):
    """Notes how long a session wanted to wait instead of waiting."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


class MakeSession:
    """Makes sessions for this machine, with single limits changed."""

    def __init__(self, waits: Waits) -> None:
        self._waits = waits

    def __call__(self, *, resolver: Any = None, **limits: Any) -> Session:
        options = {"resolver": resolver} if resolver else {}
        return Session(replace(IMPATIENT, **limits), sleep=self._waits, **options)


class Names:
    """A name service that gives the answers it is told, in turn and the last one for ever, and notes the questions."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[Endpoint]:
        self.asked.append(host)
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [Endpoint(socket.AF_INET6 if ":" in text else socket.AF_INET, (text, port)) for text in addresses]
