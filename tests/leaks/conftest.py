"""The portal of the full leak matrix, loaded once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.kit.services import LoadedPortal, loaded_portal


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadedPortal]:
    """The loaded portal: its data folder, services, ini file and application."""
    with loaded_portal(tmp_path_factory.mktemp("portal")) as loaded:
        yield loaded
