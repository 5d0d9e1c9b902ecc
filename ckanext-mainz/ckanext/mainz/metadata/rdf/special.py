# ruff: noqa: ARG002 - entries have one interface, of which not each needs everything
"""Entries of a mapping that are no plain field: where the rules of DCAT-AP.de tie several fields or nodes together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.rdf import geometries, iris
from ckanext.mainz.metadata.rdf.entries import Cleaning, Graph, Part, Parts, Property, Record, Writer, several
from ckanext.mainz.metadata.rdf.nodes import CSVW, DCAT, DCTERMS, LOCN, RDF, SCHEMA, SKOS, Node, Resource, german, iri
from ckanext.mainz.metadata.rdf.problems import Unusable
from ckanext.mainz.metadata.rdf.values import IRI, PLAIN, PROSE, TEXT, Hexadecimal, Listed

KEYWORD_LENGTHS = range(2, 101)
NOT_IN_KEYWORDS = re.compile(r"[^\w .-]+")
KEYWORD = N_("The keyword “{value}” has characters or a length that keywords cannot have.")
NO_ALGORITHM = N_("The checksum “{value}” is left out: its algorithm is unknown. Name it, for example SHA-256.")
NOT_PUBLIC = N_("The link to “{value}” is left out: no public record of the portal has this id.")
NEITHER = N_("“{value}” is neither a record of the portal nor a complete address.")
#: The list of DCAT-AP.de 2.0.
OLD_ALGORITHM = re.compile(r"https?://(?:www\.)?dcat-ap\.de/def/hashAlgorithms/[^#]*#(md|sha)/(\d+)")
ID = re.compile(r"[0-9A-Za-z_-]{2,100}", re.ASCII)


@dataclass(frozen=True)
class Keywords:
    """CKAN's tags as keywords; a text with commas is several."""

    predicate: NamedNode = DCAT.keyword

    def fields(self) -> tuple[str, ...]:
        return ("tags",)

    def clean(self, record: Mapping[str, Any], cleaning: Cleaning) -> Record:
        given = [*several(record.get("tags")), *_split(record.get("tag_string"))]
        words: dict[str, str] = {}
        for tag in given:
            for word in _split(tag.get("name") if isinstance(tag, Mapping) else tag):
                clean = " ".join(NOT_IN_KEYWORDS.sub(" ", word).split())
                if len(clean) not in KEYWORD_LENGTHS:
                    cleaning.note("tags", KEYWORD, word)
                    continue
                if clean != word:
                    cleaning.note("tags", KEYWORD, word, clean)
                words.setdefault(clean.casefold(), clean)
        return {"tags": [{"name": word} for word in words.values()]} if words else {}

    def write(self, record: Record, subject: NamedNode, out: list[Triple], parts: list[Triple], writer: Writer) -> None:
        out.extend([Triple(subject, self.predicate, german(tag["name"])) for tag in record.get("tags") or ()])

    def read(self, subject: Resource, graph: Graph, base: str) -> Record:
        words = Property("tags", self.predicate, TEXT, many=True).read(subject, graph, base)
        return {"tags": [{"name": word} for word in words["tags"]]} if words else {}


def _split(text: Any) -> list[str]:
    if not isinstance(text, str):
        return []
    return [word for part in text.split(",") if (word := TEXT.clean(part))]


@dataclass(frozen=True)
class Shared:
    """One property for two fields: `first` holds what `belongs` says, `rest` all other IRIs."""

    predicate: NamedNode
    first: str
    rest: str
    belongs: Callable[[str], bool]
    first_many: bool = True

    def fields(self) -> tuple[str, ...]:
        return (self.first, self.rest)

    def clean(self, record: Mapping[str, Any], cleaning: Cleaning) -> Record:
        values = [
            value
            for name in self.fields()
            for given in several(record.get(name))
            if (value := cleaning.value(IRI, name, _known_uri(given)))
        ]
        return self._sorted(values)

    def _sorted(self, values: Iterable[str]) -> Record:
        distinct = list(dict.fromkeys(values))
        first = [value for value in distinct if self.belongs(value)]
        if not self.first_many:
            first = first[:1]
        rest = [value for value in distinct if value not in first]
        record: Record = {self.first: first if self.first_many else first[0]} if first else {}
        return record | ({self.rest: rest} if rest else {})

    def write(self, record: Record, subject: NamedNode, out: list[Triple], parts: list[Triple], writer: Writer) -> None:
        for name in self.fields():
            out.extend([Triple(subject, self.predicate, iri(value)) for value in several(record.get(name))])

    def read(self, subject: Resource, graph: Graph, base: str) -> Record:
        return self._sorted(IRI.read(node) for node in graph.objects(subject, self.predicate) if IRI.read(node))


