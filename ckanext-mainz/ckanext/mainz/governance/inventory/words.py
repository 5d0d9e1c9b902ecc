"""What codes mean in the inventory, in the language of the request, and what its fields are called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from ckan.plugins import toolkit
from flask_babel import get_locale

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import levels
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.vocabulary import Term

_ = toolkit._

LEVELS = levels.LEVELS[:-1]
"""Levels that an entry can have: never the public one."""
NOT_WHY = frozenset({"vollstaendig", "unvollstaendig", "uebernahme", "notfall", "fehler"})
"""Reasons for decisions that say nothing about why data is not open."""
FIELDS = {
    "key": N_("Key"),
    "title": N_("Title"),
    "description": N_("Description"),
    "organization": N_("Organisation"),
    "system": N_("System or application"),
    "place": N_("Where the data lies"),
    "keeper": N_("Who keeps the data"),
    "reason": N_("Why not open"),
    "review": N_("Look at it again on"),
    "visibility": N_("Visibility"),
    "theme": N_("Theme"),
    "shares": N_("Others involved"),
    "note": N_("Remark"),
}
"""Fields of an entry as forms, lists and files call them, in their order in a list."""


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen, with what it means in a sentence."""

    value: str
    label: str
    note: str = ""
    chosen: bool = False
    group: str = ""


def language() -> str:
    """``de`` or ``en``; German where nobody asks for a page."""
    return "en" if str(get_locale() or "de").startswith("en") else "de"


def label(name: str, code: str) -> str:
    """The label of a term; the code itself where there is none."""
    found = vocabulary.find(name, code)
    return found.label(language()) if found else code


def day(value: date | None) -> str:
    """A day as people write it: 31.12.2026."""
    return format_date(value, "dd.MM.yyyy" if language() == "de" else "d MMM yyyy", language()) if value else ""


def level_choices(chosen: str) -> list[Choice]:
    return [_choice(one, one.uri == chosen) for one in vocabulary.terms("levels") if one.uri in LEVELS]


def reason_choices(chosen: str) -> list[Choice]:
    return [_choice(one, one.uri == chosen) for one in vocabulary.offered("reasons") if one.uri not in NOT_WHY]


def theme_choices(chosen: Iterable[str]) -> list[Choice]:
    wanted = frozenset(chosen)
    return [_choice(one, one.uri in wanted) for one in vocabulary.offered("themes")]


def _choice(term: Term, chosen: bool) -> Choice:
    return Choice(term.uri, term.label(language()), term.note(language()), chosen)
