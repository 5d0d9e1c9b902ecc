"""Small workbooks of our own, good and bad."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl

MIME = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def xlsx() -> bytes:
    """Cover sheet, table with title rows and a header of two rows, hidden sheet."""
    book = openpyxl.Workbook()
    cover = book.worksheets[0]
    cover.title = "Deckblatt"
    cover["A1"] = "Statistik der Stadt Mainz"
    sheet = book.create_sheet("Tabelle 1")
    for row in (
        ("Bevölkerung nach Stadtteilen",),
        ("Stand: 31.12.2025",),
        (),
        ("Nr", "Stadtteil", 2024, None, "Stand"),
        (None, None, "Anzahl", "Anteil", None),
        (11, "Altstadt", 17723, 0.125, dt.date(2025, 12, 31)),
        (12, "Neustadt", 28011, 0.5, dt.date(2025, 12, 31)),
        (21, "Drais", None, 0.07, dt.date(2025, 12, 31)),
        (),
        ("Quelle: Einwohnermelderegister",),
    ):
        sheet.append(row)
    for number in range(6, 9):
        sheet.cell(number, 1).number_format = "000"
        sheet.cell(number, 4).number_format = "0.0%"
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("C4:D4")
    sheet.merge_cells("A4:A5")
    book.create_sheet("Rohdaten").sheet_state = "hidden"
    return saved(book)


def _ods_cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    if isinstance(value, dt.date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}">'
            f"<text:p>{value:%d.%m.%Y}</text:p></table:table-cell>"
        )
    if isinstance(value, float):
        return (
            f'<table:table-cell office:value-type="percentage" office:value="{value}">'
            f"<text:p>{value * 100:.1f} %</text:p></table:table-cell>"
        )
    return _ods_number(value, str(value))


def _ods_number(value: object, text: str) -> str:
    start = f'<table:table-cell office:value-type="float" office:value="{value}">'
    return f"{start}<text:p>{text}</text:p></table:table-cell>"


def _ods_row(*values: object) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, values))}</table:table-row>"


def ods_file(body: str, manifest: str = "<manifest/>") -> bytes:
    """An OpenDocument spreadsheet with these sheets."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES}><office:body><office:spreadsheet>'
        f"{body}</office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIME, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return file.getvalue()


def ods() -> bytes:
    """The table of ``xlsx``, with the million empty rows that office programs append."""
    day = dt.date(2025, 12, 31)
    data = (
        (11, "Altstadt", 17723, 0.125, day),
        (12, "Neustadt", 28011, 0.5, day),
        (21, "Drais", None, 0.07, day),
    )
    gap = (
        "<table:table-row table:number-rows-repeated='{}'>"
        "<table:table-cell table:number-columns-repeated='{}'/></table:table-row>"
    )
    rows = [
        _ods_row("Bevölkerung nach Stadtteilen"),
        _ods_row("Stand: 31.12.2025"),
        gap.format(1, 1024),
        "<table:table-row>"
        + _ods_cell("Nr")
        + _ods_cell("Stadtteil")
        + '<table:table-cell table:number-columns-spanned="2" office:value-type="float" office:value="2024">'
        "<text:p>2024</text:p></table:table-cell><table:covered-table-cell/>"
        + _ods_cell("Stand")
        + "</table:table-row>",
        _ods_row(None, None, "Anzahl", "Anteil", None),
        *(
            "<table:table-row>" + _ods_number(n, f"{n:03}") + "".join(map(_ods_cell, rest)) + "</table:table-row>"
            for n, *rest in data
        ),
        gap.format(1, 1024),
        _ods_row("Quelle: Einwohnermelderegister<office:annotation><text:p>Notiz</text:p></office:annotation>"),
        gap.format(1_048_560, 16_384),
    ]
    cover = f'<table:table table:name="Deckblatt">{_ods_row("Statistik der Stadt Mainz")}</table:table>'
    return ods_file(f'{cover}<table:table table:name="Tabelle 1">{"".join(rows)}</table:table>')


def _simple(*rows: tuple[object, ...]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return book


def sparse() -> bytes:
    """A stray cell in the last corner, and a stated size to match."""
    content = saved(_simple(("Jahr", "Wert"), (2024, 1), (2025, 2)))
    sheet = "xl/worksheets/sheet1.xml"
    content = replaced(content, sheet, b'ref="A1:B3"', b'ref="A1:XFD1048576"')
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return replaced(content, sheet, b"</sheetData>", stray)


def replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The archive with one part changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(old, new, 1) if name == part else data)
    return file.getvalue()


def formulas() -> bytes:
    """A formula that no spreadsheet program has computed yet."""
    return saved(_simple(("Jahr", "Summe"), (2024, "=1+1"), (2025, 3)))


def text_numbers() -> bytes:
    """Numbers as German text."""
    return saved(_simple(("Stadtteil", "Wert"), ("Altstadt", "1.234,5"), ("Drais", "17,25")))


def empty() -> bytes:
    """One sheet without cells."""
    return saved(openpyxl.Workbook())


def encrypted() -> bytes:
    """The beginning of an Office file behind a password: an OLE container with the stream EncryptedPackage."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


def bomb() -> bytes:
    """A workbook whose strings unpack to more than a gigabyte."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/media/image1.bin", "w", force_zip64=True) as part:
            for _ in range(65):
                part.write(bytes(16 * 1024 * 1024))
    return file.getvalue()


def doctype() -> bytes:
    """A sheet that declares entities."""
    declaration = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet'
    return replaced(saved(_simple(("Jahr",), (2024,))), "xl/worksheets/sheet1.xml", b"<worksheet", declaration)
