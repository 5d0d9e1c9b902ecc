"""CKAN's own actions on members, organisations and accounts, held to the rules of this room.

Each keeps what it does for stock clients. What changes who reads or decides is checked before it is done. Memberships
and administrators stand in the decision log by themselves (`log.acting`); what else decides who reads is noted here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.lib import api_token
from ckan.lib.dictization import model_dictize
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import decisions, people
from ckanext.mainz.governance.decisions import Decision
from ckanext.mainz.governance.log.acting import behind
from ckanext.mainz.governance.people import CAPACITIES, Person
from ckanext.mainz.governance.roles import accounts, deputies, invitations, leaving, members, organizations
from ckanext.mainz.governance.roles.members import whole

_ = toolkit._
Dict = dict[str, Any]

OFFICE_ONLY = N_("Only the Geschäftsstelle and the operator decide to which organisation another one belongs.")
AN_ORGANIZATION = N_("This is an organisation. Use the action {action}.")
BY_DELETING = N_("An account is deleted with the action user_delete, so that its roles end with it.")
TOO_LATE = N_("This invitation has ended. Ask whoever invited you for a new one.")
NOT_SENT = N_(
    "The invitation could not be sent by mail, so nothing was changed. Try again later; if it fails again, tell the"
    " operator of the portal."
)

_no_membership: ContextVar[bool] = ContextVar("mainz_no_automatic_membership", default=False)
"""While an organisation is created for somebody who operates or supervises: CKAN would make them an admin of it."""


def get_actions() -> Dict:
    return {
        "member_create": member_create,
        "member_delete": member_delete,
        "organization_member_create": organization_member_create,
        "organization_create": organization_create,
        "organization_update": organization_update,
        "organization_delete": organization_delete,
        "organization_purge": organization_purge,
        "organization_list_for_user": organization_list_for_user,
        "group_update": group_update,
        "group_delete": group_delete,
        "group_purge": group_purge,
        "user_invite": user_invite,
        "user_update": user_update,
        "user_delete": user_delete,
        "api_token_create": api_token_create,
        "api_token_revoke": api_token_revoke,
    }


def refuse(errors: Mapping[str, Any]) -> None:
    """Raises `toolkit.ValidationError` where something is wrong."""
    if errors:
        raise toolkit.ValidationError(dict(errors))


def giver(context: Any) -> Person | None:
    """Who acts, for rules about people; None where the portal itself does."""
    return None if context.get("ignore_auth") else people.acting(context)


@contextmanager
def committed_once(context: Any) -> Iterator[Any]:
    """A context for CKAN's action that leaves the commit to this block, which rows of the log are a part of."""
    with whole(context):
        yield {**context, "defer_commit": True}
        if not context.get("defer_commit"):
            model.repo.commit()


# --- members --------------------------------------------------------------------------------------------------------


@toolkit.chained_action
def member_create(original: Any, context: Any, data: Dict) -> Any:
    """A person gets a capacity in an organisation, or an organisation another one above it."""
    organization = organizations.stored(data.get("id"))
    if organization is None:
        return original(context, data)
    toolkit.check_access("member_create", context, data)
    if _no_membership.get() and context.get("ignore_auth"):
        return {}
    kind = str(data.get("object_type")).lower()
    if kind == "user":
        return _member_user(original, context, data, organization)
    return _member_parent(original, context, data, organization) if kind == "group" else original(context, data)


def _member_user(original: Any, context: Any, data: Dict, organization: model.Group) -> Any:
    user, capacity = model.User.get(data.get("object")), data.get("capacity")
    if user is not None and members.of(organization.id).get(user.id) != {capacity}:
        refuse(members.errors_of(organization.id, user, capacity, giver(context)))
        objection = leaving.objection_to_capacity(organization.id, user.id, str(capacity))
        refuse({"object": [objection]} if objection else {})
    return original(context, {**data, "object_type": "user"})


def _member_parent(original: Any, context: Any, data: Dict, organization: model.Group) -> Any:
    acting = people.acting(context)
    refuse({} if _decides(context, acting) else {"object": [_(OFFICE_ONLY)]})
    parent = people.find_organization(data.get("object"))
    if parent is None:
        refuse({"object": [_(organizations.NO_PARENT).format(name=str(data.get("object"))[:100])]})
    else:
        refuse(organizations.circle_errors(organization.id, [parent], "object"))
    before = organizations.snapshot(organization)
    with committed_once(context) as own, deputies.in_reach():
        answer = original(own, {**data, "object_type": "group"})
        model.Session.flush()
        organizations.note_changes(before, organizations.snapshot(organization), acting)
    return answer


