"""Nothing leaks: the leak matrix, pairwise. In full it is `./portal test leaks`."""

from __future__ import annotations

import pytest
from tests.kit.leaks import catalogue, matrix
from tests.kit.services import LoadedPortal


@pytest.fixture(scope="module")
def asked(portal: LoadedPortal) -> matrix.Matrix:
    portal.reset()
    return matrix.Matrix(portal, catalogue.build())


def test_every_address_and_every_action_has_a_declared_class(asked: matrix.Matrix) -> None:
    assert asked.undeclared() == set()


def test_no_list_tells_of_what_its_reader_may_not_read(asked: matrix.Matrix) -> None:
    asked.outcome = matrix.Outcome()
    asked.lists(full=False)
    print(f"lists, {asked.outcome.line}")
    assert asked.outcome.clean, asked.outcome.told


def test_no_surface_of_a_record_tells_more_than_its_reader_may_read(asked: matrix.Matrix) -> None:
    asked.outcome = matrix.Outcome()
    asked.pairwise()
    print(f"records pairwise, {asked.outcome.line}")
    assert asked.outcome.clean, asked.outcome.told
