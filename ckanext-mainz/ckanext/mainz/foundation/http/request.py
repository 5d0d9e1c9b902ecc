"""What is asked for, and what becomes of it when the answer is a redirect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.foundation.http.answers import Validators
from ckanext.mainz.foundation.http.errors import AddressRefused, BadResponse
from ckanext.mainz.foundation.http.wire import PORTS, port_of

REDIRECTS = (301, 302, 303, 307, 308)
HEADERS_FOR_EVERYBODY = ("accept", "accept-language", "if-none-match", "if-modified-since")
_USER_INFO = re.compile(r"//[^/]*@")  # also where the rest is no address: a password is shown nowhere
_HOST = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]", re.IGNORECASE)


@dataclass(frozen=True)
class Request:
    method: str
    url: Url
    headers: Mapping[str, str]
    body: bytes | None = None
    repeatable: bool = True


def new_request(
    method: str,
    url: str,
    headers: Mapping[str, str] | None,
    *,
    body: bytes | None = None,
    unless: Validators | None = None,
) -> Request:
    return Request(method, _web_address(url), {**(headers or {}), **(unless.as_headers() if unless else {})}, body)


def _web_address(text: str) -> Url:
    """`text` as an address that can be requested: umlauts, blanks and the like are encoded. Raises `AddressRefused`."""
    try:
        url = parse_url(text.strip())
    except LocationParseError as error:
        raise _incomplete(text) from error
    if url.auth is not None:
        raise AddressRefused(
            url._replace(auth=None).url,
            N_(
                "{url} was given with a user name or a password in the address and not requested. Remove them from the "
                "address; credentials belong into the settings of the source."
            ),
        )
    if url.scheme not in PORTS or not _HOST.fullmatch(url.host or ""):
        raise _incomplete(text)
    return url


def _incomplete(text: str) -> AddressRefused:
    return AddressRefused(
        _USER_INFO.sub("//", text),
        N_("{url} was not requested: it is no complete web address. Write it like https://www.example.org/path."),
    )


def port_refused(url: Url) -> AddressRefused:
    return AddressRefused(
        url.url,
        N_(
            "{url} was not requested: port {port} is not permitted. If it is right, the operator adds it to "
            "ckanext.mainz.http.allowed_ports."
        ),
        port=port_of(url),
    )


def redirected(request: Request, status: int, location: str) -> Request | None:
    """The request that a redirect asks for, None if the answer is no redirect.

    303, and as all clients do 301 and 302 after POST, go on with GET (RFC 9110, 15.4). What the caller sent along stays
    with the party it was meant for: another host, another port or plain http instead of https gets neither credentials
    nor a body.
    """
    if status not in REDIRECTS or not location:
        return None
    url = _web_address(_joined(request.url, _as_utf8(location)))
    same = _same_party(request.url, url)
    headers = request.headers if same else _for_everybody(request.headers)
    if request.body is None:
        return replace(request, url=url, headers=headers)
    if status in (307, 308):
        return replace(request, url=url) if same else _refuse_to_repeat(request, url, status)
    return replace(request, method="GET", url=url, headers=_without_body(headers), body=None)


def _joined(base: Url, location: str) -> str:
    try:
        return urljoin(base.url, location)
    except ValueError as error:  # brackets that are no IPv6 address
        raise _incomplete(location) from error


def _refuse_to_repeat(request: Request, url: Url, status: int) -> Request:
    raise BadResponse(
        request.url.url,
        N_(
            "{url} wants the request to be sent again to {target}, which is another server. Enter that address instead."
        ),
        status=status,
        target=url.url,
    )


def _same_party(one: Url, other: Url) -> bool:
    """The same server, or the step from http to https on the usual ports of the same host."""
    if one.host != other.host:
        return False
    origins = (one.scheme, port_of(one)), (other.scheme, port_of(other))
    return origins[0] == origins[1] or origins == (("http", 80), ("https", 443))


def _for_everybody(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() in HEADERS_FOR_EVERYBODY}


def _without_body(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() != "content-type"}


def _as_utf8(value: str) -> str:
    """Header values arrive as Latin-1; addresses with umlauts are sent as UTF-8 by most servers, by some as Latin-1."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
