"""The data dictionary: read from a table, kept, merged, and written as CSVW."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz import tabular
from ckanext.mainz.metadata.dictionary import csvw
from ckanext.mainz.metadata.dictionary.columns import TYPES, Column, Structure, found, proposal, stored
from ckanext.mainz.metadata.dictionary.helpers import TYPES as TYPE_NAMES

TABLE = """Straße;Höhe in m;Gepflanzt;Anteil;Kosten;Jahr
Am Brand;1,5;31.12.2024;12,5 %;1.200 €;2020
Kästrich;-;01.01.2025;10 %;.;2021
Rheinallee;2,5;01.01.2025;10 %;4 €;2021
"""


@pytest.fixture
def structure(tmp_path: Path) -> Structure:
    path = tmp_path / "baeume.csv"
    path.write_text(TABLE, encoding="cp1252")
    return found(tabular.read(path))


def by_name(columns: tuple[Column, ...]) -> dict[str, Column]:
    return {one.column: one for one in columns}


def test_columns_come_in_the_order_of_the_file_with_their_types(structure: Structure):
    assert [(one.column, one.type) for one in structure.columns] == [
        ("Straße", "text"),
        ("Höhe in m", "decimal"),
        ("Gepflanzt", "date"),
        ("Anteil", "decimal"),
        ("Kosten", "integer"),
        ("Jahr", "year"),
    ]


def test_units_come_from_the_name_and_from_the_values(structure: Structure):
    units = {one.column: (one.title, one.unit) for one in structure.columns}
    assert units["Höhe in m"] == ("Höhe", "m")
    assert units["Anteil"] == ("Anteil", "%")
    assert units["Kosten"] == ("Kosten", "€")


def test_a_name_with_in_that_is_no_unit_stays_whole(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("Wohnt in Mainz;Zahl\nja;1\nnein;2\n", encoding="utf-8")
    (first, _second) = found(tabular.read(path)).columns
    assert (first.title, first.unit) == ("Wohnt in Mainz", "")


def test_marks_for_no_value_become_codes(structure: Structure):
    columns = by_name(structure.columns)
    assert columns["Höhe in m"].codes == "- = keine Angabe"
    assert columns["Kosten"].code_list == ((".", "geheim gehalten oder nicht sinnvoll"),)


def test_what_an_editor_wrote_wins_and_gaps_are_filled(structure: Structure):
    merged = by_name(proposal([Column("Höhe in m", title="Baumhöhe", unit="")], structure))
    assert merged["Höhe in m"] == Column("Höhe in m", "Baumhöhe", "", "m", "decimal", "- = keine Angabe")


def test_columns_that_are_gone_are_left_out(structure: Structure):
    assert "Alt" not in by_name(proposal([Column("Alt", description="früher")], structure))


def test_a_dictionary_is_read_as_it_is_stored():
    rows = [{"column": "Art", "title": "Baumart", "codes": "1 = Linde\n2: Eiche; 3"}, {"title": "ohne Spalte"}, {}]
    (one,) = stored({"data_dictionary": rows})
    assert one.code_list == (("1", "Linde"), ("2", "Eiche"), ("3", ""))
    assert one.as_row() == rows[0]


@given(st.builds(Column, st.text(min_size=1).filter(str.strip), *[st.text()] * 5))
def test_any_entry_survives_being_stored(column: Column):
    assert stored({"data_dictionary": [column.as_row()]}) == (column,)


def test_every_type_has_words_and_a_type_of_csvw():
    assert set(TYPES) == set(TYPE_NAMES) == set(csvw.DATATYPES)


def test_csvw_says_how_the_file_is_written(structure: Structure):
    described = csvw.metadata("https://daten.example/baeume.csv", "Bäume", structure.columns, structure)
    assert described["dialect"] == {"@type": "Dialect", "delimiter": ";", "encoding": structure.encoding}
    columns = {one["titles"]: one for one in described["tableSchema"]["columns"]}
    assert columns["Höhe in m"]["datatype"] == {"base": "decimal", "format": {"decimalChar": ","}}
    assert columns["Gepflanzt"]["datatype"] == {"base": "date", "format": "dd.MM.yyyy"}
    assert columns["Jahr"]["datatype"] == "gYear"
    assert columns["Anteil"]["schema:unitText"] == "%"


def test_csvw_without_a_structure_says_what_is_known():
    described = csvw.metadata("https://daten.example/a.csv", "A", [Column("x", description="Wert", type="period")])
    assert "dialect" not in described
    assert described["tableSchema"]["columns"] == [
        {"@type": "Column", "titles": "x", "datatype": "string", "dc:description": "Wert"}
    ]
