"""What the public learns of a record that it could read and that was withdrawn: since when, and where to go instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.governance import logbook
from ckanext.mainz.portal import wording
from ckanext.mainz.portal.links import links
from ckanext.mainz.portal.presentation import Value

GONE = 410


@dataclass(frozen=True)
class Grave:
    """The day of the withdrawal in words, and the public record that takes its place, if there is one."""

    day: str
    successor: Value | None


def find(id_or_name: str) -> Grave | None:
    """What is told at the address of a record that is not shown; None where the public never saw one."""
    found = logbook.tombstone(id_or_name) if "\x00" not in id_or_name else None
    if found is None:
        return None
    withdrawn: date = found["withdrawn"]
    return Grave(wording.day(withdrawn, toolkit.h.lang()[:2]), successor(found["successor"]))


def successor(name: str) -> Value | None:
    """A link to the record to go to instead, as long as everybody sees that one."""
    package = model.Package.get(name) if name else None
    if package is None or package.private or package.state != model.State.ACTIVE:
        return None
    return Value(package.title or package.name, links().record(package.type, package.name))
