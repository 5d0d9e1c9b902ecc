"""Who is at the form, and what they may do. Refusals say what is missing and whom to ask."""

from __future__ import annotations

from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit
from flask import redirect, request
from werkzeug.wrappers import Response

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


def record(id: str, **more: Any) -> dict[str, Any]:
    """A dataset that the person at the form may change, as stored. Aborts with 404 or 403 otherwise."""
    try:
        found = toolkit.get_action("package_show")(context(use_cache=False, **more), {"id": id})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return toolkit.abort(404, _("There is no dataset with this address, or it is not public."))
    require("package_update", {"id": found["id"]}, may_not_change())
    return found


def may_not_change() -> str:
    return _("You may not change this dataset. Only people of its organisation with the role editor may.")
