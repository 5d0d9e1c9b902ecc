"""What goes out about public datasets: schema.org in their pages, Croissant as a file. Nothing about others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.model as model
from ckan.common import current_user
from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.dictionary import structures
from ckanext.mainz.metadata.jsonld import croissant, facts, schema_org
from ckanext.mainz.metadata.jsonld.escaping import in_page
from ckanext.mainz.metadata.quality import assessing

_ = toolkit._
TYPE = "dataset"

jsonld = Blueprint("mainz_jsonld", __name__)


def get_helpers() -> dict[str, Any]:
    return {"mainz_jsonld": for_page}


def for_page(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """The JSON-LD of a dataset's page (``schema_org``) and the address of its Croissant file (empty if it has none).

    None for what is not public.
    """
    if not is_public(record):
        return None
    found = facts_of(record)
    address = toolkit.h.url_for("mainz_jsonld.croissant_file", id=record["name"], locale="default")
    return {
        "schema_org": in_page(schema_org.dataset(found, toolkit.config["ckan.site_title"], _site())),
        "croissant": address if croissant.is_described(found) else "",
    }


@jsonld.route("/dataset/<id>/croissant.jsonld")
def croissant_file(id: str) -> Response:
    """The tables of a public dataset as Croissant 1.0."""
    record = _shown(id)
    found = facts_of(record) if is_public(record) else None
    if found is None or not croissant.is_described(found):
        return toolkit.abort(404, _("There is no Croissant file here: it is made of public datasets with tables."))
    text = json.dumps(croissant.dataset(found), ensure_ascii=False, indent=2)
    return Response(text, content_type="application/ld+json; charset=utf-8")


def is_public(record: Mapping[str, Any]) -> bool:
    """Whether a record is a dataset that everybody sees."""
    return record.get("type") == TYPE and record.get("state") == model.State.ACTIVE and record.get("private") is False


def facts_of(record: Mapping[str, Any]) -> facts.Dataset:
    """The facts of a dataset, with what its editor left empty filled in as in its RDF."""
    return facts.of(assessing.given_out(record), _sources())


def _sources() -> facts.Sources:
    return facts.Sources(
        site=_site(),
        license=_license,
        language=_language,
        place=_place,
        structure=lambda resource: structures.kept(resource) if structures.is_table(resource) else None,
    )


def _site() -> str:
    return toolkit.config["ckan.site_url"].rstrip("/")


def _license(identifier: str) -> str:
    term = vocabulary.match("licenses", identifier)
    return (term.url or term.uri) if term else ""


def _language(uri: str) -> str:
    """The code of a language in two letters, or in three where it has no shorter one."""
    term = vocabulary.find("languages", uri)
    return next((one for one in term.alt if len(one) == 2), term.code.lower()) if term else ""


def _place(uri: str) -> str:
    term = vocabulary.find("places", uri)
    return term.de if term else ""


def _shown(id: str) -> dict[str, Any]:
    context: Any = {"user": current_user.name, "auth_user_obj": current_user}
    try:
        return toolkit.get_action("package_show")(context, {"id": id})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return toolkit.abort(404, _("There is no dataset with this address, or it is not public."))
