"""Addresses from people's hands made into legal IRIs.

rdflib refuses to write a Turtle page with one illegal IRI in it, so that one dataset would take the whole catalogue
down; other writers pass it on, and the harvester at the other end stops. What leaves this module is an absolute IRI in
ASCII, percent-encoded, with its host in the form of DNS (RFC 3986, RFC 5891).
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

import idna
from pyoxigraph import NamedNode

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.metadata.rdf.problems import Unusable

LONGEST = 4000
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
#: What stands as it is in every part of an IRI; all else is looked at more closely.
LEGAL = re.compile(
    r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#](?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?"
)
SEGMENT = re.compile(r"[A-Za-z0-9_-]+")
CONTROL = re.compile(r"[\x00-\x20\x7f\u0085\u00a0\u2028\u2029\ufeff]+")
STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
PATH, QUERY = "/:@!$&'()*+,;=~%", "/?:@!$&'()*+,;=~%"
WITH_HOST = frozenset({"http", "https", "ftp", "ftps"})
#: What else names a thing; a `javascript:` or `data:` in a catalogue would only be dangerous.
WITHOUT_HOST = frozenset({"urn", "doi", "ark", "info", "tag", "mailto", "tel", "geo", "hdl"})
NOT_ABSOLUTE = N_("“{value}” is no complete address. Write it with https:// at its beginning.")
NO_HOST = N_("“{value}” has no server that the internet could find. Check the address.")
ILLEGAL = N_("“{value}” cannot be made a legal address. Check it for characters that do not belong there.")
TOO_LONG = N_("The address “{value}” has more than 4,000 characters.")


@lru_cache(maxsize=20_000)
def repaired(text: str) -> str:
    """The legal IRI that `text` means; the same text if it is one. Raises `Unusable` where there is none."""
    if len(text) <= LONGEST and LEGAL.fullmatch(text):
        return _checked(text)
    given = CONTROL.sub(" ", text).strip()
    if len(given) > LONGEST:
        raise Unusable(TOO_LONG)
    if not SCHEME.match(given):
        raise Unusable(NOT_ABSOLUTE)
    return _checked(_mended(given))


def _mended(text: str) -> str:
    scheme = text.partition(":")[0].lower()
    if scheme not in WITH_HOST | WITHOUT_HOST:
        raise Unusable(NOT_ABSOLUTE)
    if scheme in WITHOUT_HOST:
        return f"{scheme}:{_quoted(text[len(scheme) + 1 :], QUERY + '#')}"
    try:
        parts = urlsplit(text.replace("\\", "/"))
        host = _host(parts.hostname or "") + (f":{parts.port}" if parts.port else "")
    except (ValueError, UnicodeError) as error:
        raise Unusable(NO_HOST) from error
    return urlunsplit(
        (scheme, host, _quoted(parts.path, PATH), _quoted(parts.query, QUERY), _quoted(parts.fragment, QUERY))
    )


def _host(name: str) -> str:
    if ":" in name:
        return f"[{name}]"
    if name.isascii() and re.fullmatch(r"[A-Za-z0-9_.-]+", name):
        return name.lower()
    return idna.encode(name, uts46=True).decode("ascii")


def _quoted(text: str, safe: str) -> str:
    return quote(STRAY_PERCENT.sub("%25", text), safe=safe, errors="replace")


def _checked(text: str) -> str:
    """`text`, if an independent parser agrees that it is an absolute IRI with something behind its scheme."""
    try:
        NamedNode(text)
        parts = urlsplit(text)
        useful = parts.hostname if parts.scheme in WITH_HOST else parts.path
        _port = parts.port
    except ValueError as error:
        raise Unusable(ILLEGAL) from error
    if not useful or (parts.scheme in WITH_HOST and not _names_a_host(parts.hostname or "")):
        raise Unusable(NO_HOST)
    return text


def segment(text: str) -> str:
    """A text as one part of a path."""
    return text if SEGMENT.fullmatch(text) else quote(text, safe="", errors="replace")


def _names_a_host(host: str) -> bool:
    return not host.startswith((".", "-")) and ".." not in host
