"""Every dialect of the exports: what is derived from a table, and that its bytes stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.unit.harvest.duva.exports import bytes_of, errors, lines, only, package, put, read
from tests.unit.tabular.dialects import CASES

from ckanext.mainz.harvest.spool import Spool

BY_NAME = {case.name: case for case in CASES}
TIME, AREA = "Dimension (Zeit).", "Dimension (Raum)."
DIMENSION, MEASURE = "Dimension (Schlüsselmerkmal).", "Kennzahl (Wertemerkmal)."
FUSED = "Schlüssel und Bezeichnung stehen in einer Zelle."


@dataclass(frozen=True)
class Derived:
    """What a record says after its only table. `roles`: descriptions of columns in their order."""

    roles: tuple[str, ...]
    period: tuple[str, str] | None = None
    places: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


EXPECTED = {
    "d1": Derived((TIME, f"{AREA} {FUSED}", *[MEASURE] * 3), ("2024", "2024"),
                  ("mainz-11", "mainz-12", "mainz-13", "mainz-33")),
    "d2": Derived((TIME, f"{AREA} {FUSED}", MEASURE, MEASURE, DIMENSION), ("2024", "2024"),
                  ("mainz-11", "mainz-12", "mainz-13", "mainz-33")),
    "d3": Derived((*[DIMENSION] * 4, MEASURE, MEASURE), ("2024", "2025")),
    "d4": Derived((DIMENSION, DIMENSION, MEASURE, MEASURE), ("2025", "2026"),
                  told=("an umlaut was lost earlier", "Numbers are written in several ways")),
    "d5": Derived((TIME, AREA, MEASURE, DIMENSION), ("2024", "2024"), ("mainz-11", "mainz-12"),
                  told=("no header row",)),
    "d6": Derived((TIME, DIMENSION, MEASURE, MEASURE), ("2024", "2024")),
    "d7": Derived((AREA, *[MEASURE] * 4), ("2024", "2025"), ("mainz-11", "mainz-12", "mainz-24")),
    "d7b": Derived((DIMENSION, DIMENSION, AREA, MEASURE), None, ("mainz-11", "mainz-12")),
    "d8": Derived((DIMENSION, DIMENSION, MEASURE)),
    "d9": Derived((DIMENSION, DIMENSION, DIMENSION, MEASURE)),
    "d9b": Derived((DIMENSION, AREA), None, ("mainz-11", "mainz-12")),
    "d10": Derived((TIME, TIME, DIMENSION, DIMENSION, MEASURE), ("2025-03-07", "2025-03-08")),
    "d11": Derived((TIME, TIME, DIMENSION, MEASURE), ("1990-08", "1993-07")),
    "d12": Derived((DIMENSION, MEASURE, MEASURE, MEASURE)),
    "d13": Derived((TIME, AREA, MEASURE, MEASURE), ("2025", "2025"), ("mainz-11", "mainz-12")),
    "d14": Derived((TIME, DIMENSION, MEASURE), ("2000", "2025")),
    "d16": Derived((DIMENSION, DIMENSION, DIMENSION)),
    "x1": Derived((DIMENSION, AREA, MEASURE, MEASURE, TIME), ("2025-12-31", "2025-12-31"),
                  ("mainz-11", "mainz-12", "mainz-24"), told=("other sheets",)),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_what_a_table_says_becomes_part_of_its_record(name: str, tmp_path: Path, spool: Spool) -> None:
    case, expected = BY_NAME[name], EXPECTED[name]
    found = only(read(put(tmp_path, {f"export{case.suffix}": case.content}), spool))
    record = package(found)
    (file,) = record["resources"]
    assert bytes_of(file) == case.content
    assert tuple(one["description"] for one in file["data_dictionary"]) == expected.roles
    period = (expected.period and [dict(zip(("start", "end"), expected.period, strict=True))]) or None
    assert record.get("temporal_coverage") == period
    assert tuple(one["uri"] for one in record.get("spatial_coverage", ())) == expected.places
    told = " ".join(one.sentence() for one in found.reasons)
    assert all(words in told for words in expected.told)
    assert errors(found) == {}


@pytest.mark.parametrize("name", [case.name for case in CASES if case.name[0] in "ersv"])
def test_bytes_of_every_other_dialect_arrive_as_they_are(name: str, tmp_path: Path, spool: Spool) -> None:
    case = BY_NAME[name]
    found = only(read(put(tmp_path, {f"export{case.suffix}": case.content}), spool))
    assert bytes_of(package(found)["resources"][0]) == case.content
    assert errors(found) == {}


@pytest.mark.parametrize("name", ["n5", "n9", "n10", "n11", "n12", "n13"])
def test_what_no_reader_takes_arrives_as_a_file_with_the_reason(name: str, tmp_path: Path, spool: Spool) -> None:
    case = BY_NAME[name]
    found = only(read(put(tmp_path, {"export.csv": case.content}), spool))
    assert bytes_of(package(found)["resources"][0]) == case.content
    assert [one.code for one in found.reasons if one.code == "no_table"] == ["no_table"]


@pytest.mark.parametrize("name, words", [("d15", "is empty"), ("d15b", "is empty"), ("n1", "login"), ("n2", "page")])
def test_what_is_empty_or_a_page_is_refused(name: str, words: str, tmp_path: Path, spool: Spool) -> None:
    found = only(read(put(tmp_path, {"a.csv": BY_NAME[name].content}), spool))
    assert found.package is None
    assert found.refused
    assert words in found.refused.sentence()
    assert not found.fingerprint


def test_keys_and_labels_in_two_columns_become_codes(tmp_path: Path, spool: Spool) -> None:
    table = lines("Jahr;STT_NR;STT_NAME;Einwohner", "2023;01;Altstadt;5", "2024;01;Altstadt;6", "2024;02;Neustadt;7")
    columns = package(only(read(put(tmp_path, {"a.csv": table}), spool)))["resources"][0]["data_dictionary"]
    assert columns[1]["codes"] == "01 = Altstadt\n02 = Neustadt"


def test_a_key_with_two_labels_has_no_codes(tmp_path: Path, spool: Spool) -> None:
    table = lines("Jahr;STT_NR;STT_NAME;Einwohner", "2023;01;Altstadt;5", "2024;01;Altstadt (neu);6", "2024;02;Neu;7")
    columns = package(only(read(put(tmp_path, {"a.csv": table}), spool)))["resources"][0]["data_dictionary"]
    assert "codes" not in columns[1]


def test_a_column_with_every_stadtteil_is_the_whole_city(tmp_path: Path, spool: Spool) -> None:
    names = (
        *("Altstadt", "Neustadt", "Oberstadt", "Hartenberg/Münchfeld", "Mombach", "Gonsenheim", "Finthen", "Drais"),
        *("Lerchenberg", "Marienborn", "Bretzenheim", "Hechtsheim", "Weisenau", "Laubenheim", "Ebersheim"),
    )
    table = lines("Jahr;Stadtteil;Zahl", *(f"2024;{n:02} {name};{n}" for n, name in enumerate(names, 1)))
    (row,) = package(only(read(put(tmp_path, {"a.csv": table}), spool)))["spatial_coverage"]
    assert row["uri"].endswith("073150000000")


def test_words_that_are_also_names_of_stadtteile_make_no_area(tmp_path: Path, spool: Spool) -> None:
    table = lines("Jahr;Lage;Zahl", "2024;Altstadt;1", "2024;Neubaugebiet;2", "2024;Hafen;3", "2024;Wald;4")
    assert "spatial_coverage" not in package(only(read(put(tmp_path, {"a.csv": table}), spool)))


def test_the_year_of_a_building_is_not_the_time_of_the_data(tmp_path: Path, spool: Spool) -> None:
    table = lines("Stadtteil;Baujahr;Gebäude", "Altstadt;1950;3", "Neustadt;1961;5")
    assert "temporal_coverage" not in package(only(read(put(tmp_path, {"a.csv": table}), spool)))


def test_lines_around_a_table_describe_it(tmp_path: Path, spool: Spool) -> None:
    record = package(only(read(put(tmp_path, {"bevoelkerung.csv": BY_NAME["d7"].content}), spool)))
    assert "Stand: 31.12.2025" in record["notes"]
    assert "Quelle: Einwohnermelderegister" in record["notes"]
    assert record["notes"] != record["title"]


def test_units_stand_in_the_data_dictionary(tmp_path: Path, spool: Spool) -> None:
    record = package(only(read(put(tmp_path, {"a.csv": BY_NAME["d13"].content}), spool)))
    columns = record["resources"][0]["data_dictionary"]
    assert [(one["title"], one.get("unit")) for one in columns][2] == ("Fläche", "ha")


def test_a_workbook_named_csv_has_the_format_that_it_is(tmp_path: Path, spool: Spool) -> None:
    found = only(read(put(tmp_path, {"a.csv": BY_NAME["x3"].content}), spool))
    assert package(found)["resources"][0]["format"] == "XLSX"


def test_options_of_the_source_say_how_tables_are_read(tmp_path: Path, spool: Spool) -> None:
    table = lines("1;2", "3;4")
    read_ = read(put(tmp_path, {"a.csv": table}), spool, header="none", column_names=["Nr", "Zahl"])
    columns = package(only(read_))["resources"][0]["data_dictionary"]
    assert [one["column"] for one in columns] == ["Nr", "Zahl"]
