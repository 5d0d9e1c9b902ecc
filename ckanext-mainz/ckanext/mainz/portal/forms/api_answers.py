"""Errors of the Action API as JSON, also those that CKAN answers with a page."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from flask import Response, jsonify, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

_ = toolkit._
API = "/api/"


def is_api() -> bool:
    """Whether this request is for the API, so that the answer is JSON."""
    return request.path.startswith(API)


def api_error(status: int, message: str, fields: dict[str, Any] | None = None) -> Response:
    """An answer in the shape of the Action API: in ``error`` the type, a message, and messages by field."""
    kind = "Validation Error" if fields else "Bad Request"
    answer = jsonify(success=False, error={**(fields or {}), "__type": kind, "message": message})
    answer.status_code = status
    return answer


def register(app: Any) -> None:
    """Puts JSON in the place of CKAN's error pages for all requests to the API."""
    handlers = app.error_handler_spec[None]
    for code, by_class in handlers.items():
        for kind, page in by_class.items():
            if code and issubclass(kind, HTTPException):
                by_class[kind] = _json_or(page)


def _json_or(page: Any) -> Any:
    def answer(error: HTTPException) -> Any:
        return api_error(error.code or 500, words(error)) if is_api() else page(error)

    return answer


def words(error: HTTPException) -> str:
    """What an HTTP error means, in the reader's language where we have better words than Werkzeug."""
    if isinstance(error, RequestEntityTooLarge):
        return _("The request is larger than this portal takes. Send less text, or give a link instead of a file.")
    return error.description or error.name
