"""Records and the catalogue as triples of RDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Triple

from ckanext.mainz.metadata.rdf import dates, mapping
from ckanext.mainz.metadata.rdf.effective import kind_of
from ckanext.mainz.metadata.rdf.entries import Entry, Profile, Record, Writer
from ckanext.mainz.metadata.rdf.iris import segment
from ckanext.mainz.metadata.rdf.mapping import V3
from ckanext.mainz.metadata.rdf.nodes import DCAT, DCATAP, DCTERMS, FOAF, RDF, german, iri
from ckanext.mainz.metadata.rdf.settings import STABLE, RdfSettings

THEMES = iri("http://publications.europa.eu/resource/authority/data-theme")
#: What a service has from the dataset that it delivers: always, and in high-value datasets.
INHERITED = (DCTERMS.publisher,)
INHERITED_OF_HIGH_VALUE = (*INHERITED, DCATAP.applicableLegislation, DCATAP.hvdCategory, DCAT.contactPoint, FOAF.page)


@dataclass(frozen=True)
class Described:
    """A record in RDF.

    `triples` are about the record, its distributions and parts. `shared` are things with an IRI of their own, such as
    the publisher, by IRI and class: a document has each once. `links` lead to other records and stand only in a
    document that describes their object. `services` are the IRIs of the data services among them.
    """

    uri: str
    kind: str
    triples: list[Triple]
    shared: dict[tuple[str, str], list[Triple]] = field(default_factory=dict)
    links: list[Triple] = field(default_factory=list)
    services: list[str] = field(default_factory=list)


def describe(record: Record, settings: RdfSettings, profile: Profile = V3) -> Described:
    """The triples of a record that `effective` made, always the same and in the same order."""
    return describe_as(record, settings.record_uri(record.get("id", "")), settings.base_uri, profile)


def describe_as(
    record: Record, uri: str, base_uri: str, profile: Profile = V3, resource_uris: Iterable[str] = ()
) -> Described:
    """The same under IRIs of somebody else's choice. Clean values suffice; nothing need be filled in."""
    kind, entries = kind_of(record)
    writer = Writer(uri, profile, base=base_uri)
    subject = NamedNode(uri)
    writer.own.append(Triple(subject, RDF.type, mapping.KINDS[kind][0]))
    _write(record, subject, entries, writer)
    _inherit(record, writer)
    own = [
        f"{uri}/resource/{segment(one.get('id') or str(number))}"
        for number, one in enumerate(record.get("resources", ()))
    ]
    chosen = [*resource_uris][: len(own)]
    for resource, address in zip(record.get("resources", ()), chosen + own[len(chosen) :], strict=True):
        _write_distribution(resource, subject, NamedNode(address), writer)
    if kind == "data_service":
        writer.services.append(uri)
    return Described(uri, kind, writer.own + writer.parts, writer.shared, writer.links, writer.services)


def _write(record: Record, subject: NamedNode, entries: tuple[Entry, ...], writer: Writer) -> None:
    omitted, out, parts = writer.profile.omitted | writer.profile.omitted_of_records, writer.own, writer.parts
    for entry in entries:
        if entry.predicate not in omitted:
            entry.write(record, subject, out, parts, writer)


def _write_distribution(resource: Record, dataset: NamedNode, node: NamedNode, writer: Writer) -> None:
    writer.own.append(Triple(dataset, DCAT.distribution, node))
    writer.own.append(Triple(node, RDF.type, DCAT.Distribution))
    _write(resource, node, mapping.DISTRIBUTION, writer)


def _inherit(record: Record, writer: Writer) -> None:
    """A service must have a publisher (3.0), and for a high-value dataset all that DCAT-AP HVD wants of a service."""
    wanted = INHERITED_OF_HIGH_VALUE if record.get("hvd_category") else INHERITED
    writer.inherited = [(one.predicate, one.object) for one in writer.own if one.predicate in wanted]
    if record.get("hvd_category") and not record.get("documentation") and record.get("url"):
        writer.inherited.append((FOAF.page, iri(record["url"])))


def document(described: Iterable[Described]) -> Iterator[Triple]:
    """One document of several records: what they share is told once, links stand where both ends are described."""
    ends: set[NamedNode] = set()
    shared: dict[tuple[str, str], list[Triple]] = {}
    links: list[Triple] = []
    for one in described:
        if NamedNode(one.uri) in ends:
            continue
        ends.add(NamedNode(one.uri))
        yield from one.triples
        links += one.links
        for key, triples in one.shared.items():
            shared.setdefault(key, triples)
    for (uri, _class), triples in shared.items():
        if NamedNode(uri) not in ends:
            yield from triples
    for link in dict.fromkeys(links):
        if link.object in ends:
            yield link


def catalogue(
    settings: RdfSettings, modified: str, datasets: Iterable[str], services: Iterable[str], uri: str = ""
) -> list[Triple]:
    """The catalogue itself. `modified` is the moment of its last change; datasets and services are IRIs.

    `uri` is its own IRI where that is not the beginning of all others.
    """
    node = iri(uri or settings.base_uri)
    publisher = NamedNode(f"{settings.base_uri}#publisher")
    about = [
        (RDF.type, DCAT.Catalog),
        (DCTERMS.title, german(settings.title)),
        (DCTERMS.description, german(settings.description or settings.title)),
        (DCTERMS.publisher, publisher),
        (FOAF.homepage, iri(settings.base_uri)),
        *((DCTERMS.language, iri(language)) for language in settings.languages),
        (DCAT.themeTaxonomy, THEMES),
        (DCTERMS.spatial, iri(settings.spatial_uri)),
        (DCATAP.availability, iri(STABLE)),
        *_optional(settings, modified),
        *((DCAT.dataset, NamedNode(uri)) for uri in datasets),
        *((DCAT.service, NamedNode(uri)) for uri in dict.fromkeys(services)),
    ]
    return [
        *(Triple(node, predicate, value) for predicate, value in about),
        *_publisher(publisher, settings),
        *mapping.PLACE.describe({"uri": settings.spatial_uri}, iri(settings.spatial_uri), Writer(node.value, V3)),
    ]


def _optional(settings: RdfSettings, modified: str) -> Iterator[tuple[NamedNode, object]]:
    if settings.catalogue_license:
        yield DCTERMS.license, mapping.LICENSE.kind.write(settings.catalogue_license)
    for predicate, value in ((DCTERMS.issued, settings.catalogue_issued), (DCTERMS.modified, modified)):
        if value:
            yield predicate, dates.literal(dates.normalised(value))


def _publisher(node: NamedNode, settings: RdfSettings) -> list[Triple]:
    row = {"name": settings.catalogue_publisher_name or settings.title, "type": settings.publisher_type}
    if settings.catalogue_homepage:
        row["url"] = settings.catalogue_homepage
    return mapping.AGENT.describe(row, node, Writer(node.value, V3))
