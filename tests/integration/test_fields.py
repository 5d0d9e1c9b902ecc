"""Every field of every kind of record through the API: what is stored, and that no value is a server error."""

from __future__ import annotations

import hashlib
from typing import Any

import ckan.model as model
import pytest
from ckan.plugins import toolkit
from ckan.tests.helpers import call_action
from tests.kit.people import Person, editor
from tests.kit.services import LoadedPortal

EU = "http://publications.europa.eu/resource/authority/"
MAINZ = "http://dcat-ap.de/def/politicalGeocoding/regionalKey/073150000000"
LEVEL = "http://dcat-ap.de/def/politicalGeocoding/Level/"
TREES = "https://musterdatenkatalog.de/def/musterdatensatz/floraUndFauna/baumbestand/baumkataster"
HVD_LAW = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
BOX = "POLYGON((8.14 49.91, 8.34 49.91, 8.34 50.03, 8.14 50.03, 8.14 49.91))"
CSV = b"Jahr;Wert\r\n2025;1\r\n"
LINK = "https://example.org/a.csv"

#: field → what is given, and what is stored
DATASET: dict[str, tuple[Any, Any]] = {
    "theme": (["Verkehr", "ENVI", "http://publications.europa.eu/resource/authority/data-theme/ENVI"], None),
    "frequency": ("annually", EU + "frequency/ANNUAL"),
    "license_id": ("https://www.govdata.de/dl-de/zero-2-0", "dl-de-zero-2.0"),
    "temporal_coverage": ([{"start": "1.1.2025", "end": "12/2025"}], [{"start": "2025-01-01", "end": "2025-12"}]),
    "temporal_resolution": ("15 Minuten", "PT15M"),
    "spatial_resolution_in_meters": ("0,2", "0.2"),
    "political_geocoding_level_uri": ("Bundesland", [LEVEL + "state"]),
    "contributor_id": ("govData", "http://dcat-ap.de/def/contributors/govData"),
    "language": (["de", "ENG"], [EU + "language/DEU", EU + "language/ENG"]),
    "access_rights": ("öffentlich", EU + "access-right/PUBLIC"),
    "availability": ("STABLE", EU + "planned-availability/STABLE"),
    "identifier": (" urn:x:1 ", "urn:x:1"),
    "alternate_identifier": ("10.5281/zenodo.1\n10.5281/zenodo.2\n", ["10.5281/zenodo.1", "10.5281/zenodo.2"]),
    "version": ("2.1", "2.1"),
    "version_notes": ("Spalte\nergänzt", "Spalte\nergänzt"),
    "issued": ("01.03.2020", "2020-03-01"),
    "modified": ("2025-12-31 10:00:00Z", "2025-12-31T10:00:00Z"),
    "provenance": ("Begehung", "Begehung"),
    "url": ("https://stadt.example/bäume", "https://stadt.example/b%C3%A4ume"),
    "documentation": (["https://stadt.example/a b.pdf"], ["https://stadt.example/a%20b.pdf"]),
    "conforms_to": ("EPSG:25832", ["http://www.opengis.net/def/crs/EPSG/0/25832"]),
    "related_resource": (["https://a.example", "https://a.example"], ["https://a.example"]),
    "references": (["urn:isbn:9783161484100"], ["urn:isbn:9783161484100"]),
    "is_referenced_by": (["doi:10.1000/182"], ["https://doi.org/10.1000/182"]),
    "has_version": (["https://anderswo.example/dataset/1"], ["https://anderswo.example/dataset/1"]),
    "dcat_type": (["Geodaten", "https://a.example/typ"], [EU + "dataset-type/GEOSPATIAL", "https://a.example/typ"]),
    "applicable_legislation": ([HVD_LAW], [HVD_LAW]),
    "legal_basis": (["HVD"], [HVD_LAW]),
    "hvd_category": (["Adressen"], ["http://data.europa.eu/bna/c_c3de25e4"]),
    "sample_record": ("floraUndFauna/baumbestand/baumkataster", TREES),
    "contact": (
        [{"name": "Amt", "email": "a@b.example", "telephone": "06131 12-0", "url": "https://a.example"}],
        [{"name": "Amt", "email": "a@b.example", "telephone": "+49-6131-12-0", "url": "https://a.example"}],
    ),
    "publisher": (
        [{"name": "Verband", "type": "LocalAuthority"}],
        [{"name": "Verband", "type": "http://purl.org/adms/publishertype/LocalAuthority"}],
    ),
    "creator": ([{"name": "A"}, {"name": "B"}], [{"name": "A"}, {"name": "B"}]),
    "spatial_coverage": (
        [{"text": "Rheinufer", "bbox": "8.14,49.91,8.34,50.03", "centroid": "8.2,50"}],
        [{"text": "Rheinufer", "bbox": BOX, "centroid": "POINT(8.2 50)"}],
    ),
}
RESOURCE: dict[str, tuple[Any, Any]] = {
    "format": ("text/csv", "CSV"),
    "mimetype": ("Text/CSV; charset=utf-8", "text/csv"),
    "compress_format": ("GZIP", "application/gzip"),
    "package_format": ("ZIP", "application/zip"),
    "size": ("20480", 20480),
    "hash": ("AB" * 32, "ab" * 32),
    "license": ("CC0", "http://dcat-ap.de/def/licenses/cc-zero"),
    "license_attribution_text": ("Stadt", "Stadt"),
    "availability": ("verfügbar", EU + "planned-availability/AVAILABLE"),
    "status": ("http://purl.org/adms/status/Completed", EU + "distribution-status/COMPLETED"),
    "rights": ("Enthält Geobasisdaten", "Enthält Geobasisdaten"),
    "access_url": ("https://a.example/x y", "https://a.example/x%20y"),
    "download_url": ("https://a.example/x.csv", "https://a.example/x.csv"),
    "issued": ("2020", "2020"),
    "modified": ("31.12.2025", "2025-12-31"),
    "temporal_resolution": ("P1Y", "P1Y"),
    "spatial_resolution_in_meters": ("10", "10"),
    "language": (["de"], [EU + "language/DEU"]),
    "documentation": ("https://a.example/1\nhttps://a.example/2", ["https://a.example/1", "https://a.example/2"]),
    "conforms_to": (["EPSG:25832"], ["http://www.opengis.net/def/crs/EPSG/0/25832"]),
    "applicable_legislation": ([HVD_LAW], [HVD_LAW]),
    "access_services": (
        [{"title": "WFS", "endpoint_url": "https://a.example/wfs", "license": "CC0"}],
        [
            {
                "title": "WFS",
                "endpoint_url": "https://a.example/wfs",
                "license": "http://dcat-ap.de/def/licenses/cc-zero",
            }
        ],
    ),
    "data_dictionary": (
        [{"column": "h", "unit": "m"}, {"column": "b"}],
        [{"column": "h", "unit": "m"}, {"column": "b"}],
    ),
}


