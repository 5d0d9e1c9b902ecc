"""What leaves the portal is flawless DCAT-AP.de: five hundred records with every field, alone and in pairs."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple
from tests.unit.metadata.rdf.judge import findings
from tests.unit.metadata.rdf.packages import (
    ORGANISATIONS,
    OTHER_ID,
    PUBLIC_IDS,
    SERIES_ID,
    SETTINGS,
    Drawing,
    all_names,
    plan,
)

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.rdf import (
    PROFILES,
    V2,
    V3,
    Described,
    catalogue,
    dates,
    describe,
    document,
    effective,
    iris,
    read,
    references,
    written,
)
from ckanext.mainz.metadata.rdf.entries import Profile
from ckanext.mainz.metadata.rdf.nodes import DCAT, DCATAP, DCATDE, DCTERMS, FOAF, PREFIXES, RDF, VCARD

HVD_LAW = NamedNode("http://data.europa.eu/eli/reg_impl/2023/138/oj")
MOMENT = "2026-11-23T10:00:00+00:00"
IS_PUBLIC = PUBLIC_IDS.__contains__
Package = dict[str, Any]
Said = dict[Any, dict[Any, list[Any]]]


def record(package: Package, organisation: Package | None = None) -> Package:
    return effective(package, organisation or ORGANISATIONS[0], SETTINGS, is_public=IS_PUBLIC).record


def whole(described: list[Described]) -> list[Triple]:
    """A document with the catalogue, as the endpoints give it."""
    datasets = [one.uri for one in described if one.kind == "dataset"]
    services = [uri for one in described for uri in one.services]
    return [*catalogue(SETTINGS, MOMENT, datasets, services), *document(described)]


@cache
def five_hundred() -> list[Package]:
    drawing = Drawing(Random(4))
    return [record(drawing.dataset(names), drawing.organisation()) for names in plan()]


@cache
def others() -> list[Package]:
    """Series and services with every field, alone and all together."""
    drawing, names = Drawing(Random(5)), frozenset(all_names()) | {"serves_dataset", "service_format"}
    choices = [frozenset(), names, *(frozenset({name}) for name in names if "." not in name)]
    made = [record(draw(chosen)) for chosen in choices for draw in (drawing.series, drawing.service)]
    named = [record({**drawing.series(names), "id": SERIES_ID}), record({**drawing.dataset(names), "id": OTHER_ID})]
    return [*made, *named]


@cache
def everything(profile: str) -> list[Described]:
    return [describe(one, SETTINGS, PROFILES[profile]) for one in [*five_hundred(), *others()]]


def said(triples: Iterable[Triple]) -> Said:
    found: Said = defaultdict(lambda: defaultdict(list))
    for one in triples:
        found[one.subject][one.predicate].append(one.object)
    return found


def nodes(found: Said, kind: NamedNode) -> list[Any]:
    return [node for node, about in found.items() if kind in about[RDF.type]]


@pytest.mark.parametrize(
    ("profile", "shapes"), [(V3, "v3"), (V2, "v3"), (V2, "v2konv")], ids=lambda one: getattr(one, "name", one)
)
def test_the_shapes_find_nothing_in_five_hundred_datasets_with_series_and_services(profile: Profile, shapes: str):
    described = everything(profile.name)
    assert sum(one.kind == "dataset" for one in described) >= 500
    assert findings(whole(described), shapes) == Counter()


def _minimal() -> Package:
    return {"id": "d-1", "title": "Baumkataster", "notes": "Alle Bäume.", "theme": [THEME], "resources": [LINK]}


THEME = "http://publications.europa.eu/resource/authority/data-theme/ENVI"
LINK = {"id": "r-1", "url": "https://geo.mainz.example/baum.csv", "format": "CSV", "license": "cc-zero"}
SERVICE_ROW = {"title": "WFS", "endpoint_url": "https://geo.mainz.example/wfs"}
CASES: dict[str, Callable[[], list[Package]]] = {
    "minimal": lambda: [{**_minimal(), "metadata_created": "2026-01-01T00:00:00"}],
    "high-value": lambda: [
        {
            **_minimal(),
            "hvd_category": ["http://data.europa.eu/bna/c_60182062"],
            "issued": "2026",
            "resources": [{**LINK, "access_services": [SERVICE_ROW]}],
        }
    ],
    "series": lambda: [{"id": "s-1", "type": "dataset_series", "title": "Haushalte"}],
    "member of a series": lambda: [
        {**_minimal(), "issued": "2026", "in_series": [SERIES_ID]},
        {"id": SERIES_ID, "type": "dataset_series", "title": "Haushalte"},
    ],
    "service": lambda: [
        {"id": "w-1", "type": "data_service", "title": "WFS", "endpoint_url": "https://geo.mainz.example/wfs"}
    ],
}


@pytest.mark.parametrize(
    "profile,shapes", [(V3, "v3"), (V2, "v3"), (V2, "v2konv")], ids=lambda one: getattr(one, "name", one)
)
@pytest.mark.parametrize("name", CASES)
def test_the_shapes_find_nothing_in_the_smallest_of_each_kind(name: str, profile: Profile, shapes: str):
    described = [describe(record(package), SETTINGS, profile) for package in CASES[name]()]
    assert findings(whole(described), shapes) == Counter()


@pytest.mark.parametrize("profile", [V3, V2], ids=lambda one: one.name)
def test_what_the_shapes_do_not_see_holds_as_well(profile: Profile):
    found = said(whole(everything(profile.name)))
    datasets = nodes(found, DCAT.Dataset)
    for node in datasets:
        _check_dataset(found, node)
    for node in [one for dataset in datasets for one in found[dataset][DCAT.distribution]]:
        _check_distribution(found, node)
    for node in nodes(found, DCAT.DataService):
        assert _listed("licenses", found[node][DCTERMS.license])
        assert _listed("availabilities", found[node][DCATAP.availability])
    for node in nodes(found, DCAT.DatasetSeries):
        assert len(found[node][DCTERMS.publisher]) == 1
    identifiers = [found[node][DCTERMS.identifier][0].value for node in datasets]
    assert len(identifiers) == len(datasets)


def _check_dataset(found: Said, node: NamedNode) -> None:
    about = found[node]
    assert _listed("availabilities", about[DCATAP.availability])
    assert _listed("contributors", about[DCATDE.contributorID])
    assert about[DCATDE.politicalGeocodingLevelURI]
    assert all(vocabulary.find("themes", one.value) for one in about[DCAT.theme])
    assert about[DCAT.theme]
    assert about[DCAT.keyword]
    assert about[DCAT.distribution]
    assert all(2 <= len(one.value) <= 100 and "," not in one.value for one in about[DCAT.keyword])
    assert [isinstance(one, Literal) for one in about[DCTERMS.identifier]] == [True]
    assert len(about[DCTERMS.modified]) == 1
    assert DCTERMS.source not in about
    if about[DCATAP.hvdCategory]:
        assert HVD_LAW in about[DCATAP.applicableLegislation]
        for distribution in about[DCAT.distribution]:
            assert HVD_LAW in found[distribution][DCATAP.applicableLegislation]
            for service in found[distribution][DCAT.accessService]:
                wanted = (DCATAP.applicableLegislation, DCATAP.hvdCategory, DCAT.contactPoint, FOAF.page)
                assert all(found[service][predicate] for predicate in wanted)


def _check_distribution(found: Said, node: NamedNode) -> None:
    about = found[node]
    assert _listed("licenses", about[DCTERMS.license])
    assert _listed("availabilities", about[DCATAP.availability])
    term = vocabulary.find("licenses", about[DCTERMS.license][0].value)
    assert term
    assert about[DCATDE.licenseAttributionByText] or not term.attribution
    assert set(about[DCAT.downloadURL]) <= set(about[DCAT.accessURL])
    services = about[DCAT.accessService]
    assert about[DCAT.downloadURL] == [] or not services
    if services and services[0].value.startswith(node.value):  # others' services may be told differently elsewhere
        assert about[DCAT.accessURL] == found[services[0]][DCAT.endpointURL]


def _listed(name: str, values: list[Any]) -> bool:
    return len(values) == 1 and vocabulary.find(name, values[0].value) is not None


def test_every_address_is_legal_every_date_a_date_and_every_text_german():
    plain = {
        *(DCTERMS.identifier.value, PREFIXES["skos"] + "notation", DCAT.version.value, VCARD.value.value),
        *(PREFIXES["csvw"] + name for name in ("name", "datatype")),
        PREFIXES["schema"] + "unitText",
    }
    for one in whole(everything(V3.name)):
        if isinstance(one.object, NamedNode):
            assert iris.repaired(one.object.value) == one.object.value
        elif one.object.datatype.value in {PREFIXES["xsd"] + name for name in ("date", "dateTime", "gYear")}:
            assert dates.normalised(one.object.value) == one.object.value
        elif one.object.datatype.value == PREFIXES["xsd"] + "string":
            assert one.predicate.value in plain, one.predicate
        if isinstance(one.object, Literal) and one.object.language:
            assert one.object.language == "de"


def test_two_renderings_are_the_same_byte_for_byte():
    again = [describe(one, SETTINGS) for one in [*five_hundred(), *others()]]
    for form in ("ttl", "rdf", "jsonld", "nt"):
        assert written(whole(everything(V3.name)), form) == written(whole(again), form)


def test_a_series_is_described_but_no_dataset_of_the_catalogue():
    found = said(whole([describe(record(one), SETTINGS) for one in CASES["member of a series"]()]))
    series = NamedNode(SETTINGS.record_uri(SERIES_ID))
    assert found[series][RDF.type] == [DCAT.DatasetSeries]
    assert found[NamedNode(SETTINGS.record_uri("d-1"))][DCAT.inSeries] == [series]
    assert series not in found[NamedNode(SETTINGS.base_uri)][DCAT.dataset]


def test_a_link_stands_only_where_its_end_is_described_and_is_never_lost():
    alone = describe(record({**_minimal(), "has_version": [OTHER_ID]}), SETTINGS)
    found = said(document([alone]))
    assert found[NamedNode(alone.uri)][DCAT.hasVersion] == []
    assert read(written(document([alone]), "ttl"), "ttl", base_uri=SETTINGS.base_uri).datasets[0].package[
        "has_version"
    ] == [OTHER_ID]
    both = said(document([alone, describe(record({**_minimal(), "id": OTHER_ID}), SETTINGS)]))
    assert both[NamedNode(alone.uri)][DCAT.hasVersion] == [NamedNode(SETTINGS.record_uri(OTHER_ID))]


def test_nothing_that_is_not_public_is_mentioned():
    hidden = "0a0a0a0a-0000-4000-8000-000000000000"
    row = {**SERVICE_ROW, "uri": SETTINGS.record_uri(hidden)}
    package = {
        **_minimal(),
        **{"in_series": [hidden], "has_version": [SETTINGS.record_uri(hidden)]},
        "resources": [{**LINK, "access_services": [row]}],
    }
    assert hidden in references(package)
    text = written(document([describe(record(package), SETTINGS)]), "nt")
    assert hidden.encode() not in text


def test_a_rename_changes_no_iri():
    package = Drawing(Random(8)).dataset(frozenset(all_names()))
    one, other = (describe(record({**package, "name": name}), SETTINGS) for name in ("alt", "neu"))
    assert one.triples == other.triples


def test_publishers_and_places_with_one_iri_are_told_once_in_a_document():
    row = {"uri": "https://amt.example", "name": "Amt"}
    packages = [{**_minimal(), "id": f"d-{n}", "publisher": [{**row, "name": f"Amt {n}"}]} for n in range(2)]
    found = said(document([describe(record(package), SETTINGS) for package in packages]))
    assert [one.value for one in found[NamedNode("https://amt.example")][FOAF.name]] == ["Amt 0"]


def test_the_second_profile_leaves_out_what_the_two_versions_dispute():
    disputed = {"http://www.w3.org/ns/adms#status", "http://spdx.org/rdf/terms#checksum"}
    disputed |= {DCAT.byteSize.value, "http://www.w3.org/ns/locn#geometry"}
    predicates = {profile: {one.predicate.value for one in whole(everything(profile))} for profile in PROFILES}
    assert disputed <= predicates[V3.name]
    assert disputed & predicates[V2.name] == set()


def test_a_bad_address_is_mended_or_left_out_and_reported():
    resource = {**LINK, "url": "https://geo.example/wms?bbox={bbox}&x=a b", "documentation": ["kein Link"]}
    made = effective({**_minimal(), "resources": [resource]}, None, SETTINGS)
    assert made.record["resources"][0]["url"] == "https://geo.example/wms?bbox=%7Bbbox%7D&x=a%20b"
    told = {(one.field, one.resource, one.repaired) for one in made.problems}
    assert told == {("url", 0, True), ("documentation", 0, False)}


def test_a_file_has_one_address_to_download_and_to_reach_and_an_interface_none_to_download():
    file, interface = record({**_minimal(), "resources": [LINK, {**LINK, "format": "WMS"}]})["resources"]
    assert file["download_url"] == file["access_url"] == LINK["url"]
    assert "download_url" not in interface


def test_markdown_leaves_as_plain_text():
    notes = "# Bäume\n\nMit **Art** und [Karte](https://karte.example).\n\n* Linde\n* Ahorn"
    assert record({**_minimal(), "notes": notes})["notes"] == (
        "Bäume\n\nMit Art und Karte (https://karte.example).\n\n- Linde\n- Ahorn"
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = [name for name in all_names() if "." not in name] + ["id", "type", "title", "notes", "resources", "private"]
RESOURCE = st.dictionaries(
    st.sampled_from([*(name[9:] for name in all_names() if "." in name), "id", "url", "url_type"]), JSON
)
SUBFIELDS = "uri name email url telephone type identifier start end text geom bbox column endpoint_url license".split()  # noqa: SIM905
ROWS = st.lists(st.dictionaries(st.sampled_from(SUBFIELDS), JSON, max_size=5), max_size=3)
PACKAGE = st.dictionaries(st.sampled_from(NAMES), JSON | ROWS, max_size=15)


@settings(max_examples=150, deadline=None)
@given(PACKAGE, st.lists(RESOURCE, max_size=2))
def test_no_package_whatever_it_holds_stops_the_catalogue(package: Package, resources: list[Package]):
    made = effective({**package, "resources": resources}, None, SETTINGS, is_public=IS_PUBLIC)
    described = describe(made.record, SETTINGS)
    for form in ("ttl", "rdf"):
        read(written(document([described]), form), form)
    assert all(problem.text() for problem in made.problems)


@settings(max_examples=100, deadline=None)
@given(PACKAGE, st.lists(RESOURCE, max_size=2))
def test_a_record_that_is_filled_in_stays_as_it_is(package: Package, resources: list[Package]):
    once = effective({**package, "id": "d-1", "resources": resources}, None, SETTINGS, is_public=IS_PUBLIC).record
    assert effective(once, None, SETTINGS, is_public=IS_PUBLIC).record == once


@given(st.text(max_size=60), st.sampled_from(["https://", "http://a.example/", "https://a.example/?q=", ""]))
def test_an_address_is_refused_or_becomes_one_that_stays(text: str, beginning: str):
    try:
        address = iris.repaired(beginning + text)
    except ValueError:
        return
    assert iris.repaired(address) == address
    assert re.fullmatch(r"[!-~]+", address)
    assert NamedNode(address)
