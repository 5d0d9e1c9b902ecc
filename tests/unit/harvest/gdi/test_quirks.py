"""What records of real catalogues do that the standard does not foresee, Q14 to Q34 of our list; see also the other
files here for the rules in full."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.unit.harvest.gdi import records as r
from tests.unit.harvest.gdi import validated

from ckanext.mainz.foundation import xml
from ckanext.mainz.foundation.xml import MalformedXml, RefusedXml
from ckanext.mainz.harvest.gdi import coupling, fingerprint, iso, mapping
from ckanext.mainz.harvest.gdi.mapped import Reason
from ckanext.mainz.harvest.gdi.settings import Openness, SeriesRule

INSPIRE = "GEMET - INSPIRE themes, version 1.0"


# --- XML -------------------------------------------------------------------------------------------------------------


def test_q14_a_wrapped_record_and_several_of_them_are_found():
    one = r.dataset_document().decode()
    wrapped = f"<csw:GetRecordByIdResponse {r.DECLARED}>{one}</csw:GetRecordByIdResponse>"
    assert iso.read(xml.parse(wrapped.encode())).title == "Baumkataster"
    many = f"<csw:SearchResults {r.DECLARED}>{one}{one}</csw:SearchResults>"
    assert len([*iso.records(xml.parse(many.encode()))]) == 2


def test_q14_prefixes_make_no_difference():
    other = re.sub(r"\bgmd(?=[:=])", "x1", r.dataset_document().decode())
    assert iso.read(xml.parse(other.encode())) == r.dataset()


def test_q14_utf_16_a_bom_and_latin_1_are_read_and_bombs_are_not():
    plain = r.dataset_document().decode()
    for encoded in (
        plain.encode("utf-16"),
        b"\xef\xbb\xbf" + plain.encode(),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>' + plain).encode("latin-1"),
    ):
        assert iso.read(xml.parse(encoded)) == r.dataset()
    with pytest.raises(RefusedXml):
        xml.parse(b'<!DOCTYPE x [<!ENTITY a "b">]>' + plain.encode())
    with pytest.raises(MalformedXml):
        xml.parse(plain.encode("latin-1"))


def test_q15_moments_and_positions_of_all_kinds():
    instant = r.temporal("<gml32:TimeInstant><gml32:timePosition>2020-05-01</gml32:timePosition></gml32:TimeInstant>")
    assert r.package(extents=instant)["temporal_coverage"] == [{"start": "2020-05-01", "end": "2020-05-01"}]
    for end in ('<gml:endPosition indeterminatePosition="now"/>', "<gml:endPosition>9999-12-31</gml:endPosition>"):
        given = r.temporal(f"<gml:TimePeriod><gml:beginPosition>2001</gml:beginPosition>{end}</gml:TimePeriod>")
        found = r.mapped(extents=given)
        assert found.package["temporal_coverage"] == [{"start": "2001"}]
        assert r.problems(found, "temporal_coverage") == []
    nested = r.temporal(
        "<gml:TimePeriod><gml:begin><gml:TimeInstant><gml:timePosition>2003-01</gml:timePosition></gml:TimeInstant>"
        "</gml:begin><gml:end/></gml:TimePeriod>"
    )
    assert r.package(extents=nested)["temporal_coverage"] == [{"start": "2003-01"}]


@pytest.mark.parametrize(
    "given",
    [
        r.anchor("title", "Bäume", "https://a.example/x"),
        "<gmd:title>Bäume</gmd:title>",
        "<gmd:title><gco:CharacterString/><gmd:PT_FreeText><gmd:textGroup>"
        "<gmd:LocalisedCharacterString locale='#EN'>Trees</gmd:LocalisedCharacterString></gmd:textGroup>"
        "<gmd:textGroup><gmd:LocalisedCharacterString locale='#DE'>Bäume</gmd:LocalisedCharacterString></gmd:textGroup>"
        "</gmd:PT_FreeText></gmd:title>",
        "<gmd:title><gco:CharacterString><![CDATA[Bäume]]></gco:CharacterString></gmd:title>",
        "<gmd:title><gco:CharacterString>\n  B&#228;ume\n</gco:CharacterString></gmd:title>",
    ],
)
def test_q16_a_text_may_be_written_in_many_ways(given: str):
    assert r.package(title=given)["title"] == "Bäume"


def test_q16_what_has_a_nil_reason_is_missing():
    assert r.package(abstract="<gmd:abstract gco:nilReason='missing'/>")["notes"] == "Baumkataster"


# --- identity --------------------------------------------------------------------------------------------------------


def test_q17_ids_in_braces_capitals_or_without_hyphens_have_the_same_keys():
    spellings = (f"{{{r.ID}}}", r.ID.upper(), r.ID.replace("-", ""), f" {r.ID} ")
    keys = {r.mapped(file_identifier=r.text("fileIdentifier", one)).keys[0] for one in spellings}
    assert keys == {r.ID.replace("-", "")}


def test_q17_without_a_file_identifier_the_data_have_one_and_without_any_the_record_is_left_out():
    assert r.mapped(file_identifier="").guid == r.DATA_ID
    nameless = r.mapped(file_identifier="", identifiers="")
    assert nameless.skip
    assert nameless.skip.reason is Reason.NO_IDENTIFIER


def test_q17_other_ids_than_uuids_are_kept():
    assert r.mapped(file_identifier=r.text("fileIdentifier", "de.mainz.baum_FF")).guid == "de.mainz.baum_FF"


def test_q18_only_the_first_of_several_descriptions_is_read():
    second = "<gmd:identificationInfo><gmd:MD_DataIdentification>" + r.text("abstract", "Zweite")
    found = r.mapped(second=second + "</gmd:MD_DataIdentification></gmd:identificationInfo>")
    assert found.package["title"] == "Baumkataster"
    assert r.problems(found, "title")


def joined(operates_on: str, **changes: str) -> tuple[str, ...]:
    """The services of a dataset that a service with these references finds."""
    service = r.service(operates_on=operates_on)
    found = coupling.couple([coupling.dataset_of(r.dataset(**changes))], [coupling.service_of(service)])
    return found.services_of(r.ID)


@pytest.mark.parametrize(
    ("uuidref", "href"),
    [
        (r.DATA_ID, ""),
        (r.ID, ""),
        (r.ID.upper(), ""),
        ("", r.DATA_ID.replace("https:", "http:") + "/"),
        ("", f"https://katalog.example/csw?REQUEST=GetRecordById&Id={r.ID}"),
        (
            "",
            f"https://www.geoportal.example/php/mod_dataISOMetadata.php?outputFormat=iso19139&id={r.ID}#spatial_dataset_"
            + "ab" * 16,
        ),
        ("", f"https://katalog.example/geonetwork/srv/api/records/{r.ID}"),
        (f"http://andere.example/{r.ID.replace('-', '')}", ""),
    ],
)
def test_q19_services_name_their_dataset_in_many_ways(uuidref: str, href: str):
    assert joined(r.operates_on(uuidref, href)) == (r.SERVICE_ID,)


@pytest.mark.parametrize("operates_on", ["", r.operates_on(), r.operates_on("x", "https://doi.org/10.1/x")])
def test_q19_a_service_of_nothing_here_belongs_to_nothing(operates_on: str):
    assert joined(operates_on) == ()


def layer(number: int, title: str, **more: str) -> iso.IsoRecord:
    url = f"https://www.geoportal.example/mapbender/php/wms.php?layer_id={number}&inspire=1&withChilds=1&REQUEST=GetCapabilities&SERVICE=WMS"
    return r.service(
        file_identifier=r.text("fileIdentifier", f"layer-{number}"),
        title=r.text("title", f"Stadtgrün - {title}"),
        operations=r.operation("GetCapabilities", more.get("url", url)),
    )


def test_q20_a_record_for_each_layer_is_one_service_with_its_layers():
    other = "https://www.geoportal.example/mapbender/php/wms.php?withchilds=1&layer_id=12&request=getcapabilities&service=wms"
    found = r.mapped(layer(11, "Parks"), layer(10, "Bäume"), layer(12, "Beete", url=other), distribution="")
    (resource,) = found.package["resources"]
    assert resource["name"] == "Stadtgrün (WMS)"
    assert "layer_id=10" in resource["url"]
    assert [one.guid for one in found.layers[resource["url"]]] == ["layer-10", "layer-11", "layer-12"]


def test_q20_the_order_in_which_services_come_makes_no_difference():
    services = [layer(11, "Parks"), layer(10, "Bäume"), r.service()]
    assert r.package(*services) == r.package(*reversed(services))


def test_q21_dates_in_the_future_and_those_that_are_none_are_told():
    found = r.mapped(dates=r.dated("2031-01-01", "revision") + r.dated("Frühjahr", "publication"))
    assert found.package["modified"] == "2026-03-02"
    assert "issued" not in found.package
    assert len(r.problems(found, "modified") + r.problems(found, "issued")) == 2
    twice = r.dated("2019", "publication") + r.dated("2020", "publication") + r.dated("2021", "revision")
    assert r.package(dates=twice + r.dated("2022", "revision")) == r.package(
        dates=r.dated("2019", "publication") + r.dated("2022", "revision")
    )


def test_q22_wrong_boxes_are_read_rightly_or_replaced_by_the_city():
    right = "POLYGON((8.2 49.95, 8.3 49.95, 8.3 50, 8.2 50, 8.2 49.95))"
    for west, east, south, north in (
        ("8.2", "49.95", "8.3", "50.0"),
        ("49.95", "50.0", "8.2", "8.3"),
        ("8.3", "8.2", "49.95", "50.0"),
        ("8,2", "8,3", "49,95", "50,0"),
    ):
        assert r.package(extents=r.box(west, east, south, north))["spatial_coverage"][1] == {"bbox": right}
    world = r.mapped(extents=r.box("-180", "180", "-90", "90"))
    assert len(world.package["spatial_coverage"]) == 1
    assert r.problems(world, "spatial_coverage")


@pytest.mark.parametrize(
    "title",
    [
        *(INSPIRE, "GEMET - INSPIRE Themen, Version 1.0", "gemet - inspire themes"),
        r.anchor("title", "INSPIRE themes", "http://inspire.ec.europa.eu/theme"),
    ],
)
@pytest.mark.parametrize(
    "word",
    [
        *("Verteilung der Bevölkerung — Demografie", "population distribution - DEMOGRAPHY"),
        r.anchor("keyword", "?", "http://inspire.ec.europa.eu/theme/pd"),
    ],
)
def test_q23_themes_of_inspire_in_all_spellings(title: str, word: str):
    found = r.package(keywords=r.keywords("opendata") + r.keywords(word, thesaurus=title), topics="")
    assert [one.rsplit("/", 1)[1] for one in found["theme"]] == ["SOCI"]
    assert found["tags"] == [{"name": "Verteilung der Bevölkerung Demografie"}]


def test_q23_a_keyword_that_is_too_long_is_told():
    found = r.mapped(keywords=r.keywords("opendata", "x" * 101))
    assert "tags" not in found.package
    assert r.problems(found, "tags")


# --- licence, value, codes -------------------------------------------------------------------------------------------


def test_q24_two_licences_are_none_and_the_record_waits():
    found = r.mapped(constraints=r.constraints(r.licence(), r.licence("cc-by-4.0")))
    assert found.license_missing
    assert "license_id" not in found.package
    assert r.problems(found, "license_id")


def test_q24_a_licence_of_the_service_only_is_that_of_its_data_where_there_is_no_file():
    found = r.mapped(r.service(), constraints="", distribution="")
    assert found.package["license_id"] == "dl-de-by-2.0"
    assert r.mapped(r.service(), constraints="").license_missing


def test_q24_conditions_unknown_and_the_mark_of_a_missing_source_are_nothing():
    href = "http://inspire.ec.europa.eu/metadata-codelist/ConditionsApplyingToAccessAndUse/noConditionsApply"
    found = r.mapped(constraints=r.constraints(r.anchor("otherConstraints", "keine", href)))
    assert found.license_missing
    source = "Source note required by license, but not given!"
    resource = r.package(constraints=r.constraints(r.licence(source=source)))["resources"][0]
    assert "license_attribution_text" not in resource
    year = r.package(constraints=r.constraints(r.licence(source="Stadt Mainz, <Jahr>")))["resources"][0]
    assert year["license_attribution_text"] == "Stadt Mainz, <Jahr>"


@pytest.mark.parametrize(
    ("word", "title", "category"),
    [
        (
            r.anchor("keyword", "Mobilität", "http://data.europa.eu/bna/c_b79e35eb"),
            "High-Value dataset categories",
            "c_b79e35eb",
        ),
        (r.anchor("keyword", "Mobilität", "https://data.europa.eu/bna/c_b79e35eb"), "", "c_b79e35eb"),
        ("Mobilität", "high-value dataset categories", "c_b79e35eb"),
        (r.anchor("keyword", "Georaum", "mbc7"), "High-Value dataset categories", ""),
        ("Georaum", "", ""),
        ("Georaum", "Andere Liste", ""),
        (r.anchor("keyword", "x", "http://data.europa.eu/bna/c_00000000"), "High-value dataset categories", ""),
    ],
)
def test_q25_a_category_counts_only_with_its_address_or_under_its_list(word: str, title: str, category: str):
    found = r.package(keywords=r.keywords("opendata") + r.keywords(word, thesaurus=title))
    assert [one.rsplit("/", 1)[1] for one in found.get("hvd_category", ())] == ([category] if category else [])
    assert ("legal_basis" in found) == bool(category)


def test_q25_a_theme_of_inspire_gives_a_hint_and_no_category():
    words = r.keywords("opendata", "inspireidentifiziert") + r.keywords("Land use", thesaurus=INSPIRE)
    found = r.mapped(keywords=words)
    assert "hvd_category" not in found.package
    assert "legal_basis" not in found.package
    assert len(r.problems(found, "hvd_category")) == 1
    assert (
        r.problems(
            r.mapped(keywords=r.keywords("opendata") + r.keywords("Land use", thesaurus=INSPIRE)), "hvd_category"
        )
        == []
    )


def test_q26_topics_with_blanks_or_placeholders():
    topics = r.text("topicCategory", "climatologyMeteorology Atmosphere") + r.text(
        "topicCategory", "no category defined till now!"
    )
    found = r.mapped(topics=topics + r.text("topicCategory", "imageryBaseMapsEarthCover "))
    assert {one.rsplit("/", 1)[1] for one in found.package["theme"]} == {"AGRI", "ENVI", "GOVE", "REGI", "TECH"}
    assert r.problems(found, "theme") == []
    assert r.problems(r.mapped(topics=r.text("topicCategory", "Wetter")), "theme")


def test_q27_a_missing_frequency_is_none_and_an_unknown_one_is_told():
    assert "frequency" not in r.package()
    found = r.mapped(frequency=r.frequency("gelegentlich"))
    assert "frequency" not in found.package
    assert "gelegentlich" in r.problems(found, "frequency")[0]


@pytest.mark.parametrize("name", ["Database", "keine Angabe", "irgendwas"])
def test_q28_a_format_that_nobody_knows_is_left_out(name: str):
    link = r.transfer(r.online("https://a.example/daten?id=1", "download"))
    found = r.package(distribution=r.distribution(r.file_format(name), link))
    assert "format" not in found["resources"][0]
    assert validated.errors(found) == {}


def test_q29_nobodys_name_or_own_mailbox_leaves_the_record():
    contacts = r.party(
        "pointOfContact",
        "Musterstraße 5",
        name="Frau Dr. Erika Öztürk",
        mail="e.oeztuerk@mainz.example",
        phone="06131 12-3456",
    )
    contacts += r.party("publisher", "Erika Öztürk", name="Erika Öztürk", mail="geo@mainz.example")
    found = r.mapped(contacts=contacts, contact="")
    said = str(found)
    assert not any(word in said for word in ("Erika", "Öztürk", "oeztuerk", "Musterstraße", "3456"))
    assert "contact" not in found.package


def test_q30_links_that_lead_nowhere_for_the_public_are_left_out_with_a_reason():
    bad = (
        *("https://geo.example/http_auth/55", "http://localhost/mapbender/x.gml", "http://10.1.2.3/x.zip"),
        *(
            "https://geoserver/x.zip",
            "http://karten.intern/x.zip",
            "file:///c/daten.shp",
            "https://u:p@a.example/x.zip",
        ),
    )
    found = r.mapped(distribution=r.distribution(r.transfer(*(r.online(one, "download") for one in bad))))
    assert found.package["resources"] == []
    assert len(r.problems(found, "documentation")) == len(bad)


def test_q30_addresses_with_escaped_signs_and_blanks_are_mended():
    given = r.distribution(r.transfer(r.online(" https://a.example/x y.zip?a=1&amp;b=2 ", "download")))
    assert r.package(distribution=given)["resources"][0]["url"] == "https://a.example/x%20y.zip?a=1&b=2"


# --- over time -------------------------------------------------------------------------------------------------------


def test_q31_a_record_that_comes_back_has_the_same_identity():
    assert r.mapped().keys == r.mapped(title=r.text("title", "Neuer Titel")).keys


def test_q32_a_record_that_moved_is_known_by_its_other_names_and_by_what_it_says():
    moved = r.mapped(file_identifier=r.text("fileIdentifier", "neu-1"))
    assert set(moved.keys) & set(r.mapped().keys)
    elsewhere = r.mapped(file_identifier=r.text("fileIdentifier", "neu-1"), identifiers=r.identifier("x"))
    assert fingerprint.likeness(elsewhere) == fingerprint.likeness(r.mapped())


def test_q33_where_keyword_and_licence_differ_somebody_learns_of_it():
    without_word = r.mapped(keywords=r.keywords("Bäume"))
    assert without_word.skip is None
    assert any("opendata" in one for one in r.problems(without_word, "tags"))
    without_licence = r.mapped(constraints="")
    assert without_licence.license_missing
    assert r.problems(without_licence, "license_id")
    neither = r.mapped(constraints="", keywords="")
    assert neither.skip
    assert "opendata" in neither.skip.text()
    closed = r.mapped(constraints=r.constraints(r.licence("cc-by-nc-4.0")))
    assert closed.skip
    assert closed.skip.reason is Reason.CLOSED_LICENCE
    settings = replace(r.SETTINGS, take_closed=True, openness=Openness.ALL)
    assert r.mapped(constraints=r.constraints(r.licence("cc-by-nc-4.0")), settings=settings).skip is None


def test_q34_a_hundred_plans_go_into_their_series_and_the_next_night_nothing_is_new():
    settings = replace(r.SETTINGS, series=(SeriesRule("Bebauungsplan", "bebauungsplaene"),))
    plans = [r.dataset(title=r.text("title", f"Bebauungsplan B {number}")) for number in range(100)]
    nights = [
        [fingerprint.fingerprint(mapping.map_dataset(one, [], settings, day)) for one in plans]
        for day in (r.TODAY, r.TODAY.replace(day=29))
    ]
    assert nights[0] == nights[1]
    assert len(set(nights[0])) == 100
