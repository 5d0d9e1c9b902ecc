"""What the quality of metadata must reach without anybody knowing of it: see docs/developers/quality.md."""

from __future__ import annotations

import io
from dataclasses import dataclass
from statistics import median
from typing import Any

import openpyxl
import pytest
from tests.kit import records
from tests.kit.governance import CHECK
from tests.kit.people import Person, editor
from tests.kit.services import LoadedPortal

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.quality import assessing, jobs, store
from ckanext.mainz.metadata.quality.mqa import State
from ckanext.mainz.metadata.rdf.effective import SERVICE_CODES
from ckanext.mainz.portal.examples import loader

EXCELLENT = 351
MEDIAN = 385


def quiet(_step: str, _done: int, _total: int) -> None:
    pass


@dataclass(frozen=True)
class Loaded:
    """What is public of the example catalogue: its assessments and the scores that were stored when it was loaded."""

    assessments: list[assessing.Assessment]
    kept: dict[str, int]


@pytest.fixture(scope="module")
def loaded(portal: LoadedPortal) -> Loaded:
    """Read at once: other tests of this module empty the portal."""
    portal.reset()
    with portal.app._wsgi_app.test_request_context():
        loader.load(quiet)
        every = [assessing.assess(assessing.stored(id)) for id in jobs.datasets()]
        assessments = [one for one in every if not one.record["private"]]
        return Loaded(assessments, {one.id: one.score for one in store.listed(store.Question(limit=1000))})


@pytest.fixture
def examples(loaded: Loaded) -> list[assessing.Assessment]:
    return loaded.assessments


def lacking(assessment: assessing.Assessment) -> dict[str, State]:
    return {point.metric.code: point.state for point in assessment.score.points if point.state is not State.MET}


def has_file(assessment: assessing.Assessment) -> bool:
    return any(one.get("url_type") == "upload" for one in assessment.record["resources"])


def test_the_median_of_the_example_catalogue(examples):
    assert median(one.score.total for one in examples) >= MEDIAN


def test_every_example_with_a_file_is_excellent(examples):
    poor = {one.record["name"]: (one.score.total, lacking(one)) for one in examples if has_file(one)}
    assert {name: found for name, found in poor.items() if found[0] < EXCELLENT} == {}


def test_no_example_breaks_a_rule(examples):
    assert {one.record["name"]: [f.text() for f in one.findings] for one in examples if one.findings} == {}


def test_the_stored_scores_are_those_that_are_shown(loaded: Loaded):
    assert loaded.kept == {one.record["id"]: one.score.total for one in loaded.assessments}


# --- what the form accepts -----------------------------------------------------------------------------------------


def workbook() -> bytes:
    """A spreadsheet with one row."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Strasse", "Hoehe"])
    book.active.append(["Am Brand", 1])
    book.save(made)
    return made.getvalue()


@pytest.fixture
def erika(portal: LoadedPortal, clean: None) -> Person:
    return editor(portal)


#: What the form asks for at least, beside the file.
LEAST = {"theme": ["http://publications.europa.eu/resource/authority/data-theme/ENVI"]}
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
FILES = {
    "plan.pdf": PDF,
    "plan.dwg": b"AC1032" + bytes(200),
    "foto.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9",
    "baeume.xlsx": workbook(),
    "baeume.csv": b"Strasse;Hoehe\nAm Brand;1\n",
}
PERIOD = {"temporal_coverage": [{"start": "2024"}]}


def made(erika: Person, *, public: bool = True, **fields: Any) -> dict[str, Any]:
    answer = erika.api("package_create", erika.good(**{**LEAST, **PERIOD, **fields}))
    assert answer.status_code == 200, answer.text
    return records.publish(answer.json["result"]["id"]) if public else answer.json["result"]


def test_what_is_only_for_people_to_read_is_public_with_a_period_only(erika):
    package = made(erika, temporal_coverage=[])
    plan = {"package_id": package["id"], "name": "Plan"}
    refused = erika.api("resource_create", plan, upload=(PDF, "plan.pdf"))
    assert refused.status_code == 409, refused.text
    assert "Zeitraum" in " ".join(refused.json["error"]["format"]), refused.text
    assert assessing.stored(package["id"])["resources"] == []
    records.withdraw(package["id"])
    assert erika.api("resource_create", plan, upload=(PDF, "plan.pdf")).status_code == 200
    refused = erika.api("mainz_record_submit", {"id": package["id"], "check": CHECK})
    assert set(refused.json["error"]) >= {"temporal_coverage"}, refused.text
    assert erika.api("package_patch", {"id": package["id"], **PERIOD}).status_code == 200
    assert records.release_again(package["id"])["private"] is False
    assert assessing.assess(assessing.stored(package["id"])).score.total >= EXCELLENT


def test_a_table_beside_it_makes_up_for_it(erika):
    package = made(erika, temporal_coverage=[])
    table = (b"Strasse;Hoehe\nAm Brand;1\n", "baeume.csv")
    assert erika.api("resource_create", {"package_id": package["id"]}, upload=table).status_code == 200
    answer = erika.api("resource_create", {"package_id": package["id"]}, upload=(PDF, "plan.pdf"))
    assert answer.status_code == 200, answer.text
    records.accept(answer.json["result"])
    assert assessing.assess(assessing.stored(package["id"])).score.total >= EXCELLENT


@pytest.mark.parametrize("left_out", ["theme", "temporal_coverage", "tag_string", "spatial_coverage", "contact"])
@pytest.mark.parametrize("name", ["plan.pdf", "plan.dwg", "foto.jpg", "baeume.xlsx", "baeume.csv"])
def test_whatever_is_left_out_no_public_dataset_with_a_file_is_less(erika, name, left_out):
    package = made(erika, public=False, **{left_out: "" if left_out == "tag_string" else []})
    uploaded = erika.api("resource_create", {"package_id": package["id"]}, upload=(FILES[name], name))
    assert uploaded.status_code == 200, uploaded.text
    answer = erika.api("mainz_record_submit", {"id": package["id"], "check": CHECK})
    total = assessing.assess(assessing.stored(package["id"])).score.total
    assert (answer.status_code == 200) == (total >= EXCELLENT), (total, answer.text)


def test_a_dataset_with_a_file_of_any_format_is_excellent(erika):
    package = made(erika, public=False)
    file = (b"Strasse;Hoehe\nAm Brand;1\n", "baeume.csv")
    assert erika.api("resource_create", {"package_id": package["id"]}, upload=file).status_code == 200
    record = assessing.stored(package["id"])
    (resource,) = record["resources"]
    totals = {}
    for term in (one for one in vocabulary.terms("file_types") if not SERVICE_CODES.fullmatch(one.code)):
        other = {**resource, "format": term.de, "mimetype": term.media_type}
        totals[term.code] = assessing.assess({**record, "resources": [other]}).score.total
    assert {code: total for code, total in totals.items() if total < EXCELLENT} == {}
