"""What the tests of the outgoing requests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.kit.misbehaving_server import MisbehavingServer
from tests.kit.outgoing import MakeSession, Waits

from ckanext.mainz.foundation.http import Session


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    with MisbehavingServer() as running:
        yield running


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def make_session(waits: Waits) -> MakeSession:
    return MakeSession(waits)


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return make_session()
