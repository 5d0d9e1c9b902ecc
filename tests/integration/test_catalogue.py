"""The catalogue for programs: its addresses, forms and pages, and that nothing but what is public is in it."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from ckan.plugins import toolkit
from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef
from rdflib.compare import isomorphic
from tests.kit import records
from tests.kit.catalogue import HYDRA, READABLE, datasets, graph, made, office, pages, reader, titles, uri
from tests.kit.people import editor
from tests.kit.services import SITE_URL, LoadedPortal
from werkzeug.test import Client, TestResponse

from ckanext.mainz.metadata.catalogue import left_out, pieces, question
from ckanext.mainz.metadata.catalogue import records as catalogue_records

CATALOGUE = URIRef(SITE_URL)
STOCK = "euro_dcat_ap_3"
TWO = "mainz_dcat_ap_de_2"


@pytest.fixture
def client(portal: LoadedPortal, clean: None) -> Client:
    return reader(portal)


def small_pages(monkeypatch: pytest.MonkeyPatch, size: int = 2) -> None:
    monkeypatch.setitem(toolkit.config, "ckanext.dcat.datasets_per_page", size)


def test_every_form_of_the_catalogue_and_of_a_record_says_the_same(client):
    made(office(), "Bäume", name="baeume")
    for start in ("/catalog", "/dataset/baeume"):
        forms = [graph(client.get(f"{start}.{ending}"), ending) for ending in READABLE]
        without_pages = [strip(form) for form in forms]
        assert all(isomorphic(without_pages[0], other) for other in without_pages[1:]), start


def strip(said: Graph) -> Graph:
    """Without paging, whose addresses end like the document's."""
    for page in list(said.subjects(RDF.type, HYDRA.PagedCollection)):
        said.remove((page, None, None))
    return said


def test_an_empty_portal_has_a_catalogue_with_one_page_without_paging(client):
    said = graph(client.get("/catalog.ttl"))
    assert (CATALOGUE, RDF.type, DCAT.Catalog) in said
    assert not list(said.subjects(RDF.type, HYDRA.PagedCollection))


def test_the_pages_hold_each_dataset_once_and_all_of_them(client, monkeypatch):
    small_pages(monkeypatch)
    owner = office()
    wanted = {uri(made(owner, f"Datensatz {number}")) for number in range(5)}
    found = list(pages(client, "/catalog.ttl"))
    assert [len(datasets(page)) for page in found] == [2, 2, 1]
    assert set().union(*map(datasets, found)) == wanted
    listed = [str(one) for page in found for one in page.objects(CATALOGUE, DCAT.dataset)]
    assert sorted(listed) == sorted(wanted)


def test_paging_is_told_in_the_words_that_stock_uses(client, monkeypatch):
    small_pages(monkeypatch)
    owner = office()
    for number in range(5):
        made(owner, f"Datensatz {number}")
    ours = graph(client.get("/catalog.ttl?q=Datensatz&fq=state:active&page=2"))
    address = next(ours.subjects(RDF.type, HYDRA.PagedCollection))
    assert str(address).endswith("/catalog.ttl?q=Datensatz&fq=state%3Aactive&page=2")
    said = {str(name).removeprefix(str(HYDRA)): str(value) for name, value in ours.predicate_objects(address)}
    at = f"{SITE_URL}/catalog.ttl?q=Datensatz&fq=state%3Aactive&page="
    assert said.pop(str(RDF.type)) == str(HYDRA.PagedCollection)
    numbers = {"next": 3, "previous": 1, "first": 1, "last": 3}
    links = {name + end: f"{at}{number}" for name, number in numbers.items() for end in ("", "Page")}
    assert said == {**links, "totalItems": "5", "itemsPerPage": "2"}


def test_a_changed_record_stays_on_its_page(client, monkeypatch):
    small_pages(monkeypatch)
    owner = office()
    four = [made(owner, f"Datensatz {number}") for number in range(4)]
    before = [datasets(page) for page in pages(client, "/catalog.ttl")]
    records.change("package_patch", id=four[3]["id"], title="Geändert")
    assert [datasets(page) for page in pages(client, "/catalog.ttl")] == before


