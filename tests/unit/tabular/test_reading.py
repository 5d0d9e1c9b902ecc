"""How files are read: lazily, again and again, with physical lines and honest guesses."""

from __future__ import annotations

import ast
import tracemalloc
from pathlib import Path

import pytest
from tests.unit.tabular.conftest import Write

from ckanext.mainz import tabular
from ckanext.mainz.tabular import FINDINGS, REASONS, REFUSALS, ColumnType, NotATable, read

MEGABYTE = 1024 * 1024


def _lines(table: tabular.Table, code: str) -> tuple[int, ...]:
    return next(finding.lines for finding in table.findings if finding.code == code)


def test_memory_does_not_grow_with_the_file(write: Write):
    text = "Erneuerung der Fahrbahn einschließlich Gehweg und Beleuchtung " * 3
    path = write("Jahr;Ort;Wert", *(f"{2000 + n % 25};{text}{n % 15};{n % 1000},5" for n in range(60_000)))
    assert path.stat().st_size > 11 * MEGABYTE
    tracemalloc.start()
    try:
        table = read(path)
        count = sum(1 for _ in table.records())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 60_000
    assert peak < 6 * MEGABYTE


def test_footnotes_of_a_long_file_are_found_at_its_end_with_their_lines(write: Write):
    rows = [f"{2000 + n % 25};{n % 1000}" for n in range(30_000)]
    table = read(write("Jahr;Wert", *rows, "", "Quelle: Melderegister", "* vorläufig", end="\r\n"))
    assert [(line.number, line.text) for line in table.footnotes] == [
        (30_003, "Quelle: Melderegister"),
        (30_004, "* vorläufig"),
    ]
    assert not table.complete
    assert sum(1 for _ in table.rows()) == 30_000


def test_a_byte_beyond_the_sample_decides_the_encoding(write: Write):
    rows = [f"{n};Drais" for n in range(100_000)]
    table = read(write("Nr;Ort", *rows, "100000;Münchfeld", encoding="cp1252"))
    assert table.encoding is not None
    assert table.encoding.value == "cp1252"
    *_, last = table.rows()
    assert last == ["100000", "Münchfeld"]


def test_lines_are_physical_lines(write: Write):
    table = read(write("Titel", "", "Jahr;Text", '2023;"eins', 'zwei"', "", "2024;x;zu viel", "2025;y"))
    assert [row.line for row in table.body()] == [4, 7, 8]
    assert (_lines(table, "blank_line"), _lines(table, "row_long")) == ((6,), (7,))
    assert [line.number for line in table.preamble] == [1]


def test_a_quote_that_is_never_closed_does_not_swallow_the_file(write: Write):
    table = read(write("Nr;Name", '1;"offen', *(f"{n};Name {n}" for n in range(2, 3000))))
    assert len(list(table.rows())) == 2999
    assert _lines(table, "stray_quote") == (2,)


def test_a_line_without_end_is_refused(write: Write):
    with pytest.raises(NotATable) as refusal:
        read(write(b"a;b\n" + b"x" * (3 * MEGABYTE)))
    assert refusal.value.code == "line_too_long"


def test_a_guess_carries_reason_code_parameters_and_confidence(write: Write):
    table = read(write("Jahr;Ort", "2024;Drais", "2025;Finthen"))
    assert table.dialect is not None
    guess = table.dialect.delimiter
    assert guess.reason.code == "even_rows"
    assert guess.reason.parameters["width"] == 2
    assert guess.reason.message == "100 % of 3 rows have 2 cells when split at semicolon."
    assert 0 < guess.confidence <= 1


def test_a_header_that_cannot_be_told_for_certain_is_told_so(write: Write):
    table = read(write("Name;Ort", "Müller;Drais", "Schmidt;Finthen"))
    assert "header_uncertain" in {finding.code for finding in table.findings}


def test_an_ambiguous_number_is_told_with_how_it_was_read(write: Write):
    table = read(write("Ort;Wert", "Drais;1.234", "Finthen;2.345"))
    (told,) = [finding for finding in table.findings if finding.code == "ambiguous_number"]
    assert told.message == "'1.234' may be read in two ways; it is read as 1234."


def test_other_columns_settle_an_ambiguous_number(write: Write):
    table = read(write("Ort;Wert;Quote", "Drais;1.234;0.5", "Finthen;2.345;0.75"))
    assert table.columns[1].number is not None
    assert table.columns[1].number.reason.code == "decimal_table"
    assert table.columns[1].type.value is ColumnType.DECIMAL


def test_codes_that_a_name_announces_stay_text(write: Write):
    table = read(write("PLZ;Ort;Wert", "55116;Altstadt;1", "55118;Neustadt;2"))
    assert (table.columns[0].type.value, table.columns[0].is_code) == (ColumnType.TEXT, True)


def test_a_file_that_is_not_there_is_an_error_of_its_own(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "missing.csv")


def _literals() -> set[str]:
    folder = Path(tabular.__file__).parent
    sources = [path for path in folder.glob("*.py") if path.name != "messages.py"]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sources]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_there_is_no_sentence_that_nobody_says():
    said = _literals()
    assert sorted(code for code in (*REASONS, *FINDINGS, *REFUSALS) if code not in said) == []


def test_a_line_break_in_a_cell_does_not_end_the_rows_of_a_short_table(write: Write):
    path = write('Ort|Text\rDrais|"erster Absatz\nzweiter Absatz"\r\rQuelle: Melderegister\r')
    table = read(path)
    assert table.dialect.line_end.value == "\r"
    assert next(iter(table.rows()))[:2] == ["Drais", "erster Absatz\nzweiter Absatz"]
