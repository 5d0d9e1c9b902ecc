"""What an organisation is for governance, before and after a change, and who may change which part of it.

Compared is what the database holds in the transaction, not what was sent: fields reach it by more than one way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import decisions, people, tables
from ckanext.mainz.governance.decisions import Decision
from ckanext.mainz.governance.people import Organization, Person
from ckanext.mainz.governance.proposals import OPEN
from ckanext.mainz.governance.roles import leaving, members, tree
from ckanext.mainz.governance.roles.members import Members

_ = toolkit._
Dict = dict[str, Any]
DECIDES = ("name", "organization_kind", "sealed", "groups", "state")
"""Fields that decide who reads what an organisation has, and what is shared with it by its name."""

OFFICE_ONLY = N_(
    "Only the Geschäftsstelle and the operator change this: it decides who reads what this organisation has. Send back"
    " the value that is stored, or leave the field out."
)
NO_PARENT = N_("There is no organisation “{name}” that this one could belong to.")
PARENTS_AS_LIST = N_("Organisations above this one are a list of entries with a name or an id.")
CIRCLE = N_("This organisation cannot belong to “{title}”, which belongs to it or is itself.")
PEOPLE_AS_LIST = N_("People are a list of entries with a name or an id, and a capacity.")
NO_ACCOUNT = N_("There is no account “{name}”.")
NAME_IS_SHARED = N_("Records are shared with an organisation of this name. Choose another one.")
STILL_SHARED = N_(
    "{number} records are shared with this organisation by its name, or are to be. Take it out of them before it is"
    " renamed: with mainz_record_visibility_set, or where they are handed in."
)
HAS_RECORDS = N_("This organisation still has records. Hand them over first (mainz_record_handover).")


@dataclass(frozen=True)
class Snapshot:
    """An organisation with its members at one moment. `parents` are ids."""

    id: str
    name: str
    state: str
    kind: str
    sealed: bool
    parents: frozenset[str]
    members: Members

    @property
    def deciding(self) -> Dict:
        """What decides who reads, by field."""
        return {
            "name": self.name,
            "organization_kind": self.kind,
            "sealed": self.sealed,
            "groups": sorted(self.parents),
            "state": self.state,
        }


def stored(reference: Any) -> model.Group | None:
    """An organisation by id or name, in whatever state."""
    group = model.Group.get(reference) if isinstance(reference, str) and reference and "\x00" not in reference else None
    return group if group is not None and group.is_organization else None


def snapshot(group: Any) -> Snapshot:
    """An organisation as it is in the present transaction."""
    link = model.member_table.c
    parents = sa.select(link.table_id).where(
        link.group_id == group.id, link.table_name == "group", link.state == model.State.ACTIVE
    )
    extras = group.extras or {}
    return Snapshot(
        id=group.id,
        name=group.name,
        state=group.state,
        kind=str(extras.get("organization_kind") or ""),
        sealed=people.is_sealed(extras),
        parents=frozenset(model.Session.scalars(parents)),
        members=members.of(group.id),
    )


def shared_with(name: str) -> int:
    """How many records are, or are asked to be, shared with the organisation of this name, be there one or not."""
    record, waiting, quoted = model.package_table.c, tables.proposal.c, f'"{name}"'
    named = record.extras["shared_with"].astext.contains(quoted, autoescape=True)
    asked = waiting.changes["fields"]["shared_with"].astext.contains(quoted, autoescape=True)
    ids = sa.union(
        sa.select(record.id).where(named, record.state != model.State.DELETED),
        sa.select(waiting.package_id).where(asked, waiting.state == OPEN),
    ).subquery()
    return model.Session.scalar(sa.select(sa.func.count()).select_from(ids)) or 0


# --- before a change ------------------------------------------------------------------------------------------------


def keep_what_is_left_out(data: Dict, before: Snapshot) -> None:
    """Kind and seal stay where they are not sent: an update without them would take the seal away."""
    data.setdefault("organization_kind", before.kind)
    data.setdefault("sealed", "true" if before.sealed else "false")


def name_errors(before: Snapshot | None, given: Any) -> Dict:
    """What is wrong with a new name: what is shared by a name neither ends nor goes to somebody else unnoticed."""
    if not isinstance(given, str) or not given or (before is not None and given in (before.name, before.id)):
        return {}
    if shared_with(given):
        return {"name": [_(NAME_IS_SHARED)]}
    number = shared_with(before.name) if before is not None else 0
    return {"name": [_(STILL_SHARED).format(number=number)]} if number else {}


def parent_errors(organization_id: str, given: Any) -> Dict:
    """What is wrong with the organisations above, at ``groups``. `given` is what CKAN's actions take."""
    if given in (None, ""):
        return {}
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        return {"groups": [_(PARENTS_AS_LIST)]}
    found = [(_reference(one), people.find_organization(_reference(one))) for one in given]
    missing = [reference for reference, parent in found if parent is None]
    if missing:
        return {"groups": [_(NO_PARENT).format(name=str(one)[:100]) for one in missing]}
    return circle_errors(organization_id, [parent for _reference, parent in found if parent is not None], "groups")