@pytest.fixture
def erika(portal: LoadedPortal, clean: None) -> Person:
    return editor(portal)


def created(erika: Person, action: str = "package_create", **fields: Any) -> dict[str, Any]:
    answer = erika.api(action, fields if action != "package_create" else erika.good(**fields))
    assert answer.status_code == 200, answer.get_json()["error"]
    return answer.get_json()["result"]


def shown(erika: Person, name: str) -> dict[str, Any]:
    return erika.api("package_show", {"id": name}).get_json()["result"]


def test_every_field_of_a_dataset_is_stored_in_one_form(erika: Person, subtests: pytest.Subtests) -> None:
    for field, (given, stored) in DATASET.items():
        with subtests.test(field=field):
            made = created(erika, title=f"Feld {field}", **{field: given})
            if stored is not None:
                assert shown(erika, made["id"])[field] == stored


def test_all_fields_of_a_dataset_at_once_stay_as_they_are_when_it_is_saved_again(erika: Person) -> None:
    made = created(erika, **{field: given for field, (given, _stored) in DATASET.items()}, resources=[{"url": LINK}])
    first = shown(erika, made["id"])
    again = erika.api("package_update", first).get_json()["result"]
    assert {field: again[field] for field in DATASET} == {field: first[field] for field in DATASET}
    assert [again["resources"][0][name] for name in ("format", "mimetype")] == ["CSV", "text/csv"]


def test_every_field_of_a_resource_is_stored_in_one_form(erika: Person, subtests: pytest.Subtests) -> None:
    name = erika.draft()
    for field, (given, stored) in RESOURCE.items():
        with subtests.test(field=field):
            made = created(erika, "resource_create", package_id=name, url=LINK, **{field: given})
            assert made[field] == stored
            assert erika.api("resource_show", {"id": made["id"]}).get_json()["result"][field] == stored


def test_an_emptied_list_is_gone_and_the_others_stay(erika: Person) -> None:
    made = created(erika, language=["de"], documentation=["https://a.example"], resources=[{"url": LINK}])
    erika.api("package_patch", {"id": made["id"], "language": [], "contact": [], "documentation": ""})
    record = shown(erika, made["id"])
    assert not record.get("language")
    assert not record.get("documentation")
    assert record["resources"][0]["url"] == LINK


