"""schema.org in pages and Croissant files: public facts, and of private records nothing."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import CKANTestApp, call_action
from tests.kit import records
from tests.kit.people import Person, editor
from tests.kit.services import LoadedPortal

from ckanext.mainz.metadata.quality import jobs

TABLE = ("Straße;Höhe in m\nAm Brand;1,5\nKästrich;2\n".encode(), "baeume.csv")


@pytest.fixture
def erika(portal: LoadedPortal, clean: None) -> Person:
    return editor(portal)


def dataset(erika: Person, *, public: bool = True, **fields: Any) -> dict[str, Any]:
    given = {"title": "Baumkataster der Stadt", "temporal_coverage": [{"start": "2024"}], **fields}
    made = records.create(public=False, **erika.good(**given))
    answer = erika.api("resource_create", {"package_id": made["id"], "name": "Bäume"}, upload=TABLE)
    assert answer.status_code == 200, answer.text
    if public:
        records.publish(made["id"])
    jobs.follow_up()
    return call_action("package_show", id=made["id"])


def structured(page: bytes) -> dict[str, Any] | None:
    script = BeautifulSoup(page, "html.parser").find("script", type="application/ld+json")
    return json.loads(script.string or "") if script else None


def test_the_page_of_a_public_dataset_tells_search_engines_what_it_is(erika, app: CKANTestApp):
    package = dataset(erika)
    found = structured(app.get(f"/dataset/{package['name']}").data)
    assert found is not None
    assert (found["@type"], found["name"]) == ("Dataset", "Baumkataster der Stadt")
    assert found["publisher"]["name"] == "Grün- und Umweltamt"
    assert found["license"].startswith("https://www.govdata.de/dl-de/by-2-0")
    assert found["inLanguage"] == ["de"]
    assert found["temporalCoverage"] == ["2024/.."]
    assert found["spatialCoverage"][0]["name"]
    (file,) = found["distribution"]
    assert file["contentUrl"] == package["resources"][0]["url"]
    assert file["sha256"] == hashlib.sha256(TABLE[0]).hexdigest()


def test_a_title_with_markup_stays_inside_the_script(erika, app: CKANTestApp):
    title = "Bäume </script><script>alert(1)</script>"
    package = dataset(erika, title=title)
    soup = BeautifulSoup(app.get(f"/dataset/{package['name']}").data, "html.parser")
    assert len(soup.find_all("script")) == 1
    assert (structured(app.get(f"/dataset/{package['name']}").data) or {})["name"] == title


def test_the_croissant_file_of_a_dataset_with_a_table(erika, app: CKANTestApp):
    package = dataset(erika)
    page = BeautifulSoup(app.get(f"/dataset/{package['name']}").data, "html.parser")
    link = page.find("link", title="Croissant")
    assert link is not None
    found = app.get(link["href"]).json
    assert found["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert [field["name"] for field in found["recordSet"][0]["field"]] == ["Straße", "Höhe"]
    assert found["distribution"][0]["sha256"] == hashlib.sha256(TABLE[0]).hexdigest()


def test_private_records_and_drafts_say_nothing_to_anybody(erika, app: CKANTestApp):
    for state in ("active", "draft"):
        package = dataset(erika, title=f"Geheimer Plan {state}", public=False, state=state)
        mine = erika.get(f"/dataset/{package['name']}")
        assert mine.status == 200
        assert mine.soup.find("script", type="application/ld+json") is None
        for read in (lambda path: app.get(path).status_code, lambda path: erika.get(path).status):
            assert read(f"/dataset/{package['name']}/croissant.jsonld") == 404


def test_a_dataset_of_links_has_no_croissant_file(erika, app: CKANTestApp):
    links = [{"url": "https://geo.example/wfs", "name": "WFS", "format": "WFS"}]
    made = records.create(**erika.good(resources=links))
    assert app.get(f"/dataset/{made['name']}/croissant.jsonld").status_code == 404
    assert "Croissant" not in app.get(f"/dataset/{made['name']}").get_data(as_text=True)
