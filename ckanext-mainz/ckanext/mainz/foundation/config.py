"""Options of the foundation as functions with a type."""

from __future__ import annotations

from ckan.plugins import toolkit

MEGABYTE = 1024 * 1024


def max_file_bytes() -> int:
    """Largest accepted file of a resource, in bytes."""
    return int(toolkit.config["ckanext.mainz.files.max_megabytes"]) * MEGABYTE
