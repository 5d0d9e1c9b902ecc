"""Resources of a dataset: its files, and the services that give it out. Viewers and pages with metadata are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.gdi import addresses, file_formats, licences, services
from ckanext.mainz.harvest.gdi.addresses import Kind
from ckanext.mainz.harvest.gdi.common import filled
from ckanext.mainz.harvest.gdi.iso import IsoRecord
from ckanext.mainz.harvest.gdi.iso_shapes import OnlineResource
from ckanext.mainz.harvest.gdi.licences import Licence
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.prose import one_line, prose, shortened
from ckanext.mainz.harvest.gdi.services import FoundService
from ckanext.mainz.metadata import formats, quantities

Resource = dict[str, Any]
MEGABYTE = 1024 * 1024
DIFFERENT = N_("The service “{value}” has the licence {used}, which is not that of the dataset.")


def found_services(record: IsoRecord, coupled: Sequence[IsoRecord], notes: Notes) -> list[FoundService]:
    """The services of a dataset: of coupled records and of its own links, those with the same address as one."""
    of_records = [one for each in coupled if (one := services.of_record(each, notes))]
    links = [(addresses.link(one), one) for one in record.online]
    of_links = [services.of_link(link, one) for link, one in links if link.kind is Kind.SERVICE]
    return services.collapsed([*of_records, *_without_record(of_links, of_records)])


def _without_record(of_links: list[FoundService], of_records: list[FoundService]) -> Iterator[FoundService]:
    """Services of links that no record describes: the same address as one without a layer of its own is the same."""
    known = {(one.kind, addresses.base(one.url)) for one in of_records}
    return (one for one in of_links if (one.kind, addresses.base(one.url)) not in known)


def files(record: IsoRecord) -> list[OnlineResource]:
    """Links to files, each address once."""
    links = [(addresses.link(one), one) for one in record.online]
    found = {link.url: one for link, one in reversed(links) if link.kind is Kind.FILE}
    return [found[url] for url in dict.fromkeys(link.url for link, _ in links) if url in found]


def of_files(record: IsoRecord, title: str, licence: Licence, notes: Notes) -> list[Resource]:
    """The resources of files."""
    given = files(record)
    sizes = Counter(one.size for one in given if one.size)
    return [
        _of_file(one, record, title, notes)
        | of_licence(record, licence)
        | ({"size": size} if sizes[one.size] == 1 and (size := _bytes(one.size)) else {})
        for one in given
    ]


def of_services(
    record: IsoRecord, title: str, found: Sequence[FoundService], licence: Licence, notes: Notes
) -> list[Resource]:
    """The resources of services."""
    return [_of_service(one, title, licence, notes) | _attribution(record, one, licence) for one in found]


def of_licence(record: IsoRecord, licence: Licence) -> Resource:
    """Whom to name and the terms of use of a resource under the licence of its dataset."""
    return filled({"license_attribution_text": licence.attribution, "rights": licences.rights(record)})


def _attribution(record: IsoRecord, one: FoundService, licence: Licence) -> Resource:
    own = one.licence if one.licence.term else licence
    return of_licence(record, Licence(own.term, own.attribution or licence.attribution))


def _of_file(one: OnlineResource, record: IsoRecord, title: str, notes: Notes) -> Resource:
    url = addresses.mended(one.url)
    description = prose(one.description)
    said = f"{one.name} {description} {title}"
    found = file_formats.of_file(url, record.formats, said, notes)
    label = f"{title} ({found.label})" if found.label else _file_name(url) or title
    return filled(
        {
            "url": url,
            "download_url": url,
            "name": shortened(one_line(one.name) or label),
            "description": description,
            "format": found.format,
            "mimetype": found.mimetype,
            "conforms_to": [*found.conforms_to],
            **formats.packing(url, found.format),
        }
    )


def _file_name(url: str) -> str:
    return one_line(unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]))


def _bytes(megabytes: str) -> int:
    """A size in bytes; 0 for what is none."""
    try:
        return quantities.size(round(float(megabytes.replace(",", ".")) * MEGABYTE))
    except (ValueError, OverflowError):
        return 0


def _of_service(one: FoundService, title: str, licence: Licence, notes: Notes) -> Resource:
    own = one.licence.term if one.licence.term != licence.term else None
    if own and licence.term:
        notes.hint("license", DIFFERENT, one.title or one.url, own.de)
    name = one.title or title
    return filled(
        {
            "url": one.url,
            "name": shortened(name if one.format.casefold() in name.casefold() else f"{name} ({one.format})"),
            "description": one.description,
            "format": one.format,
            "conforms_to": [one.standard] if one.standard else [],
            "license": own.uri if own else "",
            "access_services": [_row(one, name)],
        }
    )


def _row(one: FoundService, name: str) -> Resource:
    return filled(
        {
            "title": shortened(name),
            "endpoint_url": one.endpoint,
            "endpoint_description": one.url if one.url != one.endpoint else "",
            "description": one.description,
            "license": one.licence.term.uri if one.licence.term else "",
        }
    )
