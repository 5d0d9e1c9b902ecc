"""Where the examples lie: the Stadtteile of `places.yaml`, their sketched outlines, and points within them."""

from dataclasses import dataclass
from functools import cache
from random import Random

from ckanext.mainz.portal.examples.geometry import Point, Ring, contains, counter_clockwise, nearer_part, shifted
from ckanext.mainz.portal.examples.reading import ExampleError, load_yaml, shape

SETTLED_RADIUS = 550.0  # metres; most of what a Stadtteil has stands this near to its middle


@dataclass(frozen=True)
class District:
    """One Stadtteil. `growth` is the yearly change of its residents, as a share."""

    name: str
    number: int
    postcode: str
    residents: int
    square_kilometres: float
    centre: Point
    growth: float
    streets: tuple[str, ...]


@cache
def districts() -> tuple[District, ...]:
    """All 15 Stadtteile in the order of their numbers."""
    return tuple(_district(entry) for entry in load_yaml("places.yaml")["districts"])


def _district(entry: dict) -> District:
    longitude, latitude = entry["centre"]
    return shape(District, entry, f"places.yaml, {entry.get('name')}", centre=(longitude, latitude))


def district(name: str) -> District:
    """The Stadtteil of that name; raises ExampleError if there is none."""
    for candidate in districts():
        if candidate.name == name:
            return candidate
    raise ExampleError(f"there is no Stadtteil {name!r}")


@cache
def city_outline() -> Ring:
    """A sketch of the city's border, in degrees."""
    return counter_clockwise(tuple((lon, lat) for lon, lat in load_yaml("places.yaml")["outline"]))


@cache
def outline(name: str) -> Ring:
    """A sketch of a Stadtteil: the part of the city that lies nearer to its centre than to any other's."""
    own = district(name)
    ring = city_outline()
    for other in districts():
        if other != own:
            ring = nearer_part(ring, own.centre, other.centre)
    return ring


def point_in(place: District, dice: Random) -> Point:
    """A point inside the Stadtteil, more often near its middle."""
    border = outline(place.name)
    for _ in range(100):
        point = shifted(place.centre, dice.gauss(0, SETTLED_RADIUS), dice.gauss(0, SETTLED_RADIUS))
        if contains(border, point):
            return point
    raise ExampleError(f"no point found inside {place.name}: its centre lies outside of its outline")
