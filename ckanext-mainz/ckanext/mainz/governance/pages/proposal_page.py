"""The page of a proposal: what it changes, what stands in its way, and the decision; and the files that it brings."""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.lib import files
from ckan.plugins import toolkit
from flask import Response

from ckanext.mainz.foundation import entered
from ckanext.mainz.foundation.file_names import safe_name
from ckanext.mainz.foundation.files import PortalResourceUpload, resource_storage
from ckanext.mainz.governance import auth, logbook, proposals, record, telling, transitions, writing
from ckanext.mainz.governance.check.forms import Check
from ckanext.mainz.governance.differences import FileChange
from ckanext.mainz.governance.pages import check_place, entrance, record_page, words
from ckanext.mainz.governance.pages.record_page import Tried
from ckanext.mainz.governance.people import Person
from ckanext.mainz.governance.proposals import Proposal
from ckanext.mainz.governance.record import Standing

_ = toolkit._
Dict = dict[str, Any]
#: The action by which a proposal is accepted.
ACCEPT = "mainz_proposal_accept"


def find(id: str) -> tuple[Proposal, Standing]:
    """A proposal and its record. Raises `toolkit.ObjectNotFound`."""
    found = proposals.find(id)
    package = writing.stored(found.package_id) if found is not None else None
    if found is None or package is None:
        raise toolkit.ObjectNotFound(auth.nothing_there())
    return found, record.of(package)


def page(id: str, tried: Tried) -> Dict:
    """What the template needs. Raises what `mainz_proposal_show` raises."""
    shown = entrance.call("mainz_proposal_show", {"id": id})
    found, standing = find(id)
    person, level = entrance.person(), found.level or standing.level
    waits = found.state == proposals.OPEN
    decides = waits and transitions.decides(person, standing, level)
    own = transitions.own_proposal(person, found, level)
    may_accept = decides and not own and not shown["conflicts"]
    author = model.User.get(found.author) if found.author else None
    return {
        "head": record_page.head(standing),
        "proposal": shown,
        "author": author.display_name if author is not None and author.state == model.State.ACTIVE else "",
        "mine": found.author == person.id,
        "returned": _returned(found),
        "waits": waits,
        "decides": decides,
        "may_accept": may_accept,
        "why_not": _why_not(waits, decides, own, level),
        "asks_for_level": found.level if found.level and found.level != standing.level else "",
        "readers": telling.readers_of(standing, level)["sentence"],
        "fetchable": fetchable(person, found, standing),
        "released_files": {one["id"] for one in proposals.released(standing.id)["resources"]},
        "check": _check(standing, found, tried) if decides and not own else None,
        "offered": {"mainz_proposal_accept": may_accept, "mainz_proposal_return": decides},
        "tried": tried,
        "words": words,
    }


def _check(standing: Standing, proposal: Proposal, tried: Tried) -> Check | None:
    """The form of the release check, as it was sent where accepting was refused."""
    accepting = tried.action == ACCEPT
    return check_place.of_change(standing, proposal, entered.fields("accept"), accepting)


def _returned(proposal: Proposal) -> Dict | None:
    """Why a proposal came back; of a dataset from the inventory that is under way again, its record knows."""
    if proposal.state == proposals.BEGUN:
        return logbook.row(proposal.package_id).get("returned")
    back = proposal.state == proposals.RETURNED
    return {"at": proposal.decided, "reason": proposal.reason, "note": proposal.note} if back else None


def _why_not(waits: bool, decides: bool, own: str, level: str) -> str:
    if not waits:
        return ""
    if not decides:
        return _(transitions.only_decides(level))
    return _(own) if own else ""


def fetchable(person: Person, proposal: Proposal, standing: Standing) -> frozenset[str]:
    """Ids of the proposed files whose bytes this person may look at: those who decide, while there is a decision."""
    if proposal.state != proposals.OPEN or not transitions.decides(person, standing, proposal.level or standing.level):
        return frozenset()
    return frozenset(one.id for one in proposal.changes.files if one.new_bytes and (one.new or {}).get("file_key"))


def file(id: str, resource_id: str) -> Response:
    """The bytes of a proposed file, as a download. Raises `toolkit.ObjectNotFound` for all but those who decide."""
    found, standing = find(id)
    if resource_id not in fetchable(entrance.person(), found, standing):
        raise toolkit.ObjectNotFound(auth.nothing_there())
    change = next(one for one in found.changes.files if one.id == resource_id)
    return _download(change)


def _download(change: FileChange) -> Response:
    """A download, never shown in the browser: nobody has looked at these bytes yet."""
    new = change.new or {}
    name = safe_name(str(new.get("url") or "").rsplit("/", 1)[-1])
    kept = PortalResourceUpload({"id": change.id, "url": name, "url_type": "upload", "file_key": new.get("file_key")})
    storage, location = resource_storage(), kept.get_path(change.id)
    try:
        size = storage.size(location)
    except files.exc.MissingFileError as error:
        raise toolkit.ObjectNotFound(auth.nothing_there()) from error
    kind = str(new.get("mimetype") or "application/octet-stream")
    response = storage.as_response(files.FileData(location, size=size, content_type=kind), name)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
