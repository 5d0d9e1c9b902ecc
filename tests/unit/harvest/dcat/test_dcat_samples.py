"""Catalogues of other portals; they are no part of the repository and lie beside it where there are any."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat
from tests.kit.catalogue_server import CatalogueServer, shuffled
from tests.kit.misbehaving_server import answer
from tests.unit.harvest.dcat.reading import Got, go
from tests.unit.harvest.gdi import validated

SAMPLES = Path(__file__).parents[4].parent / "shared" / "samples" / "dcat"
BREMEN, ADVANCED = ("bremen-catalog.rdf", RdfFormat.RDF_XML), ("advanced.ttl", RdfFormat.TURTLE)


def sample(name: str) -> bytes:
    path = SAMPLES / name
    if not path.exists():
        if os.environ.get("PORTAL_TEST_STRICT") == "1":
            pytest.fail(f"the sample {name} is missing in {SAMPLES}")
        pytest.skip(f"the sample {name} is not on this machine")
    return path.read_bytes()


def read(data: bytes) -> Got:
    with CatalogueServer() as portal:
        return go(portal.at("/catalog", answer(data)))


def saved(package: dict) -> dict:
    files = [{name: value for name, value in file.items() if name != "source_key"} for file in package["resources"]]
    return {**package, "license_id": package.get("license_id", "cc-zero"), "resources": files}


def test_all_of_bremen_is_taken_or_says_why_not():
    got = read(sample(BREMEN[0]))
    assert got.reading.complete
    assert (len(got.candidates), len(got.prints)) == (153, 153)
    assert all(one.package for one in got.candidates)
    # The catalogue writes bare addresses where IRIs belong.
    assert all(row["email"].endswith("bremen.de") for one in got.candidates for row in (one.package or {})["contact"])
    waiting = [one for one in got.candidates if one.license_missing]
    assert len(waiting) == 19
    assert all(one.reasons for one in waiting if one.package and one.package["resources"])
    assert [validated.errors(saved(dict(one.package or {}))) for one in got.candidates] == [{}] * 153


@pytest.mark.parametrize("name", [BREMEN, ADVANCED])
@pytest.mark.parametrize("seed", [1, 2])
def test_another_serialisation_changes_no_record(name: tuple[str, RdfFormat], seed: int):
    data = sample(name[0])
    before, after = read(data), read(shuffled(data, seed, name[1]))
    assert before.prints == after.prints
    assert {one.guid: one.likeness for one in before.candidates} == {one.guid: one.likeness for one in after.candidates}
    assert sorted(before.raw) == sorted(after.raw)


def test_no_person_of_the_samples_gets_here():
    said = str([one.package for name in (BREMEN, ADVANCED) for one in read(sample(name[0])).candidates])
    for name in ("Holzschneider", "Meister, Thomas"):
        assert name not in said


def test_every_dataset_of_the_example_of_govdata_is_taken():
    got = read(sample(ADVANCED[0]))
    assert [validated.errors(saved(dict(one.package or {}))) for one in got.candidates] == [{}] * 2
