"""The form of a file or link: step 2 of a new dataset, and files added or changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit
from flask import redirect, request
from werkzeug.datastructures import FileStorage

from ckanext.mainz.foundation import config, entered, file_staging, outcome
from ckanext.mainz.foundation.file_names import shown_name
from ckanext.mainz.foundation.file_staging import Staged
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.portal.forms import access, reading
from ckanext.mainz.portal.forms.fields import Field, Problem, Section, messages, problems, sections, text
from ckanext.mainz.portal.forms.record import DRAFT, UNPROCESSABLE, schema

_ = toolkit._
UPLOAD = "upload"
AGAIN, FINISH, BACK, SAVE = "again", "finish", "back", "save"


@dataclass(frozen=True)
class FileInput:
    """The part of the form where a file is chosen.

    `stored` is the name of the file that the resource has, `staged` one that waits here since the form came back,
    `lost` one that must be chosen once more.
    """

    field: Field
    limit: int
    stored: str = ""
    staged: Staged | None = None
    lost: str = ""


@dataclass(frozen=True)
class ResourceForm:
    """What the page with the form of a file or link shows. `resource_id` is empty for a new one."""

    sections: list[Section]
    file: FileInput
    problems: list[Problem]
    dataset: Mapping[str, Any]
    resource_id: str
    formats: tuple[str, ...]

    @property
    def more(self) -> list[Section]:
        """What some files need, by topic."""
        return [section for section in self.sections if section.more]

    @property
    def draft(self) -> bool:
        return bool(self.dataset["state"] == DRAFT)

    @property
    def others(self) -> list[Mapping[str, Any]]:
        """The files and links that the dataset has beside this one."""
        return [one for one in self.dataset["resources"] if one["id"] != self.resource_id]


@dataclass(frozen=True)
class Typed:
    """What the form sent: its fields, a file chosen now or earlier, and the button that was pressed."""

    fields: dict[str, Any]
    chosen: FileStorage | None
    staged: Staged | None
    button: str

    def upload(self) -> AbstractContextManager[FileStorage | None]:
        """The file to keep: the one chosen now, else the one that waits, which is closed afterwards."""
        waiting = self.staged if self.chosen is None else None
        return file_staging.open_staged(waiting) if waiting else nullcontext(self.chosen)

    @property
    def has_file(self) -> bool:
        return self.chosen is not None or self.staged is not None

    @property
    def nothing(self) -> bool:
        """Whether the form is as empty as it came."""
        return not self.has_file and not any(self.fields.values())


def new(id: str) -> Any:
    """A new file or link; in a draft also the end of the work: finish, or back to the description."""
    dataset = access.stored(id)
    if request.method == "GET":
        return _remembered(dataset, {})
    typed = read()
    if reading.MORE in request.form:
        return page(dataset, typed, {})
    if typed.button == BACK:
        return _back(dataset, typed)
    if typed.button == FINISH and typed.nothing and dataset["resources"]:
        return finish(dataset)
    try:
        with typed.upload() as upload:
            made = toolkit.get_action("resource_create")(
                access.context(), to_action(typed, {"package_id": dataset["id"]}, upload)
            )
    except toolkit.ValidationError as error:
        return page(dataset, typed, error.error_dict), UNPROCESSABLE
    _went_through(typed, made)
    if typed.button == FINISH and dataset["state"] == DRAFT:
        return finish(dataset)
    if typed.button == AGAIN or dataset["state"] == DRAFT:
        return redirect(toolkit.h.url_for("dataset_resource.new", id=dataset["name"]))
    return redirect(_afterwards(dataset, made))


def _afterwards(dataset: Mapping[str, Any], saved: Mapping[str, Any]) -> str:
    """The page of the dataset; of what is only proposed the list of files, since the page does not show it."""
    page = "dataset.resources" if outcome.PROPOSAL in saved else "dataset.read"
    return toolkit.h.url_for(page, id=dataset["name"])


def edit(id: str, resource_id: str) -> Any:
    """Changes a file or link; a new file takes the place of the old one."""
    dataset = access.stored(id)
    stored = next((one for one in dataset["resources"] if one["id"] == resource_id), None)
    if stored is None:
        return toolkit.abort(404, _("This dataset has no file or link with this address."))
    if request.method == "GET":
        return _remembered(dataset, stored)
    typed = read()
    if reading.MORE in request.form:
        return page(dataset, typed, {}, stored=stored)
    reading.keep_unseen(typed.fields, stored, schema()["resource_fields"])
    try:
        with typed.upload() as upload:
            changed = toolkit.get_action("resource_patch")(access.context(), to_action(typed, stored, upload))
    except toolkit.ValidationError as error:
        return page(dataset, typed, error.error_dict, stored=stored), UNPROCESSABLE
    _went_through(typed, changed)
    if dataset["state"] == DRAFT:
        return redirect(toolkit.h.url_for("dataset_resource.new", id=dataset["name"]))
    if outcome.PROPOSAL in changed:
        return redirect(_afterwards(dataset, changed))
    return redirect(toolkit.h.url_for("dataset_resource.read", id=dataset["name"], resource_id=resource_id))


def delete(id: str, resource_id: str) -> Any:
    """Asks, and takes a file or link out; of a released record by a proposal."""
    dataset = access.stored(id)
    wanted = next((one for one in dataset["resources"] if one["id"] == resource_id), None)
    if wanted is None:
        return toolkit.abort(404, _("This dataset has no file or link with this address."))
    if request.method == "GET":
        shown = {"dataset_type": "dataset", "resource_dict": wanted, "pkg_id": dataset["name"], "pkg_dict": dataset}
        return toolkit.render("package/confirm_delete_resource.html", shown)
    if "cancel" in request.form:
        address = toolkit.h.url_for("dataset_resource.edit", id=dataset["name"], resource_id=resource_id)
        return redirect(address)
    gone = toolkit.get_action("resource_delete")(access.context(), {"id": resource_id})
    name = shown_name(wanted.get("name") or str(wanted.get("url", "")).rsplit("/", 1)[-1])
    outcome.tell(gone or {}, _("“{name}” is deleted.").format(name=name))
    if dataset["state"] == DRAFT:
        return redirect(toolkit.h.url_for("dataset_resource.new", id=dataset["name"]))
    return redirect(toolkit.h.url_for("dataset.resources", id=dataset["name"]))


def finish(dataset: Mapping[str, Any]) -> Any:
    """Ends the form: the draft can be handed in now.

    The file that was just saved stays saved if that fails; the form comes back empty, so that it is not saved twice.
    """
    try:
        toolkit.get_action("package_patch")(
            access.context(allow_state_change=True), {"id": dataset["id"], "state": "active"}
        )
    except toolkit.ValidationError as error:
        return _to_be_corrected(dataset, error.error_dict)
    toolkit.h.flash_success(
        _("The dataset is saved. Only your organisation and the Geschäftsstelle see it. Now hand it in for release.")
    )
    return redirect(toolkit.h.url_for("mainz_governance.submit", id=dataset["name"]))


def _to_be_corrected(dataset: Mapping[str, Any], errors: Mapping[str, Any]) -> Any:
    """To the description, where what is wrong with it stands at its fields; else to the files with what is wrong."""
    of_description = {name: found for name, found in errors.items() if name != "resources"}
    if of_description:
        entered.tell(dataset["id"], of_description)
        toolkit.h.flash_error(_("The description needs a correction before the dataset can be finished."))
        return redirect(toolkit.h.url_for("dataset.edit", id=dataset["name"]))
    found = " ".join(dict.fromkeys(messages(errors)))
    toolkit.h.flash_error(_("A file or link needs a correction before the dataset can be finished:") + " " + found)
    return redirect(toolkit.h.url_for("dataset_resource.new", id=dataset["name"]))


def read() -> Typed:
    """What this request sent."""
    chosen = request.files.get(UPLOAD)
    ticket = request.form.get("staged", "") if "unstage" not in request.form else ""
    return Typed(
        fields=reading.resource(request.form, schema()),
        chosen=chosen if chosen and chosen.filename else None,
        staged=file_staging.find(ticket, current_user.id) if ticket else None,
        button=request.form.get("save", SAVE),
    )


def to_action(typed: Typed, stored: Mapping[str, Any], upload: FileStorage | None) -> dict[str, Any]:
    """The dictionary for ``resource_create`` and ``resource_patch``.

    A chosen file wins over a typed link; a resource that has a file keeps it unless one of the two takes its place.
    """
    data = {**typed.fields, **{name: stored[name] for name in ("id", "package_id") if stored.get(name)}}
    if upload:
        return {**data, UPLOAD: upload}
    if stored.get("url_type") != UPLOAD:
        return data
    if not data["url"]:
        return {**data, "url": stored["url"], "url_type": UPLOAD}
    return {**data, "url_type": "", "clear_upload": "true", "size": None, "mimetype": ""}


def _went_through(typed: Typed, saved: Mapping[str, Any]) -> None:
    if typed.staged:
        file_staging.drop(typed.staged)
    asked, got = shown_name(str(typed.fields.get("format") or "")), str(saved.get("format") or "")
    name = shown_name(saved.get("name") or str(saved.get("url", "")).rsplit("/", 1)[-1])
    outcome.tell(saved, _("“{name}” is saved.").format(name=name))
    if typed.has_file and asked and asked.casefold() != got.casefold():
        toolkit.h.flash_notice(
            _("You typed the format {asked}; the content of the file is {got}, so {got} was saved.").format(
                asked=asked, got=got
            )
        )


def _back(dataset: Mapping[str, Any], typed: Typed) -> Any:
    """To the description and, later, back to what was typed here."""
    if not typed.nothing:
        waiting = _waiting(typed, {})
        entered.keep(waiting.ticket if waiting else "")
    return redirect(toolkit.h.url_for("dataset.edit", id=dataset["name"]))


def _waiting(typed: Typed, errors: Mapping[str, Any]) -> Staged | None:
    """The file that waits here while the form is corrected; a refused one does not."""
    if typed.chosen is None:
        return typed.staged
    if typed.staged:
        file_staging.drop(typed.staged)
    return None if UPLOAD in errors else file_staging.stage(typed.chosen, current_user.id)


def _remembered(dataset: Mapping[str, Any], stored: Mapping[str, Any]) -> str:
    """The form as it was typed before the session ended or before going back to the description, else as stored."""
    kept = entered.restored()
    if kept is None:
        return page(dataset, Typed(dict(stored), None, None, SAVE), {}, stored=stored)
    staged = file_staging.find(kept.staged, current_user.id) if kept.staged else None
    typed = Typed(reading.resource(kept.fields, schema()), None, staged, SAVE)
    return page(dataset, typed, {}, stored=stored, lost="" if staged else kept.file_name)


def page(
    dataset: Mapping[str, Any],
    typed: Typed,
    errors: Mapping[str, Any],
    *,
    stored: Mapping[str, Any] | None = None,
    lost: str = "",
) -> str:
    """The page with the form. `stored` is the file or link that is being changed."""
    stored = stored or {}
    language = toolkit.h.lang()[:2]
    own = stored.get("url_type") == UPLOAD
    url = str(typed.fields.get("url") or "")
    values = {**typed.fields, "url": "" if own and url == stored.get("url") else url}
    form = sections(schema()["resource_fields"], values, errors, language, reading.rows_wanted(request.form))
    chooser = file_input(errors)
    refused = typed.chosen.filename if typed.chosen and UPLOAD in errors else ""
    shown = ResourceForm(
        sections=form,
        file=replace(
            chooser,
            stored=str(stored["url"]).rsplit("/", 1)[-1] if own else "",
            staged=_waiting(typed, errors),
            lost=shown_name(refused or lost),
        ),
        problems=problems(form, errors, [chooser.field]),
        dataset=dataset,
        resource_id=str(stored.get("id") or ""),
        formats=tuple(term.label(language) for term in vocabulary.offered("file_types")),
    )
    return toolkit.render("mainz/forms/resource.html", {"form": shown, "pkg_dict": dataset})


def file_input(errors: Mapping[str, Any]) -> FileInput:
    """Where a file is chosen, with the errors of the last one."""
    found = messages(errors.get(UPLOAD))
    label = next(one for one in schema()["resource_fields"] if one["field_name"] == "url")["upload_label"]
    megabytes = config.max_file_bytes() // config.MEGABYTE
    field = Field(
        name=UPLOAD,
        id="field-upload",
        kind="file",
        label=text(label, toolkit.h.lang()[:2]),
        help=_("From your computer, at most {limit} MB. Examples: CSV, XLSX, GeoJSON, PDF").format(limit=megabytes),
        errors=found,
    )
    return FileInput(field, config.max_file_bytes())
