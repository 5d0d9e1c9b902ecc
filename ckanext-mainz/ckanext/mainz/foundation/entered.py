"""What was typed into a form, kept for the session until the form can be sent.

For requests that end before anybody looked at what they brought: the session has ended, the form's token fits no
session, or the record cannot be changed any more. Kept are texts for an hour, never files, passwords or tokens; and
only for the person to whom the portal gave the form. The form says so itself by a signed mark, since a session that has
ended says nothing: whoever else logs in at the same browser sees nothing of it. The texts lie in Redis, which drops
them after the hour, whether or not anybody comes back; the session holds the key.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from ckan.common import current_user
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit
from flask import Request, Response, current_app, g, redirect, request, session
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

_ = toolkit._
SLOT = "mainz_entered"
ERRORS = "mainz_errors"
MARK = "typed_by"
LIFETIME, WEEK = 3600, 7 * 24 * 3600
MOST_FORMS = 5
MOST_CHARACTERS = 500_000
SECRET = re.compile(r"passw|token|secret|api_?key", re.IGNORECASE)
TAKEN = "mainz.typed_by"
OF_THE_FORM = frozenset({"save", "staged", "back", "asked"})
"""Fields that the form has for itself: nobody typed them."""
FRESH = "fresh"


@dataclass(frozen=True)
class Entered:
    """Fields of a form that was not taken, the view that they were sent to (without its blueprint), the name of the
    file chosen with it, and the ticket of one that waits."""

    fields: MultiDict[str, str]
    view: str
    file_name: str
    staged: str


@dataclass(frozen=True)
class Room:
    """How the forms of a blueprint come back. `pages`: the view whose page has the form, for views that only take it;
    `untyped`: views that take nothing that is typed."""

    pages: Mapping[str, str]
    untyped: frozenset[str]


_rooms: dict[str, Room] = {}


def comes_back(blueprint: str, pages: Mapping[str, str] | None = None, untyped: Iterable[str] = ()) -> None:
    """From now on, what was typed into a form of this blueprint comes back with its page (`restored`)."""
    _rooms[blueprint] = Room(pages or {}, frozenset(untyped))


def has_room() -> bool:
    """Whether the form of this request comes back."""
    return _names()[0] in _rooms


def is_typed() -> bool:
    """Whether this request brings something that somebody has typed, or a file that they have chosen."""
    blueprint, view = _names()
    if request.method != "POST" or (blueprint in _rooms and view in _rooms[blueprint].untyped):
        return False
    return any(value.strip() for _name, value in typed()) or any(one.filename for one in request.files.values())


# --- before a form is taken ------------------------------------------------------------------------------------------


def login_first() -> Any:
    """Sends somebody who is not logged in to the login and back again; what a form sent is kept."""
    if current_user.is_authenticated:
        return None
    return keep_and_return() if request.method == "POST" else _to_login()


def keep_and_return() -> Any:
    """Keeps what this request typed and sends the person back to the form, by way of the login if need be."""
    if not is_typed():
        return _repeat()
    kept = keep()
    if not kept and marked():
        return too_long()
    if not current_user.is_authenticated:
        toolkit.h.flash_error(
            _("You were logged out in the meantime. Log in again: what you typed is still there.")
            if kept
            else _("You were logged out in the meantime. Please log in again.")
        )
        return _to_login()
    if writer() != current_user.id:
        toolkit.h.flash_error(
            _(
                "This form was opened by somebody else who was logged in here, so nothing was saved. What they typed is"
                " kept for an hour and shown to nobody but them."
            )
        )
    return redirect(address())


def _repeat() -> Any:
    toolkit.h.flash_error(_("This page was open for too long, so nothing was done. Please repeat the last step."))
    return redirect(address()) if current_user.is_authenticated else _to_login()


def _to_login() -> Any:
    return redirect(toolkit.h.url_for("user.login", came_from=address()))


def too_long() -> tuple[str, int]:
    """The page that shows once what is too long to be kept."""
    told = _("Nothing was saved, and what you typed is too long to be kept here.")
    return toolkit.render("error_document_template.html", {"code": 400, "content": told}), 400


def address() -> str:
    """The address of the page that has the form of this request."""
    endpoint, values = _form()
    query = {name: value for name, value in request.args.items() if name != FRESH}
    there = toolkit.h.url_for(endpoint, **values)
    return f"{there}?{urlencode(query)}" if query and endpoint == request.endpoint else there


# --- what is kept ----------------------------------------------------------------------------------------------------


def keep(staged: str = "") -> bool:
    """Keeps the fields of this request, and the ticket of a file, for an hour. False where that is not possible."""
    by, fields = writer(), [[name, value] for name, value in typed()]
    if not by or sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS:
        return False
    chosen = request.files.get("upload")
    name = (chosen.filename or "") if chosen else ""
    entry = {"form": _key(), "by": by, "view": _names()[1], "at": time.time(),
             "fields": fields, "file": name, "staged": staged}  # fmt: skip
    others = [one for one in _stored() if not _is_here(one, by)]
    _store([*others[-MOST_FORMS + 1 :], entry])
    g.mainz_kept = True
    return True


def restored() -> Entered | None:
    """What was kept for the form on this page, if anything, by the person at it and not longer than an hour ago."""
    if request.method != "GET" or not has_room() or not current_user.is_authenticated:
        return None
    if _is_fresh():
        forget()
    entry = next((one for one in _stored() if _is_here(one, current_user.id)), None)
    if entry is None:
        return None
    fields = MultiDict([(name, value) for name, value in entry["fields"]])
    return Entered(fields, entry["view"], entry["file"], entry["staged"])


def fields(view: str = "") -> MultiDict[str, str]:
    """What stands in the form: what was sent now, else what was kept; of the `view` that it was sent to, if given."""
    if request.method == "POST":
        return request.form
    kept = restored()
    return kept.fields if kept and view in ("", kept.view) else MultiDict()


def forget() -> None:
    """The form went through, or the person wants an empty one."""
    mine = current_user.id if current_user.is_authenticated else ""
    left = [one for one in _stored() if not _is_here(one, mine)]
    if len(left) != len(_stored()):
        _store(left)


def after_request(response: Response) -> Response:
    """Forgets what was kept of a form that has led on."""
    if request.method == "POST" and response.status_code in (302, 303) and has_room() and not g.get("mainz_kept"):
        forget()
    return response


def forget_theirs(_sender: Any, user: Any = None, **_more: Any) -> None:
    """Somebody logged out: nothing of theirs stays in this browser."""
    session.pop(ERRORS, None)
    if SLOT in session:
        _store([one for one in _stored() if one["by"] != getattr(user, "id", "")])


def discarding() -> str:
    """The address of this page without what was kept; empty where nothing is. It is signed: a link that somebody else
    made throws nothing away."""
    if restored() is None:
        return ""
    query = {**request.args.to_dict(), FRESH: _signer("fresh").dumps(current_user.id)}
    return f"?{urlencode(query)}"


def _is_fresh() -> bool:
    return _loaded("fresh", request.args.get(FRESH, ""), LIFETIME) == current_user.id


# --- who typed what --------------------------------------------------------------------------------------------------


def mark() -> str:
    """What a form carries to say to whom it was given; empty where nobody is logged in."""
    return str(_signer("typed-by").dumps(current_user.id)) if current_user.is_authenticated else ""


def take_mark(incoming: Request) -> None:
    """Takes the mark out of a form that has been read: some of CKAN's pages refuse fields that they do not know."""
    form = incoming.form
    if MARK in form:
        incoming.environ[TAKEN] = form[MARK]
        rest = [(name, value) for name, value in form.items(multi=True) if name != MARK]
        incoming.__dict__["form"] = type(form)(rest)


