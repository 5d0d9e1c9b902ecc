"""Addresses in records: mended, compared, and told apart by what they lead to.

What an address is, is told by its own parts first (``SERVICE=WFS`` is a WFS whatever a record says), then by the
function and protocol that the record gives.
"""

from __future__ import annotations

import html
import ipaddress
from dataclasses import dataclass
from enum import Enum
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.harvest.gdi.iso_shapes import OnlineResource
from ckanext.mainz.harvest.gdi.tables import table
from ckanext.mainz.metadata import formats, iris

#: Parameters that ask one address of a service for different things, or for one layer of it.
ASKING = frozenset({"request", "service", "version", "language", "acceptversions"})
OF_LAYER = frozenset({"layer_id", "featuretype_id", "inspire", "withchilds", "layers", "typename", "typenames"})
#: Kinds of services that have nothing in their address but a usual path.
BY_PATH = frozenset({"ogcapi", "sensorthings"})
BAD = N_("The link “{value}” is no web address and is left out.")
INTERNAL = N_("The link “{value}” leads into an internal network and is left out.")
SECURED = N_("The link “{value}” works only with a login and is left out.")


class Kind(Enum):
    """What an address leads to."""

    FILE = "a file to download"
    SERVICE = "a service for programs"
    VIEWER = "an application that shows the data"
    METADATA = "a page with the metadata"
    PAGE = "a page or paper about the data"
    LEFT_OUT = "nothing for the public"


@dataclass(frozen=True)
class Link:
    """An address and what it is. `service` is the kind of a service (``wms``), `reason` why a link is left out."""

    kind: Kind
    url: str
    service: str = ""
    reason: Message | None = None


def link(online: OnlineResource) -> Link:
    """What an online resource leads to."""
    url = mended(online.url)
    if not url:
        return Link(Kind.LEFT_OUT, online.url, reason=BAD)
    if reason := refused(url):
        return Link(Kind.LEFT_OUT, url, reason=reason)
    if _has(url, "metadata"):
        return Link(Kind.METADATA, url)
    if _is_query(url):
        return Link(Kind.FILE, url)
    if service := _service(url, online):
        return Link(Kind.SERVICE, url, service)
    if _has(url, "viewers"):
        return Link(Kind.VIEWER, url)
    return Link(_kind(url, online), url)


def mended(text: str) -> str:
    """The web address that a text means; empty where it means none. Ampersands may be escaped once too often."""
    plain = html.unescape(html.unescape(text.strip())) if "&amp;" in text else text.strip()
    try:
        return iris.web_address(plain)
    except iris.IriError:
        return ""


def refused(url: str) -> Message | None:
    """Why an address is nothing for the public: it needs a login or lies in an internal network."""
    parts = urlsplit(url)
    if parts.username is not None or _has(url, "secured"):
        return SECURED
    return INTERNAL if _is_internal(parts.hostname or "") else None


def _service(url: str, online: OnlineResource) -> str:
    """The kind of a service by its address, else by its protocol. Museums have pages of collections too, so an address
    that only looks like an API is none where the record calls it information."""
    found, told = service_of(url), service_named(online.protocol) or service_named(online.profile)
    if found in BY_PATH and online.function.casefold() in table("links")["information"]:
        return told
    return found or told


def _is_query(url: str) -> bool:
    """Whether an address asks a service for data themselves, and so is that of a file."""
    return parameters(url).get("request", "").casefold() in ("getfeature", "getcoverage")


def service_of(url: str) -> str:
    """The kind of service that an address tells by itself (``wms``, ``ogcapi``); empty where it tells none."""
    asked = parameters(url).get("service", "").casefold()
    if asked in table("codes")["services"]:
        return asked
    lower = url.casefold()
    path = urlsplit(lower).path
    named = next((kind for part, kind in table("links")["services"].items() if part in path), "")
    if named:
        return named
    if _ends_as_file(url):
        return "atom" if lower.endswith(".atom") else ""
    if found := next((one for one in ("atom", "ogcapi", "sensorthings") if _has(url, one)), ""):
        return found
    last = path.rstrip("/").rpartition("/")[2]
    return last if last in ("wms", "wfs", "wcs", "wmts") else ""


def service_named(text: str) -> str:
    """The kind of service that a name means, such as ``OGC:WMS 1.3.0`` or ``predefined ATOM``; empty for others."""
    plain = " ".join(text.casefold().split())
    for kind, entry in table("codes")["services"].items():
        if plain == kind or any(plain.startswith(name) for name in (f"{kind} ", *entry["names"])):
            return kind
    return ""


def parameters(url: str) -> dict[str, str]:
    """The parameters of an address by their names in small letters."""
    try:
        return {name.casefold(): value for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)}
    except ValueError:
        return {}


def base(url: str) -> str:
    """What two addresses of the same service have in common, for comparing: whatever the layer, order and case of
    parameters, the scheme, or a slash at the end."""
    parts = urlsplit(url.casefold())
    kept = sorted((name, value) for name, value in parameters(url.casefold()).items() if name not in ASKING | OF_LAYER)
    return f"{parts.netloc}{_landing(parts.path).rstrip('/')}?{urlencode(kept)}".rstrip("?")


def endpoint(url: str) -> str:
    """The address of a service without what a single request asks; for an OGC API its landing page."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True)]
    kept = [(name, value) for name, value in kept if name.casefold() not in ASKING]
    return mended(_joined(parts, _landing(parts.path), kept)) or url


def capabilities(url: str, service: str) -> str:
    """The address at which a service describes itself."""
    if service == "ogcapi":
        return endpoint(url).rstrip("/") + "/conformance"
    given = parameters(url)
    if service not in ("wms", "wfs", "wcs", "wmts") or _ends_as_file(url):
        return url
    if given.get("request", "").casefold() == "getcapabilities" and given.get("service"):
        return url
    parts = urlsplit(endpoint(url))
    asked = [*parse_qsl(parts.query, keep_blank_values=True), ("SERVICE", service.upper())]
    return mended(_joined(parts, parts.path, [*asked, ("REQUEST", "GetCapabilities")])) or url


def _joined(parts: SplitResult, path: str, query: list[tuple[str, str]]) -> str:
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query, safe=":/,"), ""))


def _landing(path: str) -> str:
    """The path of an OGC API without one of its collections."""
    head, found, _rest = path.partition("/collections")
    return head if found else path.removesuffix("/conformance")


def _has(url: str, name: str) -> bool:
    lower = url.casefold()
    return any(part in lower for part in table("links")[name])


def _is_internal(host: str) -> bool:
    known = table("links")["internal"]
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return host in known["names"] or "." not in host or host.endswith(tuple(known["ends"]))


def ending(url: str) -> str:
    """The ending of the last part of a path in small letters; empty where it has none."""
    last = urlsplit(url).path.rpartition("/")[2]
    return last.rpartition(".")[2].casefold() if "." in last else ""


def _ends_as_file(url: str) -> bool:
    return ending(url) not in ("", *table("links")["pages"]) and formats.of_address(url) is not None


def _kind(url: str, online: OnlineResource) -> Kind:
    """File or page, by what the record says and, where that says nothing, by the ending."""
    function, names = online.function.casefold(), table("links")
    if function in names["downloads"] or "download" in online.protocol.casefold():
        return Kind.PAGE if ending(url) in ("html", "htm") else Kind.FILE
    if function in names["information"] or ending(url) in names["papers"]:
        return Kind.PAGE
    return Kind.FILE if _ends_as_file(url) else Kind.PAGE
