"""Pages of CKAN about one record answer alike whether somebody may not know of it or there is nothing.

CKAN answers 403 to the one and 404 to the other. Here what a page is about is looked at before CKAN does, by the names
in its address. Pages of a record itself, its RDF and its downloads say so by themselves, as they also tell of
withdrawn records.
"""

from __future__ import annotations

from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit
from flask import Blueprint, request

from ckanext.mainz.foundation import entered
from ckanext.mainz.governance import people, record
from ckanext.mainz.governance.auth import nothing_there
from ckanext.mainz.governance.closing import absent

_ = toolkit._
OF_RECORDS = {
    **{name: name for name in record.TYPES},
    **{f"{name}_resource": name for name in record.TYPES},
    "resource": "dataset",
}
"""CKAN's pages about records, by blueprint, with the type that their address names."""
OF_ROOMS = frozenset({"mainz_forms", "mainz_dictionary"})
"""Our own pages that change a record."""
BY_THEMSELVES = frozenset({"read", "download"})
"""Pages that tell alike already."""
OF_VIEWS = frozenset({"view", "views", "edit_view"})
OF_SOURCES = frozenset({"harvest", "harvester", "harvest_resource"})


def get_blueprints() -> list[Blueprint]:
    pages = Blueprint("mainz_closing", __name__)
    pages.before_app_request(look)
    return [pages]


def look() -> Any:
    """Ends a request with 404 where its address names what is not there, or not for whoever asks. A form that has
    outlived its session asks for the login, whatever it names, and is kept until then."""
    blueprint, _dot, page = str(request.endpoint or "").rpartition(".")
    if blueprint == "group" or (blueprint in OF_SOURCES and not _runs_source()):
        toolkit.abort(404, _("There is nothing at this address."))
    elif request.endpoint == "api.user_autocomplete" and not current_user.is_authenticated:
        toolkit.abort(403, _("Log in to see accounts."))
    elif blueprint in OF_RECORDS:
        _look_at(blueprint, page)
    elif blueprint in OF_ROOMS and request.method == "POST" and entered.marked() and not current_user.is_authenticated:
        return entered.keep_and_return()
    elif blueprint in OF_ROOMS and not _is_known(request.view_args or {}, ""):
        toolkit.abort(404, nothing_there())
    return None


def _look_at(blueprint: str, page: str) -> None:
    named = request.view_args or {}
    if page in BY_THEMSELVES or "id" not in named:
        return
    if page in OF_VIEWS or not _is_known(named, OF_RECORDS[blueprint]):
        toolkit.abort(404, nothing_there())


def _is_known(named: dict[str, Any], type: str) -> bool:
    """Whether what the names in an address lead to is there for whoever asks; `type`: of the record, if it is said."""
    context = {"user": current_user.name, "auth_user_obj": current_user}
    if "id" not in named:
        return True
    found = absent.named_record(named["id"])
    if found.package is None or not absent.may_know(context, found) or (type and found.package.type != type):
        return False
    if "resource_id" not in named:
        return True
    file = absent.named_file(named["resource_id"])
    return file.package is not None and file.package.id == found.package.id and absent.may_know(context, file)


def _runs_source() -> bool:
    """Whether whoever asks runs sources, and the address names one, if it names any."""
    person = people.person(current_user if current_user.is_authenticated else None)  # pyright: ignore[reportArgumentType]
    if not (person.office or person.sysadmin):
        return False
    named = request.view_args or {}
    by_source = named.get("source") or (named.get("id") if "object" not in request.path else None)
    found = absent.named_record(by_source).package if by_source else None
    return by_source is None or (found is not None and found.type == "harvest")
