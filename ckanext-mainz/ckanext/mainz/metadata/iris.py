"""Addresses of things (IRIs, RFC 3987) as RDF can carry them. Pure.

People paste addresses with blanks, braces and umlauts. Where there is only one thing that can be meant, the address is
written as URI (RFC 3986): such characters become percent signs with two digits, and the name of a host its ASCII form
(RFC 5891). `repaired` does that for every address of the portal. `iri` and `web_address` are for what people type: they
refuse markup and control characters, which are never an accident of copying.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

import idna
from pyoxigraph import NamedNode

from ckanext.mainz.foundation.errors import N_, Message

LONGEST = 4000
LONGEST_TYPED = 2000
WEB = frozenset({"http", "https", "ftp"})
WITH_HOST = WEB | {"ftps"}
#: Kinds of addresses that name something without saying where it lies.
NAMES = frozenset({"urn", "info", "tag", "ark", "did"})
#: What else names a thing; a `javascript:` or `data:` in a catalogue would only be dangerous.
WITHOUT_HOST = NAMES | {"doi", "mailto", "tel", "geo", "hdl"}
#: What stands as it is; all else is looked at more closely.
LEGAL = re.compile(
    r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#](?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?"
)
PATH, QUERY = "/:@!$&'()*+,;=~%", "/?:@!$&'()*+,;=~%"
NEVER = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f<>"\ud800-\udfff\ufffe\uffff]')
STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:[^\s]+\Z", re.IGNORECASE)
DOI = re.compile(r"(?:doi:\s*)(10\.\d{4,9}/\S+)\Z", re.IGNORECASE)
EPSG = re.compile(r"EPSG:(?::|\s)?\s*(\d{4,6})\Z", re.IGNORECASE)
EPSG_ADDRESS = "http://www.opengis.net/def/crs/EPSG/0/"
NOT_ABSOLUTE = N_("“{value}” is no complete address. Write it with https:// at its beginning.")
NO_HOST = N_("“{value}” has no server that the internet could find. Check the address.")
ILLEGAL = N_("“{value}” cannot be made a legal address. Check it for characters that do not belong there.")
TOO_LONG = N_("The address “{value}” has more than 4,000 characters.")


class IriError(ValueError):
    """The text is no absolute address, or cannot be repaired with certainty; `message` has the gap ``{value}``."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def repaired(text: str) -> str:
    """The legal IRI in ASCII that `text` means; the same text if it is one. Raises `IriError` where there is none."""
    if len(text) > LONGEST:
        raise IriError(TOO_LONG)
    found = text if LEGAL.fullmatch(text) else _mended(text)
    if len(found) > LONGEST:
        raise IriError(TOO_LONG)
    return _checked(found)


def web_address(text: str, schemes: frozenset[str] = WEB) -> str:
    """An absolute address of the web as people type it, repaired. Raises `IriError`."""
    plain = _plain(text)
    if scheme_of(plain) not in schemes & WITH_HOST:
        raise IriError(NOT_ABSOLUTE)
    return _not_too_long(repaired(plain))


def iri(text: str) -> str:
    """An absolute address of the web, or a name such as ``urn:isbn:…``; a DOI and an EPSG code become addresses.

    Raises `IriError`.
    """
    plain = _plain(text)
    if match := DOI.match(plain):
        return web_address(f"https://doi.org/{match[1]}")
    if match := EPSG.match(plain):
        return EPSG_ADDRESS + match[1]
    scheme = scheme_of(plain)
    if scheme not in NAMES:
        return web_address(plain)
    if scheme == "urn" and not URN.match(plain):
        raise IriError(ILLEGAL)
    return _not_too_long(repaired(plain))


def is_iri(text: str) -> bool:
    """Whether a text is an absolute address or can be repaired to one."""
    try:
        iri(text)
    except IriError:
        return False
    return True


def scheme_of(text: str) -> str:
    """What stands before the first colon, in small letters; empty if that is no scheme."""
    match = SCHEME.match(text)
    return match[1].lower() if match else ""


def _plain(text: str) -> str:
    """Without blanks around it and the line breaks of mails within it. Raises `IriError` for what is never repaired."""
    plain = re.sub(r"\s*[\r\n]+\s*", "", text.strip())
    if NEVER.search(plain):
        raise IriError(ILLEGAL)
    return plain


def _not_too_long(address: str) -> str:
    if len(address) > LONGEST_TYPED:
        raise IriError(ILLEGAL)
    return address


def _mended(text: str) -> str:
    scheme = scheme_of(text)
    if scheme in WITHOUT_HOST:
        return f"{scheme}:{_quoted(text[len(scheme) + 1 :], QUERY + '#')}"
    if scheme not in WITH_HOST:
        raise IriError(NOT_ABSOLUTE)
    try:
        parts = urlsplit(text)
        place = _login(parts.netloc) + _host(parts.hostname or "") + (f":{parts.port}" if parts.port else "")
    except (ValueError, UnicodeError) as error:
        raise IriError(NO_HOST) from error
    return urlunsplit(
        (scheme, place, _quoted(parts.path, PATH), _quoted(parts.query, QUERY), _quoted(parts.fragment, QUERY))
    )


def _login(place: str) -> str:
    login, at, _host = place.rpartition("@")
    return _quoted(login, PATH.replace("/", "").replace("@", "")) + at


def _host(name: str) -> str:
    """The name of a host in ASCII. Raises `UnicodeError` if it is none."""
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
        raise IriError(ILLEGAL) from error
    if not useful or (parts.scheme in WITH_HOST and not _names_a_host(parts.hostname or "")):
        raise IriError(NO_HOST)
    return text


def _names_a_host(host: str) -> bool:
    return not host.startswith((".", "-")) and ".." not in host
