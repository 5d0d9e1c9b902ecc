"""An operator can fix every guess."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.tabular.conftest import Write

from ckanext.mainz.tabular import ColumnType, HeaderKind, ReadOptions, Suppressed, read


def test_a_given_encoding_is_taken_although_another_would_fit(write: Write):
    table = read(write("Straße;Wert", "Kästrich;1"), options=ReadOptions(encoding="cp1252"))
    assert table.columns[0].name == "StraÃŸe"
    assert table.encoding is not None
    assert table.encoding.reason.code == "given"


def test_bytes_that_a_given_encoding_does_not_have_are_kept_and_told(write: Write):
    table = read(write("Straße;Wert", "Kästrich;1", encoding="cp1252"), options=ReadOptions(encoding="utf-8"))
    assert next(table.rows()) == ["Kästrich", "1"]
    (told,) = [finding for finding in table.findings if finding.code == "mixed_encoding"]
    assert (told.line, told.count) == (1, 2)


def test_a_given_delimiter_and_quote_are_taken(write: Write):
    table = read(write("a#b", "'x#y'#1", "z#2"), options=ReadOptions(delimiter="#", quote="'"))
    assert list(table.rows()) == [["x#y", "1"], ["z", "2"]]


def test_an_empty_quote_leaves_quotes_in_the_cells(write: Write):
    table = read(write("a;b", '"x";1', '"y";2'), options=ReadOptions(quote=""))
    assert [row[0] for row in table.rows()] == ['"x"', '"y"']


@pytest.mark.parametrize(("decimal", "value"), [(",", 1234), (".", Decimal("1.234"))])
def test_a_given_decimal_mark_settles_what_a_cell_leaves_open(write: Write, decimal: str, value: object):
    path = write("Ort;Wert", "Drais;1.234", "Finthen;2.345")
    table = read(path, options=ReadOptions(decimal=decimal))
    assert next(table.records())[1] == value
    assert "ambiguous_number" not in {finding.code for finding in table.findings}


def test_a_given_thousands_mark_implies_the_other_decimal_mark(write: Write):
    table = read(write("Ort\tWert", "Drais\t1,234", "Finthen\t2,345"), options=ReadOptions(thousands=","))
    assert [record[1] for record in table.records()] == [1234, 2345]


def test_without_a_header_all_lines_are_rows_and_names_may_be_given(write: Write):
    path = write("Jahr;Wert", "2024;1")
    options = ReadOptions(header="none", column_names=("A", "B"))
    table = read(path, options=options)
    assert list(table.rows()) == [["Jahr", "Wert"], ["2024", "1"]]
    assert [column.name for column in table.columns] == ["A", "B"]
    assert table.header.value.kind is HeaderKind.GIVEN


@pytest.mark.parametrize(
    ("header", "names", "rows"),
    [(3, ["m", "w"], 2), ((2, 3), ["2024 / m", "2024 / w"], 2), (2, ["2024", "column_2"], 3)],
)
def test_the_lines_of_the_header_can_be_given(write: Write, header: Any, names: list[str], rows: int):
    table = read(write("Titel", "2024;", "m;w", "1;2", "3;4"), options=ReadOptions(header=header))
    assert [column.unique_name for column in table.columns] == names
    assert len(list(table.rows())) == rows


def test_missing_and_suppression_markers_replace_the_built_in_ones(write: Write):
    rows = [f"Bezirk {n};{n}" for n in range(10)]
    options = ReadOptions(missing_markers=("fehlt!",), suppression_markers=("-",))
    table = read(write("Ort;Wert", *rows, "a;fehlt!", "b;-"), options=options)
    assert [record[1] for record in table.records()][-2:] == [None, Suppressed("-")]


def test_text_columns_stay_text(write: Write):
    table = read(write("Produkt;Wert", "111001;1", "111002;2"), options=ReadOptions(text_columns=("Produkt",)))
    assert [column.type.value for column in table.columns] == [ColumnType.TEXT, ColumnType.INTEGER]
    assert next(table.records()) == ["111001", 1]


def test_without_trimming_rows_keep_their_padding_and_values_do_not(write: Write):
    table = read(write("Ort;Wert", "Drais   ; 1", "Finthen ; 2"), options=ReadOptions(trim=False))
    assert next(table.rows()) == ["Drais   ", " 1"]
    assert next(table.records()) == ["Drais   ", 1]


def test_total_rows_can_be_left_out_and_named(write: Write):
    path = write("Ort;Wert", "Drais;1", "Finthen;2", "Gesamt;3", "Ganze Stadt;3")
    assert [row.total for row in read(path).body()] == [False, False, True, False]
    assert len(list(read(path, options=ReadOptions(skip_total_rows=True)).rows())) == 3
    named = ReadOptions(skip_total_rows=True, total_row_pattern="Ganze Stadt|Gesamt")
    assert len(list(read(path, options=named).rows())) == 2


def test_all_rows_are_looked_at_if_asked(write: Write):
    path = write("Ort;Wert", *(f"Bezirk {n};{n}" for n in range(200)), *(f"Haus {n};{n}a" for n in range(50)))
    sampled, whole = read(path, options=ReadOptions(sample_rows=100)), read(path, options=ReadOptions(sample_rows=None))
    assert (sampled.columns[1].type.value, sampled.complete, sampled.rows_seen) == (ColumnType.INTEGER, False, 100)
    assert (whole.columns[1].type.value, whole.complete, whole.rows_seen) == (ColumnType.TEXT, True, 250)
    assert list(sampled.records())[-1][1] == "49a", "what does not fit stays text"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("encoding", "utf-99"),
        ("delimiter", ""),
        ("delimiter", ";;"),
        ("quote", "\n"),
        ("decimal", "'"),
        ("thousands", "x"),
        ("header", "first"),
        ("header", 0),
        ("header", (3, 2)),
        ("header", ()),
        ("sample_rows", 0),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused_by_its_name(option: str, value: Any):
    with pytest.raises(ValueError) as error:
        ReadOptions(**{option: value})
    assert str(error.value).startswith(f"{option}:")


def test_decimal_and_thousands_mark_must_differ():
    with pytest.raises(ValueError):
        ReadOptions(decimal=",", thousands=",")


def test_every_option_is_described(request: pytest.FixtureRequest):
    document = (request.config.rootpath / "docs" / "developers" / "tabular.md").read_text(encoding="utf-8")
    assert [option.name for option in fields(ReadOptions) if f"`{option.name}`" not in document] == []
