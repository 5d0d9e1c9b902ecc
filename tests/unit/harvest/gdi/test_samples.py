"""Real records of a catalogue; they are no part of the repository and lie beside it where there are any."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.harvest.gdi import validated
from tests.unit.harvest.gdi.records import SETTINGS, TODAY

from ckanext.mainz.foundation import xml
from ckanext.mainz.harvest.gdi import coupling, iso, mapping
from ckanext.mainz.harvest.gdi.iso import IsoRecord
from ckanext.mainz.harvest.gdi.mapped import Mapped, Reason
from ckanext.mainz.metadata.rdf import RdfSettings, effective

SAMPLES = Path(__file__).parents[4].parent / "shared" / "samples" / "gdi"
NAMES = ("berlin-csw_getrecords_01", "berlin-dataset-open-data", "berlin-wfs-closed-data", "berlin-wfs-open-data")


def sample(name: str) -> bytes:
    path = SAMPLES / f"{name}.xml"
    if not path.exists():
        if os.environ.get("PORTAL_TEST_STRICT") == "1":
            pytest.fail(f"the sample {name} is missing in {SAMPLES}")
        pytest.skip(f"the sample {name} is not on this machine")
    return path.read_bytes()


def records() -> Iterator[IsoRecord]:
    for name in NAMES:
        yield from iso.records(xml.parse(sample(name), source=name))


def mapped(record: IsoRecord) -> Mapped:
    if record.is_service:
        return mapping.map_service(record, SETTINGS, TODAY)
    return mapping.map_dataset(record, [], SETTINGS, TODAY)


def test_every_sample_becomes_a_package_that_would_be_saved_or_says_why_not():
    found = [mapped(one) for one in records()]
    assert [one.skip.reason for one in found if one.skip] == [Reason.OTHER_LEVEL]
    assert [validated.errors(one.package) for one in found if not one.skip] == [{}] * 5


def test_what_is_mapped_leaves_the_portal_as_it_is():
    settings = RdfSettings(base_uri="https://opendata.mainz.example")
    for one in (mapped(record) for record in records()):
        if not one.skip:
            record = effective({"id": "1", **one.package}, None, settings)
            assert [problem.text() for problem in record.problems] == []
            assert record.record["license_id"] == "dl-de-by-2.0"


def test_no_name_of_a_person_and_no_mail_of_one_is_in_any_package():
    persons = {one.person for record in records() for one in record.points_of_contact if one.person}
    assert persons
    words = {word for name in persons for word in name.split() if len(word) > 3}
    packages = " ".join(str(mapped(one)) for one in records())
    assert [word for word in words if word in packages or word.lower() + "@" in packages] == []


def test_the_services_of_berlin_find_their_datasets_by_address():
    found = [*records()]
    joined = coupling.couple(
        [coupling.dataset_of(one) for one in found if not one.is_service],
        [coupling.service_of(one) for one in found if one.is_service],
    )
    assert joined.uncoupled == ()
    assert len(joined.services) == 2


def test_an_answer_without_a_record_says_so():
    for name in ("berlin-no_record_found", "berlin-getcapabilities"):
        found = mapping.map_dataset(iso.read(xml.parse(sample(name))), [], SETTINGS, TODAY)
        assert found.skip
        assert found.skip.reason is Reason.NO_RECORD
