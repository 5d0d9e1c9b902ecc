"""CKAN's Action API (version 3): one question, one answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.foundation.http import BadResponse, HttpError, Response, Session
from ckanext.mainz.harvest.gdi.csw_repair import repaired

Record = dict[str, Any]
#: What people paste behind the address of a portal.
BEHIND = re.compile(r"/(?:api(?:/.*)?|dataset(?:/.*)?)?(?:[?#].*)?\Z")
NO_ACTION = (400, 404, 405, 501)
NO_JSON = N_("{url} sends no JSON: {reason}. Check whether a CKAN is at this address.")
NO_ANSWER = N_("{url} sends JSON, but no answer of CKAN. Check whether a CKAN is at this address.")
REFUSED = N_("The portal refuses {action}: {why}")


class ApiError(ReadableError):
    """An answer that is none. `status` is its HTTP status; `refused` says that CKAN itself said no."""

    def __init__(self, template: Any, status: int, refused: bool = False, **values: object) -> None:
        self.status = status
        self.refused = refused
        super().__init__(template, **values)


Failure = (HttpError, ApiError)


@dataclass(frozen=True)
class Api:
    """The API of the portal at `base`, which has no slash at its end."""

    session: Session
    base: str

    def ask(self, action: str, **values: Any) -> Any:
        """The result of an action. Raises `ApiError` and `HttpError`."""
        query = urlencode({name: value for name, value in values.items() if value != ""})
        url = f"{self.base}/api/3/action/{action}" + (f"?{query}" if query else "")
        answer = self.session.get(url, headers={"Accept": "application/json"})
        said = self._said(answer)
        if isinstance(said, dict) and said.get("success") is True and "result" in said:
            return said["result"]
        if isinstance(said, dict) and said.get("success") is False:
            raise ApiError(REFUSED, answer.status, refused=True, action=action, why=_why(said.get("error")))
        answer.checked(html=False)
        raise ApiError(NO_ANSWER, answer.status, url=answer.url)

    def _said(self, answer: Response) -> Any:
        """What an answer says, also one whose status is an error: CKAN explains itself in JSON."""
        try:
            return _parsed(answer.body)
        except (ValueError, RecursionError) as error:
            answer.checked(html=False)
            raise ApiError(NO_JSON, answer.status, url=answer.url, reason=str(error)[:100]) from error


def base_of(url: str) -> str:
    """The address of a portal, whatever of its API or pages is behind it."""
    return BEHIND.sub("", url.strip()).rstrip("/")


def is_unknown(error: ReadableError) -> bool:
    """Whether a portal does not have an action at all."""
    return isinstance(error, ApiError | BadResponse) and error.status in NO_ACTION


def is_for_others(error: ReadableError) -> bool:
    """Whether a record is not for everybody, or there no more."""
    return isinstance(error, ApiError | BadResponse) and error.status in (401, 403, 404)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except UnicodeDecodeError:
        return json.loads(repaired(body).data.decode("utf-8"))


def _why(error: Any) -> str:
    """CKAN's own sentence."""
    if isinstance(error, dict):
        return str(error.get("message") or error.get("__type") or error)[:200]
    return str(error)[:200]
