"""The fields that pages about people and roles ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import people
from ckanext.mainz.governance.people import ADMIN, DEPUTY, EDITOR, MEMBER, OFFICE
from ckanext.mainz.governance.roles.forms import Field, Option
from ckanext.mainz.governance.roles.granting import LABELS
from ckanext.mainz.metadata import vocabulary

_ = toolkit._

CAPACITIES = {
    EDITOR: (N_("Editor"), N_("Enters and changes drafts, proposes changes, hands in for release.")),
    ADMIN: (
        N_("Datenverantwortliche"),
        N_("All that editors do; releases up to partners, withdraws, hands over, manages people."),
    ),
    MEMBER: (N_("Reader"), N_("Reads what the organisation reads, and changes nothing.")),
}


def capacity_label(capacity: str) -> str:
    """What a capacity in an organisation is called."""
    return _(CAPACITIES[capacity][0]) if capacity in CAPACITIES else capacity


def person(name: str, label: str, help: str) -> Field:
    """An account, by its user name."""
    attributes = {"autocapitalize": "none", "spellcheck": "false", "maxlength": "254"}
    return Field(name, "line", label, help=help, required=True, attributes=attributes)


def somebody() -> Field:
    """Who is to belong to an organisation."""
    return person(
        "person",
        _("E-mail address or user name"),
        _("Whoever has no account yet is invited by mail. Example: erika.muster@stadt.example"),
    )


def capacity() -> Field:
    """Their role in it."""
    options = tuple(Option(value, _(label), note=_(note)) for value, (label, note) in CAPACITIES.items())
    return Field("capacity", "choice", _("Role"), required=True, options=options)


def until(required: bool = True) -> Field:
    """A last day."""
    help = _("This day is the last one. Example: 31.12.2026")
    if not required:
        help = _("This day is the last one; left empty, it does not end. Example: 31.12.2026")
    return Field("until", "line", _("Until"), help=help, required=required, attributes={"maxlength": "10"})


def deputy() -> Field:
    """Who stands in for somebody."""
    return person(
        "user",
        _("User name of the deputy"),
        _("For a time, deputies may all that the person may. The decision log says that they acted as deputies."),
    )


def successor(candidates: Iterable[Mapping[str, Any]]) -> Field:
    """Who becomes Datenverantwortliche."""
    options = tuple(Option(one["name"], one["display_name"]) for one in candidates)
    return Field(
        "hand_over_to",
        "choice",
        _("Who follows as Datenverantwortliche?"),
        help=_("Needed where nobody else is responsible for the records."),
        options=(Option("", _("Nobody, others are there")), *options),
    )


def note() -> Field:
    """Words for the decision log."""
    return Field("note", "text", _("Remark for the decision log"), attributes={"maxlength": "2000"})


def title() -> Field:
    """What a program is."""
    help = _("What uses it, in words. Example: Nightly delivery of the tree register")
    return Field("title", "line", _("Name of the interface"), help=help, required=True, attributes={"maxlength": "100"})


def organization(name: str, label: str, help: str, without: str = "", empty: str = "") -> Field:
    """An organisation of the portal, in German alphabetical order."""
    found = sorted(people.organizations().values(), key=lambda one: one.title.casefold())
    options = tuple(Option(one.name, one.title) for one in found if one.id != without)
    return Field(name, "choice", label, help=help, options=(Option("", empty or _("Please choose")), *options))


def role() -> Field:
    """A role of the portal that is given by hand; interfaces are made on the page of their organisation."""
    options = (
        Option(OFFICE, _(LABELS[OFFICE]), note=_("Releases at any level, sees every record and every decision.")),
        Option(DEPUTY, _(LABELS[DEPUTY]), note=_("May what a named person may, until a day.")),
    )
    return Field("role", "choice", _("Role"), required=True, options=options)


def represented() -> Field:
    """The person that a deputy stands in for."""
    attributes = {"autocapitalize": "none", "spellcheck": "false", "maxlength": "254"}
    return Field(
        "for_user",
        "line",
        _("User name of the person that is represented"),
        help=_("For deputies only."),
        attributes=attributes,
    )


def reason(language: str) -> Field:
    """Why a record is handed over."""
    options = tuple(Option(term.uri, term.label(language)) for term in vocabulary.offered("reasons"))
    return Field("reason", "choice", _("Reason"), required=True, options=options)


def kind(language: str) -> Field:
    """The kind of an organisation."""
    options = tuple(
        Option(term.uri, term.label(language), note=term.note(language))
        for term in vocabulary.offered("organization_kinds")
    )
    return Field("organization_kind", "choice", _("Kind"), required=True, options=options)


def sealed() -> Field:
    """Whether an organisation is sealed."""
    help = _("Nobody above or below reads what is here. Example: statistics office")
    options = (Option("false", _("No")), Option("true", _("Yes")))
    return Field("sealed", "choice", _("Sealed"), help=help, required=True, options=options)
