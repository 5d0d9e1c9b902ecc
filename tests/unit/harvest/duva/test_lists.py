"""The list of files and what it tells of each: columns, topics, areas, periods, licences, levels."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.unit.harvest.duva.exports import (
    APOTHEKEN,
    EINWOHNER,
    candidates,
    errors,
    lines,
    only,
    package,
    put,
    read,
)

from ckanext.mainz.foundation.errors import ReadableError
from ckanext.mainz.harvest.duva import ladder
from ckanext.mainz.harvest.kinds import Candidate
from ckanext.mainz.harvest.spool import Spool

ROW = {
    "Datei": "einwohner.csv",
    "Titel": "Einwohner nach Stadtteilen",
    "Beschreibung": "Bestand am Jahresende.",
    "Sachgebiet": "Bevölkerung",
    "Zeitbezug": "31.12.2014 - 31.12.2024",
    "Raumbezug": "Mainz",
    "Lizenz": "Datenlizenz Deutschland Namensnennung 2.0",
    "Quelle": "Einwohnermelderegister",
    "Quellenvermerk": "Stadt Mainz, Statistikstelle",
    "Stufe": "öffentlich",
    "Kennung": "B-0012",
    "Aktualisierung": "jährlich",
    "Schlagwörter": "Einwohner; Bestand",
    "Stand": "15.01.2025",
}
MAINZ = "http://dcat-ap.de/def/politicalGeocoding/regionalKey/073150000000"


def as_csv(*rows: dict[str, str]) -> bytes:
    return lines(";".join(ROW), *(";".join(f'"{row[name]}"' if row.get(name) else "" for name in ROW) for row in rows))


def as_xlsx(*rows: dict[str, str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in ([*ROW], *([row.get(name, "") for name in ROW] for row in rows)):
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_json(*rows: dict[str, str]) -> bytes:
    return json.dumps({"datasets": [*rows]}).encode()


FORMS = {"metadaten.csv": as_csv, "Metadaten.xlsx": as_xlsx, "liste.json": as_json}


def one(tmp_path: Path, spool: Spool, row: dict[str, str], **options: Any) -> Candidate:
    put(tmp_path, {"einwohner.csv": EINWOHNER, "metadaten.csv": as_csv({**ROW, **row})})
    return only(read(tmp_path, spool, **options))


@pytest.mark.parametrize("name", FORMS)
def test_each_form_of_a_list_says_the_same(name: str, tmp_path: Path, spool: Spool) -> None:
    put(tmp_path, {"einwohner.csv": EINWOHNER, name: FORMS[name](ROW)})
    found = only(read(tmp_path, spool, default_license=""))
    record = package(found)
    assert (found.guid, found.license_missing, found.reasons) == ("mz:B-0012", False, ())
    assert {field: record[field] for field in ("title", "identifier", "license_id", "visibility", "modified")} == {
        "title": "Einwohner nach Stadtteilen",
        "identifier": "B-0012",
        "license_id": "dl-de-by-2.0",
        "visibility": "oeffentlich",
        "modified": "2025-01-15",
    }
    assert record["notes"] == "Bestand am Jahresende."
    assert record["theme"] == ["http://publications.europa.eu/resource/authority/data-theme/SOCI"]
    assert record["temporal_coverage"] == [{"start": "2014-12-31", "end": "2024-12-31"}]
    assert record["spatial_coverage"] == [{"uri": MAINZ}]
    assert record["frequency"].endswith("/ANNUAL")
    assert record["tags"] == [{"name": "Bestand"}, {"name": "Bevölkerung"}, {"name": "Einwohner"}]
    assert record["provenance"] == "Einwohnermelderegister"
    assert record["resources"][0]["license_attribution_text"] == "Stadt Mainz, Statistikstelle"
    assert errors(found) == {}


def test_columns_may_be_english_and_in_any_order(tmp_path: Path, spool: Spool) -> None:
    listing = lines("License,Topic,Title,File", '"dl-de/by-2-0","Verkehr","Cars","einwohner.csv"')
    put(tmp_path, {"einwohner.csv": EINWOHNER, "metadata.csv": listing})
    record = package(only(read(tmp_path, spool)))
    assert (record["title"], record["theme"][0][-4:]) == ("Cars", "TRAN")


def test_files_of_one_kennung_are_one_record(tmp_path: Path, spool: Spool) -> None:
    years = {f"einwohner_{year}.csv": lines("Jahr;Zahl", f"{year};1") for year in (2022, 2023, 2024)}
    rows = [{"Datei": name, "Kennung": "B-1", "Titel": f"Einwohner {name[10:14]}", "Lizenz": "dl-de/by-2-0"}
            for name in years]  # fmt: skip
    found = only(read(put(tmp_path, {**years, "metadaten.json": as_json(*rows)}), spool))
    record = package(found)
    assert (found.guid, record["title"]) == ("mz:B-1", "Einwohner")
    assert record["temporal_coverage"] == [{"start": "2022", "end": "2024"}]
    assert [one["name"] for one in record["resources"]] == [
        "Einwohner 2022 (CSV)", "Einwohner 2023 (CSV)", "Einwohner 2024 (CSV)"]  # fmt: skip
    assert [one["source_key"] for one in record["resources"]] == [f"einwohner_{y}.csv" for y in (2022, 2023, 2024)]
    assert "mz:einwohner" in found.keys
    assert errors(found) == {}


def test_a_dataset_with_a_file_that_is_not_there_waits_as_it_was(tmp_path: Path, spool: Spool) -> None:
    rows = [
        ROW,
        {**ROW, "Datei": "fehlt.csv"},
        {**ROW, "Datei": "apotheken.csv", "Kennung": "G-1", "Titel": "Apotheken"},
    ]
    put(tmp_path, {"einwohner.csv": EINWOHNER, "apotheken.csv": APOTHEKEN, "metadaten.csv": as_csv(*rows)})
    found = read(tmp_path, spool)
    records = candidates(found)
    assert records["B-0012"].package is None
    assert records["B-0012"].refused
    assert "“fehlt.csv” is not there" in records["B-0012"].refused.sentence()
    assert records["G-1"].package is not None
    assert found.reading.complete
    assert found.reading.unreadable == {"mz:B-0012"}


def test_a_list_whose_files_are_all_gone_is_never_complete(tmp_path: Path, spool: Spool) -> None:
    found = read(put(tmp_path, {"metadaten.csv": as_csv(ROW)}), spool)
    assert not found.reading.complete


@pytest.mark.parametrize("content, words", [
    (b"", "is empty"),
    (lines("Titel;Thema", "Einwohner;Bevölkerung"), "no column with names of files"),
    (b"{broken", "JSON"),
])  # fmt: skip
def test_a_list_that_cannot_be_read_stops_the_reading(content: bytes, words: str, tmp_path: Path, spool: Spool) -> None:
    """Without it levels and licences would be lost in silence."""
    name = "metadaten.json" if content.startswith(b"{") else "metadaten.csv"
    put(tmp_path, {"einwohner.csv": EINWOHNER, name: content})
    with pytest.raises(ReadableError, match=words):
        read(tmp_path, spool)
    assert package(candidates(read(tmp_path, spool, list_file="none"))["einwohner"])


def test_a_list_that_the_source_names_must_be_there(tmp_path: Path, spool: Spool) -> None:
    put(tmp_path, {"einwohner.csv": EINWOHNER, "katalog.csv": as_csv(ROW)})
    assert only(read(tmp_path, spool, list_file="katalog.csv")).title == "Einwohner nach Stadtteilen"
    with pytest.raises(ReadableError, match="is not there"):
        read(tmp_path, spool, list_file="andere.csv")


def test_files_that_the_list_does_not_name_are_left_out_unless_the_source_says_so(tmp_path: Path, spool: Spool) -> None:
    put(tmp_path, {"einwohner.csv": EINWOHNER, "entwurf.csv": APOTHEKEN, "metadaten.csv": as_csv(ROW)})
    found = read(tmp_path, spool)
    assert len(found.numbers) == 1
    assert "entwurf.csv" in found.reading.problems[0].sentence()
    records = candidates(read(tmp_path, spool, unlisted=True))
    assert package(records["entwurf"])["visibility"] == "intern"  # the list has levels, and says none of this file


@pytest.mark.parametrize("name", ["Einwohner.CSV", "einwohner", "./einwohner.csv"])
def test_names_in_lists_may_differ_from_those_of_files(name: str, tmp_path: Path, spool: Spool) -> None:
    assert one(tmp_path, spool, {"Datei": name}).package is not None


def test_an_identifier_that_is_unique_anywhere_stays_as_it_is(tmp_path: Path, spool: Spool) -> None:
    guid = "001CCBCE-C798-4445-8680-9C8BD1FEC2DC"
    assert one(tmp_path, spool, {"Kennung": guid}).guid == guid


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["", "Einwohner nach Stadtteilen", "einwohner-nach-stadtteilen", "-", "k.A."])
def test_a_description_is_never_the_title(said: str, tmp_path: Path, spool: Spool) -> None:
    found = one(tmp_path, spool, {"Beschreibung": said})
    assert package(found)["notes"] == "Zeit: Jahr.\nRaum: Stadtteil.\nKennzahlen: Einwohner."
    assert [reason.code for reason in found.reasons] == ["no_description"]


def test_markup_in_a_description_becomes_text(tmp_path: Path, spool: Spool) -> None:
    found = one(tmp_path, spool, {"Beschreibung": "<p>Bestand &bull; <b>Jahresende</b></p>"})
    assert package(found)["notes"] == "Bestand • Jahresende"


@pytest.mark.parametrize("said", ["einwohner-nach-stadtteilen", "de-rp-mainz-einwohner-nach-jahr", "-"])
def test_slugs_are_no_keywords(said: str, tmp_path: Path, spool: Spool) -> None:
    assert package(one(tmp_path, spool, {"Schlagwörter": said}))["tags"] == [{"name": "Bevölkerung"}]


@pytest.mark.parametrize("said, codes", [
    ("Bevölkerung", ["SOCI"]), ("BEVÖLKERUNG", ["SOCI"]), ("Bevoelkerung", ["SOCI"]),
    ("Bautätigkeit; Umwelt; Umwelt", ["ENVI", "REGI"]), ("Bildung, Kultur und Sport", ["EDUC"]),
    ("Verkehr, Gesundheit", ["TRAN", "HEAL"]), ("GOVE", ["GOVE"]),
])  # fmt: skip
def test_topics_are_themes(said: str, codes: list[str], tmp_path: Path, spool: Spool) -> None:
    found = one(tmp_path, spool, {"Sachgebiet": said})
    assert [uri[-4:] for uri in package(found)["theme"]] == codes


def test_a_topic_that_nobody_knows_is_told(tmp_path: Path, spool: Spool) -> None:
    found = one(tmp_path, spool, {"Sachgebiet": "Zauberei"})
    assert "theme" not in package(found)
    assert "“Zauberei”" in found.reasons[0].sentence()


# --- when and where --------------------------------------------------------------------------------------------------


def test_the_list_says_the_period_before_the_table(tmp_path: Path, spool: Spool) -> None:
    assert package(one(tmp_path, spool, {"Zeitbezug": "2006ff"}))["temporal_coverage"] == [{"start": "2006"}]


def test_a_period_that_cannot_be_read_is_told_and_the_table_says_it(tmp_path: Path, spool: Spool) -> None:
    found = one(tmp_path, spool, {"Zeitbezug": "03"})
    assert package(found)["temporal_coverage"] == [{"start": "2023", "end": "2024"}]
    assert [reason.code for reason in found.reasons] == ["period"]


@pytest.mark.parametrize("said, uris", [
    ("Stadtteile", [MAINZ]), ("Statistische Bezirke", [MAINZ]), ("Altstadt; Neustadt", ["mainz-11", "mainz-12"]),
    ("Mainz-Drais", ["mainz-24"]), ("Rheinland-Pfalz", ["http://dcat-ap.de/def/politicalGeocoding/stateKey/07"]),
    ("Stadt Mainz, Altstadt", [MAINZ]), ("", ["mainz-11", "mainz-12"]),
])  # fmt: skip
def test_areas_are_places(said: str, uris: list[str], tmp_path: Path, spool: Spool) -> None:
    found = one(tmp_path, spool, {"Raumbezug": said})
    assert [row["uri"] for row in package(found)["spatial_coverage"]] == uris


def test_a_place_that_nobody_knows_keeps_its_name(tmp_path: Path, spool: Spool) -> None:
    found = one(tmp_path, spool, {"Raumbezug": "Rheinhessen"})
    assert package(found)["spatial_coverage"] == [{"text": "Rheinhessen"}]
    assert [reason.code for reason in found.reasons] == ["place"]
    assert errors(found) == {}


# --- licences and levels ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["Nur für Behörden", "keine", "none", "dl-de/by-9-9"])
def test_a_licence_that_nobody_knows_is_none_whatever_holds_for_the_source(
    said: str, tmp_path: Path, spool: Spool
) -> None:
    found = one(tmp_path, spool, {"Lizenz": said}, default_license="dl-de/by-2-0")
    assert found.license_missing == ("license_id" not in package(found))
    if said == "none":  # says nothing, as an empty cell does
        assert package(found)["license_id"] == "dl-de-by-2.0"
    else:
        assert found.license_missing


def test_without_any_licence_the_record_waits(tmp_path: Path, spool: Spool) -> None:
    found = one(tmp_path, spool, {"Lizenz": ""}, default_license="")
    assert found.license_missing
    assert "license_id" not in package(found)
    assert package(one(tmp_path, spool, {"Lizenz": ""}, default_license="CC0"))["license_id"] == "cc-zero"


def test_files_of_one_dataset_with_two_licences_have_none(tmp_path: Path, spool: Spool) -> None:
    rows = [ROW, {**ROW, "Datei": "apotheken.csv", "Lizenz": "CC0"}]
    put(tmp_path, {"einwohner.csv": EINWOHNER, "apotheken.csv": APOTHEKEN, "metadaten.csv": as_csv(*rows)})
    found = only(read(tmp_path, spool))
    assert found.license_missing
    assert "several licences" in " ".join(one.sentence() for one in found.reasons)


@pytest.mark.parametrize("said, level", [
    ("Statistikstelle", "intern"), ("nur intern", "intern"), ("verwaltungsintern", "verwaltung"),
    ("Fachbereichsübergreifend", "verwaltung"), ("Konzern Stadt", "konzern"), ("Partner", "partner"),
    ("Öffentlich", "oeffentlich"), ("oeffentlich", "oeffentlich"), ("Open Data", "oeffentlich"),
])  # fmt: skip
def test_the_ladder_of_duva_is_ours(said: str, level: str, tmp_path: Path, spool: Spool) -> None:
    assert package(one(tmp_path, spool, {"Stufe": said}))["visibility"] == level


@pytest.mark.parametrize("said, of_source, level", [
    ("öffentlich", "verwaltung", "verwaltung"), ("Statistikstelle", "oeffentlich", "intern"),
    ("Stufe 3", "oeffentlich", "intern"), ("", "oeffentlich", "intern"),
])  # fmt: skip
def test_the_stricter_level_wins_and_an_unknown_one_is_the_strictest(
    said: str, of_source: str, level: str, tmp_path: Path, spool: Spool
) -> None:
    found = one(tmp_path, spool, {"Stufe": said}, level=of_source)
    assert package(found)["visibility"] == level
    assert [reason.code for reason in found.reasons] == (["level"] if said in ("", "Stufe 3") else [])


def test_without_a_column_of_levels_that_of_the_source_holds() -> None:
    assert ladder.level([""], "konzern", has_column=False).level == "konzern"
    assert ladder.level([""], "", has_column=False).level == ""
    assert ladder.level(["öffentlich", "verwaltungsintern"], "", has_column=True).level == "verwaltung"


def test_what_the_office_has_decided_for_the_source_stands_in_every_record(tmp_path: Path, spool: Spool) -> None:
    options = {
        "organisation": "amt-12",
        "contact": {"name": "Statistikstelle", "email": "statistik@stadt.example"},
        "publisher": {"name": "Stadt Mainz"},
        "themes": ["SOCI"],
        "default_place": "mainz",
    }
    found = only(read(put(tmp_path, {"apotheken.csv": APOTHEKEN}), spool, **options))
    record = package(found)
    assert (record["owner_org"], record["contact"][0]["name"]) == ("amt-12", "Statistikstelle")
    assert (record["publisher"], record["theme"][0][-4:]) == ([{"name": "Stadt Mainz"}], "SOCI")
    assert record["spatial_coverage"] == [{"uri": MAINZ}]
    assert errors(found) == {}
