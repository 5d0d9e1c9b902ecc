"""What holds for every file, tried on files made at random."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.unit.tabular import books
from tests.unit.tabular.measure import wrong_guesses
from tests.unit.tabular.random_tables import make

from ckanext.mainz.tabular import NotATable, ReadOptions, read
from ckanext.mainz.tabular.lexer import Signs, split_rows

SIGNS = st.sampled_from((";", ",", "\t", "|"))
QUOTES = st.sampled_from(('"', "'"))
CELLS = st.text(st.sampled_from("aäß 0179.,;\t|\"'-\r\n€"), max_size=8)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=5), min_size=1, max_size=8)
PIECES = st.sampled_from(
    (
        *(";", ",", "\t", "|", '"', "'", "\r\n", "\n", "\r", " ", "", "Jahr", "Straße", "2024", "01", "1,5", "1.234"),
        *("-", ".", "12.03.2024", "Gesamt", "Quelle: x", "unbekannt", "1990/91", "\x1a", "\ufeff", "\x00", "=1+1"),
        *("ja", "<5", "%", "€", "sep=;", "\x85", "\u2028"),
    )
)
WORKBOOKS = (books.xlsx(), books.ods(), books.xls())
FILES = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(TABLES, SIGNS, QUOTES)
@settings(max_examples=400, deadline=None)
def test_rows_that_were_written_with_quotes_are_read_as_they_were(rows: list[list[str]], delimiter: str, quote: str):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, quotechar=quote, quoting=csv.QUOTE_ALL).writerows(rows)
    written = io.TextIOWrapper(io.BytesIO(file.getvalue().encode()), encoding="utf-8", newline="")
    assert [cells for _, cells in split_rows(written, Signs(delimiter, quote))] == rows


@given(st.lists(PIECES, max_size=40).map("".join), SIGNS, QUOTES)
@settings(max_examples=400, deadline=None)
def test_no_sign_of_a_malformed_file_is_lost_but_quotes(text: str, delimiter: str, quote: str):
    written = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8", newline="")
    cells = [cell for _, row in split_rows(written, Signs(delimiter, quote)) for cell in row]
    dropped = f"{delimiter}{quote}\r\n "
    assert _without("".join(cells), dropped) == _without(text, dropped)


def _without(text: str, signs: str) -> str:
    return text.translate(dict.fromkeys(map(ord, signs)))


@given(st.lists(PIECES, max_size=60).map("".join))
@FILES
def test_any_text_is_read_or_refused(tmp_path: Path, text: str):
    path = tmp_path / "any.csv"
    path.write_bytes(text.encode("utf-8"))
    _read_or_refuse(path)


@given(st.binary(max_size=300))
@example(b"\xff\xfe")
@example(b"\xfe\xff;\x00")
@example(b"\xef\xbb\xbf")
@example(b"\x80;\x81\n1;2")
@FILES
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "any.dat"
    path.write_bytes(content)
    _read_or_refuse(path)


@given(st.data())
@settings(FILES, max_examples=60)
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, data: st.DataObject):
    content = bytearray(data.draw(st.sampled_from(WORKBOOKS)))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged"
    path.write_bytes(bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))]))
    _read_or_refuse(path)


def _read_or_refuse(path: Path) -> None:
    """Nothing but ``NotATable`` may be raised, and what is read must agree with itself."""
    with suppress(NotATable):
        table = read(path)
        rows, records = list(table.rows()), list(table.records())
        assert len(rows) == len(records)
        assert all(len(row) >= len(table.columns) for row in rows)
        assert all(finding.message for finding in table.findings)


@given(st.integers(min_value=0))
@settings(FILES, max_examples=25)
def test_a_table_read_twice_and_its_rows_started_again_are_the_same(tmp_path: Path, seed: int):
    path = tmp_path / "table.csv"
    path.write_bytes(make(Random(seed)).content)
    table, again = read(path), read(path)
    assert (table.columns, table.findings, table.header) == (again.columns, again.findings, again.header)
    assert list(table.rows()) == list(table.rows())


@given(st.integers(min_value=0))
@example(51_449_795_601)
@example(21_966)
@settings(FILES, max_examples=60)
def test_with_the_dialect_given_cells_are_read_as_they_were_written(tmp_path: Path, seed: int):
    truth = make(Random(seed))
    path = tmp_path / "table.csv"
    path.write_bytes(truth.content)
    options = ReadOptions(
        encoding="utf-16" if truth.encoding == "utf-16" else truth.encoding,
        delimiter=truth.delimiter,
        quote=truth.quote or "",
        header=truth.header_lines or "none",
        trim=False,
    )
    expected = [
        [cell.encode(truth.encoding, "ignore").decode(truth.encoding) for cell in row]
        for row in zip(*(column.cells for column in truth.columns), strict=True)
    ]
    assert list(read(path, options=options).rows()) == expected


GUESSES = ("encoding", "delimiter", "quote", "header", "width", "rows", "type", "values", "refused")


@pytest.mark.parametrize("guess", GUESSES)
def test_fewer_than_one_guess_in_a_hundred_is_wrong(guess: str, wrong_on_random_files: dict[str, list[int]]):
    assert len(wrong_on_random_files.get(guess, [])) < 3, "of 300 files"


@pytest.fixture(scope="module")
def wrong_on_random_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[int]]:
    path = tmp_path_factory.mktemp("random") / "table.csv"
    wrong: dict[str, list[int]] = {}
    for seed in range(10_000, 10_300):
        truth = make(Random(seed))
        path.write_bytes(truth.content)
        try:
            found = wrong_guesses(read(path), truth)
        except NotATable:
            found = {"refused": ""}
        for guess in found:
            wrong.setdefault(guess, []).append(seed)
    return wrong
