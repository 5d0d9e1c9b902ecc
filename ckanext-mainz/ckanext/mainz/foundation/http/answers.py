"""What comes back from an outgoing request."""

from __future__ import annotations

import email.message
import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.foundation.http.errors import BadResponse

NOT_MODIFIED = 304
SNIFFED = 2048
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html[\s>])", re.I | re.S
)


@dataclass(frozen=True)
class Validators:
    """What a server said about the version it sent, to ask next time only for something newer (RFC 9110, 8.8)."""

    etag: str = ""
    last_modified: str = ""

    def as_headers(self) -> dict[str, str]:
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


@dataclass(frozen=True)
class Answer:
    """What every answer has. `url` is the address after redirects; `headers` is read without regard to case."""

    url: str
    status: int
    headers: Mapping[str, str]

    @property
    def content_type(self) -> str:
        """Media type in lower case without parameters, empty if not given. Many servers state a wrong one."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """The ``charset`` parameter in lower case, empty if not given."""
        message = email.message.Message()
        message["Content-Type"] = self.headers.get("Content-Type", "")
        return str(message.get_content_charset() or "")

    @property
    def validators(self) -> Validators:
        return Validators(self.headers.get("ETag", ""), self.headers.get("Last-Modified", ""))

    @property
    def not_modified(self) -> bool:
        return self.status == NOT_MODIFIED

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True)
class Response(Answer):
    """An answer with its whole body in memory, decompressed."""

    body: bytes = field(default=b"", repr=False)

    @property
    def is_html(self) -> bool:
        """Whether the body begins like an HTML page, whatever its Content-Type says."""
        return begins_like_html(self.body)

    def checked(self, *, html: bool = True) -> Response:
        """This response, if it is a success or "not modified".

        `html=False` says that data were asked for, so that a login or maintenance page is no success even with the
        status 200. Raises `BadResponse`.
        """
        if not (self.is_success or self.not_modified):
            raise bad_status(self.url, self.status)
        if not html and self.is_html:
            raise page_instead_of_data(self.url, self.status)
        return self


@dataclass(frozen=True)
class Download(Answer):
    """An answer whose body was written to a file: its size in bytes and its SHA-256 in hexadecimal digits.

    After "not modified" nothing was written and both are empty.
    """

    size: int = 0
    sha256: str = ""


def bad_status(url: str, status: int) -> BadResponse:
    name = http.client.responses.get(status, "")
    return BadResponse(
        url, N_("{url} answers with status {status} {name}. Check the address."), status=status, name=name
    )


def page_instead_of_data(url: str, status: int) -> BadResponse:
    return BadResponse(
        url,
        N_("{url} sends an HTML page instead of data, perhaps a login or maintenance page. Open it in a browser."),
        status=status,
    )


def begins_like_html(start: bytes) -> bool:
    return _HTML_START.match(start[:SNIFFED]) is not None
