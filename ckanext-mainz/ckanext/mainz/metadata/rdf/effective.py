"""A record as it is given out: what its editor left empty is filled, and every value is one that RDF can say.

Editors see a short form; harvesters want some thirty statements. The rules that fill the rest stand here, each with
where it comes from (K numbers are those of the conventions of DCAT-AP.de). Nothing here asks the database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.indexing import LINKS
from ckanext.mainz.metadata.rdf import geometries, mapping, prose
from ckanext.mainz.metadata.rdf.entries import Cleaning, Entry, Record, several
from ckanext.mainz.metadata.rdf.problems import Problem
from ckanext.mainz.metadata.rdf.settings import AVAILABLE, NON_PUBLIC, PUBLIC, RdfSettings
from ckanext.mainz.metadata.rdf.special import NOT_PUBLIC, own_id
from ckanext.mainz.metadata.rdf.values import IRI, TEXT

Package = Mapping[str, Any]
IsPublic = Callable[[str], bool]
HVD_LAW = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
NO_LICENSE = "http://dcat-ap.de/def/licenses/other-closed"
#: What CKAN calls a record and a file.
KEPT, KEPT_OF_RESOURCES = ("id", "type"), ("id",)
#: Formats of interfaces and pages, which are no files that one downloads.
SERVICE_CODES = re.compile(r"\w+_SRVC|REST|SPARQLQ|MAP_PRVW|HTML|HTML5|XHTML")
#: What any file is of whose format no media type is registered (RFC 2046, 4.5.1).
BYTES = "application/octet-stream"
OPEN_ENDED = N_("No licence is given. Harvesters take the data for not open. Choose a licence.")
NO_ADDRESS = N_("The file or link has no usable address; its page on the portal is given instead.")
NO_TITLE = N_("The record has no title.")


@dataclass(frozen=True)
class Effective:
    """`record` is the package with everything filled and clean, `problems` is what was left out or mended."""

    record: Record
    problems: tuple[Problem, ...]


def effective(
    package: Package, organisation: Package | None, settings: RdfSettings, *, is_public: IsPublic | None = None
) -> Effective:
    """The record that is given out for `package` (as ``package_show`` has it).

    `organisation` is the answer of ``organization_show``, with fields of its own. `is_public` says of an id whether
    everybody may know that record; links to others are left out, all of them without it. Doing it twice changes
    nothing. No input raises: what cannot be used is among the problems.
    """
    cleaning = Cleaning(settings.base_uri)
    kind, entries = kind_of(package)
    record = {**_kept(package, KEPT), **_clean(package, entries, cleaning)}
    record["type"] = kind
    _only_public(record, is_public, cleaning)
    _fill(record, package, organisation or {}, settings, cleaning)
    if kind == "dataset":
        record["resources"] = [
            _resource(resource, number, record, settings, organisation or {}, cleaning)
            for number, resource in enumerate(_resources(package))
        ]
        _only_public_services(record, settings.base_uri, is_public)
    return Effective(record, tuple(cleaning.problems))


def clean(package: Package, base_uri: str) -> Effective:
    """The package with clean values only, without anything filled in: what a graph said."""
    cleaning = Cleaning(base_uri)
    kind, entries = kind_of(package)
    record = {**_kept(package, KEPT), **_clean(package, entries, cleaning), "type": kind}
    if kind == "dataset":
        record["resources"] = []
        for cleaning.resource, resource in enumerate(_resources(package)):
            kept = _kept(resource, KEPT_OF_RESOURCES)
            record["resources"].append(kept | _clean(resource, mapping.DISTRIBUTION, cleaning))
    return Effective(record, tuple(cleaning.problems))


def kind_of(package: Package) -> tuple[str, tuple[Entry, ...]]:
    """The kind of a record and its mapping; everything that is no series and no service is a dataset."""
    given = package.get("type")
    kind = given if isinstance(given, str) and given in mapping.KINDS else "dataset"
    return kind, mapping.KINDS[kind][1]


def references(package: Package) -> frozenset[str]:
    """The ids of own records that a package (or record) points to, public or not, and possibly some more."""
    links = [item for name in LINKS for item in several(package.get(name))]
    rows = [row for one in _resources(package) for row in several(one.get("access_services"))]
    links += [row["uri"] for row in rows if isinstance(row, Mapping) and row.get("uri")]
    texts = (item for item in links if isinstance(item, str))
    return frozenset(text.rpartition("/dataset/")[2] for text in texts if ":" not in text or "/dataset/" in text)


def _kept(record: Package, names: tuple[str, ...]) -> Record:
    return {name: value for name in names if isinstance(value := record.get(name), str) and value}


def _clean(record: Package, entries: tuple[Entry, ...], cleaning: Cleaning) -> Record:
    clean: Record = {}
    for entry in entries:
        clean |= entry.clean(record, cleaning)
    return clean


def _resources(package: Package) -> list[Package]:
    return [one for one in several(package.get("resources")) if isinstance(one, Mapping)]


def _only_public(record: Record, is_public: IsPublic | None, cleaning: Cleaning) -> None:
    for name in LINKS:
        for target in record.get(name, ()):
            if ":" not in target and not (is_public and is_public(target)):
                cleaning.note(name, NOT_PUBLIC, target)
                record[name] = [one for one in record[name] if one != target]
        if record.get(name) == []:
            del record[name]


def _only_public_services(record: Record, base_uri: str, is_public: IsPublic | None) -> None:
    """A service of the portal that is not public is described without its IRI."""
    for row in (row for one in record["resources"] for row in one.get("access_services", ())):
        name = own_id(row.get("uri", ""), base_uri)
        if name != row.get("uri", "") and not (is_public and is_public(name)):
            del row["uri"]


def _fill(record: Record, package: Package, organisation: Package, settings: RdfSettings, cleaning: Cleaning) -> None:
    """The defaults of a dataset, a series or a service."""
    kind = record["type"]
    uri = settings.record_uri(_text(package.get("id")))
    if not record.get("title"):
        cleaning.note("title", NO_TITLE, "")
        record["title"] = _text(package.get("name")) or _text(package.get("id")) or "?"
    _default(record, "notes", prose.plain(record["title"]) or "?")
    _default(record, "identifier", uri)
    _dates(record, package, "metadata_created", "metadata_modified")
    _people(record, organisation, settings)
    _law_of_high_value(record)
    if kind == "dataset":
        _fill_dataset(record, settings, uri)
    if kind == "data_service":
        _fill_service(record, package, organisation, settings)
    if kind in ("dataset", "data_service"):
        _default(record, "access_rights", NON_PUBLIC if package.get("private") is True else PUBLIC)
        _default(record, "availability", AVAILABLE)


def _fill_dataset(record: Record, settings: RdfSettings, uri: str) -> None:
    _default(record, "url", uri)
    _default(record, "language", [settings.language])
    _default(record, "contributor_id", settings.contributor_id)
    if "spatial_coverage" not in record:
        record["spatial_coverage"] = [{"uri": settings.spatial_uri}]
        _default(record, "political_geocoding_level_uri", [settings.geocoding_level])
    _default(record, "political_geocoding_level_uri", [_level(record, settings)])
    for place in record["spatial_coverage"]:
        if place.get("geom"):  # GovData's forms of 2.0 take no geometry, but boxes
            _default(place, "bbox", geometries.around(place["geom"]))
    _default(record, "theme", _theme(record))
    _default(record, "tags", _keywords(record))


def _level(record: Record, settings: RdfSettings) -> str:
    """The level of the first place that the list of places knows."""
    terms = (vocabulary.find("places", row.get("uri", "")) for row in record["spatial_coverage"])
    code = next((term.level for term in terms if term and term.level), "")
    level = vocabulary.match("geocoding_levels", code) if code else None
    return level.uri if level else settings.geocoding_level


def _theme(record: Record) -> list[str]:
    """The theme of the sample record; without one, that of a city."""
    sample = vocabulary.find("sample_records", record.get("sample_record", ""))
    return [sample.theme] if sample and sample.theme else [_REGIONS_AND_CITIES]


_REGIONS_AND_CITIES = "http://publications.europa.eu/resource/authority/data-theme/REGI"


def _keywords(record: Record) -> list[Record]:
    """The labels of the sample record and of the themes, for records from before the form derived keywords."""
    sample = vocabulary.find("sample_records", record.get("sample_record", ""))
    terms = [sample, *(vocabulary.find("themes", uri) for uri in record["theme"])]
    words = [word for term in terms if term for word in re.split(r"[,/()]|\bund\b", term.de)]
    return mapping.KEYWORDS.clean({"tags": words}, Cleaning(""))["tags"]


def _fill_service(record: Record, package: Package, organisation: Package, settings: RdfSettings) -> None:
    """K32: a service has a licence from the list, K35: and names whom to name."""
    license_id = _license_of(package, organisation) or NO_LICENSE
    record["license_id"] = mapping.LICENSE_ID.kind.clean(license_id)
    _default(record, "license_attribution_text", _attribution(license_id, record, organisation, settings))
    if "endpoint_url" not in record:
        record["endpoint_url"] = record["identifier"] if "://" in record["identifier"] else ""


def _default(record: Record, name: str, value: Any) -> None:
    if value and not record.get(name):
        record[name] = value


def _dates(record: Record, package: Package, created: str, modified: str) -> None:
    """CKAN's own times where the editor gave none: of duplicates GovData takes the one that was modified last."""
    first, last = _date(package.get(created)), _date(package.get(modified))
    _default(record, "issued", first or last)
    _default(record, "modified", last or record.get("issued", ""))


