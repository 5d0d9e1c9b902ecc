"""Who is at the form, and what they may do. Refusals say what is missing and whom to ask."""

from __future__ import annotations

from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit
from flask import abort, make_response, redirect

from ckanext.mainz.foundation import entered
from ckanext.mainz.governance import people, record, working

_ = toolkit._


def context(**more: Any) -> Any:
    """CKAN's context for the person at the form."""
    return {"user": current_user.name, "auth_user_obj": current_user, **more}


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
    proposal. Aborts with 404 or 403 otherwise, and leads on where nothing can be changed now; but what was typed into a
    form until then is shown in it."""
    try:
        found = toolkit.get_action("package_show")(context(use_cache=False, **more), {"id": id})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return toolkit.abort(404, _("There is no dataset with this address, or it is not public."))
    require("package_update", {"id": found["id"]}, may_not_change())
    standing = record.of_record(found)
    if working.is_closed(standing):
        _closed(found["name"])
    return working.copy(people.person(current_user.name), found).record


def _closed(name: str) -> None:
    """Leads to the page of a record that cannot be changed now, but for a form into which something was typed."""
    if entered.is_typed():
        abort(redirect(entered.address()) if entered.keep() else make_response(*entered.too_long()))
    if entered.restored() is None:
        toolkit.h.flash_notice(_("This record cannot be changed now. This page says why, and what is possible."))
        abort(redirect(toolkit.h.url_for("mainz_governance.record", id=name)))
    toolkit.h.flash_error(
        _(
            "The record was handed in or archived while you were typing, so nothing was saved. What you typed stands"
            " here for an hour: send it once the record is a draft again, or copy it."
        )
    )


def may_not_change() -> str:
    return _("You may not change this dataset. Only people of its organisation with the role editor may.")
