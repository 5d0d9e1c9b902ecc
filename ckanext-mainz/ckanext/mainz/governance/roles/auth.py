"""What CKAN's authorisation says, with what governance adds: Datenverantwortliche act below, deputies for their person,
the office manages organisations. And for service accounts, less than CKAN says: their one organisation, nothing else.

Answers only ever become wider by what governance grants; of people CKAN's own answer stays otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.model as model
from ckan.logic import validators as core_validators
from ckan.plugins import toolkit
from ckan.types import AuthResult

from ckanext.mainz.governance import decisions, people, record
from ckanext.mainz.governance.people import Organization, Person
from ckanext.mainz.governance.roles import granting, members, roles

_ = toolkit._
Answer = AuthResult
Data = Any
"""A mapping of parameters, as CKAN hands it to authorisation functions."""
YES: Answer = {"success": True}
#: All that sets a password: in the action, in the form, and as what a backup holds of it.
PASSWORDS = ("password", "password1", "password2", "password_hash")


def get_auth_functions() -> dict[str, Any]:
    return {
        "package_create": package_create,
        "package_update": package_update,
        "group_show": group_show,
        "organization_create": organization_create,
        "organization_update": _about_organization("id", describes),
        "organization_member_create": _about_organization("id", manages),
        "group_member_create": _about_organization("id", manages),
        "member_create": _about_organization("id", manages),
        "user_invite": _about_organization("group_id", manages),
        "organization_list_for_user": organization_list_for_user,
        "user_update": user_update,
        "api_token_create": api_token_create,
        "api_token_list": api_token_list,
        "api_token_revoke": api_token_revoke,
        "mainz_role_grant": mainz_role_grant,
        "mainz_role_revoke": mainz_role_revoke,
        "mainz_role_list": logged_in,
        "mainz_service_create": mainz_service_create,
        "mainz_membership_leave": mainz_membership_leave,
        "mainz_member_list": mainz_member_list,
        "mainz_record_handover": mainz_record_handover,
        "mainz_orphan_list": supervises,
    }


def get_validators() -> dict[str, Any]:
    return {"owner_org_validator": owner_org_validator}


def no(message: str) -> Answer:
    return {"success": False, "msg": message}


# --- small permissions ----------------------------------------------------------------------------------------------


def manages(person: Person, organization: str) -> bool:
    """Who manages the people of an organisation: its Datenverantwortliche, and the office."""
    return person.leads(organization) or person.office


def describes(person: Person, organization: str) -> bool:
    """Who changes what an organisation says of itself; what decides who reads is asked for in the action."""
    return manages(person, organization)


def for_machines() -> str:
    return _("This account is that of a program: it writes records of its own organisation by the API, nothing else.")


def supervises(context: Any, _data: Data) -> Answer:
    """The office, and the operator (whom CKAN lets through)."""
    return YES if people.acting(context).office else no(_("Only the Geschäftsstelle may do this."))


def logged_in(context: Any, _data: Data) -> Answer:
    """Everybody with an account."""
    return YES if people.acting(context).id else no(_("Please log in."))


# --- records --------------------------------------------------------------------------------------------------------


@toolkit.chained_auth_function
@toolkit.auth_allow_anonymous_access
def package_create(original: Any, context: Any, data: Data) -> Answer:
    """New records of one's organisation, and of those below and of the person one stands in for."""
    person = people.acting(context)
    if not person.id:
        return original(context, data)
    given = data.get("owner_org")
    owner = people.find_organization(given)
    grants = person.edits(owner.id) if owner else not given and _edits_somewhere(person)
    return _widened(original, context, data, person, grants)


@toolkit.chained_auth_function
@toolkit.auth_allow_anonymous_access
def package_update(original: Any, context: Any, data: Data) -> Answer:
    """The same for records that are there. CKAN asks this for each change of a record, its files and their views."""
    person = people.acting(context)
    if not person.id:
        return original(context, data)
    reference = data.get("id")
    package = model.Package.get(reference) if isinstance(reference, str) else None
    grants = package is not None and person.edits(package.owner_org or "")
    return _widened(original, context, data, person, grants)