def _known_uri(given: Any) -> Any:
    """A law may be named by its short form."""
    term = vocabulary.match("legal_bases", given) if isinstance(given, str) else None
    return term.uri if term else given


def is_law(uri: str) -> bool:
    """Whether an IRI is one of the laws in the list."""
    return vocabulary.find("legal_bases", uri) is not None


def is_sample_record(uri: str) -> bool:
    """Whether an IRI is an entry of the Musterdatenkatalog."""
    return vocabulary.find("sample_records", uri) is not None


@dataclass(frozen=True)
class Checksum:
    """``hash`` and ``hash_algorithm``; an algorithm that is not named follows from the length of the value."""

    predicate: NamedNode
    part: Part
    VALUE = Hexadecimal()
    ALGORITHM = Listed("checksum_algorithms")

    def fields(self) -> tuple[str, ...]:
        return ("hash", "hash_algorithm")

    def clean(self, record: Mapping[str, Any], cleaning: Cleaning) -> Record:
        given = record.get("hash")
        if not given:
            return {}
        prefix, _colon, rest = given.rpartition(":") if isinstance(given, str) else ("", "", given)
        value = cleaning.value(self.VALUE, "hash", rest)
        algorithm = self._algorithm(record.get("hash_algorithm") or prefix, value, cleaning)
        if value and not algorithm:
            cleaning.note("hash_algorithm", NO_ALGORITHM, value)
        return {"hash": value, "hash_algorithm": algorithm} if value and algorithm else {}

    def _algorithm(self, named: Any, value: str, cleaning: Cleaning) -> str:
        if named:
            old = OLD_ALGORITHM.fullmatch(named) if isinstance(named, str) else None
            return cleaning.value(self.ALGORITHM, "hash_algorithm", "".join(old.groups()) if old else named)
        fitting = [term for term in vocabulary.offered("checksum_algorithms") if term.digits == len(value)]
        return fitting[0].uri if value and fitting else ""

    def write(self, record: Record, subject: NamedNode, out: list[Triple], parts: list[Triple], writer: Writer) -> None:
        if "hash" in record and "hash_algorithm" in record:
            node = writer.part(subject, "checksum", 0)
            out.append(Triple(subject, self.predicate, self.part.write(record, node, parts, writer)))

    def read(self, subject: Resource, graph: Graph, base: str) -> Record:
        nodes = graph.objects(subject, self.predicate)
        return self.part.read(nodes[0], graph, base) if nodes else {}


@dataclass(frozen=True)
class Addresses:
    """``url``, ``access_url`` and ``download_url`` of a distribution.

    A file has its address as ``dcat:downloadURL`` and as ``dcat:accessURL`` (K39 of the conventions of DCAT-AP.de); a
    page that leads to it may stand beside the latter.
    """

    predicate: NamedNode = DCAT.accessURL

    def fields(self) -> tuple[str, ...]:
        return ("url", "access_url", "download_url")

    def clean(self, record: Mapping[str, Any], cleaning: Cleaning) -> Record:
        access, download = (cleaning.value(IRI, name, record.get(name)) for name in self.fields()[1:])
        known = record.get("url") in (record.get("access_url"), record.get("download_url"))
        url = "" if known else cleaning.value(IRI, "url", record.get("url"))
        access = access or download or url
        found = {"url": download or access, "access_url": access, "download_url": download}
        return {name: value for name, value in found.items() if value}

    def write(self, record: Record, subject: NamedNode, out: list[Triple], parts: list[Triple], writer: Writer) -> None:
        download, access = record.get("download_url"), record.get("access_url")
        both = dict.fromkeys(one for one in (download, access) if one)
        out.extend([Triple(subject, DCAT.accessURL, iri(value)) for value in both])
        if download:
            out.append(Triple(subject, DCAT.downloadURL, iri(download)))

    def read(self, subject: Resource, graph: Graph, base: str) -> Record:
        access, download = (
            [value for node in graph.objects(subject, predicate) if (value := IRI.read(node))]
            for predicate in (DCAT.accessURL, DCAT.downloadURL)
        )
        file = next(iter(download), "")
        page = next((one for one in access if one != file), file)
        found = {"url": file or page, "access_url": page, "download_url": file}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True)
