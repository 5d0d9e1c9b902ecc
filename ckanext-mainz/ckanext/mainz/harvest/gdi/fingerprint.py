"""Whether a record has changed since it was last taken in.

The XML is no help: Mapbender writes new dates into it every night. What counts is the mapped form, without dates that a
program computes from the update frequency, whatever they are on that day.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ckanext.mainz.harvest.gdi.mapped import Mapped, Package
from ckanext.mainz.metadata import vocabulary

#: Lists in which the order means something.
ORDERED = frozenset({"resources"})
#: What a record has new when it was moved or made again.
IDENTITY = frozenset({"identifier", "alternate_identifier", "issued", "modified", "temporal_coverage", "url"})
#: Frequencies that say more about the age of the data than any date.
ALWAYS_NEW = ("CONT", "UPDATE_CONT", "DAILY")


def without_computed(package: Package) -> Package:
    """The package without the dates that are computed where data are updated all the time or daily: the day of the last
    change, and the end of periods."""
    uris = {term.uri for code in ALWAYS_NEW if (term := vocabulary.match("frequencies", code))}
    if package.get("frequency") not in uris:
        return package
    kept = {name: value for name, value in package.items() if name not in ("modified", "temporal_coverage")}
    rows = [{"start": row["start"]} for row in package.get("temporal_coverage", ()) if row.get("start")]
    return {**kept, **({"temporal_coverage": rows} if rows else {})}


def fingerprint(mapped: Mapped) -> str:
    """A hash of what the portal would keep of a record; the order of lists makes a difference only for resources."""
    said = {
        "package": without_computed(mapped.package),
        "organisation": mapped.organisation,
        "license_missing": mapped.license_missing,
        "parent": mapped.parent,
        "preview": mapped.preview,
        "redistribute": mapped.redistribute,
        "skip": mapped.skip.reason if mapped.skip else "",
    }
    return _hash(said)


def likeness(mapped: Mapped) -> str:
    """A hash of what a record says without identifiers and dates, by which it is known again when its identifier has
    changed; empty for a record that is not imported."""
    said = {name: value for name, value in mapped.package.items() if name not in IDENTITY}
    return _hash(said) if said else ""


def _hash(said: Package) -> str:
    return hashlib.sha256(_text(_sorted(said, "")).encode()).hexdigest()


def _sorted(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(one, key) for key, one in value.items()}
    if isinstance(value, list | tuple):
        items = [_sorted(one, "") for one in value]
        return items if name in ORDERED else sorted(items, key=_text)
    return value


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)
