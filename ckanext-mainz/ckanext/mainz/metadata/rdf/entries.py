# ruff: noqa: ARG002 - entries have one interface, of which not each needs everything
"""What a mapping is made of: entries that tie fields of a record to properties of RDF, for writing and for reading.

An entry has three sides. `clean` brings what a record holds into the form that RDF can say, and notes what it had to
leave out; `write` adds the triples of a clean record; `read` takes the same fields out of a graph. Because one object
has all three, what is written is read back as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.metadata.rdf.nodes import GERMAN, RDF, Node, Resource, iri
from ckanext.mainz.metadata.rdf.problems import Problem, Unusable
from ckanext.mainz.metadata.rdf.values import IRI, NOT_TEXT, Kind
from ckanext.mainz.metadata.values import parsed

Record = dict[str, Any]
MOST_VALUES = 1000
ONE_ONLY = N_("Only one entry is possible here; “{value}” is left out.")
MENDED = N_("“{value}” was not legal; “{used}” is given out instead.")
INCOMPLETE = N_("The entry “{value}” lacks what it needs and is left out.")
TOO_MANY = N_("More than 1,000 entries are given; the others are left out.")


@dataclass(frozen=True)
class Profile:
    """A form of DCAT-AP.de: its name in configuration and the properties that it leaves out.

    `omitted_of_records` stay in the parts of a record (`dcterms:type` of a publisher). `places_need_coordinates` leaves
    out places that have none.
    """

    name: str
    omitted: frozenset[NamedNode] = frozenset()
    omitted_of_records: frozenset[NamedNode] = frozenset()
    places_need_coordinates: bool = False


@dataclass
class Cleaning:
    """The problems found while one record, or one of its distributions, is made clean."""

    base: str
    problems: list[Problem] = field(default_factory=list)
    resource: int | None = None
    described: dict[tuple[NamedNode, str], Record] = field(default_factory=dict)

    def note(self, name: str, message: Message, value: Any, used: str | None = None) -> None:
        """A value that is left out, or, where `used` is given, was mended."""
        shown = value if isinstance(value, str) else repr(value)
        self.problems.append(Problem(name, message, shown, self.resource, used is not None, used or ""))

    def value(self, kind: Kind, name: str, value: Any) -> Any:
        """The clean value; empty where there is none. Only a mended address is worth telling."""
        try:
            clean = kind.clean(value)
        except Unusable as error:
            self.note(name, error.message, value)
            return ""
        if isinstance(clean, str) and "://" in clean and isinstance(value, str) and "://" in value:
            self._mended(name, value, clean)
        return clean

    def _mended(self, name: str, value: str, clean: str) -> None:
        if clean != value.strip() and " " not in clean:
            self.note(name, MENDED, value, clean)


@dataclass
class Writer:
    """The triples of one record: `own` about it and its distributions, `parts` about what belongs to them, `shared`
    about what has an IRI of its own and may be told by other records too.
    """

    uri: str
    profile: Profile
    own: list[Triple] = field(default_factory=list)
    parts: list[Triple] = field(default_factory=list)
    shared: dict[tuple[str, str], list[Triple]] = field(default_factory=dict)
    links: list[Triple] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    base: str = ""
    #: What the services of a dataset have from it, such as its publisher.
    inherited: list[tuple[NamedNode, Node]] = field(default_factory=list)

    def part(self, subject: NamedNode, label: str, number: int) -> NamedNode:
        """A stable IRI for a part of a subject: a fragment below its IRI, or the record's where that is another's."""
        above = subject.value
        if not above.startswith(self.uri):
            return NamedNode(f"{part_base(self.uri)}{label}-{number}-of-{len(self.shared)}")
        return NamedNode(f"{part_base(above)}{label}-{number}")


class Graph(Protocol):
    """A graph to read from; objects come in the order of the document."""

    def objects(self, subject: Resource, predicate: NamedNode) -> list[Node]: ...


class Entry(Protocol):
    """A row of a mapping. `predicate` is its first property."""

    @property
    def predicate(self) -> NamedNode: ...
    def fields(self) -> tuple[str, ...]: ...
    def clean(self, record: Mapping[str, Any], cleaning: Cleaning) -> Record: ...
    def write(
        self, record: Record, subject: NamedNode, out: list[Triple], parts: list[Triple], writer: Writer
    ) -> None: ...
    def read(self, subject: Resource, graph: Graph, base: str) -> Record: ...


def several(value: Any) -> list[Any]:
    """The items of a list, of JSON text of one, or the one value there is."""
    found = parsed(value)
    if found is None or found == "":
        return []
    return list(found) if isinstance(found, list | tuple) else [found]


def single(value: Any) -> Any:
    """The one value of a field, also where it came as a list of one. A text is that value, whatever it looks like."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


