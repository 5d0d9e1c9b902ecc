"""What the examples keep in the inventory, read from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ckanext.mainz.governance import levels
from ckanext.mainz.portal.examples.reading import load_yaml, shape

FILE = "data_inventory.yaml"


@dataclass(frozen=True)
class ExampleShare:
    """The part that an organisation (name) has in some data."""

    organization: str
    share: str
    role: str


@dataclass(frozen=True)
class ExampleEntry:
    """An entry of the inventory; `level`, `reason` and `themes` are codes of our vocabularies."""

    name: str
    title: str
    description: str
    owner: str
    system: str
    place: str
    keeper: str
    reason: str
    review: date
    themes: tuple[str, ...]
    key: str
    level: str = levels.VERWALTUNG
    note: str = ""
    shares: tuple[ExampleShare, ...] = ()


def read() -> tuple[ExampleEntry, ...]:
    """The entries in the order of their file. Raises ExampleError for what is missing or unknown."""
    return tuple(_entry(entry) for entry in load_yaml(FILE))


def _entry(entry: Mapping[str, Any]) -> ExampleEntry:
    where = str(entry.get("name", entry))
    shares = tuple(shape(ExampleShare, one, f"{where}, shares") for one in entry.get("shares", ()))
    return shape(ExampleEntry, entry, where, shares=shares)
