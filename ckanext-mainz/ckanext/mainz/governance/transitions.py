"""The life of a record: who may take it from which state to which, by the table of the data governance.

Each function is one row of it. It looks at the record under a lock, so that of two who decide at once the second is
told so; writes the record, its rows and the decision log in one transaction; and refuses all else with a sentence
that says what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import (
    decisions,
    differences,
    levels,
    logbook,
    people,
    proposals,
    record,
    standing_release,
    writing,
)
from ckanext.mainz.governance.people import Person
from ckanext.mainz.governance.proposals import Proposal
from ckanext.mainz.governance.record import Standing
from ckanext.mainz.governance.rehearsal import rehearsal

_ = toolkit._
Dict = dict[str, Any]

HANDED_IN_ANEW = N_("This record was handed in anew since you looked at it. Look at it again, then decide.")
WAITS_NO_MORE = N_("This record does not wait for a release any more: somebody has decided about it since you looked.")
WITH_PROPOSALS = (levels.FREIGEGEBEN, levels.INVENTAR)
"""States in which a proposal for a record is decided."""
NOT_FROM_HERE = N_("This record is “{state}”; that is possible only from: {states}.")
OWN = N_(
    "You have a part in this record since its last release (created, changed or handed in). For what everybody sees,"
    " somebody else at the Geschäftsstelle has to decide."
)
OWN_PROPOSAL = N_(
    "This proposal is yours. For what everybody sees, somebody else at the Geschäftsstelle has to decide."
)
NOT_FINISHED = N_("The form of this record is not finished. Finish it first; then it can be handed in.")
CHANGED_SINCE = N_(
    "The record was changed since this was proposed, or since you looked at it, and all of it would be read by more"
    " people. Look at the record again, then accept (or give in “seen” its metadata_modified)."
)
CHANGED_MEANWHILE = N_(
    "The record was changed while it was handed in. Look at it and at the release check again, then hand it in."
)
OVERTAKEN = N_("The record has this level already, or a more open one. Return the proposal, or lower the level itself.")
LOWER_ONLY = N_("Only a released record has a level that can be changed.")
SAME_LEVEL = N_("The record has this level already.")
ONLY_OFFICE = N_("Only the Geschäftsstelle decides what everybody sees.")
ONLY_ORGANISATION = N_(
    "Only Datenverantwortliche of its organisation and the Geschäftsstelle decide about this record."
)


def require(standing: Standing, *states: str) -> None:
    """Raises `toolkit.ValidationError` unless the record is in one of these states and its form is finished."""
    if standing.state not in states:
        found = ", ".join(states)
        writing.refuse({"lifecycle": [_(NOT_FROM_HERE).format(state=standing.state, states=found)]})
    if standing.form_open or standing.deleted:
        writing.refuse({"state": [_(NOT_FINISHED)]})


def decides(person: Person, standing: Standing, level: str) -> bool:
    """Whether a person may release at a level: the Geschäftsstelle any, Datenverantwortliche all but the public one."""
    return person.office or (level != levels.OEFFENTLICH and person.leads(standing.owner))


def can_be_decided(standing: Standing) -> bool:
    """Whether a proposal for a record can be decided, as it stands."""
    return standing.state in WITH_PROPOSALS and not standing.form_open and not standing.deleted


def own_part(person: Person, package_id: str) -> bool:
    """Whether a person has a part in what everybody would see for the first time, or a program of theirs has."""
    return _speaks_for(person, logbook.contributors(package_id))


def _speaks_for(person: Person, accounts: Collection[str]) -> bool:
    """Whether one of these accounts is the person's own, that of a program that they have set up, or so of somebody by
    whose office they decide: a deputy may what their person may."""
    meant = {person.id} if person.in_own_right.office else {person.id, *person.stands_in_for}
    return not meant.isdisjoint(accounts) or any(decisions.granted_by(one, accounts) for one in meant)


def submit(
    person: Person, package_id: str, level: str, check: Mapping[str, Any], shared_with: frozenset[str], checked: str
) -> None:
    """Hands a draft in for a level. What a rule of publication would refuse is said now, at its field.

    `checked` is when the record was last modified as the answers of the release check were given for it.
    """
    states = (levels.ENTWURF, levels.ZURUECKGEZOGEN)
    require(writing.locked(package_id), *states)
    rehearse_release(package_id, level, shared_with)
    standing = writing.locked(package_id)
    require(standing, *states)
    _require_unchanged(package_id, checked)

    def saved(id: str) -> None:
        logbook.contributed(id, person.id)
        logbook.change(id, check=dict(check), asked_by=person.id, asked=logbook.now(), returned=None)
        logbook.note(person, standing, "submit", {"lifecycle": levels.EINGEREICHT, "visibility": level})

    _write(standing.id, levels.EINGEREICHT, level, shared_with, saved)


def _require_unchanged(package_id: str, checked: str) -> None:
    if proposals.modified(package_id) != checked:
        writing.refuse({"check": [_(CHANGED_MEANWHILE)]})


def rehearse_release(package_id: str, level: str, shared_with: frozenset[str]) -> None:
    """Releases a record and takes that back: raises `toolkit.ValidationError` where it could not be released.

    The locks of the caller end, since the rehearsal has a connection of its own.
    """
    model.Session.commit()
    with rehearsal():
        _write(package_id, levels.FREIGEGEBEN, level, shared_with, None)


def in_the_way(package_id: str, level: str, shared_with: frozenset[str]) -> dict[str, Any]:
    """What a rule of publication would refuse when a draft is handed in: field → sentences, empty where nothing is."""
    require(writing.locked(package_id), levels.ENTWURF, levels.ZURUECKGEZOGEN)
    try:
        rehearse_release(package_id, level, shared_with)
    except toolkit.ValidationError as error:
        return dict(error.error_dict)
    return {}


def release(
    person: Person, package_id: str, reason: str, words: str, standing_too: bool = False, seen: str = ""
) -> None:
    """Makes a record that was handed in, or archived, readable at its level. `seen`: when it was handed in, as whoever
    decides has seen it; what was handed in anew since, or does not wait any more, is refused."""
    standing = writing.locked(package_id)
    if seen:
        _require_seen(standing, seen)
    require(standing, levels.EINGEREICHT, levels.ARCHIVIERT)
    _authorize(person, standing, standing.level)
    if standing.level == levels.OEFFENTLICH and own_part(person, package_id):
        raise toolkit.NotAuthorized(_(OWN))
    role = _deciding_role(person, standing, standing.level)

    def saved(id: str) -> None:
        whole = proposals.released(id)
        after: Dict = {"lifecycle": levels.FREIGEGEBEN, "visibility": standing.level}
        if standing_too:
            after["standing"] = True
        logbook.note(person, standing, "release", after, role=role, reason=reason, words=words)
        logbook.released(id, person, role, standing.level, proposals.content_of(id))
        logbook.change(id, standing=standing_release.covered(whole, standing.level) if standing_too else None)

    _write(standing.id, levels.FREIGEGEBEN, standing.level, standing.shared_with, saved)


def _require_seen(standing: Standing, seen: str) -> None:
    if standing.state != levels.EINGEREICHT:
        writing.refuse({"asked": [_(WAITS_NO_MORE)]})
    asked = logbook.row(standing.id).get("asked")
    if asked is None or asked.isoformat() != seen:
        writing.refuse({"asked": [_(HANDED_IN_ANEW)]})


def send_back(person: Person, package_id: str, reason: str, words: str) -> None:
    """Returns a record that was handed in, with the reason."""
    standing = writing.locked(package_id)
    require(standing, levels.EINGEREICHT)
    _authorize(person, standing, standing.level)
    role = _deciding_role(person, standing, standing.level)

    def also(id: str) -> None:
        logbook.change(id, returned={"reason": reason, "note": words, "at": logbook.now().isoformat()})

    _move(person, standing, levels.ENTWURF, "return", role=role, reason=reason, words=words, also=also)


def withdraw(person: Person, package_id: str, reason: str, words: str, successor: str = "") -> None:
    """Takes a released record back. The public learns of one that it saw only that it is gone, and since when."""
    standing = writing.locked(package_id)
    require(standing, levels.FREIGEGEBEN)
    _authorize(person, standing, standing.level)
    was_public = logbook.row(package_id)["first_public"] is not None
    role = _deciding_role(person, standing, standing.level)

    def also(id: str) -> None:
        logbook.change(id, standing=None)
        logbook.close_history(id, levels.INTERN)
        proposals.send_all_back(person, standing, role, reason, words)
        if was_public:
            logbook.bury(id, standing.name, successor)

    _move(person, standing, levels.ZURUECKGEZOGEN, "withdraw", role=role, reason=reason, words=words, also=also)


def archive(person: Person, package_id: str, reason: str, words: str) -> None:
    """Ends the care for a released record: it stays readable, but out of the default search and the catalogue."""
    standing = writing.locked(package_id)
    require(standing, levels.FREIGEGEBEN)
    if not (person.office or person.leads(standing.owner)):
        raise toolkit.NotAuthorized(_(ONLY_ORGANISATION))
    role = _deciding_role(person, standing, "")

    def also(_id: str) -> None:
        proposals.send_all_back(person, standing, role, reason, words)

    _move(person, standing, levels.ARCHIVIERT, "archive", role=role, reason=reason, words=words, also=also)


def set_level(
    person: Person, package_id: str, level: str, shared_with: frozenset[str] | None, reason: str, words: str
) -> Proposal | None:
    """Lowers the level of a released record at once; a higher one, or more third parties, becomes a proposal."""
    standing = writing.locked(package_id)
    require(standing, levels.FREIGEGEBEN)
    wanted = standing.shared_with if shared_with is None else shared_with
    if level == standing.level and wanted == standing.shared_with:
        writing.refuse({"visibility": [_(SAME_LEVEL)]})
    if levels.is_stricter(standing.level, level) or wanted - standing.shared_with:
        return _raise_level(person, standing, level, wanted)
    _lower(person, standing, level, wanted, reason, words)
    return None


def _raise_level(person: Person, standing: Standing, level: str, shared_with: frozenset[str]) -> Proposal:
    if not person.edits(standing.owner):
        raise toolkit.NotAuthorized(_("Only people of its organisation ask for a higher level."))
    rehearse_release(standing.id, level, shared_with)
    require(writing.locked(standing.id), levels.FREIGEGEBEN)
    fields = {}
    if shared_with != standing.shared_with:
        fields["shared_with"] = differences.Changed(sorted(standing.shared_with), sorted(shared_with))
    changes = differences.Changes(fields)
    made = proposals.store(standing, person, kind=proposals.LEVEL, changes=changes, level=level)
    logbook.note(person, standing, "propose", {"visibility": level, "proposal": made.id})
    model.Session.commit()
    return made


def _lower(
    person: Person, standing: Standing, level: str, shared_with: frozenset[str], reason: str, words: str
) -> None:
    if not (person.office or person.leads(standing.owner)):
        raise toolkit.NotAuthorized(_(ONLY_ORGANISATION))
    role = _deciding_role(person, standing, "")

    def saved(id: str) -> None:
        after = {"visibility": level, "shared_with": sorted(shared_with)}
        logbook.note(person, standing, "visibility_set", after, role=role, reason=reason, words=words)
        logbook.change(id, standing=None)
        logbook.close_history(id, level)
        if standing.level == levels.OEFFENTLICH and logbook.row(id)["first_public"] is not None:
            logbook.bury(id, standing.name, "")

    _write(standing.id, standing.state, level, shared_with, saved)


def promote(person: Person, package_id: str) -> Proposal:
    """Begins a dataset of an entry of the inventory: a proposal that its writers fill, at the same address."""
    standing = writing.locked(package_id)
    require(standing, levels.INVENTAR)
    begun = proposals.begun_promotion(package_id)
    if begun is not None:
        return begun
    made = proposals.store(
        standing, person, kind=proposals.PROMOTE, changes=differences.Changes(), level="", state=proposals.BEGUN
    )
    logbook.contributed(package_id, person.id)
    logbook.note(person, standing, "promote", {"proposal": made.id})
    model.Session.commit()
    return made


def submit_promotion(
    person: Person,
    package_id: str,
    begun: Proposal,
    level: str,
    check: Mapping[str, Any],
    shared_with: frozenset[str],
    checked: str,
) -> None:
    """Hands in the dataset that was made of an entry of the inventory; the entry stays as it is until the decision."""
    standing = writing.locked(package_id)
    require(standing, levels.INVENTAR)
    if begun.state != proposals.BEGUN:  # whoever decides has perhaps looked at it already
        writing.refuse({"id": [_(writing.WAITS)]})
    current = proposals.released(package_id)
    model.Session.commit()
    with rehearsal(), writing.granted(levels.FREIGEGEBEN, level, shared_with):
        applied = differences.apply(current, begun.changes)
        data = proposals.to_update(applied.record, begun.changes)
        toolkit.get_action("package_update")(proposals.own_context(), data)
    writing.locked(package_id)
    _require_unchanged(package_id, checked)
    proposals.hand_in(begun, level, check, sorted(shared_with))
    logbook.contributed(package_id, person.id)
    logbook.change(package_id, check=dict(check), asked_by=person.id, asked=logbook.now(), returned=None)
    logbook.note(person, standing, "submit", {"visibility": level, "proposal": begun.id})
    model.Session.commit()


def accept(
    context: Any,
    proposal: Proposal,
    reason: str,
    words: str,
    check: Mapping[str, Any] | None = None,
    seen: str = "",
) -> Dict:
    """Puts a proposal onto the released record.

    With a level, and with a dataset made of an entry, goes all that the record says: `seen` is when it was last
    modified as whoever decides has seen it; without, it must not have been modified since the proposal was made.
    """
    person, standing, level = _to_decide(context, proposal)
    if proposal.base and (seen or proposal.base) != proposals.modified(standing.id):
        writing.refuse({"seen": [_(CHANGED_SINCE)]})
    objection = own_proposal(person, proposal, level)
    if objection:
        raise toolkit.NotAuthorized(_(objection))
    if proposal.kind == proposals.LEVEL and not _opens(standing, proposal, level):
        writing.refuse({"id": [_(OVERTAKEN)]})
    role = _deciding_role(person, standing, level)
    return proposals.accept(person, proposal, standing, level, role, reason, words, check)


def own_proposal(person: Person, proposal: Proposal, level: str) -> str:
    """Why somebody who decides at a level does not decide this, in words to be translated: it is theirs; else empty."""
    if level != levels.OEFFENTLICH:
        return ""
    if _speaks_for(person, proposal.accounts):
        return OWN_PROPOSAL
    # A proposed change is by its author alone; a higher level shows everybody what many have written. Of a program that
    # is gone only the parts tell whose it was.
    by_many = proposal.kind != proposals.CHANGE or people.person(proposal.author) is people.NOBODY
    return OWN if by_many and own_part(person, proposal.package_id) else ""


def _opens(standing: Standing, proposal: Proposal, level: str) -> bool:
    """Whether a proposed level, or the third parties with it, still gives the record more readers than it has."""
    shared = proposal.changes.fields.get("shared_with")
    more = record.names(shared.new) - standing.shared_with if shared else frozenset[str]()
    return levels.is_stricter(standing.level, level) or (level == standing.level and bool(more))


def return_proposal(context: Any, proposal: Proposal, reason: str, words: str) -> None:
    """Sends a proposal back with the reason; the released state stays as it is."""
    person, standing, level = _to_decide(context, proposal)
    proposals.send_back(person, proposal, standing, _deciding_role(person, standing, level), reason, words)


def _to_decide(context: Any, proposal: Proposal) -> tuple[Person, Standing, str]:
    person, standing = people.acting(context), writing.locked(proposal.package_id)
    level = proposal.level or standing.level
    if not decides(person, standing, level):
        raise toolkit.NotAuthorized(_(only_decides(level)))
    if proposal.state != proposals.OPEN:
        writing.refuse({"id": [proposals.already_decided(proposal)]})
    require(standing, *WITH_PROPOSALS)
    return person, standing, level


def only_decides(level: str) -> str:
    """Who decides at a level, said to those who do not."""
    return ONLY_OFFICE if level == levels.OEFFENTLICH else ONLY_ORGANISATION


def _authorize(person: Person, standing: Standing, level: str) -> None:
    if not decides(person, standing, level):
        raise toolkit.NotAuthorized(_(only_decides(level)))


def _deciding_role(person: Person, standing: Standing, level: str) -> str:
    """The role that gives the right: for what everybody sees the office, else the organisation's own first."""
    if level != levels.OEFFENTLICH and person.leads(standing.owner):
        return person.role_at(standing.owner)
    return "office" if person.office else person.role_at(standing.owner)


