"""The page of what is to do, and the way out of the mails."""

from __future__ import annotations

from typing import Any

from ckan.common import current_user
from ckan.config.middleware.flask_app import csrf
from ckan.plugins import toolkit
from flask import Blueprint, redirect, request

from ckanext.mainz.foundation import entered
from ckanext.mainz.governance import people
from ckanext.mainz.governance.todo import mails, tasks

_ = toolkit._

todo_pages = Blueprint("mainz_todo", __name__)
entered.comes_back("mainz_todo", pages={"mails_switch": "todo"}, untyped=("mails_switch",))


def get_blueprints() -> list[Blueprint]:
    return [todo_pages]


@todo_pages.route("/governance/todo")
def todo() -> Any:
    """Everything that waits for the person who asks."""
    if not current_user.is_authenticated:
        return redirect(toolkit.h.url_for("user.login", came_from=toolkit.h.url_for("mainz_todo.todo")))
    found = tasks.of(people.person(current_user.name))
    groups = [(_(heading), [one for one in found if one.kind == kind]) for kind, heading in tasks.KINDS.items()]
    return toolkit.render(
        "mainz/governance/todo.html",
        {"groups": [one for one in groups if one[1]], "count": len(found), "mails": mails.is_on(current_user.id)},
    )


@todo_pages.route("/governance/todo/mails", methods=["POST"])
def mails_switch() -> Any:
    """Switches the mails of the person who asks on or off."""
    if not current_user.is_authenticated:
        return toolkit.abort(403, _("Log in first."))
    on = request.form.get("mails") == "on"
    mails.switch(current_user.id, on)
    toolkit.h.flash_success(_("You get mails again.") if on else _("You get no more mails."))
    return redirect(toolkit.h.url_for("mainz_todo.todo"))


@csrf.exempt
@todo_pages.route("/governance/mails/<token>", methods=["GET", "POST"])
def mail_off(token: str) -> Any:
    """Switches mails off for whoever holds the token of a mail; looking at the page changes nothing.

    Mail programs send this by themselves (RFC 8058), without a session: the token is what entitles.
    """
    owner = mails.owner_of(token)
    if not owner:
        return toolkit.abort(404, _("This address belongs to no mail of the portal."))
    if request.method == "POST":
        mails.switch(owner, on=False)
    return toolkit.render("mainz/governance/mail_off.html", {"token": token, "on": mails.is_on(owner)})
