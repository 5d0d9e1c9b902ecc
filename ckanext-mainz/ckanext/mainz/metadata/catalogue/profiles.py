"""The profiles that an address can ask for, and which of them are ours to answer."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import entry_points

from ckan.plugins import toolkit

from ckanext.mainz.metadata.rdf import PROFILES

GROUP = "ckan.rdf.profiles"
OPTION = "ckanext.dcat.rdf.profiles"
SWITCH = "ckanext.dcat.enable_rdf_endpoints"
OURS = tuple(PROFILES)


def is_given_out() -> bool:
    """Whether the portal gives out RDF at all; the operator can switch it off."""
    return bool(toolkit.asbool(toolkit.config.get(SWITCH, True)))


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    """All profiles that are installed, ours and those of ckanext-dcat."""
    return frozenset((*OURS, *(entry.name for entry in entry_points(group=GROUP))))


def names(given: str | None) -> tuple[str, ...]:
    """The profiles named in an address, without doubles; the portal's own where none is."""
    named = (
        (given or "").split(",") if (given or "").strip(", ") else str(toolkit.config.get(OPTION) or OURS[0]).split()
    )
    return tuple(dict.fromkeys(name.strip() for name in named if name.strip()))