def _date(value: Any) -> str:
    return Cleaning("").value(mapping.ISSUED.kind, "", value) if value else ""


def _people(record: Record, organisation: Package, settings: RdfSettings) -> None:
    """K36: the publisher is the body that decided to publish, which is the organisation of the record."""
    own = _organisation_as_agent(organisation, settings)
    _default(record, "publisher", own)
    _default(record, "contact", _organisation_as_contact(organisation, settings))
    for contact in record.get("contact", ()):
        if not contact.get("email") and not contact.get("url"):  # K01: one of the two is a must
            contact["url"] = _page(organisation, settings)


def _organisation_as_agent(organisation: Package, settings: RdfSettings) -> list[Record]:
    title = _text(organisation.get("title")) or settings.catalogue_publisher_name or settings.title
    row = {
        "uri": _page(organisation, settings),
        "name": title,
        "type": organisation.get("publisher_type") or settings.publisher_type,
        "url": organisation.get("homepage"),
        "email": organisation.get("contact_email"),
    }
    return _rows(mapping.PUBLISHER, row)


def _organisation_as_contact(organisation: Package, settings: RdfSettings) -> list[Record]:
    row = {
        "name": organisation.get("contact_name") or organisation.get("title"),
        "email": organisation.get("contact_email"),
        "url": organisation.get("contact_url"),
        "telephone": organisation.get("contact_telephone"),
    }
    if not row["email"] and not row["url"]:
        row["email"] = settings.contact_email
    if not row["email"] and not row["url"]:
        row["url"] = _page(organisation, settings)
    return _rows(mapping.CONTACTS, row)


