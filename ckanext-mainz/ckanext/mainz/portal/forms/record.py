"""The form of a dataset (step 1 of a new one), a series or a service, new and afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ckan.plugins import toolkit
from flask import redirect, request

from ckanext.mainz.foundation import entered, outcome
from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import levels
from ckanext.mainz.governance.pages import words
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.portal.forms import access, reading
from ckanext.mainz.portal.forms.beginning import Beginning, beginning
from ckanext.mainz.portal.forms.fields import Field, Problem, Section, messages, problems, sections, with_hints
from ckanext.mainz.portal.forms.kinds import DATASET, KINDS, Kind

_ = toolkit._
DRAFT = "draft"
UNPROCESSABLE = 422
LINKS = "mainz_records("
MOVES = (
    N_("Move the box west"),
    N_("Move the box east"),
    N_("Move the box north"),
    N_("Move the box south"),
    N_("Make the box larger"),
    N_("Make the box smaller"),
)


@dataclass(frozen=True)
class RecordForm:
    """What the page with the form of a record shows.

    `name` is empty for a record that does not exist yet; `level`: what was chosen for one; `saved`: what is shown is
    stored, its problems too.
    """

    kind: Kind
    sections: list[Section]
    level: str
    level_errors: tuple[str, ...]
    problems: list[Problem]
    name: str
    title: str
    draft: bool
    saved: bool
    deletable: bool = False

    @property
    def heading(self) -> str:
        """What one does here."""
        return _(self.kind.add) if self.draft else _(self.kind.edit)

    @property
    def plain(self) -> list[Section]:
        """What everybody is asked."""
        return [section for section in self.sections if not section.more]

    @property
    def more(self) -> list[Section]:
        """What some need, by topic."""
        return [section for section in self.sections if section.more]

    @property
    def places(self) -> str:
        """The places of the list with their boxes, as JSON, for drawing an area."""
        return places()

    @property
    def words(self) -> str:
        """What the buttons do that move a drawn area, as JSON."""
        return json.dumps([_(word) for word in MOVES])


def new(kind: Kind) -> Any:
    """An empty form, or a record made of what it sent; of a dataset a draft, which step 2 ends."""
    if not toolkit.h.organizations_available("create_dataset"):
        return toolkit.abort(403, _may_not_create())
    begun = beginning(schema(kind.type))
    if request.method == "GET":
        return _remembered(kind, begun)
    typed = reading.dataset(request.form, schema(kind.type))
    if reading.MORE in request.form:
        return page(kind, typed, {})
    state = {"state": DRAFT} if kind.has_files else {}
    try:
        made = toolkit.get_action("package_create")(
            access.context(allow_state_change=True), {**typed, "type": kind.type, **state}
        )
    except toolkit.NotAuthorized:
        return toolkit.abort(403, _may_not_publish_for())
    except toolkit.ValidationError as error:
        return page(kind, typed, without_echo(error.error_dict)), UNPROCESSABLE
    return _went_on(kind, made, draft=True)


def edit(kind: Kind, id: str) -> Any:
    """The description of a record or draft."""
    stored = access.stored(id, for_edit=True)
    if stored["type"] != kind.type:
        return redirect(toolkit.h.url_for(f"{stored['type']}.edit", id=stored["name"]))
    if request.method == "GET":
        return _remembered(kind, Beginning(from_record(stored)), stored)
    typed = {**reading.dataset(request.form, schema(kind.type)), "owner_org": stored["owner_org"]}
    typed.pop("visibility", None)
    if reading.MORE in request.form:
        return page(kind, typed, {}, stored=stored)
    reading.keep_unseen(typed, stored, schema(kind.type)["dataset_fields"])
    try:
        changed = toolkit.get_action("package_patch")(access.context(), {**typed, "id": stored["id"]})
    except toolkit.NotAuthorized:
        return toolkit.abort(403, _may_not_publish_for())
    except toolkit.ValidationError as error:
        return page(kind, typed, without_echo(error.error_dict), stored=stored), UNPROCESSABLE
    return _went_on(kind, changed, draft=stored["state"] == DRAFT)


def delete(kind: Kind, id: str) -> Any:
    """Asks, and deletes a draft or an entry of the inventory; what was released is withdrawn or archived."""
    stored = access.stored(id)
    if stored["type"] != kind.type:
        return redirect(toolkit.h.url_for(f"{stored['type']}.delete", id=stored["name"]))
    access.require("package_delete", {"id": stored["id"]}, access.may_not_change())
    if not can_be_deleted(stored):
        toolkit.h.flash_notice(_("What was released is not deleted. It can be withdrawn or archived here."))
        return redirect(toolkit.h.url_for("mainz_governance.record", id=stored["name"]))
    if request.method == "GET":
        return toolkit.render("package/confirm_delete.html", {"pkg_dict": stored, "dataset_type": kind.type})
    if "cancel" in request.form:
        return redirect(toolkit.h.url_for(f"{kind.type}.edit", id=stored["name"]))
    try:
        toolkit.get_action("package_delete")(access.context(), {"id": stored["id"]})
    except toolkit.ValidationError as error:  # the dataset that is made of an entry waits for its decision
        toolkit.h.flash_error(" ".join(words.sentences(error.error_dict)))
        return redirect(toolkit.h.url_for("mainz_governance.record", id=stored["name"]))
    toolkit.h.flash_success(_("“{title}” is deleted.").format(title=stored["title"] or stored["name"]))
    return redirect(toolkit.h.url_for("dashboard.datasets"))


def can_be_deleted(stored: Mapping[str, Any]) -> bool:
    """Whether a record was never released."""
    return stored.get("lifecycle") in (levels.ENTWURF, levels.INVENTAR)


def _went_on(kind: Kind, saved: Mapping[str, Any], draft: bool) -> Any:
    """To step 2 of a draft, of a series or service to the hand-in, else to the page of what was saved."""
    if draft and kind.has_files:
        return redirect(toolkit.h.url_for("dataset_resource.new", id=saved["name"]))
    outcome.tell(saved, _(kind.saved))
    if draft:
        return redirect(toolkit.h.url_for("mainz_governance.submit", id=saved["name"]))
    return redirect(toolkit.h.url_for(f"{kind.type}.read", id=saved["name"]))


def _remembered(kind: Kind, begun: Beginning, stored: Mapping[str, Any] | None = None) -> str:
    """The form as it was typed before the session ended, else as it begins."""
    kept = entered.restored()
    if kept is None:
        errors = entered.told(stored["id"]) if stored else {}
        return page(kind, begun.values, errors, stored=stored, hints=begun.hints, saved=True)
    return page(kind, reading.dataset(kept.fields, schema(kind.type)), {}, stored=stored)


def page(
    kind: Kind,
    values: Mapping[str, Any],
    errors: Mapping[str, Any],
    *,
    stored: Mapping[str, Any] | None = None,
    hints: Mapping[str, str] | None = None,
    saved: bool = False,
) -> str:
    """The page with the form. `stored` is the record that is being changed, `hints` say what was filled in and why."""
    language = toolkit.h.lang()[:2]
    wanted = reading.rows_wanted(request.form)
    form = sections(schema(kind.type)["dataset_fields"], values, errors, language, wanted)
    if stored:
        form = with_fixed(form, "owner_org")
    level = Field("visibility", "field-visibility", "level", _("Visibility"), errors=messages(errors.get("visibility")))
    shown = RecordForm(
        kind=kind,
        sections=with_hints(form, hints or {}),
        level=str(values.get("visibility") or levels.OEFFENTLICH),
        level_errors=level.errors,
        problems=problems(form, errors, [] if stored else [level]),
        name=stored["name"] if stored else "",
        title=str(stored["title"]) if stored else "",
        draft=stored is None or stored["state"] == DRAFT,
        saved=saved,
        deletable=bool(stored) and can_be_deleted(stored),
    )
    return toolkit.render("mainz/forms/record.html", {"form": shown, "pkg_dict": stored or {}})


def without_echo(errors: Mapping[str, Any]) -> dict[str, Any]:
    """Without CKAN's second message for a missing organisation, which says that the dataset cannot be private then."""
    return {name: found for name, found in errors.items() if name != "private" or "owner_org" not in errors}


