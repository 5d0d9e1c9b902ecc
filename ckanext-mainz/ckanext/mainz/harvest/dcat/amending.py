"""The statements of one record with what catalogues write otherwise than DCAT-AP.de wants it, before they are read.

Licences by any of their names become those of the list, words for a period become one. Nothing is added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.mainz.harvest.dcat import licences
from ckanext.mainz.harvest.dcat.licences import Said
from ckanext.mainz.harvest.dcat.periods import period
from ckanext.mainz.harvest.dcat.settings import PortalSettings
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.metadata.rdf.dates import literal
from ckanext.mainz.metadata.rdf.graph import MemoryGraph
from ckanext.mainz.metadata.rdf.nodes import ADMS, DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, VCARD, Node, Resource

#: How a licence that is a node of its own, or terms of use, say which licence they are.
NAMES = (DCTERMS.identifier, SKOS.notation, DCTERMS.title, RDFS.label, SKOS.prefLabel, FOAF.homepage, FOAF.page)
NAMES_OF_PERSONS = ((FOAF.Person, FOAF.name), (VCARD.Individual, VCARD.fn))


@dataclass(frozen=True)
class Looking:
    """One record of a graph: its node and the graph that holds what belongs to it."""

    graph: MemoryGraph
    node: Resource

    @property
    def files(self) -> list[Resource]:
        """The distributions."""
        found = self.graph.objects(self.node, DCAT.distribution)
        return [one for one in found if isinstance(one, NamedNode | BlankNode)]

    def undescribed(self) -> list[str]:
        """The addresses of distributions of which nothing is told."""
        return [one.value for one in self.files if not self.graph.describes(one)]

    def identifiers(self) -> list[str]:
        """All that names the record: ``dct:identifier``, and what ``adms:identifier`` leads to."""
        other = [text for node in self.graph.objects(self.node, ADMS.identifier) for text in self._notations(node)]
        own = [_text(node) for node in self.graph.objects(self.node, DCTERMS.identifier)]
        return [*dict.fromkeys(one for one in (*own, *other) if one)]

    def _notations(self, node: Node) -> list[str]:
        if isinstance(node, BlankNode | NamedNode) and self.graph.describes(node):
            return [_text(one) for one in self.graph.objects(node, SKOS.notation)]
        return [_text(node)]

    def persons(self) -> frozenset[str]:
        """The names of what is called a person."""
        found = (
            _text(name)
            for kind, predicate in NAMES_OF_PERSONS
            for one in self.graph.of_type(kind)
            for name in self.graph.objects(one, predicate)
        )
        return frozenset(" ".join(one.split()) for one in found if one)

    def license(self, node: Resource, settings: PortalSettings, notes: Notes) -> Said:
        """What is said of the licence of the record or of a file. Terms of use count only where they are a licence of
        the list, name for name."""
        given = [text for one in self.graph.objects(node, DCTERMS.license) for text in self._license_names(one)]
        said = licences.said(given, settings, notes)
        if said != Said():
            return said
        rights = [text for one in self.graph.objects(node, DCTERMS.rights) for text in self._license_names(one)]
        return licences.said([text for text in rights if licences.find(text, settings)], settings, notes)

    def _license_names(self, node: Node) -> list[str]:
        if isinstance(node, NamedNode | BlankNode) and self.graph.describes(node):
            names = [_text(one) for name in NAMES for one in self.graph.objects(node, name)]
            return [one for one in (_text(node), *names) if one]
        return [one] if (one := _text(node)) else []


def _text(node: Node) -> str:
    return node.value if isinstance(node, NamedNode | Literal) else ""


def amended(triples: list[Triple], settings: PortalSettings) -> list[Triple]:
    """The statements as the reader takes them."""
    return [made for number, one in enumerate(triples) for made in _amended(one, number, settings)]


def _amended(one: Triple, number: int, settings: PortalSettings) -> Iterator[Triple]:
    if one.predicate == DCTERMS.license and isinstance(one.object, NamedNode | Literal):
        found = licences.find(one.object.value, settings)
        yield Triple(one.subject, one.predicate, NamedNode(found.uri)) if found else one
    elif one.predicate == DCTERMS.temporal and isinstance(one.object, Literal):
        yield from _period(one, number)
    else:
        yield one


def _period(one: Triple, number: int) -> Iterator[Triple]:
    """A period in words as the node that it should be."""
    row = period(one.object.value if isinstance(one.object, Literal) else "")
    if not row:
        yield one
        return
    node = BlankNode(f"period{number}")
    yield Triple(one.subject, one.predicate, node)
    yield Triple(node, RDF.type, DCTERMS.PeriodOfTime)
    for name, predicate in (("start", DCAT.startDate), ("end", DCAT.endDate)):
        if name in row:
            yield Triple(node, predicate, literal(row[name]))
