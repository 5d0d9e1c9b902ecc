"""Areas as people, map pickers and programs give them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.metadata import geometry
from ckanext.mainz.metadata.geometry import GeometryError

LONGITUDES = st.floats(-180, 180).map(lambda number: round(number, 6))
LATITUDES = st.floats(-90, 90).map(lambda number: round(number, 6))
BOX = "POLYGON((8.14 49.91, 8.34 49.91, 8.34 50.03, 8.14 50.03, 8.14 49.91))"


@pytest.mark.parametrize(
    "given",
    [
        "8.14,49.91,8.34,50.03",
        "8.14, 49.91, 8.34, 50.03",
        "ENVELOPE(8.14, 8.34, 50.03, 49.91)",
        BOX,
        "POLYGON ((8.14 49.91,8.34 49.91,8.34 50.03,8.14 50.03))",
        "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> " + BOX,
        '{"type": "Polygon", "coordinates": [[[8.14,49.91],[8.34,49.91],[8.34,50.03],[8.14,50.03],[8.14,49.91]]]}',
        "MULTIPOINT((8.14 49.91), (8.34 50.03))",
        "LINESTRING(8.14 49.91, 8.34 50.03)",
        "<http://www.opengis.net/def/crs/EPSG/0/4326> LINESTRING(49.91 8.14, 50.03 8.34)",
    ],
)
def test_a_box_is_taken_in_all_its_forms(given: str) -> None:
    assert geometry.box(given) == BOX


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("8.27,50.0", "POINT(8.27 50)"),
        ("POINT (8.27 50.00)", "POINT(8.27 50)"),
        ("POINT Z (8.27 50.00 120)", "POINT(8.27 50)"),
        (BOX, "POINT(8.24 49.97)"),
        ('{"type": "Point", "coordinates": [8.27, 50]}', "POINT(8.27 50)"),
    ],
)
def test_a_centre_is_taken_from_a_point_or_an_area(given: str, stored: str) -> None:
    assert geometry.centre(given) == stored


@pytest.mark.parametrize(
    "given",
    [
        *(
            "POINT(8.27 50)",
            "LINESTRING(8 50, 9 50)",
            "POLYGON((0 0, 1 0, 1 1, 0 0), (0.1 0.1, 0.2 0.1, 0.2 0.2, 0.1 0.1))",
        ),
        *("MULTIPOINT(8 50, 9 50)", "MULTILINESTRING((8 50, 9 50), (1 1, 2 2))"),
        "MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
    ],
)
def test_every_kind_of_geometry_stays_what_it_is(given: str) -> None:
    assert geometry.geometry(given) == given


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "x",
            "8.14",
            "8.14,49.91,8.34",
            "8.34,49.91,8.14,50.03",
            "8,50,9,100",
            "a,b,c,d",
            "POINT",
            "POINT()",
            "POINT(8)",
        ),
        *(
            "POINT(8 50",
            "POINT(8 50))",
            "POINT(8 50)x",
            "POINT((8 50)",
            "POLYGON((0 0, 1 1))",
            "POLYGON(0 0)",
            "CIRCLE(8 50)",
        ),
        *(
            "POINT(200 50)",
            "POINT(nan nan)",
            "POINT(1e999 0)",
            "POINT EMPTY",
            "<http://www.opengis.net/def/crs/EPSG/0/25832> POINT(1 1)",
        ),
        *(
            "{",
            '{"type": "Point"}',
            '{"type": "Point", "coordinates": ["8", "50"]}',
            '{"type": ["x"], "coordinates": []}',
        ),
        *("(" * 60_000, "POLYGON" + "(" * 20_000, '{"a":' * 9_000, '{"type": "Point", "coordinates": [[[]]]}'),
    ],
)
def test_what_is_no_geometry_is_refused(text: str) -> None:
    for parse in (geometry.box, geometry.geometry, geometry.centre):
        with pytest.raises(GeometryError):
            parse(text)


@given(LONGITUDES, LATITUDES, LONGITUDES, LATITUDES)
def test_a_drawn_box_keeps_its_corners(one: float, two: float, three: float, four: float) -> None:
    west, east = sorted((one, three))
    south, north = sorted((two, four))
    stored = geometry.box(f"{west:.6f},{south:.6f},{east:.6f},{north:.6f}")
    assert geometry.corners(stored) == pytest.approx((west, south, east, north), abs=1e-6)
    assert geometry.box(stored) == stored


@given(
    st.text()
    | st.text("POINT LYGON(),.-0123456789", max_size=40)
    | st.recursive(st.integers(), st.lists).map(json.dumps)
)
def test_any_text_is_a_geometry_or_refused(text: str) -> None:
    for parse in (geometry.box, geometry.geometry, geometry.centre):
        for one in (text, f'{{"type": "Polygon", "coordinates": {text}}}'):
            try:
                stored = parse(one)
            except GeometryError:
                continue
            assert parse(stored) == stored
