"""What a graph said about a record and the fields of the portal did not hold.

The graph is compared with what the record that was read from it says in RDF again. Nodes that only hold others together
(blank nodes, parts, distributions) are compared by what is said in them, not by their names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.mainz.metadata.rdf.entries import is_part
from ckanext.mainz.metadata.rdf.graph import MemoryGraph
from ckanext.mainz.metadata.rdf.nodes import DCAT, DCTERMS, FOAF, RDF, VCARD, XSD, Node, Resource, short
from ckanext.mainz.metadata.rdf.problems import Unusable
from ckanext.mainz.metadata.rdf.values import DATE, Email, Kind, Telephone

#: Where another record begins, which is told there.
LEADING_ON = frozenset(
    {
        *(DCAT.inSeries, DCAT.servesDataset, DCAT.hasVersion, DCAT.prev, DCAT.next, DCAT.first, DCAT.last),
        *(DCTERMS.isPartOf, DCTERMS.source, DCTERMS.hasVersion, DCTERMS.isVersionOf, DCTERMS.relation),
        *(DCTERMS.references, DCTERMS.isReferencedBy, DCTERMS.replaces, DCTERMS.isReplacedBy, FOAF.primaryTopic),
    }
)
ADDRESSES: dict[NamedNode, tuple[str, Kind]] = {
    VCARD.hasTelephone: ("tel:", Telephone()),
    VCARD.hasEmail: ("mailto:", Email()),
    FOAF.mbox: ("mailto:", Email()),
}
DATES = frozenset({XSD.date, XSD.dateTime})
#: A place that is an administrative unit is read as that unit.
ADMINISTRATIVE_UNIT = "dcterms:spatial/locn:adminUnitL2"
DEEPEST = 6


@dataclass(frozen=True, order=True)
class Unheld:
    """A statement that no field holds: the properties that lead to it (``dcterms:publisher/foaf:mbox``), its value."""

    path: str
    value: str


def unheld(source: MemoryGraph, subject: Resource, again: MemoryGraph, same: NamedNode) -> list[Unheld]:
    """What `source` says about `subject` and `again` does not say about `same`, in order."""
    held = set(_below(again, same, "", (same,)))
    held |= {Unheld(ADMINISTRATIVE_UNIT, one.value) for one in held if one.path == "dcterms:spatial"}
    return sorted(one for one in set(_below(source, subject, "", (subject,))) - held if one.value)


def _below(graph: MemoryGraph, subject: Resource, path: str, above: tuple[Resource, ...]) -> Iterator[Unheld]:
    for predicate, node in graph.about(subject):
        if predicate == RDF.type and not path:
            continue
        here = path + short(predicate.value)
        if isinstance(node, Literal):
            yield Unheld(here, _text(node, predicate))
        elif isinstance(node, NamedNode) and not _is_inner(node, predicate, above):
            yield Unheld(here, _same(node.value, predicate))
        if _goes_on(graph, node, predicate, above) and isinstance(node, Resource):
            yield from _below(graph, node, here + "/", (*above, node))


def _goes_on(graph: MemoryGraph, node: Node, predicate: NamedNode, above: tuple[Resource, ...]) -> bool:
    return (
        not isinstance(node, Literal | Triple)
        and predicate not in LEADING_ON
        and len(above) < DEEPEST
        and node not in above
        and graph.describes(node)
    )


def _is_inner(node: NamedNode, predicate: NamedNode, above: tuple[Resource, ...]) -> bool:
    """Whether a name is only that of a distribution or of a part of the record."""
    names = (one.value for one in above if isinstance(one, NamedNode))
    return predicate == DCAT.distribution or any(is_part(node.value, name) for name in names)


def _text(node: Literal, predicate: NamedNode) -> str:
    """A literal in one of the ways to write the same. German is the language of the portal and need not be said."""
    if predicate in ADDRESSES:
        return _same(node.value, predicate)
    if node.datatype in DATES:
        return _clean(DATE, node.value)
    language, text = node.language or "", " ".join(node.value.split())
    return text if language in {"", "de"} or language.startswith("de-") else f"{text} (@{language})"


def _same(value: str, predicate: NamedNode) -> str:
    """Addresses and numbers of people in their one form."""
    prefix, kind = ADDRESSES.get(predicate, ("", None))
    return _clean(kind, value, prefix) if kind else value


def _clean(kind: Kind, text: str, prefix: str = "") -> str:
    try:
        return prefix + kind.clean(text)
    except Unusable:
        return text
