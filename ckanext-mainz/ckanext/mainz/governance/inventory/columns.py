"""Which column of a list is which field, by the names that offices use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance.inventory import words

_ = toolkit._

#: By which names lists call a field, the most certain first, without signs and in small letters.
NAMES: Mapping[str, tuple[str, ...]] = {
    "key": (
        "schlüssel",
        "nr",
        "nummer",
        "lfdnr",
        "laufendenummer",
        "id",
        "kennung",
        "kennzeichen",
        "key",
        "number",
        "no",
    ),
    "title": ("titel", "bezeichnung", "name", "datensatz", "datenbestand", "daten", "title", "dataset"),
    "description": ("beschreibung", "kurzbeschreibung", "inhalt", "erläuterung", "description", "content"),
    "organization": (
        *("organisation", "amt", "organisationseinheit", "dienststelle", "fachamt", "stelle", "datenhaltendestelle"),
        *("organization", "department", "office"),
    ),
    "system": (
        *("fachverfahren", "system", "verfahren", "software", "anwendung", "fachanwendung", "datenbank"),
        *("systemorapplication", "application"),
    ),
    "place": ("ablageort", "speicherort", "ablage", "ort", "pfad", "wherethedatalies", "place", "location"),
    "keeper": (
        *("ansprechstelle", "ansprechpartner", "ansprechpartnerin", "ansprechperson", "kontakt", "zuständig"),
        *("zuständigestelle", "zuständigkeit", "pflege", "whokeepsthedata", "keeper", "contact"),
    ),
    "reason": (
        *("grund", "warumnichtoffen", "hinderungsgrund", "hindernis", "grundnichtoffen", "begründung"),
        *("whynotopen", "reason"),
    ),
    "review": (
        *("wiedervorlage", "wiedervorlageam", "nächsteprüfung", "prüfen", "prüfenam", "termin", "wvl"),
        *("lookatitagainon", "review", "reviewon"),
    ),
    "visibility": ("sichtbarkeit", "stufe", "vertraulichkeit", "visibility", "level"),
    "theme": ("thema", "themen", "kategorie", "theme", "themes", "category"),
    "shares": ("beteiligte", "weiterebeteiligte", "mitwirkende", "othersinvolved", "shares"),
    "note": ("bemerkung", "bemerkungen", "anmerkung", "anmerkungen", "hinweis", "notiz", "remark", "note"),
}
ERROR, ROW = N_("Error"), N_("Row")
#: What a list of faulty rows adds to the columns of a list; not read when it comes back.
ADDED = frozenset({"fehler", "error", "zeile", "row"})
SIGNS = re.compile(r"[^a-zäöüß]")
BRACKETS = re.compile(r"\(.*?\)")


def plain(name: str) -> str:
    """The name of a column as it is compared: without what stands in brackets, signs, blanks and digits."""
    bare = BRACKETS.sub("", name) or name
    return SIGNS.sub("", bare.casefold().replace("ſ", "s").replace("ae", "ä").replace("oe", "ö").replace("ue", "ü"))


#: The same for the names above, whose umlauts may be spelt in two letters.
KNOWN: Mapping[str, Mapping[str, int]] = {
    field: {plain(name): order for order, name in enumerate(names)} for field, names in NAMES.items()
}


def mapping(header: Sequence[str]) -> dict[str, int]:
    """The columns of a list by field: the most certain name wins, of two equal ones the first."""
    found = [plain(one) for one in header]
    places: dict[str, int] = {}
    for field, known in KNOWN.items():
        fitting = sorted((known[name], at) for at, name in enumerate(found) if name in known)
        if fitting:
            places[field] = fitting[0][1]
    return places


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row can be the header of a list: it names the title and something else."""
    found = mapping(cells)
    return "title" in found and len(found) > 1


def is_added(name: str) -> bool:
    """Whether a column was added by a list of faulty rows."""
    return plain(name) in ADDED


def labels(fields: Iterable[str] = tuple(words.FIELDS)) -> list[str]:
    """What an exported list calls its columns."""
    return [_(words.FIELDS[one]) for one in fields]
