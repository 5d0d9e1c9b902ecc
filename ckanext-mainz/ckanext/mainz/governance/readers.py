"""Who may read a record or a file: the one rule behind labels, authorisation and what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.mainz.governance import levels
from ckanext.mainz.governance.people import Person
from ckanext.mainz.governance.record import Standing

PUBLIC, OFFICE = "public", "office"
"""Labels of what everybody reads, and of what the Geschäftsstelle reads beside it."""


def reads(person: Person, standing: Standing, level: str = "") -> bool:
    """Whether a person may read a record, or a file of it that has a stricter `level` of its own."""
    effective = levels.strictest(standing.level, level) if level else standing.level
    if person.sysadmin or person.reads_own(standing.owner):
        return True
    if standing.form_open or standing.deleted or standing.state not in levels.READABLE:
        return False
    if effective == levels.OEFFENTLICH:
        return standing.released and not standing.private
    return bool(labels_at(effective, standing.shared_with) & frozenset(labels_of_person(person)))


def labels_of_record(standing: Standing) -> list[str]:
    """The labels of a record in the index: made of attributes, so that a change of an organisation moves no record."""
    own = [f"org-{standing.owner}", OFFICE]
    if standing.form_open or standing.deleted or standing.state not in levels.READABLE:
        return own
    if standing.level == levels.OEFFENTLICH:
        return [PUBLIC] if standing.released and not standing.private else own
    return [*own, *sorted(labels_at(standing.level, standing.shared_with))]


def labels_at(level: str, shared_with: Iterable[str]) -> frozenset[str]:
    """Labels of those who read a level in whatever organisation; nobody's for ``intern``."""
    if level == levels.INTERN:
        return frozenset()
    third = (f"shared-{name}" for name in shared_with) if level == levels.PARTNER else ()
    return frozenset({f"level-{level}", *third})


def labels_of_person(person: Person) -> list[str]:
    """The labels that a person holds, one of which a record must have."""
    if not person.id:
        return [PUBLIC]
    found = [PUBLIC, *(f"org-{one}" for one in sorted(person.own))]
    found += [f"level-{level}" for level, kinds in levels.KINDS_OF_LEVEL.items() if kinds & person.kinds]
    found += [f"shared-{name}" for name in sorted(person.names)]
    return [*found, OFFICE] if person.office else found


def file_level(resource: Mapping[str, Any], standing: Standing) -> str:
    """The level of a file: its own where that is stricter, else its record's. What is no level counts as strictest."""
    own = resource.get("visibility") or ""
    if not own:
        return standing.level
    return levels.strictest(own, standing.level) if own in levels.LEVELS else levels.INTERN


def is_stricter_file(resource: Mapping[str, Any], standing: Standing) -> bool:
    """Whether fewer people read a file than its record."""
    return levels.is_stricter(file_level(resource, standing), standing.level)
