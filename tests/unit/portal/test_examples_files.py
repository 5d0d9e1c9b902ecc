"""The files of the examples: small, the same each time, and as German offices write them."""

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from ckanext.mainz import tabular
from ckanext.mainz.portal.examples.catalogue import LARGEST_FILE, Dataset, Resource, catalogue, file_content, table_of
from ckanext.mainz.portal.examples.cells import Missing, Table
from ckanext.mainz.portal.examples.geometry import Geometry, contains, to_utm32
from ckanext.mainz.portal.examples.places import city_outline
from ckanext.mainz.portal.examples.reading import ExampleError
from ckanext.mainz.portal.examples.writers import CSV_STYLES, MARK, Origin, writer

FILES = [(dataset, resource) for dataset in catalogue().datasets for resource in dataset.resources if resource.file]
ORIGIN = Origin("Straßenbäume", "Grün- und Umweltamt", date(2025, 12, 31))
TABLE = Table(
    ("Straße", "Höhe", "Anzahl", "gepflanzt"),
    (
        ("Große Bleiche", Decimal("12.50"), 3, date(2025, 3, 1)),
        ("Am Fort; Elisabeth", Missing.EMPTY, Missing.SUPPRESSED, Missing.EMPTY),
    ),
)
POINTS = Table(("Nr",), ((1,), (2,)), (Geometry("Point", ((9.0, 50.0),)), Geometry("Point", ((8.2725, 49.9975),))))


def content(dataset: Dataset, resource: Resource) -> bytes:
    return file_content(dataset, resource, catalogue().organization(dataset.owner).title)


def by_file(pair: tuple[Dataset, Resource]) -> str:
    return pair[1].file


# --- every file of the catalogue -----------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", FILES, ids=by_file)
def test_a_file_is_small_and_made_the_same_each_time(pair):
    first = content(*pair)
    assert 0 < len(first) < LARGEST_FILE
    assert content(*pair) == first


@pytest.mark.parametrize("pair", [pair for pair in FILES if pair[1].extension == "csv"], ids=by_file)
def test_a_csv_file_has_as_many_rows_and_columns_as_its_table(pair):
    dataset, resource = pair
    style, table = CSV_STYLES[resource.style], table_of(dataset, resource)
    lines = list(csv.reader(io.StringIO(content(*pair).decode(style.encoding), newline=""), delimiter=style.delimiter))
    rows = lines[5:-2] if style.preamble else lines
    assert len(rows) == len(table.rows) + 1
    assert {len(row) for row in rows} == {len(rows[0])}
    assert rows[0][: len(table.columns)] == list(table.columns)


@pytest.mark.parametrize("pair", [pair for pair in FILES if pair[1].extension in ("csv", "xlsx")], ids=by_file)
def test_the_portals_own_reader_finds_the_same_table(pair, tmp_path):
    """Columns and number of rows; the calendar columns and figures are tried in the reader's own tests."""
    dataset, resource = pair
    path = tmp_path / resource.file
    path.write_bytes(content(*pair))
    read, table = tabular.read(path), table_of(dataset, resource)
    assert [column.name for column in read.columns][: len(table.columns)] == list(table.columns)
    assert sum(1 for _ in read.rows()) == len(table.rows)


