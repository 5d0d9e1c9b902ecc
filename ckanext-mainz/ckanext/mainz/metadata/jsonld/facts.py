"""What schema.org and Croissant say of a dataset, taken from its effective record. Pure.

`of` wants a record that is public: whoever calls it has looked at that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.mainz.metadata.dictionary.columns import Column, Structure, stored
from ckanext.mainz.metadata.values import items, rows, text

Record = Mapping[str, Any]
LONGEST_DESCRIPTION = 5000
SHA256 = re.compile(r"[0-9a-fA-F]{64}\Z")
MARKUP = re.compile(r"<[^>]*>|[*_`#>]{1,6}(?=\s|\S)|\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Organization:
    """Who publishes, with a mailbox where there is one."""

    name: str
    address: str = ""
    email: str = ""


@dataclass(frozen=True)
class Place:
    """An area: its name, the URI that means it, and its box (west, south, east, north)."""

    name: str = ""
    uri: str = ""
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class File:
    """A file or link. `columns` come from the data dictionary, else from the content of the file."""

    id: str
    name: str
    description: str
    address: str
    media_type: str
    size: str
    sha256: str
    own: bool
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Dataset:
    """The facts of a dataset."""

    iri: str
    page: str
    name: str
    title: str
    description: str
    keywords: tuple[str, ...]
    license: str
    publisher: Organization
    issued: str
    modified: str
    version: str
    languages: tuple[str, ...]
    periods: tuple[tuple[str, str], ...]
    places: tuple[Place, ...]
    files: tuple[File, ...]


@dataclass(frozen=True)
class Sources:
    """Where facts come from that the record only refers to.

    `license(id)`: address of the licence's text; `language(uri)`: its code (``de``); `structure(resource)`: what its
    file says of its columns; `place(uri)`: the label of an area.
    """

    site: str
    license: Callable[[str], str]
    language: Callable[[str], str]
    place: Callable[[str], str]
    structure: Callable[[Record], Structure | None]


def of(record: Record, sources: Sources) -> Dataset:
    """The facts of an effective record."""
    iri = f"{sources.site}/dataset/{record['id']}"
    return Dataset(
        iri=iri,
        page=f"{sources.site}/dataset/{record['name']}",
        name=str(record["name"]),
        title=text(record.get("title")) or str(record["name"]),
        description=plain(text(record.get("notes")))[:LONGEST_DESCRIPTION],
        keywords=tuple(text(tag.get("name")) for tag in rows(record.get("tags"))),
        license=sources.license(text(record.get("license_id"))),
        publisher=_publisher(record),
        issued=text(record.get("issued") or record.get("metadata_created"))[:10],
        modified=text(record.get("modified") or record.get("metadata_modified"))[:10],
        version=text(record.get("version")),
        languages=tuple(code for uri in items(record.get("language")) if (code := sources.language(str(uri)))),
        periods=tuple((text(row.get("start")), text(row.get("end"))) for row in rows(record.get("temporal_coverage"))),
        places=tuple(_place(row, sources) for row in rows(record.get("spatial_coverage"))),
        files=tuple(_file(resource, iri, sources) for resource in items(record.get("resources"))),
    )


def _publisher(record: Record) -> Organization:
    named = next(iter(rows(record.get("publisher"))), {})
    organization = record.get("organization") or {}
    contact = next((row for row in rows(record.get("contact")) if text(row.get("email"))), {})
    return Organization(
        name=text(named.get("name")) or text(organization.get("title")) or text(organization.get("name")),
        address=text(named.get("url")) or text(organization.get("homepage")),
        email=text(contact.get("email")).removeprefix("mailto:"),
    )


def _place(row: Record, sources: Sources) -> Place:
    uri = text(row.get("uri"))
    return Place(text(row.get("text")) or sources.place(uri), uri, box(text(row.get("bbox")) or text(row.get("geom"))))


def _file(resource: Record, dataset: str, sources: Sources) -> File:
    structure = sources.structure(resource)
    own = resource.get("url_type") == "upload"
    checksum = text(resource.get("hash")).removeprefix("sha256:")
    return File(
        id=f"{dataset}/resource/{resource['id']}",
        name=text(resource.get("name")) or text(resource.get("url")).rsplit("/", 1)[-1],
        description=plain(text(resource.get("description"))),
        address=text(resource.get("download_url")) or text(resource.get("url")),
        media_type=text(resource.get("mimetype")),
        size=text(resource.get("size")),
        sha256=checksum if SHA256.match(checksum) else structure.sha256 if structure else "",
        own=own,
        columns=stored(resource) or (structure.columns if structure else ()),
    )


def plain(markdown: str) -> str:
    """Markdown without its marks, in one line."""
    return " ".join(MARKUP.sub(lambda match: match[1] or "", markdown).split())


def box(wkt: str) -> tuple[float, float, float, float] | None:
    """The box around a geometry in WKT (CRS84: longitude first); None for what is none."""
    pairs = list(_coordinates(wkt))
    if not pairs:
        return None
    longitudes, latitudes = [one for one, _two in pairs], [two for _one, two in pairs]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _coordinates(wkt: str) -> Iterator[tuple[float, float]]:
    number = r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
    for match in re.finditer(rf"({number})\s+({number})", wkt):
        longitude, latitude = float(match[1]), float(match[2])
        if abs(longitude) <= 180 and abs(latitude) <= 90:
            yield longitude, latitude
