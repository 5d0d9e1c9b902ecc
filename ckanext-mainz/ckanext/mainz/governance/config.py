"""Options of the governance room as functions with a type."""

from __future__ import annotations

from ckan.plugins import toolkit

PREFIX = "ckanext.mainz.governance."
MEGABYTE = 1024 * 1024


def small_cells() -> int:
    """Counts of people from 1 up to below this are findings of the release check; 0 or 1 means none are."""
    return int(toolkit.config[PREFIX + "small_cells"])


def scan_at_once_bytes() -> int:
    """Files up to this size are looked at while somebody waits; the worker looks at larger ones."""
    return int(toolkit.config[PREFIX + "scan_at_once_megabytes"]) * MEGABYTE