@pytest.mark.parametrize("pair", [pair for pair in FILES if pair[1].extension == "geojson"], ids=by_file)
def test_every_position_of_a_geojson_file_lies_in_mainz(pair):
    dataset, resource = pair
    table, loaded = table_of(dataset, resource), json.loads(content(*pair))
    west, east, south, north = (8.13, 8.36, 49.89, 50.05)
    for feature, geometry in zip(loaded["features"], table.geometries, strict=True):
        assert feature["geometry"]["type"] == geometry.kind
        for longitude, latitude in geometry.points:
            assert west < longitude < east
            assert south < latitude < north
    if resource.epsg == 25832:
        assert loaded["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::25832"
    else:
        assert "crs" not in loaded


def test_every_point_of_every_file_lies_on_the_left_bank():
    tables = [table_of(dataset, resource) for dataset, resource in FILES if resource.table]
    points = [shape.points[0] for table in tables for shape in table.geometries if shape.kind == "Point"]
    assert len(points) > 2000
    assert all(contains(city_outline(), point) for point in points)


def test_both_reference_systems_and_all_styles_of_csv_occur():
    assert {resource.epsg for _, resource in FILES if resource.extension == "geojson"} == {4326, 25832}
    assert {resource.style for _, resource in FILES if resource.extension == "csv"} == CSV_STYLES.keys()


@pytest.mark.parametrize("pair", [pair for pair in FILES if pair[1].extension == "pdf"], ids=by_file)
def test_a_pdf_is_tagged_has_a_title_and_its_language_and_says_that_it_is_an_example(pair):
    pdf = content(*pair)
    assert pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf
    assert re.search(rb"/Lang \(de\)", pdf)
    title = re.search(rb"/Title <([0-9A-F]+)>", pdf)
    assert title
    assert "Beispiel" in bytes.fromhex(title[1].decode()).decode("utf-16")


# --- CSV -----------------------------------------------------------------------------------------------------------


def as_csv(style: str, table: Table = TABLE) -> bytes:
    return writer("csv", style, 4326)(table, ORIGIN)


def test_offices_write_semicolons_decimal_commas_and_german_dates():
    assert as_csv("duva").decode() == (
        'Straße;Höhe;Anzahl;gepflanzt\r\nGroße Bleiche;12,50;3;01.03.2025\r\n"Am Fort; Elisabeth";;-;\r\n'
    )


def test_developers_get_commas_points_and_iso_dates():
    assert as_csv("plain").decode().splitlines()[1] == "Große Bleiche,12.50,3,2025-03-01"


def test_excel_gets_windows_1252_or_a_byte_order_mark():
    assert "Große Bleiche".encode("cp1252") in as_csv("excel")
    assert as_csv("bom").startswith(b"\xef\xbb\xbf")


def test_a_report_has_lines_before_its_header_and_a_footnote():
    lines = as_csv("report").decode("cp1252").splitlines()
    assert lines[:4] == ["Straßenbäume", "Stand: 31.12.2025", lines[2], MARK]
    assert lines[2] == "Quelle: Landeshauptstadt Mainz, Grün- und Umweltamt"
    assert lines[5].startswith("Straße;")
    assert lines[-1] == ". = Zahlenwert unbekannt oder geheim zu halten"


def test_a_padded_file_quotes_texts_and_fills_them_up():
    row = as_csv("padded").decode().splitlines()[1]
    assert row == f'"{"Große Bleiche":40}","12,50",3,"01.03.2025"'


def test_points_get_coordinates_in_utm():
    rows = as_csv("duva", POINTS).decode().splitlines()
    assert rows[0] == "Nr;Ostwert (EPSG:25832);Nordwert (EPSG:25832)"
    assert rows[1] == "1;500000,00;5538630,70"


# --- other formats -------------------------------------------------------------------------------------------------


def test_a_workbook_has_typed_cells_and_notes():
    book = openpyxl.load_workbook(io.BytesIO(writer("xlsx", "bom", 4326)(TABLE, ORIGIN)))
    data = [[cell.value for cell in row] for row in book["Daten"]]
    assert data[1][:3] == ["Große Bleiche", 12.5, 3]
    assert data[2] == ["Am Fort; Elisabeth", None, "-", None]
    assert [row[0].value for row in book["Hinweise"]][-1] == MARK


def test_geojson_in_utm_names_its_reference_system_and_carries_metres():
    loaded = json.loads(writer("geojson", "bom", 25832)(POINTS, ORIGIN))
    assert loaded["features"][1]["geometry"]["coordinates"] == [round(c, 2) for c in to_utm32((8.2725, 49.9975))]


def test_polygons_of_geojson_are_closed():
    square = Geometry("Polygon", ((8.2, 49.9), (8.3, 49.9), (8.3, 50.0)))
    loaded = json.loads(writer("geojson", "bom", 4326)(Table(("Nr",), ((1,),), (square,)), ORIGIN))
    ring = loaded["features"][0]["geometry"]["coordinates"][0]
    assert len(ring) == 4
    assert ring[0] == ring[-1]


def test_json_has_null_for_what_is_missing():
    loaded = json.loads(writer("json", "bom", 4326)(TABLE, ORIGIN))
    assert loaded["daten"][1] == {"Straße": "Am Fort; Elisabeth", "Höhe": None, "Anzahl": None, "gepflanzt": None}
    assert loaded["hinweis"] == MARK


def test_a_calendar_has_an_event_for_each_row_and_short_lines():
    table = Table(("Datum", "Gremium", "Ort"), ((date(2026, 1, 21), "Umwelt, Grün", "Rathaus"),))
    lines = writer("ics", "bom", 4326)(table, ORIGIN).decode().split("\r\n")
    assert "DTSTART;VALUE=DATE:20260121" in lines
    assert "DTEND;VALUE=DATE:20260122" in lines
    assert "SUMMARY:Umwelt\\, Grün\\, Rathaus" in lines
    assert all(len(line.encode()) <= 75 for line in lines)


@pytest.mark.parametrize(
    ("file_format", "style", "message"), [("exe", "bom", "'exe'"), ("csv", "fancy", "style of CSV 'fancy'")]
)
def test_an_unknown_format_or_style_is_named(file_format, style, message):
    with pytest.raises(ExampleError, match=message):
        writer(file_format, style, 4326)


def test_a_table_without_places_is_no_map():
    with pytest.raises(ExampleError, match="without geometries"):
        writer("geojson", "bom", 4326)(TABLE, ORIGIN)


def test_a_table_without_dates_is_no_calendar():
    with pytest.raises(ExampleError, match="holds dates"):
        writer("ics", "bom", 4326)(TABLE, ORIGIN)
