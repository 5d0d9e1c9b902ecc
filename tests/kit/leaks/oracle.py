"""Who may read what, written once more from the table of governance: nothing of the portal's own rule is asked.

Organisations: ``dezernat`` (above), ``amt`` (owner), ``abteilung`` and the sealed ``statistik`` (below it),
``schwester`` (beside it), ``betrieb``, ``gesellschaft``, ``kommune``, ``genannt`` and ``ungenannt`` (third parties).
"""

from __future__ import annotations

from dataclasses import dataclass

READERS = [
    "anonymous",
    "stranger",
    "amt.member",
    "amt.editor",
    "amt.admin",
    "dezernat.member",
    "dezernat.editor",
    "dezernat.admin",
    "schwester.member",
    "schwester.admin",
    "abteilung.member",
    "abteilung.admin",
    "statistik.member",
    "statistik.admin",
    "betrieb.member",
    "gesellschaft.member",
    "gesellschaft.admin",
    "kommune.member",
    "genannt.member",
    "ungenannt.member",
    "office",
    "service",
    "deputy",
    "sysadmin",
]
"""``service`` writes for the Amt, ``deputy`` stands in for its lead, ``stranger`` has no organisation."""

EVERYTHING = {"office", "sysadmin"}
OWN = {
    "amt": {"amt.member", "amt.editor", "amt.admin", "dezernat.member", "dezernat.admin", "service", "deputy"},
    "statistik": {"statistik.member", "statistik.admin"},
}
AEMTER = {one for one in READERS if one.split(".")[0] in ("amt", "dezernat", "schwester", "abteilung", "statistik")}
VERWALTUNG = AEMTER | {"service", "deputy", "betrieb.member"}
KONZERN = VERWALTUNG | {"gesellschaft.member", "gesellschaft.admin"}
PARTNER = KONZERN | {"kommune.member"}
AT_LEVEL = {
    "intern": set[str](),
    "verwaltung": VERWALTUNG,
    "konzern": KONZERN,
    "partner": PARTNER,
    "oeffentlich": set(READERS),
}
LEVELS = tuple(AT_LEVEL)
WORKING = {"amt.editor", "amt.admin", "dezernat.admin", "service", "deputy"}
"""Those who work on or decide about records of the Amt: they see what is proposed."""


@dataclass(frozen=True)
class Place:
    """What decides about readers: owner, level, state, and with whom it is shared."""

    owner: str
    level: str
    state: str
    shared: bool = False
    form_open: bool = False


def readers(place: Place, file_level: str = "") -> frozenset[str]:
    """Who reads a record, or a file of it with a level of its own."""
    own = EVERYTHING | OWN[place.owner]
    level = place.level
    if file_level and LEVELS.index(file_level) < LEVELS.index(level):
        level = file_level
    at_once = place.state in ("freigegeben", "archiviert")
    if place.state == "inventar" and level != "oeffentlich":
        at_once = True
    if place.form_open or not at_once:
        return frozenset(own)
    named = {"genannt.member"} if level == "partner" and place.shared else set[str]()
    return frozenset(own | AT_LEVEL[level] | named)


def proposal_readers() -> frozenset[str]:
    """Who sees what is proposed for a released record of the Amt."""
    return frozenset(WORKING | EVERYTHING)
