"""What a request says of who asks and what they take, for layers before CKAN, which have only the WSGI environment."""

from __future__ import annotations

from typing import Any


def is_personal(environ: dict[str, Any]) -> bool:
    """Whether somebody is signed in, by a session or a token: what they get is not for those who ask after them."""
    return bool(environ.get("HTTP_COOKIE") or environ.get("HTTP_AUTHORIZATION") or environ.get("HTTP_X_CKAN_API_KEY"))


def takes_gzip(environ: dict[str, Any]) -> bool:
    """Whether a client takes answers packed by gzip."""
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "").replace(" ", "").lower().split(",")
    return any(one == "gzip" or (one.startswith("gzip;q=") and one != "gzip;q=0") for one in accepted)
