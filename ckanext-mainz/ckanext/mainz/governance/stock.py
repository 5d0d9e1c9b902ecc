"""CKAN's writing actions on governed records: what would change a released one becomes a proposal.

Each of the eight ways to change a record is taken at its own door, so that what it does (an upload, a new id, an order
of files) is done once and whole in the rehearsal, and its answer has the shape that its clients expect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import (
    differences,
    direct,
    levels,
    logbook,
    people,
    proposals,
    rehearsal,
    standing_release,
    writing,
)
from ckanext.mainz.governance.proposals import Proposal
from ckanext.mainz.governance.record import Standing

_ = toolkit._
Dict = dict[str, Any]
Original = Callable[[Any, Dict], Any]

NOT_DELETED = N_(
    "A record that was handed in or released is not deleted. Use mainz_record_withdraw, or mainz_record_archive."
)
PROMOTION_WAITS = N_(
    "The dataset that was made of this entry is handed in and waits for the decision. It must be returned before"
    " (mainz_proposal_return); then the entry can be deleted."
)
NOT_IN_BULK = N_(
    "Records are not made public, private or deleted many at once. Use mainz_record_release, mainz_record_withdraw or"
    " mainz_record_archive with each."
)


def get_actions() -> dict[str, Any]:
    return {
        "package_create": writing.package_create,
        "package_update": package_update,
        "package_patch": _door("package_patch", _by_id),
        "package_revise": _door("package_revise", _by_match, _revised),
        "resource_create": _door("resource_create", _by_package_id, _resource_made),
        "resource_update": _door("resource_update", _by_resource, _resource_answer),
        "resource_patch": _door("resource_patch", _by_resource, _resource_answer),
        "resource_delete": _door("resource_delete", _by_resource, _resource_gone, _delete_resource),
        "package_resource_reorder": _door("package_resource_reorder", _by_id, _order_answer),
        "package_delete": package_delete,
        "package_owner_org_update": package_owner_org_update,
        "bulk_update_public": _refused_in_bulk,
        "bulk_update_private": _refused_in_bulk,
        "bulk_update_delete": _refused_in_bulk,
    }


OF_FILES = frozenset({"resource_update", "resource_patch", "resource_delete"})
Find = Callable[[Dict], model.Package | None]
Answer = Callable[[Any, Standing, Proposal | None, Dict, Any, Dict], Any]
Do = Callable[[Original, Any, Dict], Any]
Way = Callable[[Any, Standing, Callable[[Any], Any]], tuple[Proposal | None, Dict, Any]]


def _door(name: str, find: Find, answer: Answer | None = None, do: Do | None = None) -> Any:
    """A chained action: straight through, or in the way (`_way`) of the released record that `find` names."""
    shape, act = answer or _record_answer, do or (lambda original, context, data: original(context, data))

    @toolkit.chained_action
    def door(original: Original, context: Any, data: Dict) -> Any:
        package = None if rehearsal.running() or writing.grant() else find(data)
        if package is None:
            return original(context, data)
        toolkit.check_access(name, context, _asked(name, data, package.id))
        standing = writing.locked(package.id)
        hold = _way(context, standing)
        if hold is None:
            return original(context, data)
        made, wanted, given = hold(context, standing, lambda own: act(original, own, data))
        return shape(context, standing, made, wanted, given, data)

    return door


def _asked(name: str, data: Dict, package_id: str) -> Dict:
    """What the authorisation of a stock action is given, whatever else the client sends."""
    if name == "package_revise":
        return {"update": {"id": package_id}}
    return {"id": data.get("id")} if name in OF_FILES else {"id": package_id, "package_id": package_id}


def _way(context: Any, standing: Standing) -> Way | None:
    """How a change is made: as a proposal, as a delivery that was released beforehand, at once where the release check
    has nothing to ask; None where CKAN simply writes it. What may still be taken back is no delivery."""
    if standing.state == levels.INVENTAR:
        return None if proposals.begun_promotion(standing.id) is None else proposals.propose
    held = writing.is_held(context, standing)
    if not held:
        return direct.change if standing.released and not writing.grant() else None
    delivers = not context.get("defer_commit") and standing_release.is_possible(context, standing)
    return standing_release.deliver if delivers else proposals.propose


@toolkit.chained_action
def package_update(original: Original, context: Any, data: Dict) -> Any:
    """The whole record as a client wants it; what the client did not change stays as its author proposed it."""
    package = None if rehearsal.running() or writing.grant() else writing.stored(data.get("id") or data.get("name"))
    if package is None:
        return writing.package_update(original, context, data)
    toolkit.check_access("package_update", context, {"id": package.id})
    standing = writing.locked(package.id)
    writing.refuse(writing.changed_flags(context, data, standing))
    hold = _way(context, standing)
    if hold is None:
        return writing.package_update(original, context, data)
    before = proposals.released(standing.id)

    def change(own: Any) -> Any:
        wanted = differences.rebased(data, before, proposals.released(standing.id))
        return writing.package_update(original, own, wanted)

    made, wanted, given = hold(context, standing, change)
    return _record_answer(context, standing, made, wanted, given, data)


def _record_answer(
    context: Any, standing: Standing, made: Proposal | None, _wanted: Dict, _given: Any, _data: Dict
) -> Any:
    """The record as its readers have it, and the proposal."""
    if context.get("return_id_only"):
        return standing.id
    shown = toolkit.get_action("package_show")(_reading(context), {"id": standing.id})
    return _with(shown, made)


def _with(answer: Dict, made: Proposal | None) -> Dict:
    return {**answer, "mainz_proposal": made.brief} if made else answer


def _reading(context: Any) -> Any:
    kept = ("user", "auth_user_obj", "ignore_auth")
    return {name: context[name] for name in kept if name in context} | {"use_cache": False}


def _revised(context: Any, standing: Standing, made: Proposal | None, wanted: Dict, given: Any, data: Dict) -> Any:
    shown = _record_answer(context, standing, made, wanted, given, data)
    return _with({"package": shown}, made) if isinstance(shown, dict) else {"package": shown}


def _resource_made(_context: Any, _at: Standing, made: Proposal | None, _wanted: Dict, given: Any, _data: Dict) -> Any:
    """A new file as it will be: there is no released one yet."""
    return _with(given, made)


def _resource_answer(
    context: Any, standing: Standing, made: Proposal | None, wanted: Dict, given: Any, data: Dict
) -> Any:
    """The file as its readers have it; one that is only proposed as it will be."""
    shown = _record_answer(context, standing, made, wanted, given, data)
    found = [one for one in shown["resources"] if one["id"] == data.get("id")] if isinstance(shown, dict) else []
    return _with(found[0] if found else given, made)


def _resource_gone(_context: Any, _at: Standing, made: Proposal | None, _wanted: Dict, _given: Any, data: Dict) -> Any:
    return _with({"id": data["id"]}, made)


def _order_answer(
    _context: Any, standing: Standing, made: Proposal | None, _wanted: Dict, _given: Any, data: Dict
) -> Any:
    order = [one["id"] for one in proposals.released(standing.id)["resources"]]
    return _with({"id": data["id"], "order": order}, made)


def _delete_resource(_original: Original, context: Any, data: Dict) -> Any:
    """CKAN's own would also empty the DataStore, which lies outside of the transaction that is taken back."""
    resource = model.Resource.get(data["id"])
    if resource is None:
        raise toolkit.ObjectNotFound(_("There is no file or link with this id."))
    whole = proposals.released(str(resource.package_id))
    kept = [one for one in whole["resources"] if one["id"] != resource.id]
    whole.pop("metadata_modified", None)
    return toolkit.get_action("package_update")(context, {**whole, "resources": kept})