def test_every_single_value_can_be_emptied(erika: Person, subtests: pytest.Subtests) -> None:
    made = created(erika, **{field: given for field, (given, _stored) in DATASET.items()}, resources=[{"url": LINK}])
    resource = made["resources"][0]["id"]
    created(erika, "resource_patch", id=resource, **{field: given for field, (given, _stored) in RESOURCE.items()})
    for field in DATASET.keys() - {"license_id"}:
        with subtests.test(dataset=field):
            erika.api("package_patch", {"id": made["id"], field: ""})
            assert not shown(erika, made["id"]).get(field)
    for field in RESOURCE.keys() - {"format", "mimetype"}:
        with subtests.test(resource=field):
            assert not created(erika, "resource_patch", id=resource, **{field: ""}).get(field)


def test_a_place_of_the_list_brings_its_box_and_centre(erika: Person) -> None:
    record = created(erika, spatial_coverage=[{"uri": "Mainz"}, {"uri": "Gonsenheim"}])
    city, part = record["spatial_coverage"]
    assert (city["uri"], city["text"]) == (MAINZ, "Mainz")
    assert city["bbox"].startswith("POLYGON((")
    assert "uri" not in part
    assert part["text"] == "Mainz-Gonsenheim"
    assert part["centroid"].startswith("POINT(")


def test_keywords_are_made_where_none_are_given(erika: Person) -> None:
    record = created(erika, title="Baumkataster der Stadt Mainz", sample_record=TREES)
    assert {tag["name"] for tag in record["tags"]} >= {"Baumkataster", "Baumbestand"}


def test_an_organisation_gives_its_usual_licence(erika: Person) -> None:
    site = {"user": call_action("get_site_user")["name"]}
    call_action(
        "organization_patch", context=site, id=erika.office["id"], default_license="CC0", contact_email="a@b.de"
    )
    assert created(erika, license_id="")["license_id"] == "cc-zero"


def test_an_uploaded_file_knows_its_format_size_and_checksum(erika: Person) -> None:
    name = erika.draft()
    answer = erika.api("resource_create", {"package_id": name}, upload=(CSV, "werte.csv"))
    resource = answer.get_json()["result"]
    assert (resource["format"], resource["mimetype"], resource["size"]) == ("CSV", "text/csv", len(CSV))
    assert resource["hash"] == hashlib.sha256(CSV).hexdigest()
    assert resource["hash_algorithm"].endswith("checksumAlgorithm_sha256")
    replaced = {"id": resource["id"], "url": "https://a.example/x.geojson", "clear_upload": "true", "format": ""}
    link = erika.api("resource_patch", replaced).get_json()["result"]
    assert (link["format"], link["mimetype"]) == ("GeoJSON", "application/geo+json")
    assert not link.get("hash")
    assert not link.get("size")


def test_citygml_is_gml_by_its_standard(erika: Person) -> None:
    made = created(erika, "resource_create", package_id=erika.draft(), url=LINK, format="CityGML")
    assert (made["format"], made["conforms_to"]) == ("GML", ["http://www.opengis.net/doc/IS/citygml/2.0"])


def test_series_and_services_are_records_of_their_own(erika: Person) -> None:
    series = created(erika, type="dataset_series", title="Haushaltspläne", frequency="jährlich")
    dataset = created(erika, title="Haushalt 2025", in_series=[series["name"]])
    site = toolkit.config["ckan.site_url"]
    other = created(erika, title="Haushalt 2026", in_series=f"{site}/dataset_series/{series['name']}")
    service = created(
        erika,
        type="data_service",
        endpoint_url="https://a.example/wfs",
        serves_dataset=[dataset["id"], "https://anderswo.example/d"],
        service_format="GeoJSON\nGML",
    )
    assert dataset["in_series"] == other["in_series"] == [series["id"]]
    assert service["serves_dataset"] == [dataset["id"], "https://anderswo.example/d"]
    assert sorted(one.rsplit("/", 1)[1] for one in service["service_format"]) == ["GEOJSON", "GML"]
    for record in (series, service):
        refused = erika.api("resource_create", {"package_id": record["id"], "url": LINK})
        assert refused.status_code == 409
        assert "url" in refused.get_json()["error"]
    found = erika.api("package_search", {"fq": f"vocab_in_series:{series['id']}", "include_private": True})
    assert found.get_json()["result"]["count"] == 2


def test_a_link_to_a_record_that_is_not_there_or_hidden_is_refused(portal: LoadedPortal, erika: Person) -> None:
    stranger = editor(portal, "fritz", "amt-80")
    hidden = created(stranger, type="dataset_series", title="Geheim")
    own = created(erika, title="Eigener")
    for target in ("gibt-es-nicht", hidden["name"], hidden["id"], own["name"], "a\u0001b", "javascript:alert(1)"):
        answer = erika.api("package_create", erika.good(title="Neu", in_series=[target]))
        assert answer.status_code == 409, target
        assert "in_series" in answer.get_json()["error"]


