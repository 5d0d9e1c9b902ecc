"""The one place where the portal leaves the house, for addresses that came from a person, a record or a source.

A `Session` sends requests under an `HttpPolicy`: only to permitted addresses, judged on the address that is connected
to and again on every redirect; within limits of time and size; with retries that wait. What it returns is a frozen
`Response` or, for a file, `Download`; everything that goes wrong is an `HttpError` whose sentence people can read.

    session = Session(config.http_policy())
    page = session.get("https://geodaten.example/csw?…").checked(html=False)
    file = session.download(url, Path("table.csv"), unless=file_of_yesterday.validators)

A session may be used by several threads, and must be if `max_parallel_per_host` is to hold for them together. Every
request has a connection of its own: no state, no cookies, nothing from the environment (proxies, .netrc) is used.
"""

from __future__ import annotations

from ckanext.mainz.foundation.http.answers import Answer, Download, Response, Validators
from ckanext.mainz.foundation.http.errors import (
    AddressRefused,
    BadResponse,
    CertificateRefused,
    HttpError,
    TooLarge,
    TooSlow,
    Truncated,
    UnknownHost,
    Unreachable,
)
from ckanext.mainz.foundation.http.policy import HttpPolicy
from ckanext.mainz.foundation.http.session import Session

__all__ = [
    "AddressRefused",
    "Answer",
    "BadResponse",
    "CertificateRefused",
    "Download",
    "HttpError",
    "HttpPolicy",
    "Response",
    "Session",
    "TooLarge",
    "TooSlow",
    "Truncated",
    "UnknownHost",
    "Unreachable",
    "Validators",
]