def _by_id(data: Dict) -> model.Package | None:
    return writing.stored(data.get("id"))


def _by_package_id(data: Dict) -> model.Package | None:
    return writing.stored(data.get("package_id"))


def _by_match(data: Dict) -> model.Package | None:
    given = data.get("match")
    match: Mapping[str, Any] = given if isinstance(given, dict) else {}
    named = (data.get("match__id"), match.get("id"), data.get("match__name"), match.get("name"))
    return writing.stored(next((one for one in named if one), None))


def _by_resource(data: Dict) -> model.Package | None:
    """The record of a file; of one that exists only in an own proposal, the record that it is proposed for."""
    id = data.get("id")
    if not isinstance(id, str) or not id:
        return None
    resource = model.Resource.get(id)
    if resource is not None:
        return writing.stored(resource.package_id)
    return writing.stored(proposals.record_of_proposed_file(id))


@toolkit.chained_action
def package_delete(original: Original, context: Any, data: Dict) -> Any:
    """Drafts and entries of the inventory can be deleted; what was handed in or released cannot."""
    package = writing.stored(data.get("id"))
    if package is not None:
        toolkit.check_access("package_delete", context, {"id": package.id})
        standing = writing.locked(package.id)
        if standing.state not in (levels.ENTWURF, levels.INVENTAR):
            writing.refuse({"id": [_(NOT_DELETED)]})
        _end_promotion(context, standing)
    return original(context, data)


def _end_promotion(context: Any, standing: Standing) -> None:
    """A dataset that was begun goes with its entry; one that waits for its decision keeps the entry."""
    begun = proposals.begun_promotion(standing.id)
    if begun is None:
        return
    if begun.state == proposals.OPEN:
        writing.refuse({"id": [_(PROMOTION_WAITS)]})
    person = people.acting(context)
    proposals.decide(begun, proposals.DROPPED, decided_by=person.id)
    logbook.note(person, standing, "proposal_drop", {"proposal": begun.id})


@toolkit.chained_action
def package_owner_org_update(original: Original, context: Any, data: Dict) -> Any:
    """Only the portal itself moves a record; people use mainz_record_handover."""
    package = writing.stored(data.get("id"))
    if package is not None and not context.get("ignore_auth"):
        writing.refuse({"owner_org": [_(writing.ANOTHER_OWNER)]})
    return original(context, data)


@toolkit.chained_action
def _refused_in_bulk(_original: Original, context: Any, data: Mapping[str, Any]) -> Any:
    toolkit.check_access("bulk_update_public", context, dict(data))
    writing.refuse({"datasets": [_(NOT_IN_BULK)]})