def _decides(context: Any, acting: Person) -> bool:
    return bool(context.get("ignore_auth")) or acting.office or acting.sysadmin


@toolkit.chained_action
def member_delete(original: Any, context: Any, data: Dict) -> Any:
    """A person loses a capacity, but for the last Datenverantwortliche of records; CKAN commits by itself here."""
    organization = organizations.stored(data.get("id"))
    if organization is None:
        return original(context, data)
    toolkit.check_access("member_delete", context, data)
    kind = str(data.get("object_type")).lower()
    ends = {"user": _user_removed, "group": _parent_removed}.get(kind)
    return ends(original, context, data, organization) if ends else original(context, data)


def _user_removed(original: Any, context: Any, data: Dict, organization: model.Group) -> Any:
    user = model.User.get(data.get("object"))
    if user is not None:
        objection = leaving.objection_to_capacity(organization.id, user.id, "")
        refuse({"object": [objection]} if objection else {})
        if members.service_of(user.id) == organization.id:
            return _end_interface(context, user)
    return original(context, {**data, "object_type": "user"})


def _end_interface(context: Any, user: model.User) -> None:
    """A program without its organisation is nothing."""
    with whole(context):
        accounts.close(user, people.acting(context), "account_end")
        model.repo.commit()


def _parent_removed(original: Any, context: Any, data: Dict, organization: model.Group) -> Any:
    acting, parent = people.acting(context), organizations.stored(data.get("object"))
    refuse({} if _decides(context, acting) else {"object": [_(OFFICE_ONLY)]})
    before = organizations.snapshot(organization)
    with whole(context):
        after = replace(before, parents=before.parents - {parent.id if parent else ""})
        organizations.note_changes(before, after, acting)
        with deputies.in_reach():
            answer = original(context, {**data, "object_type": "group"})
        model.repo.commit()
        return answer


@toolkit.chained_action
def organization_member_create(original: Any, context: Any, data: Dict) -> Any:
    """The same as `member_create`, which CKAN calls; messages stand at the fields of this one."""
    try:
        return original(context, data)
    except toolkit.ValidationError as error:
        names = {"object": "username", "capacity": "role"}
        raise toolkit.ValidationError(
            {names.get(name, name): found for name, found in error.error_dict.items()}
        ) from error


# --- organisations --------------------------------------------------------------------------------------------------


@toolkit.chained_action
def organization_create(original: Any, context: Any, data: Dict) -> Any:
    """Who creates an organisation as an operator or for the office is not Datenverantwortliche of it by that."""
    toolkit.check_access("organization_create", context, data)
    acting = people.acting(context)
    refuse(organizations.name_errors(None, data.get("name")))
    refuse(organizations.parent_errors("", data.get("groups")))
    refuse(organizations.people_errors("", data.get("users"), {}, giver(context)))
    with committed_once(context) as own, _automatic_membership(acting):
        answer = original(own, data)
        model.Session.flush()
        organizations.note_changes(None, organizations.snapshot(own["group"]), acting, "organization_create")
        _told(context, own)
    return answer


@contextmanager
def _automatic_membership(acting: Person) -> Iterator[None]:
    token = _no_membership.set(acting.sysadmin or acting.office)
    try:
        yield
    finally:
        _no_membership.reset(token)


def _told(context: Any, own: Mapping[str, Any]) -> None:
    """What CKAN leaves in the context for whoever called it."""
    context.update({name: own[name] for name in ("group", "id") if name in own})


@toolkit.chained_action
def organization_update(original: Any, context: Any, data: Dict) -> Any:
    """Datenverantwortliche change what an organisation says of itself; what decides who reads, only the office."""
    organization = organizations.stored(data.get("id"))
    if organization is None:
        return original(context, data)
    toolkit.check_access("organization_update", context, data)
    acting, before = people.acting(context), organizations.snapshot(organization)
    refuse({} if context.get("ignore_auth") else organizations.name_errors(before, data.get("name")))
    refuse(organizations.parent_errors(before.id, data.get("groups")))
    refuse(organizations.people_errors(before.id, data.get("users"), before.members, giver(context)))
    organizations.keep_what_is_left_out(data, before)
    admins = members.admins() if data.get("users") is not None else {}
    with committed_once(context) as own, deputies.in_reach():
        answer = original(own, data)
        model.Session.flush()
        after = organizations.snapshot(organization)
        refuse({} if context.get("ignore_auth") else organizations.change_errors(before, after, acting))
        refuse(_departures(admins))
        organizations.note_changes(before, after, acting)
        _told(context, own)
    return answer


