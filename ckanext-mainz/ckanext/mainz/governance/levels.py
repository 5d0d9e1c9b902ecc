"""Levels of visibility and states of a record, and the fence between what is public and what is not. Pure.

The rules are those of the council's data governance, told for the office in ``docs/governance``.
"""

from __future__ import annotations

INTERN, VERWALTUNG, KONZERN, PARTNER, OEFFENTLICH = "intern", "verwaltung", "konzern", "partner", "oeffentlich"
LEVELS = (INTERN, VERWALTUNG, KONZERN, PARTNER, OEFFENTLICH)
"""From the strictest to the most open."""

INVENTAR, ENTWURF, EINGEREICHT = "inventar", "entwurf", "eingereicht"
FREIGEGEBEN, ZURUECKGEZOGEN, ARCHIVIERT = "freigegeben", "zurueckgezogen", "archiviert"
STATES = (INVENTAR, ENTWURF, EINGEREICHT, FREIGEGEBEN, ZURUECKGEZOGEN, ARCHIVIERT)

RELEASED = frozenset({FREIGEGEBEN, ARCHIVIERT})
"""States in which readers of the level read a record."""
READABLE = RELEASED | {INVENTAR}
"""States in which readers of the level read something of a record: that data exists is no secret inside the house."""

AMT, EIGENBETRIEB, GESELLSCHAFT, KOMMUNE, DRITTE = "amt", "eigenbetrieb", "gesellschaft", "kommune", "dritte"
KINDS_OF_LEVEL = {
    INTERN: frozenset[str](),
    VERWALTUNG: frozenset({AMT, EIGENBETRIEB}),
    KONZERN: frozenset({AMT, EIGENBETRIEB, GESELLSCHAFT}),
    PARTNER: frozenset({AMT, EIGENBETRIEB, GESELLSCHAFT, KOMMUNE}),
}
"""Kinds of organisations whose people read a level, beside the record's own organisation. Third parties are named."""


def rank(level: str) -> int:
    """How open a level is, 0 for the strictest. Raises `ValueError` for what is no level."""
    return LEVELS.index(level)


def is_stricter(level: str, than: str) -> bool:
    """Whether fewer people read `level`. Raises `ValueError` for what is no level."""
    return rank(level) < rank(than)


def strictest(*levels: str) -> str:
    """The strictest of some levels. Raises `ValueError` for what is no level."""
    return min(levels, key=rank)


def is_public(level: str, state: str) -> bool:
    """The fence: CKAN's flag ``private`` is false for exactly these."""
    return level == OEFFENTLICH and state in RELEASED
