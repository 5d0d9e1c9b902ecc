"""Tables as files: CSV as German offices write it, XLSX, GeoJSON in two reference systems, JSON and iCalendar."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ckanext.mainz.portal.examples.cells import Cell, Missing, Table
from ckanext.mainz.portal.examples.geometry import Geometry, Point, to_utm32
from ckanext.mainz.portal.examples.reading import ExampleError

EPOCH = datetime(2026, 1, 1)  # what a file says about its making; the clock would make every load differ
MARK = "Beispieldaten, frei erfunden"


@dataclass(frozen=True)
class Origin:
    """What a file says about itself: the dataset's title, who publishes it, and the last day it is about."""

    title: str
    publisher: str
    until: date


# --- CSV -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CsvStyle:
    """A way to write CSV that is met in German offices (or, as `plain`, what developers wish for)."""

    encoding: str = "utf-8"
    delimiter: str = ";"
    newline: str = "\r\n"
    decimal_mark: str = ","
    date_format: str = "%d.%m.%Y"
    suppressed: str = "-"
    quote_texts: bool = False
    pad_texts_to: int = 0
    preamble: bool = False


CSV_STYLES: Mapping[str, CsvStyle] = {
    "plain": CsvStyle(delimiter=",", newline="\n", decimal_mark=".", date_format="%Y-%m-%d", suppressed=""),
    "bom": CsvStyle(encoding="utf-8-sig"),
    "duva": CsvStyle(),
    "excel": CsvStyle(encoding="cp1252"),
    "report": CsvStyle(encoding="cp1252", preamble=True, suppressed="."),
    "padded": CsvStyle(delimiter=",", quote_texts=True, pad_texts_to=40),
    "tab": CsvStyle(encoding="utf-8", delimiter="\t", newline="\n"),
}


def to_csv(table: Table, origin: Origin, style: CsvStyle) -> bytes:
    """The table as CSV; points get two columns with their coordinates in ETRS89/UTM 32N."""
    wide = _with_coordinates(table)
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_NONNUMERIC if style.quote_texts else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=style.delimiter, lineterminator=style.newline, quoting=quoting)
    if style.preamble:
        writer.writerows(_preamble(origin))
    writer.writerow(wide.columns)
    for row in wide.rows:
        writer.writerow([_csv_cell(cell, style) for cell in row])
    if style.preamble:
        writer.writerows([[], [f"{style.suppressed} = Zahlenwert unbekannt oder geheim zu halten"]])
    return text.getvalue().encode(style.encoding)


def _preamble(origin: Origin) -> list[list[str]]:
    stand = origin.until.strftime("%d.%m.%Y")
    return [[origin.title], [f"Stand: {stand}"], [f"Quelle: Landeshauptstadt Mainz, {origin.publisher}"], [MARK], []]


def _csv_cell(cell: Cell, style: CsvStyle) -> str | int:
    match cell:
        case Missing.SUPPRESSED:
            return style.suppressed
        case Missing.EMPTY:
            return ""
        case Decimal():
            return str(cell).replace(".", style.decimal_mark)
        case date():
            return cell.strftime(style.date_format)
        case str():
            return cell.ljust(style.pad_texts_to)
        case int():
            return cell


def _with_coordinates(table: Table) -> Table:
    """Points as two columns, named as the surveyors do; other geometries have no place in a row."""
    if not table.geometries or table.geometries[0].kind != "Point":
        return table
    metres = (to_utm32(geometry.points[0]) for geometry in table.geometries)
    rows = zip(table.rows, metres, strict=True)
    return Table(
        (*table.columns, "Ostwert (EPSG:25832)", "Nordwert (EPSG:25832)"),
        tuple((*row, Decimal(f"{east:.2f}"), Decimal(f"{north:.2f}")) for row, (east, north) in rows),
    )


# --- XLSX ----------------------------------------------------------------------------------------------------------


MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def to_xlsx(table: Table, origin: Origin) -> bytes:
    """A workbook with the table on its first sheet and the notes about it on the second."""
    book = openpyxl.Workbook()
    book.properties.title, book.properties.creator = origin.title, origin.publisher
    book.properties.created = EPOCH
    _fill_data(book.worksheets[0], _with_coordinates(table))
    notes = book.create_sheet("Hinweise")
    for line in _preamble(origin)[:-1]:
        notes.append(line)
    packed = io.BytesIO()
    book.save(packed)
    return _with_fixed_times(packed)