def test_an_extra_cannot_go_past_the_check_of_its_field(erika: Person) -> None:
    answer = erika.api("package_create", erika.good(extras=[{"key": "frequency", "value": "immer"}]))
    assert answer.status_code == 409
    assert "frequency" in answer.get_json()["error"]
    record = created(erika, extras=[{"key": "frequency", "value": "jährlich"}, {"key": "eigenes", "value": "x"}])
    assert record["frequency"] == EU + "frequency/ANNUAL"
    assert record["extras"] == [{"key": "eigenes", "value": "x"}]


NASTY: list[Any] = [
    *("x", "<script>alert(1)</script>", "'; DROP TABLE package; --", "{{7*7}}", "%s%n", "\u0001", "a\x00b", "\ud800"),
    *("[", "{", "[]", "{}", "null", '["x"]', '[{"name": "x"}]', "[" * 5000, "ä" * 3000, "https://[", "https://a b/"),
    *("-1", "1e999", "NaN", "9" * 40, "0000-00-00", "P", "POINT(", "8,50", "a" * 200_000),
    *(0, -1, 1.5, 10**30, True, None, [], {}, ["x"], [["x"]], [{}], [{"a": 1}], [None], ["x"] * 200, {"a": {"b": []}}),
    *([{"name": "x"}], [{"name": ["x"]}], [{"uri": "x"}], [{"start": "x"}], [{"title": "\u0001"}], [{"column": None}]),
]


def one_of_each_kind(fields: list[dict[str, Any]]) -> list[str]:
    """Names of fields, one for all that have the same validators and rows."""
    kinds: dict[str, str] = {}
    for field in fields:
        rows = [sub["field_name"] for sub in field.get("repeating_subfields", ())]
        kinds.setdefault(f"{field.get('validators')} {field.get('vocabulary') is None} {rows}", field["field_name"])
    return list(kinds.values())


@pytest.mark.slow
@pytest.mark.parametrize("type", ["dataset", "data_service"])
def test_no_value_of_any_field_is_a_server_error(erika: Person, type: str, subtests: pytest.Subtests) -> None:
    base = erika.good(type=type) | ({"endpoint_url": "https://a.example/wfs"} if type == "data_service" else {})
    for name in one_of_each_kind(toolkit.h.scheming_get_dataset_schema(type)["dataset_fields"]):
        for number, value in enumerate(NASTY):
            with subtests.test(field=name, value=repr(value)[:30]):
                answer = erika.api("package_create", {**base, "title": f"{name} {number}", name: value})
                if answer.status_code == 409:
                    assert {name, "tags"} & answer.get_json()["error"].keys()
                elif answer.status_code == 200:
                    assert erika.api("package_show", {"id": answer.get_json()["result"]["id"]}).status_code == 200
                else:
                    assert (answer.status_code, name) == (403, "owner_org")


@pytest.mark.slow
def test_no_value_of_any_field_of_a_resource_is_a_server_error(erika: Person, subtests: pytest.Subtests) -> None:
    draft = erika.draft()
    for name in one_of_each_kind(toolkit.h.scheming_get_dataset_schema("dataset")["resource_fields"]):
        for value in NASTY:
            with subtests.test(field=name, value=repr(value)[:30]):
                answer = erika.api("resource_create", {"package_id": draft, "url": LINK, name: value})
                assert answer.status_code in (200, 409)
                if answer.status_code == 409:
                    assert {name, "hash_algorithm"} & answer.get_json()["error"].keys()
                else:
                    erika.api("resource_delete", {"id": answer.get_json()["result"]["id"]})


@pytest.mark.slow
def test_no_value_of_any_field_of_an_organisation_is_a_server_error(erika: Person, subtests: pytest.Subtests) -> None:
    make_sysadmin(erika)
    for name in one_of_each_kind(toolkit.h.scheming_get_organization_schema("organization")["fields"]):
        for value in NASTY:
            with subtests.test(field=name, value=repr(value)[:30]):
                answer = erika.api("organization_patch", {"id": erika.office["id"], name: value})
                assert answer.status_code in (200, 409)
                assert answer.status_code == 200 or name in answer.get_json()["error"]
                assert erika.api("organization_show", {"id": erika.office["id"]}).status_code == 200


def make_sysadmin(person: Person) -> None:
    user = model.User.get(person.name)
    assert user is not None
    user.sysadmin = True
    model.repo.commit()
