"""Who is responsible, without any person: names of people and their own mail addresses never leave a record.

The rule:

- `individualName` is never taken, nor an organisation's name that is that name or looks like a person's.
- A mail address is taken unless its part before the ``@`` has a word of a name of a person in the record
  (``muster@``, ``e.muster@``, ``emuster@`` for Frau Muster), or a given name, or is one letter with a frequent surname
  or such a surname alone. `GdiSettings.function_mails` has addresses that are taken anyway.
- A telephone number is taken only where no person is named beside it: it is that person's otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance.check.looking.persons import PERSONS, value_of
from ckanext.mainz.governance.check.looking.text import TWO_LETTERS, fold, is_given_name, is_surname
from ckanext.mainz.harvest.gdi.iso import IsoRecord
from ckanext.mainz.harvest.gdi.iso_shapes import Party
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.prose import one_line, shortened
from ckanext.mainz.harvest.gdi.settings import GdiSettings
from ckanext.mainz.harvest.gdi.tables import by_code, says_nothing, texts
from ckanext.mainz.metadata import iris, quantities
from ckanext.mainz.metadata.rdf.problems import Unusable
from ckanext.mainz.metadata.rdf.values import Email

Row = dict[str, Any]
CONTACT = "pointOfContact"
MAIL = Email()
STREET = re.compile(
    r"(?:str\.|straße|strasse|weg|platz|allee|gasse|ring|ufer|markt|damm|pfad)\s*\d+\s*[a-z]?\b", re.IGNORECASE
)
LONGEST_MAIL = 200
SHORTEST_NAME = 3
SPLIT = re.compile(r"[\W\d_]+")
#: What stands before a name and is no part of it.
TITLES = frozenset({"dr", "prof", "dipl", "ing", "herr", "frau", "med", "rer", "nat", "phil", "jur"})
PERSONAL = N_("A mail address looks like a person's own and is left out. Give a shared mailbox in the catalogue.")
NO_MAIL = N_("“{value}” is no mail address and is left out.")
NO_ORGANISATION = N_("An organisation's name is a person's or a street and is left out.")
UNKNOWN_PUBLISHER = N_(
    "The publisher “{value}” belongs to no organisation of the portal. The record goes to “{used}” and names the "
    "publisher; add the name to the table of the source if it is one of ours."
)


def organisation(record: IsoRecord, settings: GdiSettings, notes: Notes) -> tuple[str, list[Row]]:
    """The CKAN organisation of a record and, where that is not the publisher, a row of ``publisher``."""
    named = [one for one in _parties(record, "publisher") if _name(one, notes)]
    for one in named:
        if known := settings.organisation_of(_name(one, notes)):
            return known, []
    for one in [] if named else _parties(record, CONTACT):
        if known := settings.organisation_of(_name(one, notes)):
            return known, []
    if not named:
        return settings.organisation, []
    notes.hint("publisher", UNKNOWN_PUBLISHER, _name(named[0], notes), settings.organisation)
    return settings.organisation, [_agent(named[0], record, settings, notes)]


def agents(record: IsoRecord, settings: GdiSettings, notes: Notes) -> dict[str, list[Row]]:
    """Rows of creators, custodians and originators, as far as they are organisations."""
    found: dict[str, list[Row]] = {}
    for role, name in by_code("roles").items():
        rows = [_agent(one, record, settings, notes) for one in _parties(record, role)] if name != "publisher" else []
        rows = _each_once(row for row in rows if row.get("name"))
        if rows:
            found[name] = rows
    return found


def contacts(record: IsoRecord, settings: GdiSettings, notes: Notes) -> list[Row]:
    """Rows of ``contact`` that say how to reach somebody: contacts of the data, else those of the metadata."""
    for parties in (_parties(record, CONTACT), record.contacts):
        rows = [_contact(one, record, settings, notes) for one in parties]
        rows = _each_once(row for row in rows if row.keys() & {"email", "url", "telephone"})
        if rows:
            return rows
    return []


def names_of_persons(record: IsoRecord) -> frozenset[str]:
    """The words of all persons' names in a record, folded as mail addresses are written."""
    parties = (*record.points_of_contact, *record.contacts)
    words = (_folded(word) for one in parties for word in SPLIT.split(one.person))
    return frozenset(word for word in words if len(word) >= SHORTEST_NAME and word not in texts("no_names"))


def _folded(word: str) -> str:
    """A word as it is compared: mail addresses write ``ue`` for ``ü``."""
    plain = fold(word)
    for two, one in TWO_LETTERS:
        plain = plain.replace(two, one)
    return plain


def is_personal(mail: str, names: frozenset[str]) -> bool:
    """Whether a mail address is a person's own, by the rule above."""
    parts = [part for part in SPLIT.split(mail.partition("@")[0]) if part]
    if any(_is_name(_folded(part), names) or is_given_name(fold(part)) for part in parts):
        return True
    return bool(parts) and is_surname(fold(parts[-1])) and (len(parts) == 1 or len(parts[0]) == 1)


def _is_name(part: str, names: frozenset[str]) -> bool:
    """A word of a name, also with the first letter of another before it (``emuster``)."""
    return part in names or part[1:] in names


def _parties(record: IsoRecord, role: str) -> Iterator[Party]:
    return (one for one in record.points_of_contact if one.role.casefold() == role.casefold())


def _agent(party: Party, record: IsoRecord, settings: GdiSettings, notes: Notes) -> Row:
    row = {"name": _name(party, notes), "email": _mail(party, record, settings, notes), "url": _url(party)}
    return {name: value for name, value in row.items() if value}


def _contact(party: Party, record: IsoRecord, settings: GdiSettings, notes: Notes) -> Row:
    row = _agent(party, record, settings, notes)
    telephone = "" if party.person else _telephone(party.telephone)
    return row | ({"telephone": telephone} if telephone else {})


def _name(party: Party, notes: Notes) -> str:
    name = one_line(party.organisation)
    if says_nothing(name):
        return ""
    if _is_same_name(name, party.person) or STREET.search(name) or value_of(name) in PERSONS:
        notes.left_out("contact", NO_ORGANISATION)
        return ""
    return shortened(name)


def _is_same_name(name: str, person: str) -> bool:
    """Whether an organisation's name is that of a person, whatever the order of its words and the titles before it."""
    words = [{_folded(word) for word in SPLIT.split(text)} - TITLES - {""} for text in (name, person)]
    return bool(person) and (fold(name) == fold(person) or (words[0] == words[1] != set()))


def _mail(party: Party, record: IsoRecord, settings: GdiSettings, notes: Notes) -> str:
    """The first usable address. A field may hold several, or none."""
    names = names_of_persons(record)
    for text in (part for mail in party.mails for part in re.split(r"[,;\s]+", mail)):
        if says_nothing(text):
            continue
        try:
            mail = MAIL.clean(text)
        except Unusable:
            notes.left_out("contact", NO_MAIL, text if "@" not in text else "")
            continue
        if len(mail) > LONGEST_MAIL:
            continue
        if mail not in settings.function_mails and is_personal(mail, names):
            notes.left_out("contact", PERSONAL)
            continue
        return mail
    return ""


def _telephone(text: str) -> str:
    try:
        return quantities.telephone(text) if text else ""
    except quantities.QuantityError:
        return ""


def _url(party: Party) -> str:
    try:
        return iris.web_address(party.url) if party.url else ""
    except iris.IriError:
        return ""


def _each_once(rows: Iterable[Row]) -> list[Row]:
    found = [*rows]
    return [row for number, row in enumerate(found) if row not in found[:number]]
