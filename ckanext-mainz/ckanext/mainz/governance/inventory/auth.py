"""Who may do what with the inventory. Sysadmins are asked like everybody: they operate the portal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import auth, people, readers, record, writing
from ckanext.mainz.governance.inventory.entries import keeps
from ckanext.mainz.governance.people import Person
from ckanext.mainz.governance.record import Standing

_ = toolkit._
Answer = dict[str, Any]

LOG_IN = N_("Log in to see the inventory.")
KEEPERS = N_("Only people with the role editor in an organisation, and the Geschäftsstelle, keep the inventory.")


def get_auth_functions() -> dict[str, Any]:
    return {
        "mainz_inventory_create": keeps_some,
        "mainz_inventory_import": keeps_some,
        "mainz_inventory_export": keeps_some,
        "mainz_inventory_update": keeps_this,
        "mainz_inventory_show": reads_this,
        "mainz_inventory_list": logged_in,
        "mainz_inventory_progress": auth.office_only,
    }


def keeps_anywhere(person: Person) -> bool:
    """Whether a person keeps the inventory of some organisation."""
    return person.office or any(person.edits(one) for one in {*person.led, *person.capacities})


def knows_all(person: Person, organization: str) -> bool:
    """Whether a person reads what stands beside the record: the organisation itself, those above it, the office."""
    return person.reads_own(organization)


@toolkit.auth_sysadmins_check
def keeps_some(context: Any, _data: Mapping[str, Any]) -> Answer:
    """Whoever edits for some organisation, and the Geschäftsstelle; of which one, the action asks by entry."""
    return _answer(keeps_anywhere(people.acting(context)), _(KEEPERS))


@toolkit.auth_sysadmins_check
def keeps_this(context: Any, data: Mapping[str, Any]) -> Answer:
    """Who keeps the inventory of the entry's organisation."""
    standing = _standing(data)
    if standing is None:
        return _answer(False, auth.nothing_there())
    return _answer(keeps(people.acting(context), standing.owner), auth.not_yours())


@toolkit.auth_sysadmins_check
def reads_this(context: Any, data: Mapping[str, Any]) -> Answer:
    """Who reads the entry's record: that data exists is no secret inside the house."""
    standing = _standing(data)
    found = standing is not None and readers.reads(people.acting(context), standing)
    return _answer(found, auth.nothing_there())


@toolkit.auth_sysadmins_check
def logged_in(context: Any, _data: Mapping[str, Any]) -> Answer:
    """Everybody with an account; of the entries, each sees those of their levels."""
    return _answer(bool(people.acting(context).id), _(LOG_IN))


def _standing(data: Mapping[str, Any]) -> Standing | None:
    package = writing.stored(data.get("id"))
    return record.of(package) if package is not None else None


def _answer(allowed: bool, otherwise: str) -> Answer:
    return {"success": True} if allowed else {"success": False, "msg": otherwise}
