"""Geometries as text: WKT in CRS84 (longitude, latitude), which is what a WKT literal without a CRS means."""

from __future__ import annotations

import json
import re
from typing import Any

from pyoxigraph import Literal, NamedNode

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.metadata.rdf.nodes import GEO
from ckanext.mainz.metadata.rdf.problems import Unusable

LONGEST = 100_000
CRS84 = re.compile(r"<https?://www\.opengis\.net/def/crs/OGC/1\.3/CRS84>\s*", re.IGNORECASE)
NUMBER = r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,2})?"
POINT = rf"{NUMBER}(?: {NUMBER}){{1,3}}"
KINDS = ("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON")
WKT = re.compile(rf"({'|'.join(KINDS)})\s*(\([\s(),0-9.eE+-]*\))", re.IGNORECASE)
SPACES = re.compile(r"\s*([(),])\s*")
#: Depth of brackets by kind, as in GeoJSON's coordinates.
DEPTH = {"POINT": 1, "LINESTRING": 1, "POLYGON": 2, "MULTIPOINT": 1, "MULTILINESTRING": 2, "MULTIPOLYGON": 3}
NO_GEOMETRY = N_("“{value}” is no geometry. Write it as WKT with longitude and latitude: POINT(8.27 50.0).")


def normalised(value: Any) -> str:
    """WKT of a WKT text or a GeoJSON geometry (text or object). Raises `Unusable`."""
    geometry = _parsed(value)
    if isinstance(geometry, dict):
        return normalised(_wkt(geometry))
    text = CRS84.sub("", geometry, count=1).strip()
    match = WKT.fullmatch(text) if len(text) <= LONGEST else None
    if not match:
        raise Unusable(NO_GEOMETRY)
    body = SPACES.sub(r"\1", " ".join(match[2].split()))
    if not _well_formed(match[1].upper(), body):
        raise Unusable(NO_GEOMETRY)
    return match[1].upper() + body


def literal(text: str) -> Literal:
    """The literal of a normalised geometry."""
    return Literal(text, datatype=_WKT_LITERAL)


_WKT_LITERAL: NamedNode = GEO.wktLiteral


def box(bounds: tuple[float, ...]) -> str:
    """The polygon of west, south, east, north."""
    west, south, east, north = bounds
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return "POLYGON((" + ",".join(f"{x} {y}" for x, y in corners) + "))"


def point(place: tuple[float, ...]) -> str:
    """The point of a longitude and a latitude."""
    return f"POINT({place[0]} {place[1]})"


def _parsed(value: Any) -> Any:
    if isinstance(value, dict):
        return value
    if not isinstance(value, str):
        raise Unusable(NO_GEOMETRY)
    if not value.lstrip().startswith("{") or len(value) > LONGEST:
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise Unusable(NO_GEOMETRY) from error


def _wkt(geometry: dict[str, Any]) -> str:
    kind = str(geometry.get("type")).upper()
    if kind not in DEPTH or not isinstance(geometry.get("coordinates"), list):
        raise Unusable(NO_GEOMETRY)
    coordinates = [geometry["coordinates"]] if kind == "POINT" else geometry["coordinates"]
    return f"{kind}{_brackets(coordinates, DEPTH[kind])}"


def _brackets(coordinates: Any, depth: int) -> str:
    if not isinstance(coordinates, list):
        raise Unusable(NO_GEOMETRY)
    if depth == 1:
        return "(" + ",".join(_place(one) for one in coordinates) + ")"
    return "(" + ",".join(_brackets(one, depth - 1) for one in coordinates) + ")"


def _place(numbers: Any) -> str:
    if not isinstance(numbers, list) or not all(isinstance(one, int | float) for one in numbers):
        raise Unusable(NO_GEOMETRY)
    return " ".join(f"{one}" for one in numbers)


def _well_formed(kind: str, body: str) -> bool:
    """Whether the brackets are as deep as the kind wants, with points inside."""
    places = rf"\({POINT}(?:,{POINT})*\)"
    if kind == "POINT":
        return re.fullmatch(rf"\({POINT}\)", body) is not None
    if kind == "MULTIPOINT":
        body = re.sub(r"\(([^()]*)\)", r"\1", body[1:-1])
        return re.fullmatch(places, f"({body})") is not None
    pattern = places
    for _level in range(DEPTH[kind] - 1):
        pattern = rf"\({pattern}(?:,{pattern})*\)"
    return re.fullmatch(pattern, body) is not None