def _departures(admins: members.Members) -> Dict:
    """What is wrong with the new list of people: records have nobody left. `admins` are those before the change."""
    objection = leaving.objection_to_change(admins, members.admins()) if admins else ""
    return {"users": [objection]} if objection else {}


@toolkit.chained_action
def organization_delete(original: Any, context: Any, data: Dict) -> Any:
    """The end of an organisation is a row; its memberships go with it."""
    return _ends(original, context, data, "organization_delete")


@toolkit.chained_action
def organization_purge(original: Any, context: Any, data: Dict) -> Any:
    """The same for good."""
    return _ends(original, context, data, "organization_purge")


def _ends(original: Any, context: Any, data: Dict, action: str) -> Any:
    organization = organizations.stored(data.get("id"))
    if organization is None:
        return original(context, data)
    toolkit.check_access(action, context, data)
    acting, before = people.acting(context), organizations.snapshot(organization)
    with whole(context):
        decisions.write(
            Decision(
                action=action,
                actor=acting.id,
                role=acting.role_at(before.id),
                organization_id=before.id,
                before=before.deciding,
            )
        )
        with deputies.in_reach():
            answer = original(context, data)
        model.repo.commit()
        return answer


@toolkit.chained_action
@toolkit.side_effect_free
def organization_list_for_user(original: Any, context: Any, data: Dict) -> Any:
    """Where somebody has a permission, the organisations below and those of people they stand in for among them."""
    found = original(context, data)
    person = people.person(data["id"]) if data.get("id") else people.acting(context)
    if person.sysadmin or not person.id:
        return found
    wanted = places_with(person, str(data.get("permission") or "manage_group"))
    own = [one for one in found if one["id"] in wanted or not person.service]
    known = {one["id"] for one in own}
    return own if wanted <= known else _with_more(own, wanted - known, person, context, data)


def places_with(person: Person, permission: str) -> frozenset[str]:
    """Ids of organisations where a person has one of CKAN's permissions."""
    if permission == "read":
        return person.own
    if permission == "manage_group":
        return person.led | frozenset(person.capacities)
    if permission.endswith("_dataset"):
        return frozenset(place for place in person.led | frozenset(person.capacities) if person.edits(place))
    return person.led


def _with_more(found: list[Dict], ids: frozenset[str], person: Person, context: Any, data: Dict) -> list[Dict]:
    groups = model.Session.query(model.Group).filter(model.Group.id.in_(ids)).all()
    pairs = [(group, _capacity_at(person, group.id)) for group in groups]
    counts = bool(toolkit.asbool(data.get("include_dataset_count") or False))
    own: Any = {**context, "with_capacity": True}
    more = model_dictize.group_list_dictize(pairs, own, with_package_counts=counts)
    return sorted([*found, *more], key=lambda one: one["display_name"].casefold())


def _capacity_at(person: Person, place: str) -> str:
    """The capacity that counts: who leads an organisation from above has none of their own there."""
    return (
        people.ADMIN
        if person.leads(place)
        else members.strongest(person.capacities.get(place, frozenset({people.MEMBER})))
    )


# --- groups: organisations are no groups ----------------------------------------------------------------------------


@toolkit.chained_action
def group_update(original: Any, context: Any, data: Dict) -> Any:
    """Groups only: by this way CKAN would write an organisation without its rules."""
    return _groups_only(original, context, data, "organization_update")


@toolkit.chained_action
def group_delete(original: Any, context: Any, data: Dict) -> Any:
    """Groups only."""
    return _groups_only(original, context, data, "organization_delete")


@toolkit.chained_action
def group_purge(original: Any, context: Any, data: Dict) -> Any:
    """Groups only."""
    return _groups_only(original, context, data, "organization_purge")


def _groups_only(original: Any, context: Any, data: Dict, action: str) -> Any:
    refuse({"id": [_(AN_ORGANIZATION).format(action=action)]} if organizations.stored(data.get("id")) else {})
    return original(context, data)


# --- accounts -------------------------------------------------------------------------------------------------------


