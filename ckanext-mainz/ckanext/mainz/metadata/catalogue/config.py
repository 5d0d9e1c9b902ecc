"""Options of the catalogue as functions with a type."""

from __future__ import annotations

from pathlib import Path

from ckan.plugins import toolkit


def download_folder() -> Path | None:
    """Where the files with the whole catalogue lie; None where the operator has named no folder."""
    value = toolkit.config.get("ckanext.mainz.metadata.download_folder")
    return Path(value) if value else None


def page_size() -> int:
    """How many records a page of the catalogue holds: ckanext-dcat's own option."""
    return int(toolkit.config.get("ckanext.dcat.datasets_per_page") or 100)
