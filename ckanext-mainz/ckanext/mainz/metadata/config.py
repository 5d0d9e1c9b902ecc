"""Options of the metadata room as functions with a type."""

from __future__ import annotations

from ckan.plugins import toolkit

PREFIX = "ckanext.mainz.metadata."


def contributor_id() -> str:
    """URI of the data provider of datasets that have none."""
    return _text("contributor_id")


def spatial_uri() -> str:
    """URI of the place of datasets that name none."""
    return _text("spatial_uri")


def geocoding_level() -> str:
    """URI of the level of administration of datasets that name none."""
    return _text("geocoding_level")


def publisher_type() -> str:
    """URI of the kind of publisher where an organisation says none."""
    return _text("publisher_type")


def catalogue_publisher_name() -> str:
    """Name of the publisher of the catalogue."""
    return _text("catalogue_publisher_name")


def catalogue_homepage() -> str:
    """Home page of the catalogue; the portal's address where none is set."""
    return _text("catalogue_homepage") or str(toolkit.config["ckan.site_url"])


def catalogue_license() -> str:
    """URI of the licence of the metadata."""
    return _text("catalogue_license")


def catalogue_issued() -> str:
    """Day on which the catalogue was published, in ISO form; empty where unknown."""
    return _text("catalogue_issued")


def attribution_text() -> str:
    """How to name the source where neither file nor organisation says it."""
    return _text("attribution_text")


def contact_email() -> str:
    """Mailbox for data whose organisation gives none; empty where there is none."""
    return _text("contact_email")


def _text(name: str) -> str:
    return str(toolkit.config.get(PREFIX + name) or "").strip()
