"""The little geometry that the examples need: polygons cut by lines, points in polygons, degrees to ETRS89/UTM 32N."""

import math
from dataclasses import dataclass
from functools import cache
from typing import Literal

Point = tuple[float, float]
"""Longitude and latitude in degrees, or east and north in metres."""

Ring = tuple[Point, ...]
"""The corners of a polygon, counter-clockwise, the first not repeated at the end."""

METRES_PER_DEGREE = 111_200.0
MAINZ_SHRINKING = math.cos(math.radians(49.98))  # a degree of longitude is shorter than one of latitude


@dataclass(frozen=True)
class Geometry:
    """A geometry of GeoJSON, in longitude and latitude."""

    kind: Literal["Point", "LineString", "Polygon"]
    points: Ring


def shifted(point: Point, east: float, north: float) -> Point:
    """`point` in degrees, moved by metres."""
    return (
        point[0] + east / (METRES_PER_DEGREE * MAINZ_SHRINKING),
        point[1] + north / METRES_PER_DEGREE,
    )


def area(ring: Ring) -> float:
    """The area in the square of the coordinates' unit; negative if the corners run clockwise."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True)) / 2


def counter_clockwise(ring: Ring) -> Ring:
    """The order that RFC 7946 (3.1.6) asks of an outer ring."""
    return ring if area(ring) >= 0 else ring[::-1]


def contains(ring: Ring, point: Point) -> bool:
    """Whether `point` lies inside: a ray from it to the east crosses the border an odd number of times."""
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            crossings += 1
    return crossings % 2 == 1


def nearer_part(ring: Ring, to: Point, than: Point) -> Ring:
    """The part of `ring` that lies nearer `to` than `than` (Sutherland and Hodgman's clipping at the bisector)."""
    across = ((than[0] - to[0]) * MAINZ_SHRINKING**2, than[1] - to[1])
    middle = ((to[0] + than[0]) / 2, (to[1] + than[1]) / 2)

    def beyond(point: Point) -> float:
        return (point[0] - middle[0]) * across[0] + (point[1] - middle[1]) * across[1]

    kept: list[Point] = []
    for start, end in zip(ring, (*ring[1:], ring[0]), strict=True):
        a, b = beyond(start), beyond(end)
        if a <= 0:
            kept.append(start)
        if (a <= 0) != (b <= 0):
            way = a / (a - b)
            kept.append((start[0] + way * (end[0] - start[0]), start[1] + way * (end[1] - start[1])))
    return tuple(kept)


@dataclass(frozen=True)
class _TransverseMercator:
    """Krüger's series to the fourth order, exact to the millimetre within a zone."""

    radius: float
    third_flattening: float
    terms: tuple[float, float, float]


@cache
def _grs80() -> _TransverseMercator:
    flattening = 1 / 298.257222101
    n = flattening / (2 - flattening)
    return _TransverseMercator(
        radius=6_378_137.0 / (1 + n) * (1 + n**2 / 4 + n**4 / 64),
        third_flattening=n,
        terms=(n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16, 13 * n**2 / 48 - 3 * n**3 / 5, 61 * n**3 / 240),
    )


def to_utm32(point: Point) -> Point:
    """East and north in metres, EPSG:25832, of a longitude and latitude (WGS 84 and ETRS89 taken as one)."""
    ellipsoid = _grs80()
    longitude, latitude = math.radians(point[0] - 9.0), math.radians(point[1])
    eccentricity = 2 * math.sqrt(ellipsoid.third_flattening) / (1 + ellipsoid.third_flattening)
    sine = math.sin(latitude)
    t = math.sinh(math.atanh(sine) - eccentricity * math.atanh(eccentricity * sine))
    xi = math.atan2(t, math.cos(longitude))
    eta = math.atanh(math.sin(longitude) / math.hypot(1, t))
    scale = 0.9996 * ellipsoid.radius
    terms = tuple(enumerate(ellipsoid.terms, start=1))
    east = eta + sum(term * math.cos(2 * i * xi) * math.sinh(2 * i * eta) for i, term in terms)
    north = xi + sum(term * math.sin(2 * i * xi) * math.cosh(2 * i * eta) for i, term in terms)
    return 500_000 + scale * east, scale * north
