"""Lists of offices, read from files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from ckan.plugins import toolkit

from ckanext.mainz.governance.inventory import lists

HEADER = ["Nr.", "Titel", "Amt", "Wiedervorlage"]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages without an application that knows languages."""
    monkeypatch.setattr(lists, "_", str)


def workbook(path: Path, *sheets: tuple[str, Sequence[Sequence[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name.removesuffix("!"))
        sheet.sheet_state = "hidden" if name.endswith("!") else "visible"
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def test_a_list_below_a_title_keeps_the_row_numbers_of_the_file(tmp_path: Path) -> None:
    rows = [["Dateninventar"], [], HEADER, [1, "Bäume", "Amt 67", date(2026, 12, 31)], [2, "Wege", "", None]]
    sheet = lists.read(workbook(tmp_path / "liste.xlsx", ("Liste", rows)))
    assert [(one.number, one.given["title"]) for one in sheet.lines] == [(4, "Bäume"), (5, "Wege")]
    assert sheet.names == {"key": "Nr.", "title": "Titel", "organization": "Amt", "review": "Wiedervorlage"}
    assert sheet.lines[0].given == {"key": "1", "title": "Bäume", "organization": "Amt 67", "review": "2026-12-31"}


def test_a_list_on_another_sheet_is_found_and_hidden_ones_are_not_read(tmp_path: Path) -> None:
    cover = [["Hinweise", "Bitte ausfüllen"], ["Stand", "heute"]]
    hidden = [HEADER, [9, "Altes", "Amt 1", None]]
    rows = [HEADER, [1, "Bäume", "Amt 67", datetime(2026, 12, 31)]]
    sheet = lists.read(workbook(tmp_path / "l.xlsx", ("Alt!", hidden), ("Deckblatt", cover), ("Daten", rows)))
    assert (sheet.name, [one.given["title"] for one in sheet.lines]) == ("Daten", ["Bäume"])


def test_a_text_file_of_the_old_kind_is_read_with_its_umlauts(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes("Schlüssel;Bezeichnung;Beschreibung\r\n07;Bäume;Stämme\r\n08;Wege;Länge\r\n".encode("cp1252"))
    sheet = lists.read(path)
    assert next(dict(one.given) for one in sheet.lines) == {"key": "07", "title": "Bäume", "description": "Stämme"}


def test_a_last_row_with_little_in_it_is_a_row_and_a_remark_is_told(tmp_path: Path) -> None:
    rows = [HEADER, *[[n, f"Daten {n}", "Amt 67", "31.12.2026"] for n in range(1, 6)], [6, "Nur ein Titel"], [],
            ["Stand: November 2026"]]  # fmt: skip
    sheet = lists.read(workbook(tmp_path / "l.xlsx", ("L", rows)))
    assert [one.given["title"] for one in sheet.lines][-1] == "Nur ein Titel"
    assert sheet.left_out == ((9, "Stand: November 2026"),)


def test_a_column_that_nobody_knows_is_named(tmp_path: Path) -> None:
    rows = [[*HEADER, "Haushaltsstelle", "Fehler"], [1, "Bäume", "Amt 67", None, "4711", "Unsinn"]]
    assert lists.read(workbook(tmp_path / "l.xlsx", ("L", rows))).ignored == ["Haushaltsstelle"]


def test_an_apostrophe_of_our_own_exports_is_taken_away_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Nr.;Titel\n1;'=2+2\n2;'s Lädchen\n", encoding="utf-8")
    assert [one.given["title"] for one in lists.read(path).lines] == ["=2+2", "'s Lädchen"]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"%PDF-1.4 nichts", "text.pdf", "PDF"),
        (b"<!doctype html><html><body>Wege</body></html>", "liste.csv", "web page"),
        (b"Nr.;Farbe\n1;rot\n2;blau\n", "farben.csv", "Nr., Farbe"),
        (b"Nr.;Titel;Amt\n", "leer.csv", "no rows"),
        (b"   \n\n", "leer.csv", "blanks"),
        (b"PK\x03\x04 kein Archiv", "kaputt.xlsx", "cannot be read"),
    ],
)
def test_what_is_no_such_list_is_refused_in_words(tmp_path: Path, content: bytes, name: str, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(toolkit.ValidationError) as error:
        lists.read(path)
    (message,) = error.value.error_dict["upload"]  # pyright: ignore
    assert words in message


def test_a_list_that_is_too_long_is_to_be_divided(tmp_path: Path) -> None:
    path = tmp_path / "lang.csv"
    body = "".join(f"{n};Daten {n};Amt 67\n" for n in range(lists.MOST_ROWS + 1))
    path.write_text("Nr.;Titel;Amt\n" + body, encoding="utf-8")
    with pytest.raises(toolkit.ValidationError) as error:
        lists.read(path)
    assert "Divide it" in str(error.value.error_dict)


def test_rows_of_a_program_are_read_by_fields_or_columns() -> None:
    sheet = lists.of_rows([{"title": "Bäume", "Amt": "Amt 67"}, {"title": "Wege", "Nr.": 7}])
    assert [dict(one.given) for one in sheet.lines] == [
        {"title": "Bäume", "organization": "Amt 67", "key": ""},
        {"title": "Wege", "organization": "", "key": "7"},
    ]