class Links:
    """Links to other records: ids of ours, or IRIs of others.

    SHACL wants the thing at the other end of `predicate` described in the same document, which on a page of a catalogue
    it is not always. So each link is written as a qualified relation, which asks for nothing; the plain property is put
    beside it in documents that describe both ends (`Writer.links`).
    """

    name: str
    predicate: NamedNode
    role: NamedNode
    label: str

    def fields(self) -> tuple[str, ...]:
        return (self.name,)

    def clean(self, record: Mapping[str, Any], cleaning: Cleaning) -> Record:
        values = [self._target(item, cleaning) for item in several(record.get(self.name))]
        distinct = list(dict.fromkeys(value for value in values if value))
        return {self.name: distinct} if distinct else {}

    def _target(self, item: Any, cleaning: Cleaning) -> str:
        if not isinstance(item, str) or not item.strip():
            return ""
        text = own_id(item.strip(), cleaning.base)
        if ID.fullmatch(text):
            return text
        try:
            return iris.repaired(text)
        except Unusable:
            cleaning.note(self.name, NEITHER, item)
            return ""

    def write(self, record: Record, subject: NamedNode, out: list[Triple], parts: list[Triple], writer: Writer) -> None:
        for number, target in enumerate(record.get(self.name) or ()):
            other = iri(target) if ":" in target else NamedNode(f"{writer.base}/dataset/{target}")
            node = writer.part(subject, self.label, number)
            out.append(Triple(subject, DCAT.qualifiedRelation, node))
            parts.append(Triple(node, RDF.type, DCAT.Relationship))
            parts.append(Triple(node, DCTERMS.relation, other))
            parts.append(Triple(node, DCAT.hadRole, self.role))
            writer.shared[self.role.value, DCAT.Role.value] = [Triple(self.role, RDF.type, DCAT.Role)]
            writer.links.append(Triple(subject, self.predicate, other))

    def read(self, subject: Resource, graph: Graph, base: str) -> Record:
        related = [
            other
            for node in graph.objects(subject, DCAT.qualifiedRelation)
            if isinstance(node, Resource) and self.role in graph.objects(node, DCAT.hadRole)
            for other in graph.objects(node, DCTERMS.relation)
        ]
        nodes = [*related, *graph.objects(subject, self.predicate)]
        values = list(dict.fromkeys(node.value for node in nodes if isinstance(node, NamedNode)))
        return {self.name: values} if values else {}


def own_id(uri: str, base: str) -> str:
    """The id in the IRI of one of our own records; the text itself if it is none."""
    rest = uri.removeprefix(f"{base}/dataset/")
    return rest if rest != uri and ID.fullmatch(rest) else uri


class Place(Part):
    """A place. What the list of places knows is described as the list says; of a known place with a box or name of the
    editor's own, that becomes a place of its own.
    """

    def describe(self, row: Record, node: NamedNode, writer: Writer) -> list[Triple]:
        term = vocabulary.find("places", row.get(self.uri, ""))
        return super().describe({**row, **known_place(term)} if term else row, node, writer)

    def read(self, node: Node, graph: Graph, base: str) -> Record:
        row = super().read(node, graph, base)
        if self.uri not in row and not isinstance(node, Literal | Triple):
            # How GovData's software says that a place is an administrative unit.
            units = [unit.value for unit in graph.objects(node, LOCN.adminUnitL2) if isinstance(unit, NamedNode)]
            row |= {self.uri: units[0]} if units else {}
        term = vocabulary.find("places", row.get(self.uri, ""))
        known = known_place(term) if term else {}
        return {name: value for name, value in row.items() if value != known.get(name)}


def known_place(term: vocabulary.Term) -> Record:
    """What the list says of a place, as a row."""
    row: Record = {"text": term.de}
    if term.bbox:
        row["bbox"] = geometries.box(term.bbox)
    if term.centroid:
        row["centroid"] = geometries.point(term.centroid)
    return row


class Places(Parts):
    """The repeating field of places."""

    def clean(self, record: Mapping[str, Any], cleaning: Cleaning) -> Record:
        rows = [half for row in several(record.get(self.name)) for half in _halves(row)]
        return super().clean({self.name: rows}, cleaning)

    def write(self, record: Record, subject: NamedNode, out: list[Triple], parts: list[Triple], writer: Writer) -> None:
        if writer.profile.places_need_coordinates:
            record = {self.name: [row for row in record.get(self.name, ()) if _has_coordinates(row)]}
        super().write(record, subject, out, parts, writer)


