"""What readers get to see, and what not: visibility, foreign markup, RDF for programs, a search that is down."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.lib import search
from ckan.lib.search.common import SolrConnectionError
from ckan.tests import factories
from tests.kit import records
from tests.kit.people import LICENSE, Person, editor
from tests.kit.services import LoadedPortal
from werkzeug.test import Client, TestResponse

from ckanext.mainz.portal import listing
from ckanext.mainz.portal.delivery import wrap

MARKUP = '"><script>alert("x")</script>'


@pytest.fixture
def erika(portal: LoadedPortal, clean: None) -> Person:
    return editor(portal)


@pytest.fixture
def reader(portal: LoadedPortal) -> Client:
    """Somebody who is not logged in, behind the same layers as on a real server."""
    return Client(wrap(portal.app))


def dataset(erika: Person, *, public: bool = True, **fields: Any) -> dict[str, Any]:
    values = {
        "title": "Baumkataster",
        "notes": "Alle Bäume.",
        "license_id": LICENSE,
        "owner_org": erika.office["id"],
        **fields,
    }
    return records.create(public=public, **values)


def text(answer: TestResponse) -> str:
    return BeautifulSoup(answer.data, "html.parser").get_text(" ", strip=True)


def test_a_private_dataset_shows_to_its_organisation_with_a_mark_and_to_nobody_else(erika, reader):
    dataset(erika, title="Geheimer Plan", public=False)
    for path in ("/", "/dataset/", f"/organization/{erika.office['name']}"):
        assert "Geheimer Plan" not in text(reader.get(path)), path
    assert reader.get("/dataset/geheimer-plan").status_code == 404
    assert "0 Datensätze" in text(reader.get("/organization/"))
    mine = erika.get("/dataset/").text
    assert "Geheimer Plan" in mine
    assert "Nicht öffentlich" in mine
    notice = erika.get("/dataset/geheimer-plan").soup.select_one(".mz-notice--warning")
    assert notice is not None
    assert notice.get_text(" ", strip=True).startswith("Entwurf")
    assert "Das sehen nur Grün- und Umweltamt" in notice.get_text(" ", strip=True)


def test_markup_in_a_record_stays_text_and_foreign_images_are_left_out(erika, reader):
    notes = f"{MARKUP} [klick](javascript:alert(1)) ![Bild](https://fremd.example/x.png)\n\n# Überschrift"
    made = dataset(erika, title=f"Bäume {MARKUP}", notes=notes, name="baeume")
    resource = records.change(
        "resource_create",
        package_id=made["id"],
        url="https://amt.example/x.csv",
        name=f"Datei {MARKUP}",
        description=notes,
        format="CSV",
    )
    for path in ("/", "/dataset/", "/dataset/baeume", f"/dataset/baeume/resource/{resource['id']}"):
        answer = reader.get(path)
        soup = BeautifulSoup(answer.data, "html.parser")
        assert answer.status_code == 200
        assert soup.find("script", type=lambda kind: kind != "application/ld+json") is None, path
        assert soup.find("img", src=lambda address: "fremd" in address) is None, path
        assert soup.find("a", href=lambda address: str(address).startswith("javascript")) is None, path
    assert [heading.get_text() for heading in soup.find_all("h1")] == [f"Datei {MARKUP}"]


def test_a_search_for_markup_shows_it_as_text(clean, reader):
    answer = reader.get("/dataset/", query_string={"q": MARKUP, "tags": MARKUP, "res_format": MARKUP})
    assert answer.status_code in (200, 400)
    assert BeautifulSoup(answer.data, "html.parser").find("script") is None


def test_programs_that_accept_turtle_get_it_and_browsers_get_the_page(erika, reader):
    dataset(erika)
    assert reader.get("/dataset/baumkataster", headers={"Accept": "text/turtle"}).mimetype == "text/turtle"
    assert reader.get("/", headers={"Accept": "text/turtle"}).mimetype == "text/turtle"
    page = reader.get("/dataset/baumkataster", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.mimetype == "text/html"
    assert "Accept" in page.headers["Vary"]


def test_an_id_leads_to_the_address_with_the_name(erika, reader):
    made = dataset(erika)
    assert reader.get(f"/dataset/{made['id']}").headers["Location"].endswith("/dataset/baumkataster")
    office = reader.get(f"/en/organization/{erika.office['id']}")
    assert office.headers["Location"].endswith(f"/en/organization/{erika.office['name']}")


def test_readers_get_no_cookie_and_an_unchanged_page_is_not_sent_twice(erika, reader):
    dataset(erika)
    for path in ("/", "/dataset/", "/dataset/baumkataster", "/gibt-es-nicht", "/dataset/gibt-es-nicht"):
        answer = reader.get(path)
        assert "Set-Cookie" not in answer.headers, path
    first = reader.get("/dataset/baumkataster")
    again = reader.get("/dataset/baumkataster", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_page_from_before_an_update_finds_the_present_style_sheet(clean, reader):
    moved = reader.get("/mainz/assets/000000000000/portal.css")
    assert moved.status_code == 302
    present = reader.get(moved.headers["Location"])
    assert present.status_code == 200
    assert "immutable" in present.headers["Cache-Control"]
    assert reader.get("/mainz/assets/000000000000/gibt-es-nicht.css").status_code == 404


@pytest.mark.parametrize("failure", [SolrConnectionError("down"), listing.SearchError("broken")])
def test_while_the_search_is_down_pages_stay_and_say_so_in_one_sentence(erika, reader, monkeypatch, failure):
    dataset(erika)

    def down(*_arguments: Any, **_named: Any) -> None:
        raise failure

    monkeypatch.setattr("ckan.lib.search.query.PackageSearchQuery.run", down)
    for path, status in (("/dataset/?q=baum", 503), (f"/organization/{erika.office['name']}", 503), ("/", 200)):
        answer = reader.get(path)
        assert answer.status_code == status, path
        assert text(answer).count("Die Suche ist zurzeit nicht erreichbar.") == 1, path
    assert reader.get("/organization/").status_code == 200
    assert reader.get("/dataset/baumkataster").status_code == 200


def test_a_dataset_that_the_index_lacks_still_has_its_page(erika, reader):
    search.clear(dataset(erika)["id"])
    assert reader.get("/dataset/baumkataster").status_code == 200


def test_formats_show_by_their_short_names_in_lists_filters_and_on_pages(erika, reader):
    resources = [
        {
            "url": "https://amt.example/wms",
            "format": "http://publications.europa.eu/resource/authority/file-type/WMS_SRVC",
        }
    ]
    dataset(erika, resources=resources)
    for path in ("/dataset/", "/dataset/baumkataster"):
        page = text(reader.get(path))
        assert "WMS" in page
        assert "publications.europa.eu" not in page
    narrowed = reader.get("/dataset/", query_string={"res_format": "WMS"})
    assert "1 Datensatz" in text(narrowed)


def test_an_organisation_without_datasets_has_a_page_that_helps_on(clean, reader):
    factories.Organization(name="leeres-amt", title="Leeres Amt")
    page = text(reader.get("/organization/leeres-amt"))
    assert "0 Datensätze" in page
    assert "In allen Datensätzen stöbern" in page
