"""Documents held against SHACL shapes that an operator has in a folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyshacl
from pyoxigraph import Triple
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH, SKOS

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.rdf.formats import written

ENDINGS = {".ttl": "turtle", ".rdf": "xml", ".xml": "xml", ".nt": "nt", ".jsonld": "json-ld"}
#: Schemes whose IRI is not that of their terms up to the last slash.
SCHEMES = {
    "publisher_types": "http://purl.org/adms/publishertype/1.0",
    "licenses": "http://dcat-ap.de/def/licenses",
    "hvd_categories": "http://data.europa.eu/bna/asd487ae75",
}


@dataclass(frozen=True, order=True)
class ShapeResult:
    """What a shape says: ``Violation``, ``Warning`` or ``Info``, of which node, by which property, and why."""

    severity: str
    node: str
    path: str
    message: str
    value: str


def load(folder: Path) -> Graph:
    """All shapes of a folder. Raises `FileNotFoundError` if there are none."""
    files = sorted(path for path in folder.iterdir() if path.suffix in ENDINGS) if folder.is_dir() else []
    if not files:
        raise FileNotFoundError(f"{folder} has no files with shapes ({', '.join(ENDINGS)}).")
    shapes = Graph()
    for path in files:
        shapes.parse(path, format=ENDINGS[path.suffix])
    return shapes


def judge(triples: Iterable[Triple], shapes: Graph) -> list[ShapeResult]:
    """What the shapes find in a document. The lists of terms are those of the portal."""
    data = Graph().parse(written(triples, "nt"), format="nt")
    data += _terms()
    _conforms, report, _text = pyshacl.validate(data, shacl_graph=shapes, inference="none", allow_warnings=True)
    assert isinstance(report, Graph)  # noqa: S101 - pyshacl gives bytes only where it is asked for them
    return sorted(_result(node, report) for node in report.subjects(RDF.type, SH.ValidationResult))


def _result(node: object, report: Graph) -> ShapeResult:
    def one(predicate: URIRef) -> str:
        return str(report.value(node, predicate) or "")  # type: ignore[arg-type]

    messages = sorted(str(text) for text in report.objects(node, SH.resultMessage))  # type: ignore[arg-type]
    severity = one(SH.resultSeverity).rpartition("#")[2]
    return ShapeResult(severity, one(SH.focusNode), one(SH.resultPath), (messages or [""])[0], one(SH.value))


@cache
def _terms() -> Graph:
    """Each term with its scheme, as shapes ask for it."""
    graph = Graph()
    for name in vocabulary.names():
        for term in vocabulary.terms(name):
            scheme = SCHEMES.get(name) or term.uri.rpartition("/")[0]
            if scheme:
                graph.add((URIRef(term.uri), SKOS.inScheme, URIRef(scheme)))
    return graph
