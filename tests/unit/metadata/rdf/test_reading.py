"""RDF from elsewhere, and our own read again: nothing is lost in silence, nothing stops the rest."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.unit.metadata.rdf.judge import shared
from tests.unit.metadata.rdf.packages import PUBLIC_IDS, SETTINGS, Drawing, all_names, plan

from ckanext.mainz.foundation.errors import ReadableError
from ckanext.mainz.foundation.xml import RefusedXml
from ckanext.mainz.metadata.rdf import (
    RdfError,
    RdfLimits,
    catalogue,
    describe,
    document,
    effective,
    read,
    written,
)
from ckanext.mainz.metadata.rdf.formats import READABLE

HEAD = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
"""
IS_PUBLIC = PUBLIC_IDS.__contains__
BASE = SETTINGS.base_uri


def turtle(text: str):
    return read((HEAD + text).encode(), "ttl", base_uri=BASE)


def again(record, form="ttl"):
    return read(written(document([describe(record, SETTINGS)]), form), form, base_uri=BASE).all[0]


@pytest.mark.parametrize(("form", "number"), [("ttl", 500), ("rdf", 100), ("jsonld", 100), ("nt", 100)])
def test_five_hundred_datasets_come_back_as_they_went_out(form: str, number: int):
    drawing = Drawing(Random(6))
    for names in [*plan()][-number:]:
        record = effective(drawing.dataset(names), drawing.organisation(), SETTINGS, is_public=IS_PUBLIC).record
        found = again(record, form)
        assert found.package == record
        assert found.unheld == ()
        assert found.problems == ()


def test_series_and_services_come_back_as_they_went_out():
    drawing, names = Drawing(Random(7)), frozenset(all_names()) | {"serves_dataset", "service_format"}
    for package in [draw(names) for _ in range(50) for draw in (drawing.series, drawing.service)]:
        record = effective(package, drawing.organisation(), SETTINGS, is_public=IS_PUBLIC).record
        assert again(record).package == record


@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False), st.sets(st.sampled_from(all_names())))
def test_whatever_an_editor_typed_comes_back(random: Random, names: set[str]):
    drawing = Drawing(random)
    record = effective(drawing.dataset(frozenset(names)), drawing.organisation(), SETTINGS, is_public=IS_PUBLIC).record
    assert again(record).package == record


@settings(max_examples=200, deadline=None)
@example("__0__", "", "")
@given(st.text(min_size=1, max_size=80), st.text(max_size=200), st.text(max_size=60))
def test_any_text_comes_back(title: str, notes: str, word: str):
    package = {"id": "d-1", "title": title, "notes": notes, "tags": [{"name": word}], "version": word}
    package |= {"provenance": notes, "contact": [{"name": title, "email": word, "telephone": word}]}
    record = effective(package, None, SETTINGS).record
    assert again(record).package == record


def test_the_datasets_of_bremen_are_read_whole_and_what_is_not_held_is_listed():
    found = read(shared("samples", "dcat", "bremen-catalog.rdf").read_bytes(), "rdf", source="Bremen")
    assert len(found.datasets) == 153
    assert all(one.usable for one in found.datasets)
    assert sum(len(one.package["resources"]) for one in found.datasets) == 237
    lost = {one.path for record in found.datasets for one in record.unheld}
    assert {"dcat:contactPoint/vcard:hasStreetAddress", "dcterms:language"} <= lost
    assert "dcterms:title" not in lost
    frequencies = [one for record in found.datasets for one in record.problems if one.field == "frequency"]
    assert {one.value.rsplit("/", 1)[-1] for one in frequencies} == {"IRREGULAR"}


def test_the_example_of_dcat_ap_de_1_is_read_with_the_terms_of_today():
    found = read(shared("samples", "dcat", "advanced.ttl").read_bytes(), "ttl")
    first = found.datasets[0].package
    assert first["custodian"][0]["name"].startswith("Behörde für Umwelt")
    assert first["resources"][0]["hash_algorithm"].endswith("md5")
    assert "dcatde:geocodingDescription" in {one.path for one in found.datasets[0].unheld}


def test_a_bad_date_is_mended_or_reported_and_the_rest_goes_on():
    found = turtle("""
        <http://a.example/1> a dcat:Dataset ; dcterms:title "Eins" ; dcterms:issued "2021-01-28 GMT 01:51:03.34919300" .
        <http://a.example/2> a dcat:Dataset ; dcterms:title "Zwei" ; dcterms:issued "demnächst"^^xsd:date .
    """)
    one, two = found.datasets
    assert one.package["issued"] == "2021-01-28T01:51:03+00:00"
    assert "issued" not in two.package
    assert [(problem.field, problem.value) for problem in two.problems] == [("issued", "demnächst")]
    assert [(lost.path, lost.value) for lost in two.unheld] == [("dcterms:issued", "demnächst")]