def _widened(original: Any, context: Any, data: Data, person: Person, grants: bool) -> Answer:
    """CKAN's answer, or governance's where it says yes. What else is in `data`, such as groups, CKAN looks at."""
    if person.service and not grants:
        return no(for_machines())
    if grants and not data.get("groups"):
        return YES
    return original(context, data)


def _edits_somewhere(person: Person) -> bool:
    return bool(person.led) or any(person.edits(place) for place in person.capacities)


def owner_org_validator(key: Any, data: Any, errors: Any, context: Any) -> Any:
    """CKAN's validator of the organisation of a record, which asks for its own memberships only."""
    person = people.NOBODY if context.get("ignore_auth") else people.acting(context)
    owner = people.find_organization(data.get(key)) if _edits_somewhere(person) else None
    if owner is not None and person.edits(owner.id):
        context = {**context, "ignore_auth": True}
    elif person.service:
        raise toolkit.Invalid(for_machines())
    return core_validators.owner_org_validator(key, data, errors, context)


# --- organisations and their people ---------------------------------------------------------------------------------


def _about_organization(name: str, permission: Callable[[Person, str], bool]) -> Any:
    @toolkit.chained_auth_function
    def function(original: Any, context: Any, data: Data) -> Answer:
        person = people.acting(context)
        if person.service:
            return no(for_machines())
        organization = people.find_organization(data.get(name))
        if organization is not None and permission(person, organization.id):
            return YES
        return original(context, data)

    return function


@toolkit.chained_auth_function
def organization_create(original: Any, context: Any, data: Data) -> Answer:
    """The office sets up organisations."""
    return YES if people.acting(context).office else original(context, data)


@toolkit.chained_auth_function
@toolkit.auth_allow_anonymous_access
def group_show(original: Any, context: Any, data: Data) -> Answer:
    """An organisation with its people: for those who read all that it has."""
    organization = people.find_organization(data.get("id"))
    if organization is not None and people.acting(context).reads_own(organization.id):
        return YES
    return original(context, data)


@toolkit.chained_auth_function
@toolkit.auth_allow_anonymous_access
def organization_list_for_user(original: Any, context: Any, data: Data) -> Answer:
    """Where somebody belongs is nothing for people who are not logged in."""
    if data.get("id") and not people.acting(context).id:
        return no(_("Please log in."))
    return original(context, data)


def mainz_member_list(context: Any, data: Data) -> Answer:
    """The people of an organisation, for those who read all that it has."""
    person, organization = people.acting(context), people.find_organization(data.get("organization"))
    if organization is not None and not person.service and person.reads_own(organization.id):
        return YES
    return no(not_your_organization())


def not_your_organization() -> str:
    return _("This is for the people of the organisation, of those above it, and for the Geschäftsstelle.")


# --- accounts and tokens --------------------------------------------------------------------------------------------


@toolkit.chained_auth_function
@toolkit.auth_allow_anonymous_access
@toolkit.auth_sysadmins_check
def user_update(original: Any, context: Any, data: Data) -> Answer:
    """A program does not change its own account. The operator manages accounts, but does not take over that of somebody
    who decides what everybody sees: nobody else sets their password or address."""
    person, user = people.acting(context), _user(data.get("id"))
    if person.service:
        return no(for_machines())
    if not person.sysadmin or user is None or user.id == person.id:
        return original(context, data)
    takes_over = any(data.get(name) for name in PASSWORDS) or data.get("email", user.email) != user.email
    return no(_("Only they themselves change their password and address.")) if takes_over and _decides(user) else YES


def _decides(user: model.User) -> bool:
    """Whether an account decides what everybody sees."""
    return people.person(user).office


