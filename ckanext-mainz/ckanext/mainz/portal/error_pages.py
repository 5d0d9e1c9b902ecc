"""What error pages say, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ckan.plugins import toolkit
from werkzeug.exceptions import default_exceptions

N_ = str  # marks a sentence for tools/translations; it is translated when the page is made
SERVER_ERROR = 500
TEXTS = {
    400: (N_("This request cannot be answered"), N_("Something in the address or in the form was not understood.")),
    401: (N_("Please log in"), N_("This page is only for people who are logged in.")),
    403: (N_("No access"), N_("You may not see this page or do what you wanted to do here.")),
    404: (
        N_("Page not found"),
        N_("There is nothing at this address. It may have been moved or deleted, or the address has a typing error."),
    ),
    405: (N_("Not possible here"), N_("This address cannot be used in this way.")),
    409: (N_("This did not fit together"), N_("What was sent does not fit what the portal has stored.")),
    410: (N_("Withdrawn"), N_("What was at this address was withdrawn.")),
    413: (N_("Too large"), N_("What was sent is larger than the portal takes.")),
    429: (N_("Too many requests"), N_("Please wait a little and try again.")),
    500: (N_("Error in the portal"), N_("Something went wrong here. It was recorded. Please try again later.")),
    503: (N_("Not available at the moment"), N_("Please try again in a few minutes.")),
}


@dataclass(frozen=True)
class ErrorPage:
    """Title and explanation of an error page."""

    code: int
    title: str
    sentence: str


def error_page(code: Any, content: Any = "") -> ErrorPage:
    """The page for a status, with the sentence that the code gave where it gave one of its own.

    CKAN hands over a number, or a list of one for an exception; the web server's own English sentences are replaced.
    """
    number = int(code[0] if isinstance(code, list) else code or SERVER_ERROR)
    title, sentence = TEXTS.get(number) or TEXTS[400 if number < SERVER_ERROR else SERVER_ERROR]
    return ErrorPage(number, toolkit._(title), own_sentence(number, content) or toolkit._(sentence))


def own_sentence(number: int, content: Any) -> str:
    """What the code said itself; nothing where it is the web server's standard text or the error is internal."""
    standard = default_exceptions.get(number)
    if number >= SERVER_ERROR or (standard and content == standard.description):
        return ""
    return str(content or "")
