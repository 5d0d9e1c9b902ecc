"""Records out of RDF, with a list of what could not be held.

One dataset that cannot be used stops no other. Nothing is filled in here: a record says what the graph said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.metadata.rdf import mapping
from ckanext.mainz.metadata.rdf.comparison import Unheld, unheld
from ckanext.mainz.metadata.rdf.effective import clean
from ckanext.mainz.metadata.rdf.entries import Entry, Graph, Record
from ckanext.mainz.metadata.rdf.formats import LIMITS, RdfLimits, parsed
from ckanext.mainz.metadata.rdf.graph import MemoryGraph
from ckanext.mainz.metadata.rdf.nodes import DCAT, DCATDE, DCTERMS, GEODCATAP, Node, Resource, iri
from ckanext.mainz.metadata.rdf.problems import Problem
from ckanext.mainz.metadata.rdf.special import own_id
from ckanext.mainz.metadata.rdf.values import value_of
from ckanext.mainz.metadata.rdf.writing import describe_as, document

UNTITLED = N_("The record has no title and is not taken over.")
NO_IRI = N_("The record has no address of its own; give it one, so that it is recognised next time.")
#: Properties that 3.0 replaced (2.0 of DCAT-AP.de, or an older DCAT): read as their successors where these are missing.
SUCCESSORS = (
    (DCATDE.originator, GEODCATAP.originator),
    (DCATDE.maintainer, GEODCATAP.custodian),
    (iri("http://www.w3.org/2002/07/owl#versionInfo"), DCAT.version),
    (DCATDE.plannedAvailability, iri("http://data.europa.eu/r5r/availability")),
    (iri("http://schema.org/startDate"), DCAT.startDate),
    (iri("http://schema.org/endDate"), DCAT.endDate),
    (DCTERMS.hasVersion, DCAT.hasVersion),
    (DCATDE.politicalGeocodingURI, DCTERMS.spatial),
)
#: The vocabulary of DCAT-AP.de 1.0 under its first address.
OLD_DCATDE = "http://dcat-ap.de/def/dcatde/1.0/"


@dataclass(frozen=True)
class ReadRecord:
    """A record as the graph tells it.

    `uri` is its IRI in the graph (empty for a blank node), `package` what ``package_create`` takes but for the
    organisation and the name. `problems` are values that were mended or left out, `unheld` statements without a field.
    `usable` is False where a record cannot be made of it; `problems` says why.
    """

    uri: str
    package: Record
    problems: tuple[Problem, ...] = ()
    unheld: tuple[Unheld, ...] = ()
    usable: bool = True
    resource_uris: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadResult:
    """The records of a document by kind, each kind in the order of the document."""

    datasets: list[ReadRecord] = field(default_factory=list)
    series: list[ReadRecord] = field(default_factory=list)
    services: list[ReadRecord] = field(default_factory=list)

    @property
    def all(self) -> list[ReadRecord]:
        """Series first, then datasets, then services: each kind may point to those before it."""
        return [*self.series, *self.datasets, *self.services]


def read(data: bytes, name: str, *, base_uri: str = "", source: str = "", limits: RdfLimits = LIMITS) -> ReadResult:
    """The records of a document in the form `name` (``ttl``, ``rdf``, ``jsonld``, ``nt``).

    `base_uri` is the beginning of our own IRIs: links below it become ids. Raises `formats.RdfError` and `xml.XmlError`
    for a document that is no RDF at all; `source` names it in messages.
    """
    return read_triples(parsed(data, name, source=source, limits=limits), base_uri)


def read_triples(triples: Iterable[Triple | Quad], base_uri: str = "") -> ReadResult:
    """The records in triples."""
    graph = MemoryGraph(_modern(triples))
    series = graph.of_type(DCAT.DatasetSeries)
    datasets = [one for one in graph.of_type(DCAT.Dataset) if one not in set(series)]
    nested = {node for one in graph.subjects() for node in graph.objects(one, DCAT.accessService)}
    own = {node for one in graph.of_type(DCAT.Catalog) for node in graph.objects(one, DCAT.service)}
    services = [one for one in graph.of_type(DCAT.DataService) if one not in nested or _stands_alone(one, own, graph)]
    return ReadResult(
        [read_record(one, "dataset", graph, base_uri) for one in datasets],
        [read_record(one, "dataset_series", graph, base_uri) for one in series],
        [read_record(one, "data_service", graph, base_uri) for one in services],
    )


def _stands_alone(service: Resource, listed: set[Node], graph: MemoryGraph) -> bool:
    """A service that a distribution names is a record too if the catalogue lists it with more than a row can hold."""
    return service in listed and any(graph.objects(service, one) for one in (DCTERMS.issued, DCTERMS.modified))


def _modern(triples: Iterable[Triple | Quad]) -> Iterable[Triple]:
    """The triples with today's names of properties. The old ones are kept, so that they are not lost in silence."""
    for one in triples:
        predicate = one.predicate
        if predicate.value.startswith(OLD_DCATDE):
            predicate = NamedNode(DCATDE.x.value[:-1] + predicate.value[len(OLD_DCATDE) :])
        if isinstance(one.subject, Triple):
            continue
        yield Triple(one.subject, _SUCCESSOR.get(predicate, predicate), one.object)


