"""Who gives portal roles to whom, and until when.

Roles are given in one's own right only: who stands in for somebody hands nothing on. Nobody gives a role to themselves.

* ``office``: by the operator (sysadmin).
* ``deputy``: by the person who is to be represented, by the office, and by Datenverantwortliche for people whose every
  membership lies in organisations that they are responsible for, and who are not of the office: a deputy may all that
  the person may, so whoever names one must answer for all of it.
* ``service``: by Datenverantwortliche of the organisation and by the office.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import people
from ckanext.mainz.governance.people import DEPUTY, EDITOR, OFFICE, ROLES, SERVICE, Organization, Person
from ckanext.mainz.governance.roles import members, roles, service
from ckanext.mainz.governance.roles.roles import Role
from ckanext.mainz.metadata.dates import DateError, moment

_ = toolkit._
Dict = dict[str, Any]
LONGEST = timedelta(days=366)

LABELS = {OFFICE: N_("Geschäftsstelle"), DEPUTY: N_("Deputy"), SERVICE: N_("Interface")}

MISSING = N_("Please fill in this field.")
NO_ROLE = N_("“{value}” is no role of the portal. Possible are: {names}.")
NO_ACCOUNT = N_("There is no active account “{name}”.")
NO_ORGANIZATION = N_("There is no organisation “{name}”.")
NO_DAY = N_("“{value}” is no day. Write it as 2026-12-31 or 31.12.2026.")
PAST = N_("This day has passed.")
TOO_LONG = N_("A deputy is named for a year at most. Name them again when it ends.")
NOT_SELF = N_("Nobody gives a role to themselves.")
NOT_OWN_DEPUTY = N_("Nobody is their own deputy.")
MACHINE = N_("This is the account of a program: it neither represents anybody nor is it represented.")
OTHER_WORK = N_(
    "Only an account that has no other role can be an interface: it may be an editor of this organisation and nothing"
    " else. Make a new one with mainz_service_create."
)
NOT_ASKED = N_("This role has no such field.")


@dataclass(frozen=True)
class Wanted:
    """A role that is to be given, all by id, with what is wrong about it by field."""

    role: str = ""
    user: str = ""
    for_user: str = ""
    organization: str = ""
    until: date | None = None
    errors: Mapping[str, list[str]] = field(default_factory=dict)

    def as_role(self) -> Role:
        """The role to be stored."""
        return roles.new(self.user, self.role, self.organization, self.for_user, self.until)


# --- may they? ------------------------------------------------------------------------------------------------------


def may_give(person: Person, role: str, organization: str, for_user: str) -> bool:
    """Whether a person gives a role for an organisation or for another person, all by id."""
    giver = person.in_own_right
    if role == OFFICE:
        return giver.sysadmin
    if role == DEPUTY:
        return bool(for_user) and not giver.service and (giver.id == for_user or answers_for(giver, for_user))
    return role == SERVICE and (giver.office or giver.leads(organization))


def answers_for(giver: Person, user_id: str) -> bool:
    """Whether somebody answers for all that another person may do."""
    if giver.office:
        return True
    other = people.person(user_id).in_own_right
    if not other.capacities or other.office or other.sysadmin:
        return False
    return all(giver.leads(place) for place in other.capacities)


def may_take(person: Person, role: Role) -> bool:
    """Whether a person ends a role: whoever gives it, who holds it, and who is represented."""
    own = person.in_own_right
    if own.id and own.id in (role.user_id, role.for_user) and role.role != SERVICE:
        return True
    return may_give(person, role.role, role.organization_id, role.for_user)


# --- what is asked for ----------------------------------------------------------------------------------------------


def wanted(data: Mapping[str, Any], acting: Person) -> Wanted:
    """What the parameters of ``mainz_role_grant`` ask for, with all that is wrong about them."""
    role = data.get("role")
    if role not in ROLES:
        return Wanted(errors={"role": [_(NO_ROLE).format(value=str(role)[:50], names=", ".join(ROLES))]})
    errors: Dict = {}
    found = Wanted(
        role=role,
        user=_id(account(data, "user", errors)),
        for_user=_id(account(data, "for_user", errors)) if role == DEPUTY else _nothing(data, "for_user", errors),
        organization=_id(organization(data, "organization", errors))
        if role == SERVICE
        else _nothing(data, "organization", errors),
        until=day(data, "until", errors, required=role == DEPUTY),
        errors=errors,
    )
    if not errors:
        errors.update(_contradictions(found, acting))
    return found


def _contradictions(found: Wanted, acting: Person) -> Dict:
    if found.user == acting.id:
        return {"user": [_(NOT_SELF)]}
    if found.role == SERVICE:
        return {} if _is_bare(found.user, found.organization) else {"user": [_(OTHER_WORK)]}
    if members.service_of(found.user):
        return {"user": [_(MACHINE)]}
    return _contradictions_of_deputy(found) if found.role == DEPUTY else {}


def _contradictions_of_deputy(found: Wanted) -> Dict:
    if found.user == found.for_user:
        return {"for_user": [_(NOT_OWN_DEPUTY)]}
    if members.service_of(found.for_user):
        return {"for_user": [_(MACHINE)]}
    return {"until": [_(TOO_LONG)]} if found.until and found.until > people.today() + LONGEST else {}


def _is_bare(user_id: str, place: str) -> bool:
    """Whether an account was made for a program and does nothing else. That of a person never becomes one: tokens are
    made for programs by others, and with the role the account ends."""
    user = model.User.get(user_id)
    if user is None or not str(user.email or "").endswith(f"@{service.MAIL}"):
        return False
    held = [one for one in roles.of_users([user_id]) if (one.role, one.organization_id) != (SERVICE, place)]
    fitting: dict[str, frozenset[str]] = {place: frozenset({EDITOR})}
    return not held and not people.person(user_id).sysadmin and members.places_of(user_id) in ({}, fitting)


# --- fields ---------------------------------------------------------------------------------------------------------


def account(data: Mapping[str, Any], name: str, errors: Dict) -> model.User | None:
    """The active account that a field names by user name or id."""
    given = _text(data, name)
    if not given:
        errors[name] = [_(MISSING)]
        return None
    user = model.User.get(given)
    if user is None or user.state != model.State.ACTIVE:
        errors[name] = [_(NO_ACCOUNT).format(name=given[:100])]
        return None
    return user


def organization(data: Mapping[str, Any], name: str, errors: Dict) -> Organization | None:
    """The organisation that a field names by name or id."""
    given = _text(data, name)
    if not given:
        errors[name] = [_(MISSING)]
        return None
    found = people.find_organization(given)
    if found is None:
        errors[name] = [_(NO_ORGANIZATION).format(name=given[:100])]
    return found


def day(data: Mapping[str, Any], name: str, errors: Dict, required: bool = False) -> date | None:
    """A day to come, as 2026-12-31 or 31.12.2026."""
    given = _text(data, name)
    if not given:
        if required:
            errors[name] = [_(MISSING)]
        return None
    try:
        found = date.fromisoformat(moment(given))
    except (DateError, ValueError):
        errors[name] = [_(NO_DAY).format(value=given[:50])]
        return None
    if found < people.today():
        errors[name] = [_(PAST)]
    return found


def _nothing(data: Mapping[str, Any], name: str, errors: Dict) -> str:
    if _text(data, name):
        errors[name] = [_(NOT_ASKED)]
    return ""


def _id(found: model.User | Organization | None) -> str:
    return found.id if found else ""


def _text(data: Mapping[str, Any], name: str) -> str:
    """A text as PostgreSQL can look for it; whatever else is sent is as good as nothing."""
    given = data.get(name)
    return given.strip().replace("\x00", "") if isinstance(given, str) else ""
