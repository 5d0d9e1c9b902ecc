"""schema.org and Croissant."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.metadata.dictionary.columns import Column, Structure
from ckanext.mainz.metadata.jsonld import croissant, facts, schema_org
from ckanext.mainz.metadata.jsonld.escaping import in_page

SITE = "https://daten.example"
STRUCTURE = Structure((Column("Höhe in m", "Höhe", "", "m", "decimal"),), {}, ";", "cp1252", "a" * 64)
TABLE = {
    "id": "f1",
    "name": "Bäume als Tabelle",
    "url": f"{SITE}/dataset/1/resource/f1/download/baeume.csv",
    "url_type": "upload",
    "mimetype": "text/csv",
    "size": 1234,
}
LINK = {"id": "f2", "name": "Bäume (WFS)", "url": "https://geo.example/wfs", "mimetype": "application/xml"}
RECORD: dict[str, Any] = {
    "id": "1",
    "name": "baumkataster",
    "title": "Baumkataster",
    "notes": "Alle **Bäume** der Stadt, siehe [Seite](https://mainz.example).",
    "tags": [{"name": "Bäume"}],
    "license_id": "dl-de-by-2.0",
    "organization": {"name": "gruenamt", "title": "Grün- und Umweltamt"},
    "contact": [{"name": "Amt", "email": "gruenamt@stadt.example"}],
    "issued": "2025-01-02",
    "modified": "2025-03-04T10:00:00",
    "language": ["DEU"],
    "temporal_coverage": [{"start": "2024-01-01", "end": "2024-12-31"}, {"start": "2025"}],
    "spatial_coverage": [
        {"uri": "http://geo.example/mainz", "bbox": "POLYGON((8.1 49.9, 8.4 49.9, 8.4 50.1, 8.1 49.9))"}
    ],
    "resources": [TABLE, LINK],
}
SOURCES = facts.Sources(
    site=SITE,
    license=lambda _id: "https://www.govdata.de/dl-de/by-2-0",
    language=lambda _uri: "de",
    place=lambda _uri: "Mainz",
    structure=lambda resource: STRUCTURE if resource["id"] == "f1" else None,
)


def described(**changes: Any) -> facts.Dataset:
    return facts.of({**RECORD, **changes}, SOURCES)


def test_schema_org_has_what_search_engines_ask_for():
    found = schema_org.dataset(described(), "Open Data Mainz", SITE)
    assert found["@id"] == f"{SITE}/dataset/1"
    assert found["description"] == "Alle Bäume der Stadt, siehe Seite."
    assert found["license"] == "https://www.govdata.de/dl-de/by-2-0"
    assert found["publisher"]["contactPoint"]["email"] == "gruenamt@stadt.example"
    assert found["temporalCoverage"] == ["2024-01-01/2024-12-31", "2025/.."]
    assert found["spatialCoverage"][0]["geo"]["box"] == "49.9 8.1 50.1 8.4"
    assert found["dateModified"] == "2025-03-04"
    assert found["variableMeasured"] == ["Höhe"]
    assert [one["contentUrl"] for one in found["distribution"]] == [TABLE["url"], LINK["url"]]


def test_what_is_empty_is_left_out():
    found = schema_org.dataset(described(tags=[], temporal_coverage=[], contact=[]), "Open Data Mainz", SITE)
    assert not {"keywords", "temporalCoverage", "version"} & found.keys()
    assert "contactPoint" not in found["publisher"]


def test_a_croissant_file_describes_tables_only():
    found = croissant.dataset(described())
    (file,) = found["distribution"]
    assert (file["@id"], file["sha256"]) == ("baeume.csv", "a" * 64)
    (records,) = found["recordSet"]
    (field,) = records["field"]
    assert field["dataType"] == "sc:Float"
    assert field["source"] == {"fileObject": {"@id": "baeume.csv"}, "extract": {"column": "Höhe in m"}}


def test_files_of_one_name_keep_apart():
    found = croissant.dataset(described(resources=[TABLE, {**TABLE, "id": "f1"}]))
    assert len({one["@id"] for one in found["recordSet"]}) == len({one["@id"] for one in found["distribution"]})


def test_a_dataset_without_a_known_table_has_no_croissant_file():
    assert croissant.is_described(described())
    assert not croissant.is_described(described(resources=[LINK]))


def test_words_of_an_editor_win_over_what_the_file_says():
    described_table = {**TABLE, "data_dictionary": [{"column": "Höhe in m", "title": "Baumhöhe"}]}
    (file,) = described(resources=[described_table]).files
    assert file.columns == (Column("Höhe in m", "Baumhöhe"),)


@pytest.mark.parametrize(
    ("wkt", "box"),
    [
        ("POINT(8.27 50.0)", (8.27, 50.0, 8.27, 50.0)),
        ("POLYGON((8.1 49.9, 8.4 49.9, 8.4 50.1, 8.1 49.9))", (8.1, 49.9, 8.4, 50.1)),
        ("ein Ort", None),
        ("POINT(447000 5538000)", None),
    ],
)
def test_the_box_around_a_geometry(wkt: str, box: tuple[float, ...] | None):
    assert facts.box(wkt) == box


@given(st.text())
def test_json_in_a_page_cannot_leave_its_element(text: str):
    page = f'<script type="application/ld+json">{in_page({"name": text})}</script>'
    script = BeautifulSoup(page, "html.parser").find("script")
    assert script is not None
    assert json.loads(script.string or "") == {"name": text}


def test_markup_in_a_title_stays_a_title():
    written = in_page({"name": "</script><script>alert(1)</script><!-- \u2028"})
    assert not set("<>&\u2028") & set(written)
