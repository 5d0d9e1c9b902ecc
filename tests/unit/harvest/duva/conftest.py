"""What the tests of this folder have in common."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ckan.plugins import toolkit
from tests.kit.duva_server import DuvaServer
from tests.kit.outgoing import MakeSession, Waits

from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.spool import Spool


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(toolkit.config, "ckan.valid_url_schemes", "http https ftp")
    monkeypatch.setitem(toolkit.config, "ckan.site_url", "https://opendata.mainz.example")


@pytest.fixture
def session() -> Session:
    return MakeSession(Waits())(read_timeout=5, total_timeout=10)


@pytest.fixture
def spool() -> Iterator[Spool]:
    with Spool() as open_spool:
        yield open_spool


@pytest.fixture
def server() -> Iterator[DuvaServer]:
    with DuvaServer() as running:
        yield running
