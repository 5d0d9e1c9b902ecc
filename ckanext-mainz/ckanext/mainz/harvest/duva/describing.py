"""The description of a record: what the list says, else what the table says of itself. German, as the data are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.duva import known
from ckanext.mainz.harvest.duva.columns import Role
from ckanext.mainz.harvest.duva.model import Record
from ckanext.mainz.harvest.gdi.prose import paragraphs, prose
from ckanext.mainz.harvest.report import Reason

NO_DESCRIPTION = N_(
    "The source describes the data with no word beside the title; the names of the columns stand there."
)
PARTS = {Role.TIME: "Zeit", Role.AREA: "Raum", Role.DIMENSION: "Merkmale", Role.MEASURE: "Kennzahlen"}
MOST_COLUMNS = 30
NOTHING = "Die Quelle beschreibt die Daten nicht. Datei: {names}."


def notes(record: Record, title: str) -> tuple[str, list[Reason]]:
    """A description that is never empty, since a record needs one, and never the title once more."""
    said = _said((one.row.description for one in record.files), title)
    words = _said((word for one in record.files for word in one.look.words), title)
    if said:
        return paragraphs(*said, "\n".join(words)), []
    made = [*words, *_columns(record)]
    text = "\n".join(made) if made else NOTHING.format(names=", ".join(one.name for one in record.files))
    return paragraphs(text), [Reason("no_description", NO_DESCRIPTION)]


def _said(texts: Iterable[str], title: str) -> list[str]:
    """What is more than the title, each once."""
    plain = dict.fromkeys(prose(one) for one in texts)
    return [one for one in plain if known.said(one) and known.letters(one) != known.letters(title)]


def _columns(record: Record) -> list[str]:
    """The columns of the tables by what they are for."""
    named: Mapping[Role, dict[str, None]] = {role: {} for role in PARTS}
    for file in record.files:
        for role in PARTS:
            named[role] |= dict.fromkeys(file.look.roles.get(role.name, ()))
    return [f"{PARTS[role]}: {_listed([*found])}" for role, found in named.items() if found]


def _listed(names: list[str]) -> str:
    shown = "; ".join(" ".join(one.split()) for one in names[:MOST_COLUMNS])
    return f"{shown} …" if len(names) > MOST_COLUMNS else f"{shown}."