def test_an_illegal_address_in_one_dataset_harms_no_other():
    found = turtle("""
        <http://a.example/eins zwei> a dcat:Dataset ; dcterms:title "Eins" ;
            dcat:distribution [ dcat:accessURL <http://a.example/{x}> ; dcat:downloadURL <kein ort> ] .
        <http://a.example/2> a dcat:Dataset ; dcterms:title "Zwei" .
    """)
    one, two = found.datasets
    assert one.package["resources"][0]["url"] == "http://a.example/%7Bx%7D"
    assert {problem.field for problem in one.problems} == {"access_url", "download_url"}
    assert two.problems == ()


def test_a_dataset_without_a_title_is_not_usable_and_says_so():
    found = turtle("<http://a.example/1> a dcat:Dataset . <http://a.example/2> a dcat:Dataset ; dcterms:title 'x' .")
    assert [one.usable for one in found.datasets] == [False, True]
    assert [problem.field for problem in found.datasets[0].problems] == ["title"]


def test_german_comes_first_and_other_languages_are_listed():
    texts = ", ".join(f'"{code}"@{code}' for code in ["en", "fr", "de", *(f"x-l{n}" for n in range(50))])
    one = turtle(f"<http://a.example/1> a dcat:Dataset ; dcterms:title {texts} .").datasets[0]
    assert one.package["title"] == "de"
    assert len(one.unheld) == 52


def test_without_german_a_text_without_language_then_english_is_taken():
    found = turtle("""
        <http://a.example/1> a dcat:Dataset ; dcterms:title "fr"@fr, "plain", "en"@en .
        <http://a.example/2> a dcat:Dataset ; dcterms:title "fr"@fr, "en"@en .
        <http://a.example/3> a dcat:Dataset ; dcterms:title "fr"@fr, "it"@it .
    """)
    assert [one.package["title"] for one in found.datasets] == ["plain", "en", "fr"]


def test_cycles_end():
    found = turtle("""
        <http://a.example/1> a dcat:Dataset ; dcterms:title "Eins" ; dcterms:publisher <http://a.example/1> ;
            dcat:inSeries <http://a.example/1> ; dcat:distribution <http://a.example/1> ;
            dcterms:spatial [ dcterms:spatial <http://a.example/1> ] .
    """)
    assert found.datasets[0].package["title"] == "Eins"


def test_a_whole_catalogue_tells_datasets_series_and_services_apart():
    drawing = Drawing(Random(9))
    packages = [drawing.dataset(frozenset()), drawing.series(frozenset()), drawing.service(frozenset())]
    described = [describe(effective(one, None, SETTINGS).record, SETTINGS) for one in packages]
    own = catalogue(SETTINGS, "2026-11-23", [described[0].uri], [described[2].uri])
    found = read(written([*own, *document(described)], "ttl"), "ttl", base_uri=BASE)
    assert [len(found.datasets), len(found.series), len(found.services)] == [1, 1, 1]


def test_a_document_cut_off_is_refused_with_the_place():
    with pytest.raises(RdfError, match="line 4"):
        turtle('<http://a.example/1> a dcat:Dataset ; dcterms:title "ohne En')


def test_multiplying_entities_are_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><rdf:RDF xmlns:rdf="x">&b;</rdf:RDF>'
    with pytest.raises(RefusedXml):
        read(bomb, "rdf")


def test_a_hundred_megabytes_are_refused_before_they_are_read():
    with pytest.raises(RdfError, match="bytes"):
        read(bytes(100 * 1024 * 1024), "ttl")


def test_more_statements_than_allowed_are_refused():
    many = "".join(f"<http://a.example/{n}> <http://p.example/> 1 .\n" for n in range(20))
    with pytest.raises(RdfError, match="more than 10"):
        read(many.encode(), "ttl", limits=RdfLimits(max_triples=10))


def test_a_context_elsewhere_is_not_fetched():
    with pytest.raises(RdfError, match="context"):
        read(b'{"@context": "http://127.0.0.1:9/context.jsonld", "@id": "http://a.example/1"}', "jsonld")


@pytest.mark.parametrize("form", ["ttl", "jsonld", "rdf"])
def test_endless_nesting_ends(form: str):
    deep = {
        "ttl": b"<http://s> <http://p> " + b"[ <http://p> " * 50_000 + b"1" + b"]" * 50_000 + b" .",
        "jsonld": b'{"http://p":' * 70_000 + b"1" + b"}" * 70_000,
        "rdf": b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' + b"<r:a>" * 5000,
    }[form]
    with suppress(ReadableError):
        assert read(deep, form).datasets == []


@pytest.mark.parametrize("form", READABLE)
@settings(max_examples=50, deadline=None)
@given(data=st.binary(max_size=300))
def test_no_bytes_end_in_anything_but_a_readable_error(form: str, data: bytes):
    with suppress(ReadableError):
        read(data, form)
