"""A pytest plugin: of CKAN's tests, run those that reach the search engine, and keep what came out.

A test reaches the engine if it lies in ``lib/search``, empties the index, or has search or autocomplete in its name.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

INDEX_FIXTURES = {"clean_index", "reset_index"}
WORDS = ("search", "autocomplete")
OUTCOMES = "CKAN_SEARCH_OUTCOMES"
outcomes: dict[str, str] = {}


@pytest.hookimpl(trylast=True)
def pytest_sessionstart() -> None:
    """Make tables and index of the plugins that the configuration names; CKAN has been loaded just before.

    Otherwise CKAN's first reset would drop all tables and bring back only its own, and there would be no index.
    """
    from ckan import model
    from ckan.common import config

    from ckanext.mainz.runtime.hooks import PREPARE, call_all

    if config["ckan.plugins"]:
        make_tables()
        model.repo.tables_created_and_initialised = True
        call_all(PREPARE, lambda *_: None)


def make_tables() -> None:
    """Run the migrations of CKAN and of the plugins."""
    from ckan.cli.db import upgrade

    upgrade.main(args=[], standalone_mode=False)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Make the tables anew after a test that dropped them, as whoever runs ``ckan db clean`` has to."""
    from ckan import model
    from ckan.common import config

    if not config["ckan.plugins"]:
        return
    with model.meta.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT to_regclass('mainz_search_version')").scalar()
    if found is None:
        make_tables()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what does not reach the engine."""
    chosen = [item for item in items if reaches_engine(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


def reaches_engine(item: pytest.Item) -> bool:
    """Whether a test depends on the search engine."""
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(INDEX_FIXTURES & fixtures) or any(word in item.nodeid.lower() for word in WORDS)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note how a test ended; a failure while it is set up or cleared away is one too."""
    if report.when == "call" or report.outcome != "passed":
        outcomes[report.nodeid] = report.outcome


def pytest_sessionfinish() -> None:
    """Write the outcomes where the runner reads them."""
    Path(os.environ[OUTCOMES]).write_text(json.dumps(outcomes))