@dataclass(frozen=True)
class Property:
    """A field with one value, or with `many`, each an object of `predicate`."""

    name: str
    predicate: NamedNode
    kind: Kind
    many: bool = False

    def fields(self) -> tuple[str, ...]:
        return (self.name,)

    def clean(self, record: Mapping[str, Any], cleaning: Cleaning) -> Record:
        given = record.get(self.name)
        if given is None or given == "" or given == []:
            return {}
        if not self.many:
            value = cleaning.value(self.kind, self.name, single(given))
            return {} if value in ("", None) else {self.name: value}
        items = several(given)
        if len(items) > MOST_VALUES:
            cleaning.note(self.name, TOO_MANY, "")
        values = [cleaning.value(self.kind, self.name, item) for item in items[:MOST_VALUES]]
        distinct = list(dict.fromkeys(value for value in values if value not in ("", None)))
        return {self.name: distinct} if distinct else {}

    def write(self, record: Record, subject: NamedNode, out: list[Triple], parts: list[Triple], writer: Writer) -> None:
        value = record.get(self.name)
        if value is None:
            return
        write, predicate = self.kind.write, self.predicate
        if self.many:
            out.extend([Triple(subject, predicate, write(item)) for item in value])
        else:
            out.append(Triple(subject, predicate, write(value)))

    def read(self, subject: Resource, graph: Graph, base: str) -> Record:
        nodes = preferred(graph.objects(subject, self.predicate))
        values = [value for node in nodes if (value := self.kind.read(node)) != ""]
        if not values:
            return {}
        return {self.name: values if self.many else values[0]}


def preferred(nodes: list[Node]) -> list[Node]:
    """Of texts in several languages those in German, else without a language, else in English, else in the first.

    What is no text in a language stays.
    """
    languages = {node.language or "" for node in nodes if isinstance(node, Literal)}
    if len(languages) < 2:
        return nodes
    first = next((node.language or "" for node in nodes if isinstance(node, Literal)), "")
    chosen = next((one for one in _by_preference(first) if one in languages), first)
    return [node for node in nodes if not isinstance(node, Literal) or (node.language or "") == chosen]


def _by_preference(first: str) -> Iterator[str]:
    yield from (GERMAN, "de-de", "de-at", "de-ch", "", "en", "en-gb", first)


@dataclass(frozen=True)
class Part:
    """A thing with properties of its own, as a row of a repeating field: an agent, a contact, a place, a period.

    `uri` names the subfield with its IRI, if it may have one; without it gets one made from the record. A row counts
    only with one of the subfields `needs` (empty: any).
    """

    types: tuple[NamedNode, ...]
    entries: tuple[Entry, ...]
    needs: tuple[str, ...] = ()
    uri: str = ""

    def clean(self, row: Any, cleaning: Cleaning, name: str) -> Record:
        """The clean row, empty if nothing of it can be used."""
        if not isinstance(row, Mapping):
            cleaning.note(name, NOT_TEXT if isinstance(row, str) else INCOMPLETE, row)
            return {}
        inner = Cleaning(cleaning.base, resource=cleaning.resource)
        record: Record = {}
        for entry in self.entries:
            record |= entry.clean(row, inner)
        uri = inner.value(IRI, self.uri, row.get(self.uri)) if self.uri else ""
        cleaning.problems.extend(_below(name, inner.problems))
        return self._complete(record, self._foreign(uri, cleaning), row, cleaning, name)

    def _foreign(self, uri: str, cleaning: Cleaning) -> str:
        """An IRI within our own records is the record's, whoever else claims it."""
        return "" if uri.startswith(f"{cleaning.base}/dataset/") else uri

    def _complete(self, record: Record, uri: str, row: Mapping[str, Any], cleaning: Cleaning, name: str) -> Record:
        if not any(record.get(one) for one in self.needs or record) and not (uri and not self.needs):
            if any(row.values()):
                cleaning.note(name, INCOMPLETE, ", ".join(str(value) for value in row.values() if value))
            return {}
        if not uri:
            return record
        # One thing is described once, whatever two rows say of it.
        return cleaning.described.setdefault((self.types[0], uri), {self.uri: uri, **record})

    def write(self, row: Record, own: NamedNode, parts: list[Triple], writer: Writer) -> NamedNode:
        """The node of a row: a part of the record, or what has an IRI of its own and goes to the shared triples."""
        uri = row.get(self.uri) if self.uri else None
        if not uri:
            parts.extend(self.describe(row, own, writer))
            return own
        node, key = iri(uri), (uri, self.types[0].value)
        if key not in writer.shared:
            writer.shared[key] = []
            writer.shared[key] = self.describe(row, node, writer)
        return node

    def describe(self, row: Record, node: NamedNode, writer: Writer) -> list[Triple]:
        """The triples of the node and of what is below it."""
        out = [Triple(node, RDF.type, one) for one in self.types]
        below: list[Triple] = []
        for entry in self.entries:
            if entry.predicate not in writer.profile.omitted:
                entry.write(row, node, out, below, writer)
        return out + below

    def read(self, node: Node, graph: Graph, base: str) -> Record:
        """The row of a node; of what is only a text, the text as its first subfield."""
        if isinstance(node, Literal):
            return {self.entries[0].fields()[0]: node.value}
        if isinstance(node, Triple):
            return {}
        row: Record = {}
        for entry in self.entries:
            row |= entry.read(node, graph, base)
        if self.uri and isinstance(node, NamedNode) and not is_part(node.value, base):
            row[self.uri] = node.value
        return row


