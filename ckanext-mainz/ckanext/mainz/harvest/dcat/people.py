"""Who is responsible, without any person: what records of other portals say of people stays there.

The rule is that of `harvest.gdi.contacts`, for rows of agents and contacts. A class such as ``foaf:Person`` proves
nothing, since some portals give it to all their offices; of a name with that class a little less is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance.check.looking.persons import PERSONS, Value, value_of
from ckanext.mainz.governance.check.looking.text import TWO_LETTERS, fold
from ckanext.mainz.harvest.gdi.contacts import is_personal
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.prose import one_line, shortened
from ckanext.mainz.harvest.gdi.tables import says_nothing, texts
from ckanext.mainz.metadata.rdf.problems import Unusable
from ckanext.mainz.metadata.rdf.values import Email

Row = dict[str, Any]
AGENTS = ("publisher", "creator", "contributor", "originator", "custodian")
CONTACT = "contact"
MAIL = Email()
#: A name with the mail address behind it, as programs put them together.
GLUED = re.compile(r"\s*,?\s*e-?mail:?\s*(\S+@\S+)\s*\Z", re.IGNORECASE)
FORMS_OF_ADDRESS = frozenset({"herr", "herrn", "frau", "hr", "fr", "dr", "prof"})
#: A name of two words or three that are all written with a capital, which an office's may be too.
CAPITALS = re.compile(r"(?:[A-ZÄÖÜ][\w'’-]+\s+){1,2}[A-ZÄÖÜ][\w'’-]+")
SHORTEST = 3
NAME = N_("The name of a person is left out.")
MAIL_OF_A_PERSON = N_("A mail address looks like a person's own and is left out. Give a shared mailbox at the source.")


@dataclass
class People:
    """The rows of one record without persons. `typed`: names that the source calls those of persons, `accepted`: mail
    addresses that are taken anyway."""

    notes: Notes
    typed: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    _names: set[str] = field(default_factory=set)

    def without(self, package: Row) -> Row:
        """The package with only those agents and contacts that are no persons."""
        rows = {name: [_split(row) for row in package.get(name, ())] for name in (*AGENTS, CONTACT)}
        self._names |= {word for several in rows.values() for row in several for word in self._words(row)}
        kept = {name: self._kept(several, name) for name, several in rows.items()}
        rest = {name: value for name, value in package.items() if name not in kept}
        return rest | {name: several for name, several in kept.items() if several}

    def _kept(self, rows: Iterable[Row], name: str) -> list[Row]:
        needed = {"name", "email", "telephone", "url"} if name == CONTACT else {"name"}
        found = [row for one in rows if (row := self._row(one, name)).keys() & needed]
        return [row for number, row in enumerate(found) if row not in found[:number]]

    def _row(self, row: Row, name: str) -> Row:
        """A row of a person without the name, telephone and address of that person."""
        kept = dict(row)
        if self._is_person(str(row.get("name", ""))):
            self.notes.left_out(name, NAME)
            kept = {one: value for one, value in row.items() if one in ("email", "url")}
        if (mail := row.get("email")) and mail not in self.accepted and is_personal(mail, frozenset(self._names)):
            self.notes.left_out(name, MAIL_OF_A_PERSON)
            del kept["email"]
        return kept

    def _is_person(self, name: str) -> bool:
        kind = value_of(_in_order(name))
        if kind in PERSONS:
            return True
        if name not in self.typed:
            return False
        return kind in (Value.GIVEN, Value.SURNAME) or (kind is Value.SHAPED and bool(CAPITALS.fullmatch(name)))

    def _words(self, row: Row) -> Iterable[str]:
        """The words of the name of a person, folded as mail addresses are written."""
        name = str(row.get("name", ""))
        if self._is_person(name):
            words = (_folded(word) for word in re.split(r"[\W\d_]+", name))
            yield from (word for word in words if len(word) >= SHORTEST and word not in texts("no_names"))


def tidy_name(name: str) -> str:
    """The name of an office on one line, without a mail address behind it; empty for a placeholder."""
    plain = one_line(GLUED.sub("", name))
    return "" if says_nothing(plain) else shortened(plain)


def _split(row: Row) -> Row:
    """A row whose name is only that."""
    given = str(row.get("name", ""))
    glued = GLUED.search(given)
    name = tidy_name(given)
    found = {one: value for one, value in row.items() if one != "name"} | ({"name": name} if name else {})
    if glued and not found.get("email") and (mail := _mail(glued[1])):
        found["email"] = mail
    return found


def _mail(text: str) -> str:
    try:
        return str(MAIL.clean(text))
    except Unusable:
        return ""


def _in_order(name: str) -> str:
    """A name without forms of address behind a comma: ``Muster, Erika, Frau``."""
    parts = [part.strip() for part in name.split(",")]
    kept = [part for part in parts if part.strip(".").casefold() not in FORMS_OF_ADDRESS]
    return ", ".join(kept) if len(parts) > 1 else name


def _folded(word: str) -> str:
    plain = fold(word)
    for two, one in TWO_LETTERS:
        plain = plain.replace(two, one)
    return plain
