"""Under which licence a record is, as its source says; never under one that nobody has stated.

A licence that the list does not know, or several for one file, are none: the record waits for somebody who decides. So
does a record of which some files have a licence and others none, as the portal would give these out under that of the
record. The default of a source holds only where nothing is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.dcat.settings import PortalSettings, plain
from ckanext.mainz.harvest.gdi import licences
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.tables import says_nothing
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.vocabulary import Term

#: How the addresses of DCAT-AP.de begin; behind it some portals write names of their own, such as ``dl-by-de/2_0``.
BASE = re.compile(r"\Ahttps?://(?:www\.)?dcat-ap\.de/def/licenses/", re.IGNORECASE)
FIELD = "license_id"
#: What CKAN writes where nobody has chosen one.
NOT_SAID = frozenset({"notspecified", "not-specified", "license not specified", "lizenz nicht angegeben"})
UNKNOWN = N_("The licence “{value}” is not in the list. Add it to the table of the source, or give the licence here.")
SEVERAL = N_("Several licences are named for one thing ({value}). Decide which one holds.")
SOME = N_("Only some files name a licence. Decide which one holds for the others.")
BY_DEFAULT = N_("No licence is named; “{used}” holds for everything from this source.")


@dataclass(frozen=True)
class Said:
    """What is said of one thing: a licence of the list, or words that are none of them; neither where nothing is."""

    term: Term | None = None
    unknown: str = ""


@dataclass(frozen=True)
class Decision:
    """The licence of a record (CKAN's id; empty where it must wait)."""

    license_id: str = ""

    @property
    def missing(self) -> bool:
        return not self.license_id


def find(text: str, settings: PortalSettings) -> Term | None:
    """The licence that a source means by a name or an address."""
    tidy = " ".join(text.split())
    own = settings.licenses.get(plain(tidy))
    if own:
        return vocabulary.match("licenses", own)
    return licences.find(tidy) or vocabulary.match("licenses", BASE.sub("", tidy))


def said(texts: Iterable[str], settings: PortalSettings, notes: Notes) -> Said:
    """What the words about one thing mean. Of a known licence and words beside it the licence counts."""
    given = [" ".join(one.split()) for one in texts]
    named = [one for one in dict.fromkeys(given) if not says_nothing(one) and one.casefold() not in NOT_SAID]
    terms = {term.uri: term for one in named if (term := find(one, settings))}
    if len(terms) > 1:
        names = ", ".join(sorted(term.de for term in terms.values()))
        notes.left_out(FIELD, SEVERAL, names)
        return Said(unknown=names)
    if terms:
        return Said(next(iter(terms.values())))
    for one in named:
        notes.left_out(FIELD, UNKNOWN, one)
    return Said(unknown=named[0]) if named else Said()


def decide(record: Said, files: Sequence[Said], default: str, notes: Notes) -> Decision:
    """The licence of a record by what is said of it and of its files, else the default of the source, if it has one."""
    if record.unknown or any(one.unknown for one in files):
        return Decision()
    if record.term:
        return Decision(record.term.code)
    terms = [one.term for one in files if one.term]
    if terms and len(terms) == len(files):
        return Decision(_most_common(terms))
    if term := vocabulary.match("licenses", default):
        notes.mended(FIELD, BY_DEFAULT, "", term.de)
        return Decision(term.code)
    if terms:
        notes.left_out(FIELD, SOME)
    return Decision()


def default_for(type_: str, settings: PortalSettings) -> str:
    """The default of the source for a kind of records: that of data is none of services."""
    return settings.default_license if type_ == "dataset" else ""


def _most_common(terms: Sequence[Term]) -> str:
    """The licence of most files; of equals the one that asks for more."""
    counts = Counter(terms)
    return min(counts, key=lambda term: (-counts[term], term.open, not term.attribution, term.code)).code
