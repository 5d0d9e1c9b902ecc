"""The form of a dataset: step 1 of a new one, and its description afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckan.plugins import toolkit
from flask import redirect, request

from ckanext.mainz.portal.forms import access, entered, reading
from ckanext.mainz.portal.forms.fields import Option, Problem, Section, problems, sections

_ = toolkit._
TYPE = "dataset"
DRAFT = "draft"
UNPROCESSABLE = 422


@dataclass(frozen=True)
class DatasetForm:
    """What the page with the form of a dataset shows. `name` is empty for a dataset that does not exist yet."""

    sections: list[Section]
    visibility: list[Option]
    problems: list[Problem]
    name: str
    title: str
    draft: bool
    restored: bool


def new() -> Any:
    """Step 1: an empty form, or a draft made of what it sent."""
    if not toolkit.h.organizations_available("create_dataset"):
        return toolkit.abort(403, _may_not_create())
    if request.method == "GET":
        return page(*_remembered({}))
    typed = reading.dataset(request.form, schema())
    try:
        made = toolkit.get_action("package_create")(
            access.context(allow_state_change=True), {**typed, "type": TYPE, "state": DRAFT}
        )
    except toolkit.NotAuthorized:
        return toolkit.abort(403, _may_not_publish_for())
    except toolkit.ValidationError as error:
        return page(typed, without_echo(error.error_dict)), UNPROCESSABLE
    entered.forget(request.path)
    return redirect(toolkit.h.url_for("dataset_resource.new", id=made["name"]))


def edit(id: str) -> Any:
    """The description of a dataset or draft."""
    stored = access.record(id, for_edit=True)
    if stored["type"] != TYPE:
        return redirect(toolkit.h.url_for(f"{stored['type']}.edit", id=stored["name"]))
    if request.method == "GET":
        return page(*_remembered(from_record(stored)), stored=stored)
    typed = reading.dataset(request.form, schema())
    try:
        changed = toolkit.get_action("package_patch")(access.context(), {**typed, "id": stored["id"]})
    except toolkit.NotAuthorized:
        return toolkit.abort(403, _may_not_publish_for())
    except toolkit.ValidationError as error:
        return page(typed, without_echo(error.error_dict), stored=stored), UNPROCESSABLE
    entered.forget(request.path)
    if stored["state"] == DRAFT:
        return redirect(toolkit.h.url_for("dataset_resource.new", id=changed["name"]))
    toolkit.h.flash_success(_("Your changes are saved."))
    return redirect(toolkit.h.url_for("dataset.read", id=changed["name"]))


def _remembered(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], bool]:
    """The values of a form: those that were typed before the session ended, else the given ones."""
    if "fresh" in request.args:
        entered.forget(request.path)
    kept = entered.restored(request.path)
    return (reading.dataset(kept.fields, schema()), {}, True) if kept else (values, {}, False)


def page(
    values: Mapping[str, Any],
    errors: Mapping[str, Any],
    restored: bool = False,
    stored: Mapping[str, Any] | None = None,
) -> str:
    """The page with the form. `stored` is the record that is being changed."""
    language = toolkit.h.lang()[:2]
    form = sections(schema()["dataset_fields"], values, errors, language)
    shown = DatasetForm(
        sections=form,
        visibility=visibility(values.get("private", True)),
        problems=problems(form, errors),
        name=stored["name"] if stored else "",
        title=str(stored["title"]) if stored else "",
        draft=stored is None or stored["state"] == DRAFT,
        restored=restored,
    )
    return toolkit.render("mainz/forms/dataset.html", {"form": shown, "pkg_dict": stored or {}})


def without_echo(errors: Mapping[str, Any]) -> dict[str, Any]:
    """Without CKAN's second message for a missing organisation, which says that the dataset cannot be private then."""
    return {name: found for name, found in errors.items() if name != "private" or "owner_org" not in errors}


def visibility(private: Any) -> list[Option]:
    """The two levels in words. Everything that is not plainly public is private."""
    public = str(private).lower() == "false"
    return [
        Option("True", _("Only my organisation sees the dataset"), not public),
        Option("False", _("Everybody sees the dataset"), public),
    ]


def from_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """A stored dataset as the form shows it."""
    keywords = ", ".join(tag["name"] for tag in record.get("tags", []))
    return {**record, "tag_string": keywords}


def schema() -> Mapping[str, Any]:
    """The schema of datasets with its presets expanded."""
    return toolkit.h.scheming_get_dataset_schema(TYPE)


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
