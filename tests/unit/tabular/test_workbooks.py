"""Sheets, types and limits of workbooks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import openpyxl
import pytest
from tests.unit.tabular import books
from tests.unit.tabular.conftest import Write

from ckanext.mainz.tabular import ColumnType, FileKind, NotATable, read, sheets, workbook


def test_sheets_are_listed_with_their_visibility(write: Write):
    found = sheets(write(books.xlsx(), name="a.xlsx"))
    assert [(sheet.name, sheet.visible) for sheet in found] == [
        ("Deckblatt", True),
        ("Tabelle 1", True),
        ("Rohdaten", False),
    ]


def test_a_text_file_has_no_sheets(write: Write):
    assert sheets(write("a;b", "1;2")) == ()


def test_a_sheet_can_be_asked_for(write: Write):
    table = read(write(books.xlsx(), name="a.xlsx"), sheet="Deckblatt")
    assert table.sheet is not None
    assert (table.sheet.value, table.sheet.reason.code) == ("Deckblatt", "given")


@pytest.mark.parametrize(("content", "code"), [(books.xlsx(), "no_sheet"), (b"a;b\n1;2\n", "not_a_workbook")])
def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(write: Write, content: bytes, code: str):
    with pytest.raises(NotATable) as refusal:
        read(write(content), sheet="Tabelle 9")
    assert refusal.value.code == code
    assert code == "not_a_workbook" or "Deckblatt, Tabelle 1" in refusal.value.message


def test_an_old_workbook_is_read_in_a_process_of_its_own(write: Write):
    table = read(write(books.xls(), name="a.xls"))
    assert table.kind.value is FileKind.XLS
    assert list(table.records()) == [["Altstadt", 17723, Decimal("2.5")], ["Drais", 3100, Decimal("3.25")]]


def test_an_old_workbook_that_needs_too_much_memory_is_refused(write: Write):
    far = books.xls(far=(0xFFFF, 0x3FFF))
    with pytest.raises(NotATable) as refusal:
        read(write(far, name="a.xls"))
    assert refusal.value.code == "broken_workbook"


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (0.125, "0.0%", Decimal("12.5")),
        (0.1 + 0.2, "General", Decimal("0.3")),
        (7, '"Nr. "000', "Nr"),
        (1234567890123456789, "General", 1234567890123456800),
        (2.0, "General", 2),
        (True, "General", True),
        (dt.datetime(2025, 12, 31), "dd.mm.yyyy", dt.date(2025, 12, 31)),
        (dt.datetime(2025, 12, 31), "dd.mm.yyyy hh:mm", dt.datetime(2025, 12, 31)),
        (12.5, '#,##0.00 "€"', Decimal("12.5")),
    ],
)
def test_a_number_is_read_as_people_see_it(value: object, number_format: str, expected: object):
    cell = workbook.typed_cell(value, number_format)
    if expected == "Nr":
        assert str(cell) == "007"
    elif isinstance(expected, int) and expected > 10**18:
        assert cell == str(value)
    else:
        assert vars(type(cell))["value"].__get__(cell) == expected


def test_currency_and_percent_are_units(write: Write):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (("Ort", "Betrag", "Quote"), ("Drais", 12.5, 0.5), ("Finthen", 3, 0.25)):
        sheet.append(row)
    for number in (2, 3):
        sheet.cell(number, 2).number_format = '#,##0.00 "€"'
        sheet.cell(number, 3).number_format = "0%"
    table = read(write(books.saved(book), name="a.xlsx"))
    assert [column.number.value.unit for column in table.columns if column.number] == ["€", "%"]
    assert next(table.records()) == ["Drais", Decimal("12.5"), Decimal(50)]


def test_a_table_that_begins_in_the_middle_of_a_sheet_is_found(write: Write):
    book = openpyxl.Workbook()
    for row, (name, value) in enumerate((("Ort", "Wert"), ("Drais", 1), ("Finthen", 2)), 4):
        book.worksheets[0].cell(row, 3, name)
        book.worksheets[0].cell(row, 4, value)
    table = read(write(books.saved(book), name="a.xlsx"))
    assert [column.name for column in table.columns] == ["Ort", "Wert"]
    assert table.header.value.lines == (4,)
    assert "C" in next(finding for finding in table.findings if finding.code == "sheet_not_at_a1").message


def test_macros_do_not_matter_and_are_told(write: Write):
    content = books.with_part(books.xlsx(), "xl/vbaProject.bin", b"macro")
    assert "macros" in {finding.code for finding in read(write(content, name="a.xlsm")).findings}


def test_an_ods_behind_a_password_is_refused(write: Write):
    content = books.ods_file("", manifest="<manifest:encryption-data/>")
    with pytest.raises(NotATable) as refusal:
        read(write(content, name="a.ods"))
    assert refusal.value.code == "encrypted"


def test_an_ods_that_repeats_a_cell_without_end_is_refused(write: Write):
    cell = (
        '<table:table-cell table:number-columns-repeated="999999999" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell>"
    )
    content = books.ods_file(f'<table:table table:name="A"><table:table-row>{cell}</table:table-row></table:table>')
    with pytest.raises(NotATable) as refusal:
        read(write(content, name="a.ods"))
    assert refusal.value.code == "broken_workbook"


@pytest.mark.parametrize(("columns", "rows"), [(16_384, 1_048_576), (1, 999_999_999)])
def test_an_ods_that_repeats_a_row_without_end_is_refused(write: Write, columns: int, rows: int):
    cell = (
        f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell>"
    )
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
    content = books.ods_file(f'<table:table table:name="A">{row}</table:table>')
    with pytest.raises(NotATable) as refusal:
        read(write(content, name="a.ods"))
    assert refusal.value.code == "broken_workbook"


def test_entities_in_an_ods_are_not_expanded(write: Write):
    declaration = b'<!DOCTYPE a [<!ENTITY b "c">]><office:document-content'
    content = books.replaced(books.ods(), "content.xml", b"<office:document-content", declaration)
    with pytest.raises(NotATable) as refusal:
        read(write(content, name="a.ods"))
    assert refusal.value.code == "broken_workbook"


def test_a_column_of_mixed_numbers_and_texts_in_a_workbook_keeps_both(write: Write):
    book = openpyxl.Workbook()
    for row in (("Ort", "Wert"), *((f"Bezirk {n}", n) for n in range(30)), ("Drais", "-"), ("Finthen", "1.234,5")):
        book.worksheets[0].append(row)
    table = read(write(books.saved(book), name="a.xlsx"))
    assert table.columns[1].type.value is ColumnType.DECIMAL
    assert [record[1] for record in table.records()][-2:] == [None, Decimal("1234.5")]