def _fill_data(sheet: Any, table: Table) -> None:
    sheet.title = "Daten"
    sheet.append(table.columns)
    for row in table.rows:
        sheet.append([_xlsx_cell(cell) for cell in row])
    for number, column in enumerate(table.columns, start=1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = max(12, min(40, len(column) + 2))
    sheet.freeze_panes = "A2"


def _xlsx_cell(cell: Cell) -> str | int | float | date | None:
    match cell:
        case Missing.SUPPRESSED:
            return "-"
        case Missing.EMPTY:
            return None
        case Decimal():
            return float(cell)
    return cell


def _with_fixed_times(packed: io.BytesIO) -> bytes:
    """The same archive with one time on and in all members, so that the same table gives the same bytes.

    openpyxl writes the clock's time into the core properties, whatever they were set to.
    """
    result = io.BytesIO()
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            content = MODIFIED.sub(rf"\g<1>{EPOCH:%Y-%m-%dT%H:%M:%SZ}".encode(), source.read(name))
            target.writestr(member, content, zipfile.ZIP_DEFLATED)
    return result.getvalue()


# --- JSON and GeoJSON ----------------------------------------------------------------------------------------------

DEGREES, METRES = 4326, 25832


def to_json(table: Table, origin: Origin) -> bytes:
    """A list of objects under `daten`, with the notes beside it."""
    rows = [_properties(table, row) for row in table.rows]
    about = {"titel": origin.title, "stand": origin.until.isoformat(), "hinweis": MARK}
    return _dump({**about, "daten": rows})


def to_geojson(table: Table, origin: Origin, epsg: int) -> bytes:
    """A FeatureCollection; in EPSG:25832 with the named `crs` member of GeoJSON 2008, which that needs."""
    if not table.geometries:
        raise ExampleError(f"{origin.title}: a table without geometries cannot become GeoJSON")
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{epsg}"}}
    features = [
        {"type": "Feature", "properties": _properties(table, row), "geometry": _geometry(geometry, epsg)}
        for row, geometry in zip(table.rows, table.geometries, strict=True)
    ]
    head = {"type": "FeatureCollection", "name": origin.title, "description": MARK}
    return _dump({**head, **({} if epsg == DEGREES else {"crs": crs}), "features": features})


def _dump(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _properties(table: Table, row: tuple[Cell, ...]) -> dict[str, Any]:
    return {name: _json_cell(cell) for name, cell in zip(table.columns, row, strict=True)}


def _json_cell(cell: Cell) -> str | int | float | None:
    match cell:
        case Missing():
            return None
        case Decimal():
            return float(cell)
        case date():
            return cell.isoformat()
    return cell


def _geometry(geometry: Geometry, epsg: int) -> dict[str, Any]:
    points = [_position(point, epsg) for point in geometry.points]
    match geometry.kind:
        case "Point":
            coordinates: Any = points[0]
        case "LineString":
            coordinates = points
        case "Polygon":
            coordinates = [[*points, points[0]]]
    return {"type": geometry.kind, "coordinates": coordinates}


def _position(point: Point, epsg: int) -> tuple[float, float]:
    """Six decimals of a degree and two of a metre: a hand's breadth, and a centimetre."""
    if epsg == DEGREES:
        return round(point[0], 6), round(point[1], 6)
    east, north = to_utm32(point)
    return round(east, 2), round(north, 2)


# --- iCalendar -----------------------------------------------------------------------------------------------------


def to_icalendar(table: Table, origin: Origin) -> bytes:
    """One event for the whole day for each row: its first column is the date, the others are its summary (RFC 5545)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Landeshauptstadt Mainz//Beispieldaten//DE"]
    for number, (day, *rest) in enumerate(table.rows):
        if not isinstance(day, date):
            raise ExampleError(f"{origin.title}: the first column of a calendar holds dates, not {day!r}")
        lines += _event(number, day, ", ".join(str(cell) for cell in rest if not isinstance(cell, Missing)))
    return "".join(f"{line}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _event(number: int, day: date, summary: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{number}-{day:%Y%m%d}@mainz.example",
        f"DTSTAMP:{EPOCH:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(1):%Y%m%d}",
        f"SUMMARY:{_escaped(summary)}",
        f"DESCRIPTION:{_escaped(MARK)}",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


# --- by format -----------------------------------------------------------------------------------------------------

Writer = Callable[[Table, Origin], bytes]


def writer(file_format: str, style: str, epsg: int) -> Writer:
    """The writer of a format (`csv`, `tsv`, `xlsx`, `json`, `geojson`, `ics`); raises ExampleError for any other."""
    match file_format:
        case "csv" | "tsv":
            if style not in CSV_STYLES:
                raise ExampleError(f"there is no style of CSV {style!r}")
            return partial(to_csv, style=CSV_STYLES[style])
        case "xlsx":
            return to_xlsx
        case "json":
            return to_json
        case "geojson":
            return partial(to_geojson, epsg=epsg)
        case "ics":
            return to_icalendar
    raise ExampleError(f"no example is written as {file_format!r}")