def test_filters_narrow_the_catalogue_down(client):
    owner = office()
    trees, wells = made(owner, "Bäume"), made(owner, "Brunnen", tags=[{"name": "Wasser"}])
    assert datasets(graph(client.get("/catalog.ttl?q=Baum"))) == {uri(trees)}
    assert datasets(graph(client.get("/catalog.ttl?fq=tags:Wasser"))) == {uri(wells)}
    assert datasets(graph(client.get("/catalog.ttl?modified_since=2100-01-01"))) == set()
    assert datasets(graph(client.get("/catalog.ttl?modified_since=2020-01-01T12:00:00%2B02:00"))) == {
        uri(trees),
        uri(wells),
    }


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/catalog.ttl?page=2", 404, "page 2"),
        ("/catalog.ttl?page=0", 400, "page"),
        ("/catalog.ttl?page=-1", 400, "page"),
        ("/catalog.ttl?page=zwei", 400, "page"),
        ("/catalog.ttl?page=99999999999999999999", 400, "page"),
        ("/catalog.ttl?page=1000000", 404, "page 1000000"),
        ("/catalog.ttl?profiles=nobody", 400, "nobody"),
        ("/dataset/x.ttl?profiles=nobody", 400, "nobody"),
        ("/catalog.pdf", 404, "pdf"),
        ("/dataset/x.exe", 404, "exe"),
        ("/catalog/full.pdf.gz", 404, "/catalog/full.ttl.gz"),
        (f"/catalog.ttl?q={'a' * 5000}", 400, "q"),
        (f"/catalog.ttl?fq={'a' * 5000}", 400, "fq"),
        ("/catalog.ttl?fq=((", 400, "fq"),
        ("/catalog.ttl?q=title:[", 400, "q"),
        ("/catalog.ttl?modified_since=gestern", 400, "modified_since"),
        ("/catalog.ttl?modified_since=9999-12-31T23:59:59-23:59", 400, "modified_since"),
        ("/dataset/nicht-da.ttl", 404, "no record"),
        (f"/catalog.ttl?profiles={STOCK}&page=zwei", 400, ""),
        (f"/catalog.ttl?profiles={STOCK}&fq=((", 400, ""),
        (f"/dataset/nicht-da.ttl?profiles={STOCK}", 404, "no record"),
    ],
)
def test_a_question_without_an_answer_gets_a_clear_refusal(client, address, status, words):
    answer = client.get("/en" + address)
    assert answer.status_code == status, answer.get_data(as_text=True)[:500]
    assert answer.mimetype == "text/plain"
    assert words in answer.get_data(as_text=True)


def test_records_that_are_not_public_are_in_no_form_for_nobody(portal, client):
    erika = editor(portal)
    secret = made(erika.office, "Geheimer Plan", public=False)
    draft = made(erika.office, "Entwurf", public=False, state="draft")
    gone = made(erika.office, "Gelöscht")
    records.delete(gone["id"])
    made(erika.office, "Bäume")
    for record in (secret, draft, gone):
        for ending in READABLE:
            for browser in (client, erika.browser):
                for profile in ("", f"?profiles={TWO}", f"?profiles={STOCK}"):
                    if profile.endswith(STOCK) and record is gone and browser is erika.browser:
                        continue
                    answer = browser.get(f"/dataset/{record['name']}.{ending}{profile}")
                    assert answer.status_code == 404, (record["title"], ending, profile)
    for filters in ("", "?fq=capacity:private", "?fq=%2Bstate:draft", "?fq=%2Bstate:deleted", "?fq=-capacity:public"):
        for browser in (client, erika.browser):
            said = graph(browser.get(f"/catalog.ttl{filters}"))
            assert not titles(said) & {"Geheimer Plan", "Entwurf", "Gelöscht"}, filters
    answer = erika.api("dcat_catalog_show", {"format": "ttl"})
    assert "Geheimer" not in answer.json["result"]
    assert "Bäume" in answer.json["result"]
    assert erika.api("dcat_dataset_show", {"id": secret["id"], "format": "ttl"}).status_code == 404


def test_other_profiles_are_written_by_ckanext_dcat(client):
    made(office(), "Bäume", name="baeume")
    for address in ("/catalog.ttl", "/dataset/baeume.ttl", "/catalog.nt"):
        answer = client.get(f"{address}?profiles={STOCK}")
        assert datasets(graph(answer, address.rsplit(".", 1)[1]))


