"""What a request may bring: sizes, and texts that the database can keep.

Beyond these limits the answer is an error page or, for programs, JSON, in words; CKAN 2.12 ends in a server error for
a NUL in an address or a number where it expects an id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from ckan.plugins import toolkit
from flask import Request, Response, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from ckanext.mainz.foundation import config, entered
from ckanext.mainz.foundation.capped_file import CappedFile
from ckanext.mainz.metadata.texts import is_storable
from ckanext.mainz.portal.forms.api_answers import api_error, is_api

_ = toolkit._
MEGABYTE = config.MEGABYTE
#: Text of a form or a JSON body; a record with all its files is far below.
MOST_TEXT = 32 * MEGABYTE
#: An upload above the limit of one file still gets its message at the field, up to so many times the limit.
PATIENCE = 4
MULTIPART = "multipart/form-data"
JSON_KINDS = ("application/json", "application/x-www-form-urlencoded", MULTIPART)
FORMS = "mainz_forms"


class BoundedRequest(Request):
    """A request whose body has an upper bound and whose files are kept only up to the limit of one file."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.max_form_memory_size = MOST_TEXT
        self.max_content_length = config.max_file_bytes() * PATIENCE if self.mimetype == MULTIPART else MOST_TEXT

    def _load_form_data(self) -> None:
        if "form" not in self.__dict__:
            super()._load_form_data()
            entered.take_mark(self)

    def _get_file_stream(self, *_about: Any, **_more: Any) -> IO[bytes]:
        return CappedFile(config.max_file_bytes() + 1)


def register(app: Any) -> None:
    """Bounds all requests of an application and refuses what it cannot keep."""
    app.request_class = BoundedRequest
    app.before_request(refuse_unstorable)


def refuse_unstorable() -> Response | None:
    """Aborts, or answers in JSON, where an address, a form or a JSON body holds what the database cannot keep.

    The portal's own forms are let through: there the message stands at the field.
    """
    address = [request.path, *(request.view_args or {}).values(), *_pairs(request.args.lists())]
    if not _storable(address):
        return _refuse()
    if request.method not in ("POST", "PUT", "PATCH") or request.blueprint == FORMS:
        return None
    if is_api():
        return _refuse_api_body()
    if not _storable(_pairs(request.form.lists())) or not _known_duration():
        return _refuse()
    return None


def _refuse() -> Response | None:
    message = _("The address or the form holds characters or values that are not possible here.")
    return api_error(400, message) if is_api() else toolkit.abort(400, message)


def _known_duration() -> bool:
    """CKAN's login takes any text for the time that it remembers somebody, and fails at most of them."""
    remember = request.form.get("remember", "")
    return request.endpoint != "user.login" or not remember or (remember.isascii() and remember.isdigit())


def _refuse_api_body() -> Response | None:
    if request.mimetype not in JSON_KINDS and request.content_length:
        return api_error(
            415,
            _("Send JSON with the header Content-Type: application/json, or a form (multipart/form-data) with files."),
        )
    if request.mimetype != "application/json":
        return _refuse_values({name: _one_or_many(values) for name, values in request.form.lists()})
    try:
        body = request.get_json()
    except RecursionError:
        return api_error(400, _("The JSON is nested too deeply."))
    except (BadRequest, UnsupportedMediaType):
        return None  # CKAN's own answer says where the JSON is broken
    return _refuse_values(body) if isinstance(body, dict) else None


def _one_or_many(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


def _refuse_values(body: Mapping[str, Any]) -> Response | None:
    errors = {name: [message] for name, value in body.items() if (message := _problem(name, value))}
    return api_error(409, _("The request holds values that are not possible."), errors) if errors else None


def _problem(name: str, value: Any) -> str:
    if not _storable([name]) or not _storable(_texts(value)):
        return _("The text contains control characters. Type it again or paste it without formatting.")
    if (name == "id" or name.endswith("_id")) and isinstance(value, int | float | dict | list):
        return _("A text is expected here, such as the name or the id of a record.")
    return ""


def _pairs(lists: Iterable[tuple[str, list[str]]]) -> Iterator[str]:
    for name, values in lists:
        yield name
        yield from values


def _storable(texts: Iterable[Any]) -> bool:
    return all(is_storable(text) for text in texts if isinstance(text, str))


def _texts(value: Any) -> Iterator[str]:
    """All texts in JSON, keys included, however deep."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting.extend([*item.keys(), *item.values()])
        elif isinstance(item, list):
            waiting.extend(item)
