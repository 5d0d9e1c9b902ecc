"""Our profiles for ckanext-dcat, so that all its ways to write and to read RDF give DCAT-AP.de.

They are thin: the triples come from this package and are copied into ckanext-dcat's graph, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import rdflib
from ckan.plugins import toolkit
from ckanext.dcat.profiles.euro_dcat_ap_3 import EuropeanDCATAP3Profile
from rdflib.term import Node as RdflibNode

from ckanext.mainz.metadata.catalogue import records
from ckanext.mainz.metadata.rdf.effective import clean, effective, references
from ckanext.mainz.metadata.rdf.entries import Profile
from ckanext.mainz.metadata.rdf.mapping import V2, V3
from ckanext.mainz.metadata.rdf.nodes import PREFIXES, Node, Resource
from ckanext.mainz.metadata.rdf.reading import read_package
from ckanext.mainz.metadata.rdf.settings import rdf_settings
from ckanext.mainz.metadata.rdf.writing import catalogue, describe_as, document

Dict = dict[str, Any]


class MainzDCATAPdeProfile(EuropeanDCATAP3Profile):
    """DCAT-AP.de 3.0 in full."""

    profile: Profile = V3

    def graph_from_dataset(self, dataset_dict: Dict, dataset_ref: rdflib.URIRef) -> None:
        """Adds everything about a dataset, series or service to the graph, with the series that it is in."""
        settings = rdf_settings()
        public = records.public_among(references(dataset_dict))
        record = effective(dataset_dict, _organisation_of(dataset_dict), settings, is_public=public.__contains__).record
        described = [describe_as(record, str(dataset_ref), settings.base_uri, self.profile)]
        for series in _series(record):
            filled = effective(series, _organisation_of(series), settings).record
            described.append(describe_as(filled, settings.record_uri(series["id"]), settings.base_uri, self.profile))
        self._add(document(described))

    def graph_from_catalog(self, catalog_dict: Dict | None, catalog_ref: rdflib.URIRef) -> None:
        """Adds the catalogue itself, with a title of the caller's choice; ckanext-dcat adds the datasets."""
        chosen = {name: value for name in ("title", "description") if (value := (catalog_dict or {}).get(name))}
        settings = replace(rdf_settings(), **chosen)
        self._add(catalogue(settings, self._last_catalog_modification() or "", (), (), uri=str(catalog_ref)))

    def parse_dataset(self, dataset_dict: Dict, dataset_ref: RdflibNode) -> Dict:
        """Fills `dataset_dict` with what the graph says about a dataset."""
        graph, base_uri = RdflibGraph(self.g), rdf_settings().base_uri
        package, _uris = read_package(graph.subject(dataset_ref), "dataset", graph, base_uri)
        dataset_dict |= clean(package, base_uri).record
        extras = dataset_dict.setdefault("extras", [])
        extras.append({"key": "uri", "value": str(dataset_ref)})
        return dataset_dict

    def _add(self, triples: Iterable[ox.Triple]) -> None:
        for prefix, base in PREFIXES.items():
            self.g.bind(prefix, base)
        for one in triples:
            self.g.add((to_rdflib(one.subject), to_rdflib(one.predicate), to_rdflib(one.object)))


class MainzDCATAPde2Profile(MainzDCATAPdeProfile):
    """What harvesters take that judge by the conventions of 2.0."""

    profile = V2


class RdflibGraph:
    """A graph of rdflib for our reader."""

    def __init__(self, graph: rdflib.Graph) -> None:
        self._graph = graph
        self._names: dict[RdflibNode, ox.BlankNode] = {}
        self._nodes: dict[Resource, RdflibNode] = {}

    def objects(self, subject: Resource, predicate: ox.NamedNode) -> list[Node]:
        """The objects in the order of the graph."""
        known = self._nodes.get(subject)
        return [
            self._object(one)
            for one in self._graph.objects(to_rdflib(subject) if known is None else known, to_rdflib(predicate))
        ]

    def subject(self, node: RdflibNode) -> Resource:
        """The node as a subject; what has no legal IRI is known by a blank node."""
        try:
            return ox.NamedNode(str(node)) if isinstance(node, rdflib.URIRef) else self._blank(node)
        except ValueError:
            return self._blank(node)

    def _blank(self, node: RdflibNode) -> ox.BlankNode:
        if node not in self._names:
            self._names[node] = ox.BlankNode(f"b{len(self._names)}")
            self._nodes[self._names[node]] = node
        return self._names[node]

    def _object(self, node: RdflibNode) -> Node:
        """An IRI that is none becomes the text that it is, and is judged as such."""
        if isinstance(node, rdflib.Literal):
            return _literal(node)
        if not isinstance(node, rdflib.URIRef):
            return self._blank(node)
        try:
            return ox.NamedNode(str(node))
        except ValueError:
            return ox.Literal(str(node))


def to_rdflib(node: Node) -> RdflibNode:
    """The same node for rdflib. We write no blank nodes."""
    if isinstance(node, ox.Literal):
        if node.language:
            return rdflib.Literal(node.value, lang=node.language)
        plain = node.datatype.value == PREFIXES["xsd"] + "string"
        return rdflib.Literal(
            node.value, datatype=None if plain else rdflib.URIRef(node.datatype.value), normalize=False
        )
    return rdflib.URIRef(node.value) if isinstance(node, ox.NamedNode) else rdflib.BNode()


def _literal(node: rdflib.Literal) -> ox.Literal:
    try:
        datatype = ox.NamedNode(str(node.datatype)) if node.datatype else None
        return (
            ox.Literal(str(node), language=node.language) if node.language else ox.Literal(str(node), datatype=datatype)
        )
    except ValueError:
        return ox.Literal(str(node))


def _organisation_of(package: Dict) -> Dict | None:
    identifier = str(package.get("owner_org") or "")
    return records.organisations({identifier}).get(identifier) if identifier else None


def _series(record: Dict) -> list[Dict]:
    """The public series that a record is in; others are gone from it already."""
    ids = [one for one in record.get("in_series", ()) if ":" not in one]
    return [toolkit.get_action("package_show")(records.anybody(), {"id": one}) for one in ids]
