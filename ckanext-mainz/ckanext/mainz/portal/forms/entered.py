"""What was typed into a form, kept in the session until the form can be sent.

For the two cases in which a form comes back before anything was looked at: the session has ended, or the form's token
fits no session. Kept are texts, not files: whoever sent them is not known yet.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit
from flask import redirect, request, session
from werkzeug.datastructures import MultiDict

_ = toolkit._
SLOT = "mainz_entered"
ERRORS = "mainz_errors"
LIFETIME = 3600
MOST_FORMS = 5
MOST_CHARACTERS = 500_000


@dataclass(frozen=True)
class Entered:
    """Fields of a form that was not taken, the name of the file chosen with it, and the ticket of one that waits."""

    fields: MultiDict[str, str]
    file_name: str
    staged: str


def keep_and_return() -> Any:
    """Keeps what this request typed and sends the person back to the form, by way of the login if need be."""
    keep(request.path)
    here = toolkit.h.url_for(request.endpoint, **(request.view_args or {}))
    if current_user.is_authenticated:
        return redirect(here)
    toolkit.h.flash_error(_("You were logged out in the meantime. Log in again: what you typed is still there."))
    return redirect(toolkit.h.url_for("user.login", came_from=here))


def keep(path: str, staged: str = "") -> None:
    """Keeps the fields of this request, and the ticket of a file, for the form at a path, for an hour."""
    hidden = {toolkit.config["WTF_CSRF_FIELD_NAME"], "save", "staged"}
    fields = [[name, value] for name, value in request.form.items(multi=True) if name not in hidden]
    if sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS:
        return
    chosen = request.files.get("upload")
    name = (chosen.filename or "") if chosen else ""
    entry = {"at": time.time(), "fields": fields, "file": name, "staged": staged}
    others = [(other, kept) for other, kept in _stored().items() if other != path][-MOST_FORMS + 1 :]
    session[SLOT] = dict([*others, (path, entry)])


def restored(path: str) -> Entered | None:
    """What was kept for a form, if anything, and not longer than an hour ago."""
    entry = _stored().get(path)
    if entry is None or time.time() - entry["at"] > LIFETIME:
        return None
    return Entered(MultiDict([(name, value) for name, value in entry["fields"]]), entry["file"], entry["staged"])


def forget(path: str) -> None:
    """The form went through, or the person wants an empty one."""
    if path in _stored():
        session[SLOT] = {other: kept for other, kept in _stored().items() if other != path}


def tell(record_id: str, errors: Mapping[str, Any]) -> None:
    """Keeps what is wrong with a stored record for the next time its form is opened."""
    session[ERRORS] = {"id": record_id, "errors": dict(errors)}


def told(record_id: str) -> Mapping[str, Any]:
    """What was to be told of a record; only once."""
    kept = session.get(ERRORS) or {}
    return session.pop(ERRORS)["errors"] if kept.get("id") == record_id else {}


def forget_all(*_sender: Any, **_more: Any) -> None:
    """Somebody logged out: the next person at this browser sees nothing of theirs."""
    session.pop(SLOT, None)
    session.pop(ERRORS, None)


def _stored() -> dict[str, Any]:
    return session.get(SLOT) or {}
