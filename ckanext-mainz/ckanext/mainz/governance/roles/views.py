"""Pages about people and roles: of an organisation, of the portal, and one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.model as model
from ckan.common import current_user
from ckan.plugins import toolkit
from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response

from ckanext.mainz.foundation import entered
from ckanext.mainz.governance import people
from ckanext.mainz.governance.people import EDITOR, Organization
from ckanext.mainz.governance.roles import auth, fields, granting, leaving, members, pages
from ckanext.mainz.governance.roles.forms import Form, form

_ = toolkit._
UNPROCESSABLE = 422

roles = Blueprint("mainz_roles", __name__, url_prefix="/governance")


def get_blueprints() -> list[Blueprint]:
    return [roles]


roles.before_request(entered.login_first)
entered.comes_back(
    "mainz_roles",
    pages={"add": "organization", "change": "organization", "end": "me"},
    untyped=("change", "end"),
)


# --- an organisation ------------------------------------------------------------------------------------------------


@roles.route("/organization/<id>")
def organization(id: str) -> Any:
    """The people of an organisation, their roles, its interfaces."""
    return _organization_page(_place(id))


@roles.route("/organization/<id>/add", methods=["GET", "POST"])
def add(id: str) -> Any:
    """Takes somebody in: who has an account gets the role at once, others are invited."""
    place = _managed(id)
    if request.method == "GET":
        return _to("organization", id=place.name)
    typed = request.form.to_dict()
    given = typed.get("person", "").strip()
    known = pages.account(given)
    wrong = _take_in(place, known, typed.get("capacity", "")) if known else _invite(place, given, typed)
    if wrong:
        return _organization_page(place, form(*pages.adding(), typed=typed, errors=wrong))
    done = _("{name} has the role now.") if known else _("{name} was invited by mail.")
    return _done(done.format(name=_display_name(known or given)), "organization", id=place.name)


def _take_in(place: Organization, user: str, capacity: str) -> Any:
    data = {"id": place.id, "username": user, "role": capacity}
    return _try("organization_member_create", data, {"username": "person", "role": "capacity", "message": "person"})


def _invite(place: Organization, given: str, typed: Mapping[str, Any]) -> Any:
    if "@" not in given:
        return {"person": [_(granting.NO_ACCOUNT).format(name=given[:100]) if given else _(granting.MISSING)]}
    data = {"group_id": place.id, "email": given, "role": typed.get("capacity", "")}
    return _try("user_invite", data, {"email": "person", "role": "capacity", "message": "person"})


@roles.route("/organization/<id>/role", methods=["GET", "POST"])
def change(id: str) -> Any:
    """Gives somebody another role in an organisation."""
    place = _managed(id)
    if request.method == "GET":
        return _to("organization", id=place.name)
    data = {"id": place.id, "username": request.form.get("user", ""), "role": request.form.get("capacity", "")}
    wrong = _try("organization_member_create", data, {})
    if wrong:
        return _organization_page(place, problem=form(typed={}, errors=wrong))
    words = _("{name} has the role now.").format(name=_display_name(data["username"]))
    return _done(words, "organization", id=place.name)


@roles.route("/organization/<id>/leave", methods=["GET", "POST"])
def leave(id: str) -> Any:
    """Ends a membership, one's own or that of somebody else, with a hand-over where it is needed."""
    place = _place(id)
    user = model.User.get(request.values.get("user") or current_user.name)
    if user is None or place.id not in members.places_of(user.id):
        return toolkit.abort(404, _("This person does not belong to the organisation."))
    _require("mainz_membership_leave", {"user": user.id, "organization": place.id})
    typed: dict[str, Any] = entered.fields().to_dict()
    wrong: Mapping[str, Any] = {}
    if request.method == "POST":
        data = {**typed, "user": user.id, "organization": place.id}
        wrong = _try("mainz_membership_leave", data, {})
        if not wrong:
            return _gone(user, place)
    page = pages.Leaving.of(user, place, form(*pages.leaves(user, place), typed=typed, errors=wrong))
    return _render("mainz/governance/leave.html", wrong, page=page)


def _gone(user: model.User, place: Organization) -> Any:
    words = _("{name} no longer belongs to {organization}.").format(name=user.display_name, organization=place.title)
    if user.name == current_user.name:
        return _done(words, "me")
    return _done(words, "organization", id=place.name)


