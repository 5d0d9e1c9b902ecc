"""Small workbooks of our own, good and bad."""

from __future__ import annotations

import datetime as dt
import io
import struct
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


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    """The archive with one part more."""
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, data)
    return file.getvalue()


def xls(far: tuple[int, int] | None = None) -> bytes:
    """An old Excel file (BIFF8 in an OLE container), built record by record; ``far`` is the place of a stray cell."""
    cells = b"".join(
        (
            *(_label(0, column, name) for column, name in enumerate(("Stadtteil", "Einwohner", "Fläche"))),
            *(_label(1, 0, "Altstadt"), _number(1, 1, 17723), _number(1, 2, 2.5)),
            *(_label(2, 0, "Drais"), _number(2, 1, 3100), _number(2, 2, 3.25)),
            *((_number(*far, 1),) if far else ()),
        )
    )
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6)) + cells + _record(0x000A, b"")
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    name = "Tabelle1".encode("latin-1")
    bound_size = 4 + 8 + len(name)
    offset = len(start) + bound_size + 4
    bound = _record(0x0085, struct.pack("<IBBBB", offset, 0, 0, len(name), 0) + name)
    return _ole("Workbook", start + bound + _record(0x000A, b"") + sheet)


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _label(row: int, column: int, text: str) -> bytes:
    data = text.encode("utf-16-le")
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + data)


def _number(row: int, column: int, value: float) -> bytes:
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def _ole(name: str, stream: bytes) -> bytes:
    """A container with one stream: header, a sector of the allocation table, one of the directory, the stream."""
    stream = stream.ljust(4096, b"\0")
    stream += bytes(-len(stream) % 512)
    sectors = len(stream) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    table = b"".join(struct.pack("<I", entry) for entry in chain).ljust(512, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0).ljust(436, b"\xff")
    directory = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry(name, 2, 0xFFFFFFFF, 2, len(stream))
    return header + table + directory.ljust(512, b"\0") + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    none = 0xFFFFFFFF
    entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, none, none, child)
    return entry + bytes(36) + struct.pack("<IQ", start, size)
