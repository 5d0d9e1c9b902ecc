"""The addresses of the forms. They are CKAN's own, so that its links and those of extensions lead here."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint, redirect, request
from flask_login import user_logged_out

from ckanext.mainz.foundation import entered
from ckanext.mainz.portal.forms import (
    access,
    api_answers,
    order,
    protection,
    record,
    requests,
    resource,
    work,
)
from ckanext.mainz.portal.forms.kinds import DATASET, SERIES, SERVICE

forms = Blueprint("mainz_forms", __name__)
forms.before_request(entered.login_first)
entered.comes_back(
    "mainz_forms",
    pages={"files_order": "files"},
    untyped=("files_order", "resource_delete", "dataset_delete", "series_delete", "service_delete"),
)


def get_helpers() -> dict[str, Any]:
    return {
        "mainz_work": work.work,
        "mainz_form_mark": entered.mark,
        "mainz_discarding": entered.discarding,
        "mainz_lost": entered.lost,
    }


def register(app: Any) -> None:
    """What protects all requests of an application."""
    api_answers.register(app)
    protection.register(app)
    requests.register(app)
    app.after_request(entered.after_request)
    user_logged_out.connect(entered.forget_theirs, app)


@forms.route("/dataset/new", methods=["GET", "POST"])
def dataset_new() -> Any:
    """Step 1 of a new dataset."""
    return record.new(DATASET)


@forms.route("/dataset/edit/<id>", methods=["GET", "POST"])
def dataset_edit(id: str) -> Any:
    """The description of a dataset."""
    return record.edit(DATASET, id)


@forms.route("/dataset_series/new", methods=["GET", "POST"])
def series_new() -> Any:
    """A new series of datasets."""
    return record.new(SERIES)


@forms.route("/dataset_series/edit/<id>", methods=["GET", "POST"])
def series_edit(id: str) -> Any:
    """The description of a series."""
    return record.edit(SERIES, id)


@forms.route("/data_service/new", methods=["GET", "POST"])
def service_new() -> Any:
    """A new service."""
    return record.new(SERVICE)


@forms.route("/data_service/edit/<id>", methods=["GET", "POST"])
def service_edit(id: str) -> Any:
    """The description of a service."""
    return record.edit(SERVICE, id)


@forms.route("/dataset/resources/<id>")
def files(id: str) -> Any:
    """All files and links of a dataset, to change, order and delete them."""
    return toolkit.render("mainz/forms/files.html", {"pkg_dict": access.stored(id)})


@forms.route("/dataset/resources/<id>", methods=["POST"])
def files_order(id: str) -> Any:
    """Moves one file up or down."""
    stored = access.stored(id)
    order.move(stored, request.form.get("up", ""), request.form.get("down", ""))
    return redirect(toolkit.h.url_for("dataset.resources", id=stored["name"]))


@forms.route("/dataset/<id>/resource/new", methods=["GET", "POST"])
def resource_new(id: str) -> Any:
    """Step 2 of a new dataset, or one more file of an old one."""
    return resource.new(id)


@forms.route("/dataset/<id>/resource/<resource_id>/delete", methods=["GET", "POST"])
def resource_delete(id: str, resource_id: str) -> Any:
    """Takes a file or link out."""
    return resource.delete(id, resource_id)


@forms.route("/dataset/delete/<id>", methods=["GET", "POST"])
def dataset_delete(id: str) -> Any:
    """Deletes a dataset that was never released."""
    return record.delete(DATASET, id)


@forms.route("/dataset_series/delete/<id>", methods=["GET", "POST"])
def series_delete(id: str) -> Any:
    """Deletes a series that was never released."""
    return record.delete(SERIES, id)


@forms.route("/data_service/delete/<id>", methods=["GET", "POST"])
def service_delete(id: str) -> Any:
    """Deletes a service that was never released."""
    return record.delete(SERVICE, id)


@forms.route("/dataset/<id>/resource/<resource_id>/edit", methods=["GET", "POST"])
def resource_edit(id: str, resource_id: str) -> Any:
    """A file or link of a dataset."""
    return resource.edit(id, resource_id)
