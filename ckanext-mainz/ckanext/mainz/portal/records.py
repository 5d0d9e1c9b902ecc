"""What the pages of a dataset and of its files show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.portal import related, wording
from ckanext.mainz.portal.links import file_address, links
from ckanext.mainz.portal.listing import Choice, format_label, is_true, license_title
from ckanext.mainz.portal.presentation import Row, Value, rows

_ = toolkit._
HEAD = ("title", "name", "notes", "owner_org", "tag_string", "theme", "license_id")
FILE_HEAD = ("url", "name", "description", "format")
MACHINE_READABLE = (("Turtle", "ttl"), ("RDF/XML", "rdf"), ("JSON-LD", "jsonld"))
WEB = ("http://", "https://", "ftp://", "/")


@dataclass(frozen=True)
class File:
    """A file or link of a dataset. `download` is empty where its address is none that a browser may open."""

    id: str
    name: str
    address: str
    download: str
    own: bool
    format: str
    size: str
    changed: str
    extract: str

    @property
    def facts(self) -> tuple[str, ...]:
        """Format and size, as far as known."""
        return tuple(fact for fact in (self.format, self.size) if fact)


@dataclass(frozen=True)
class License:
    """A licence in words, with the address of its text."""

    title: str
    address: str


@dataclass(frozen=True)
class DatasetPage:
    """The page of a dataset."""

    title: str
    name: str
    address: str
    notes: str
    summary: str
    publisher: Value | None
    files: tuple[File, ...]
    license: License | None
    themes: tuple[Choice, ...]
    keywords: tuple[Choice, ...]
    details: tuple[Row, ...]
    machine_readable: tuple[Value, ...]
    example: bool
    private: bool
    state: str


@dataclass(frozen=True)
class ResourcePage:
    """The page of a file or link; `siblings` are the dataset's other files."""

    file: File
    dataset: DatasetPage
    description: str
    details: tuple[Row, ...]
    siblings: tuple[File, ...]


def dataset_page(record: Mapping[str, Any], language: str) -> DatasetPage:
    """Everything that the page of a dataset shows, in a language."""
    organization = record.get("organization")
    return DatasetPage(
        title=record.get("title") or record["name"],
        name=record["name"],
        address=links().record(record["type"], record["name"]),
        notes=record.get("notes") or "",
        summary=wording.extract(record.get("notes"), 160),
        publisher=publisher(organization) if organization else None,
        files=tuple(file(record, resource, language) for resource in record.get("resources", [])),
        license=license_of(record),
        themes=tuple(theme(uri, language) for uri in record.get("theme") or ()),
        keywords=tuple(keyword(tag) for tag in record.get("tags", [])),
        details=tuple(details(record, language)),
        machine_readable=tuple(machine_readable(record)),
        example=is_true(record.get("is_example")),
        private=bool(record.get("private")),
        state=str(record.get("state", "")),
    )


def resource_page(record: Mapping[str, Any], resource: Mapping[str, Any], language: str) -> ResourcePage:
    """Everything that the page of a file shows, in a language."""
    page = dataset_page(record, language)
    this = file(record, resource, language)
    shown = rows(resource, schema()["resource_fields"], language, FILE_HEAD)
    return ResourcePage(
        file=this,
        dataset=page,
        description=resource.get("description") or "",
        details=(*file_facts(this, resource, language), *shown),
        siblings=tuple(one for one in page.files if one.id != this.id),
    )


def schema(type: str = "dataset") -> dict[str, Any]:
    """The scheming schema of a type of records."""
    return toolkit.h.scheming_get_dataset_schema(type)


def details(record: Mapping[str, Any], language: str) -> Iterator[Row]:
    """What else is known of a record: how it hangs together with others, its filled fields, its dates."""
    fields = schema(record["type"])["dataset_fields"]
    yield from related.rows(record, fields, language)
    yield from rows(record, fields, language, (*HEAD, *related.LINKS))
    yield from dates(record, language)


def publisher(organization: Mapping[str, Any]) -> Value:
    title = organization.get("title") or organization["name"]
    return Value(title, links().organization(organization["name"]))


def license_of(record: Mapping[str, Any]) -> License | None:
    identifier = record.get("license_id")
    if not identifier:
        return None
    known = model.Package.get_license_register().get(identifier)
    return License(license_title(identifier), known.url if known else "")


def theme(uri: str, language: str) -> Choice:
    term = vocabulary.find("themes", uri)
    if term is None:
        return Choice(uri, 0, "", False)
    return Choice(term.label(language), 0, links().search([("theme", term.code)]), False)


def keyword(tag: Mapping[str, Any]) -> Choice:
    return Choice(tag.get("display_name") or tag["name"], 0, links().search([("tags", tag["name"])]), False)


def dates(record: Mapping[str, Any], language: str) -> list[Row]:
    """When the record was entered and last changed."""
    moments = (
        (_("Last changed"), record.get("metadata_modified")),
        (_("In this portal since"), record.get("metadata_created")),
    )
    return [Row(label, ((Value(wording.moment(stamp, language)),),)) for label, stamp in moments if stamp]


def machine_readable(record: Mapping[str, Any]) -> list[Value]:
    """The record for programs: CKAN's API and the RDF forms."""
    api = toolkit.url_for("api.action", ver=3, logic_function="package_show", id=record["name"], locale="default")
    rdf = [
        Value(label, toolkit.url_for("dcat.read_dataset", _id=record["name"], _format=ending, locale="default"))
        for label, ending in MACHINE_READABLE
    ]
    return [Value("JSON (API)", api), *rdf]


def file(record: Mapping[str, Any], resource: Mapping[str, Any], language: str) -> File:
    """A file or link of a dataset."""
    address = file_address(dict(resource))
    stored_format = resource.get("format") or resource.get("mimetype") or ""
    changed = resource.get("last_modified") or resource.get("metadata_modified") or resource.get("created")
    return File(
        id=resource["id"],
        name=resource.get("name") or address.rsplit("/", 1)[-1][:80] or _("File without a name"),
        address=links().resource(record["name"], resource["id"]),
        download=address if address.startswith(WEB) else "",
        own=resource.get("url_type") == "upload",
        format=format_label(stored_format) if stored_format else "",
        size=wording.size(resource.get("size"), language),
        changed=wording.moment(changed, language),
        extract=wording.extract(resource.get("description"), 160),
    )


def file_facts(this: File, resource: Mapping[str, Any], language: str) -> list[Row]:
    """Format, size, dates and address of a file."""
    facts = (
        (_("Format"), this.format, ""),
        (_("Size"), this.size, ""),
        (_("Media type"), resource.get("mimetype") or "", ""),
        (_("Last changed"), this.changed, ""),
        (_("In this portal since"), wording.moment(resource.get("created"), language), ""),
        (_("Address"), str(resource.get("url") or ""), this.download),
    )
    return [Row(label, ((Value(text, href),),)) for label, text, href in facts if text]
