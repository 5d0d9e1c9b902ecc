"""The leak matrix in full: every surface for each record as each reader. Takes most of an hour."""

from __future__ import annotations

import pytest
from tests.kit.leaks import catalogue, matrix
from tests.kit.services import LoadedPortal

HOURS = 3 * 3600


@pytest.mark.slow
@pytest.mark.timeout(HOURS)
def test_nothing_leaks(portal: LoadedPortal, capsys: pytest.CaptureFixture[str]) -> None:
    portal.reset()
    asked = matrix.Matrix(portal, catalogue.build())
    assert asked.undeclared() == set()
    asked.lists()
    asked.full()
    with capsys.disabled():
        print(f"\n{asked.outcome.line}")
    assert asked.outcome.clean, asked.outcome.told
