"""Who is at a page of governance, and what they are told where they may not go on."""

from __future__ import annotations

from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit

from ckanext.mainz.governance import people
from ckanext.mainz.governance.people import Person

_ = toolkit._


def context() -> Any:
    """CKAN's context for the person at the page."""
    return {"user": current_user.name, "auth_user_obj": current_user}


def person() -> Person:
    """The person at the page."""
    return people.person(current_user.name if current_user.is_authenticated else None)


def call(action: str, data: dict[str, Any]) -> Any:
    """The result of an action for the person at the page. Raises what the action raises."""
    return toolkit.get_action(action)(context(), data)


def nothing_there(error: toolkit.ObjectNotFound) -> Any:
    """The same page for what is not there and for what is not for this person."""
    return _page(404, str(error.message or ""))


def not_allowed(error: toolkit.NotAuthorized) -> Any:
    """Why this person may not do this."""
    return _page(403, str(error.message or ""))


def _page(status: int, sentence: str) -> Any:
    return toolkit.render("error_document_template.html", {"code": status, "content": sentence}), status
