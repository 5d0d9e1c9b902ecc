"""Pages and files of the data dictionary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit
from flask import Blueprint, Response, jsonify, redirect, request

from ckanext.mainz.foundation import entered, outcome
from ckanext.mainz.metadata.dictionary import csvw, structures
from ckanext.mainz.metadata.dictionary.columns import Column, stored

_ = toolkit._
#: What people say of a column; the rest is read from the file.
WORDS = ("title", "description", "unit")

dictionary = Blueprint("mainz_dictionary", __name__)
entered.comes_back("mainz_dictionary")


@dictionary.route("/dataset/<id>/resource/<resource_id>/csvw.json")
def csvw_file(id: str, resource_id: str) -> Response:
    """The data dictionary as CSV on the Web metadata; without one, what the content of the file says."""
    _dataset, resource = shown(id, resource_id)
    structure = structures.kept(resource)
    columns = stored(resource) or (structure.columns if structure else ())
    if not columns:
        return toolkit.abort(404, _("The columns of this file are not described."))
    response = jsonify(csvw.metadata(resource["url"], str(resource.get("name") or ""), columns, structure))
    response.content_type = "application/csvm+json"
    return response


@dictionary.route("/dataset/<id>/resource/<resource_id>/dictionary", methods=["GET", "POST"])
def edit(id: str, resource_id: str) -> Any:
    """For editors: what the file says of its columns, to be taken over."""
    dataset, resource = shown(id, resource_id)
    if not toolkit.h.check_access("resource_update", {"id": resource_id}):
        return toolkit.abort(403, _("Only editors of this dataset may describe its columns."))
    problems, columns = list[Problem](), ()
    try:
        columns = toolkit.get_action("mainz_dictionary_propose")(_context(), {"id": resource_id})["columns"]
        columns = typed(columns)
        if request.method == "POST":
            described = toolkit.get_action("mainz_dictionary_update")
            answer = described(_context(), {"id": resource_id, "columns": columns})
            outcome.tell(answer, _("The columns are described."))
            return redirect(toolkit.h.url_for("mainz_portal.resource", id=dataset["name"], resource_id=resource_id))
    except toolkit.ValidationError as error:
        problems = list(problems_of(error.error_dict, columns))
    shown_columns = [Column(**one) for one in columns]
    page = {"pkg_dict": dataset, "res": resource, "columns": shown_columns, "problems": problems}
    return toolkit.render("mainz/dictionary_form.html", page), 422 if request.method == "POST" else 200


@dataclass(frozen=True)
class Problem:
    """What is wrong, and the id of the box that it is about; empty where it is about the file."""

    message: str
    box: str = ""


def problems_of(errors: Mapping[str, Any], columns: Sequence[Mapping[str, str]]) -> Iterator[Problem]:
    """Errors of an action, those of columns with the name of the column and the box they belong to."""
    for name, told in errors.items():
        if name != "data_dictionary" or not isinstance(told, list):
            yield from (Problem(message) for message in _messages(told))
            continue
        for number, row in enumerate(told):
            for part, messages in row.items() if isinstance(row, dict) else [("", row)]:
                about = str(columns[number]["column"]) if number < len(columns) else ""
                for message in _messages(messages):
                    said = _("Column “{column}”: {message}").format(column=about, message=message) if about else message
                    yield Problem(said, f"{part}-{number}" if part in WORDS else "")


def typed(columns: list[dict[str, str]]) -> list[dict[str, str]]:
    """The proposal with what was typed over it. Types and codes are taken from the file; words are people's."""
    said = entered.fields()
    return [
        {**one, **{name: said.get(f"{name}-{number}", one.get(name, "")).strip() for name in WORDS}}
        for number, one in enumerate(columns)
    ]


def shown(id: str, resource_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A dataset and one of its resources as the reader may see them. Aborts with 404 otherwise."""
    try:
        dataset = toolkit.get_action("package_show")(_context(), {"id": id})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return toolkit.abort(404, _("There is no dataset with this address, or it is not public."))
    for resource in dataset["resources"]:
        if resource["id"] == resource_id:
            return dataset, resource
    return toolkit.abort(404, _("This dataset has no file or link with this address."))


def _context() -> Any:
    return {"user": current_user.name, "auth_user_obj": current_user}


def _messages(errors: Any) -> list[str]:
    if isinstance(errors, dict):
        return [message for one in errors.values() for message in _messages(one)]
    if isinstance(errors, list):
        return [message for one in errors for message in _messages(one)]
    return [str(errors)]
