"""What pages about people and roles show, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.common import current_user
from ckan.plugins import toolkit

from ckanext.mainz.governance import people
from ckanext.mainz.governance.people import ADMIN, Organization, Person
from ckanext.mainz.governance.roles import auth, fields, leaving, members, tree
from ckanext.mainz.governance.roles.forms import Field, Form, Option
from ckanext.mainz.metadata import vocabulary

_ = toolkit._
Dict = dict[str, Any]


@dataclass(frozen=True)
class Member:
    """Somebody on the page of an organisation. `options` are the roles that they can be given."""

    name: str
    title: str
    label: str
    invited: str
    service: bool
    options: tuple[Option, ...]


@dataclass(frozen=True)
class OrganizationPage:
    """The people of an organisation. `above` are those who are responsible for it from above."""

    id: str
    name: str
    title: str
    kind: str
    sealed: bool
    parents: tuple[str, ...]
    members: tuple[Member, ...]
    above: tuple[str, ...]
    manages: bool
    places: bool
    """Whether the reader decides about kind, seal and parents."""
    reader: str

    @classmethod
    def of(cls, place: Organization, reader: Person, listed: Iterable[Mapping[str, Any]]) -> OrganizationPage:
        """The page as a reader sees it."""
        term = vocabulary.find("organization_kinds", place.kind)
        organizations = people.organizations()
        return cls(
            id=place.id,
            name=place.name,
            title=place.title,
            kind=term.label(toolkit.h.lang()) if term else "",
            sealed=place.sealed,
            parents=titles(place.parents),
            members=tuple(_member(one) for one in listed),
            above=_above(place, organizations),
            manages=auth.manages(reader, place.id) or reader.sysadmin,
            places=reader.office or reader.sysadmin,
            reader=reader.name,
        )


def _member(one: Mapping[str, Any]) -> Member:
    options = tuple(
        Option(value, _(label), value == one["capacity"]) for value, (label, _note) in fields.CAPACITIES.items()
    )
    invited = toolkit.h.render_datetime(one["invited"], "%d.%m.%Y") if one["invited"] else ""
    label = fields.capacity_label(one["capacity"])
    return Member(one["name"], one["display_name"], label, invited, one["service"], options)


def _above(place: Organization, organizations: Mapping[str, Organization]) -> tuple[str, ...]:
    """Names of those who are Datenverantwortliche by an organisation above."""
    admins = members.admins()
    ids = tree.led_by(admins, organizations).get(place.id, frozenset()) - admins.get(place.id, frozenset())
    users = model.Session.query(model.User).filter(model.User.id.in_(ids)) if ids else ()
    return tuple(sorted(user.display_name for user in users))


@dataclass(frozen=True)
class Leaving:
    """The page that asks before somebody leaves an organisation. `alone`: what would have nobody left."""

    name: str
    title: str
    user: str
    display_name: str
    own: bool
    alone: tuple[str, ...]
    form: Form

    @classmethod
    def of(cls, user: model.User, place: Organization, form: Form) -> Leaving:
        """The page for a user who is to leave an organisation."""
        alone = leaving.without(user.id, [place.id])
        own = user.name == current_user.name
        titles = tuple(one.title for one in alone)
        return cls(place.name, place.title, user.name, user.display_name, own, titles, form)


@dataclass(frozen=True)
class OwnPage:
    """One's memberships (name and title of the organisation, label of the role) and roles."""

    memberships: tuple[tuple[str, str, str], ...]
    held: tuple[Dict, ...]
    given: tuple[Dict, ...]

    @classmethod
    def of(cls, user_id: str, roles: Iterable[Dict]) -> OwnPage:
        """The page of a user: roles that they hold, and deputies that they have."""
        organizations, found = people.organizations(), list(roles)
        memberships = sorted(
            (organizations[place].name, organizations[place].title, fields.capacity_label(members.strongest(held)))
            for place, held in members.places_of(user_id).items()
            if place in organizations
        )
        held = tuple(one for one in found if one["user"] and one["user"]["id"] == user_id)
        return cls(tuple(memberships), held, tuple(one for one in found if one not in held))


# --- fields ---------------------------------------------------------------------------------------------------------


def adding() -> tuple[Field, ...]:
    """What is asked to take somebody in."""
    return fields.somebody(), fields.capacity()


def granting() -> tuple[Field, ...]:
    """What is asked to give a role of the portal."""
    user = fields.person("user", _("User name"), _("Who gets the role. Example: erika-muster"))
    return user, fields.role(), fields.represented(), fields.until(required=False)


def leaving_fields(user_id: str, places: Iterable[str]) -> tuple[Field, ...]:
    """Who can follow, where somebody is to leave some organisations, and a remark."""
    found = {one for place in places for one in members.of(place)} - {user_id}
    heirs = [
        {"name": one.name, "display_name": one.display_name}
        for one in (model.Session.query(model.User).filter(model.User.id.in_(found)) if found else ())
        if one.state == model.State.ACTIVE and not members.service_of(one.id)
    ]
    return fields.successor(sorted(heirs, key=lambda one: one["display_name"].casefold())), fields.note()


def leaves(user: model.User, place: Organization) -> tuple[Field, ...]:
    """What is asked where somebody leaves an organisation; the office can confirm that nobody follows."""
    leads = ADMIN in members.of(place.id).get(user.id, frozenset())
    asked = leaving_fields(user.id, [place.id])
    return asked if leads else asked[1:]


def handing_over(package: model.Package, language: str) -> tuple[Field, ...]:
    """What is asked to hand a record over."""
    to = fields.organization(
        "organization",
        _("Organisation that gets the record"),
        _("Its Datenverantwortliche answer for the record from then on."),
        without=package.owner_org or "",
    )
    return to, fields.reason(language), fields.note()


def place_fields(place: Organization, language: str) -> tuple[Field, ...]:
    """What is asked about the place of an organisation."""
    parent = fields.organization(
        "parent",
        _("Belongs to"),
        _("Readers and Datenverantwortliche of the organisation above read what is here, unless it is sealed."),
        without=place.id,
        empty=_("No organisation above"),
    )
    return fields.kind(language), parent, fields.sealed()


def place_values(place: Organization) -> Dict:
    """What the form about the place of an organisation begins with."""
    above = [people.organizations()[one].name for one in sorted(place.parents)]
    return {
        "organization_kind": place.kind,
        "parent": above[0] if above else "",
        "sealed": "true" if place.sealed else "false",
    }


def parents(place: Organization, chosen: str) -> list[Dict]:
    """Organisations above after a choice: the chosen one, and of several that there are the others too."""
    known = [people.organizations()[one].name for one in sorted(place.parents)]
    others = known[1:] if chosen else []
    return [{"name": one} for one in dict.fromkeys([chosen, *others]) if one]


# --- looking up -----------------------------------------------------------------------------------------------------


def account(given: str) -> str:
    """The user name of the active account that somebody means by name or mail address; empty where there is none."""
    text = given.strip().replace("\x00", "")
    column = sa.func.lower(model.User.email) if "@" in text else model.User.name
    asked = sa.select(model.User.name).where(column == text.lower(), model.User.state == model.State.ACTIVE)
    found = model.Session.scalars(asked.limit(2)).all()
    return found[0] if len(found) == 1 else ""


def titles(places: Iterable[str]) -> tuple[str, ...]:
    """Titles of organisations."""
    organizations = people.organizations()
    return tuple(sorted(organizations[one].title for one in places if one in organizations))
