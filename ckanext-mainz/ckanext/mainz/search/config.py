"""Options of the search room as functions with a type."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ckan.exceptions import CkanConfigurationException
from ckan.plugins import toolkit


def folder() -> Path:
    """The folder of the embedded index.

    Raises `CkanConfigurationException` when the option is not set.
    """
    value = toolkit.config.get("ckanext.mainz.search.folder")
    if not value:
        raise CkanConfigurationException(
            "ckanext.mainz.search.folder is not set. Name a folder that the portal may write to, for the search index."
        )
    return Path(value)


def wait_seconds() -> int:
    """How long a write waits for its turn at the index, in seconds."""
    return int(toolkit.config["ckanext.mainz.search.wait"])


def secret_mark() -> str:
    """What tells whether the portal's secret is still the same. Rooms put keyed hashes into documents, by which nothing
    is found with another secret."""
    return hashlib.sha256(b"mainz-index:" + str(toolkit.config["SECRET_KEY"]).encode()).hexdigest()[:16]


def site_id() -> str:
    """CKAN's site id, which every index document carries."""
    return str(toolkit.config["ckan.site_id"])
