"""The engines on which the suite can run, behind one small interface. The tests themselves name no engine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import pysolr

from ckanext.mainz.search.embedded import EmbeddedEngine
from ckanext.mainz.search.errors import DocumentError, QueryError

SITE = "suite"
ALWAYS = {"df": "text", "q.op": "AND", "wt": "json", "rows": 100}
"""What CKAN sends with every search (but for ``rows``)."""


class Refused(Exception):
    """The engine does not accept a query or a document."""


class Answering(Protocol):
    """An answer, as CKAN reads it."""

    @property
    def docs(self) -> list[dict[str, Any]]: ...
    @property
    def hits(self) -> int: ...
    @property
    def facets(self) -> dict[str, Any]: ...


class Engine:
    """What the tests do with an engine."""

    def add(self, *documents: Mapping[str, Any]) -> None:
        """Writes documents, to be found at once. Raises `Refused`."""
        raise NotImplementedError

    def delete(self, query: str) -> None:
        """Removes what a query matches."""
        raise NotImplementedError

    def answer(self, parameters: Mapping[str, Any]) -> Answering:
        """Answers Solr's parameters. Raises `Refused`."""
        raise NotImplementedError

    def search(self, q: str = "*:*", **parameters: Any) -> Answering:
        """Answers a query; two underscores in a name stand for a dot (``facet__field``)."""
        named = {name.replace("__", "."): value for name, value in parameters.items()}
        return self.answer({**ALWAYS, "q": q, **named})

    def ids(self, q: str = "*:*", **parameters: Any) -> list[str]:
        """Ids of the documents that a query finds, in the order of the answer."""
        return [each["id"] for each in self.search(q, **{"fl": "id", **parameters}).docs]

    def found(self, q: str = "*:*", **parameters: Any) -> set[str]:
        """Ids of the documents that a query finds."""
        return set(self.ids(q, **parameters))

    def facet(self, field: str, q: str = "*:*", **parameters: Any) -> dict[str | None, int]:
        """Values of a field with their counts, in the order of the answer."""
        given = {"facet": "true", "facet__field": field, "facet__mincount": 1, "rows": 0, **parameters}
        flat = self.search(q, **given).facets["facet_fields"][field]
        return dict(zip(flat[::2], flat[1::2], strict=True))


class Embedded(Engine):
    """The portal's own engine, with an index in a folder."""

    def __init__(self, folder: Path) -> None:
        self._engine = EmbeddedEngine.create(folder)

    def add(self, *documents: Mapping[str, Any]) -> None:
        try:
            with self._engine.writing() as batch:
                for document in documents:
                    batch.add(document)
        except DocumentError as error:
            raise Refused(str(error)) from error

    def delete(self, query: str) -> None:
        with self._engine.writing() as batch:
            batch.delete_by_query(query)

    def answer(self, parameters: Mapping[str, Any]) -> Answering:
        try:
            return self._engine.search(parameters)
        except QueryError as error:
            raise Refused(str(error)) from error


class Solr(Engine):
    """A running Solr with CKAN's schema."""

    def __init__(self, url: str) -> None:
        self._solr = pysolr.Solr(url, timeout=20)
        self.delete("*:*")

    def add(self, *documents: Mapping[str, Any]) -> None:
        try:
            self._solr.add([dict(document) for document in documents])
        except pysolr.SolrError as error:
            raise Refused(str(error)) from error
        self._solr.commit()

    def delete(self, query: str) -> None:
        self._solr.delete(q=query)
        self._solr.commit()

    def answer(self, parameters: Mapping[str, Any]) -> Answering:
        try:
            return self._solr.search(**dict(parameters))
        except pysolr.SolrError as error:
            raise Refused(str(error)) from error


def dataset(name: str, /, **fields: Any) -> dict[str, Any]:
    """A document with what every document of CKAN's has; its id is its name."""
    return {
        "index_id": hashlib.md5(f"{name}{SITE}".encode()).hexdigest(),
        "id": name,
        "name": name,
        "site_id": SITE,
        "entity_type": "package",
        "dataset_type": "dataset",
        "state": "active",
        "capacity": "public",
        "permission_labels": ["public"],
        **fields,
    }
