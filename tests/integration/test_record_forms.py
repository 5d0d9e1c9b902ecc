"""The forms of datasets, series and services beyond mistakes: rows, unseen parts, what a new form begins with."""

from __future__ import annotations

from itertools import takewhile

import pytest
from tests.kit import records
from tests.kit.governance import CHECK
from tests.kit.people import Person, editor, footprint
from tests.kit.services import LoadedPortal

POINT = "POINT (8.27 50)"
ANSWERS = {f"check-{code}": answer for code, answer in CHECK.items()}
BOX = "8.2,49.9,8.3,50"


@pytest.fixture
def erika(portal: LoadedPortal, clean: None) -> Person:
    return editor(portal)


def shown(erika: Person, name: str) -> dict:
    return erika.api("package_show", {"id": name}).get_json()["result"]


def test_one_more_row_is_asked_for_and_nothing_is_saved(erika: Person) -> None:
    before = footprint()
    page = erika.post("/dataset/new", erika.good(**{"contact-0-name": "Amt", "more": "contact"}))
    assert page.status == 200
    assert page.summary == []
    assert (page.value("contact-0-name"), page.value("contact-1-name")) == ("Amt", "")
    assert page.soup.find(id="field-contact-2-name") is None
    assert page.soup.find(id="field-contact-1-name").has_attr("autofocus")
    assert footprint() == before


def test_many_rows_are_asked_for_but_not_endlessly(erika: Person) -> None:
    rows = {f"contact-{number}-name": "" for number in range(300)}
    page = erika.post("/dataset/new", erika.good(**rows, more="contact"))
    assert len(page.soup.select("#field-contact .mz-row")) == 100
    for odd in ("gibt-es-nicht", "title", "", "contact-0-name"):
        assert erika.post("/dataset/new", erika.good(more=odd)).status == 200


def test_parts_that_no_form_shows_stay_with_their_row_and_go_with_its_box(erika: Person) -> None:
    name = erika.draft()
    area = {"text": "Rheinufer", "bbox": BOX, "geom": POINT}
    contact = {"name": "Amt", "uri": "https://example.org/amt"}
    erika.api("package_patch", {"id": name, "spatial_coverage": [area], "contact": [contact]})
    form = erika.get(f"/dataset/edit/{name}")
    assert form.value("spatial_coverage-0-bbox") == BOX
    same = {"contact-0-name": "Amt", "spatial_coverage-0-text": "Rheinufer", "spatial_coverage-0-bbox": BOX}
    assert erika.post(f"/dataset/edit/{name}", erika.good(name=name, **same)).status == 302
    record = shown(erika, name)
    assert record["spatial_coverage"][0]["geom"].startswith("POINT")
    assert record["contact"][0]["uri"] == contact["uri"]
    moved = {**same, "spatial_coverage-0-bbox": "8.1,49.9,8.2,50"}
    assert erika.post(f"/dataset/edit/{name}", erika.good(name=name, **moved)).status == 302
    assert "geom" not in shown(erika, name)["spatial_coverage"][0]


def test_a_new_form_begins_with_the_usual_licence_of_the_only_organisation(erika: Person) -> None:
    page = erika.get("/dataset/new")
    assert (page.value("owner_org"), page.value("license_id")) == (erika.office["id"], "dl-de-by-2.0")
    assert "Vorausgewählt" in page.soup.find(id="field-license_id-hint").get_text()


