"""Namespaces and nodes. Nodes are pyoxigraph's; those of vocabularies are made once."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Resource: TypeAlias = NamedNode | BlankNode
Node: TypeAlias = NamedNode | BlankNode | Literal | Triple

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "geodcatap": "http://data.europa.eu/930/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "locn": "http://www.w3.org/ns/locn#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
#: The language of what editors write here.
GERMAN = "de"


class Namespace:
    """Terms of a vocabulary as attributes: ``DCAT.theme``."""

    def __init__(self, prefix: str) -> None:
        self._base = PREFIXES[prefix]

    def __getattr__(self, name: str) -> NamedNode:
        return iri(self._base + name)


@lru_cache(maxsize=20_000)
def iri(text: str) -> NamedNode:
    """The node of a legal IRI. Raises `ValueError` for another."""
    return NamedNode(text)


def german(text: str) -> Literal:
    """A text in German."""
    return Literal(text, language=GERMAN)


ADMS, CSVW, DCAT, DCATAP, DCATDE, DCTERMS, FOAF, GEO, GEODCATAP = map(
    Namespace, ("adms", "csvw", "dcat", "dcatap", "dcatde", "dcterms", "foaf", "geo", "geodcatap")
)
HYDRA, LOCN, RDF, RDFS, SCHEMA, SKOS, SPDX, VCARD, XSD = map(
    Namespace, ("hydra", "locn", "rdf", "rdfs", "schema", "skos", "spdx", "vcard", "xsd")
)


def short(text: str) -> str:
    """An IRI as people write it: with its prefix where there is one."""
    for prefix, base in PREFIXES.items():
        if text.startswith(base):
            return f"{prefix}:{text[len(base) :]}"
    return text
