"""Whether a data folder has been prepared for exactly this portal: a fingerprint, made without loading CKAN."""

from __future__ import annotations

import hashlib
import os
import sysconfig
from importlib.metadata import version
from pathlib import Path

from ckanext.mainz.config import CKAN_INI

from ckanext.mainz.runtime.folder import DISTRIBUTION, DataFolder, read_json, write_json


def fingerprint() -> str:
    """A hash of what decides about the database: installed packages, configuration, migrations, SQL, foreign plugins.

    The names of `*.dist-info` carry the versions that the lock names, so a changed lock changes the fingerprint once it
    is installed.
    """
    packages = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    rooms = Path(__file__).resolve().parents[1]
    migrations = sorted(path.name for path in rooms.glob("migration/*/versions/*.py"))
    statements = [path.read_text(encoding="utf-8") for path in sorted(rooms.glob("*/sql/*.sql"))]
    plugins = os.environ.get("CKAN__PLUGINS", "")
    text = "\n".join([*packages, *migrations, *statements, plugins, CKAN_INI.read_text(encoding="utf-8")])
    return hashlib.sha256(text.encode()).hexdigest()


def is_prepared(folder: DataFolder) -> bool:
    return read_json(folder.stamp).get("fingerprint") == fingerprint()


def mark_prepared(folder: DataFolder) -> None:
    """Write the stamp: the last step of a preparation, so that one that was cut short is repeated."""
    write_json(folder.stamp, {"version": version(DISTRIBUTION), "fingerprint": fingerprint()})
