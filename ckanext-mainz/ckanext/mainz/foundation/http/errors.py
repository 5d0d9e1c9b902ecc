"""What can go wrong with an outgoing request, as errors that say what, where and what to do."""

from __future__ import annotations

from collections.abc import Callable

from ckanext.mainz.foundation.errors import N_, Message, ReadableError

LONGEST_URL = 300
REDIRECTED = N_("{message} (Reached by a redirect from {start}.)")


class HttpError(ReadableError):
    """A request that gave no usable answer.

    `url` is the address of the step that failed, `start` the one that was asked for, when redirects lie between.
    `temporary` says whether the same request may well succeed a little later.
    """

    temporary = False

    def __init__(self, url: str, template: Message, **values: object) -> None:
        self.url = url
        self.start = ""
        super().__init__(template, url=_readable(url), **values)

    def translated(self, gettext: Callable[[str], str]) -> str:
        message = super().translated(gettext)
        if not self.start:
            return message
        return gettext(REDIRECTED).format(message=message, start=_readable(self.start))


class AddressRefused(HttpError):
    """The address is none that the portal may go to; nothing was sent."""


class Unreachable(HttpError):
    """No connection came about, or it broke before there was an answer."""

    temporary = True


class UnknownHost(Unreachable):
    """The name of the host does not exist."""

    temporary = False


class CertificateRefused(Unreachable):
    """The other side could not prove who it is."""

    temporary = False


class TooSlow(HttpError):
    """The answer, or the next piece of it, did not come in time."""

    temporary = True


class TooLarge(HttpError):
    """The answer is, or would become, larger than the limit."""


class BadResponse(HttpError):
    """There was an answer, but it is not what was asked for. `status` is its HTTP status, 0 where it had none."""

    def __init__(self, url: str, template: Message, status: int = 0, **values: object) -> None:
        self.status = status
        super().__init__(url, template, status=status, **values)


class Truncated(BadResponse):
    """The answer ended before it was complete."""

    temporary = True


def _readable(url: str) -> str:
    """`url` for a sentence: no control characters, not endless."""
    text = "".join(sign if sign.isprintable() else "?" for sign in url)
    return text if len(text) <= LONGEST_URL else text[:LONGEST_URL] + "…"
