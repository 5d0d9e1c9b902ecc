"""A graph held in memory to read records from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from ckanext.mainz.metadata.rdf.nodes import RDF, Node, Resource


class MemoryGraph:
    """Triples by subject and predicate, in the order of the document, each once. Named graphs count as one."""

    def __init__(self, triples: Iterable[Triple | Quad]) -> None:
        self._by_subject: dict[Resource, dict[NamedNode, dict[Node, None]]] = defaultdict(dict)
        self._by_type: dict[Node, dict[Resource, None]] = defaultdict(dict)
        for one in triples:
            subject = one.subject
            if isinstance(subject, NamedNode | BlankNode):
                self._by_subject[subject].setdefault(one.predicate, {})[one.object] = None
                if one.predicate == RDF.type:
                    self._by_type[one.object][subject] = None

    def objects(self, subject: Resource, predicate: NamedNode) -> list[Node]:
        """The objects, in the order of the document."""
        return list(self._by_subject.get(subject, {}).get(predicate, ()))

    def about(self, subject: Resource) -> Iterator[tuple[NamedNode, Node]]:
        """What is said about a subject."""
        for predicate, objects in self._by_subject.get(subject, {}).items():
            for one in objects:
                yield predicate, one

    def describes(self, subject: Node) -> bool:
        """Whether anything is said about a subject."""
        return subject in self._by_subject

    def of_type(self, kind: NamedNode) -> list[Resource]:
        """The subjects of a class, in the order of the document."""
        return list(self._by_type.get(kind, ()))

    def subjects(self) -> list[Resource]:
        """All subjects, in the order of the document."""
        return list(self._by_subject)
