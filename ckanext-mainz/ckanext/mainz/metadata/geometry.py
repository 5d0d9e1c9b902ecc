"""Geometries as people and programs give them, as WKT in longitude and latitude (CRS84). Pure.

Taken are WKT (with the coordinate system in front, if it is CRS84 or EPSG:4326), GeoJSON, and a box as
``west,south,east,north``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

Point = tuple[float, float]
LONGEST = 50_000
DIGITS = 7  # a centimetre
RING = 4
DEPTHS = {"POINT": 0, "MULTIPOINT": 1, "LINESTRING": 1, "MULTILINESTRING": 2, "POLYGON": 2, "MULTIPOLYGON": 3}
CRS = re.compile(r"\s*(?:<([^<>\s]+)>|SRID=(\d+);)\s*", re.IGNORECASE)
LONGITUDE_FIRST = re.compile(r"CRS84\Z|\A4326\Z", re.IGNORECASE)  # PostGIS has longitude first for SRID 4326
LATITUDE_FIRST = re.compile(r"EPSG[/:](?:[\d.]*[/:])?4326\Z", re.IGNORECASE)
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?"
TOKEN = re.compile(rf"\s*([(),]|{NUMBER})\s*", re.ASCII)
HEAD = re.compile(r"\s*([A-Za-z]+)\s*Z?\s*(?=\()")
BOX = re.compile(rf"\s*({NUMBER})\s*[,; ]\s*({NUMBER})\s*[,; ]\s*({NUMBER})\s*[,; ]\s*({NUMBER})\s*\Z", re.ASCII)
ENVELOPE = re.compile(
    rf"ENVELOPE\s*\(\s*({NUMBER})\s*,\s*({NUMBER})\s*,\s*({NUMBER})\s*,\s*({NUMBER})\s*\)\s*\Z", re.I | re.A
)


class GeometryError(ValueError):
    """The text is no geometry in longitude and latitude."""


def geometry(text: str) -> str:
    """Any geometry as WKT. Raises `GeometryError`."""
    kind, coordinates = _parsed(text)
    return f"{kind}{_written(coordinates, DEPTHS[kind])}"


def box(text: str) -> str:
    """A box as a WKT polygon, also from a geometry, whose box it is then. Raises `GeometryError`."""
    west, south, east, north = corners(text)
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return f"POLYGON{_written([ring], 2)}"


def corners(text: str) -> tuple[float, float, float, float]:
    """West, south, east and north of a box or geometry, in degrees. Raises `GeometryError`."""
    plain = text.strip()
    if match := BOX.match(plain):
        west, south, east, north = (float(number) for number in match.groups())
    elif match := ENVELOPE.match(plain):
        west, east, north, south = (float(number) for number in match.groups())
    else:
        points = list(_points(_parsed(text)[1]))
        west, east = min(x for x, _y in points), max(x for x, _y in points)
        south, north = min(y for _x, y in points), max(y for _x, y in points)
    _check((west, south))
    _check((east, north))
    if west > east or south > north:
        raise GeometryError(text)
    return west, south, east, north


def centre(text: str) -> str:
    """A point as WKT, also from ``longitude,latitude``, or the middle of a box or geometry. Raises `GeometryError`."""
    pair = re.fullmatch(rf"\s*({NUMBER})\s*[,; ]\s*({NUMBER})\s*", text, re.ASCII)
    if pair:
        longitude, latitude = float(pair[1]), float(pair[2])
    else:
        west, south, east, north = corners(text)
        longitude, latitude = (west + east) / 2, (south + north) / 2
    return f"POINT{_written(_check((longitude, latitude)), 0)}"


def _parsed(text: str) -> tuple[str, Any]:
    """The kind and the nested coordinates, checked."""
    plain = text.strip()
    if len(plain) > LONGEST:
        raise GeometryError(text[:100])
    kind, coordinates = _of_geojson(plain) if plain.startswith("{") else _of_wkt(plain)
    if kind not in DEPTHS:
        raise GeometryError(text)
    return kind, _checked(coordinates, DEPTHS[kind], "POLYGON" in kind, text)


def _of_geojson(text: str) -> tuple[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GeometryError(text) from error
    if isinstance(found, dict) and found.get("type") == "Feature":
        found = found.get("geometry")
    if not isinstance(found, dict) or not isinstance(found.get("coordinates"), list):
        raise GeometryError(text)
    return str(found.get("type")).upper(), found["coordinates"]


def _of_wkt(text: str) -> tuple[str, Any]:
    swapped = False
    if crs := CRS.match(text):
        name = crs[1] or crs[2]
        swapped = bool(LATITUDE_FIRST.search(name))
        if not swapped and not LONGITUDE_FIRST.search(name):
            raise GeometryError(text)
        text = text[crs.end() :]
    head = HEAD.match(text)
    if not head:
        raise GeometryError(text)
    kind = head[1].upper().removesuffix("Z") if head[1].upper() not in DEPTHS else head[1].upper()
    nested = _nested(text[head.end() :], text)
    if kind == "POINT":
        nested = nested[0] if len(nested) == 1 else nested
    if kind == "MULTIPOINT":
        nested = [one[0] if one and isinstance(one[0], list) else one for one in nested]
    return kind, _swapped(nested) if swapped else nested


def _nested(text: str, whole: str) -> list[Any]:
    """Parentheses as lists of points, each a list of numbers; without recursion, whatever comes."""
    stack: list[list[Any]] = [[]]
    numbers: list[float] = []
    position = 0
    while position < len(text):
        token = TOKEN.match(text, position)
        if not token:
            raise GeometryError(whole)
        position = token.end()
        sign = token[1]
        if sign == "(":
            stack.append([])
        elif sign in "),":
            if numbers:
                stack[-1].append(numbers)
                numbers = []
            if sign == ")":
                if len(stack) == 1:
                    raise GeometryError(whole)
                done = stack.pop()
                stack[-1].append(done)
        else:
            numbers.append(float(sign))
    if len(stack) != 1 or len(stack[0]) != 1 or numbers:
        raise GeometryError(whole)
    return stack[0][0]


def _swapped(nested: Any) -> Any:
    if nested and not isinstance(nested[0], list):
        return [*nested[1::-1], *nested[2:]]
    return [_swapped(one) for one in nested]


def _checked(nested: Any, depth: int, closed: bool, text: str) -> Any:
    """The coordinates in their right depth as points; rings of polygons are closed."""
    if depth == 0:
        return _point(nested, text)
    if not isinstance(nested, list) or not nested:
        raise GeometryError(text)
    parts = [_checked(one, depth - 1, closed, text) for one in nested]
    if not closed or depth != 1:
        return parts
    ring = parts if parts[0] == parts[-1] else [*parts, parts[0]]
    if len(ring) < RING:
        raise GeometryError(text)
    return ring


def _point(found: Any, text: str) -> Point:
    if not isinstance(found, list) or len(found) not in (2, 3):
        raise GeometryError(text)
    if any(isinstance(number, bool) or not isinstance(number, int | float) for number in found):
        raise GeometryError(text)
    return _check((float(found[0]), float(found[1])))


def _check(point: Point) -> Point:
    longitude, latitude = point
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise GeometryError(str(point))
    return point


def _points(nested: Any) -> Iterable[Point]:
    if isinstance(nested, tuple):
        yield (nested[0], nested[1])
        return
    for one in nested:
        yield from _points(one)


def _written(nested: Any, depth: int) -> str:
    if depth == 0:
        return f"({_pair(nested)})"
    if depth == 1:
        return f"({', '.join(_pair(point) for point in nested)})"
    return f"({', '.join(_written(one, depth - 1) for one in nested)})"


def _pair(point: Sequence[float]) -> str:
    return " ".join(_number(number) for number in point)


def _number(number: float) -> str:
    written = f"{number:.{DIGITS}f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written
