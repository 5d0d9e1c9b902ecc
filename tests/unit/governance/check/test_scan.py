"""What the scan finds in a table, and what it says of it."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.governance.check.measure import read

from ckanext.mainz.governance.check.findings import Finding
from ckanext.mainz.governance.check.scan import AFTERWARDS, CLOSELY, scan, scan_file
from ckanext.mainz.tabular import NotATable

PEOPLE = "Name;Geburtsdatum\nAnna Schmidt;01.02.1980\nMehmet Yılmaz;12.12.1975\nJan Kowalski;30.06.1991\n"
COUNTS = "Stadtteil;Einwohner\nAltstadt;1200\nDrais;2\nFinthen;1\nEbersheim;0\nMarienborn;3\n"


def found(text: str, title: str = "", small_cells: int = 3) -> dict[tuple[str, str], Finding]:
    with read(text) as table:
        return {(one.column, one.kind): one for one in scan(table, title=title, small_cells=small_cells)}


def test_rows_are_those_that_a_person_counts_in_the_file():
    text = "Mitglieder des Vereins\n\n" + PEOPLE
    assert found(text)["Name", "name"].rows == (4, 5, 6)
    assert found(COUNTS)["Einwohner", "small_cells"].rows == (3, 4)


def test_no_finding_repeats_what_it_warns_of():
    text = "Kunde;Konto;Mail\nAnna Schmidt;DE32551900004942859575;anna.schmidt@web.de\n" * 1
    samples = " ".join(sample for one in found(text).values() for sample in one.samples)
    assert samples
    for secret in ("Schmidt", "Anna", "5519", "anna", "web"):
        assert secret not in samples


def test_counts_up_to_the_threshold_are_found_and_a_zero_is_none():
    assert found(COUNTS)["Einwohner", "small_cells"].count == 2
    assert found(COUNTS, small_cells=4)["Einwohner", "small_cells"].count == 3
    assert found(COUNTS, small_cells=0) == {}


def test_suppressed_counts_are_as_they_should_be():
    assert found("Stadtteil;Arbeitslose\nAltstadt;512\nDrais;.\nFinthen;x\nEbersheim;<3\n") == {}


def test_a_plain_count_counts_people_if_the_title_says_so():
    text = "Stadtteil;Anzahl\nAltstadt;120\nDrais;2\nFinthen;31\n"
    assert found(text, "Schulen nach Stadtteil") == {}
    assert ("Anzahl", "small_cells") in found(text, "Arbeitslose nach Stadtteil")


def test_the_same_names_are_of_people_or_of_streets():
    names = "Anna Seghers\nCarl Zuckmayer\nPeter Altmeier\nErika Friederichs\n"
    assert ("Antragsteller", "name") in found("Antragsteller\n" + names)
    assert found("Straße\n" + names) == {}
    assert found("Name;Fraktion\n" + names.replace("\n", ";SPD\n")) == {}


def test_who_died_long_ago_is_nobody_to_protect():
    text = "Name;geboren;gestorben\n{}Anna Lang;02.03.1950;{}\n"
    old = text.format("Otto Maier;24.12.1824;26.10.1874\nEmil Hahn;05.01.1874;11.11.1942\n", "01.01.1981")
    new = text.format("Otto Maier;24.12.1924;26.10.2020\nEmil Hahn;05.01.1944;11.11.2022\n", "01.01.2021")
    assert found(old) == {}
    assert ("Name", "name") in found(new)


def test_what_is_told_in_a_text_is_found_in_one_row_among_many():
    rows = [f"{n};Die Laterne an der Ecke ist seit {n} Tagen aus." for n in range(200)]
    rows[150] = "150;Bitte bei Frau Schallmayer im zweiten Stock klingeln."
    one = found("Nr;Meldung\n" + "\n".join(rows) + "\n")["Meldung", "free_text"]
    assert (one.rows, one.count) == ((152,), 1)


def test_text_below_the_table_counts_too():
    text = "Jahr;Wert\n2020;12\n2021;13\n2022;19\n2023;25\n\nQuelle: petra.hellwig@stadt.mainz.de\n"
    assert ("", "free_text") in found(text)


def test_a_mark_far_down_in_a_large_table_is_found():
    rows = CLOSELY + AFTERWARDS // 2
    text = "Nr;Bemerkung\n" + "".join(f"{n};in Ordnung\n" for n in range(rows))
    one = found(text + f"{rows};Zahlung an DE32551900004942859575 bitte noch heute\n")["Bemerkung", "free_text"]
    assert one.rows == (rows + 2,)


def test_hidden_sheets_are_published_with_the_file(tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.title = "Karte"
    for row in (["Jahr", "Wert"], [2020, 12], [2021, 14]):
        book.active.append(row)
    hidden = book.create_sheet("Roh")
    hidden.sheet_state = "hidden"
    for line in PEOPLE.splitlines():
        hidden.append(line.split(";"))
    path = tmp_path / "buch.xlsx"
    book.save(path)
    scanned = scan_file(path)
    assert {(one.sheet, one.column, one.kind) for one in scanned.findings} == {
        ("Roh", "Name", "name"),
        ("Roh", "Geburtsdatum", "birthday"),
    }


def test_a_sheet_that_is_no_table_is_named(tmp_path: Path):
    book = openpyxl.Workbook()
    for line in PEOPLE.splitlines():
        book.active.append(line.split(";"))
    book.create_sheet("leer")
    path = tmp_path / "buch.xlsx"
    book.save(path)
    assert scan_file(path).unread == ()


def test_what_is_no_table_at_all_is_refused(tmp_path: Path):
    path = tmp_path / "brief.txt"
    path.write_text("Das ist ein Brief und keine Tabelle. Er hat viele Worte.\nUnd noch eine Zeile.", encoding="utf-8")
    with pytest.raises(NotATable):
        scan_file(path)


def test_a_header_that_may_be_a_row_is_looked_at(tmp_path: Path):
    assert any(kind == "email" for _, kind in found("anna.schmidt@web.de;1\npeter.maier@gmx.de;2\nj.beck@web.de;3\n"))


CELLS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        (
            *("Anna Schmidt", "Frau Dr. Maier", "a@b.de", "DE32551900004942859575", "0176 12345678", "01.01.1980", ""),
            *(
                "MZ-AB 123",
                "Am Brand 4",
                "55116",
                "2",
                "-",
                "(at)",
                "geb. 1.1.1980",
                "A1234567890",
                "Frau ",
                ", ,",
                ".",
            ),
        )
    ),
)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=2, max_size=8))
@settings(max_examples=150, deadline=None)
def test_any_table_is_scanned_without_an_error(rows: list[list[str]]):
    buffer = io.StringIO()
    for row in [["Name", "Geburtsdatum", "Telefon"], *rows]:
        buffer.write(";".join('"' + cell.replace('"', "").replace("\x00", "") + '"' for cell in row) + "\n")
    with suppress(NotATable):
        found(buffer.getvalue().encode("utf-8", "ignore").decode())
