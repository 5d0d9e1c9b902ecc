"""A record goes to another organisation. Its history stays, and who answers for it changes in the same moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import decisions, levels, logbook, people, writing
from ckanext.mainz.governance.decisions import Decision
from ckanext.mainz.governance.people import Organization, Person
from ckanext.mainz.governance.roles import granting, members, tree
from ckanext.mainz.metadata import vocabulary

_ = toolkit._
Dict = dict[str, Any]
IN_HOUSE = frozenset({levels.AMT, levels.EIGENBETRIEB, levels.GESELLSCHAFT})

SAME = N_("The record belongs to this organisation already.")
OUTSIDE = N_("Only the Geschäftsstelle hands a record over to a partner city or a third party.")
NOBODY_THERE = N_("“{title}” has no Datenverantwortliche who would answer for the record. Name somebody there first.")
NO_REASON = N_("“{value}” is no reason. Possible are: {codes}.")


def target(data: Mapping[str, Any], package: model.Package, acting: Person) -> tuple[Organization | None, Dict]:
    """The organisation that gets a record, and what is wrong about it by field."""
    errors: Dict = {}
    found = granting.organization(data, "organization", errors)
    if found is not None and (objection := _objection(found, package, acting)):
        errors["organization"] = [objection]
    reason = data.get("reason")
    if reason and (not isinstance(reason, str) or vocabulary.find("reasons", reason) is None):
        codes = ", ".join(term.uri for term in vocabulary.terms("reasons"))
        errors["reason"] = [_(NO_REASON).format(value=str(reason)[:50], codes=codes)]
    return found, errors


def _objection(found: Organization, package: model.Package, acting: Person) -> str:
    if found.id == package.owner_org:
        return _(SAME)
    if found.kind not in IN_HOUSE and not acting.office:
        return _(OUTSIDE)
    has_somebody = found.id in tree.led_by(members.admins(), people.organizations())
    return "" if has_somebody or acting.office else _(NOBODY_THERE).format(title=found.title)


def hand_over(package: model.Package, to: Organization, acting: Person, reason: str, words: str) -> None:
    """Moves a record, with its row of the decision log in the same transaction."""
    standing = writing.locked(package.id)

    def noted(package_id: str) -> None:
        logbook.change(package_id, standing=None)  # it was given for what the organisation before delivers
        decisions.write(
            Decision(
                action="handover",
                actor=acting.id,
                role=acting.role_at(standing.owner),
                record_id=standing.id,
                organization_id=to.id,
                before={"organization": standing.owner},
                after={"organization": to.id},
                reason=reason,
                note=words,
            )
        )

    with writing.granted(standing.state, standing.level, standing.shared_with, owner=to.id, saved=noted):
        _move(standing.id, to.id, acting.name)


def _move(package_id: str, organization_id: str, user: str) -> None:
    """CKAN commits here, the row of the log with the record."""
    toolkit.get_action("package_patch")(
        {"ignore_auth": True, "user": user}, {"id": package_id, "owner_org": organization_id}
    )
