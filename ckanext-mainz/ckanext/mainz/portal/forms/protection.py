"""Every write by cookie needs the token of its session; a form that lost its session does not lose what was typed.

CKAN 2.12 switches the protection off for a view, for everybody and until the process ends, as soon as one person
without a cookie visits it (``ckan_before_request`` calls ``csrf.exempt``). So the check is made here once more, by what
this very request carries: nobody but the holder of a cookie can be made to write against their will.
"""

from __future__ import annotations

from typing import Any

from ckan.common import current_user
from ckan.config.middleware.flask_app import csrf
from ckan.plugins import toolkit
from flask import current_app, g, redirect, request
from flask_wtf.csrf import CSRFError

from ckanext.mainz.foundation import entered
from ckanext.mainz.portal.forms.api_answers import api_error, is_api

_ = toolkit._


def register(app: Any) -> None:
    """Protects all writing requests of an application. Views that are exempt by now stay so."""
    meant = frozenset(csrf._exempt_views)

    def protect() -> None:
        if _needs_token() and _view_name(app) not in meant:
            csrf.protect()

    app.before_request(protect)
    app.register_error_handler(CSRFError, answer)


def _needs_token() -> bool:
    if not current_app.config["WTF_CSRF_ENABLED"] or g.get("csrf_valid") or not request.endpoint:
        return False
    if current_user.is_authenticated:
        return not g.get("login_via_auth_header")
    return not is_api()  # nobody is logged in: the API then does what anybody may do


def _view_name(app: Any) -> str:
    view = app.view_functions[request.endpoint]
    return f"{view.__module__}.{view.__name__}"


def answer(_error: CSRFError) -> Any:
    """Back to the form with all that was typed, if the portal gave the form out; for somebody who is logged out, by way
    of the login."""
    if is_api():
        return api_error(400, _("Requests with a cookie need the header X-CSRFToken; requests with a token do not."))
    if entered.has_room() and (entered.marked() or not current_user.is_authenticated):
        return entered.keep_and_return()
    if request.endpoint == "user.login":
        toolkit.h.flash_error(_("This page was open for too long. Please log in once more."))
        return redirect(toolkit.h.url_for("user.login", **request.args.to_dict()))
    ended = bool(entered.marked()) and not current_user.is_authenticated
    message = _("This page was open for too long, so nothing was done. Load it again and repeat the last step.")
    if ended:
        message = _("You were logged out in the meantime. Please log in again.")
    page = {"code": 400, "content": message, "show_login_redirect_link": ended}
    return toolkit.render("error_document_template.html", page), 400
