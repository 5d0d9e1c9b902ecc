"""Where the data lie: rows of ``spatial_coverage``, from boxes, areas and keys of administrative units.

Boxes in catalogues are wrong in known ways: sides swapped (xplanung_light writes xmin, ymin, xmax, ymax as west, east,
south, north), latitude first, decimal commas, metres of EPSG:25832, the whole world where nothing was given. A box is
read in each of these ways; the first one that lies in the city is taken. What lies elsewhere is no box of the city's
data: the city itself is given then, with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.gdi import utm
from ckanext.mainz.harvest.gdi.iso_shapes import Box, Extent, Polygon
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.settings import Corners, GdiSettings
from ckanext.mainz.harvest.gdi.tables import by_code
from ckanext.mainz.metadata import geometry, iris, vocabulary

Row = dict[str, Any]
Point = tuple[float, float]
FIELD = "spatial_coverage"
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
KEY = re.compile(r"(\d{12}|\d{8})\Z", re.ASCII)
RING = 4
NO_NUMBERS = N_("The box “{value}” is not made of four numbers and is left out.")
MENDED = N_("The box “{value}” was read as {used} (west, south, east, north).")
ELSEWHERE = N_("The box “{value}” does not lie in the city. The city itself is given as the area; correct the record.")
NO_AREA = N_("The area “{value}” cannot be read and is left out.")
TOO_EXACT = N_("An area with {value} points is left out; only its box is kept.")


def rows(extents: Iterable[Extent], settings: GdiSettings, notes: Notes) -> list[Row]:
    """The rows of ``spatial_coverage``: the places, then one row with the box and, if it is simple enough, the area.

    Without any usable box or place, the city.
    """
    given = [*extents]
    areas = [one for extent in given for area in extent.polygons if (one := _area(area, settings, notes))]
    boxes = [one for extent in given for box in extent.boxes if (one := _box(box, settings, notes))]
    boxes = boxes or [_around(ring) for area in areas for ring in area]
    return [*_places(given, settings), *_drawn(boxes, areas, settings, notes)]


def levels(found: Iterable[Row], settings: GdiSettings) -> list[str]:
    """The level of administration of the first known place."""
    terms = [vocabulary.find("places", str(row.get("uri") or "")) for row in found]
    code = next((term.level for term in terms if term and term.level), settings.level)
    level = vocabulary.match("geocoding_levels", code)
    return [level.uri] if level else []


def _drawn(boxes: list[Corners], areas: list[list[list[Point]]], settings: GdiSettings, notes: Notes) -> list[Row]:
    if not boxes:
        return []
    west, south, east, north = _union(boxes)
    if west == east or south == north:
        return [{"centroid": geometry.centre(f"{(west + east) / 2},{(south + north) / 2}")}]
    row: Row = {"bbox": geometry.box(f"{west},{south},{east},{north}")}
    return [row | _geometry(areas, settings, notes)]


def _geometry(areas: list[list[list[Point]]], settings: GdiSettings, notes: Notes) -> Row:
    rings = [ring for area in areas for ring in area]
    points = sum(map(len, rings))
    if not rings:
        return {}
    if points > settings.most_points:
        notes.left_out(FIELD, TOO_EXACT, str(points))
        return {}
    polygons = ", ".join("((" + ", ".join(f"{x:.7f} {y:.7f}" for x, y in ring) + "))" for ring in rings)
    try:
        return {"geom": geometry.geometry(f"MULTIPOLYGON({polygons})" if len(rings) > 1 else f"POLYGON{polygons}")}
    except geometry.GeometryError:
        notes.left_out(FIELD, NO_AREA, polygons[:100])
        return {}


# --- boxes -----------------------------------------------------------------------------------------------------------


def _box(box: Box, settings: GdiSettings, notes: Notes) -> Corners | None:
    shown = f"west {box.west}, east {box.east}, south {box.south}, north {box.north}"
    numbers = [_number(side) for side in (box.west, box.south, box.east, box.north)]
    west, south, east, north = numbers
    if west is None or south is None or east is None or north is None:
        notes.left_out(FIELD, NO_NUMBERS, shown)
        return None
    return _usable((west, south, east, north), shown, settings, notes)


def _usable(given: Corners, shown: str, settings: GdiSettings, notes: Notes) -> Corners | None:
    readings = [one for one in _readings(given) if _is_box(one)]
    inside = [one for one in readings if _within(one, settings.envelope)]
    around = [one for one in readings if _within(one, settings.surroundings) and _meets(one, settings.envelope)]
    chosen = next(iter([*inside, *around]), None)
    if chosen is None:
        notes.mended(FIELD, ELSEWHERE, shown, settings.place)
    elif chosen != given:
        notes.mended(FIELD, MENDED, shown, ", ".join(f"{side:g}" for side in chosen))
    return chosen


def _readings(given: Corners) -> Iterator[Corners]:
    """What four numbers may mean, the likeliest first."""
    for west, south, east, north in (given, _in_degrees(given)):
        yield west, south, east, north
        yield west, east, south, north  # xmin, ymin, xmax, ymax in the order west, east, south, north
        yield south, west, north, east  # latitude first
        yield min(west, east), min(south, north), max(west, east), max(south, north)


def _in_degrees(given: Corners) -> Corners:
    west, south, east, north = given
    if not (utm.is_utm(west, south) and utm.is_utm(east, north)):
        return given
    corners = [utm.degrees_of(x, y) for x in (west, east) for y in (south, north)]
    return _around(corners)


def _is_box(box: Corners) -> bool:
    west, south, east, north = box
    return -180 <= west <= east <= 180 and -90 <= south <= north <= 90


def _within(box: Corners, outer: Corners) -> bool:
    return outer[0] <= box[0] and outer[1] <= box[1] and box[2] <= outer[2] and box[3] <= outer[3]


def _meets(box: Corners, other: Corners) -> bool:
    return box[0] <= other[2] and other[0] <= box[2] and box[1] <= other[3] and other[1] <= box[3]


def _union(boxes: Iterable[Corners]) -> Corners:
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def _around(points: Iterable[Point]) -> Corners:
    return _union((x, y, x, y) for x, y in points)


def _number(text: str) -> float | None:
    plain = text.strip()
    return float(plain.replace(",", ".")) if NUMBER.fullmatch(plain) and len(plain) < RING * 10 else None


# --- areas -----------------------------------------------------------------------------------------------------------


def _area(area: Polygon, settings: GdiSettings, notes: Notes) -> list[list[Point]] | None:
    """The outer rings in longitude and latitude; None for what is no area in the land around the city."""
    rings = [_ring(text, settings) for text in area.rings]
    if not rings or any(ring is None for ring in rings):
        notes.left_out(FIELD, NO_AREA, " ".join(area.rings)[:100])
        return None
    return [ring for ring in rings if ring is not None]


def _ring(text: str, settings: GdiSettings) -> list[Point] | None:
    """A ring with longitude first. Which comes first in a record is told by where the ring lies: names of coordinate
    systems say it, but programs do not keep to them."""
    points = _points(text)
    if len(points) < RING:
        return None
    metres = [utm.degrees_of(x, y) if utm.is_utm(x, y) else (x, y) for x, y in points]
    turned = [(y, x) for x, y in points]
    readings = [one for one in (metres, turned) if _is_box(_around(one))]
    return next((one for one in readings if _meets(_around(one), settings.surroundings)), None)


def _points(text: str) -> list[Point]:
    """The points of ``pos``, ``posList`` and ``coordinates`` (``x,y x,y``)."""
    plain = text.replace(",", " ").split()
    if len(plain) % 2 or not all(NUMBER.fullmatch(one) and len(one) < RING * 10 for one in plain):
        return []
    numbers = [float(one) for one in plain]
    return [*zip(numbers[::2], numbers[1::2], strict=True)]


# --- places ----------------------------------------------------------------------------------------------------------


def _places(extents: Iterable[Extent], settings: GdiSettings) -> list[Row]:
    """The places that the record names, each once; the city where it names none."""
    named = [row for extent in extents for place in extent.places for row in _place(place.text, place.href)]
    if not named and settings.city:
        named = [{"uri": settings.city.uri}] if iris.is_iri(settings.city.uri) else []
    return [row for number, row in enumerate(named) if row not in named[:number]]


def _place(text: str, href: str) -> Iterator[Row]:
    for name in (href, text):
        term = vocabulary.match("places", name) if name else None
        if term:
            yield {"uri": term.uri} if iris.is_iri(term.uri) else {"text": term.de}
            return
    key = KEY.search(text.strip())
    if key:
        yield {"uri": by_code("places")[str(len(key[1]))] + key[1]}
