"""What the example catalogue publishes: organisations and datasets, read from YAML and checked as a whole."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from ckanext.mainz.governance import levels
from ckanext.mainz.governance.roles import pilot
from ckanext.mainz.metadata.vocabulary import find, terms
from ckanext.mainz.portal.examples import data_inventory
from ckanext.mainz.portal.examples.cells import Table
from ckanext.mainz.portal.examples.data_inventory import ExampleEntry
from ckanext.mainz.portal.examples.reading import PACKAGE, ExampleError, load_yaml, shape, yaml_names
from ckanext.mainz.portal.examples.tables import Spec, build, read_spec
from ckanext.mainz.portal.examples.writers import Origin, writer

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{1,99}")
KEYWORD = re.compile(r"[\w .-]{2,100}")  # CKAN's own rule for a tag
FILE_NAME = re.compile(r"[a-z0-9-]+\.[a-z]+")
MIME_TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "geojson": "application/geo+json",
    "ics": "text/calendar",
    "pdf": "application/pdf",
}
LARGEST_FILE = 200_000  # bytes


@dataclass(frozen=True)
class Organization:
    """Who publishes. `kind` and `sealed` are those of the governance; `number` is that of the Amt, where it has one."""

    name: str
    title: str
    description: str
    kind: str
    mailbox: str
    number: str = ""
    parent: str = ""
    sealed: bool = False


@dataclass(frozen=True)
class Period:
    """What a dataset is about, both days included; without `end` it goes on."""

    start: date
    end: date | None = None


@dataclass(frozen=True)
class Resource:
    """A file that is made when the catalogue is loaded, or a link (`url`) to a service.

    `table` names the dataset's table that the file holds (needless if there is one only), `where` keeps the rows with
    these cells; `style` is that of the CSV and `epsg` that of the GeoJSON. A PDF is shipped ready-made (see
    `documents/README.md`).
    """

    title: str
    description: str
    format: str
    file: str = ""
    url: str = ""
    table: str = ""
    where: tuple[tuple[str, Any], ...] = ()
    style: str = "bom"
    epsg: int = 4326

    @property
    def extension(self) -> str:
        return self.file.rpartition(".")[2]

    @property
    def mime_type(self) -> str:
        """The media type of a file; empty for a link."""
        return MIME_TYPES[self.extension] if self.file else ""


@dataclass(frozen=True)
class Dataset:
    """A dataset with all that the form asks for; `themes`, `frequency`, `sample` (Musterdatenkatalog) and `hvd`
    (high-value datasets) are codes of our vocabularies."""

    name: str
    title: str
    notes: str
    keywords: tuple[str, ...]
    owner: str
    licence: str
    frequency: str
    themes: tuple[str, ...]
    period: Period
    resources: tuple[Resource, ...]
    tables: Mapping[str, Spec]
    sample: str = ""
    hvd: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """All examples; organisations stand after their parents."""

    organizations: tuple[Organization, ...]
    datasets: tuple[Dataset, ...]
    entries: tuple[ExampleEntry, ...] = ()
    """What is in the inventory only."""

    def organization(self, name: str) -> Organization:
        """The organisation of that name; raises ExampleError if there is none."""
        for candidate in self.organizations:
            if candidate.name == name:
                return candidate
        raise ExampleError(f"there is no organisation {name!r}")


@cache
def catalogue() -> Catalogue:
    """The whole catalogue, read once and checked; raises ExampleError where it contradicts itself."""
    known = {entry["name"]: entry for entry in pilot.entries()}
    organizations = tuple(
        shape(Organization, {**known.get(_where(entry), {}), **entry}, _where(entry))
        for entry in load_yaml("organizations.yaml")
    )
    datasets = tuple(_dataset(entry) for name in yaml_names("datasets") for entry in load_yaml(name))
    result = Catalogue(organizations, datasets, data_inventory.read())
    check(result)
    return result


def _where(entry: Any) -> str:
    return str(entry.get("name", entry)) if isinstance(entry, Mapping) else str(entry)


def _dataset(entry: Mapping[str, Any]) -> Dataset:
    where = _where(entry)
    tables = {name: read_spec(spec, f"{where}, table {name}") for name, spec in entry.get("tables", {}).items()}
    resources = tuple(_resource(resource, where, tables) for resource in entry.get("resources", ()))
    period = shape(Period, entry.get("period"), f"{where}, period")
    notes = "\n\n".join(" ".join(part.split()) for part in str(entry.get("notes", "")).split("\n\n"))
    return shape(Dataset, entry, where, tables=tables, resources=resources, period=period, notes=notes)


def _resource(entry: Mapping[str, Any], where: str, tables: Mapping[str, Spec]) -> Resource:
    conditions = tuple(entry.get("where", {}).items())
    resource = shape(Resource, entry, f"{where}, {entry.get('title')}", where=conditions)
    if resource.file and resource.extension != "pdf" and not resource.table and len(tables) == 1:
        return replace(resource, table=next(iter(tables)))
    return resource


def uri_of(vocabulary: str, code: str) -> str:
    """The URI of a term; raises ExampleError if the vocabulary has no such code."""
    for term in terms(vocabulary):
        if term.code == code:
            return term.uri
    raise ExampleError(f"the vocabulary {vocabulary!r} has no code {code!r}")


@cache
def _licences() -> frozenset[str]:
    return frozenset(licence.code for licence in terms("licenses"))


# --- checks --------------------------------------------------------------------------------------------------------


def check(result: Catalogue) -> None:
    """Raises ExampleError if a name is taken twice or malformed, a reference leads nowhere, or a code is unknown."""
    _check_unique("organisation", (organization.name for organization in result.organizations))
    records = (*result.datasets, *result.entries)
    _check_unique("dataset", (record.name for record in records))
    _check_unique("title", (record.title for record in records))
    _check_unique(
        "file", (resource.file for dataset in result.datasets for resource in dataset.resources if resource.file)
    )
    known: set[str] = set()
    for organization in result.organizations:
        _check_organization(organization, known)
        known.add(organization.name)
    for dataset in result.datasets:
        result.organization(dataset.owner)
        _check_dataset(dataset)
    for entry in result.entries:
        _check_entry(entry, result)


def _check_unique(what: str, names: Iterable[str]) -> None:
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise ExampleError(f"taken twice as {what}: {twice}")


def _check_organization(organization: Organization, known: set[str]) -> None:
    _must(NAME.fullmatch(organization.name), organization.name, "is no name that CKAN takes")
    _must(
        find("organization_kinds", organization.kind), organization.name, f"has an unknown kind {organization.kind!r}"
    )
    _must(organization.parent in {"", *known}, organization.name, f"stands before its parent {organization.parent!r}")


def _check_dataset(dataset: Dataset) -> None:
    where = dataset.name
    _must(NAME.fullmatch(where), where, "is no name that CKAN takes")
    _must(dataset.licence in _licences(), where, f"has an unknown licence {dataset.licence!r}")
    _must(dataset.themes, where, "has no theme")
    for code in dataset.themes:
        uri_of("themes", code)
    uri_of("frequencies", dataset.frequency)
    _must(
        all(map(KEYWORD.fullmatch, dataset.keywords)), where, f"has a keyword that CKAN refuses in {dataset.keywords}"
    )
    _must(dataset.resources, where, "has no resources")
    for resource in dataset.resources:
        _check_resource(resource, dataset)
    unused = dataset.tables.keys() - {resource.table for resource in dataset.resources}
    _must(not unused, where, f"has tables that no file holds: {unused}")


def _check_entry(entry: ExampleEntry, result: Catalogue) -> None:
    where = entry.name
    _must(NAME.fullmatch(where), where, "is no name that CKAN takes")
    _must(find("reasons", entry.reason), where, f"has an unknown reason {entry.reason!r}")
    _must(entry.level in levels.LEVELS[:-1], where, f"has no level of the inventory: {entry.level!r}")
    for code in entry.themes:
        uri_of("themes", code)
    for name in (entry.owner, *(share.organization for share in entry.shares)):
        result.organization(name)


def _check_resource(resource: Resource, dataset: Dataset) -> None:
    where = f"{dataset.name}, {resource.title}"
    _must(bool(resource.file) != bool(resource.url), where, "needs either a file or a URL")
    if resource.url:
        _must(".example/" in resource.url, where, f"leads to a real host: {resource.url}")
        return
    _must(FILE_NAME.fullmatch(resource.file), where, f"has a file name that is not plain: {resource.file!r}")
    _must(resource.extension in MIME_TYPES, where, f"has a file of an unknown format: {resource.file!r}")
    if resource.extension != "pdf":
        _must(resource.table in dataset.tables, where, f"holds an unknown table {resource.table!r}")


def _must(holds: object, where: str, otherwise: str) -> None:
    if not holds:
        raise ExampleError(f"{where} {otherwise}")


# --- files ---------------------------------------------------------------------------------------------------------


def file_content(dataset: Dataset, resource: Resource, publisher: str) -> bytes:
    """The bytes of a resource's file, the same each time. Raises ExampleError if it has none or it is too large."""
    _must(resource.file, f"{dataset.name}, {resource.title}", "has no file")
    if resource.extension == "pdf":
        return files(PACKAGE).joinpath("documents", resource.file).read_bytes()
    origin = Origin(dataset.title, publisher, dataset.period.end or dataset.period.start)
    content = writer(resource.extension, resource.style, resource.epsg)(table_of(dataset, resource), origin)
    _must(len(content) < LARGEST_FILE, resource.file, f"has {len(content)} bytes: too many for an example")
    return content


def table_of(dataset: Dataset, resource: Resource) -> Table:
    """The table that a file holds, with the rows that its `where` keeps."""
    table = build(dataset.tables[resource.table], seed=f"{dataset.name}/{resource.table}")
    wanted = {table.columns.index(column): cell for column, cell in resource.where}
    kept = [number for number, row in enumerate(table.rows) if all(row[i] == cell for i, cell in wanted.items())]
    _must(kept, resource.file, f"keeps no row where {dict(resource.where)}")
    return replace(
        table,
        rows=tuple(table.rows[number] for number in kept),
        geometries=tuple(table.geometries[number] for number in kept) if table.geometries else (),
    )