def _rows(entry: Any, row: Record) -> list[Record]:
    return entry.clean({entry.name: [row]}, Cleaning("")).get(entry.name, [])


def _page(organisation: Package, settings: RdfSettings) -> str:
    """The page of the organisation on the portal, which is also its IRI; the portal's own without one."""
    identifier = _text(organisation.get("id"))
    return settings.organization_uri(identifier) if identifier else settings.base_uri


def _law_of_high_value(record: Record) -> None:
    """DCAT-AP HVD: who names a category names the regulation."""
    if record.get("hvd_category"):
        record["legal_basis"] = list(dict.fromkeys([*record.get("legal_basis", ()), HVD_LAW]))


def _resource(
    resource: Package,
    number: int,
    dataset: Record,
    settings: RdfSettings,
    organisation: Package,
    cleaning: Cleaning,
) -> Record:
    """One distribution."""
    cleaning.resource = number
    record = {**_kept(resource, KEPT_OF_RESOURCES), **_clean(resource, mapping.DISTRIBUTION, cleaning)}
    _format(record, resource)
    _addresses(record, resource, dataset, settings, cleaning)
    _license(record, dataset, organisation, settings, cleaning)
    _default(record, "name", _name(record, resource, dataset))
    _default(record, "availability", dataset.get("availability"))
    _default(record, "language", dataset.get("language"))
    _dates(record, resource, "created", "last_modified")
    _default(record, "issued", dataset.get("issued"))
    _default(record, "modified", _date(resource.get("metadata_modified")) or dataset.get("modified"))
    if dataset.get("hvd_category"):
        laws = [*record.get("applicable_legislation", ()), HVD_LAW]
        record["applicable_legislation"] = list(dict.fromkeys(laws))
    for row in record.get("access_services", ()):
        _service(row, record)
    cleaning.resource = None
    return record