def with_fixed(form: list[Section], name: str) -> list[Section]:
    """The form with a field that is shown and cannot be changed here."""
    return [
        replace(
            section, fields=tuple(replace(one, kind="fixed") if one.name == name else one for one in section.fields)
        )
        for section in form
    ]


def from_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """A stored record as the form shows it: keywords in one line, links to other records by their names."""
    keywords = ", ".join(tag["name"] for tag in record.get("tags", []))
    linked = [
        one["field_name"] for one in schema(record["type"])["dataset_fields"] if LINKS in str(one.get("validators"))
    ]
    names = {field: [name_of(one) for one in record.get(field) or ()] for field in linked}
    return {**record, "tag_string": keywords, **names}


def name_of(id: str) -> str:
    """The name of a record that the person at the form sees; what else is stored as it is."""
    try:
        return str(toolkit.get_action("package_show")(access.context(), {"id": id})["name"])
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return id


def schema(type: str = DATASET.type) -> Mapping[str, Any]:
    """The schema of a kind of records with its presets expanded."""
    return toolkit.h.scheming_get_dataset_schema(KINDS[type].type)


def places() -> str:
    """The boxes of the city and its parts, as JSON text: ``[{"label": …, "box": [west, south, east, north]}]``."""
    city = vocabulary.terms("places")[0]
    found = [city, *(term for term in vocabulary.terms("places") if term.parent == city.uri)]
    return json.dumps([{"label": term.de.removeprefix(f"{city.de}-"), "box": term.bbox} for term in found])


def _may_not_create() -> str:
    return _(
        "You may not add datasets. For that you need the role editor in an organisation; "
        "ask a person who manages your organisation here."
    )


def _may_not_publish_for() -> str:
    return _(
        "You may not add or change datasets of this organisation. Choose one in which you have the role editor, "
        "or ask a person who manages it. Go back to keep what you typed."
    )