@toolkit.chained_auth_function
@toolkit.auth_sysadmins_check
def api_token_create(original: Any, context: Any, data: Data) -> Answer:
    """Tokens of a program are made by people, who answer for its organisation, not by itself. Nobody makes one for
    another person, the operator neither. Who decides what everybody sees holds the key only of what they have set up,
    which counts as their own part."""
    person, user = people.acting(context), _user(data.get("user"))
    if person.office and user is not None and members.service_of(user.id):
        if not decisions.granted_by(person.id, [user.id]):
            return no(_("Who releases for the public makes no key for an interface that somebody else has set up."))
        return YES
    return _of_program(original, context, data, data.get("user"))


@toolkit.chained_auth_function
@toolkit.auth_allow_anonymous_access
def api_token_list(original: Any, context: Any, data: Data) -> Answer:
    """The same for looking at them."""
    return _of_program(original, context, data, data.get("user_id", data.get("user")))


@toolkit.chained_auth_function
def api_token_revoke(original: Any, context: Any, data: Data) -> Answer:
    """The same for ending them."""
    given = data.get("jti")
    token = model.ApiToken.get(given) if isinstance(given, str) else None
    return _of_program(original, context, data, token.user_id if token else None)


def _of_program(original: Any, context: Any, data: Data, owner: Any) -> Answer:
    person, user = people.acting(context), _user(owner)
    if person.service:
        return no(for_machines())
    place = members.service_of(user.id) if user is not None and user.state == model.State.ACTIVE else ""
    return YES if place and manages(person, place) else original(context, data)


def _user(reference: Any) -> model.User | None:
    return model.User.get(reference) if isinstance(reference, str) and reference else None


# --- the actions of this room ---------------------------------------------------------------------------------------


@toolkit.auth_sysadmins_check
def mainz_role_grant(context: Any, data: Data) -> Answer:
    """See `granting`. The operator gives the office only."""
    for_user = _user(data.get("for_user"))
    allowed = granting.may_give(
        people.acting(context), str(data.get("role")), _id(data.get("organization")), for_user.id if for_user else ""
    )
    return YES if allowed else no(_("You may not give this role. The documentation of the portal says who may."))


@toolkit.auth_sysadmins_check
def mainz_role_revoke(context: Any, data: Data) -> Answer:
    """Who gives a role takes it, who holds it gives it back, who is represented ends that."""
    role = roles.find(str(data.get("id") or ""))
    allowed = role is not None and granting.may_take(people.acting(context), role)
    return YES if allowed else no(_("There is no role with this id, or you may not end it."))


@toolkit.auth_sysadmins_check
def mainz_service_create(context: Any, data: Data) -> Answer:
    """The same people as for the role."""
    allowed = granting.may_give(people.acting(context), people.SERVICE, _id(data.get("organization")), "")
    message = _("Only Datenverantwortliche of the organisation and the Geschäftsstelle may do this.")
    return YES if allowed else no(message)


def mainz_membership_leave(context: Any, data: Data) -> Answer:
    """Everybody for themselves; for others who manages the people of the organisation; the operator."""
    person = people.acting(context)
    if not person.id or person.service:
        return no(for_machines() if person.service else _("Please log in."))
    other = data.get("user")
    if not other or other in (person.id, person.name):
        return YES
    place = _id(data.get("organization"))
    allowed = manages(person, place) if place else person.office
    return YES if allowed else no(_("You manage no people here. Everybody may leave an organisation by themselves."))


@toolkit.auth_sysadmins_check
def mainz_record_handover(context: Any, data: Data) -> Answer:
    """Datenverantwortliche of the organisation that has the record, and the office."""
    reference = data.get("id")
    package = model.Package.get(reference) if isinstance(reference, str) and "\x00" not in reference else None
    person = people.acting(context)
    there = package is not None and package.type in record.TYPES and package.state != model.State.DELETED
    if package is None or not there or not person.reads_own(package.owner_org or ""):
        return no(_("There is no record with this id, or it is not for you."))
    if manages(person, package.owner_org or ""):
        return YES
    return no(_("Only Datenverantwortliche of the record's organisation and the Geschäftsstelle hand it over."))


def _id(reference: Any) -> str:
    found: Organization | None = people.find_organization(reference)
    return found.id if found else ""