def _format(record: Record, resource: Package) -> None:
    """A format without a code of its own is given as the nearest one and the standard it follows."""
    given = resource.get("format")
    term = vocabulary.match("file_types", record.get("format", ""))
    if term is None:
        return
    _default(record, "mimetype", term.media_type or ("" if SERVICE_CODES.fullmatch(term.code) else BYTES))
    standard = _standard(term, given) if isinstance(given, str) else ""
    if standard:
        record["conforms_to"] = list(dict.fromkeys([*record.get("conforms_to", ()), standard]))


def _standard(term: vocabulary.Term, given: str) -> str:
    wanted = vocabulary.normalised(given)
    return next((uri for name, uri in term.standards.items() if vocabulary.normalised(name) == wanted), "")


def _addresses(record: Record, resource: Package, dataset: Record, settings: RdfSettings, cleaning: Cleaning) -> None:
    """K39: a file has its address as download and as access. K41: what a service delivers has that of the service."""
    if not record.get("access_url"):
        cleaning.note("url", NO_ADDRESS, _text(resource.get("url")))
        address = f"{settings.record_uri(dataset.get('id', ''))}/resource/{_text(resource.get('id'))}"
        record["url"] = record["access_url"] = _legal(address) or settings.base_uri
    services = record.get("access_services")
    if services:
        record.pop("download_url", None)
        record["url"] = record["access_url"] = services[0]["endpoint_url"]
    elif not record.get("download_url") and _is_file(record, resource):
        record["download_url"] = record["url"]


def _legal(address: str) -> str:
    return Cleaning("").value(IRI, "", address)


def _is_file(record: Record, resource: Package) -> bool:
    """Whether an address gives a file: an upload, or a link with the format of one."""
    if resource.get("url_type") == "upload":
        return True
    term = vocabulary.match("file_types", record.get("format", ""))
    return term is not None and not SERVICE_CODES.fullmatch(term.code)


def _license(record: Record, dataset: Record, organisation: Package, settings: RdfSettings, cleaning: Cleaning) -> None:
    """K32: every distribution has a licence from the list, K35: and says whom to name where the licence wants it."""
    given = record.get("license") or _license_of(dataset, organisation)
    if not given:
        cleaning.note("license", OPEN_ENDED, "")
    record["license"] = given or NO_LICENSE
    attribution = _attribution(record["license"], dataset, organisation, settings)
    _default(record, "license_attribution_text", attribution)
    _default(record, "rights", _terms_of_use(record["license"]))


def _terms_of_use(license: str) -> str:
    """The licence in words, with what it allows: nobody has to type what follows from it."""
    term = vocabulary.find("licenses", license)
    return ": ".join(part for part in (term.de, term.note_de) if part) if term else ""


def _license_of(package: Package, organisation: Package) -> str:
    """The URI of the licence of a record, else of its organisation; empty where neither has one."""
    names = (package.get("license_id"), organisation.get("default_license"))
    terms = (vocabulary.match("licenses", name) for name in names if isinstance(name, str) and name)
    return next((term.uri for term in terms if term), "")


def _attribution(license: str, dataset: Record, organisation: Package, settings: RdfSettings) -> str:
    """Whom to name: what the organisation says, else the city and the publisher."""
    term = vocabulary.match("licenses", license)
    if term is None or not term.attribution:
        return ""
    publisher = dataset["publisher"][0]["name"]
    names = [settings.attribution_text] if settings.attribution_text not in publisher else []
    return _text(organisation.get("attribution_text")) or ", ".join([*names, publisher])


def _name(record: Record, resource: Package, dataset: Record) -> str:
    """The name of the file in its address; for a link the title of the dataset with the format."""
    if resource.get("url_type") == "upload":
        file = _text(resource.get("url")).rsplit("/", 1)[-1]
        if file:
            return file
    return f"{dataset['title']} ({record['format']})" if record.get("format") else dataset["title"]


def _service(row: Record, record: Record) -> None:
    _default(row, "title", record["name"])
    _default(row, "license", record["license"])
    _default(row, "access_rights", PUBLIC)
    _default(row, "availability", record.get("availability"))


def _text(value: Any) -> str:
    """A value as a line of text; empty where it is none."""
    return TEXT.clean(value) if isinstance(value, str) else ""
