"""Files of a record of CKAN as they would be here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from ckanext.mainz.harvest.ckan.values import Row, Values
from ckanext.mainz.harvest.gdi.tables import by_code, plain
from ckanext.mainz.metadata import formats

#: Fields that are called the same here, or otherwise elsewhere.
TEXTS = {
    "name": ("name", "title"),
    "description": ("description",),
    "mimetype": ("mimetype", "media_type"),
    "size": ("size", "byte_size"),
    "hash": ("hash",),
    "hash_algorithm": ("hash_algorithm",),
    "issued": ("issued", "created"),
    "modified": ("modified", "last_modified"),
    "availability": ("availability", "plannedAvailability", "plannedavailability", "planned_availability"),
    "status": ("status",),
    "rights": ("rights",),
    "license_attribution_text": ("license_attribution_text", "licenseAttributionByText", "licenseattributionbytext"),
    "compress_format": ("compress_format",),
    "package_format": ("package_format",),
    "temporal_resolution": ("temporal_resolution",),
    "spatial_resolution_in_meters": ("spatial_resolution_in_meters",),
}
LISTS = {
    "language": ("language",),
    "documentation": ("documentation",),
    "conforms_to": ("conforms_to", "conformsTo"),
    "applicable_legislation": ("applicable_legislation",),
}
ROWS = ("access_services", "data_dictionary")
LICENSE = ("license", "license_id", "license_url", "license_title")


def files(record: Mapping[str, Any], base: str) -> Iterator[tuple[str, Row, Values]]:
    """The files of a record that are there for everybody: their id, their fields, and all that is said of them."""
    given = record.get("resources")
    for one in given if isinstance(given, list) else ():
        if isinstance(one, Mapping) and one.get("state", "active") in ("active", None, ""):
            values = Values(one)
            yield values.text("id"), _file(values, base), values


def _file(values: Values, base: str) -> Row:
    found: Row = {name: values.text(*names) for name, names in TEXTS.items()}
    found |= {name: values.texts(*names) for name, names in LISTS.items()}
    found |= {name: rows for name in ROWS if (rows := values.rows(name))}
    found |= _addresses(values, base) | _format(values, found["conforms_to"])
    return {name: value for name, value in found.items() if value not in ("", [])}


def _addresses(values: Values, base: str) -> Row:
    """The addresses. What was uploaded there is a file that one downloads."""
    url, access, download = (_absolute(values.text(name), base) for name in ("url", "access_url", "download_url"))
    if not download and values.text("url_type") == "upload":
        download = url
    return {"url": url, "access_url": access, "download_url": download}


def _absolute(address: str, base: str) -> str:
    """An address in full; older versions give only the path of what was uploaded."""
    return urljoin(f"{base}/", address) if address.startswith("/") else address


def _format(values: Values, standards: list[str]) -> Row:
    text = values.text("format")
    found = formats.find(str(by_code("formats").get(plain(text), text))) if text else None
    if found is None:
        return {"format": text}
    more = {"conforms_to": [*standards, found.standard]} if found.standard else {}
    return {"format": found.name, **more}
