"""The rules of DCAT-AP.de beyond the shapes."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.quality.findings import Finding, Terms, findings, rules

THEME = "http://publications.europa.eu/resource/authority/data-theme/ENVI"
REGULATION = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
CATEGORY = "http://data.europa.eu/bna/c_ac64a52d"
SCHEMA = {
    "dataset_fields": [
        {"field_name": "theme", "vocabulary": "themes"},
        {"field_name": "sample_record", "vocabulary": "sample_records"},
        {"field_name": "publisher", "repeating_subfields": [{"field_name": "type", "vocabulary": "publisher_types"}]},
    ],
    "resource_fields": [{"field_name": "availability", "vocabulary": "availabilities"}],
}
FILE = {"id": "f1", "url": "https://daten.example/a.csv", "license_attribution_text": "Landeshauptstadt Mainz"}
GOOD: dict[str, Any] = {
    "type": "dataset",
    "title": "Baumkataster",
    "notes": "Alle Bäume.",
    "publisher": [{"name": "Grünamt"}],
    "contributor_id": "http://dcat-ap.de/def/contributors/openGovernmentDataPortalRheinlandPfalz",
    "license_id": "dl-de-by-2.0",
    "theme": [THEME],
    "resources": [FILE],
}


def license_uri(value: str) -> str:
    term = vocabulary.match("licenses", value)
    return term.uri if term else ""


TERMS = Terms(
    known=lambda name, value: vocabulary.find(name, value) is not None,
    license_uri=license_uri,
    attribution=lambda uri: bool((term := vocabulary.find("licenses", uri)) and term.attribution),
)


def found(**changes: Any) -> list[Finding]:
    return findings({**GOOD, **changes}, SCHEMA, TERMS)


def fields(**changes: Any) -> set[str]:
    return {one.field for one in found(**changes)}


def of_file(**changes: Any) -> list[Finding]:
    return found(resources=[FILE, {**FILE, "id": "f2", **changes}])


def test_a_good_record_breaks_no_rule():
    assert found() == []


@pytest.mark.parametrize("name", ["title", "notes", "contributor_id", "license_id"])
def test_a_mandatory_field_that_is_empty_is_named(name: str):
    assert fields(**{name: " "}) == {name}


def test_a_missing_publisher_is_mended_by_choosing_an_organisation():
    assert fields(publisher=[]) == {"owner_org"}


def test_a_series_needs_a_publisher_although_no_shape_says_so():
    series = {"type": "dataset_series", "title": "Haushalt", "notes": "Jahre."}
    assert {one.field for one in findings(series, SCHEMA, TERMS)} == {"owner_org"}


def test_a_service_needs_its_address_and_a_licence():
    service = {"type": "data_service", "title": "WFS", "publisher": [{"name": "Amt"}]}
    assert {one.field for one in findings(service, SCHEMA, TERMS)} == {"endpoint_url", "license_id"}


def test_a_value_outside_a_closed_list_is_named():
    (one,) = found(theme=[THEME, "http://publications.europa.eu/resource/authority/data-theme/OP_DATPRO2"])
    assert one.field == "theme"
    assert "OP_DATPRO2" in one.text()


def test_a_value_of_an_open_list_may_be_anything():
    assert found(sample_record="https://musterdatenkatalog.de/def/musterdatensatz/neu") == []


def test_rows_are_held_against_their_lists_too():
    assert fields(publisher=[{"name": "Amt", "type": "http://purl.org/adms/publishertype/Club"}]) == {"publisher"}


def test_values_in_json_text_are_read():
    assert fields(theme='["http://themen.example/x"]') == {"theme"}


@pytest.mark.parametrize("name", ["publisher", "creator", "contributor", "originator", "custodian"])
def test_an_agent_without_a_name_is_named(name: str):
    assert fields(**{name: [{"email": "amt@stadt.example"}]}) == {name}


def test_a_contact_without_a_way_to_reach_it_is_named():
    assert fields(contact=[{"name": "Amt"}]) == {"contact"}
    assert fields(contact=[{"name": "Amt", "telephone": "+49 6131 12-0"}]) == set()


@pytest.mark.parametrize("value", ["2021-01-28 GMT 01:51:03.34919300", "2025-02-30", "gestern"])
def test_what_is_no_date_is_named(value: str):
    assert fields(issued=value) == {"issued"}


@pytest.mark.parametrize(
    "row", [{"start": "gestern"}, {"start": "2025-12-31", "end": "2025-01-01"}, {"comment": "ohne Ende"}]
)
def test_a_period_that_means_nothing_is_named(row: dict[str, str]):
    assert fields(temporal_coverage=[row]) == {"temporal_coverage"}


@pytest.mark.parametrize("row", [{"start": "2025"}, {"end": "2025-06"}, {"start": "2025", "end": "2025"}])
def test_half_a_period_is_one(row: dict[str, str]):
    assert fields(temporal_coverage=[row]) == set()


@pytest.mark.parametrize("word", ["x", "Bäume, Sträucher", "B" * 101])
def test_a_keyword_that_cannot_be_passed_on_is_named(word: str):
    assert fields(tags=[{"name": word}]) == {"tag_string"}


def test_a_broken_address_of_a_page_is_named():
    assert fields(url="siehe Intranet") == {"url"}


def test_a_file_is_named_by_its_id_and_place():
    (one,) = of_file(url="")
    assert (one.field, one.resource_id, one.position) == ("url", "f2", 1)


def test_a_licence_that_asks_to_name_the_source_needs_the_text():
    assert [one.field for one in of_file(license_attribution_text="")] == ["license_attribution_text"]
    assert found(license_id="dl-de-zero-2.0", resources=[{**FILE, "license_attribution_text": ""}]) == []


def test_a_licence_of_a_file_must_be_of_the_list():
    assert [one.field for one in of_file(license="https://lizenzen.example/eigene")] == ["license"]


def test_an_availability_outside_the_list_is_named_although_no_shape_says_so():
    assert [one.field for one in of_file(availability="http://x.example/immer")] == ["availability"]


def test_high_value_data_need_category_and_regulation_together():
    assert fields(hvd_category=[CATEGORY]) == {"legal_basis"}
    assert fields(legal_basis=[REGULATION]) == {"hvd_category"}
    assert fields(hvd_category=[CATEGORY], applicable_legislation=[REGULATION]) == set()


def test_high_value_data_need_an_open_licence():
    closed = {"hvd_category": [CATEGORY], "legal_basis": [REGULATION], "license_id": "other-closed"}
    assert "license_id" in fields(**closed)


def test_a_high_value_service_needs_contact_and_documentation():
    service = {**GOOD, "type": "data_service", "endpoint_url": "https://geo.example", "resources": []}
    service |= {"hvd_category": [CATEGORY], "legal_basis": [REGULATION], "license_id": "dl-de-zero-2.0"}
    assert {one.field for one in findings(service, SCHEMA, TERMS)} == {"contact", "documentation"}


def test_the_closed_lists_exist():
    assert set(rules()["closed"]) <= set(vocabulary.names())


def test_the_open_licences_of_high_value_data_are_in_the_list():
    assert all(vocabulary.find("licenses", uri) for uri in rules()["hvd"]["licenses"])
