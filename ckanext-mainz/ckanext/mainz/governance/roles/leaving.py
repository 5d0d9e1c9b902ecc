"""Records without Datenverantwortliche: what keeps the last one from leaving unnoticed, and the list of orphans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import people
from ckanext.mainz.governance.people import ADMIN, Organization
from ckanext.mainz.governance.roles import members, tree

_ = toolkit._
Dict = dict[str, Any]
Admins = Mapping[str, frozenset[str]]
"""Organisation → its own Datenverantwortliche, by id."""

THE_LAST = N_(
    "Without this person nobody is Datenverantwortliche of: {organizations}. Name a successor first, or end the"
    " membership with mainz_membership_leave and hand_over_to."
)


def with_records() -> frozenset[str]:
    """Ids of organisations that have records, drafts among them."""
    package = model.package_table.c
    asked = sa.select(package.owner_org).where(package.state != model.State.DELETED, package.owner_org.is_not(None))
    return frozenset(model.Session.scalars(asked.distinct()))


def left_alone(before: Admins, after: Admins) -> list[Organization]:
    """Organisations with records that had Datenverantwortliche before, and after some left have none."""
    organizations = people.organizations()
    alone = frozenset(tree.led_by(before, organizations)) - frozenset(tree.led_by(after, organizations))
    return sorted((organizations[one] for one in alone & with_records() if one in organizations), key=_title)


def without(user_id: str, places: Iterable[str]) -> list[Organization]:
    """The same if a user were no longer Datenverantwortliche in some places."""
    before, gone = members.admins(), frozenset(places)
    return left_alone(before, {place: users - {user_id} if place in gone else users for place, users in before.items()})


def objection_to_change(before: Admins, after: Admins) -> str:
    """Why people cannot leave; empty where nothing hangs on it."""
    return _sentence(left_alone(before, after))


def objection(user_id: str, places: Iterable[str]) -> str:
    """Why a user must stay Datenverantwortliche in some places; empty where nothing hangs on it."""
    return _sentence(without(user_id, places))


def _sentence(alone: list[Organization]) -> str:
    return _(THE_LAST).format(organizations=", ".join(one.title for one in alone)) if alone else ""


def objection_to_capacity(organization_id: str, user_id: str, capacity: str) -> str:
    """The same where a user is to have another capacity in an organisation, or none (empty)."""
    held = members.of(organization_id).get(user_id, frozenset())
    return objection(user_id, [organization_id]) if ADMIN in held and capacity != ADMIN else ""


def orphans() -> list[Dict]:
    """Organisations with records and without Datenverantwortliche, each with its records."""
    organizations = people.organizations()
    records = _records_outside(tree.led_by(members.admins(), organizations))
    places = {place for place, _record in records}
    return [_orphaned(place, organizations, [one for at, one in records if at == place]) for place in sorted(places)]


def _orphaned(place: str, organizations: Mapping[str, Organization], records: list[Dict]) -> Dict:
    known = organizations.get(place)
    named = {"id": place, "name": known.name if known else "", "title": known.title if known else _("(deleted)")}
    return {"organization": named, "count": len(records), "records": records}


def _records_outside(led: Iterable[str]) -> list[tuple[str, Dict]]:
    package = model.package_table.c
    rows = model.Session.execute(
        sa.select(package.owner_org, package.id, package.name, package.title, package.type)
        .where(package.state != model.State.DELETED, package.owner_org.is_not(None), package.owner_org.not_in([*led]))
        .order_by(package.title, package.id)
    )
    return [
        (row.owner_org, {"id": row.id, "name": row.name, "title": row.title or row.name, "type": row.type})
        for row in rows
    ]


def _title(one: Organization) -> str:
    return one.title