@toolkit.chained_action
def user_invite(original: Any, context: Any, data: Dict) -> Any:
    """An invitation has an end, and leaves nothing behind where its mail cannot be sent."""
    toolkit.check_access("user_invite", context, data)
    organization = organizations.stored(data.get("group_id"))
    if organization is None:
        return original(context, data)
    capacity, place, acting = data.get("role"), organization.id, people.acting(context)
    if capacity and capacity not in CAPACITIES:
        message = _(members.NO_CAPACITY).format(value=str(capacity)[:50], names=", ".join(CAPACITIES))
        refuse({"role": [message]})
    before = _with_address(data.get("email"))
    try:
        made = original(context, data)
    except (toolkit.ValidationError, toolkit.NotAuthorized) as error:
        if not _withdraw(_with_address(data.get("email")) - before) and isinstance(error, toolkit.ValidationError):
            raise
        raise toolkit.ValidationError({"email": [_(NOT_SENT)]}) from error
    with whole(context):
        invitations.write(made["id"], place, str(capacity), acting)
        model.repo.commit()
    return made


def _with_address(email: Any) -> frozenset[str]:
    """Ids of the accounts with a mail address, whatever their state."""
    if not isinstance(email, str) or "\x00" in email:
        return frozenset()
    user = model.user_table.c
    same = sa.func.lower(user.email) == email.strip().lower()
    return frozenset(model.Session.scalars(sa.select(user.id).where(same)))


def _withdraw(user_ids: frozenset[str]) -> bool:
    """Takes back the accounts that CKAN made before the mail failed. It tries so itself, with too few rights."""
    with whole(members.PORTAL):
        for user_id in user_ids:
            user = model.User.get(user_id)
            if user is not None and user.state != model.State.DELETED:
                accounts.close(user, people.NOBODY, "invitation_failed")
        model.repo.commit()
    return bool(user_ids)


@toolkit.chained_action
def user_update(original: Any, context: Any, data: Dict) -> Any:
    """Nobody deletes an account by changing its state, and a late invitation is not taken up."""
    user = model.User.get(data.get("id"))
    if user is None:
        return original(context, data)
    toolkit.check_access("user_update", context, data)
    operates = people.acting(context).sysadmin or bool(context.get("ignore_auth"))
    refuse({"password1": [_(TOO_LATE)]} if invitations.is_too_late(user) and not operates else {})
    deletes = data.get("state") == model.State.DELETED and user.state != model.State.DELETED
    refuse({"state": [_(BY_DELETING)]} if operates and deletes else {})
    return original(context, data)


@toolkit.chained_action
def user_delete(original: Any, context: Any, data: Dict) -> Any:
    """An account ends with its roles and tokens, but for the last Datenverantwortliche of records."""
    toolkit.check_access("user_delete", context, data)
    user = model.User.get(data.get("id"))
    if user is None:
        return original(context, data)
    led = [place for place, held in members.places_of(user.id).items() if people.ADMIN in held]
    objection = leaving.objection(user.id, led)
    refuse({"id": [objection]} if objection else {})
    with whole(context):
        accounts.strip(user, people.acting(context))
        return original(context, data)


# --- tokens ---------------------------------------------------------------------------------------------------------


@toolkit.chained_action
def api_token_create(original: Any, context: Any, data: Dict) -> Any:
    """A token of a program is a key to its organisation, so a row says who made it; CKAN commits both."""
    given = data.get("user")
    owner = model.User.get(given) if isinstance(given, str) else None
    if owner is None or not data.get("name"):
        return original(context, data)
    toolkit.check_access("api_token_create", context, data)
    with whole(context):
        _note_token("token_create", context, owner, data["name"])
        return original(context, data)


@toolkit.chained_action
def api_token_revoke(original: Any, context: Any, data: Dict) -> Any:
    """The same for its end."""
    token = model.ApiToken.get(_token_id(data))
    if token is None:
        return original(context, data)
    toolkit.check_access("api_token_revoke", context, {"jti": token.id})
    with whole(context):
        _note_token("token_revoke", context, model.User.get(token.user_id), token.name)
        return original(context, {**data, "jti": token.id})


def _token_id(data: Mapping[str, Any]) -> str:
    """The id of the token that is meant, by itself or by what it says."""
    given, token = data.get("jti"), data.get("token")
    if not given and isinstance(token, str) and token:
        given = (api_token.decode(token) or {}).get("jti")
    return given if isinstance(given, str) else ""


def _note_token(action: str, context: Any, owner: model.User | None, name: Any) -> None:
    """A row about a token of a program, or of somebody else; one's own are one's own matter. The name that people gave
    it stands among the words, where it can be redacted."""
    person = behind(context)
    place = members.service_of(owner.id) if owner is not None else ""
    if owner is None or not (place or (person.id and person.id != owner.id)):
        return
    decisions.write(
        Decision(
            action=action,
            actor="" if person.role_at(place) == people.PORTAL else person.id,
            role=person.role_at(place),
            organization_id=place,
            subject=owner.id,
            note=str(name or "").replace("\x00", ""),
        )
    )
