"""Pages and files of the data dictionary."""

from __future__ import annotations

from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit
from flask import Blueprint, Response, jsonify, redirect, request

from ckanext.mainz.foundation import outcome
from ckanext.mainz.metadata.dictionary import csvw, structures
from ckanext.mainz.metadata.dictionary.columns import Column, stored

_ = toolkit._

dictionary = Blueprint("mainz_dictionary", __name__)


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
    problem, columns = "", ()
    try:
        columns = toolkit.get_action("mainz_dictionary_propose")(_context(), {"id": resource_id})["columns"]
        if request.method == "POST":
            columns = typed(columns)
            described = toolkit.get_action("mainz_dictionary_update")
            answer = described(_context(), {"id": resource_id, "columns": columns})
            outcome.tell(answer, _("The columns are described."))
            return redirect(toolkit.h.url_for("mainz_portal.resource", id=dataset["name"], resource_id=resource_id))
    except toolkit.ValidationError as error:
        problem = " ".join(_messages(error.error_dict))
    shown_columns = [Column(**one) for one in columns]
    page = {"pkg_dict": dataset, "res": resource, "columns": shown_columns, "problem": problem}
    return toolkit.render("mainz/dictionary_form.html", page), 422 if request.method == "POST" else 200


def typed(columns: list[dict[str, str]]) -> list[dict[str, str]]:
    """The proposal with what was typed over it. Types and codes are taken from the file; words are people's."""
    words = ("title", "description", "unit")
    return [
        {**one, **{name: request.form.get(f"{name}-{number}", one.get(name, "")).strip() for name in words}}
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
