"""How lists call organisations: by name, title, abbreviation, or the number of an Amt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import ckan.model as model
import sqlalchemy as sa

from ckanext.mainz.governance import people
from ckanext.mainz.governance.people import Organization

#: The number of an Amt in its address (``amt-12``), its title (``Amt 12 – Stadtforschung``) or its description, where
#: the organisations that the portal brings along have it (``(Amt 12)``).
IN_NAME = re.compile(r"amt-?(\d{1,3}[a-z]?)\Z")
IN_TITLE = re.compile(r"(?:amt\s*)?(\d{1,3}[a-z]?)\b\s*(?:[-–—:.]|\Z)|amt\s*(\d{1,3}[a-z]?)\b", re.IGNORECASE)
IN_DESCRIPTION = re.compile(r"\(Amt (\d{1,3}[a-z]?)\)", re.IGNORECASE)
#: What a list says: ``12``, ``Amt 12``, ``Amt 12 – Stadtforschung``, ``12 Stadtforschung``.
ASKED = re.compile(r"(?:amt\s*)?0*(\d{1,3}[a-z]?)\b", re.IGNORECASE)
ABBREVIATION = re.compile(r"\(([A-ZÄÖÜ][\wÄÖÜäöü.-]{1,9})\)")


@dataclass(frozen=True)
class Directory:
    """All active organisations by what they are called. `called` and `numbered`: ids by plain text."""

    organizations: Mapping[str, Organization]
    called: Mapping[str, frozenset[str]] = field(default_factory=dict)
    numbered: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def find(self, wanted: str) -> list[Organization]:
        """The organisations that a text may mean: one where it is clear, none or several where it is not.

        Of an Amt and the departments below it that bear its number, the Amt is meant.
        """
        text = plain(wanted)
        ids = self.called.get(text)
        if not ids and (number := ASKED.match(text)):
            ids = self.numbered.get(number[1])
        return sorted((self.organizations[one] for one in self._uppermost(ids or ())), key=lambda one: one.title)

    def label(self, id: str) -> str:
        """What a list calls an organisation so that it is found again: its title, or its address where others have
        the same title."""
        one = self.organizations.get(id)
        if one is None:
            return ""
        return one.title if len(self.find(one.title)) == 1 else one.name

    def _uppermost(self, ids: Iterable[str]) -> list[str]:
        found = frozenset(ids)
        return [one for one in found if not found & frozenset(self._above(one))]

    def _above(self, id: str) -> Iterator[str]:
        seen: set[str] = set()
        waiting = list(self.organizations[id].parents)
        while waiting:
            one = waiting.pop()
            if one not in seen and one in self.organizations:
                seen.add(one)
                yield one
                waiting.extend(self.organizations[one].parents)


def plain(text: str) -> str:
    """A name as it is compared."""
    return " ".join(text.split()).casefold()


def read() -> Directory:
    """The directory as it is now."""
    organizations = people.organizations()
    group = model.group_table.c
    rows = model.Session.execute(sa.select(group.id, group.description).where(group.id.in_(list(organizations))))
    descriptions = {id: text or "" for id, text in rows}
    return directory(organizations, descriptions)


def directory(organizations: Mapping[str, Organization], descriptions: Mapping[str, str]) -> Directory:
    """The directory of organisations with these descriptions (by id)."""
    called: dict[str, set[str]] = {}
    numbered: dict[str, set[str]] = {}
    for one in organizations.values():
        for name in (one.id, one.name, one.title, *ABBREVIATION.findall(one.title)):
            called.setdefault(plain(name), set()).add(one.id)
        for number in numbers(one, descriptions.get(one.id, "")):
            numbered.setdefault(number, set()).add(one.id)
    return Directory(organizations, _frozen(called), _frozen(numbered))


def numbers(organization: Organization, description: str) -> set[str]:
    """The numbers that an organisation bears."""
    in_name, in_title = IN_NAME.match(organization.name), IN_TITLE.match(organization.title)
    found = [in_name[1]] if in_name else []
    found += [one for one in in_title.groups() if one] if in_title else []
    found += IN_DESCRIPTION.findall(description)
    return {one.casefold() for one in found}


def _frozen(found: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(ids) for name, ids in found.items()}