def test_content_is_negotiated_on_pages_for_people_and_on_the_catalogue(client):
    made(office(), "Bäume", name="baeume")
    kinds = {"text/turtle": "ttl", "application/rdf+xml": "rdf", "application/ld+json": "jsonld"}
    for address in ("/", "/dataset/baeume", "/catalog"):
        for kind, ending in kinds.items():
            answer = client.get(address, headers={"Accept": kind})
            assert datasets(graph(answer, ending)), (address, kind)
            assert answer.mimetype == kind
            assert "Accept" in answer.vary
        browser = client.get(address, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        assert browser.mimetype == "text/html"
        assert "Accept" in browser.vary
    assert client.get("/catalog").mimetype == "text/turtle"
    assert client.get("/catalog", headers={"Accept": "text/html"}).status_code == 302
    assert client.get("/dataset/nicht-da", headers={"Accept": "text/turtle"}).status_code == 404


def test_head_is_the_head_of_get(client):
    made(office(), "Bäume", name="baeume")
    for address in ("/catalog.ttl", "/dataset/baeume.rdf", "/catalog.ttl?q=Baum"):
        for headers in ({}, {"Accept-Encoding": "gzip"}):
            for _kept in range(2):
                got, asked = client.get(address, headers=headers), client.head(address, headers=headers)
                assert asked.data == b""
                assert without_vary(asked) == without_vary(got), address


def without_vary(answer: TestResponse) -> dict[str, str]:
    """Flask adds Cookie to it where a request reaches it. The date is that of each answer."""
    return {name: value for name, value in answer.headers.items() if name not in ("Vary", "Date")}


def test_series_and_services_are_described_with_their_datasets_on_every_page(client, monkeypatch):
    small_pages(monkeypatch, 1)
    owner = office()
    series = made(owner, "Haushalte", type="dataset_series")
    members = [made(owner, f"Haushalt {year}", in_series=[series["id"]]) for year in (2024, 2025)]
    service = made(owner, "Kartendienst", type="data_service", serves_dataset=[members[0]["id"]])
    found = list(pages(client, "/catalog.ttl"))
    assert len(found) == 4
    for page in found:
        for member in datasets(page):
            assert (URIRef(member), DCAT.inSeries, URIRef(uri(series))) in page
            assert (URIRef(uri(series)), RDF.type, DCAT.DatasetSeries) in page
        assert (CATALOGUE, DCAT.dataset, URIRef(uri(series))) not in page
    served = [page for page in found if (URIRef(uri(service)), DCAT.servesDataset, URIRef(uri(members[0]))) in page]
    assert [datasets(page) for page in served] == [{uri(members[0])}]
    assert all((CATALOGUE, DCAT.service, URIRef(uri(service))) in page for page in served)


def test_a_record_describes_what_it_leads_to(client):
    owner = office()
    series = made(owner, "Haushalte", type="dataset_series")
    dataset = made(owner, "Haushalt", name="haushalt", in_series=[series["id"]])
    service = made(owner, "Dienst", type="data_service", name="dienst", serves_dataset=[dataset["id"]])
    for address in ("/dataset/haushalt.ttl", "/data_service/dienst.ttl"):
        said = graph(client.get(address))
        assert (URIRef(uri(service)), DCAT.servesDataset, URIRef(uri(dataset))) in said
        assert (URIRef(uri(service)), RDF.type, DCAT.DataService) in said
    assert (URIRef(uri(series)), RDF.type, DCAT.DatasetSeries) in graph(client.get("/dataset/haushalt.ttl"))
    assert (URIRef(uri(series)), RDF.type, DCAT.DatasetSeries) in graph(
        client.get(f"/dataset_series/{series['name']}.ttl")
    )


def test_links_to_what_is_not_public_are_never_said(client):
    owner = office()
    secret = made(owner, "Geheime Serie", type="dataset_series", public=False)
    made(owner, "Haushalt", name="haushalt", in_series=[secret["id"]])
    for address in ("/dataset/haushalt.ttl", "/catalog.ttl"):
        assert secret["id"] not in client.get(address).get_data(as_text=True)
    records.publish(secret["id"])
    assert secret["id"] in client.get("/dataset/haushalt.ttl").get_data(as_text=True)
    records.withdraw(secret["id"])
    for address in ("/dataset/haushalt.ttl", "/catalog.ttl"):
        assert secret["id"] not in client.get(address).get_data(as_text=True)


def test_a_record_that_cannot_be_written_is_left_out_and_reported(client, monkeypatch, caplog):
    owner = office()
    bad, good = made(owner, "Schlecht", name="schlecht"), made(owner, "Gut")
    write = pieces._piece

    def broken(wanted: Any) -> Any:
        if wanted.package["id"] == bad["id"]:
            raise ZeroDivisionError("broken on purpose")
        return write(wanted)

    with monkeypatch.context() as patch:
        patch.setattr(pieces, "_piece", broken)
        patch.setattr(pieces.log, "disabled", False)  # imported before CKAN set its logging up
        patch.setattr(logging.getLogger("ckanext"), "propagate", True)
        assert datasets(graph(client.get("/catalog.ttl"))) == {uri(good)}
        assert client.get("/dataset/schlecht.ttl").status_code == 503
    assert bad["id"] in caplog.text
    assert left_out.all_of_them() == {bad["id"]: "ZeroDivisionError: broken on purpose"}
    records.change("package_patch", id=good["id"], title="Besser")
    assert datasets(graph(client.get("/catalog.ttl"))) == {uri(bad), uri(good)}
    assert left_out.all_of_them() == {}


def test_odd_values_in_a_record_take_no_page_down(client):
    owner = office()
    odd = made(
        owner,
        'Titel mit "Zeichen" <b> \\ \u2028 🌳',
        resources=[{"url": "https://amt.example/{bbox} ä|b", "name": "x", "format": "WMS"}],
        version="1<>2",
    )
    for ending in READABLE:
        assert uri(odd) in datasets(graph(client.get(f"/catalog.{ending}"), ending))


def test_the_profile_for_two_leaves_out_what_the_shapes_dispute(client):
    file = {"url": "https://amt.example/x.csv", "name": "x", "format": "CSV", "size": 123}
    made(office(), "Bäume", name="baeume", resources=[file])
    sizes = [
        list(graph(client.get(f"/dataset/baeume.ttl{profile}")).objects(None, DCAT.byteSize))
        for profile in ("", f"?profiles={TWO}")
    ]
    assert [len(one) for one in sizes] == [1, 0]
    second = graph(client.get(f"/catalog.ttl?profiles={TWO}"))
    assert f"profiles={TWO}" in str(next(second.subjects(RDF.type, HYDRA.PagedCollection)))


def test_the_catalogue_names_its_publisher_licence_and_languages(client):
    made(office(), "Bäume")
    said = graph(client.get("/catalog.ttl"))
    for term in (DCTERMS.publisher, DCTERMS.license, DCTERMS.language, DCTERMS.title, DCAT.themeTaxonomy):
        assert list(said.objects(CATALOGUE, term)), term


def test_a_record_is_given_while_the_search_does_not_answer(client, monkeypatch):
    package = made(office(), "Bäume", name="baeume")

    def down(*_arguments: Any, **_more: Any) -> None:
        raise question.Refused(503, "down")

    client.get("/dataset/baeume.ttl")
    with monkeypatch.context() as patch:
        patch.setattr(catalogue_records, "_public", down)
        assert datasets(graph(client.get("/dataset/baeume.nt"), "nt")) == {uri(package)}
        assert client.get("/dataset/gibt-es-nicht.ttl").status_code == 404


def test_a_record_that_the_index_does_not_know_yet_is_given(client, monkeypatch):
    package = made(office(), "Bäume", name="baeume")
    monkeypatch.setattr(catalogue_records, "_public", lambda *_arguments, **_more: catalogue_records.Found((), 0))
    assert datasets(graph(client.get("/dataset/baeume.ttl"))) == {uri(package)}


def test_a_record_that_is_named_like_a_query_is_only_a_name(client):
    made(office(), "Bäume", name="baeume")
    for odd in ("*", "baeume*", 'baeume" OR "x', "id:baeume", "bäume", "baeume~"):
        assert client.get(f"/dataset/{odd}.ttl").status_code == 404, odd
