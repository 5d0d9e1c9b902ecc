"""What the index gets of a record beyond CKAN's own fields."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.values import parsed

#: Lists that are a facet each, as ``vocab_<name>``.
LISTS = (
    "theme",
    "hvd_category",
    "language",
    "legal_basis",
    "dcat_type",
    "sample_record",
)
#: Fields with terms, by vocabulary: people search for labels, not for URIs.
TERMS = {
    "theme": "themes",
    "frequency": "frequencies",
    "hvd_category": "hvd_categories",
    "legal_basis": "legal_bases",
    "sample_record": "sample_records",
    "political_geocoding_level_uri": "geocoding_levels",
    "dcat_type": "dataset_types",
    "language": "languages",
    "access_rights": "access_rights",
    "availability": "availabilities",
    "service_format": "file_types",
}
#: Fields with rows: of these the names and texts are searched, not the keys of their JSON.
ROWS = {
    "contact": ("name",),
    "publisher": ("name",),
    "creator": ("name",),
    "contributor": ("name",),
    "originator": ("name",),
    "custodian": ("name",),
    "spatial_coverage": ("text",),
    "temporal_coverage": ("start", "end"),
}
LINKS = ("in_series", "serves_dataset", "has_version")
#: Links by which records are found, as ``vocab_<name>``.
SEARCHED_LINKS = ("in_series", "serves_dataset")
PREFIX = "extras_"


def with_lists(dataset: dict[str, Any]) -> dict[str, Any]:
    """Adds facets of several values, which arrive as JSON text, and words to search for instead of URIs and JSON."""
    facets = {f"vocab_{name}": _items(dataset[name]) for name in LISTS if dataset.get(name)}
    for name in SEARCHED_LINKS:
        if dataset.get(name):
            facets[f"vocab_{name}"] = [link_key(one) for one in _items(dataset[name])]
    places = [row["text"] for row in _rows(dataset.get("spatial_coverage")) if row.get("text")]
    if places:
        facets["vocab_place"] = places
    # CKAN puts each field under its own name, too, by which nothing is searched for and links could be read.
    rest = {name: value for name, value in dataset.items() if name not in LINKS}
    return {**rest, **facets, **dict(_words(dataset))}


def link_key(target: str) -> str:
    """What the index holds of a link: for a record of ours not its id but a keyed hash of it.

    An index answers questions for parts of a value (a range, a beginning), by which somebody who does not know of a
    record would learn its id digit by digit. The address of something elsewhere stands as it is.
    """
    if ":" in target:
        return target
    secret = str(toolkit.config["SECRET_KEY"]).encode()
    return hmac.new(secret, b"mainz-link:" + target.encode(), hashlib.sha256).hexdigest()[:32]


def _words(dataset: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What stands in the text of the index for fields that hold no words themselves."""
    for name, terms in TERMS.items():
        if dataset.get(PREFIX + name):
            found = [vocabulary.find(terms, uri) for uri in _items(dataset[PREFIX + name])]
            yield PREFIX + name, " ".join(label for term in found if term for label in (term.de, term.en))
    for name, cells in ROWS.items():
        if dataset.get(PREFIX + name):
            rows = _rows(dataset[PREFIX + name])
            yield PREFIX + name, " ".join(str(row[cell]) for row in rows for cell in cells if row.get(cell))
    for name in LINKS:
        if dataset.get(PREFIX + name):
            yield PREFIX + name, ""


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in _parsed(value) if isinstance(row, dict)] if value else []


def _items(value: Any) -> list[str]:
    return [str(item) for item in _parsed(value)]


def _parsed(value: Any) -> list[Any]:
    found = parsed(value)
    return found if isinstance(found, list) else [found]
