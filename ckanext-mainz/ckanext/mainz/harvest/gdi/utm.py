"""UTM coordinates of zone 32 (ETRS89, EPSG:25832) as longitude and latitude: some records have them for degrees.

The series of Krüger to the third power of the flattening (Karney 2011, eq. 36): better than a centimetre in the zone.
"""

from __future__ import annotations

from math import asin, atan, atan2, atanh, cos, cosh, degrees, sin, sinh, sqrt, tan

AXIS, FLATTENING = 6_378_137.0, 1 / 298.257222101  # GRS80
SCALE, FALSE_EASTING = 0.9996, 500_000.0
MERIDIAN = 9.0
EASTINGS, NORTHINGS = (100_000.0, 900_000.0), (0.0, 9_400_000.0)
#: Some offices write the number of the zone in front of the easting.
ZONE = 32_000_000.0

_N = FLATTENING / (2 - FLATTENING)
_RADIUS = AXIS / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96,
    _N**2 / 48 + _N**3 / 15,
    17 * _N**3 / 480,
)


def is_utm(easting: float, northing: float) -> bool:
    """Whether two numbers can be a place in the zone and no degrees."""
    east = easting - ZONE if easting > ZONE else easting
    return EASTINGS[0] <= east <= EASTINGS[1] and NORTHINGS[0] <= northing <= NORTHINGS[1] and northing > 90


def degrees_of(easting: float, northing: float) -> tuple[float, float]:
    """Longitude and latitude of a place in zone 32, to a millionth of a degree."""
    east = easting - ZONE if easting > ZONE else easting
    xi, eta = northing / (SCALE * _RADIUS), (east - FALSE_EASTING) / (SCALE * _RADIUS)
    xi_, eta_ = xi, eta
    for number, beta in enumerate(_BETA, 1):
        xi_ -= beta * sin(2 * number * xi) * cosh(2 * number * eta)
        eta_ -= beta * cos(2 * number * xi) * sinh(2 * number * eta)
    longitude = MERIDIAN + degrees(atan2(sinh(eta_), cos(xi_)))
    return round(longitude, 6), round(degrees(_latitude(asin(sin(xi_) / cosh(eta_)))), 6)


def _latitude(conformal: float) -> float:
    """The geographic latitude of a conformal one, by Newton's steps (Karney 2011, eq. 19 to 21)."""
    eccentricity = sqrt(FLATTENING * (2 - FLATTENING))
    target = tan(conformal)
    guess = target
    for _ in range(5):
        guess += (target - _conformal_tangent(guess, eccentricity)) * _step(guess, eccentricity)
    return atan(guess)


def _conformal_tangent(tangent: float, eccentricity: float) -> float:
    sine = tangent / sqrt(1 + tangent**2)
    sigma = sinh(eccentricity * atanh(eccentricity * sine))
    return tangent * sqrt(1 + sigma**2) - sigma * sqrt(1 + tangent**2)


def _step(tangent: float, eccentricity: float) -> float:
    current = _conformal_tangent(tangent, eccentricity)
    squared = eccentricity**2
    return (1 + (1 - squared) * tangent**2) / ((1 - squared) * sqrt(1 + tangent**2) * sqrt(1 + current**2))
