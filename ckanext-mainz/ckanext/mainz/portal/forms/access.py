"""Who is at the form, and what they may do. Refusals say what is missing and whom to ask."""

from __future__ import annotations

from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit
from flask import abort, redirect, request
from werkzeug.wrappers import Response

from ckanext.mainz.governance import people, record, working
from ckanext.mainz.portal.forms import entered

_ = toolkit._


def context(**more: Any) -> Any:
    """CKAN's context for the person at the form."""
    return {"user": current_user.name, "auth_user_obj": current_user, **more}


def login_first() -> Response | None:
    """Sends somebody who is not logged in to the login and back again; what a form sent is kept."""
    if current_user.is_authenticated:
        return None
    if request.method == "POST":
        return entered.keep_and_return()
    here = toolkit.h.url_for(request.endpoint, **(request.view_args or {}))
    return redirect(toolkit.h.url_for("user.login", came_from=here))


def require(action: str, data: dict[str, Any], message: str) -> None:
    """Aborts with 403 and the message where the person may not do something, with 404 where there is nothing."""
    try:
        toolkit.check_access(action, context(), data)
    except toolkit.NotAuthorized:
        toolkit.abort(403, message)
    except toolkit.ObjectNotFound:
        toolkit.abort(404, _("There is no dataset with this address, or it is not public."))


def stored(id: str, **more: Any) -> dict[str, Any]:
    """A record that the person at the form may change, as they have it under way: as it is stored, with their own
    proposal. Aborts with 404 or 403 otherwise, and leads on where nothing can be changed now."""
    try:
        found = toolkit.get_action("package_show")(context(use_cache=False, **more), {"id": id})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return toolkit.abort(404, _("There is no dataset with this address, or it is not public."))
    require("package_update", {"id": found["id"]}, may_not_change())
    standing = record.of_record(found)
    if working.is_closed(standing):
        toolkit.h.flash_notice(_("This record cannot be changed now. This page says why, and what is possible."))
        abort(redirect(toolkit.h.url_for("mainz_governance.record", id=found["name"])))
    return working.copy(people.person(current_user.name), found).record


def may_not_change() -> str:
    return _("You may not change this dataset. Only people of its organisation with the role editor may.")
