"""The pages for readers: home, search, dataset, file, organisations and the office's own pages."""

from __future__ import annotations

from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit
from flask import Blueprint, Response, abort, make_response, redirect, request, send_from_directory

from ckanext.mainz.metadata.catalogue import views as catalogue
from ckanext.mainz.metadata.catalogue.formats import negotiated
from ckanext.mainz.portal import assets, delivery, front, listing, offices, pages, records, related, withdrawn
from ckanext.mainz.portal.links import links

_ = toolkit._
STATUS = {"": 200, "query": 400, "engine": 503}

portal = Blueprint("mainz_portal", __name__)


def get_blueprints() -> list[Blueprint]:
    return [portal]


@portal.after_request
def for_readers(response: Response) -> Response:
    """Pages for readers hold no script; what they show can depend on the Accept header (RDF for programs)."""
    if delivery.is_page(response):
        response.headers["Content-Security-Policy"] = delivery.READER_POLICY
    response.vary.add("Accept")
    return response


@portal.route("/")
def home() -> Any:
    """What the portal is, the way into search, themes, organisations and news."""
    if form := negotiated(request.accept_mimetypes):
        return catalogue.catalogue_in(form)
    return render("mainz/home.html", front=front.front_page(language()))


@portal.route("/dataset/", strict_slashes=False)
def search() -> Any:
    """All datasets, narrowed by words and filters."""
    question = listing.Question.of(request.args)
    found = listing.ask(question, language(), links().search())
    return with_status(found, "mainz/search.html", listing=found)


@portal.route("/dataset/<id>")
def dataset(id: str) -> Any:
    """A dataset for readers, or its RDF for programs that ask for it by their Accept header."""
    if form := negotiated(request.accept_mimetypes):
        return catalogue.record_in(id, form)
    record = shown_record(id)
    if record["type"] != "dataset":
        return redirect(links().record(record["type"], record["name"]))
    if id != record["name"]:
        return redirect(links().dataset(record["name"]))
    return render("mainz/dataset.html", page=records.dataset_page(record, language()), pkg_dict=record)


@portal.route("/dataset_series/<id>")
def series(id: str) -> Any:
    """A series with its datasets."""
    return other_record(id, "dataset_series", "mainz/series.html")


@portal.route("/data_service/<id>")
def service(id: str) -> Any:
    """A service with the datasets that it gives out."""
    return other_record(id, "data_service", "mainz/service.html")


def other_record(id: str, type: str, template: str) -> Any:
    """The page of a record without files, or its RDF; another address leads to the right one."""
    if form := negotiated(request.accept_mimetypes):
        return catalogue.record_in(id, form)
    record = shown_record(id)
    if (record["type"], record["name"]) != (type, id):
        return redirect(links().record(record["type"], record["name"]))
    members = related.members(record["id"]) if type == "dataset_series" else ()
    return render(template, page=records.dataset_page(record, language()), pkg_dict=record, members=members)


@portal.route("/dataset/<id>/resource/<resource_id>")
def resource(id: str, resource_id: str) -> Any:
    """A file or link of a dataset with its details."""
    record = shown_record(id)
    wanted = next((one for one in record["resources"] if one["id"] == resource_id), None)
    if wanted is None:
        return abort(404, _("This dataset has no file or link with this address."))
    page = records.resource_page(record, wanted, language())
    return render("mainz/resource.html", page=page, pkg_dict=record, res=wanted)


@portal.route("/<any(dataset, dataset_series, data_service):type>/<id>/history")
def history(type: str, id: str) -> Any:
    """What was released of a record and when, with what changed from one state to the next."""
    record = shown_record(id)
    if (record["type"], record["name"]) != (type, id):
        return redirect(links().history(record["type"], record["name"]))
    releases = toolkit.get_action("mainz_record_history")(reader(), {"id": record["id"]})
    page = records.dataset_page(record, language())
    return render("mainz/history.html", page=page, pkg_dict=record, releases=releases)


@portal.route("/organization/", strict_slashes=False)
def organizations() -> Any:
    """All organisations with the number of their datasets."""
    return render("mainz/organizations.html", offices=offices.offices())


@portal.route("/organization/<id>")
def organization(id: str) -> Any:
    """An organisation and its datasets."""
    office = offices.find(id)
    if office is None:
        return abort(404, _("There is no organisation with this address."))
    if id != office.name:
        return redirect(links().organization(office.name))
    question = listing.Question.of(request.args)
    found = listing.ask(
        question,
        language(),
        links().organization(office.name),
        within=f"+owner_org:{listing.quoted(office.id)}",
        facets=tuple(facet for facet in listing.FACETS if facet is not listing.ORGANIZATION),
    )
    return with_status(found, "mainz/organization.html", listing=found, office=office)


@portal.route("/<any(impressum, datenschutz, barrierefreiheit):name>")
def office_page(name: str) -> Any:
    """A page that the office writes: imprint, privacy, accessibility."""
    return render("mainz/office_page.html", page=pages.page(name, language()))


@portal.route("/about")
def about() -> Any:
    """CKAN's page about itself; the home page says what this portal is."""
    return redirect(links().home())


@portal.route("/group/", strict_slashes=False)
@portal.route("/group/<path:name>")
def groups_are_hidden(name: str = "") -> Any:  # noqa: ARG001 - every page of a group is meant
    """CKAN's groups have no page here; themes take their place."""
    return abort(404, _("This portal has no groups. Themes and organisations lead to the datasets."))


@portal.route(f"{assets.ADDRESS}/<version>/<name>")
def asset(version: str, name: str) -> Any:
    """A style sheet or script of the portal; a page from before an update is led to the present file."""
    if not (assets.FOLDER / name).is_file():
        return abort(404)
    current = assets.asset(name)
    return send_from_directory(assets.FOLDER, name) if f"/{version}/" in current else redirect(current)


def shown_record(id: str) -> dict[str, Any]:
    """A record as the reader may see it. Aborts with 404 where it is missing or not for this reader, with 410 where it
    was public and is no longer."""
    try:
        return toolkit.get_action("package_show")(reader(for_view=True), {"id": id})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        grave = withdrawn.find(id)
        if grave is not None:
            return abort(make_response(render("mainz/withdrawn.html", grave=grave), withdrawn.GONE))
        return abort(404, _("There is no dataset with this address, or it is not public."))


def reader(**more: Any) -> Any:
    """CKAN's context for whoever reads."""
    return {"user": current_user.name, "auth_user_obj": current_user, **more}


def with_status(found: listing.Listing, template: str, **variables: Any) -> Response:
    """A page with a list; its status says whether the search answered."""
    return make_response(render(template, **variables), STATUS[found.problem])


def render(template: str, **variables: Any) -> str:
    return toolkit.render(template, variables)


def language() -> str:
    """The language of this request: ``de`` or ``en``."""
    return "de" if toolkit.h.lang().startswith("de") else "en"
