"""The addresses of the catalogue: those of ckanext-dcat, answered by us in our profiles and by it in all others."""

from __future__ import annotations

from typing import Any

from ckan.lib.search.common import SearchError
from ckan.plugins import toolkit
from ckanext.dcat.exceptions import RDFProfileException
from flask import Blueprint, Response, make_response, redirect, request

from ckanext.mainz.metadata.catalogue import answers, download, formats, profiles, records, state
from ckanext.mainz.metadata.catalogue.formats import Format
from ckanext.mainz.metadata.catalogue.question import (
    Question,
    Refused,
    about_catalogue,
    about_record,
    chosen_profile,
    format_of,
    not_there,
)

_ = toolkit._

CATALOGUE = "/catalog.{_format}"
RETRY_SECONDS = "60"


def get_blueprints() -> list[Blueprint]:
    """The addresses, or none where the operator has switched RDF off."""
    if not profiles.is_given_out():
        return []
    views = Blueprint("mainz_catalogue", __name__)
    views.register_error_handler(Refused, refusal)
    path = str(toolkit.config.get("ckanext.dcat.catalog_endpoint") or CATALOGUE)
    views.add_url_rule(path.replace("{_format}", "<ending>"), "catalogue", catalogue)
    views.add_url_rule("/catalog", "negotiated", negotiated)
    views.add_url_rule("/catalog/full.<ending>.gz", "whole", whole)
    for type in records.TYPES:
        views.add_url_rule(f"/{type}/<id>.<ending>", type, record)
    return [views]


def catalogue(ending: str) -> Any:
    """A page of the catalogue in one form."""
    return _catalogue(format_of(ending), request.path)


def record(id: str, ending: str) -> Any:
    """One record in one form."""
    return _record(id, format_of(ending))


def negotiated() -> Any:
    """The catalogue in the form that the Accept header asks for, Turtle where it asks for none.

    Browsers are led to the datasets.
    """
    form = formats.negotiated(request.accept_mimetypes)
    if form is None and formats.HTML in [name for name, _quality in request.accept_mimetypes]:
        return _varying(redirect(toolkit.url_for("dataset.search")))
    return catalogue_in(form or formats.FORMATS["ttl"])


def whole(ending: str) -> Any:
    """The whole catalogue as a file."""
    return download.response(ending)


def catalogue_in(form: Format) -> Any:
    """The catalogue, at an address that has other forms too (the home page)."""
    try:
        return _varying(_catalogue(form, f"/catalog.{form.ending}"))
    except Refused as error:
        return refusal(error)


def record_in(id: str, form: Format) -> Any:
    """A record, at an address that has other forms too (its page)."""
    try:
        return _varying(_record(id, form))
    except Refused as error:
        return refusal(error)


def refusal(error: Refused) -> Response:
    """Why there is no answer, for programs and people."""
    answer = Response(f"{error.message}\n", error.status, content_type="text/plain; charset=utf-8")
    if error.status == 503:
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def _catalogue(form: Format, path: str) -> Any:
    given = request.args.to_dict()
    profile = chosen_profile(given)
    question = about_catalogue(form.ending, path, given, profile)
    if profile in profiles.OURS:
        return _answer(question)
    names = ("page", "modified_since", "q", "fq")
    return _from_dcat("dcat_catalog_show", {name: given.get(name) for name in names}, form, profile)


def _record(id: str, form: Format) -> Any:
    profile = chosen_profile(request.args.to_dict())
    question = about_record(form.ending, id, profile)
    if profile in profiles.OURS:
        return _answer(question)
    return _from_dcat("dcat_dataset_show", {"id": id}, form, profile)


def _answer(question: Question) -> Any:
    asked = request.environ.get(answers.ENVIRON)
    if asked is None or asked.question != question:
        asked = answers.asked(question, state.current())
    return answers.response_of(answers.answer_to(asked), asked.state, request.environ)


def _from_dcat(action: str, asked: dict[str, Any], form: Format, profile: str) -> Response:
    """What ckanext-dcat writes, for anybody: also those who are signed in get what is public."""
    asked = {**asked, "format": form.ending, "profiles": profile.split(",")}
    try:
        written = toolkit.get_action(action)(records.anybody(), asked)
    except (toolkit.NotAuthorized, toolkit.ObjectNotFound) as error:
        raise not_there() from error
    except (toolkit.ValidationError, RDFProfileException, SearchError) as error:
        raise Refused(400, str(error)[:500]) from error
    answer = make_response(written)
    answer.headers["Content-Type"] = form.content_type
    return answer


def _varying(answer: Any) -> Any:
    answer.vary.add("Accept")
    return answer