def circle_errors(organization_id: str, parents: Iterable[Organization], field: str) -> Dict:
    """A message at a field for parents that stand below the organisation or are itself."""
    organizations = people.organizations()
    closing = tree.closing_a_circle(organization_id, [one.id for one in parents], organizations)
    titles = sorted(organizations[one].title for one in closing)
    return {field: [_(CIRCLE).format(title=title) for title in titles]} if titles else {}


def people_errors(organization_id: str, given: Any, before: Members, acting: Person | None) -> Dict:
    """What is wrong with the list of people that is to replace the present one, at ``users``.

    People who stay as they are are not looked at: stock clients send back what they read.
    """
    if given in (None, ""):
        return {}
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        return {"users": [_(PEOPLE_AS_LIST)]}
    messages: list[str] = []
    seen: set[str] = set()
    for one in given:
        user = model.User.get(_reference(one))
        if user is None:
            messages.append(_(NO_ACCOUNT).format(name=_reference(one)[:100]))
        elif user.id in seen:
            messages.append(f"{user.name}: {_(members.ONLY_ONCE)}")
        elif before.get(user.id) != {one.get("capacity")}:
            messages += _messages(user, members.errors_of(organization_id, user, one.get("capacity"), acting))
        seen.add(user.id if user else "")
    return {"users": messages} if messages else {}


def _messages(user: model.User, errors: Mapping[str, list[str]]) -> list[str]:
    return [f"{user.name}: {message}" for found in errors.values() for message in found]


def _reference(entry: Mapping[str, Any]) -> str:
    """By what an entry of a list names something, as CKAN reads it."""
    given = entry.get("id") or entry.get("name")
    return given if isinstance(given, str) and "\x00" not in given else ""


# --- after a change, before it is committed -------------------------------------------------------------------------


def change_errors(before: Snapshot, after: Snapshot, acting: Person) -> Dict:
    """What a person may not change in an organisation, by field, and what must not be lost."""
    decides = acting.office or acting.sysadmin
    changed = [one for one in DECIDES if before.deciding[one] != after.deciding[one]]
    errors: Dict = {} if decides else {one: [_(OFFICE_ONLY)] for one in changed}
    if after.state != before.state and after.state == model.State.DELETED and after.id in leaving.with_records():
        errors["state"] = [_(HAS_RECORDS)]
    return errors


def note_changes(before: Snapshot | None, after: Snapshot, acting: Person, action: str = "organization_change") -> None:
    """A row of the decision log for what decides who reads, in the present transaction."""
    old: Dict = before.deciding if before else {}
    changed = [one for one in DECIDES if old.get(one) != after.deciding[one]]
    if changed:
        decisions.write(
            Decision(
                action=action,
                actor=acting.id,
                role=acting.role_at(after.id),
                organization_id=after.id,
                before={one: old[one] for one in changed if one in old},
                after={one: after.deciding[one] for one in changed},
            )
        )
