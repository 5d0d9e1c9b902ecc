"""Records of CKAN, of stock CKAN, GovData and ours, as they would be here."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kit.catalogue_server import BASE, record
from tests.unit.harvest.gdi import validated

from ckanext.mainz.harvest.ckan import mapping
from ckanext.mainz.harvest.ckan.kind import CkanKind
from ckanext.mainz.harvest.ckan.settings import CkanSettings
from ckanext.mainz.harvest.dcat.finishing import Portal
from ckanext.mainz.harvest.dcat.settings import settings_of
from ckanext.mainz.harvest.kinds import Candidate

OURS = "https://opendata.mainz.example"
THEMES = "http://publications.europa.eu/resource/authority/data-theme/"


def candidate(given: Any, **config: Any) -> Candidate:
    portal = Portal(settings_of(CkanSettings, config), "daten.stadt.example", OURS)
    return mapping.candidate(json.dumps(given).encode(), portal, BASE)


def package(given: Any = None, **config: Any) -> dict[str, Any]:
    found = candidate(given or record(1), **config)
    assert found.package is not None, found.refused
    return dict(found.package)


def file(**fields: Any) -> dict[str, Any]:
    return {"id": "f1", "url": f"{BASE}/a.csv", "name": "Tabelle", **fields}


def first_file(**fields: Any) -> dict[str, Any]:
    return package(record(1, resources=[file(**fields)]))["resources"][0]


def errors(package: dict[str, Any]) -> dict[Any, Any]:
    files = [{name: one[name] for name in one if name != "source_key"} for one in package["resources"]]
    return validated.errors({"license_id": "cc-zero", **package, "resources": files})


def test_a_stock_record_is_taken():
    found = candidate(record(1))
    id = record(1)["id"]
    assert (found.guid, found.title) == (id, "Straßenbäume 1")
    assert {id, f"{BASE}/dataset/{id}", "daten.stadt.example#baeume-1"} <= set(found.keys)
    made = package()
    assert made["license_id"] == "dl-de-by-2.0"
    assert made["publisher"] == [{"name": "Amt für Statistik"}]
    assert made["resources"][0]["source_key"].endswith("f")
    assert made["identifier"] == id
    assert f"{BASE}/dataset/{id}" in made["alternate_identifier"]
    assert errors(made) == {}


def test_extras_of_govdata_become_fields():
    extras = {
        "contributorID": '["http://dcat-ap.de/def/contributors/openGovernmentDataPortalRheinlandPfalz"]',
        "politicalGeocodingLevelURI": "http://dcat-ap.de/def/politicalGeocoding/Level/municipality",
        "politicalGeocodingURI": '["http://dcat-ap.de/def/politicalGeocoding/regionalKey/073150000000"]',
        "spatial": '{"type": "Point", "coordinates": [8.27, 50.0]}',
        "temporal_start": "2019-01-01T00:00:00",
        "temporal_end": "31.12.2019",
        "issued": "2020-02-03",
        "modified": "2021-02-03T04:05:06",
        "publisher_name": "Stadt Koblenz",
        "publisher_url": "https://koblenz.example",
        "contact_name": "Open-Data-Stelle",
        "contact_email": "opendata@koblenz.example",
        "guid": "https://koblenz.example/guid/1",
        "identifier": "kob-1",
        "uri": "https://koblenz.example/set/1",
        "frequency": "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
        "language": '["http://publications.europa.eu/resource/authority/language/DEU"]',
        "licenseAttributionByText": "Stadt Koblenz",
        "unknown": "x",
    }
    found = candidate(record(1, extras=extras))
    made = package(record(1, extras=extras))
    assert made["contributor_id"].endswith("openGovernmentDataPortalRheinlandPfalz")
    assert made["political_geocoding_level_uri"] == ["http://dcat-ap.de/def/politicalGeocoding/Level/municipality"]
    assert {"uri": "http://dcat-ap.de/def/politicalGeocoding/regionalKey/073150000000"} in made["spatial_coverage"]
    assert {"geom": "POINT(8.27 50)"} in made["spatial_coverage"]
    assert made["temporal_coverage"] == [{"start": "2019-01-01T00:00:00+00:00", "end": "2019-12-31"}]
    assert (made["issued"], made["modified"]) == ("2020-02-03", "2021-02-03T04:05:06+00:00")
    assert made["publisher"] == [{"name": "Stadt Koblenz", "url": "https://koblenz.example"}]
    assert made["contact"] == [{"name": "Open-Data-Stelle", "email": "opendata@koblenz.example"}]
    assert made["identifier"] == "kob-1"
    assert {"https://koblenz.example/guid/1", "https://koblenz.example/set/1", "daten.stadt.example#kob-1"} <= set(
        found.keys
    )
    assert made["resources"][0]["license_attribution_text"] == "Stadt Koblenz"
    assert errors(made) == {}


def test_fields_of_our_own_schema_are_taken():
    fields = {
        "theme": [THEMES + "ENVI"],
        "contact": [{"name": "Grünamt", "email": "gruen@stadt.example"}],
        "publisher": json.dumps([{"name": "Stadt Trier", "uri": "https://trier.example/stadt"}]),
        "spatial_coverage": [{"uri": "http://dcat-ap.de/def/politicalGeocoding/regionalKey/073150000000"}],
        "temporal_coverage": [{"start": "2020", "end": "2021"}],
        "visibility": "intern",
        "lifecycle": "entwurf",
        "owner_org": "x",
        "source_record_id": "urn:first:1",
    }
    found, made = candidate(record(1, **fields)), package(record(1, **fields))
    assert made["theme"] == [THEMES + "ENVI"]
    assert made["publisher"][0]["uri"] == "https://trier.example/stadt"
    assert made["temporal_coverage"] == [{"start": "2020", "end": "2021"}]
    assert not {"visibility", "lifecycle", "owner_org", "id", "name"} & made.keys()
    assert "urn:first:1" in found.keys
    assert errors(made) == {}


@pytest.mark.parametrize(
    ("group", "codes"),
    [({"name": "envi"}, ["ENVI"]), ({"name": "x", "title": "Verkehr"}, ["TRAN"]), ({"name": "umwelt_klima"}, ["ENVI"]),
     ({"name": "bildung-wissenschaft"}, ["EDUC", "TECH"]), ({"name": "projekt-x", "title": "Projekt X"}, [])],
)  # fmt: skip
def test_groups_are_themes_where_they_mean_one(group: dict[str, str], codes: list[str]):
    assert package(record(1, groups=[group])).get("theme", []) == [THEMES + code for code in codes]


@pytest.mark.parametrize(
    "fields",
    [
        {"license_id": "notspecified", "license_title": "License not specified"},
        {"license_id": ""},
        {"license_id": None},
        {"license_id": "sondernutzung-7", "license_title": "Sondernutzung 7"},
    ],
)
def test_no_licence_is_invented(fields: dict[str, Any]):
    found = candidate(record(1, **fields))
    assert found.license_missing
    assert "license_id" not in (found.package or {})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"license_id": "notspecified", "license_url": "https://creativecommons.org/licenses/by/4.0/"}, "cc-by-4.0"),
        ({"license_id": "cc-by", "license_title": "Creative Commons Attribution"}, "cc-by"),
        ({"license_id": "", "license_title": "Datenlizenz Deutschland Namensnennung 2.0"}, "dl-de-by-2.0"),
        ({"license_id": "http://dcat-ap.de/def/licenses/dl-zero-de/2.0"}, "dl-de-zero-2.0"),
        ({"license_id": "eigene"}, "cc-zero"),
    ],
)
def test_a_licence_is_known_by_any_of_its_names(fields: dict[str, Any], code: str):
    assert package(record(1, **fields), licenses={"Eigene": "cc-zero"})["license_id"] == code


def test_files_may_have_licences_of_their_own():
    given = record(1, license_id="", resources=[file(license="http://dcat-ap.de/def/licenses/cc-zero")])
    assert package(given)["license_id"] == "cc-zero"
    given["resources"].append(file(id="f2"))
    assert candidate(given).license_missing


def test_persons_stay_at_the_source():
    given = record(
        1,
        maintainer="Erika Mustermann",
        maintainer_email="e.mustermann@stadt.example",
        author="Max Müller",
        author_email="max.mueller@stadt.example",
        extras={"publisher_name": "Max Müller", "publisher_email": "m.mueller@stadt.example"},
    )
    said = str(candidate(given).package)
    assert "ustermann" not in said
    assert "ueller" not in said
    assert "Müller" not in said


def test_a_mailbox_of_an_office_is_the_contact():
    given = record(1, maintainer="Erika Mustermann", maintainer_email="opendata@stadt.example")
    assert package(given)["contact"] == [{"email": "opendata@stadt.example"}]


@pytest.mark.parametrize(
    ("fields", "format"),
    [({"format": "CSV"}, "CSV"), ({"format": ".csv"}, "CSV"), ({"format": "text/csv"}, "CSV"),
     ({"format": "wms"}, "WMS"), ({"format": "", "mimetype": "application/json"}, "JSON"),
     ({"format": "Quatsch", "url": f"{BASE}/a.xlsx"}, "XLSX"),
     ({"format": "CityGML", "url": f"{BASE}/a"}, "GML")],
)  # fmt: skip
def test_formats_are_those_of_the_list(fields: dict[str, str], format: str):
    assert first_file(**fields)["format"] == format


def test_files_keep_what_they_say():
    made = first_file(
        size="1200", hash="md5:0123456789abcdef0123456789abcdef", last_modified="2024-01-02T03:04:05", url_type="upload"
    )
    assert (made["size"], made["modified"]) == (1200, "2024-01-02T03:04:05+00:00")
    assert made["hash"] == "0123456789abcdef0123456789abcdef"
    assert made["download_url"] == made["url"]
    assert first_file(url="/dataset/x/a.csv")["url"] == f"{BASE}/dataset/x/a.csv"
    assert "hash" not in first_file(hash="nonsense")


def test_deleted_files_and_those_without_an_address_are_left_out():
    given = record(1, resources=[file(), file(id="f2", state="deleted"), file(id="f3", url="")])
    assert [one["source_key"] for one in package(given)["resources"]] == ["f1"]


@pytest.mark.parametrize("type", ["harvest", "showcase", "app"])
def test_other_kinds_of_records_are_left_out(type: str):
    found = candidate(record(1, type=type))
    assert found.skipped
    assert found.refused is not None
    assert found.refused.code == "other_level"


def test_texts_in_several_languages_are_taken_in_german():
    given = record(1, title_translated={"en": "Trees", "de": "Bäume"}, notes={"en": "All trees"})
    made = package(given)
    assert (made["title"], made["notes"]) == ("Bäume", "All trees")


def test_what_others_have_from_us_does_not_come_back():
    found = candidate(record(1, extras={"uri": f"{OURS}/dataset/abc"}))
    assert found.skipped
    assert found.refused is not None
    assert found.refused.code == "own"


def test_dates_of_the_older_schema():
    dates = json.dumps(
        [{"role": "veroeffentlicht", "date": "2014-01-02"}, {"role": "aktualisiert", "date": "2015-01-02"}]
    )
    made = package(record(1, extras={"dates": dates, "temporal_coverage_from": "2013"}))
    assert (made["issued"], made["modified"]) == ("2014-01-02", "2015-01-02")
    assert made["temporal_coverage"] == [{"start": "2013"}]


def test_a_file_that_moves_keeps_its_key_and_the_record_its_fingerprint_in_any_order():
    given = record(1, tags=[{"name": "a1"}, {"name": "b1"}], resources=[file(), file(id="f2")])
    other = record(1, tags=[{"name": "b1"}, {"name": "a1"}], resources=[file(id="f2"), file()])
    assert candidate(given).fingerprint == candidate(other).fingerprint
    assert candidate(given).fingerprint != candidate({**given, "notes": "Neu."}).fingerprint


def test_options_are_checked():
    kind = CkanKind()
    assert kind.problems("", {"page_size": 5000, "fq": 1}).keys() == {"page_size", "fq"}
    assert kind.problems("", {"page_size": 500, "fq": "organization:x", "redistribute": False}) == {}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "key", "value", "uri", "de"]), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["title", "notes", "tags", "groups", "resources", "extras", "organization", "license_id", "type", "publisher",
     "contact", "theme", "spatial", "temporal_start", "temporal_coverage", "spatial_coverage", "id", "url", "dates",
     "contributorID"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(FIELDS, VALUES, max_size=8))
def test_no_record_raises(fields: dict[str, Any]):
    found = candidate({**record(1), **fields})
    assert (found.package is None) is (found.refused is not None)
    assert all(reason.sentence() for reason in found.reasons)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["url", "format", "size", "hash", "license", "name", "created", "mimetype"]), VALUES
    )
)
def test_no_file_raises(fields: dict[str, Any]):
    assert candidate(record(1, resources=[file(), {**file(id="f2"), **fields}])).package is not None
