"""Who asks, and whether they may know of a record or a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.mainz.governance import files, people, readers, record

AT_ONCE = 1000
"""Ids in one statement."""
GOVERNED = f"dataset_type:({' OR '.join(sorted(record.TYPES))})"


def is_portal(context: Mapping[str, Any]) -> bool:
    """Whether the portal itself asks, for whom nothing is hidden."""
    return bool(context.get("ignore_auth"))


def knows(context: Mapping[str, Any], package: model.Package) -> bool:
    """Whether whoever acts reads a record."""
    return _knows(people.acting(context), package)


def knows_file(context: Mapping[str, Any], resource: model.Resource, package: model.Package) -> bool:
    """Whether whoever acts reads a governed record and this file of it."""
    person, standing = people.acting(context), record.of(package)
    return readers.reads(person, standing) and files.reads_file(person, standing, resource.extras or {})


def known_among(context: Mapping[str, Any], ids: Iterable[str]) -> frozenset[str]:
    """Those of these ids of packages that whoever acts may know of."""
    person, every = people.acting(context), list(ids)
    found: set[str] = set()
    for first in range(0, len(every), AT_ONCE):
        some = sa.select(model.Package).where(model.Package.id.in_(every[first : first + AT_ONCE]))
        found |= {one.id for one in model.Session.scalars(some) if _knows(person, one)}
    return frozenset(found)


def _knows(person: people.Person, package: model.Package) -> bool:
    """What is not governed, as a source of the harvester, is for those who run the portal."""
    if package.type not in record.TYPES:
        return person.office or person.sysadmin
    return readers.reads(person, record.of(package))


def facet(context: Mapping[str, Any], field: str) -> list[str]:
    """What whoever acts finds in a field of the records that they read, most frequent first."""
    own: Any = {name: context[name] for name in ("user", "auth_user_obj", "ignore_auth") if name in context}
    asked = {"rows": 0, "facet.field": [field], "facet.limit": -1, "include_private": True, "fq": GOVERNED}
    found = toolkit.get_action("package_search")(own, asked)["facets"].get(field) or {}
    return sorted(found, key=lambda value: (-found[value], value))
