"""Real exports of other cities; they are no part of the repository and lie beside it where there are any."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.kit.duva_server import DuvaServer
from tests.unit.harvest.duva.exports import bytes_of, candidates, errors, package, read, read_web

from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.spool import Spool

SAMPLES = Path(__file__).parents[4].parent / "shared" / "samples" / "duva"
NAMES = ("dresden-apotheken", "freiburg-haushalt-2025-2026")


@pytest.fixture
def samples() -> Path:
    missing = [name for name in NAMES if not (SAMPLES / f"{name}.csv").exists()]
    if missing and os.environ.get("PORTAL_TEST_STRICT") == "1":
        pytest.fail(f"samples are missing in {SAMPLES}: {', '.join(missing)}")
    if missing:
        pytest.skip(f"samples are not on this machine: {', '.join(missing)}")
    return SAMPLES


def test_a_folder_of_real_exports_arrives_byte_for_byte(samples: Path, spool: Spool) -> None:
    found = read(samples, spool)
    assert found.reading.complete
    for name, one in candidates(found).items():
        (file,) = package(one)["resources"]
        assert bytes_of(file) == (samples / f"{name}.csv").read_bytes()
        assert errors(one) == {}


def test_the_same_folder_on_a_web_server_gives_the_same_records(
    samples: Path, server: DuvaServer, session: Session, spool: Spool
) -> None:
    here = candidates(read(samples, spool))
    there = candidates(read_web(session, server.folder({p.name: p.read_bytes() for p in samples.iterdir()}), spool))
    assert {name: one.fingerprint for name, one in there.items()} == {n: one.fingerprint for n, one in here.items()}


def test_pharmacies_of_dresden(samples: Path, spool: Spool) -> None:
    record = package(candidates(read(samples, spool))["dresden-apotheken"])
    assert (record["title"], record["temporal_coverage"]) == ("Dresden Apotheken", [{"start": "1993", "end": "2024"}])
    columns = record["resources"][0]["data_dictionary"]
    assert [(one["title"], one["type"]) for one in columns] == [
        ("Jahr", "year"), ("Öffentliche Apotheken", "integer"), ("Krankenhausapotheken", "integer")]  # fmt: skip
    assert columns[2]["codes"] == "- = keine Angabe"
    assert "spatial_coverage" not in record


def test_the_budget_of_freiburg(samples: Path, spool: Spool) -> None:
    found = candidates(read(samples, spool))["freiburg-haushalt-2025-2026"]
    record = package(found)
    assert (record["title"], record["temporal_coverage"]) == (
        "Freiburg Haushalt 2025–2026", [{"start": "2025", "end": "2026"}])  # fmt: skip
    columns = record["resources"][0]["data_dictionary"]
    assert [one.get("unit") for one in columns[-6:]] == ["€"] * 6
    assert [one["description"].split()[0] for one in columns] == [*["Dimension"] * 12, *["Kennzahl"] * 6]
    told = " ".join(one.sentence() for one in found.reasons)
    assert "an umlaut was lost earlier" in told
    assert "written in several ways" in told
