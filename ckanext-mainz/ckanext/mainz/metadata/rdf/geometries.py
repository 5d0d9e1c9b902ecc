"""Geometries as literals: WKT in CRS84 (longitude, latitude), which is what a WKT literal without a CRS means."""

from __future__ import annotations

import json
from typing import Any

from pyoxigraph import Literal, NamedNode

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.metadata import geometry
from ckanext.mainz.metadata.rdf.nodes import GEO
from ckanext.mainz.metadata.rdf.problems import Unusable

_WKT_LITERAL: NamedNode = GEO.wktLiteral
NO_GEOMETRY = N_("“{value}” is no geometry. Write it as WKT with longitude and latitude: POINT(8.27 50.0).")


def normalised(value: Any) -> str:
    """WKT of what `ckanext.mainz.metadata.geometry` takes, and of a GeoJSON object. Raises `Unusable`."""
    text = json.dumps(value) if isinstance(value, dict) else value
    if not isinstance(text, str):
        raise Unusable(NO_GEOMETRY)
    try:
        return geometry.geometry(text)
    except (geometry.GeometryError, RecursionError) as error:
        raise Unusable(NO_GEOMETRY) from error


def literal(text: str) -> Literal:
    """The literal of a normalised geometry."""
    return Literal(text, datatype=_WKT_LITERAL)


def box(bounds: tuple[float, ...]) -> str:
    """The polygon of west, south, east, north."""
    return geometry.box(",".join(f"{degrees}" for degrees in bounds))


def around(wkt: str) -> str:
    """The box around a geometry that `normalised` returned."""
    return geometry.box(wkt)


def point(place: tuple[float, ...]) -> str:
    """The point of a longitude and a latitude."""
    return geometry.geometry(f"POINT({place[0]} {place[1]})")
