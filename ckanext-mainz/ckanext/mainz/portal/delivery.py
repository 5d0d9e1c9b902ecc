"""How answers leave the portal: compressed, with an ETag, cached where their address changes with the content, and with
headers that keep browsers from loading or running anything foreign."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from werkzeug.wrappers import Response

from ckanext.mainz.foundation.requests import is_personal, takes_gzip

WsgiApp = Callable[..., Iterable[bytes]]

#: Addresses that change with the content: our own files and the bundles of CKAN's webassets.
VERSIONED = ("/mainz/assets/", "/webassets/")
#: Files of the installation: they change only with it.
INSTALLED = ("/mainz/", "/base/", "/favicon.ico")
#: Content that people have uploaded.
UPLOADED = ("/uploads/", "/file/")
DOWNLOAD = "/download/"

FOREVER = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
ASK_FIRST = "no-cache"
PRIVATE = "private, no-cache"
NOWHERE = "no-store"

SMALLEST_WORTH = 500
LARGEST_HELD = 8_000_000
LEVEL = 5
PACKED_FILES = 64

#: CKAN's own pages for work: their scripts (htmx, select2) write style attributes, so inline styles stay allowed there.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
#: Pages for readers: own style sheet, no script at all.
READER_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
#: Everything else is data. `sandbox` keeps an uploaded HTML or SVG file from running scripts in the portal's name.
DATA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Browsers show PDF in a viewer of their own, which a sandbox would break; PDF runs no script of the page.
SHOWN_BY_A_VIEWER = ("application/pdf", "image/", "audio/", "video/")


def wrap(app: WsgiApp) -> WsgiApp:
    """Wraps CKAN's WSGI application in the layer of this room."""

    def delivered(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")  # CKAN takes the language out of it on the way
        response = Response.from_app(app, environ)
        protect(response, path)
        response.headers["Cache-Control"] = cache_rule(response, path, personal=is_personal(environ))
        if path.startswith((*VERSIONED, *INSTALLED)):
            response.headers["Vary"] = "Accept-Encoding"  # the same for everybody, logged in or not
        if is_held(response, environ):
            weaken(response)
            response.make_conditional(environ)
            compress(response, environ)
        return response(environ, start_response)

    return delivered


def protect(response: Response, path: str) -> None:
    """Adds the headers that tell browsers what not to do; what a view has set stays."""
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    if is_upload(path) or not is_page(response):
        if not mimetype(response).startswith(SHOWN_BY_A_VIEWER) or mimetype(response) == "image/svg+xml":
            response.headers.setdefault("Content-Security-Policy", DATA_POLICY)
    else:
        response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)


def is_upload(path: str) -> bool:
    return path.startswith(UPLOADED) or DOWNLOAD in path


def is_page(response: Response) -> bool:
    return mimetype(response) in ("text/html", "application/xhtml+xml")


def mimetype(response: Response) -> str:
    return response.mimetype or ""


def cache_rule(response: Response, path: str, *, personal: bool = False) -> str:
    """Who may keep an answer, and for how long. A view can say that nobody may, as where a secret is shown once."""
    if response.cache_control.no_store:
        return NOWHERE
    if response.status_code not in (200, 206, 304) or "Set-Cookie" in response.headers:
        return PRIVATE
    if path.startswith(VERSIONED):
        return FOREVER
    if path.startswith(INSTALLED):
        return FOR_A_DAY
    return PRIVATE if personal or response.cache_control.private else ASK_FIRST


def is_held(response: Response, environ: dict[str, Any]) -> bool:
    """Whether an answer is taken as a whole, for its ETag and compression: text of a known and moderate length."""
    length = response.content_length
    return (
        environ["REQUEST_METHOD"] == "GET"
        and response.status_code == 200
        and "Content-Encoding" not in response.headers
        and is_text(mimetype(response))
        and length is not None
        and length <= LARGEST_HELD
    )


def is_text(mimetype: str) -> bool:
    return mimetype.startswith("text/") or any(word in mimetype for word in ("json", "xml", "javascript"))


def weaken(response: Response) -> None:
    """Gives an answer an ETag that holds for its packed and its plain form alike."""
    known, _weak = response.get_etag()
    if known is None:
        response.add_etag(weak=True)
    else:
        response.set_etag(known, weak=True)


def compress(response: Response, environ: dict[str, Any]) -> None:
    """Packs an answer by gzip for clients that take it."""
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or not takes_gzip(environ):
        return
    data = response.get_data()
    if len(data) >= SMALLEST_WORTH:
        keep = "immutable" in response.headers["Cache-Control"]
        response.set_data(packed_once(data) if keep else packed(data))
        response.headers["Content-Encoding"] = "gzip"


def packed(data: bytes) -> bytes:
    return gzip.compress(data, LEVEL, mtime=0)


@lru_cache(maxsize=PACKED_FILES)
def packed_once(data: bytes) -> bytes:
    """Packed bytes of a file that never changes; kept, since CKAN's scripts take some 50 ms."""
    return packed(data)