@pytest.mark.parametrize(
    ("kind", "fields"),
    [("dataset_series", {}), ("data_service", {"endpoint_url": "https://geodaten.example/wfs"})],
)
def test_series_and_services_are_made_changed_and_deleted_by_their_forms(
    erika: Person, kind: str, fields: dict[str, str]
) -> None:
    wrong = erika.post(f"/{kind}/new", {"owner_org": erika.office["id"], "notes": "Bleibt", **fields})
    assert wrong.status == 422
    assert wrong.value("notes") == "Bleibt"
    made = erika.post(f"/{kind}/new", erika.good(name="eins", **fields))
    assert made.status == 302, made.summary
    assert shown(erika, "eins")["type"] == kind
    assert shown(erika, "eins")["state"] == "active"
    assert erika.get("/dataset/eins").response.location.endswith(f"/{kind}/eins")
    assert erika.get("/dataset/edit/eins").response.location.endswith(f"/{kind}/edit/eins")
    changed = erika.post(f"/{kind}/edit/eins", erika.good(name="eins", title="Anders", **fields))
    assert changed.status == 302, changed.summary
    assert "Anders" in erika.get(f"/{kind}/eins").text
    assert "Anders" in erika.get("/dashboard/datasets").text
    assert erika.get(f"/{kind}/delete/eins").status == 200
    assert erika.post(f"/{kind}/delete/eins", {"delete": ""}).status == 302
    assert "„Anders“ ist gelöscht." in erika.get("/dashboard/datasets").text
    assert "Anders" not in erika.get("/dashboard/datasets").text


def test_a_file_that_asks_for_more_is_told_when_the_dataset_is_handed_in(erika: Person) -> None:
    name = erika.draft(theme="ENVI")
    plan = {"upload": (b"%PDF-1.4\n%%EOF\n", "plan.pdf"), "save": "finish"}
    finished = erika.post(f"/dataset/{name}/resource/new", plan)
    assert finished.response.location.endswith(f"/governance/record/{name}/submit")
    refused = erika.post(f"/governance/record/{name}/submit", {"visibility": "oeffentlich", **ANSWERS})
    problems = [one.get_text(strip=True).partition(":")[0] for one in refused.soup.select("#problems li")]
    assert (refused.status, problems) == (422, ["Zeitraum", "plan.pdf, Format"])
    assert "Der Datensatz ist noch nicht eingereicht." in refused.text
    description = erika.good(name=name, theme="ENVI", **{"temporal_coverage-0-start": "2025"})
    assert erika.post(f"/dataset/edit/{name}", description).status == 302
    assert erika.post(f"/governance/record/{name}/submit", {"visibility": "oeffentlich", **ANSWERS}).status == 302
    record = erika.api("package_show", {"id": name}).get_json()["result"]
    assert (record["lifecycle"], len(record["resources"])) == ("eingereicht", 1)


def test_an_area_is_named_once_and_without_numbers(erika: Person) -> None:
    areas = [{"uri": "mainz"}, {"text": "Rheinufer", "bbox": BOX, "geom": POINT}, {"bbox": BOX}]
    made = records.create(**erika.good(spatial_coverage=areas))
    terms = erika.get(f"/dataset/{made['name']}").soup.select("main dt")
    row = next(one for one in terms if one.get_text(strip=True) == "Gebiet")
    cells = takewhile(lambda one: one.name == "dd", row.find_next_siblings())
    said = "; ".join(one.get_text(" ", strip=True) for one in cells)
    assert "POINT" not in said
    assert "POLYGON" not in said
    assert said.count("Mainz") == 1
    assert "Rheinufer" in said
    assert said.count("°") == 4


def test_a_series_names_only_members_that_the_reader_may_see(portal: LoadedPortal, erika: Person) -> None:
    erika.post("/dataset_series/new", erika.good(name="serie", title="Serie"))
    for name in ("offen", "geheim"):
        erika.draft(name=name, title=f"Titel {name}", in_series="serie")
        erika.post(f"/dataset/{name}/resource/new", {"url": "https://example.org/a.csv", "save": "finish"})
    for name in ("serie", "offen"):
        records.publish(name)
    stranger = portal.app._wsgi_app.test_client()
    seen = stranger.get("/dataset_series/serie").get_data(as_text=True)
    assert "Titel offen" in seen
    assert "Titel geheim" not in seen
    assert "Titel geheim" in erika.get("/dataset_series/serie").text
    assert "Serie" in stranger.get("/dataset/offen").get_data(as_text=True)
    assert erika.get("/dataset/edit/offen").value("in_series") == "serie"
