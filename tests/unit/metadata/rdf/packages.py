"""Packages as ``package_show`` gives them, drawn at random: every field, alone and with every other."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from itertools import combinations
from random import Random
from typing import Any

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.rdf import RdfSettings

Package = dict[str, Any]
SETTINGS = RdfSettings(
    base_uri="https://opendata.mainz.example",
    title="Open Data Mainz",
    description="Offene Daten der Landeshauptstadt Mainz",
    catalogue_publisher_name="Landeshauptstadt Mainz",
    catalogue_homepage="https://www.mainz.example",
    catalogue_license="http://dcat-ap.de/def/licenses/cc-zero",
    catalogue_issued="2026-11-23",
)
WORDS = [
    "Bäume",
    "Straßen",
    "Grün & Park",
    "<b>fett</b>",
    '"Anführung"',
    "Rück\\wärts",
    "50 % mehr",
    "{Klammer}",
    "🌳 Linde",
    "العربية",
    "Zeile eins\nZeile zwei",
    "a * b * c",
    "**fett**",
    "[Link](https://a.example)",
    "x_y_z",
    "C#",
    "- Liste",
    "1 < 2",
    "l'été",
    "tab\there",
    "#1",
    "ZWJ\u200dx",
    "é",
    "„deutsch“",
    "--",
    "'",
]
ADDRESSES = (
    "https://geo.mainz.example/wfs",
    "https://geo.mainz.example/wms?service=WMS&request=GetCapabilities",
    "http://müller.example/ä ö/ü?q=ß#teil",
    "https://example.org/{id}/a|b",
    "https://example.org/path/%C3%A4?x=%zz",
    "urn:isbn:3827370191",
    "https://example.org/a#b",
    "https://www.mainz.example/stadt(1).php",
    'https://example.org/"quoted"',
    "http://[2001:db8::1]:8080/x",
    "ftp://daten.example/x y.zip",
)
DATES = (
    "2025",
    "2024-02",
    "2024-02-29",
    "2021-01-28 GMT 01:51:03.34919300",
    "2026-11-23T22:03:10.123456",
    "2026-11-23T10:00:00+02:00",
    "31.12.2025",
)
GEOMETRIES = (
    "POINT (8.27 50.0)",
    "POLYGON((8.1 49.9, 8.3 49.9, 8.3 50.0, 8.1 49.9))",
    '{"type": "Point", "coordinates": [8.27, 50.0]}',
    "MULTIPOINT((8.1 49.9),(8.2 50))",
)
ORGANISATIONS = tuple(
    {
        "id": str(uuid.UUID(int=number)),
        "name": f"amt-{number}",
        "title": title,
        **extra,
    }
    for number, (title, extra) in enumerate(
        (
            ("Grün- und Umweltamt", {}),
            ("Stadtplanungsamt", {"contact_email": "plan@stadt.example", "attribution_text": "Stadt Mainz, Plan"}),
            ("Bauamt", {"contact_telephone": "06131 / 12-0", "homepage": "https://bau.mainz.example/ä"}),
            ("Stadtwerke", {"contact_url": "https://sw.example/kontakt", "default_license": "cc-by-4.0"}),
        ),
        1,
    )
)
SERIES_ID, SERVICE_ID, OTHER_ID = (str(uuid.UUID(int=900 + number)) for number in range(3))
PUBLIC_IDS = frozenset({SERIES_ID, SERVICE_ID, OTHER_ID})


class Drawing:
    """Values and packages from one source of chance."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.ids = 0

    def id(self) -> str:
        """An id that this source never gave."""
        self.ids += 1
        return str(uuid.UUID(int=self.random.getrandbits(90) << 32 | self.ids))

    def one(self, values: Any) -> Any:
        return self.random.choice(values)

    def text(self) -> str:
        return " ".join(self.one(WORDS) for _ in range(self.random.randint(1, 4)))

    def word(self) -> str:
        return self.one([word for word in WORDS if word.strip("-'")])

    def address(self) -> str:
        return self.one(ADDRESSES)

    def term(self, name: str, key: str = "uri") -> str:
        return getattr(self.one(vocabulary.terms(name)), key)

    def several(self, draw: Callable[[], Any]) -> list[Any]:
        return [draw() for _ in range(self.random.randint(1, 3))]

    def maybe(self, row: dict[str, Callable[[], Any]], *always: str) -> Package:
        return {name: draw() for name, draw in row.items() if name in always or self.random.random() < 0.6}

    def agent(self) -> Package:
        row = {
            "uri": self.address,
            "name": self.word,
            "email": lambda: "amt@stadt.example",
            "url": self.address,
            "type": lambda: self.term("publisher_types"),
            "identifier": self.word,
        }
        return self.maybe(row, "name")

    def contact(self) -> Package:
        row = {
            "uri": self.address,
            "name": self.word,
            "email": lambda: self.one(["open.data+x@stadt.example", "büro@straße.example"]),
            "url": self.address,
            "telephone": lambda: self.one(["+49 6131 12-0", "06131 / 12 12", "0049 (0)6131 12"]),
            "identifier": self.word,
        }
        return self.maybe(row, "telephone")

    def place(self) -> Package:
        row = {
            "uri": lambda: self.one([self.term("places"), self.address()]),
            "text": self.word,
            "geom": lambda: self.one(GEOMETRIES),
            "bbox": lambda: GEOMETRIES[1],
            "centroid": lambda: GEOMETRIES[0],
        }
        return self.maybe(row, self.one(["uri", "text", "geom"]))

    def period(self) -> Package:
        row = {"start": lambda: self.one(DATES), "end": lambda: self.one(DATES)}
        return self.maybe(row, self.one(["start", "end"]))

    def service_row(self) -> Package:
        row = {
            "uri": lambda: self.one([f"{SETTINGS.base_uri}/dataset/{SERVICE_ID}", *ADDRESSES]),
            "title": self.text,
            "description": self.text,
            "endpoint_url": self.address,
            "endpoint_description": self.address,
            "license": lambda: self.term("licenses"),
            "access_rights": lambda: self.term("access_rights"),
            "availability": lambda: self.term("availabilities"),
        }
        return self.maybe(row, "endpoint_url")

    def column(self) -> Package:
        row = {
            "column": self.word,
            "title": self.text,
            "description": self.text,
            "unit": lambda: "m²",
            "type": lambda: self.one(["integer", "decimal", "text"]),
            "codes": lambda: "1 = ja\n2 = nein",
        }
        return self.maybe(row, "column")

    def link(self, own: str) -> Callable[[], str]:
        return lambda: self.one([own, self.address()])

    def common(self) -> dict[str, Callable[[], Any]]:
        return {
            "tags": lambda: [{"name": self.word()} for _ in range(3)],
            "publisher": lambda: [self.agent()],
            "contact": lambda: self.several(self.contact),
            "issued": lambda: self.one(DATES),
            "modified": lambda: self.one(DATES),
            "applicable_legislation": lambda: self.several(self.address),
            "legal_basis": lambda: self.several(lambda: self.term("legal_bases")),
            "hvd_category": lambda: self.several(lambda: self.term("hvd_categories")),
            "identifier": self.word,
        }

    def covered(self) -> dict[str, Callable[[], Any]]:
        return {
            "frequency": lambda: self.term("frequencies"),
            "temporal_coverage": lambda: self.several(self.period),
            "spatial_coverage": lambda: self.several(self.place),
        }

    def dataset_fields(self) -> dict[str, Callable[[], Any]]:
        return {
            **self.common(),
            **self.covered(),
            "theme": lambda: self.several(lambda: self.term("themes")),
            "creator": lambda: self.several(self.agent),
            "contributor": lambda: self.several(self.agent),
            "originator": lambda: self.several(self.agent),
            "custodian": lambda: self.several(self.agent),
            "license_id": lambda: self.term("licenses", "code"),
            "temporal_resolution": lambda: self.one(["P1D", "PT15M", "P1Y2M"]),
            "spatial_resolution_in_meters": lambda: self.one(["10", "0.5", 25, 2.5]),
            "political_geocoding_level_uri": lambda: self.several(lambda: self.term("geocoding_levels")),
            "contributor_id": lambda: self.term("contributors"),
            "language": lambda: self.several(lambda: self.term("languages")),
            "access_rights": lambda: self.term("access_rights"),
            "availability": lambda: self.term("availabilities"),
            "alternate_identifier": lambda: self.several(self.word),
            "version": self.word,
            "version_notes": self.text,
            "provenance": self.text,
            "url": self.address,
            "documentation": lambda: self.several(self.address),
            "conforms_to": lambda: self.several(self.address),
            "related_resource": lambda: self.several(self.address),
            "references": lambda: self.several(self.address),
            "is_referenced_by": lambda: self.several(self.address),
            "has_version": lambda: self.several(self.link(OTHER_ID)),
            "dcat_type": lambda: self.several(lambda: self.term("dataset_types")),
            "sample_record": lambda: self.term("sample_records"),
            "in_series": lambda: self.several(self.link(SERIES_ID)),
        }

    def resource_fields(self) -> dict[str, Callable[[], Any]]:
        return {
            "name": self.text,
            "description": self.text,
            "format": lambda: self.one(["CSV", "GeoJSON", "WMS", "CityGML", "csv", self.term("file_types", "de")]),
            "mimetype": lambda: self.one(["text/csv", "application/geo+json; charset=utf-8", "image/svg+xml"]),
            "compress_format": lambda: "application/gzip",
            "package_format": lambda: "application/zip",
            "size": lambda: self.random.randint(0, 10**10),
            "hash": lambda: self.one(["d41d8cd98f00b204e9800998ecf8427e", "sha256:" + "ab" * 32]),
            "license": lambda: self.term("licenses"),
            "license_attribution_text": self.text,
            "availability": lambda: self.term("availabilities"),
            "status": lambda: self.term("distribution_statuses"),
            "rights": self.text,
            "access_url": self.address,
            "download_url": self.address,
            "issued": lambda: self.one(DATES),
            "modified": lambda: self.one(DATES),
            "temporal_resolution": lambda: "PT1H",
            "spatial_resolution_in_meters": lambda: "0.20",
            "language": lambda: self.several(lambda: self.term("languages")),
            "documentation": lambda: self.several(self.address),
            "conforms_to": lambda: self.several(self.address),
            "applicable_legislation": lambda: self.several(self.address),
            "access_services": lambda: self.several(self.service_row),
            "data_dictionary": lambda: self.several(self.column),
        }

    def service_fields(self) -> dict[str, Callable[[], Any]]:
        return {
            **self.common(),
            "endpoint_description": self.address,
            "serves_dataset": lambda: self.several(self.link(OTHER_ID)),
            "license_id": lambda: self.term("licenses", "code"),
            "license_attribution_text": self.text,
            "access_rights": lambda: self.term("access_rights"),
            "availability": lambda: self.term("availabilities"),
            "service_format": lambda: self.several(lambda: self.term("file_types", "de")),
            "theme": lambda: self.several(lambda: self.term("themes")),
            "documentation": lambda: self.several(self.address),
        }

    def identity(self, kind: str) -> Package:
        return {
            "id": self.id(),
            "name": "name-of-it",
            "type": kind,
            "title": self.word(),
            "notes": self.text(),
            "private": False,
            "state": "active",
            "metadata_created": "2025-01-05T08:00:00.000001",
            "metadata_modified": "2026-11-01T08:00:00.123456",
            "extras": [],
        }

    def dataset(self, names: frozenset[str]) -> Package:
        """A dataset with a theme, a licence and one to three resources, and the fields asked for (`resource.x`)."""
        package = self.identity("dataset")
        package |= {"theme": [self.term("themes")], "license_id": "dl-de-by-2.0"}
        package |= {name: draw() for name, draw in self.dataset_fields().items() if name in names}
        package["resources"] = [self.resource(package["id"], names) for _ in range(self.random.randint(1, 3))]
        return package

    def resource(self, package_id: str, names: frozenset[str]) -> Package:
        identifier = self.id()
        upload = f"{SETTINGS.base_uri}/dataset/{package_id}/resource/{identifier}/download/bäume 1.csv"
        uploaded = self.random.random() < 0.5
        return {
            "id": identifier,
            "package_id": package_id,
            "url": upload if uploaded else self.address(),
            "url_type": "upload" if uploaded else "",
            "created": "2025-01-05T08:00:00",
            "last_modified": None,
            "metadata_modified": "2026-01-05T08:00:00",
            **{name: draw() for name, draw in self.resource_fields().items() if f"resource.{name}" in names},
        }

    def series(self, names: frozenset[str]) -> Package:
        fields = {**self.common(), **self.covered()}
        return self.identity("dataset_series") | {name: fields[name]() for name in fields if name in names}

    def service(self, names: frozenset[str]) -> Package:
        fields = self.service_fields()
        chosen = {name: fields[name]() for name in fields if name in names}
        return self.identity("data_service") | {"endpoint_url": self.address(), "license_id": "cc-zero"} | chosen

    def organisation(self) -> Package:
        return self.one(ORGANISATIONS)


def all_names() -> list[str]:
    """Every field of a dataset and its resources."""
    drawing = Drawing(Random(0))
    return [*drawing.dataset_fields(), *(f"resource.{name}" for name in drawing.resource_fields())]


def plan(least: int = 500) -> Iterator[frozenset[str]]:
    """Which fields each dataset has: none, each alone, then every pair of fields in some dataset, at least `least`."""
    names, random = all_names(), Random(4)
    yield frozenset()
    yield from (frozenset({name}) for name in names)
    missing = {frozenset(pair) for pair in combinations(names, 2)}
    number = 1 + len(names)
    while missing or number < least:
        chosen = frozenset(random.sample(names, random.randint(2, len(names))))
        missing -= {frozenset(pair) for pair in combinations(chosen, 2)}
        number += 1
        yield chosen