def is_part(uri: str, base: str) -> bool:
    """Whether an IRI was made for a part of a record: a fragment below its own IRI."""
    return bool(base) and uri.startswith(part_base(base))


def part_base(uri: str) -> str:
    """How the IRIs of the parts of a thing begin: a fragment, or the fragment of the thing made longer."""
    return f"{uri}{'-' if '#' in uri else '#'}"


def _below(name: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    for one in problems:
        yield Problem(f"{name}.{one.field}", one.message, one.value, one.resource, one.repaired, one.used)


@dataclass(frozen=True)
class Parts:
    """A repeating field of `Part` rows; `label` is used in the IRIs of rows that have none."""

    name: str
    predicate: NamedNode
    part: Part
    label: str
    most: int = MOST_VALUES

    def fields(self) -> tuple[str, ...]:
        return (self.name,)

    def clean(self, record: Mapping[str, Any], cleaning: Cleaning) -> Record:
        given = record.get(self.name)
        if not given:
            return {}
        rows = several(given)[:MOST_VALUES]
        cleaned = [self.part.clean(row, cleaning, f"{self.name}.{number}") for number, row in enumerate(rows)]
        distinct = list({repr(sorted(row.items())): row for row in cleaned if row}.values())
        for row in distinct[self.most :]:
            cleaning.note(self.name, ONE_ONLY, str(next(iter(row.values()))))
        return {self.name: distinct[: self.most]} if distinct else {}

    def write(self, record: Record, subject: NamedNode, out: list[Triple], parts: list[Triple], writer: Writer) -> None:
        for number, row in enumerate(record.get(self.name) or ()):
            node = self.part.write(row, writer.part(subject, self.label, number), parts, writer)
            out.append(Triple(subject, self.predicate, node))

    def read(self, subject: Resource, graph: Graph, base: str) -> Record:
        rows = [self.part.read(node, graph, base) for node in graph.objects(subject, self.predicate)]
        return {self.name: filled} if (filled := [row for row in rows if row]) else {}


@dataclass(frozen=True)
class Wrapped:
    """A text, or several, that stand in a node of their own: ``[ a dcterms:ProvenanceStatement ; rdfs:label … ]``."""

    name: str
    predicate: NamedNode
    type: NamedNode
    inner: NamedNode
    kind: Kind
    label: str
    many: bool = False

    def fields(self) -> tuple[str, ...]:
        return (self.name,)

    def clean(self, record: Mapping[str, Any], cleaning: Cleaning) -> Record:
        return Property(self.name, self.predicate, self.kind, self.many).clean(record, cleaning)

    def write(self, record: Record, subject: NamedNode, out: list[Triple], parts: list[Triple], writer: Writer) -> None:
        value = record.get(self.name)
        if value is None:
            return
        for number, text in enumerate(value if self.many else [value]):
            node = writer.part(subject, self.label, number)
            out.append(Triple(subject, self.predicate, node))
            parts.append(Triple(node, RDF.type, self.type))
            parts.append(Triple(node, self.inner, self.kind.write(text)))

    def read(self, subject: Resource, graph: Graph, base: str) -> Record:
        texts = [self._text(node, graph) for node in graph.objects(subject, self.predicate)]
        filled = [text for text in texts if text]
        return {self.name: filled if self.many else filled[0]} if filled else {}

    def _text(self, node: Node, graph: Graph) -> str:
        inside = [] if isinstance(node, Literal | Triple) else preferred(graph.objects(node, self.inner))
        return self.kind.read(inside[0] if inside else node)
