"""Our profiles within ckanext-dcat: whoever goes its ways gets DCAT-AP.de too."""

from __future__ import annotations

import pytest
from ckanext.dcat.processors import RDFParser, RDFSerializer
from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, URIRef
from tests.kit.catalogue import made, office, uri
from tests.kit.services import SITE_URL, LoadedPortal

from ckanext.mainz.metadata.rdf import effective, rdf_settings

PROFILES = ("mainz_dcat_ap_de", "mainz_dcat_ap_de_2")
CHECKED = {"size": 10, "hash": "ab" * 32, "status": "COMPLETED"}


@pytest.fixture(autouse=True)
def empty(portal: LoadedPortal, clean: None) -> None:
    """Every test begins with an empty portal."""


def written(package: dict, profile: str) -> Graph:
    serializer = RDFSerializer(profiles=[profile])
    return Graph().parse(data=serializer.serialize_catalog({}, [package], _format="ttl"), format="turtle")


def test_the_serializer_of_ckanext_dcat_writes_our_rdf():
    owner = office(homepage="https://amt.example")
    said = written(made(owner, "Bäume"), PROFILES[0])
    catalogue, dataset = URIRef(SITE_URL), next(said.subjects(RDF.type, DCAT.Dataset))
    assert (catalogue, DCAT.dataset, dataset) in said
    assert said.value(said.value(catalogue, DCTERMS.publisher), FOAF.name)
    assert str(said.value(dataset, DCTERMS.publisher)) == f"{SITE_URL}/organization/{owner['id']}"
    assert str(said.value(said.value(dataset, DCAT.distribution), DCTERMS.format)).endswith("/CSV")


def test_the_second_profile_leaves_out_the_size():
    resource = {"url": "https://amt.example/daten.csv", "name": "Tabelle", "format": "CSV", **CHECKED}
    package = made(office(), "Bäume", resources=[resource])
    sizes = [bool(list(written(package, profile).objects(None, DCAT.byteSize))) for profile in PROFILES]
    assert sizes == [True, False]


def test_a_member_comes_with_its_series():
    owner = office()
    series = made(owner, "Haushalte", type="dataset_series")
    member = made(owner, "Haushalt 2025", in_series=[series["id"]])
    said = written(member, PROFILES[0])
    assert (URIRef(uri(member)), DCAT.inSeries, URIRef(uri(series))) in said
    assert (URIRef(uri(series)), RDF.type, DCAT.DatasetSeries) in said


def test_the_parser_of_ckanext_dcat_reads_what_was_written():
    owner = office()
    package = made(owner, "Bäume", version="2", provenance="Befliegung", alternate_identifier=["a", "b"])
    serializer = RDFSerializer(profiles=[PROFILES[0]])
    parser = RDFParser(profiles=[PROFILES[0]])
    parser.parse(serializer.serialize_dataset(package, _format="ttl"), "ttl")
    (found,) = parser.datasets()
    record = effective(package, owner, rdf_settings()).record
    assert {name: found[name] for name in record if name not in ("alternate_identifier", "resources")} == {
        name: value for name, value in record.items() if name not in ("alternate_identifier", "resources")
    }
    assert sorted(found["alternate_identifier"]) == ["a", "b"]
    assert found["resources"] == record["resources"]


def test_the_parser_lives_with_addresses_that_are_none():
    data = (
        '<http://a.example/eins zwei> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "Eins" .'
    )
    parser = RDFParser(profiles=[PROFILES[0]])
    parser.parse(data.replace(" zwei", "%20zwei"), "ttl")
    parser.g.add((URIRef("http://a.example/x y"), RDF.type, DCAT.Dataset))
    parser.g.add((URIRef("http://a.example/x y"), DCAT.landingPage, URIRef("http://a.example/{z}")))
    found = {one["extras"][0]["value"]: one for one in parser.datasets()}
    assert found["http://a.example/x y"]["url"] == "http://a.example/%7Bz%7D"