def _move(
    person: Person,
    standing: Standing,
    state: str,
    action: str,
    *,
    role: str,
    reason: str,
    words: str,
    also: Callable[[str], None] | None = None,
) -> None:
    def saved(id: str) -> None:
        logbook.note(person, standing, action, {"lifecycle": state}, role=role, reason=reason, words=words)
        if also is not None:
            also(id)

    _write(standing.id, state, standing.level, standing.shared_with, saved)


def _write(id: str, state: str, level: str, shared_with: frozenset[str], saved: Callable[[str], None] | None) -> None:
    """Writes a record as the database has it.

    What CKAN's ``package_patch`` writes back it takes from the index, which may be down or wait for its turn.
    """
    whole = proposals.released(id)
    unchanged = {name: value for name, value in whole.items() if name != "metadata_modified"}
    with writing.granted(state, level, shared_with, saved=saved):
        context: Any = {**proposals.own_context(), "return_id_only": True, "original_package": whole}
        toolkit.get_action("package_update")(context, unchanged)


def publish(package_id: str) -> None:
    """Hands in and releases a draft to the public in the name of the portal itself: for its own examples only.

    No action and no page leads here.
    """
    standing = writing.locked(package_id)
    require(standing, levels.ENTWURF)

    def saved(_id: str) -> None:
        _released_by_portal(standing)

    _write(package_id, levels.FREIGEGEBEN, levels.OEFFENTLICH, frozenset(), saved)


