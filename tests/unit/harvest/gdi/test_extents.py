"""Boxes and areas as catalogues write them."""

from __future__ import annotations

from math import cos, radians, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.harvest.gdi import records as r

from ckanext.mainz.harvest.gdi import utm


def area(**changes: str) -> dict[str, str]:
    rows = r.package(**changes)["spatial_coverage"]
    return rows[1] if len(rows) > 1 else {}


def test_utm_of_zone_32_is_read_as_degrees():
    """The meridian of the zone: its length is known from the ellipsoid (integrated here)."""
    longitude, latitude = utm.degrees_of(500_000, 5_539_000)
    assert longitude == 9
    steps, squared = 20_000, utm.FLATTENING * (2 - utm.FLATTENING)
    width = radians(latitude) / steps
    middles = (sqrt(1 - squared * sin((number + 0.5) * width) ** 2) ** 3 for number in range(steps))
    length = sum(utm.AXIS * (1 - squared) / middle * width for middle in middles)
    assert length * utm.SCALE == pytest.approx(5_539_000, abs=0.2)


@given(st.floats(440_000, 460_000), st.floats(5_530_000, 5_545_000))
def test_utm_steps_are_as_long_as_on_the_ground(easting: float, northing: float):
    longitude, latitude = utm.degrees_of(easting, northing)
    other, same = utm.degrees_of(easting + 1000, northing)
    length = (
        radians(other - longitude)
        * utm.AXIS
        * cos(radians(latitude))
        / sqrt(1 - 0.00669438 * sin(radians(latitude)) ** 2)
    )
    assert length == pytest.approx(1000, rel=0.001)
    assert abs(same - latitude) < 0.001


@pytest.mark.parametrize(("west", "east"), [("445000", "450000"), ("32445000", "32450000")])
def test_metres_instead_of_degrees(west: str, east: str):
    found = area(extents=r.box(west, east, "5535000", "5540000"))
    assert found["bbox"].startswith("POLYGON((8.2")


@pytest.mark.parametrize(
    ("sides", "kept"),
    [
        (("6.2", "8.4", "49.0", "50.9"), True),  # the Land
        (("8.0", "8.5", "49.8", "50.2"), True),  # the city and around
        (("13.0", "13.7", "52.3", "52.6"), False),  # Berlin
        (("7.5", "7.7", "50.3", "50.4"), False),  # Koblenz
        (("-180", "180", "-90", "90"), False),
        (("0", "0", "0", "0"), False),
        (("", "8.3", "49.9", "50"), False),
        (("nan", "8.3", "49.9", "50"), False),
        (("acht", "8.3", "49.9", "50"), False),
    ],
)
def test_a_box_that_lies_elsewhere_is_replaced_by_the_city_with_a_warning(sides: tuple[str, ...], kept: bool):
    found = r.mapped(extents=r.box(*sides))
    rows = found.package["spatial_coverage"]
    assert rows[0]["uri"].endswith("073150000000")
    assert len(rows) == 1 + kept
    assert bool(r.problems(found, "spatial_coverage")) != kept


def test_a_point_is_a_centre():
    assert area(extents=r.box("8.27", "8.27", "50", "50")) == {"centroid": "POINT(8.27 50)"}


def test_a_wrong_box_beside_a_right_one_does_not_count():
    found = area(extents=r.box("-180", "180", "-90", "90") + r.box("8.2", "8.3", "49.95", "50"))
    assert found["bbox"] == "POLYGON((8.2 49.95, 8.3 49.95, 8.3 50, 8.2 50, 8.2 49.95))"


PLAN = "POLYGON((8.2 49.95, 8.3 49.95, 8.3 50, 8.2 49.95))"


@pytest.mark.parametrize("space", ["gml", "gml32"])
@pytest.mark.parametrize("points", ["8.2 49.95 8.3 49.95 8.3 50 8.2 49.95", "49.95 8.2 49.95 8.3 50 8.3 49.95 8.2"])
def test_areas_in_either_order_of_axes(points: str, space: str):
    assert area(extents=r.polygon(points, space, "EPSG:4326"))["geom"] == PLAN


def test_an_area_in_metres_and_one_in_pairs():
    assert area(extents=r.polygon("445000 5535000 450000 5535000 450000 5540000 445000 5535000"))["geom"]
    ring = "<gml:LinearRing><gml:coordinates>8.2,49.95 8.3,49.95 8.3,50 8.2,49.95</gml:coordinates></gml:LinearRing>"
    inner = f"<gml:Polygon><gml:outerBoundaryIs>{ring}</gml:outerBoundaryIs></gml:Polygon>"
    given = r.geographic(f"<gmd:EX_BoundingPolygon><gmd:polygon>{inner}</gmd:polygon></gmd:EX_BoundingPolygon>")
    assert area(extents=given)["geom"] == PLAN


@pytest.mark.parametrize("points", ["", "8.2", "8.2 49.9 8.3", "a b c d e f g h", "0 0 1 0 1 1 0 0"])
def test_an_area_that_cannot_be_read_is_told(points: str):
    found = r.mapped(extents=r.polygon(points))
    assert len(found.package["spatial_coverage"]) == 1
    assert r.problems(found, "spatial_coverage")


def test_a_swapped_box_with_its_area_as_plans_have_it():
    given = r.box("8.2", "49.95", "8.3", "50") + r.polygon("8.2 49.95 8.3 49.95 8.3 50 8.2 49.95")
    found = area(extents=given)
    assert found["bbox"] == "POLYGON((8.2 49.95, 8.3 49.95, 8.3 50, 8.2 50, 8.2 49.95))"
    assert found["geom"] == PLAN
