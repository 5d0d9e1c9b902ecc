"""Runs the suite on the embedded engine, or with ``--engine=solr`` on a Solr that is started for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engine_suite.engines import Embedded, Engine, Solr


def pytest_addoption(parser: pytest.Parser) -> None:
    """Lets the engine be chosen."""
    parser.addoption("--engine", choices=("embedded", "solr"), default="embedded", help="engine for tests/engine_suite")


def _chosen(config: pytest.Config) -> str:
    # Unknown where pytest was started on a folder above this one.
    return config.getoption("--engine", default="embedded") or "embedded"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Stock Solr analyses English: what is German is left out there."""
    if _chosen(config) == "solr":
        skipped = pytest.mark.skip(reason="Solr has no German analysis in CKAN's own schema")
        for item in items:
            if item.get_closest_marker("german"):
                item.add_marker(skipped)


@pytest.fixture(scope="session")
def solr_url() -> Iterator[str]:
    """Address of a Solr that lives as long as the tests."""
    from tests.kit.solr import SolrServer

    with SolrServer() as server:
        yield server.url


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """An empty engine."""
    if _chosen(request.config) == "solr":
        return Solr(request.getfixturevalue("solr_url"))
    return Embedded(tmp_path / "index")