_SUCCESSOR = dict(SUCCESSORS)


def read_record(node: Resource, kind: str, graph: MemoryGraph, base_uri: str = "") -> ReadRecord:
    """One record of a graph."""
    uri = node.value if isinstance(node, NamedNode) else ""
    package, resource_uris = read_package(node, kind, graph, base_uri)
    made = clean(package, base_uri)
    problems = list(made.problems)
    if not made.record.get("title"):
        problems.append(Problem("title", UNTITLED, uri))
    if not uri:
        problems.append(Problem("uri", NO_IRI, made.record.get("title", "")))
    same = uri if _is_legal(uri) else "urn:x-record"
    again = MemoryGraph(
        document([describe_as(made.record, same, base_uri or "urn:x-base", resource_uris=resource_uris)])
    )
    return ReadRecord(
        uri,
        made.record,
        tuple(problems),
        tuple(unheld(graph, node, again, NamedNode(same))),
        bool(made.record.get("title")),
        tuple(resource_uris),
    )


def read_package(node: Resource, kind: str, graph: Graph, base_uri: str) -> tuple[Record, list[str]]:
    """The fields of a record as the graph has them, not yet clean, and the IRIs of its distributions."""
    base = node.value if isinstance(node, NamedNode) else ""
    package: Record = {"type": kind, **_entries(node, mapping.KINDS[kind][1], graph, base)}
    if (name := own_id(base, base_uri)) != base and base_uri:
        package["id"] = name
    if kind != "dataset":
        return package, []
    nodes = [one for one in graph.objects(node, DCAT.distribution) if isinstance(one, NamedNode | BlankNode)]
    package["resources"] = [_distribution(one, base, graph) for one in nodes]
    return package, [one.value if _is_legal(one.value) else f"urn:x-{number}" for number, one in enumerate(nodes)]


def _distribution(node: Resource, dataset: str, graph: Graph) -> Record:
    resource = _entries(node, mapping.DISTRIBUTION, graph, value_of(node))
    rest = value_of(node).removeprefix(f"{dataset}/resource/")
    return {"id": rest, **resource} if rest != value_of(node) and "/" not in rest else resource


def _entries(node: Resource, entries: tuple[Entry, ...], graph: Graph, base: str) -> Record:
    record: Record = {}
    for entry in entries:
        record |= entry.read(node, graph, base)
    return record


def _is_legal(uri: str) -> bool:
    try:
        NamedNode(uri)
    except ValueError:
        return False
    return bool(uri)
