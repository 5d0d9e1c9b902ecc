"""Changes of released records that wait for a decision, made by CKAN's own actions.

Each change is what the stock action made of the record in a `rehearsal`, compared with what is released. Whoever goes
on working does so on their own open proposal: a later one holds both and takes the place of the earlier, which then
cannot be decided any more. So nobody accepts what they have not seen.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.mainz.foundation.files import FileKey
from ckanext.mainz.foundation.outcome import BEGUN
from ckanext.mainz.governance import differences, levels, logbook, people, record, tables, writing
from ckanext.mainz.governance.differences import Changes
from ckanext.mainz.governance.record import Standing
from ckanext.mainz.governance.rehearsal import rehearsal

_ = toolkit._
Dict = dict[str, Any]

OPEN, ACCEPTED, RETURNED, REPLACED, DROPPED = "offen", "angenommen", "zurueckgegeben", "ersetzt", "verworfen"
CHANGE, LEVEL, PROMOTE = "change", "level", "promote"


@dataclass(frozen=True)
class Proposal:
    """A change that waits, or waited, for a decision; see `tables.proposal`."""

    id: str
    package_id: str
    kind: str
    state: str
    author: str
    created: datetime
    changes: Changes
    level: str
    check: Mapping[str, Any]
    replaced_by: str = ""
    decided_by: str = ""
    decided: datetime | None = None
    reason: str = ""
    note: str = ""
    base: str = ""
    """Where more is decided than what changes, as with a level: when the record was last modified as it was made."""

    set_up_by: tuple[str, ...] = ()
    """Ids of those who had set up its author, a program, when it was made: a program may be gone by the decision."""

    @property
    def accounts(self) -> tuple[str, ...]:
        """Ids of those whose proposal it is."""
        return self.author, *self.set_up_by

    @property
    def brief(self) -> Dict:
        """What a client that made it is told."""
        return {"id": self.id, "state": self.state}


def find(id: str) -> Proposal | None:
    """A proposal by its id."""
    return next(iter(_read(tables.proposal.c.id == id)), None)


def of_record(package_id: str, *states: str) -> list[Proposal]:
    """The proposals for a record, in the order in which they were made; only those in some states, if any are named."""
    table = tables.proposal.c
    return _read(table.package_id == package_id, *((table.state.in_(states),) if states else ()))


def waiting() -> list[Proposal]:
    """All proposals that wait for a decision, oldest first."""
    return _read(tables.proposal.c.state == OPEN)


def files() -> list[tuple[str, str]]:
    """Resource id and file key of all bytes that a proposal which may still be accepted brings."""
    alive = _read(tables.proposal.c.state.in_((OPEN, BEGUN)))
    brought = ((one.id, one.new or {}) for each in alive for one in each.changes.files if one.new_bytes)
    return [(id, str(new["file_key"])) for id, new in brought if new.get("file_key")]


def own_open(package_id: str, user_id: str) -> Proposal | None:
    """The change that somebody has under way for a record."""
    table = tables.proposal.c
    found = _read(table.package_id == package_id, table.author == user_id, table.state == OPEN, table.kind == CHANGE)
    return found[-1] if found else None


def begun_promotion(package_id: str) -> Proposal | None:
    """The dataset that is being made of an entry of the inventory."""
    table = tables.proposal.c
    found = _read(table.package_id == package_id, table.state.in_((BEGUN, OPEN)), table.kind == PROMOTE)
    return found[-1] if found else None


def promotions_begun() -> dict[str, Proposal]:
    """The datasets that are being made of entries of the inventory and are not handed in, by record."""
    return {one.package_id: one for one in _read(tables.proposal.c.state == BEGUN)}


def _read(*conditions: Any) -> list[Proposal]:
    table = tables.proposal
    rows = model.Session.execute(sa.select(table).where(*conditions).order_by(table.c.created, table.c.id)).mappings()
    return [_of_row(one) for one in rows]


def _of_row(row: Mapping[Any, Any]) -> Proposal:
    stored = row["changes"]
    kept = {"base": stored.get("base", ""), "set_up_by": tuple(stored.get("set_up_by") or ())}
    return Proposal(**{**row, "changes": differences.from_json(stored), **kept})


def released(package_id: str) -> Dict:
    """The whole record as the database has it."""
    own: Any = {"ignore_auth": True, "use_cache": False, "user": ""}
    return toolkit.get_action("package_show")(own, {"id": package_id})


def propose(context: Any, standing: Standing, change: Callable[[Any], Any]) -> tuple[Proposal | None, Dict, Any]:
    """Makes a proposal of what `change` does to a record, on top of what its author has proposed already.

    Gives the proposal (None where nothing changes), the record as it would become, and what `change` gave.
    Raises what `change` raises: nothing is stored then.
    """
    person = people.acting(context)
    earlier = begun_promotion(standing.id) if standing.state == levels.INVENTAR else own_open(standing.id, person.id)
    before = released(standing.id)
    model.Session.commit()  # the rehearsal has a connection of its own and must not wait for this one
    with rehearsal():
        if earlier is not None:
            _write(own_context(), before, earlier.changes, standing)
        answer = change(fresh(context))
        wanted = released(standing.id)
    changes = differences.compare(before, wanted)
    if earlier is not None and earlier.kind == CHANGE:
        changes = differences.carried(before, earlier.changes, changes)
    if earlier is None and not changes:
        return None, wanted, answer
    made = keep(person, standing, changes, earlier, commit=not context.get("defer_commit"))
    return made, wanted, answer


def keep(
    person: people.Person,
    standing: Standing,
    changes: Changes,
    earlier: Proposal | None,
    reasons: Sequence[str] = (),
    commit: bool = True,
) -> Proposal:
    """Stores a change as a proposal in the place of an earlier one; `reasons` say why a delivery has to wait.

    Without `commit` it stays or goes with the caller's transaction, as CKAN's ``defer_commit`` wants it. Raises
    `toolkit.ValidationError` where the record was withdrawn, archived or deleted in the meantime.
    """
    now = writing.locked(standing.id)
    if (now.state, now.deleted) != (standing.state, standing.deleted):
        writing.refuse({"id": [_(writing.MEANWHILE)]})
    kind = earlier.kind if earlier else CHANGE
    made = store(
        standing, person, kind=kind, changes=changes, level=earlier.level if earlier else "",
        state=BEGUN if kind == PROMOTE else OPEN, check={"held": list(reasons)} if reasons else {},
    )  # fmt: skip
    if earlier is not None:
        decide(earlier, REPLACED, replaced_by=made.id)
    if kind == PROMOTE or person.service:
        logbook.contributed(standing.id, person.id)
    logbook.note(person, standing, "propose", {"proposal": made.id})
    if commit:
        model.Session.commit()
    return made


def store(
    standing: Standing,
    person: people.Person,
    *,
    kind: str,
    changes: Changes,
    level: str,
    state: str = OPEN,
    check: Mapping[str, Any] | None = None,
) -> Proposal:
    """Adds a proposal in the present transaction."""
    values = {
        "id": str(uuid.uuid4()),
        "package_id": standing.id,
        "kind": kind,
        "state": state,
        "author": person.id,
        "created": logbook.now(),
        "level": level,
        "check": dict(check or {}),
    }
    kept = {"base": modified(standing.id) if kind == LEVEL else "", "set_up_by": logbook.set_up_by(person.id)}
    row = {**values, "changes": {**changes.as_json(), **kept}}
    model.Session.execute(sa.insert(tables.proposal).values(row))
    return _of_row(row)


def modified(package_id: str) -> str:
    """When a record was last modified, as `package_show` has it."""
    table = model.package_table.c
    found = model.Session.scalar(sa.select(table.metadata_modified).where(table.id == package_id))
    return found.isoformat() if found is not None else ""


def decide(proposal: Proposal, state: str, **values: Any) -> None:
    """Gives a proposal that still waits another state. Raises `toolkit.ValidationError` if somebody was faster."""
    table = tables.proposal
    done = model.Session.execute(
        sa.update(table)
        .where(table.c.id == proposal.id, table.c.state == proposal.state)
        .values(state=state, decided=logbook.now(), **values)
        .returning(table.c.id)
    )
    if done.first() is None:
        writing.refuse({"id": [already_decided(find(proposal.id) or proposal)]})


def already_decided(proposal: Proposal) -> str:
    """Why a proposal cannot be decided any more, in words."""
    if proposal.state == REPLACED:
        return _("The author has gone on working: a newer proposal takes the place of this one. Look at that one.")
    return _("This proposal was decided already ({state}).").format(state=proposal.state)


def fresh(context: Any) -> Any:
    """The context without what CKAN keeps in it of another session."""
    kept = ("user", "auth_user_obj", "ignore_auth", "api_version", "return_id_only", "allow_state_change")
    return {name: context[name] for name in kept if name in context} | {"model": model, "session": model.Session}


def own_context() -> Any:
    user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return {"ignore_auth": True, "user": user, "model": model, "session": model.Session}


def _write(context: Any, current: Dict, changes: Changes, standing: Standing) -> None:
    """Writes a record with changes, level and state as they are."""
    applied = differences.apply(current, changes)
    with writing.granted(standing.state, standing.level, standing.shared_with):
        toolkit.get_action("package_update")(context, to_update(applied.record, changes))


def to_update(wanted: Dict, changes: Changes) -> Dict:
    """A record for ``package_update``: files that a proposal brings keep the keys of their bytes."""
    brought = {one.id for one in changes.files if one.new_bytes}
    resources = [
        {**one, "file_key": FileKey(one["file_key"])} if one["id"] in brought and one.get("file_key") else one
        for one in wanted.get("resources") or ()
    ]
    return {name: value for name, value in wanted.items() if name != "metadata_modified"} | {"resources": resources}


def accept(
    person: people.Person,
    proposal: Proposal,
    standing: Standing,
    level: str,
    role: str,
    reason: str,
    words: str,
    check: Mapping[str, Any] | None = None,
) -> Dict:
    """Puts a proposal onto the record. Raises `toolkit.ValidationError` with ``conflicts`` where that fails."""
    applied = differences.apply(released(standing.id), proposal.changes)
    if applied.conflicts:
        writing.refuse({"conflicts": [conflict_words(one) for one in applied.conflicts]})
    from ckanext.mainz.governance import standing_release

    done = False
    shared = proposal.changes.fields.get("shared_with")
    shared_with = record.names(shared.new) if shared else standing.shared_with

    def saved(id: str) -> None:
        nonlocal done
        done = True
        decide(proposal, ACCEPTED, decided_by=person.id, reason=reason, note=words)
        after = {"lifecycle": levels.FREIGEGEBEN, "visibility": level, "proposal": proposal.id}
        logbook.note(person, standing, "accept", after, role=role, reason=reason, words=words)
        logbook.contributed(id, proposal.author)
        logbook.released(id, person, role, level, content_of(id))
        # Whoever has released later deliveries has done so for fewer readers, if the level changes.
        logbook.change(id, standing=standing_release.renewed(standing) if proposal.kind == CHANGE else None)
        if check is not None:
            logbook.change(id, check=dict(check))

    with writing.granted(levels.FREIGEGEBEN, level, shared_with, saved=saved):
        result = toolkit.get_action("package_update")(own_context(), to_update(applied.record, proposal.changes))
    if not done:  # the record is already as the proposal wants it: CKAN has written nothing
        saved(standing.id)
        model.Session.commit()
    return result


def hand_in(proposal: Proposal, level: str, check: Mapping[str, Any], shared_with: Sequence[str]) -> None:
    """A dataset from the inventory is complete and waits for its decision. What an earlier one asked for is over."""
    table = tables.proposal
    kept = {"base": modified(proposal.package_id), "set_up_by": list(proposal.set_up_by)}
    changes = {**proposal.changes.as_json(), **kept}
    changes["fields"].pop("shared_with", None)
    if shared_with:
        changes["fields"]["shared_with"] = [[], list(shared_with)]
    values = {"state": OPEN, "level": level, "check": dict(check), "changes": changes}
    values |= {"decided": None, "decided_by": "", "reason": "", "note": ""}  # of an earlier return
    waiting = sa.update(table).where(table.c.id == proposal.id, table.c.state == BEGUN).values(**values)
    if model.Session.execute(waiting.returning(table.c.id)).first() is None:
        writing.refuse({"id": [already_decided(find(proposal.id) or proposal)]})


def content_of(package_id: str) -> Dict:
    """What of a record is kept of a released state: fields, the files that are as open as it, and ids of the others."""
    from ckanext.mainz.governance import readers

    whole = released(package_id)
    standing = record.of_record(whole)
    every = whole.get("resources") or ()
    files = [one for one in every if not readers.is_stricter_file(one, standing)]
    stricter = sorted({one["id"] for one in every} - {one["id"] for one in files})
    return {**differences.snapshot({**whole, "resources": files}), "stricter": stricter}


def conflict_words(conflict: differences.Conflict) -> str:
    """A conflict in a sentence."""
    where = conflict.field if not conflict.file else f"{conflict.file}: {conflict.field}"
    return _(
        "{where} was changed in the meantime: it was {expected}, is {found}, and the proposal says {wanted}."
    ).format(
        where=where, expected=_short(conflict.expected), found=_short(conflict.found), wanted=_short(conflict.wanted)
    )


def _short(value: Any) -> str:
    return "–" if value in differences.EMPTY else f"“{str(value)[:80]}”"


def send_back(
    person: people.Person, proposal: Proposal, standing: Standing, role: str, reason: str, words: str
) -> None:
    """Gives a proposal back to its author. A dataset from the inventory can be worked on; another is made anew.

    Whoever goes on with that dataset makes a new proposal of it, so that its record keeps why it was returned.
    """
    state = BEGUN if proposal.kind == PROMOTE else RETURNED
    decide(proposal, state, decided_by=person.id, reason=reason, note=words)
    if state == BEGUN:
        logbook.change(standing.id, returned={"reason": reason, "note": words, "at": logbook.now().isoformat()})
    logbook.note(person, standing, "proposal_return", {"proposal": proposal.id}, role=role, reason=reason, words=words)
    model.Session.commit()


def send_all_back(person: people.Person, standing: Standing, role: str, reason: str, words: str) -> None:
    """Gives all proposals back that wait for a released record whose time ends, in the present transaction.

    What its author replaces or somebody decides in this moment stays so: it keeps nobody from withdrawing the record.
    """
    table = tables.proposal
    decided = {"decided": logbook.now(), "decided_by": person.id, "reason": reason, "note": words}
    back = (
        sa.update(table)
        .where(table.c.package_id == standing.id, table.c.state == OPEN)
        .values(state=RETURNED, **decided)
        .returning(table.c.id)
    )
    for id in model.Session.execute(back).scalars().all():
        logbook.note(person, standing, "proposal_return", {"proposal": id}, role=role, reason=reason, words=words)


def record_of_proposed_file(resource_id: str) -> str | None:
    """The record for which an open proposal brings a new file."""
    table = tables.proposal
    brings = table.c.changes["files"].contains([{"id": resource_id, "old": None}])
    wanted = sa.select(table.c.package_id).where(brings, table.c.state.in_((OPEN, BEGUN)))
    return model.Session.execute(wanted).scalars().first()
