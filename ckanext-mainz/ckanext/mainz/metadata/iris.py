"""Addresses of things (IRIs, RFC 3987) as RDF can carry them. Pure.

People paste addresses with blanks, braces and umlauts. Where there is only one thing that can be meant, the address is
written as URI (RFC 3986): such characters become percent signs with two digits, and the name of a host its ASCII form.
Markup and control characters are never an accident of copying and are not repaired.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

LONGEST = 2000
WEB = frozenset({"http", "https", "ftp"})
#: Kinds of addresses that name something without saying where it lies.
NAMES = frozenset({"urn", "info", "tag", "ark", "did"})
#: Reserved and unreserved characters (RFC 3986), which stay as they are, and the percent sign of what is written so.
SAFE = "!#$&'()*+,/:;=?@[]~%"
NEVER = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f<>"\ud800-\udfff\ufffe\uffff]')
LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*\Z")
URN = re.compile(r"[a-z0-9][a-z0-9-]{0,31}:[^\s]+\Z", re.IGNORECASE)
HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?\.?\Z|\[[0-9a-f:.]+\]\Z", re.IGNORECASE)
DOI = re.compile(r"(?:doi:\s*)(10\.\d{4,9}/\S+)\Z", re.IGNORECASE)
EPSG = re.compile(r"EPSG:(?::|\s)?\s*(\d{4,6})\Z", re.IGNORECASE)
EPSG_ADDRESS = "http://www.opengis.net/def/crs/EPSG/0/"


class IriError(ValueError):
    """The text is no absolute address, or one that cannot be repaired with certainty."""


def web_address(text: str, schemes: frozenset[str] = WEB) -> str:
    """An absolute address of the web, repaired. Raises `IriError`."""
    plain = _plain(text)
    try:
        parts = urlsplit(plain)
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError as error:
        raise IriError(text) from error
    if parts.scheme.lower() not in schemes:
        raise IriError(text)
    login = parts.netloc.rpartition("@")[0]
    place = (f"{_escaped(login)}@" if login else "") + host + ("" if port is None else f":{port}")
    return _fitting(
        urlunsplit((parts.scheme.lower(), place, _escaped(parts.path), _escaped(parts.query), _escaped(parts.fragment)))
    )


def iri(text: str) -> str:
    """An absolute address of the web, or a name such as ``urn:isbn:…``; a DOI and an EPSG code become addresses.

    Raises `IriError`.
    """
    plain = _plain(text)
    if match := DOI.match(plain):
        return web_address(f"https://doi.org/{match[1]}")
    if match := EPSG.match(plain):
        return EPSG_ADDRESS + match[1]
    scheme, colon, rest = plain.partition(":")
    if not colon or not SCHEME.match(scheme.lower()) or scheme.lower() not in NAMES:
        return web_address(plain)
    if scheme.lower() == "urn" and not URN.match(rest):
        raise IriError(text)
    if not rest:
        raise IriError(text)
    return _fitting(f"{scheme.lower()}:{_escaped(rest)}")


def is_iri(text: str) -> bool:
    """Whether a text is an absolute address or can be repaired to one."""
    try:
        iri(text)
    except IriError:
        return False
    return True


def _plain(text: str) -> str:
    """Without blanks around it and the line breaks of mails within it. Raises `IriError` for what is never repaired."""
    plain = re.sub(r"\s*[\r\n]+\s*", "", text.strip())
    if NEVER.search(plain):
        raise IriError(text)
    return plain


def _host(host: str) -> str:
    """The name of a host in ASCII. Raises `ValueError` if it is none."""
    written = host if host.isascii() else host.encode("idna").decode("ascii")
    if ":" in written:
        written = f"[{written}]"
    if not HOST.match(written) or ".." in written:
        raise ValueError(host)
    return written


def _escaped(part: str) -> str:
    return LONE_PERCENT.sub("%25", quote(part, safe=SAFE))


def _fitting(address: str) -> str:
    if len(address) > LONGEST:
        raise IriError(address)
    return address
