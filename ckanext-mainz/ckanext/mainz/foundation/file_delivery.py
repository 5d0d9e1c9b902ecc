"""How uploaded files leave the portal: never as a page of the portal itself.

CKAN 2.12 sends the files of its storages with ``Content-Disposition: inline``, so that an uploaded HTML or SVG file
would run its scripts under the portal's own address. Only kinds that a browser shows without running anything are
left inline; all others are downloads.
"""

from __future__ import annotations

from typing import Any

from flask import Response

SHOWN_IN_BROWSER = frozenset({"application/pdf", "image/gif", "image/jpeg", "image/png", "image/webp", "text/plain"})
PDF = "application/pdf"


def register(app: Any) -> None:
    """Lets every answer of the application pass through `deliver_safely`."""
    app.after_request(deliver_safely)


def deliver_safely(response: Response) -> Response:
    """Makes a download of what could run scripts, and forbids browsers to guess the content type."""
    disposition = response.headers.get("Content-Disposition", "")
    if not disposition:
        return response
    response.headers["X-Content-Type-Options"] = "nosniff"
    kind, semicolon, name = disposition.partition(";")
    if kind == "inline" and response.mimetype not in SHOWN_IN_BROWSER:
        response.headers["Content-Disposition"] = f"attachment{semicolon}{name}"
    if response.mimetype != PDF:  # browsers show a PDF in a viewer of their own, which a sandbox would switch off
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
