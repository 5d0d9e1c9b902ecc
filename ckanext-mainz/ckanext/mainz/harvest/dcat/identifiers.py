"""Identifiers of records and files at other portals as they are compared.

DUVA makes the address of a dataset from the context path of its servlet, which changes with its version
(``duva2ckan-1.0.6``, ``duva2dcat``, ``dcat-ap``, ``dcat``); what stays is the last part of the path. An identifier that
only its own portal knows, such as ``4711``, is put behind the host, or it would be taken for that of another city.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from ckanext.mainz.harvest import identity

#: Context paths of DUVA with an optional part of the servlet, and what follows: the id and perhaps a file of it.
DUVA = re.compile(
    r"/(?:duva2ckan|duva2dcat|dcat-ap|dcat)(?:-[\d.]+)?/(?:dcat/)?(?:files|dataset)/"
    r"(?P<slug>[^/?#]+?)(?:\.html)?(?P<file>/content(?:\.\w+)?)?/?(?:#[^/]*)?\Z",
    re.IGNORECASE,
)
#: How ids of DUVA begin: country, state, city. Those are enough to tell cities apart.
WITH_PLACE = re.compile(r"de-[a-z]{2,3}-[a-z]", re.IGNORECASE)
UUID = re.compile(r"\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?", re.IGNORECASE)
WORLDWIDE = re.compile(r"(?:https?|ftps?|urn|doi|info|hdl|ark):", re.IGNORECASE)
DOI = re.compile(r"10\.\d{4,9}/\S+")
LONGEST = 2000


def host_of(address: str) -> str:
    """The host of an address without ``www.``; empty where there is none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def is_worldwide(identifier: str) -> bool:
    """Whether an identifier means the same thing everywhere: an address, a UUID, a DOI."""
    return any(form.match(identifier) for form in (WORLDWIDE, DOI)) or bool(UUID.fullmatch(identifier))


def scoped(identifier: str, host: str) -> str:
    """An identifier that means the same everywhere: one that only its portal knows, behind the host."""
    tidy = " ".join(identifier.split())[:LONGEST]
    return tidy if not tidy or is_worldwide(tidy) else f"{host}#{tidy}"


def duva_key(address: str) -> str:
    """What stays of the address of a dataset of DUVA when its servlet moves; empty for other addresses."""
    found = _duva(address)
    return _place(found, address) if found else ""


def file_key(address: str) -> str:
    """What stays of the address of a file or distribution when scheme, host or servlet change."""
    found = _duva(address)
    fragment = address.partition("#")[2]
    if found:
        return _place(found, address) + (found["file"] or "").casefold() + (f"#{fragment}" if fragment else "")
    return identity.key(address)


def keys(identifiers: Iterable[str], host: str) -> tuple[str, ...]:
    """All keys of a record by its identifiers, each once."""
    given = [one for one in identifiers if one.strip()]
    found = [*(scoped(one, host) for one in given), *(duva_key(one) for one in given)]
    return tuple(dict.fromkeys(one for one in found if one))


def _duva(address: str) -> re.Match[str] | None:
    return DUVA.search(unquote(address.strip())) if address.strip()[:4].casefold() == "http" else None


def _place(found: re.Match[str], address: str) -> str:
    slug = found["slug"].casefold()
    return f"duva:{slug}" if WITH_PLACE.match(slug) else f"duva:{host_of(address)}/{slug}"
