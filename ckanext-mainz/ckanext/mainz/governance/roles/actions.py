"""Actions on portal roles, leaving, interfaces, orphans and hand-over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import decisions, people
from ckanext.mainz.governance.decisions import Decision
from ckanext.mainz.governance.people import ADMIN, DEPUTY, SERVICE, Organization, Person
from ckanext.mainz.governance.roles import (
    accounts,
    chains,
    granting,
    handover,
    invitations,
    leaving,
    members,
    roles,
    service,
)
from ckanext.mainz.governance.roles.members import whole
from ckanext.mainz.governance.roles.roles import Role

_ = toolkit._
Dict = dict[str, Any]
LONGEST_NOTE = 2000
LONGEST_TITLE = 100

NOT_THERE = N_("{name} does not belong to this organisation.")
BELONGS_NOWHERE = N_("{name} belongs to no organisation and has no role.")
NOT_THEIR_ROLES = N_(
    "{name} has roles in the portal that you cannot end. Take the memberships away one by one, or ask the operator."
)
NO_SUCCESSOR = N_(
    "{name} is the last Datenverantwortliche of: {organizations}. Name a successor here. Only the Geschäftsstelle can"
    " confirm that nobody follows; the records are on the list of orphans then."
)
NOT_TO_ONESELF = N_("Whoever leaves cannot be their own successor.")
NO_MACHINE = N_("An interface cannot be Datenverantwortliche.")
OFFICE_CONFIRMS = N_("Only the Geschäftsstelle confirms that nobody follows.")
TOO_LONG = N_("At most {number} characters are possible here.")


def get_actions() -> Dict:
    return {
        **chains.get_actions(),
        "mainz_role_grant": mainz_role_grant,
        "mainz_role_revoke": mainz_role_revoke,
        "mainz_role_list": mainz_role_list,
        "mainz_service_create": mainz_service_create,
        "mainz_member_list": mainz_member_list,
        "mainz_membership_leave": mainz_membership_leave,
        "mainz_record_handover": mainz_record_handover,
        "mainz_orphan_list": mainz_orphan_list,
    }


# --- roles ----------------------------------------------------------------------------------------------------------


def mainz_role_grant(context: Any, data: Dict) -> Dict:
    """Gives a portal role, or another last day to one that is there.

    :param user: name or id of the account that gets it
    :type user: string
    :param role: ``office``, ``deputy`` or ``service``
    :type role: string
    :param for_user: of a deputy, the person that is represented
    :type for_user: string
    :param organization: of a service account, the one organisation that it writes for, by name or id
    :type organization: string
    :param until: last day, as ``2026-12-31``. A deputy has one, a year ahead at most
    :type until: string

    ``office`` is given by a sysadmin; ``deputy`` by the person that is represented, by the office, and by
    Datenverantwortliche for people who belong to their organisations only; ``service`` by Datenverantwortliche of the
    organisation and the office. Nobody gives a role to themselves, and deputies give none.

    :returns: the role, as in ``mainz_role_list``
    :rtype: dictionary

    Raises NotAuthorized, and ValidationError at what is wrong.
    """
    toolkit.check_access("mainz_role_grant", context, data)
    acting = people.acting(context)
    wanted = granting.wanted(data, acting)
    chains.refuse(wanted.errors)
    with whole(context):
        role = _employ(wanted, acting) if wanted.role == SERVICE else roles.write(wanted.as_role(), acting)
        if wanted.role == people.OFFICE:
            # Who stands in for somebody of the Geschäftsstelle is named by themselves or by the Geschäftsstelle.
            for deputy in roles.deputies_of(wanted.user):
                roles.remove(deputy, acting, "role_revoke")
        model.repo.commit()
    return next(iter(_told([role], acting)))


def _employ(wanted: granting.Wanted, acting: Person) -> Role:
    user = model.User.get(wanted.user)
    place = people.find_organization(wanted.organization)
    if user is None or place is None:
        raise toolkit.ObjectNotFound(wanted.user)
    return service.employ(user, place, wanted.until, acting)


def mainz_role_revoke(context: Any, data: Dict) -> None:
    """Ends a portal role at once. With the role of an interface, its account and its tokens end.

    :param id: id of the role, see ``mainz_role_list``
    :type id: string

    Whoever may give a role may end it; besides, the deputy and the one that is represented, and whoever is of the
    office for themselves.

    Raises NotAuthorized, also where there is no such role.
    """
    toolkit.check_access("mainz_role_revoke", context, data)
    role = roles.find(str(data.get("id") or ""))
    if role is None:
        raise toolkit.ObjectNotFound(_("There is no role with this id, or you may not end it."))
    with whole(context):
        accounts.end_role(role, people.acting(context), "role_revoke")
        model.repo.commit()


@toolkit.side_effect_free
def mainz_role_list(context: Any, data: Dict) -> list[Dict]:
    """Portal roles: one's own and those of one's deputies; for an organisation, its interfaces and its people's
    deputies; for the office and sysadmins all.

    :param organization: name or id of an organisation, for those who manage its people
    :type organization: string
    :param user: name or id of an account, for the office and sysadmins
    :type user: string

    :returns: ``id``, ``role``, ``role_label``, ``user`` (``id``, ``name``, ``display_name``), ``for_user`` and
        ``organization`` (``id``, ``name``, ``title``) where the role has one, ``until``, ``is_over``, ``may_revoke``
    :rtype: list of dictionaries

    Raises NotAuthorized, and ValidationError where there is no such organisation or account.
    """
    toolkit.check_access("mainz_role_list", context, data)
    person, errors = people.acting(context), {}
    place = granting.organization(data, "organization", errors) if data.get("organization") else None
    user = granting.account(data, "user", errors) if data.get("user") else None
    chains.refuse(errors)
    return list(_told(_listed(person, place, user), person))


def _listed(person: Person, place: Organization | None, user: model.User | None) -> list[Role]:
    sees_all = person.office or person.sysadmin
    if place is not None:
        return _of_organization(place) if sees_all or person.leads(place.id) else []
    if user is not None:
        return roles.of_users([user.id]) if sees_all or user.id == person.id else []
    return roles.all_roles() if sees_all else roles.of_users([person.id])


def _of_organization(place: Organization) -> list[Role]:
    here = members.of(place.id)
    deputies = [one for one in roles.of_users(here) if one.role == DEPUTY and one.for_user in here]
    return [*roles.of_organizations([place.id]), *deputies]


def _told(found: Iterable[Role], reader: Person) -> Iterable[Dict]:
    found = list(found)
    users = _users({one.user_id for one in found} | {one.for_user for one in found})
    tree = people.organizations()
    for one in found:
        yield {
            "id": one.id,
            "role": one.role,
            "role_label": _(granting.LABELS[one.role]),
            "user": users.get(one.user_id),
            "for_user": users.get(one.for_user),
            "organization": _organization(tree.get(one.organization_id)),
            "until": one.until.isoformat() if one.until else None,
            "is_over": one.is_over,
            "may_revoke": granting.may_take(reader, one),
        }


def _users(ids: Iterable[str]) -> dict[str, Dict]:
    users = model.Session.query(model.User).filter(model.User.id.in_([one for one in ids if one]))
    return {
        one.id: {"id": one.id, "name": one.name, "display_name": one.display_name, "state": one.state} for one in users
    }


def _organization(found: Organization | None) -> Dict | None:
    return {"id": found.id, "name": found.name, "title": found.title} if found else None


# --- interfaces -----------------------------------------------------------------------------------------------------


def mainz_service_create(context: Any, data: Dict) -> Dict:
    """Makes an interface: an account for a program that writes drafts and proposals of one organisation by the API.

    :param organization: name or id of the organisation
    :type organization: string
    :param title: what the program is, for people
    :type title: string
    :param until: last day, as ``2026-12-31``; without one it does not end
    :type until: string

    :returns: ``user`` (name of the account), ``role`` (see ``mainz_role_list``) and ``token``, which is told only once
    :rtype: dictionary

    Raises NotAuthorized, and ValidationError at what is wrong.
    """
    toolkit.check_access("mainz_service_create", context, data)
    errors: Dict = {}
    place = granting.organization(data, "organization", errors)
    title = _text(data, "title", errors, LONGEST_TITLE)
    until = granting.day(data, "until", errors)
    if not title:
        errors.setdefault("title", [_(granting.MISSING)])
    chains.refuse(errors)
    if place is None:
        raise toolkit.ObjectNotFound(str(data.get("organization")))
    acting = people.acting(context)
    with whole(context):
        user = service.new_account(place, title)
        role = service.employ(user, place, until, acting)
        token = service.token(user, title)
    return {"user": user.name, "role": next(iter(_told([role], acting))), "token": token}


# --- people of an organisation --------------------------------------------------------------------------------------


@toolkit.side_effect_free
def mainz_member_list(context: Any, data: Dict) -> list[Dict]:
    """The people of an organisation with their role in it, and who is invited.

    :param organization: name or id of the organisation
    :type organization: string

    :returns: ``id``, ``name``, ``display_name``, ``capacity``, ``service`` (whether it is an interface), ``invited``
        (the end of the invitation that was not taken up yet, or null)
    :rtype: list of dictionaries

    Raises NotAuthorized, also where there is no such organisation.
    """
    toolkit.check_access("mainz_member_list", context, data)
    place = people.find_organization(data.get("organization"))
    if place is None:
        raise toolkit.ObjectNotFound(str(data.get("organization")))
    invited = {one.user_id: one.until for one in invitations.open_in(place.id)}
    machines = {one.user_id for one in roles.of_organizations([place.id])}
    held = members.of(place.id)
    found = [
        {
            **{name: value for name, value in user.items() if name != "state"},
            "capacity": members.strongest(held[user["id"]]),
            "service": user["id"] in machines,
            "invited": invited[user["id"]].isoformat() if user["id"] in invited else None,
        }
        for user in _users(held).values()
        if user["state"] != model.State.DELETED and user["name"] != toolkit.config["ckan.site_id"]
    ]
    return sorted(found, key=lambda one: (-people.CAPACITIES.index(one["capacity"]), one["display_name"].casefold()))


def mainz_membership_leave(context: Any, data: Dict) -> Dict:
    """Ends a membership, or all of them together with all roles, and hands over what hangs on it.

    :param organization: name or id of the organisation; without one it is all of them
    :type organization: string
    :param user: name or id of the one who leaves; oneself, if not given
    :type user: string
    :param hand_over_to: name or id of who becomes Datenverantwortliche where the one who leaves was it
    :type hand_over_to: string
    :param confirm: nobody follows, and the records become orphans; for the office
    :type confirm: boolean
    :param note: words for the decision log
    :type note: string

    Everybody may leave; others are taken out by who manages the people of the organisation. The last
    Datenverantwortliche of records cannot leave without a successor, unless the office confirms it.

    :returns: ``left`` and ``handed_over``: names of organisations; ``orphaned``: of those with records and nobody left
    :rtype: dictionary

    Raises NotAuthorized, and ValidationError at what is wrong.
    """
    toolkit.check_access("mainz_membership_leave", context, data)
    leaver, errors = _leaver(context, data), {}
    places = _places_left(data, leaver, errors)
    heir = granting.account(data, "hand_over_to", errors) if data.get("hand_over_to") else None
    note = _text(data, "note", errors, LONGEST_NOTE)
    chains.refuse(errors)
    acting = people.acting(context)
    led = sorted(place for place in places if ADMIN in members.of(place).get(leaver.id, ()))
    alone = leaving.without(leaver.id, led)
    chains.refuse(_succession_errors(data, leaver, heir, alone, acting))
    chains.refuse(_others_roles(data, leaver, places, acting))
    with whole(context):
        for place in led if heir else ():
            _make_heir(place, heir)
        for place in places:
            members.take(place, leaver.id)
        for role in _roles_left(data, leaver, places):
            accounts.end_role(role, acting, "role_revoke")
        _note_leaving(leaver, places, heir, alone, acting, note)
        model.repo.commit()
    return {
        "left": _names(places),
        "handed_over": _names(led) if heir else [],
        "orphaned": [] if heir else [one.name for one in alone],
    }


def _leaver(context: Any, data: Dict) -> model.User:
    wanted = data.get("user") or people.acting(context).id
    user = model.User.get(wanted) if isinstance(wanted, str) else None
    if user is None or user.state == model.State.DELETED:
        raise toolkit.ValidationError({"user": [_(granting.NO_ACCOUNT).format(name=str(wanted)[:100])]})
    return user


def _places_left(data: Dict, leaver: model.User, errors: Dict) -> list[str]:
    held = members.places_of(leaver.id)
    if not data.get("organization"):
        if not held and not roles.of_users([leaver.id]):
            errors["user"] = [_(BELONGS_NOWHERE).format(name=leaver.display_name)]
        return sorted(held)
    place = granting.organization(data, "organization", errors)
    if place is not None and place.id not in held:
        errors["organization"] = [_(NOT_THERE).format(name=leaver.display_name)]
    return [place.id] if place else []


def _succession_errors(
    data: Dict, leaver: model.User, heir: model.User | None, alone: list[Organization], acting: Person
) -> Dict:
    confirmed = toolkit.asbool(data.get("confirm") or False)
    if confirmed and not acting.office:
        return {"confirm": [_(OFFICE_CONFIRMS)]}
    if heir is None:
        titles = ", ".join(one.title for one in alone)
        message = _(NO_SUCCESSOR).format(name=leaver.display_name, organizations=titles)
        return {"hand_over_to": [message]} if alone and not confirmed else {}
    if heir.id == leaver.id:
        return {"hand_over_to": [_(NOT_TO_ONESELF)]}
    if heir.id == acting.id:
        return {"hand_over_to": [_(members.NOT_YOURSELF)]}
    return {"hand_over_to": [_(NO_MACHINE)]} if members.service_of(heir.id) else {}


def _make_heir(place: str, heir: model.User | None) -> None:
    if heir is not None and members.of(place).get(heir.id) != {ADMIN}:
        members.give(place, heir.id, ADMIN)


def _note_leaving(
    leaver: model.User,
    places: Iterable[str],
    heir: model.User | None,
    alone: list[Organization],
    acting: Person,
    words: str,
) -> None:
    """What the rows on single memberships do not say: who follows, what is orphaned, and the words."""
    orphaned = {} if heir else {"orphaned": sorted(one.id for one in alone)}
    after = {"successor": heir.id} if heir else {}
    for place in sorted(places):
        decisions.write(
            Decision(
                action="leave",
                actor=acting.id,
                role=acting.role_at(place),
                organization_id=place,
                subject=leaver.id,
                after={**after, **{name: found for name, found in orphaned.items() if found}},
                note=words,
            )
        )


def _roles_left(data: Dict, leaver: model.User, places: Iterable[str]) -> list[Role]:
    """All roles where somebody leaves altogether; of an interface that of the organisation that it leaves."""
    found = roles.of_users([leaver.id])
    gone = set(places)
    return [one for one in found if one.organization_id in gone] if data.get("organization") else found


def _others_roles(data: Dict, leaver: model.User, places: Iterable[str], acting: Person) -> Dict:
    """Roles of somebody else end with their memberships only where whoever acts could end them one by one."""
    if leaver.id == acting.id:
        return {}
    kept = [one for one in _roles_left(data, leaver, places) if not granting.may_take(acting, one)]
    return {"user": [_(NOT_THEIR_ROLES).format(name=leaver.display_name)]} if kept else {}


def _names(places: Iterable[str]) -> list[str]:
    tree = people.organizations()
    return sorted(tree[place].name for place in places if place in tree)


# --- records --------------------------------------------------------------------------------------------------------


def mainz_record_handover(context: Any, data: Dict) -> Dict:
    """Hands a record over to another organisation, which answers for it from now on.

    :param id: id or name of the record
    :type id: string
    :param organization: name or id of the organisation that gets it
    :type organization: string
    :param reason: code of the vocabulary of reasons (default: ``organisation``)
    :type reason: string
    :param note: words for the decision log
    :type note: string

    For Datenverantwortliche of the organisation that has the record, and the office. The other organisation needs
    Datenverantwortliche; outside of the city group and to organisations without any, only the office hands over.

    :returns: ``id``, ``name`` and ``organization`` (``id``, ``name``, ``title``)
    :rtype: dictionary

    Raises NotAuthorized, also where there is no such record, and ValidationError at what is wrong.
    """
    toolkit.check_access("mainz_record_handover", context, data)
    package = model.Package.get(str(data.get("id")))
    if package is None:
        raise toolkit.ObjectNotFound(str(data.get("id")))
    acting = people.acting(context)
    to, errors = handover.target(data, package, acting)
    note = _text(data, "note", errors, LONGEST_NOTE)
    chains.refuse(errors)
    if to is not None:
        with whole(context):
            handover.hand_over(package, to, acting, str(data.get("reason") or "organisation"), note)
    return {"id": package.id, "name": package.name, "organization": _organization(to)}


@toolkit.side_effect_free
def mainz_orphan_list(context: Any, data: Dict) -> list[Dict]:
    """Records whose organisation has no active Datenverantwortliche, neither itself nor above it. For the office.

    :returns: ``organization`` (``id``, ``name``, ``title``), ``count`` and ``records`` (``id``, ``name``, ``title``,
        ``type``) for each organisation
    :rtype: list of dictionaries

    Raises NotAuthorized.
    """
    toolkit.check_access("mainz_orphan_list", context, data)
    return leaving.orphans()


def _text(data: Mapping[str, Any], name: str, errors: Dict, most: int) -> str:
    given = data.get(name)
    text = given.strip().replace("\x00", "") if isinstance(given, str) else ""
    if len(text) > most:
        errors[name] = [_(TOO_LONG).format(number=most)]
    return text
