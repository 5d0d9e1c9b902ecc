"""One portal for all integration tests: services and CKAN loaded once, emptied for each test that asks for `clean`.

CKAN's pytest plugin `ckan` is switched off (`-p no:ckan`): it needs the services before the session starts and unloads
all plugins. Its fixtures and factories (plugin `ckan_fixtures`) stay.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest
from ckan.common import config
from ckan.tests.helpers import CKANTestApp
from tests.kit.services import LoadedPortal, loaded_portal


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadedPortal]:
    """The loaded portal: its data folder, services, ini file and application."""
    with loaded_portal(tmp_path_factory.mktemp("portal")) as loaded:
        yield loaded


@pytest.fixture(scope="session", autouse=True)
def logged_words_are_known() -> Iterator[None]:
    """Whatever is written into the decision log in any test, people can read: each code has its words."""
    from ckanext.mainz.governance import decisions
    from ckanext.mainz.governance.log import words

    write = decisions.write

    @functools.wraps(write)
    def checked(decision: decisions.Decision) -> object:
        keys = {*(decision.before or {}), *(decision.after or {})}
        assert decision.action in words.ACTIONS, decision.action
        assert not decision.role or decision.role in words.ROLES, decision.role
        assert keys <= {*words.KEYS, *words.FOR_PROGRAMS}, keys
        return write(decision)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decisions, "write", checked)
        yield


@pytest.fixture
def app(portal: LoadedPortal) -> CKANTestApp:
    """A client of the portal's pages and API, without cookies."""
    return CKANTestApp(portal.app)


@pytest.fixture
def clean(portal: LoadedPortal) -> None:
    """Databases, search index and queue are empty."""
    portal.reset()


def pytest_runtest_setup(item: pytest.Function) -> None:
    """Let the mark `ckan_config` bring its fixture along, as CKAN's own plugin does."""
    if any(item.iter_markers(name="ckan_config")):
        item.fixturenames.append("ckan_config")


@pytest.fixture(autouse=True)
def configuration_as_loaded(request: pytest.FixtureRequest) -> Iterator[None]:
    """Undo what a test did to CKAN's configuration."""
    yield
    if "portal" in request.fixturenames:
        loaded: LoadedPortal = request.getfixturevalue("portal")
        config.clear()
        config.update(loaded.config)
