"""What codes mean on the pages: levels, states, roles, reasons, in the language of the request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import levels
from ckanext.mainz.governance.log.words import reason as reason
from ckanext.mainz.governance.log.words import role as role
from ckanext.mainz.governance.log.words import term as term
from ckanext.mainz.metadata import vocabulary

_ = toolkit._

YES = frozenset({"mainz_record_release", "mainz_proposal_accept"})
BACK = frozenset({"mainz_record_return", "mainz_proposal_return"})
WHY = frozenset({"vollstaendig", "organisation", "notfall", "sonstiges"})
"""Reasons to say yes."""
WHY_NOT = frozenset({"vollstaendig", "uebernahme"})
"""Reasons that are none to say no."""
PROPOSAL_STATES = {
    "offen": N_("Waits for the decision"),
    "begonnen": N_("Under way"),
    "angenommen": N_("Accepted"),
    "zurueckgegeben": N_("Returned"),
    "ersetzt": N_("Replaced by a newer one"),
    "verworfen": N_("Dropped"),
}


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen on a page, with what it means in a sentence."""

    value: str
    label: str
    note: str = ""
    chosen: bool = False


def language() -> str:
    """``de`` or ``en``."""
    return "de" if toolkit.h.lang().startswith("de") else "en"


def level(code: str) -> str:
    return term("levels", code)


def state(code: str) -> str:
    return term("lifecycles", code)


def proposal_state(code: str) -> str:
    return _(PROPOSAL_STATES[code]) if code in PROPOSAL_STATES else code


def level_choices(chosen: str, offered: Iterable[str] = levels.LEVELS) -> list[Choice]:
    """Levels with their notes, from the strictest to the most open."""
    wanted = frozenset(offered)
    return [
        Choice(one.uri, one.label(language()), one.note(language()), one.uri == chosen)
        for one in vocabulary.terms("levels")
        if one.uri in wanted
    ]


def reason_choices(action: str, chosen: str) -> list[Choice]:
    """The reasons that a page offers for a decision (`action`); programs may give any."""
    terms = [one for one in vocabulary.offered("reasons") if _fits(action, one.uri) or one.uri == chosen]
    return [Choice(one.uri, one.label(language()), "", one.uri == chosen) for one in terms]


def _fits(action: str, reason: str) -> bool:
    if action in YES:
        return reason in WHY
    return reason not in WHY_NOT and not (action in BACK and reason == "notfall")


def sentences(found: object) -> tuple[str, ...]:
    """Messages as CKAN gives them (a text, a list, an object of these), each once."""
    if isinstance(found, str):
        return (found,)
    parts = found.values() if isinstance(found, dict) else found if isinstance(found, list | tuple) else ()
    return tuple(dict.fromkeys(message for part in parts for message in sentences(part)))