@roles.route("/organization/<id>/interface", methods=["GET", "POST"])
def interface(id: str) -> Any:
    """Sets up an account for a program; its token is shown once."""
    place = _place(id)
    _require("mainz_service_create", {"organization": place.id})
    typed: dict[str, Any] = entered.fields().to_dict()
    wrong: Mapping[str, Any] = {}
    made: dict[str, Any] = {}
    if request.method == "POST":
        wrong = _try("mainz_service_create", {**typed, "organization": place.id}, {}, made.update)
    if made:
        entered.forget()
    shown = form(fields.title(), fields.until(required=False), typed=typed, errors=wrong)
    response = make_response(
        _render("mainz/governance/interface.html", wrong, place=place, form=shown, made=made or None)
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@roles.route("/organization/<id>/place", methods=["GET", "POST"])
def place(id: str) -> Any:
    """For the office: kind, seal and the organisations above."""
    found = _place(id)
    person = _person()
    if not (person.office or person.sysadmin):
        return toolkit.abort(403, _("Only the Geschäftsstelle and the operator may do this."))
    typed: dict[str, Any] = entered.fields().to_dict() or pages.place_values(found)
    wrong: Mapping[str, Any] = {}
    if request.method == "POST":
        data = {"id": found.id, "organization_kind": typed.get("organization_kind"), "sealed": typed.get("sealed")}
        data["groups"] = pages.parents(found, typed.get("parent", ""))
        wrong = _try("organization_patch", data, {"groups": "parent"})
        if not wrong:
            return _done(_("The place of the organisation is changed."), "organization", id=found.name)
    shown = form(*pages.place_fields(found, _language()), typed=typed, errors=wrong)
    return _render("mainz/governance/place.html", wrong, place=found, form=shown)


def _organization_page(place: Organization, adding: Form | None = None, problem: Form | None = None) -> Any:
    page = pages.OrganizationPage.of(place, _person(), _act("mainz_member_list", {"organization": place.id}))
    shown = adding or form(*pages.adding(), typed=entered.fields("add").to_dict() or {"capacity": EDITOR})
    found = [*shown.problems, *(problem.problems if problem else [])]
    listed = _act("mainz_role_list", {"organization": place.id}) if page.manages else []
    return _render(
        "mainz/governance/organization.html", found, page=page, form=shown, problems=found, roles=listed, back=_here()
    )


# --- the portal -----------------------------------------------------------------------------------------------------


@roles.route("/roles", methods=["GET", "POST"])
def portal() -> Any:
    """All roles of the portal, for the office and the operator, and the form that gives one."""
    person = _person()
    if not (person.office or person.sysadmin):
        return toolkit.abort(403, _("Only the Geschäftsstelle and the operator may do this."))
    typed: dict[str, Any] = entered.fields().to_dict()
    wrong: Mapping[str, Any] = {}
    if request.method == "POST":
        wrong = _try("mainz_role_grant", typed, {})
        if not wrong:
            return _done(_("{name} has the role now.").format(name=_display_name(typed["user"])), "portal")
    shown = form(*pages.granting(), typed=typed, errors=wrong)
    listed = _act("mainz_role_list", {})
    return _render("mainz/governance/roles.html", wrong, form=shown, roles=listed, back=_here())


@roles.route("/roles/<id>/end", methods=["POST"])
def end(id: str) -> Any:
    """Ends a role at once."""
    back = request.form.get("back", "")
    wrong = _try("mainz_role_revoke", {"id": id}, {})
    if not wrong:
        toolkit.h.flash_success(_("The role has ended."))
    return redirect(back if toolkit.h.url_is_local(back) else toolkit.h.url_for("mainz_roles.me"))


@roles.route("/orphans")
def orphans() -> Any:
    """For the office: records that nobody answers for."""
    _require("mainz_orphan_list", {})
    return _render("mainz/governance/orphans.html", {}, orphans=_act("mainz_orphan_list", {}))


@roles.route("/record/<id>/handover", methods=["GET", "POST"])
def handover(id: str) -> Any:
    """Hands a record over to another organisation."""
    _require("mainz_record_handover", {"id": id}, 404)
    package = model.Package.get(id)
    if package is None:
        return toolkit.abort(404, _("There is no dataset with this address, or it is not public."))
    typed: dict[str, Any] = entered.fields().to_dict() or {"reason": "organisation"}
    wrong: Mapping[str, Any] = {}
    if request.method == "POST":
        wrong = _try("mainz_record_handover", {**typed, "id": id}, {})
        if not wrong:
            toolkit.h.flash_success(_("The record belongs to the other organisation now."))
            return redirect(toolkit.h.url_for(f"{package.type}.read", id=package.name))
    shown = form(*pages.handing_over(package, _language()), typed=typed, errors=wrong)
    owner = people.organizations().get(package.owner_org or "")
    return _render("mainz/governance/handover.html", wrong, pkg=package, owner=owner, form=shown)


# --- one's own ------------------------------------------------------------------------------------------------------


@roles.route("/me", methods=["GET", "POST"])
def me() -> Any:
    """Where one belongs, one's roles and deputies, and the form that names a deputy."""
    typed: dict[str, Any] = entered.fields().to_dict()
    wrong: Mapping[str, Any] = {}
    if request.method == "POST":
        data = {"user": typed.get("user"), "until": typed.get("until"), "role": "deputy", "for_user": current_user.name}
        wrong = _try("mainz_role_grant", data, {})
        if not wrong:
            return _done(_("{name} is your deputy now.").format(name=_display_name(typed["user"])), "me")
    shown = form(fields.deputy(), fields.until(), typed=typed, errors=wrong)
    page = pages.OwnPage.of(current_user.id, _act("mainz_role_list", {"user": current_user.id}))
    return _render("mainz/governance/me.html", wrong, page=page, form=shown, back=_here())


@roles.route("/me/leave", methods=["GET", "POST"])
def leave_all() -> Any:
    """Ends all memberships and roles of oneself in one step."""
    _require("mainz_membership_leave", {})
    typed: dict[str, Any] = entered.fields().to_dict()
    wrong: Mapping[str, Any] = {}
    if request.method == "POST":
        wrong = _try(
            "mainz_membership_leave", {"hand_over_to": typed.get("hand_over_to"), "note": typed.get("note")}, {}
        )
        if not wrong:
            return _done(_("You belong to no organisation any more, and your roles have ended."), "me")
    mine = members.places_of(current_user.id)
    shown = form(*pages.leaving_fields(current_user.id, mine), typed=typed, errors=wrong)
    alone = leaving.without(current_user.id, mine)
    return _render("mainz/governance/leave_all.html", wrong, form=shown, titles=pages.titles(mine), alone=alone)


# --- what all of them do --------------------------------------------------------------------------------------------


def _try(action: str, data: dict[str, Any], names: Mapping[str, str], made: Callable[..., Any] | None = None) -> Any:
    """Calls an action; what is wrong, by the names of the form's fields, empty where it was done."""
    try:
        answer = _act(action, data)
    except toolkit.ValidationError as error:
        model.Session.rollback()
        return {names.get(name, name): found for name, found in error.error_dict.items()}
    except toolkit.NotAuthorized as error:
        return toolkit.abort(403, str(error.message or auth.not_your_organization()))
    if made is not None:
        made(answer)
    return {}


def _act(action: str, data: dict[str, Any]) -> Any:
    return toolkit.get_action(action)(_context(), data)


def _context() -> Any:
    return {"user": current_user.name, "auth_user_obj": current_user}


def _person() -> people.Person:
    return people.acting(_context())


def _place(name: str) -> Organization:
    """An organisation whose people one may see. Aborts with 404 or 403 otherwise."""
    found = people.find_organization(name)
    if found is None:
        return toolkit.abort(404, _("There is no organisation with this address."))
    _require("mainz_member_list", {"organization": found.id})
    return found


def _managed(name: str) -> Organization:
    """An organisation whose people one manages."""
    found = _place(name)
    _require("organization_member_create", {"id": found.id})
    return found


def _require(action: str, data: dict[str, Any], status: int = 403) -> None:
    try:
        toolkit.check_access(action, _context(), data)
    except toolkit.NotAuthorized as error:
        toolkit.abort(status, str(error.message or auth.not_your_organization()))


def _render(template: str, wrong: Any, **variables: Any) -> Any:
    return toolkit.render(template, variables), UNPROCESSABLE if wrong else 200


def _done(words: str, endpoint: str, **values: Any) -> Response:
    toolkit.h.flash_success(words)
    return _to(endpoint, **values)


def _to(endpoint: str, **values: Any) -> Response:
    return redirect(toolkit.h.url_for(f"mainz_roles.{endpoint}", **values))


def _here() -> str:
    return request.path


def _display_name(user: str) -> str:
    found = model.User.get(user)
    return found.display_name if found else user


def _language() -> str:
    return "de" if toolkit.h.lang().startswith("de") else "en"
