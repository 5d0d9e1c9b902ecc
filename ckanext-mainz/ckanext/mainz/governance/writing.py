"""What CKAN's own writing actions may do to a governed record.

`granted` is the only way past it: the transitions of this room write inside of it, and nothing that a client sends can
open it. All else keeps level and state as they are; a change of what is released becomes a proposal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import levels, people, record, rehearsal
from ckanext.mainz.governance.record import Standing
from ckanext.mainz.metadata import lists
from ckanext.mainz.metadata.shapes import TRUE_OR_FALSE

_ = toolkit._
Dict = dict[str, Any]

ANOTHER_OWNER = N_(
    "A record goes to another organisation by the action mainz_record_handover, so that its history stays. Send back"
    " the organisation that is stored."
)
NOT_UNDONE = N_(
    "A record that was handed in or released is not deleted or made a draft again. Use mainz_record_withdraw, or"
    " mainz_record_archive."
)
INSTEAD = {
    "visibility": N_(
        "The level of a record is changed with the action mainz_record_visibility_set, or asked for when it is handed"
        " in with mainz_record_submit. Send back the value that is stored, or leave the field out."
    ),
    "lifecycle": N_(
        "The state of a record is changed with the actions mainz_record_submit, mainz_record_release,"
        " mainz_record_return, mainz_record_withdraw and mainz_record_archive. Send back the value that is stored, or"
        " leave the field out."
    ),
    "private": N_(
        "Whether a record is public follows from its level and its release: use mainz_record_submit and"
        " mainz_record_release, or mainz_record_withdraw. Send back the value that is stored, or leave the field out."
    ),
    "shared_with": N_(
        "With whom a record is shared is changed with the action mainz_record_visibility_set. Send back the value that"
        " is stored, or leave the field out."
    ),
    "owner_org": ANOTHER_OWNER,
    "state": NOT_UNDONE,
}
WAITS = N_(
    "This record is handed in and waits for the decision. To change it, ask whoever decides to return it"
    " (mainz_record_return)."
)
NO_FILES_YET = N_(
    "An entry of the inventory has no files or links: what it describes is released by nobody yet. Make a dataset of it"
    " first (mainz_record_promote)."
)
ARCHIVED = N_("This record is archived and is not changed any more. It must be released again before.")
ON_CREATE = N_("A new record begins as a draft. Hand it in with mainz_record_submit.")
NOT_A_LEVEL = N_("“{value}” is no level. Possible are: {levels}.")
TOO_OPEN_FILE = N_(
    "The file cannot be more open than its record ({level}). Leave the field empty, or choose a stricter level."
)
UNKNOWN_THIRD = N_("“{name}” is no organisation of third parties. Give the names (addresses) of such organisations.")
MEANWHILE = N_("The record was changed or decided about while this change was looked at. Send it again.")
IGNORED = N_("The value of private was ignored: a new record is public only after its release.")


@dataclass(frozen=True)
class Grant:
    """What a transition may set. `saved` is called in the same transaction, after CKAN has written the record."""

    lifecycle: str
    visibility: str
    shared_with: frozenset[str] = frozenset()
    owner: str = ""
    saved: Callable[[str], None] | None = None


_grant: ContextVar[Grant | None] = ContextVar("mainz_governance_grant", default=None)


@contextmanager
def granted(
    lifecycle: str,
    visibility: str,
    shared_with: frozenset[str] = frozenset(),
    owner: str = "",
    saved: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Within this block records are written with this state and level; `owner` lets them go to that organisation."""
    token = _grant.set(Grant(lifecycle, visibility, shared_with, owner, saved))
    try:
        yield
    finally:
        _grant.reset(token)


def grant() -> Grant | None:
    """What the transition that is being written may set; None where nobody has granted anything."""
    return _grant.get()


@toolkit.chained_action
def package_create(original: Any, context: Any, data: Dict) -> Any:
    """A new record is a draft of its organisation, whatever the client says about ``private``."""
    if str(data.get("type") or "dataset") not in record.TYPES:
        return original(context, data)
    given = grant()
    ignored = given is None and _flag(data.get("private"), True) is False
    if given is None:
        shared_with, wrong = third_parties(data.get("shared_with"))
        refuse({**_creation_errors(data), **({"shared_with": wrong} if wrong else {})})
        given = Grant(levels.ENTWURF, str(data.get("visibility") or levels.OEFFENTLICH), shared_with)
    _set(data, given)
    refuse(_file_errors(data, given.visibility))
    made = original(context, data)
    if ignored and isinstance(made, dict):
        made["mainz_notice"] = _(IGNORED)
    return made


@toolkit.chained_action
def package_update(original: Any, context: Any, data: Dict) -> Any:
    """Keeps level and state; what is allowed past that has been decided before (`held`)."""
    package = stored(data.get("id") or data.get("name"))
    if package is None:
        return original(context, data)
    toolkit.check_access("package_update", context, {"id": package.id})
    standing, given = record.of(package), grant()
    if given is None:
        refuse(changed_flags(context, data, standing))
        given = Grant(standing.state, standing.level, standing.shared_with)
    elif given.owner:
        data["owner_org"] = given.owner
    _set(data, given)
    refuse(_file_errors(data, given.visibility))
    stays_entry = standing.state == given.lifecycle == levels.INVENTAR and not rehearsal.running()
    if stays_entry and data.get("resources") and not context.get("ignore_auth"):
        refuse({"resources": [_(NO_FILES_YET)]})
    return original(context, data)


