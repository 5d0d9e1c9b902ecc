"""Services as ways to the data of a dataset: one resource for each, with a row of ``access_services``.

Catalogues of Mapbender have a record for each layer of a WMS and each feature type of a WFS. Records that describe the
same service become one; which layers it has is kept beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.gdi import addresses, identifiers, licences
from ckanext.mainz.harvest.gdi.addresses import Kind
from ckanext.mainz.harvest.gdi.iso import IsoRecord
from ckanext.mainz.harvest.gdi.iso_shapes import OnlineResource
from ckanext.mainz.harvest.gdi.licences import Licence
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.prose import one_line, prose
from ckanext.mainz.harvest.gdi.tables import says_nothing, table
from ckanext.mainz.metadata import vocabulary

NO_LICENCE = Licence()
#: What Mapbender writes between the title of a WMS and that of its layer.
BETWEEN = " - "
NO_ADDRESS = N_("The service “{value}” has no address that works for the public, and is left out.")
UNKNOWN_KIND = N_("Of the service “{value}” nobody says what kind it is; it is taken without a format.")


@dataclass(frozen=True)
class Layer:
    """A layer or feature type: its title, the id of its record, and the address that gives only this one."""

    title: str
    guid: str
    url: str


@dataclass(frozen=True)
class FoundService:
    """A service. `kind` is ``wms`` and the like, empty where it is unknown; `url` is where it describes itself and
    `endpoint` where it answers. `licence` is its own."""

    kind: str
    url: str
    endpoint: str
    title: str = ""
    description: str = ""
    licence: Licence = NO_LICENCE
    layers: tuple[Layer, ...] = ()

    @property
    def format(self) -> str:
        """The name of its file type; empty where the kind is unknown."""
        code = table("codes")["services"].get(self.kind, {}).get("format", "")
        term = vocabulary.match("file_types", code) if code else None
        return term.de if term else ""

    @property
    def standard(self) -> str:
        """The address of the standard that it follows; empty without one."""
        return table("codes")["services"].get(self.kind, {}).get("standard", "")


def of_record(record: IsoRecord, notes: Notes) -> FoundService | None:
    """The service that a record describes; None, with a note, where it has no address for the public."""
    title = one_line(record.title)
    url, kind = _address(record, notes)
    if not url:
        notes.left_out("endpoint_url", NO_ADDRESS, title or identifiers.guid(record))
        return None
    if not kind:
        notes.hint("service_format", UNKNOWN_KIND, title)
    own = licences.named(record, Notes())
    layer = Layer(title, identifiers.guid(record), url)
    description = prose(record.abstract)
    return FoundService(kind, url, addresses.endpoint(url), title, description, own, (layer,))


def of_link(link: addresses.Link, online: OnlineResource) -> FoundService:
    """The service that a link in a record of a dataset leads to."""
    url = addresses.capabilities(link.url, link.service)
    title, description = one_line(online.name), prose(online.description)
    return FoundService(link.service, url, addresses.endpoint(link.url), title, description)


def collapsed(found: Iterable[FoundService]) -> list[FoundService]:
    """The services, those with the same address as one, in an order that does not depend on how they came."""
    groups: dict[tuple[str, ...], list[FoundService]] = {}
    for one in found:
        groups.setdefault(_group(one), []).append(one)
    merged = [_merged(sorted(group, key=_order)) for group in groups.values()]
    return sorted(merged, key=lambda one: (addresses.base(one.url), one.title))


def _group(one: FoundService) -> tuple[str, ...]:
    """What records of the same service share. Mapbender has all WMS behind one address and tells them apart by layer,
    so there the title before the layer's counts too."""
    by_layer = "layer_id" in addresses.parameters(one.url)
    return one.kind, addresses.base(one.url), one.title.partition(BETWEEN)[0] if by_layer else ""


def _order(one: FoundService) -> tuple[bool, int, str, str]:
    """Records before links; the lowest layer first: that is the root with all others below it."""
    number = addresses.parameters(one.url).get("layer_id", "0")
    return not one.layers, int(number) if number.isascii() and number.isdigit() else 0, one.title, one.url


def _merged(group: Sequence[FoundService]) -> FoundService:
    first = group[0]
    licensed = next((one.licence for one in group if one.licence.term), NO_LICENCE)
    return FoundService(
        kind=first.kind,
        url=first.url,
        endpoint=first.endpoint,
        title=_common_title([one.title for one in group if one.title]),
        description=next((one.description for one in group if one.description), ""),
        licence=licensed,
        layers=tuple(layer for one in group for layer in one.layers),
    )


def _common_title(titles: Sequence[str]) -> str:
    """The part before the layer, where all have the same; else the first."""
    heads = {title.partition(BETWEEN)[0] for title in titles}
    if len(titles) > 1 and len(heads) == 1 and all(BETWEEN in title for title in titles):
        return heads.pop()
    return titles[0] if titles else ""


def _address(record: IsoRecord, notes: Notes) -> tuple[str, str]:
    """Where a service describes itself, and its kind. What the address tells is stronger than the serviceType."""
    told = _told(record)
    for online in _candidates(record):
        link = addresses.link(online)
        if link.reason and online.url:
            notes.left_out("endpoint_url", link.reason, link.url)
        elif link.kind in (Kind.SERVICE, Kind.FILE, Kind.PAGE) and (link.service or told):
            kind = link.service or told
            return addresses.capabilities(link.url, kind), kind
    return _any_address(record), told


def _any_address(record: IsoRecord) -> str:
    """The first public address of an operation."""
    links = [addresses.link(OnlineResource(url)) for url in _operations(record)]
    return next((one.url for one in links if one.kind not in (Kind.LEFT_OUT, Kind.METADATA, Kind.VIEWER)), "")


def _candidates(record: IsoRecord) -> Iterator[OnlineResource]:
    """Addresses where the service may be: its operations, then links that tell a service."""
    yield from (OnlineResource(url, "download") for url in _operations(record))
    yield from (one for one in record.online if addresses.link(one).kind is Kind.SERVICE)


def _operations(record: IsoRecord) -> Iterator[str]:
    """Addresses of GetCapabilities first, then of the other operations."""
    operations = record.service.operations if record.service else ()
    described = [one for one in operations if "capabilities" in one.name.casefold()]
    yield from (url for one in (*described, *operations) for url in one.urls)


def _told(record: IsoRecord) -> str:
    """The kind that the record names, by its versions first: the serviceType of INSPIRE says only view or download."""
    names = (*(record.service.versions if record.service else ()), record.service.type if record.service else "")
    return next((kind for name in names if not says_nothing(name) and (kind := addresses.service_named(name))), "")
