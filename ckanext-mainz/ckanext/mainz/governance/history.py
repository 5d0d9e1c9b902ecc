"""The history of a record: its released states and what differs between them, as a reader may see them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ckanext.mainz.governance import differences, levels, links, logbook, readers, telling
from ckanext.mainz.governance.people import Person
from ckanext.mainz.governance.proposals import released
from ckanext.mainz.governance.record import Standing

Dict = dict[str, Any]


def of(person: Person, standing: Standing) -> list[Dict]:
    """Released states that the person may read, latest first: ``{"number", "at", "role", "level", "changes"}``."""
    shown = [one for one in logbook.releases(standing.id) if reads_release(person, standing, one["level"])]
    hidden = _hidden_files(person, standing)
    before: Dict = {"fields": {}, "files": []}
    found = []
    for one in shown:
        content = _without(one["content"], hidden)
        if not person.edits(standing.owner):
            content = links.without_unknown(person, standing, content)
        changes = differences.between(before, content) if found else differences.Changes()
        found.append(
            {
                "number": one["number"],
                "at": one["at"].isoformat(),
                "role": one["role"],
                "level": one["level"],
                "changes": telling.changes(changes),
            }
        )
        before = content
    return found[::-1]


def reads_release(person: Person, standing: Standing, level: str) -> bool:
    """Whether a person may read a state that was released at a level: as if the record were released at it now."""
    at_level = replace(standing, level=levels.strictest(level, standing.level), private=False)
    return readers.reads(person, at_level)


def _hidden_files(person: Person, standing: Standing) -> frozenset[str]:
    """Files that are stricter by now than when they were released, or were so before they went: their names are not
    told."""
    if person.sysadmin or person.reads_own(standing.owner):
        return frozenset()
    present = {one["id"]: one for one in released(standing.id)["resources"]}
    stricter = {id for id, one in present.items() if readers.is_stricter_file(one, standing)}
    gone = {id for one in logbook.releases(standing.id) for id in one["content"].get("stricter") or ()} - set(present)
    read = {id for id in stricter if readers.reads(person, standing, readers.file_level(present[id], standing))}
    return frozenset((stricter | gone) - read)


def _without(content: Dict, hidden: frozenset[str]) -> Dict:
    return {**content, "files": [one for one in content.get("files") or () if one["id"] not in hidden]}
