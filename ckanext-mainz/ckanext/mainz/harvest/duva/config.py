"""Options of the operator for sources of DUVA."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ckan.plugins import toolkit

FOLDERS = "ckanext.mainz.harvest.folders"


def allowed_folders() -> Sequence[Path]:
    """Folders of this machine below which sources may lie (``ckanext.mainz.harvest.folders``, one a line); none unless
    the operator names some."""
    lines = str(toolkit.config.get(FOLDERS) or "").splitlines()
    return [Path(line.strip()) for line in lines if Path(line.strip()).is_absolute()]