def create_public(data: Mapping[str, Any]) -> None:
    """Creates a record and releases it to the public at once, as `publish` does: one write instead of two."""

    def saved(id: str) -> None:
        package = model.Session.get(model.Package, id)
        if package is not None:
            draft = replace(record.of(package), state=levels.ENTWURF, private=True)
            logbook.note(people.NOBODY, draft, "create")
            _released_by_portal(draft)

    with writing.granted(levels.FREIGEGEBEN, levels.OEFFENTLICH, saved=saved):
        context: Any = {**proposals.own_context(), "return_id_only": True}
        toolkit.get_action("package_create")(context, dict(data))


def _released_by_portal(draft: Standing) -> None:
    level = levels.OEFFENTLICH
    logbook.note(people.NOBODY, draft, "submit", {"lifecycle": levels.EINGEREICHT, "visibility": level})
    after = {"lifecycle": levels.FREIGEGEBEN, "visibility": level}
    handed_in = replace(draft, state=levels.EINGEREICHT)
    logbook.note(people.NOBODY, handed_in, "release", after, reason="uebernahme")
    logbook.released(draft.id, people.NOBODY, "portal", level, proposals.content_of(draft.id))


def override(person: Person, package_id: str, reason: str, words: str) -> None:
    """The operator takes a released record back. This releases nothing: it only ever takes readers away."""
    standing = writing.locked(package_id)
    require(standing, levels.FREIGEGEBEN, levels.ARCHIVIERT)
    was_public, role = logbook.row(package_id)["first_public"] is not None, "sysadmin"

    def also(id: str) -> None:
        logbook.change(id, standing=None)
        logbook.close_history(id, levels.INTERN)
        proposals.send_all_back(person, standing, role, reason, words)
        if was_public:
            logbook.bury(id, standing.name, "")

    _move(person, standing, levels.ZURUECKGEZOGEN, "override", role=role, reason=reason, words=words, also=also)
