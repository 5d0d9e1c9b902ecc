"""Places lie in Mainz, and coordinates are converted rightly."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.portal.examples.geometry import area, contains, nearer_part, shifted, to_utm32
from ckanext.mainz.portal.examples.places import city_outline, district, districts, outline, point_in
from ckanext.mainz.portal.examples.reading import ExampleError

NAMES = [place.name for place in districts()]


@pytest.mark.parametrize(
    ("longitude", "latitude", "east", "north"),
    # Computed with PROJ 9 (EPSG:4258 to EPSG:25832).
    [
        (9.0, 50.0, 500000.000, 5538630.703),
        (8.2725, 49.9975, 447859.741, 5538606.314),
        (8.143, 49.993, 438572.794, 5538204.306),
        (8.342, 49.948, 452792.398, 5533056.630),
        (8.268, 49.908, 447439.902, 5528658.662),
    ],
)
def test_degrees_become_utm_coordinates_to_the_centimetre(longitude, latitude, east, north):
    assert to_utm32((longitude, latitude)) == pytest.approx((east, north), abs=0.01)


@given(st.floats(8.14, 8.35), st.floats(49.90, 50.04), st.floats(-500, 500), st.floats(-500, 500))
def test_metres_in_degrees_are_metres_in_utm(longitude, latitude, east, north):
    start = to_utm32((longitude, latitude))
    end = to_utm32(shifted((longitude, latitude), east, north))
    assert math.dist(start, end) == pytest.approx(math.hypot(east, north), rel=0.01, abs=0.01)


def test_the_sketched_districts_fill_the_city_without_overlap():
    assert sum(area(outline(name)) for name in NAMES) == pytest.approx(area(city_outline()), rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_a_district_contains_its_own_centre_only(name):
    inside = [place.name for place in districts() if contains(outline(name), place.centre)]
    assert inside == [name]


@given(st.sampled_from(NAMES), st.integers())
def test_points_of_a_district_lie_in_it_and_in_mainz(name, seed):
    point = point_in(district(name), Random(seed))
    assert contains(outline(name), point)
    assert contains(city_outline(), point)
    assert 8.14 < point[0] < 8.35
    assert 49.90 < point[1] < 50.04


def test_the_right_bank_of_the_rhine_is_not_mainz():
    kastel, ginsheim, airport = (8.2830, 50.0100), (8.3450, 49.9700), (8.2340, 50.0480)
    assert not any(contains(city_outline(), point) for point in (kastel, ginsheim, airport))


def test_the_nearer_part_of_a_square_is_its_half():
    square = ((8.0, 50.0), (8.2, 50.0), (8.2, 50.2), (8.0, 50.2))
    half = nearer_part(square, (8.0, 50.1), (8.2, 50.1))
    assert area(half) == pytest.approx(area(square) / 2)


def test_an_unknown_district_is_named():
    with pytest.raises(ExampleError, match="Kastel"):
        district("Kastel")
