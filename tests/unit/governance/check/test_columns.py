"""The scan on the labelled columns: how many findings a careful person shares, and how many are missed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.unit.governance.check import measure

from ckanext.mainz import tabular
from ckanext.mainz.governance.check.scan import scan

ROOT = Path(__file__).parents[4]
SAMPLES = ROOT.parent / "shared" / "samples" / "duva"
PAGE = ROOT / "docs" / "developers" / "release-check.md"


def test_the_set_is_as_large_as_is_said():
    tuning, held_back = measure.measure("tuning"), measure.measure("held_back")
    assert tuning.columns + held_back.columns >= 400
    assert held_back.columns >= 200


@pytest.mark.parametrize("part", ["tuning", "held_back"])
def test_findings_are_those_of_a_careful_person(part: str):
    measured = measure.measure(part)
    assert measured.recall() >= 0.95, measured.missed
    assert measured.precision() >= 0.9, measured.needless


def test_the_page_says_what_is_measured():
    assert measure.report("held_back") in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["dresden-apotheken.csv", "freiburg-haushalt-2025-2026.csv"])
def test_real_tables_of_offices_have_no_findings(name: str):
    path = SAMPLES / name
    if not path.exists():
        if os.environ.get("PORTAL_TEST_STRICT") == "1":
            pytest.fail(f"the sample {name} is missing in {SAMPLES}")
        pytest.skip(f"the sample {name} is not on this machine")
    assert scan(tabular.read(path), title=path.stem) == []
