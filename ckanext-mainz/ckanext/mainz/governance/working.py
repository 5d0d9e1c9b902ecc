"""The working copy: a record as somebody has it under way, their own open proposal on top of what is released."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ckanext.mainz.governance import differences, levels, proposals, record
from ckanext.mainz.governance.people import Person
from ckanext.mainz.governance.proposals import Proposal
from ckanext.mainz.governance.record import Standing

Dict = dict[str, Any]


@dataclass(frozen=True)
class Working:
    """A record as a person works on it. `held`: their changes wait for a decision; `proposal`: what waits already."""

    record: Dict
    standing: Standing
    held: bool
    proposal: Proposal | None


def copy(person: Person, stored: Dict) -> Working:
    """The working copy of a record as `package_show` gives it from the database."""
    standing = record.of_record(stored)
    found = under_way(person, standing)
    applied = differences.apply(stored, found.changes).record if found else stored
    return Working(applied, standing, is_held(person, standing), found)


def under_way(person: Person, standing: Standing) -> Proposal | None:
    """What a person goes on working on: their own open change, or the dataset that is made of an inventory entry."""
    if standing.state == levels.INVENTAR:
        return proposals.begun_promotion(standing.id)
    return proposals.own_open(standing.id, person.id) if standing.state == levels.FREIGEGEBEN else None


def is_held(person: Person, standing: Standing) -> bool:
    """Whether a change waits for a decision before readers have it."""
    if standing.state == levels.INVENTAR:
        return proposals.begun_promotion(standing.id) is not None
    if standing.state != levels.FREIGEGEBEN:
        return False
    return standing.level == levels.OEFFENTLICH or not person.leads(standing.owner)


def is_closed(standing: Standing) -> bool:
    """Whether nothing of a record can be changed now: it waits for its release, or is archived."""
    return standing.state in (levels.EINGEREICHT, levels.ARCHIVIERT)
