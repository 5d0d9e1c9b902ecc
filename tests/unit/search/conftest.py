"""An empty index for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.mainz.search.embedded import EmbeddedEngine


@pytest.fixture
def index(tmp_path: Path) -> EmbeddedEngine:
    """An empty engine in a folder of its own."""
    return EmbeddedEngine.create(tmp_path / "index")
