"""Scheduled work of the foundation, run by the worker."""

from __future__ import annotations

import logging

from ckanext.mainz.foundation import file_cleaning

log = logging.getLogger(__name__)


def clean_files() -> None:
    """Removes uploaded files that nothing has pointed to for a day."""
    found = file_cleaning.clean()
    log.info("%d files removed that nothing points to, %d bytes.", len(found), sum(item.size for item in found))
