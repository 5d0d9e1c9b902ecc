"""Options of the portal's pages as functions with a type."""

from __future__ import annotations

from pathlib import Path

from ckan.plugins import toolkit


def pages_folder() -> Path | None:
    """The folder with the office's own pages, or None where the defaults shall do."""
    folder = str(toolkit.config["ckanext.mainz.pages.folder"] or "").strip()
    return Path(folder) if folder else None
