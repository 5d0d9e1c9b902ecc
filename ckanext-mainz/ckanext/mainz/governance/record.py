"""Where a record stands, read from the record itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.model as model

from ckanext.mainz.governance import levels

TYPES = frozenset({"dataset", "dataset_series", "data_service"})
"""Kinds of records that are governed. Harvest sources and the like are not."""


@dataclass(frozen=True)
class Standing:
    """Level, state and owner of a governed record."""

    id: str
    name: str
    type: str
    level: str
    state: str
    owner: str
    shared_with: frozenset[str]
    form_open: bool
    """Whether its form is not finished (CKAN's state ``draft``)."""
    deleted: bool
    private: bool

    @property
    def released(self) -> bool:
        """Whether readers of its level read it."""
        return self.state in levels.RELEASED

    @property
    def held(self) -> bool:
        """Whether a change of it may wait for a decision."""
        return self.state == levels.FREIGEGEBEN

    @property
    def flags(self) -> dict[str, Any]:
        """Its fields of governance, as `package_show` gives them."""
        return {
            "visibility": self.level,
            "lifecycle": self.state,
            "shared_with": sorted(self.shared_with),
            "private": self.private,
        }


def of(package: model.Package) -> Standing:
    """Where a governed record stands. One without marks of governance is an internal draft: it shows too little."""
    extras = package.extras or {}
    return Standing(
        id=package.id,
        name=package.name,
        type=package.type,
        level=extras.get("visibility") or levels.INTERN,
        state=extras.get("lifecycle") or levels.ENTWURF,
        owner=package.owner_org or "",
        shared_with=names(extras.get("shared_with")),
        form_open=package.state == "draft",
        deleted=package.state == model.State.DELETED,
        private=bool(package.private),
    )


def of_record(record: Mapping[str, Any]) -> Standing:
    """The same of a record as `package_show` gives it."""
    return Standing(
        id=record["id"],
        name=record.get("name") or "",
        type=record.get("type") or "dataset",
        level=record.get("visibility") or levels.INTERN,
        state=record.get("lifecycle") or levels.ENTWURF,
        owner=record.get("owner_org") or "",
        shared_with=names(record.get("shared_with")),
        form_open=record.get("state") == "draft",
        deleted=record.get("state") == model.State.DELETED,
        private=bool(record.get("private")),
    )


def names(value: Any) -> frozenset[str]:
    """The names in a stored list, which ckanext-scheming keeps as JSON text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return frozenset()
    return frozenset(str(one) for one in value) if isinstance(value, list | tuple | set | frozenset) else frozenset()
