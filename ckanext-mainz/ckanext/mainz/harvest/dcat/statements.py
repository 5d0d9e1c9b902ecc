"""The statements of one document on disk, by their subject: a million of them must not lie in memory.

Nodes are kept as they stand in N-Triples, with signs escaped that an IRI cannot have, so that an address which is none
is still there when its record is looked at.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, Triple, parse

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.dcat.fetching import Document
from ckanext.mainz.metadata.rdf import RdfError
from ckanext.mainz.metadata.rdf.formats import rdf_format
from ckanext.mainz.metadata.rdf.nodes import DCAT, FOAF, RDF, VCARD

Line: TypeAlias = tuple[str, str, str]
MOST = 20_000_000
NOT_IN_IRIS = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
MAILS = frozenset({VCARD.hasEmail, FOAF.mbox})
TYPE = f"<{RDF.type.value}>"
DATASET, SERIES, SERVICE = (f"<{one.value}>" for one in (DCAT.Dataset, DCAT.DatasetSeries, DCAT.DataService))
CATALOGUE, RECORD = f"<{DCAT.Catalog.value}>", f"<{DCAT.CatalogRecord.value}>"
KINDS = (DATASET, SERIES, SERVICE)
ELSEWHERE = N_("{source} has its JSON-LD context elsewhere, which is not fetched. Have it put into the document.")
BROKEN = N_("{source} cannot be read: {reason}")
TOO_MANY = N_("{source} says more than {limit} things.")


class Statements:
    """The statements of a document while the context is open."""

    def __init__(self) -> None:
        # An empty name is a database in a file of its own that is gone when it is closed.
        self._base = sqlite3.connect("")
        self._base.execute("PRAGMA journal_mode = OFF")
        self._base.execute("PRAGMA synchronous = OFF")
        self._base.execute("CREATE TABLE said (s TEXT, p TEXT, o TEXT)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def load(self, document: Document) -> None:
        """Takes a document in to its end. Raises `RdfError`, and then nothing of it must be used."""
        self._base.executemany("INSERT INTO said VALUES (?, ?, ?)", _lines(document))
        self._base.execute("CREATE INDEX by_subject ON said (s, p)")
        self._base.execute("CREATE INDEX by_object ON said (p, o)")

    def about(self, subject: str) -> list[Line]:
        """What is said about a subject, each once."""
        found = self._base.execute("SELECT DISTINCT s, p, o FROM said WHERE s = ?", (subject,))
        return [(s, p, o) for s, p, o in found]

    def subjects(self, predicate: str, node: str) -> list[str]:
        """The subjects of which this is said, in the order of the document."""
        return self._texts("SELECT s FROM said WHERE p = ? AND o = ? GROUP BY s ORDER BY min(rowid)", predicate, node)

    def objects(self, subject: str, predicate: str) -> list[str]:
        """The objects of a subject, in the order of the document."""
        return self._texts(
            "SELECT o FROM said WHERE s = ? AND p = ? GROUP BY o ORDER BY min(rowid)", subject, predicate
        )

    def all_objects(self, predicate: str) -> list[str]:
        """What any subject has in this predicate, in the order of the document."""
        return self._texts("SELECT o FROM said WHERE p = ? GROUP BY o ORDER BY min(rowid)", predicate)

    def _texts(self, query: str, *values: str) -> list[str]:
        return [str(one) for (one,) in self._base.execute(query, values)]


def _lines(document: Document) -> Iterator[Line]:
    try:
        quads = parse(document.file, rdf_format(document.form), base_iri=document.url, lenient=True)
        for number, quad in enumerate(quads):
            if number >= MOST:
                raise RdfError(document.url, TOO_MANY, limit=MOST)
            if not isinstance(quad.subject, Triple) and not isinstance(quad.object, Triple):
                yield written(quad.subject), written(quad.predicate), _object(quad, document.url)
    except (SyntaxError, UnicodeDecodeError, ValueError) as error:
        reason = str(getattr(error, "msg", error))
        if "LoadDocumentCallback" in reason:
            raise RdfError(document.url, ELSEWHERE) from error
        raise RdfError(document.url, BROKEN, reason=reason) from error


def _object(quad: Quad, base: str) -> str:
    """The object of a statement. A bare mail address in the place of an IRI was taken for a relative one."""
    node, place = quad.object, base.rpartition("/")[0] + "/"
    if quad.predicate in MAILS and isinstance(node, NamedNode) and node.value.startswith(place) and "@" in node.value:
        return written(NamedNode("mailto:" + node.value.removeprefix(place).lstrip("/")))
    return written(node)


def written(node: object) -> str:
    """A node as it stands in N-Triples, also an IRI that is none."""
    if isinstance(node, NamedNode):
        return f"<{NOT_IN_IRIS.sub(_escaped, node.value)}>"
    if isinstance(node, Literal) and not node.language and NOT_IN_IRIS.search(node.datatype.value):
        return str(Literal(node.value))
    return str(node)


def _escaped(sign: re.Match[str]) -> str:
    return f"\\u{ord(sign[0]):04X}"


def parsed(lines: Iterable[Line] | bytes) -> list[Triple]:
    """The triples of lines, or of N-Triples."""
    data = lines if isinstance(lines, bytes) else as_bytes(lines)
    return [one.triple for one in parse(data, rdf_format("nt"), lenient=True) if isinstance(one, Quad)]


def as_bytes(lines: Iterable[Line]) -> bytes:
    """Lines as N-Triples, in their order."""
    return "".join(f"{s} {p} {o} .\n" for s, p, o in lines).encode("utf-8", "surrogatepass")


def value_of(node: str) -> str:
    """What a node says: its IRI or its text; empty for a blank node."""
    if node.startswith("_:"):
        return ""
    (triple,) = parsed([("<urn:x>", "<urn:x>", node)])
    return str(getattr(triple.object, "value", ""))