def stored(id: Any) -> model.Package | None:
    """A governed record by id or name."""
    package = model.Package.get(id) if isinstance(id, str) and id and "\x00" not in id else None
    return package if package is not None and package.type in record.TYPES else None


def locked(package_id: str) -> Standing:
    """Where a record stands, read under a lock that ends with the transaction."""
    model.Session.execute(
        sa.select(model.package_table.c.id).where(model.package_table.c.id == package_id).with_for_update()
    )
    package = model.Session.get(model.Package, package_id, populate_existing=True)
    if package is None:
        raise toolkit.ObjectNotFound(_("There is no record with this id."))
    return record.of(package)


def _set(data: Dict, given: Grant) -> None:
    data["lifecycle"], data["visibility"] = given.lifecycle, given.visibility
    data["shared_with"] = sorted(given.shared_with)
    data["private"] = not levels.is_public(given.visibility, given.lifecycle)


def _creation_errors(data: Mapping[str, Any]) -> Dict:
    errors: Dict = {}
    level = data.get("visibility") or levels.OEFFENTLICH
    if level not in levels.LEVELS:
        errors["visibility"] = [_(NOT_A_LEVEL).format(value=str(level)[:50], levels=", ".join(levels.LEVELS))]
    if data.get("lifecycle") not in (None, "", levels.ENTWURF):
        errors["lifecycle"] = [_(ON_CREATE)]
    if not isinstance(_flag(data.get("private"), True), bool):
        errors["private"] = [_("Only “true” and “false” are possible here.")]
    return errors


def changed_flags(context: Any, data: Mapping[str, Any], standing: Standing) -> Dict:
    """Stock clients send back what they read: equal values are fine, others name the action that changes them."""
    shared_with, misread = _listed(data["shared_with"]) if data.get("shared_with") else (standing.shared_with, [])
    sent = {
        "visibility": data.get("visibility") or standing.level,
        "lifecycle": data.get("lifecycle") or standing.state,
        "private": _flag(data.get("private"), standing.private),
        "shared_with": shared_with,
        "owner_org": _organization(data.get("owner_org")) or standing.owner,
    }
    kept = {
        "visibility": standing.level,
        "lifecycle": standing.state,
        "private": standing.private,
        "shared_with": standing.shared_with,
        "owner_org": standing.owner,
    }
    errors = {name: [_(INSTEAD[name])] for name in sent if sent[name] != kept[name]}
    errors |= {"shared_with": misread} if misread else {}
    state = str(data.get("state") or "")
    if context.get("allow_state_change") and state == "active" and standing.form_open:
        return errors
    if standing.state not in (levels.ENTWURF, levels.INVENTAR) and state in ("deleted", "draft"):
        errors["state"] = [_(NOT_UNDONE)]
    return errors


def third_parties(given: Any, known: frozenset[str] = frozenset()) -> tuple[frozenset[str], list[str]]:
    """The organisations of third parties that somebody names, and what is wrong with them; `known` need not exist."""
    wanted, wrong = _listed(given)
    third = {one.name for one in people.organizations().values() if one.kind == levels.DRITTE} if wanted else set[str]()
    return wanted, [*wrong, *(_(UNKNOWN_THIRD).format(name=one[:100]) for one in sorted(wanted - third - known))]


def _listed(given: Any) -> tuple[frozenset[str], list[str]]:
    """Texts in a list, in JSON or on lines, and what is wrong with them."""
    try:
        return frozenset(lists.items(given)), []
    except toolkit.Invalid as error:
        return frozenset(), [str(error.error)]


def _flag(value: Any, stored_value: bool) -> Any:
    text = str(value).strip().lower()
    if value is None or text == "":
        return stored_value
    return toolkit.asbool(text) if text in TRUE_OR_FALSE else value


def _organization(given: Any) -> str:
    """The id of an organisation that is named; what does not exist stays as it is and is refused elsewhere."""
    group = model.Group.get(given) if isinstance(given, str) and given and "\x00" not in given else None
    return group.id if group is not None else ""


def _file_errors(data: Mapping[str, Any], level: str) -> Dict:
    """A file is never more open than its record; on a record not yet released, than the level that is asked for."""
    found = [_file_error(one, level) for one in data.get("resources") or () if isinstance(one, dict)]
    return {"resources": found} if any(found) else {}


def _file_error(resource: Mapping[str, Any], level: str) -> Dict:
    own = resource.get("visibility") or ""
    if not own:
        return {}
    if own not in levels.LEVELS:
        return {"visibility": [_(NOT_A_LEVEL).format(value=str(own)[:50], levels=", ".join(levels.LEVELS))]}
    return {"visibility": [_(TOO_OPEN_FILE).format(level=level)]} if levels.is_stricter(level, own) else {}


def refuse(errors: Dict) -> None:
    """Raises `toolkit.ValidationError` where something is wrong."""
    if errors:
        model.Session.rollback()
        raise toolkit.ValidationError(errors)


def is_held(context: Any, standing: Standing) -> bool:
    """Whether a change by whoever acts waits for a decision. Raises `toolkit.ValidationError` where none may be."""
    if grant() is not None:
        return False
    if standing.state == levels.EINGEREICHT:
        refuse({"lifecycle": [_(WAITS)]})
    if standing.state == levels.ARCHIVIERT:
        refuse({"lifecycle": [_(ARCHIVED)]})
    if standing.state != levels.FREIGEGEBEN:
        return False
    return standing.level == levels.OEFFENTLICH or not people.acting(context).leads(standing.owner)
