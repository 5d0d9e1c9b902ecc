"""Licences: what counts as evidence, in which order, and in which spellings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.harvest.gdi import records as r

from ckanext.mainz.harvest.gdi import licences
from ckanext.mainz.harvest.gdi.licences import Licence
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.settings import GdiSettings
from ckanext.mainz.metadata import vocabulary


def found(*others: str, settings: GdiSettings = r.SETTINGS, limitations: tuple[str, ...] = ()) -> Licence:
    return licences.licence(r.dataset(constraints=r.constraints(*others, limitations=limitations)), settings, Notes())


def code(*others: str, **more: tuple[str, ...]) -> str:
    term = found(*others, limitations=more.get("limitations", ())).term
    return term.code if term else ""


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        *((one, "dl-de-by-2.0") for one in ("dl-de-by-2.0", "dl-de/by-2.0", "dl-de/by-2-0", "dl-de-by-2-0")),
        *((one, "dl-de-by-2.0") for one in ("dl-de-/by-2-0", "dl-by-de/2.0", "https://www.govdata.de/dl-de/by-2-0 ")),
        *((one, "dl-de-by-2.0") for one in ("http://govdata.de/dl-de/by-2-0/", "DL-DE-BY-2.0")),
        *((one, "dl-de-zero-2.0") for one in ("dl-zero-de/2.0", "dl-de-zero-2.0", "www.govdata.de/dl-de/zero-2-0")),
        *((one, "cc-by-de-3.0") for one in ("cc-by-3.0", "http://creativecommons.org/licenses/by/3.0/de/")),
        *(
            (one, "cc-by-4.0")
            for one in ("cc-by/4.0", "https://creativecommons.org/licenses/by/4.0/deed.de", "CC BY 4.0")
        ),
        *(("cc-nc-3.0", "cc-by-nc-de-3.0"), ("odc-odbl-1.0", "odbl"), ("geonutzv-de-2013-03-19", "geonutz-20130319")),
        *(("dl-de-by-nc-1.0", "dl-de-by-nc-1.0"), ("CC0-1.0", "cc-zero"), ("geoNutz-20131001", "geoNutz-20131001")),
    ],
)
def test_spellings_of_catalogues(written: str, stored: str):
    term = licences.find(written) or licences.find(f"https://{written}")
    assert term
    assert term.code == stored


@pytest.mark.parametrize("one", vocabulary.terms("licenses"), ids=lambda one: one.code)
def test_every_licence_is_found_by_its_code(one: vocabulary.Term):
    assert licences.find(one.code) == one
    assert licences.find(one.uri) == one


def test_json_with_words_around_it_is_read():
    assert code(f"Hinweis: {r.licence('cc-by-4.0')} Nutzungsbedingungen: siehe dort") == "cc-by-4.0"


@pytest.mark.parametrize(
    "written",
    [
        '{"id":"dl-de-by-2.0","quelle":"Stadt",}',
        "{&quot;id&quot;:&quot;dl-de-by-2.0&quot;,&quot;quelle&quot;:&quot;Stadt&quot;}",
        "{„id“: „dl-de-by-2.0“, „quelle“: „Stadt“}",
        '{"id":"dl-de-by-2.0","quelle":"St\\u0061dt"}',
        '{"id": "unbekannt-1", "url": "https:\\/\\/www.govdata.de\\/dl-de\\/by-2-0 ", "quelle": "Stadt"}',
        '{"id":"dl-de-by-2.0",\n"quelle":"Stadt"}',
    ],
)
def test_json_that_is_almost_right_is_read(written: str):
    result = found(written)
    assert result.term
    assert (result.term.code, result.attribution) == ("dl-de-by-2.0", "Stadt")


def test_an_anchor_an_address_and_mapbenders_sentence_are_evidence_too():
    assert code(r.anchor("otherConstraints", "Lizenz", "https://creativecommons.org/licenses/by/4.0/")) == "cc-by-4.0"
    text = "Es gilt die Datenlizenz (https://www.govdata.de/dl-de/zero-2-0)."
    assert code(text) == "dl-de-zero-2.0"
    assert code(limitations=(text,)) == "dl-de-zero-2.0"
    sentence = "Lizenz: cc-by-3.0 - Creative Commons - Quellenvermerk: Stadt Mainz"
    assert code(sentence) == "cc-by-de-3.0"
    assert found(sentence).attribution == "Stadt Mainz"


def test_stronger_evidence_decides():
    address = "Auch https://creativecommons.org/publicdomain/zero/1.0/ gilt."
    assert code(address, r.licence("cc-by-4.0")) == "cc-by-4.0"


@pytest.mark.parametrize(
    "written", ["keine", "Es gelten keine Bedingungen", "frei", '{"id":"meine-lizenz"}', "{", '{"id": 7}', "[]", "{}"]
)
def test_a_licence_is_never_guessed(written: str):
    assert found(written).term is None


def test_a_licence_that_nobody_knows_is_named():
    notes = Notes()
    licences.licence(r.dataset(constraints=r.constraints('{"id":"meine-lizenz"}')), r.SETTINGS, notes)
    assert "meine-lizenz" in notes.problems[0].text()


def test_the_default_of_a_source_holds_only_where_the_record_says_nothing():
    settings = replace(r.SETTINGS, default_license="cc-by-4.0")
    default = found("keine", settings=settings).term
    assert default
    assert default.code == "cc-by-4.0"
    assert found(r.licence("cc-zero"), settings=settings).term == licences.find("cc-zero")
    assert found(r.licence(), r.licence("cc-zero"), settings=settings).term is None


def test_the_default_of_a_source_is_not_the_licence_of_a_service_beside_a_dataset_that_has_one():
    settings = replace(r.SETTINGS, default_license="cc-by-4.0")
    found = r.package(r.service(constraints=""), settings=settings, distribution="")["resources"][0]
    assert "license" not in found
    assert "license" not in found["access_services"][0]


def test_constraints_of_security_are_no_terms_of_use():
    record = r.dataset(constraints=r.constraints(r.licence(), kind="MD_SecurityConstraints"))
    assert licences.licence(record, r.SETTINGS, Notes()) == Licence()


@pytest.mark.parametrize(
    "written",
    [
        "keine",
        "Es gelten keine Bedingungen.",
        r.licence(),
        "https://www.govdata.de/dl-de/by-2-0",
        "Datenlizenz Deutschland Namensnennung 2.0",
    ],
)
def test_what_says_no_more_than_the_licence_is_no_right(written: str):
    assert licences.rights(r.dataset(constraints=r.constraints(r.licence(), written))) == ""


def test_mapbenders_sentence_is_the_licence_again():
    sentence = "Lizenz: cc-by-3.0 - Creative Commons: Namensnennung 3.0 - Quellenvermerk: Stadt"
    assert licences.rights(r.dataset(constraints=r.constraints(sentence))) == ""
