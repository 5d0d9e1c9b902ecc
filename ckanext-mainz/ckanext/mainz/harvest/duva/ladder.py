"""DUVA's ladder of release on our levels, and which licence holds: both are never more open than somebody has said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import levels
from ckanext.mainz.harvest.duva import known
from ckanext.mainz.harvest.gdi import licences
from ckanext.mainz.harvest.report import Reason
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.vocabulary import Term

UNKNOWN_LEVEL = N_(
    "“{value}” is no level that is known; the strictest holds: {used}. Add it to the list of the source."
)
NO_LEVEL = N_("The list has a column for levels and names none here; the strictest holds: {used}.")
UNKNOWN_LICENSE = N_("The licence “{value}” is not in the list. Have it corrected at the source, or give it here.")
SEVERAL_LICENSES = N_("Files of one dataset have several licences ({value}). Decide which one holds.")
NONE_SAID = ("keine", "ohne", "none", "nein", "ungeklärt", "offen lassen", "entfällt")


@dataclass(frozen=True)
class Level:
    """A level of ours, empty where nobody says one, and what is to be told of it."""

    level: str = ""
    reasons: tuple[Reason, ...] = ()


def level(said: Iterable[str], of_source: str, *, has_column: bool) -> Level:
    """The level of a record: the strictest of what the list says of its files and what holds for the source.

    A word that nobody knows, and an empty cell in a list that has levels, mean the strictest.
    """
    found = [of_source] if of_source else []
    reasons: list[Reason] = []
    for text in dict.fromkeys(said) if has_column else ():
        one = _level_of(text)
        if not one:
            message, one = (UNKNOWN_LEVEL if text else NO_LEVEL), levels.INTERN
            reasons.append(Reason("level", message, {"value": text, "used": one}))
        found.append(one)
    return Level(levels.strictest(*found) if found else "", tuple(reasons))


def _level_of(text: str) -> str:
    term = vocabulary.match("levels", text) if text else None
    return term.uri if term else known.by_name("levels").get(known.letters(text), "") if text else ""


@dataclass(frozen=True)
class Licence:
    """The licence of a record, None where there is none that can be used."""

    term: Term | None = None
    reasons: tuple[Reason, ...] = ()


def licence(said: Iterable[str], default: str) -> Licence:
    """The licence that the list says, the same for all files; that of the source only where the list says nothing."""
    texts = [text for text in dict.fromkeys(said) if text]
    if not texts:
        return Licence(licences.find(default) if default else None)
    terms = {text: licences.find(text) for text in texts}
    unknown = [text for text, term in terms.items() if term is None]
    if unknown:
        told = [one for one in unknown if one.casefold() not in NONE_SAID]
        return Licence(None, tuple(Reason("license_unknown", UNKNOWN_LICENSE, {"value": one}) for one in told))
    found = {term.uri: term for term in terms.values() if term}
    if len(found) > 1:
        value = ", ".join(term.de for term in found.values())
        return Licence(None, (Reason("license_several", SEVERAL_LICENSES, {"value": value}),))
    return Licence(next(iter(found.values())))
