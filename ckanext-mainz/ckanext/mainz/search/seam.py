"""The engine in the place where CKAN reaches Solr.

CKAN makes every connection through ``ckan.lib.search.common.pysolr.Solr``; `install` puts `Connection` there. Reading
goes to the engine. Writing does not: CKAN calls ``add`` before it commits, so what it sends is only a sign that a
record changed, and the outbox brings in what was really committed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from types import SimpleNamespace
from typing import Any

import ckan.lib.search as search
import ckan.model as model
import pysolr
from ckan.lib.search import common
from ckan.lib.search.index import PackageSearchIndex

from ckanext.mainz.search import config, documents, jobs, outbox, readings, state
from ckanext.mainz.search.embedded import Answer
from ckanext.mainz.search.errors import EngineError, QueryError
from ckanext.mainz.search.generations import Generations
from ckanext.mainz.search.turn import turn

URL = "embedded:"
# What ckan.lib.search.index.PackageSearchIndex.delete_package sends.
ONE_PACKAGE = re.compile(r'\+entity_type:package AND \+\(id:"([^"]+)" OR name:"[^"]+"\) AND \+site_id:"[^"]*"\Z')


class Connection:
    """What CKAN takes for a connection to Solr."""

    url = URL

    def __init__(self, url: str = URL, *, decoder: Any = None, timeout: Any = None) -> None:
        """Takes what pysolr's constructor takes; an engine in the same process needs none of it."""

    def search(self, q: str, **parameters: Any) -> Answer:
        """Answers a query in Solr's parameters.

        Raises CKAN's SearchQueryError with the parameter's name for what the engine does not support, and pysolr's
        SolrError, which CKAN makes a SearchError, when the index cannot answer.
        """
        return answer({"q": q, **parameters}, outbox.narrowed())

    def add(self, docs: list[dict[str, Any]], commit: bool = True) -> None:  # noqa: ARG002 - pysolr's parameter
        """Takes note that records are to be indexed with the commit of the session."""
        if not documents.catch(docs):
            for doc in docs:
                outbox.enqueue(model.Session, doc["id"])

    def delete(self, q: str, commit: bool = True) -> None:  # noqa: ARG002 - pysolr's parameter
        """Removes what a query matches; of a single record only takes note, as `add` does."""
        if documents.building():
            return
        if package := ONE_PACKAGE.match(q):
            outbox.enqueue(model.Session, package[1])
            return
        with turn(config.wait_seconds()) as connection:
            with Generations(config.folder()).writing() as batches:
                for batch in batches:
                    batch.delete_by_query(q)
            if state.is_migrated(connection, afresh=True):
                state.advance(connection, narrows=True)
        state.tell()

    def commit(self, waitSearcher: bool = True) -> None:
        """Nothing to do: what is confirmed is committed."""


def answer(parameters: Mapping[str, Any], hidden: Collection[str]) -> Answer:
    """Answers Solr's parameters as if the records with the ids `hidden` did not exist. Raises as a `Connection`."""
    try:
        return Generations(config.folder()).current().search(parameters, exclude_ids=hidden)
    except QueryError as error:
        raise common.SearchQueryError(f"{error.parameter}: {error.message}") from error
    except EngineError as error:
        jobs.ask_for_repair()
        raise pysolr.SolrError(str(error)) from error


class NotingIndex(PackageSearchIndex):
    """CKAN's index of datasets, which builds a document only when the outbox asks for it.

    CKAN calls it before every commit; what it would build then is not committed yet and would be thrown away.
    """

    def index_package(self, pkg_dict: dict[str, Any] | None, defer_commit: bool = False) -> None:
        if documents.building():
            super().index_package(pkg_dict, defer_commit)
        elif pkg_dict is not None:
            readings.note(pkg_dict, outbox.enqueue(model.Session, pkg_dict["id"]))


def install() -> None:
    """Puts the engine behind CKAN's search in this process. May be called again."""
    readings.install()
    search._INDICES["package"] = NotingIndex
    stand_in = SimpleNamespace(Solr=Connection, DATETIME_REGEX=pysolr.DATETIME_REGEX, SolrError=pysolr.SolrError)
    common.pysolr = stand_in
    search.check_solr_schema_version = _index_is_readable


def _index_is_readable(_schema_file: str | None = None) -> bool:
    """Stands for CKAN's check of Solr's schema. A missing or old index is made by ``ckan mainz search prepare``."""
    return True