def _has_coordinates(row: Record) -> bool:
    known = vocabulary.find("places", row.get("uri", ""))
    return bool(row.get("bbox") or row.get("centroid") or (known and (known.bbox or known.centroid)))


def _halves(row: Any) -> list[Any]:
    """A row with a known place and more than is known of it, as two rows; a known place by another of its names."""
    uri = row.get("uri") if isinstance(row, Mapping) else None
    term = vocabulary.match("places", uri) if isinstance(uri, str) and uri else None
    if term is None:
        return [row]
    known = known_place(term)
    rest = {name: value for name, value in row.items() if value and name != "uri" and value != known.get(name)}
    if ":" not in term.uri:
        return [{**known, **rest}]
    return [{"uri": term.uri}, *([rest] if set(rest) - {"text"} else [])]


class Service(Part):
    """A data service that delivers a distribution. Its publisher is that of the dataset, and so is what the rules for
    high-value datasets want of it.
    """

    def describe(self, row: Record, node: NamedNode, writer: Writer) -> list[Triple]:
        triples = super().describe(row, node, writer)
        writer.services.append(node.value)
        for predicate, other in writer.inherited:
            # A service has one publisher, whoever tells of it first; all else each dataset may add.
            (triples if predicate == DCTERMS.publisher else writer.parts).append(Triple(node, predicate, other))
        writer.links.append(Triple(node, DCAT.servesDataset, iri(writer.uri)))
        return triples

    def _foreign(self, uri: str, cleaning: Cleaning) -> str:
        return uri  # a service of the portal may be named


COLUMN = Part(
    types=(CSVW.Column,),
    entries=(
        Property("column", CSVW.name, PLAIN),
        Property("title", CSVW.title, TEXT),
        Property("description", DCTERMS.description, PROSE),
        Property("unit", SCHEMA.unitText, PLAIN),
        Property("type", CSVW.datatype, PLAIN),
        Property("codes", SKOS.note, PROSE),
    ),
    needs=("column",),
)


@dataclass(frozen=True)
class Dictionary:
    """The columns of a table as ``csvw:tableSchema``; ``csvw:column`` is an ordered list, as its standard says."""

    predicate: NamedNode = CSVW.tableSchema

    def fields(self) -> tuple[str, ...]:
        return ("data_dictionary",)

    def clean(self, record: Mapping[str, Any], cleaning: Cleaning) -> Record:
        rows = Parts("data_dictionary", self.predicate, COLUMN, "column").clean(record, cleaning)
        columns: dict[str, Record] = {}
        for row in rows.get("data_dictionary", ()):
            columns.setdefault(row["column"], row)
        return {"data_dictionary": list(columns.values())} if columns else {}

    def write(self, record: Record, subject: NamedNode, out: list[Triple], parts: list[Triple], writer: Writer) -> None:
        rows = record.get("data_dictionary")
        if not rows:
            return
        schema = writer.part(subject, "schema", 0)
        out.append(Triple(subject, self.predicate, schema))
        cells = [writer.part(subject, "columns", number) for number in range(len(rows))]
        parts.append(Triple(schema, RDF.type, CSVW.Schema))
        parts.append(Triple(schema, CSVW.column, cells[0]))
        for number, (row, cell, following) in enumerate(zip(rows, cells, [*cells[1:], RDF.nil], strict=True)):
            column = writer.part(subject, "column", number)
            parts += (Triple(cell, RDF.first, column), Triple(cell, RDF.rest, following))
            COLUMN.write(row, column, parts, writer)

    def read(self, subject: Resource, graph: Graph, base: str) -> Record:
        schemas = [node for node in graph.objects(subject, self.predicate) if isinstance(node, Resource)]
        starts = [start for schema in schemas[:1] for start in graph.objects(schema, CSVW.column)]
        rows = [COLUMN.read(node, graph, base) for start in starts for node in _list(start, graph)]
        return {"data_dictionary": rows} if (rows := [row for row in rows if row]) else {}


def _list(start: Node, graph: Graph) -> list[Node]:
    """The members of an RDF list, or the node itself where it begins none. A list that bites its tail ends there."""
    if isinstance(start, Literal | Triple) or not graph.objects(start, RDF.first):
        return [start]
    members: list[Node] = []
    seen: set[Node] = set()
    cell: Node | None = start
    while isinstance(cell, Resource) and cell != RDF.nil and cell not in seen:
        seen.add(cell)
        members.extend(graph.objects(cell, RDF.first)[:1])
        cell = next(iter(graph.objects(cell, RDF.rest)), None)
    return members
