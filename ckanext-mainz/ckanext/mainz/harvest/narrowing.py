"""Where a record goes that is to be less open than its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ckanext.mainz.governance import levels
from ckanext.mainz.harvest.delivering import Target


def narrowed(target: Target, package: Mapping[str, Any]) -> Target:
    """The target of a source for one of its records: never more open than the record's ``visibility`` says.

    A release of the source covers what is less open too, at that level.
    """
    level = package.get("visibility")
    if level not in levels.LEVELS:
        return target
    release = target.release
    covered = replace(release, level=levels.strictest(release.level, level)) if release else None
    return replace(target, level=levels.strictest(target.level, level), release=covered)