def marked() -> str:
    """Id of the person to whom the form of this request was given, as its mark says; empty without a good one, and
    where another site sends the form."""
    given = _loaded("typed-by", request.environ.get(TAKEN, "") if request.form else "", WEEK)
    return "" if _is_foreign() else given


def _is_foreign() -> bool:
    """Whether a browser says that a page of another site sends this."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site:
        return site not in ("same-origin", "none")
    own = {request.host, urlsplit(str(toolkit.config["ckan.site_url"])).netloc}
    return bool(origin) and urlsplit(str(origin)).netloc not in own


def writer() -> str:
    """Id of whoever typed this: to whom the form was given, else who is logged in."""
    return marked() or (str(current_user.id) if current_user.is_authenticated else "")


def typed() -> Iterator[tuple[str, str]]:
    """Fields of this request that people fill in, but for what nobody else is to know."""
    hidden = OF_THE_FORM | {toolkit.config["WTF_CSRF_FIELD_NAME"]}
    for name, value in request.form.items(multi=True):
        if name not in hidden and not SECRET.search(name):
            yield name, value


def lost() -> list[tuple[str, str]]:
    """What was typed into a form that is answered by an error: its texts, to be copied. A form that the portal did not
    give out shows nothing, so that nobody puts words on its pages."""
    try:
        known = marked() if is_typed() else ""
        if not known or (current_user.is_authenticated and current_user.id != known):
            return []
    except RequestEntityTooLarge:
        return []
    return [(name, value) for name, value in typed() if value.strip()]


# --- errors of a stored record ---------------------------------------------------------------------------------------


def tell(record_id: str, errors: Mapping[str, Any]) -> None:
    """Keeps what is wrong with a stored record for the next time its form is opened."""
    session[ERRORS] = {"id": record_id, "errors": dict(errors)}


def told(record_id: str) -> Mapping[str, Any]:
    """What was to be told of a record; only once."""
    kept = session.get(ERRORS) or {}
    return session.pop(ERRORS)["errors"] if kept.get("id") == record_id else {}


# --- where -----------------------------------------------------------------------------------------------------------


def _names() -> tuple[str, str]:
    blueprint, _dot, view = str(request.endpoint or "").rpartition(".")
    return blueprint, view


def _form() -> tuple[str, dict[str, Any]]:
    """The endpoint of the page that has the form of this request, and the values of its address."""
    blueprint, view = _names()
    room = _rooms.get(blueprint)
    endpoint = f"{blueprint}.{room.pages.get(view, view) if room else view}"
    wanted = {name for rule in current_app.url_map.iter_rules(endpoint) for name in rule.arguments}
    return endpoint, {name: value for name, value in (request.view_args or {}).items() if name in wanted}


def _key() -> list[Any]:
    endpoint, values = _form()
    return [endpoint, *(part for pair in sorted(values.items()) for part in pair)]


def _is_here(entry: Mapping[str, Any], by: str) -> bool:
    return entry["by"] == by and list(entry["form"]) == _key()


def _stored() -> list[dict[str, Any]]:
    kept = connect_to_redis().get(_redis_key()) if SLOT in session else None
    return [one for one in json.loads(kept) if time.time() - one["at"] <= LIFETIME] if kept else []


def _store(entries: list[dict[str, Any]]) -> None:
    """Puts these in place of what is kept for this session."""
    if entries:
        session.setdefault(SLOT, secrets.token_urlsafe())
        connect_to_redis().set(_redis_key(), json.dumps(entries), ex=LIFETIME)
    elif SLOT in session:
        connect_to_redis().delete(_redis_key())
        session.pop(SLOT)


def _redis_key() -> str:
    return f"mainz:{toolkit.config['ckan.site_id']}:typed:{session[SLOT]}"


def _loaded(purpose: str, given: str, seconds: int) -> str:
    """What was signed for a purpose; empty without a good signature, or after its time."""
    try:
        return str(_signer(purpose).loads(given, max_age=seconds))
    except BadData:
        return ""


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(toolkit.config["SECRET_KEY"], salt=f"mainz-{purpose}")
