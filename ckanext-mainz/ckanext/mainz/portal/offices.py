"""Organisations as readers see them, with the number of their public datasets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ckan.model as model
from ckan.lib.search.common import SearchError, SolrConnectionError
from ckan.plugins import toolkit
from sqlalchemy import or_, select

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.portal import wording
from ckanext.mainz.portal.links import links
from ckanext.mainz.portal.listing import ORGANIZATION, is_true, search

ALL = -1


@dataclass(frozen=True)
class Office:
    """An organisation. `count` is None where the search is down."""

    id: str
    name: str
    title: str
    description: str
    kind: str
    image: str
    example: bool
    address: str
    count: int | None = None


def offices() -> list[Office]:
    """All organisations in German alphabetical order."""
    counts = public_counts()
    groups = model.Session.scalars(select(model.Group).where(*living())).all()
    found = [office(group, None if counts is None else counts.get(group.name, 0)) for group in groups]
    return sorted(found, key=lambda one: wording.sort_key(one.title))


def find(reference: str) -> Office | None:
    """The organisation with this name or id."""
    named = or_(model.Group.name == reference, model.Group.id == reference)
    group = model.Session.scalars(select(model.Group).where(named, *living())).first()
    return office(group) if group else None


def living() -> tuple[Any, ...]:
    return (model.Group.type == "organization", model.Group.is_organization.is_(True), model.Group.state == "active")


def office(group: Any, count: int | None = None) -> Office:
    extras = dict(group.extras.items())
    term = vocabulary.find("organization_kinds", extras.get("organization_kind", ""))
    return Office(
        id=group.id,
        name=group.name,
        title=group.title or group.name,
        description=group.description or "",
        kind=term.label(toolkit.h.lang()) if term else "",
        image=own_image(group.image_url or ""),
        example=is_true(extras.get("is_example")),
        address=links().organization(group.name),
        count=count,
    )


def own_image(address: str) -> str:
    """The address of an uploaded image; none for one on a foreign host, which pages must not ask."""
    if not address or "://" in address or address.startswith("//"):
        return ""
    return toolkit.h.url_for_static(f"uploads/group/{address}")


def public_counts() -> dict[str, int] | None:
    """Number of public datasets for each organisation's name; None where the search is down."""
    try:
        answer = search(
            {"fq": "+dataset_type:dataset", "facet.field": [ORGANIZATION.field], "facet.limit": ALL, "rows": 0}
        )
    except (SearchError, SolrConnectionError):
        return None
    return answer["facets"].get(ORGANIZATION.field, {})
