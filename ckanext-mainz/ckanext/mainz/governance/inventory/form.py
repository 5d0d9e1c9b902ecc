"""The short form of an entry, as data that the portal's templates of forms draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import levels, people, telling
from ckanext.mainz.governance.inventory import offices, reading, words
from ckanext.mainz.governance.inventory.entries import Entry, keeps
from ckanext.mainz.governance.inventory.words import Choice
from ckanext.mainz.governance.people import Person

_ = toolkit._
Dict = dict[str, Any]

HELP = {
    "title": N_("In the words by which your office knows the data. Example: Register of buildings"),
    "description": N_("One or two sentences: what the data tells and what it is used for. Read inside the house."),
    "organization": N_("The office that is responsible for the data. Example: Parks department"),
    "system": N_("The program in which the data is kept. Example: a program for facilities, a spreadsheet"),
    "place": N_("Where it lies. Example: database server of the IT department, drive of the office, archive room"),
    "keeper": N_("Whom one can ask: an office and its shared mailbox, no private details. Example: team buildings"),
    "reason": N_("What stands against publishing it today. Leave it open if nobody has looked at that yet."),
    "review": N_("When you decide again whether the data can be published. Example: 31.12.2026"),
    "visibility": N_("Who may know that the data exists. It is never shown to everybody."),
    "theme": N_("Helps others to find the entry."),
    "shares": N_("A line for each: organisation; share of the data; role. Example: Amt 12; addresses; delivers"),
    "note": N_("For those who keep the inventory."),
    "key": N_("By which a list of yours knows the entry again. Example: 17"),
}
FORM = {
    "title": "line",
    "description": "text",
    "organization": "choice",
    "system": "line",
    "place": "line",
    "keeper": "line",
    "reason": "choice",
    "review": "line",
}
"""What everybody is asked, and how it is drawn."""
MORE = {"visibility": "choice", "theme": "choices", "shares": "list", "note": "text", "key": "line"}
"""What is folded."""


@dataclass(frozen=True)
class Group:
    """Choices under one heading, as the template of a choice takes them."""

    title: str
    options: tuple[Choice, ...]

    @property
    def chosen(self) -> int:
        return sum(one.chosen for one in self.options)


@dataclass(frozen=True)
class Field:
    """A field of the form, in the shape that the templates in ``mainz/forms/fields`` draw."""

    name: str
    kind: str
    label: str
    help: str
    required: bool
    value: str = ""
    errors: tuple[str, ...] = ()
    options: tuple[Choice, ...] = ()
    hint: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"field-{self.name}"

    @property
    def target(self) -> str:
        """The id that a link to this field leads to."""
        return f"{self.id}-0" if self.kind == "choices" else self.id

    @property
    def described_by(self) -> str:
        """Ids of what describes the field to a screen reader."""
        parts = {"error": self.errors, "help": self.help, "hint": self.hint}
        return " ".join(f"{self.id}-{part}" for part, there in parts.items() if there)

    @property
    def groups(self) -> list[Group]:
        return [Group(title, tuple(part)) for title, part in groupby(self.options, key=lambda one: one.group)]


@dataclass(frozen=True)
class Problem:
    """A message of the summary at the top."""

    label: str
    message: str
    target: str


@dataclass(frozen=True)
class EntryForm:
    """What the page with the form shows. `entry` is the one that is changed, None for a new one."""

    fields: tuple[Field, ...]
    more: tuple[Field, ...]
    entry: Entry | None
    readers: str
    """Who reads the open part, in a sentence."""
    other: tuple[str, ...] = ()
    """What is wrong beside the fields."""

    @property
    def problems(self) -> list[Problem]:
        """The summary of all errors in the order of the form; what belongs to no field comes last."""
        every = (*self.fields, *self.more)
        found = [Problem(one.label, message, one.target) for one in every for message in one.errors]
        return [*found, *(Problem("", message, "") for message in self.other)]

    @property
    def opened(self) -> bool:
        """Whether the folded part must be seen, for a mistake in it or since it says something unusual."""
        return any(one.errors or one.value or _unusual(one) for one in self.more)


def _unusual(one: Field) -> bool:
    return any(option.chosen and option.value != levels.VERWALTUNG for option in one.options)


def form(person: Person, given: Mapping[str, Any], errors: Mapping[str, Any], entry: Entry | None = None) -> EntryForm:
    """The form with what was given: a stored entry (`values`), or what was typed."""
    level = str(given.get("visibility") or levels.VERWALTUNG)
    sentence = telling.SENTENCES.get(level)
    owner = people.organizations().get(str(given.get("organization") or ""))
    own = _(telling.OWN_ONLY).format(organization=owner.title) if owner else ""
    return EntryForm(
        fields=tuple(_field(name, kind, person, given, errors, entry) for name, kind in FORM.items()),
        more=tuple(_field(name, kind, person, given, errors, entry) for name, kind in MORE.items()),
        entry=entry,
        readers=_(sentence) if sentence else own,
        other=tuple(message for name, found in errors.items() if name not in words.FIELDS for message in found),
    )


def _field(
    name: str, kind: str, person: Person, given: Mapping[str, Any], errors: Mapping[str, Any], entry: Entry | None
) -> Field:
    value = given.get(name)
    found = errors.get(name) or ()
    return Field(
        name=name,
        kind=kind,
        label=_(words.FIELDS[name]),
        help=_(HELP[name]),
        required=name in reading.NEEDED,
        value=str(value or "") if kind not in ("choice", "choices") else "",
        errors=tuple(dict.fromkeys((found,) if isinstance(found, str) else found)),
        options=tuple(_options(name, value, person, entry)),
        attributes={"data-day": _("Choose from a calendar")} if name == "review" else {},
    )


def _options(name: str, value: Any, person: Person, entry: Entry | None) -> Iterable[Choice]:
    chosen = str(value or "")
    if name == "organization":
        return _organizations(person, chosen, entry)
    if name == "reason":
        return [Choice("", _("Not specified"), chosen=not chosen), *words.reason_choices(chosen)]
    if name == "visibility":
        return words.level_choices(chosen or levels.VERWALTUNG)
    return words.theme_choices(value or ()) if name == "theme" else ()


def _organizations(person: Person, chosen: str, entry: Entry | None) -> list[Choice]:
    """Those whose inventory a person keeps. An entry stays with its own; a single one is chosen from the start."""
    if entry is not None:
        return [one for one in kept(person, chosen) if one.value == entry.organization]
    offered = kept(person, chosen)
    if len(offered) == 1:
        return [Choice(offered[0].value, offered[0].label, chosen=True)]
    return [Choice("", _("Please choose"), chosen=not chosen), *offered]


def kept(person: Person, chosen: str = "") -> list[Choice]:
    """The organisations whose inventory a person keeps, by title."""
    found = [one for one in people.organizations().values() if keeps(person, one.id)]
    ordered = sorted(found, key=lambda one: one.title.casefold())
    return [Choice(one.id, one.title, chosen=one.id == chosen) for one in ordered]


def values(entry: Entry) -> Dict:
    """A stored entry as the form shows it."""
    texts = {
        name: getattr(entry, name) for name in ("title", "description", "system", "place", "keeper", "note", "key")
    }
    return {
        **texts,
        "organization": entry.organization,
        "reason": entry.reason,
        "review": words.day(entry.review) if words.language() == "de" else str(entry.review or ""),
        "visibility": entry.level,
        "theme": entry.theme,
        "shares": reading.share_lines(entry.shares, offices.read()),
    }
