"""The pages of the inventory: the list, an entry, its short form, and lists taken in and given out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint, Response, redirect, request

from ckanext.mainz.foundation import entered
from ckanext.mainz.governance import actions as governance
from ckanext.mainz.governance.inventory import (
    actions,
    auth,
    entries,
    files,
    form,
    import_pages,
    importing,
    pages,
    progress,
    reading,
    words,
)
from ckanext.mainz.governance.inventory.entries import Entry
from ckanext.mainz.governance.inventory.files import File
from ckanext.mainz.governance.inventory.pages import Asked
from ckanext.mainz.governance.pages import entrance

_ = toolkit._
UNPROCESSABLE = 422

inventory = Blueprint("mainz_inventory", __name__, url_prefix="/governance/inventory")
inventory.before_request(entered.login_first)
entered.comes_back(
    "mainz_inventory",
    pages={"promote": "entry", "confirm": "import_list"},
    untyped=("promote", "confirm", "import_list"),
)
inventory.register_error_handler(toolkit.ObjectNotFound, entrance.nothing_there)
inventory.register_error_handler(toolkit.NotAuthorized, entrance.not_allowed)


def get_blueprints() -> list[Blueprint]:
    return [inventory]


# --- the list --------------------------------------------------------------------------------------------------------


@inventory.route("/")
def listing() -> Any:
    """The entries that the person at the page may read."""
    person, asked = entrance.person(), _asked()
    toolkit.check_access("mainz_inventory_list", entrance.context(), {})
    readable = actions.found(person, {})
    return toolkit.render(
        "mainz/governance/inventory/list.html",
        {
            **_tabs("due" if asked.due else "list", readable),
            "asked": asked,
            "listing": pages.listing(person, actions.found(person, asked.filters), asked.page),
            "organizations": pages.organization_choices(readable, asked.organization),
            "reasons": words.reason_choices(asked.reason),
        },
    )


@inventory.route("/export.<kind>")
def export(kind: str) -> Any:
    """The entries that the person keeps, as they are filtered, as a file."""
    if kind not in files.MEDIA_TYPES:
        return toolkit.abort(404)
    toolkit.check_access("mainz_inventory_export", entrance.context(), {})
    return _download(files.export(actions.kept(entrance.person(), _asked().filters), kind))


@inventory.route("/progress")
def overview() -> Any:
    """How far the organisations are, for the Geschäftsstelle."""
    toolkit.check_access("mainz_inventory_progress", entrance.context(), {})
    found = progress.by_organization()
    return toolkit.render(
        "mainz/governance/inventory/progress.html",
        {**_tabs("progress"), "rows": found, "total": progress.total(found)},
    )


def _tabs(here: str, readable: list[Entry] | None = None) -> dict[str, Any]:
    """What the ways through the inventory need: where one is, and what this person may do."""
    person = entrance.person()
    found = actions.found(person, {}) if readable is None else readable
    due = [one for one in found if one.is_due and auth.knows_all(person, one.organization)]
    return {"here": here, "due": len(due), "keeps": auth.keeps_anywhere(person), "office": person.office}


def _asked() -> Asked:
    given = {name: request.args.get(name, "").strip() for name in pages.FILTERS}
    number = request.args.get("page", "1")
    page = min(int(number), 100_000) if number.isascii() and number.isdigit() and int(number) > 0 else 1
    return Asked(**{**given, "due": "1" if given["due"] else ""}, page=page)


def _download(file: File) -> Response:
    response = Response(file.content, content_type=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


# --- an entry --------------------------------------------------------------------------------------------------------


@inventory.route("/entry/<id>")
def entry(id: str) -> Any:
    """What the inventory knows of some data, as far as the person at the page may know it."""
    found = _entry("mainz_inventory_show", id)
    return toolkit.render(
        "mainz/governance/inventory/entry.html",
        {
            "shown": pages.shown(entrance.person(), found),
            "labels": {name: _(one) for name, one in words.FIELDS.items()},
        },
    )


@inventory.route("/new", methods=["GET", "POST"])
def new() -> Any:
    """A new entry."""
    toolkit.check_access("mainz_inventory_create", entrance.context(), {})
    if request.method == "GET":
        return _form(_typed() if entered.restored() else {"organization": request.args.get("organization", "")}, {})
    try:
        made = entrance.call("mainz_inventory_create", _typed())
    except toolkit.ValidationError as error:
        return _form(_typed(), reading.by_field(error.error_dict)), UNPROCESSABLE
    toolkit.h.flash_success(_("The entry is saved."))
    return redirect(toolkit.h.url_for("mainz_inventory.entry", id=made["name"]))


@inventory.route("/entry/<id>/edit", methods=["GET", "POST"])
def edit(id: str) -> Any:
    """Changes an entry."""
    stored = _entry("mainz_inventory_update", id)
    if request.method == "GET":
        return _form(_typed() if entered.restored() else form.values(stored), {}, stored)
    try:
        entrance.call("mainz_inventory_update", {**_typed(), "id": stored.id})
    except toolkit.ValidationError as error:
        return _form(_typed(), reading.by_field(error.error_dict), stored), UNPROCESSABLE
    toolkit.h.flash_success(_("The entry is saved."))
    return redirect(toolkit.h.url_for("mainz_inventory.entry", id=stored.name))


@inventory.route("/entry/<id>/promote", methods=["POST"])
def promote(id: str) -> Any:
    """Begins a dataset of an entry, at the same address, and leads to its form."""
    made = entrance.call("mainz_record_promote", {"id": id})
    toolkit.h.flash_success(_("Describe the dataset now. The entry stays as it is until the release."))
    return redirect(toolkit.h.url_for("dataset.edit", id=made["name"]))


def _entry(action: str, id: str) -> Entry:
    standing = governance.about(entrance.context(), action, id)
    found = entries.show(standing.id)
    if found is None:
        raise toolkit.ObjectNotFound(governance.auth.nothing_there())
    return found


def _typed() -> dict[str, Any]:
    """All fields of the form, also those left empty, so that emptying a field is possible."""
    found = entered.fields()
    return {**{name: found.get(name, "") for name in words.FIELDS}, "theme": found.getlist("theme")}


def _form(given: Mapping[str, Any], errors: Mapping[str, Any], stored: Entry | None = None) -> str:
    made = form.form(entrance.person(), given, errors, stored)
    return toolkit.render("mainz/governance/inventory/form.html", {"form": made})


# --- lists taken in --------------------------------------------------------------------------------------------------


@inventory.route("/import", methods=["GET", "POST"])
def import_list() -> Any:
    """Step 1: a list is chosen."""
    toolkit.check_access("mainz_inventory_import", entrance.context(), {})
    if request.method == "GET":
        return _upload_page({})
    try:
        waiting = import_pages.stage(request.files.get("upload"), request.form.get("organization", ""))
    except toolkit.ValidationError as error:
        return _upload_page(error.error_dict), UNPROCESSABLE
    return redirect(waiting.address("mainz_inventory.preview"))


def _upload_page(errors: Mapping[str, Any]) -> str:
    upload = import_pages.upload_page(entrance.person(), request.form.get("organization", ""), errors)
    return toolkit.render("mainz/governance/inventory/import.html", {**_tabs("import"), "upload": upload})


@inventory.route("/import/preview")
def preview() -> Any:
    """Step 2: what the list would do, row by row."""
    waiting, report = _waiting(request.args)
    if waiting is None or report is None:
        return _chosen_once_more()
    view = import_pages.preview(waiting, report)
    return toolkit.render("mainz/governance/inventory/preview.html", {**_tabs("import"), "preview": view})


@inventory.route("/import/faulty.<kind>")
def faulty(kind: str) -> Any:
    """The rows that cannot be taken, with what is wrong, to be put right and sent again."""
    if kind not in files.MEDIA_TYPES:
        return toolkit.abort(404)
    _found, report = _waiting(request.args)
    return _chosen_once_more() if report is None else _download(files.faulty(report, kind))


@inventory.route("/import/confirm", methods=["POST"])
def confirm() -> Any:
    """Takes in what the preview showed; what is faulty stays to be put right."""
    waiting, report = _waiting(request.form)
    if waiting is None or report is None:
        return _chosen_once_more()
    done = import_pages.take(entrance.context(), waiting, report)
    toolkit.h.flash_success(import_pages.outcome(done))
    if done.count(importing.WRONG):
        return redirect(waiting.address("mainz_inventory.preview"))
    return redirect(toolkit.h.url_for("mainz_inventory.listing"))


def _waiting(given: Mapping[str, str]) -> Any:
    """The list that waits here and what it would do now; None for both where it does not wait any more."""
    toolkit.check_access("mainz_inventory_import", entrance.context(), {})
    return import_pages.find(entrance.person(), given.get("file", ""), given.get("organization", ""))


def _chosen_once_more() -> Any:
    toolkit.h.flash_error(_("The list does not wait here any more. Choose the file once more."))
    return redirect(toolkit.h.url_for("mainz_inventory.import_list"))


@inventory.route("/template.xlsx")
def template() -> Any:
    """An empty list to fill in."""
    toolkit.check_access("mainz_inventory_import", entrance.context(), {})
    return _download(files.template())
