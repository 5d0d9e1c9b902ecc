"""The embedded engine: one tantivy index in one folder, asked with Solr's parameters."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tantivy

from ckanext.mainz.search import analysis, fields
from ckanext.mainz.search.embedded import documents, facets, files, ordering, shape
from ckanext.mainz.search.embedded.compiler import Compiler
from ckanext.mainz.search.embedded.recent import Built, Recent
from ckanext.mainz.search.embedded.tally import matches
from ckanext.mainz.search.errors import EngineError, IndexBusy, IndexDamaged, IndexMissing, IndexOutdated
from ckanext.mainz.search.query import request as requests
from ckanext.mainz.search.query.errors import naming
from ckanext.mainz.search.query.model import Query, Request, is_constant

log = logging.getLogger(__name__)

PATIENCE, PAUSE = 10, 0.002
"""Seconds to wait for the writer before, and between two tries."""

WRITER_MEMORY = 15_000_000
"""Bytes that a writer gathers before it writes a segment."""


@dataclass(frozen=True)
class Answer:
    """What CKAN reads of an answer of pysolr's.

    `docs` are the stored fields of a page of documents, `hits` the number of all that match, `facets` holds
    ``facet_fields`` (values and counts in turn) and ``facet_queries``, or nothing where no facets were asked for.
    """

    docs: list[dict[str, Any]]
    hits: int
    facets: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.docs)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.docs)


class EmbeddedEngine:
    """One index, opened when it is first needed and anew in a forked process; any number of threads may search."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._analyzer = analysis.german()
        self._lock = threading.Lock()
        self._opened: tuple[int, tantivy.Index] | None = None
        self._loaded: tuple[tantivy.Index, bytes] | None = None
        self._inherited: list[object] = []
        self._built = Built()

    @classmethod
    def create(cls, folder: Path) -> EmbeddedEngine:
        """Makes an empty index in a folder, which is made if need be.

        Raises `FileExistsError` if there is something in it.
        """
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FileExistsError(f"{folder} is not empty")
        with _guarded(folder):
            tantivy.Index(shape.schema(), str(folder), reuse=False)
        (folder / files.SHAPE).write_text(shape.version() + "\n", encoding="utf-8")
        return cls(folder)

    def search(self, params: Mapping[str, object], exclude_ids: Collection[str] = ()) -> Answer:
        """Answers Solr's parameters from the last commit, as if the records `exclude_ids` did not exist.

        Raises `QueryError` for what is wrong or not supported, `EngineError` if the index cannot answer.
        """
        request = requests.read(params)
        with self._reading() as searcher:
            return _Search(searcher, self._analyzer, request, exclude_ids).answer()

    @contextmanager
    def writing(self) -> Iterator[Batch]:
        """A batch of changes: committed at the end, or none of them if an exception leaves the block.

        tantivy may merge segments after a commit, which can take a second. That is left to a thread: what was committed
        is found already, and whoever writes next waits for the end of the merge here.
        Raises `IndexBusy` if another writer stays at work, `EngineError` if the index cannot be written.
        """
        writer = self._writer()
        finished = False
        try:
            batch = Batch(self.folder, writer, self._searcher(), self._analyzer, self._built)
            yield batch
            with _guarded(self.folder):
                commit = writer.commit()
            finished = True
            batch.recent.write(self.folder, commit)
        finally:
            if finished:
                _in_background(lambda: self._merge(writer))
            else:
                with _guarded(self.folder):
                    writer.rollback()
                self._merge(writer)

    def _writer(self) -> tantivy.IndexWriter:
        """A writer, as soon as the one before has given back tantivy's lock."""
        index, deadline = self._index(), time.monotonic() + PATIENCE
        while True:
            try:
                with _guarded(self.folder):
                    return index.writer(WRITER_MEMORY, 1)
            except IndexBusy:
                if time.monotonic() > deadline:
                    raise
                time.sleep(PAUSE)

    def _merge(self, writer: tantivy.IndexWriter) -> None:
        """Waits for merges and gives tantivy's lock back. A merge that fails leaves the segments as they were."""
        try:
            with _guarded(self.folder):
                writer.wait_merging_threads()
        except EngineError:
            log.exception("Segments of the search index in %s could not be merged.", self.folder)

    def stamps(self) -> Iterator[tuple[str, str]]:
        """Id and `fingerprint` of every document."""
        with self._reading() as searcher:
            marks = searcher.terms_with_prefix(shape.KEYS, shape.STAMP, tantivy.Query.all_query())
        for mark, _ in marks:
            stamp, _, record_id = mark.removeprefix(shape.STAMP).partition(shape.SEPARATOR)
            yield record_id, stamp

    def count(self) -> int:
        """Number of documents."""
        with self._reading() as searcher:
            return searcher.num_docs

    def check(self) -> None:
        """Reads every file of the index.

        Raises `IndexMissing`, `IndexOutdated` or `IndexDamaged` if it has to be built anew.
        """
        self._check_shape()
        files.check_contents(self.folder)
        self.count()

    def _check_shape(self) -> None:
        found = files.read_shape(self.folder)
        if found != shape.version():
            raise IndexOutdated(self.folder, found, shape.version())

    @contextmanager
    def _reading(self) -> Iterator[tantivy.Searcher]:
        searcher = self._searcher()
        with _guarded(self.folder):
            yield searcher

    def _searcher(self) -> tantivy.Searcher:
        """What reads the last commit; tantivy names it in a file, and looking there is cheaper than loading it."""
        index = self._index()
        with self._lock, _guarded(self.folder, self._forget):
            last = (self.folder / files.META).read_bytes()
            if self._loaded is None or self._loaded[0] is not index or self._loaded[1] != last:
                index.reload()
                self._loaded = index, last
            return index.searcher()

    def _index(self) -> tantivy.Index:
        with self._lock:
            if self._opened and self._opened[0] != os.getpid():
                # Not closed: its threads live in the process that opened it.
                self._inherited.append(self._opened)
                self._opened = None
            if self._opened is None:
                self._opened, self._loaded = (os.getpid(), self._open()), None
            return self._opened[1]

    def _open(self) -> tantivy.Index:
        self._check_shape()
        files.check_ends(self.folder)
        with _guarded(self.folder):
            index = tantivy.Index.open(str(self.folder))
            index.config_reader("manual")
        return index

    def _forget(self) -> None:
        self._opened = None


_merging: set[threading.Thread] = set()


def _in_background(work: Callable[[], None]) -> None:
    _merging.difference_update([thread for thread in _merging if not thread.is_alive()])
    thread = threading.Thread(target=work, name="merge", daemon=True)
    _merging.add(thread)
    thread.start()


def _finish_merges() -> None:
    """Before a fork: a child would inherit tantivy's lock and hold it as long as it lives."""
    for thread in _merging.copy():
        thread.join()


os.register_at_fork(before=_finish_merges)


class _Search:
    """One search on one state of the index."""

    def __init__(
        self,
        searcher: tantivy.Searcher,
        analyzer: analysis.Analyzer,
        request: Request,
        exclude_ids: Collection[str],
    ) -> None:
        self._searcher = searcher
        self._request = request
        by_score = any(key.field is None for key in request.sort)
        self._is_ranked = by_score and not is_constant(request.query, lambda name: fields.field(name).is_words)
        now = datetime.now(UTC)
        self._scoring = Compiler(searcher, analyzer, now, scored=self._is_ranked or request.fields.score)
        self._filtering = Compiler(searcher, analyzer, now, scored=False)
        self._query = self._compile(exclude_ids)

    def _compile(self, exclude_ids: Collection[str]) -> tantivy.Query:
        with naming("q"):
            clauses = [(tantivy.Occur.Must, self._scoring.compile(self._request.query))]
        with naming("fq"):
            filters = [self._filtering.compile(query) for query in self._request.filters]
        clauses += [(tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0)) for query in filters]
        clauses += [(tantivy.Occur.MustNot, query) for query in _of_ids(exclude_ids)]
        return clauses[0][1] if len(clauses) == 1 else tantivy.Query.boolean_query(clauses)

    def answer(self) -> Answer:
        request = self._request
        order = ordering.plan(request.sort, scored=self._is_ranked)
        hits = matches(self._searcher, self._query)
        page = ordering.page(self._searcher, self._query, order, request.start, request.rows) if hits else []
        return Answer(docs=self._documents(page), hits=hits, facets=self._facets())

    def _documents(self, page: list[ordering.Hit]) -> list[dict[str, Any]]:
        wanted = self._request.fields
        found: list[dict[str, Any]] = [{}] * len(page)
        # In the order in which they are stored: their blocks are unpacked once.
        for place in sorted(range(len(page)), key=lambda place: ordering.place(page[place].address)):
            found[place] = documents.given_back(self._searcher.doc(page[place].address), wanted)
        if wanted.score and page:
            aliases = [alias for alias, name in wanted.aliases.items() if name == "score"]
            for document, score in zip(found, self._scores(page), strict=True):
                document.update(dict.fromkeys(aliases or ["score"], score))
        return found

    def _scores(self, page: list[ordering.Hit]) -> list[float]:
        known = [hit.score for hit in page if hit.score is not None]
        return known if len(known) == len(page) else ordering.scores(self._searcher, self._query, page)

    def _facets(self) -> dict[str, Any]:
        request = self._request
        if request.facets is None:
            return {}
        counted = {facet.field: facets.count(self._searcher, self._query, facet) for facet in request.facets}
        return {
            "facet_queries": {text: self._count(query) for text, query in request.facet_queries.items()},
            "facet_fields": counted,
            "facet_ranges": {},
            "facet_intervals": {},
            "facet_heatmaps": {},
        }

    def _count(self, query: Query) -> int:
        with naming("facet.query"):
            made = self._filtering.compile(query)
        both = tantivy.Query.boolean_query([(tantivy.Occur.Must, self._query), (tantivy.Occur.Must, made)])
        return matches(self._searcher, both)


def _of_ids(ids: Collection[str]) -> list[tantivy.Query]:
    keys = [shape.key("id", record_id) for record_id in ids]
    return [tantivy.Query.term_set_query(shape.schema(), shape.KEYS, keys)] if keys else []


class Batch:
    """Changes that are committed together."""

    def __init__(
        self,
        folder: Path,
        writer: tantivy.IndexWriter,
        searcher: tantivy.Searcher,
        analyzer: analysis.Analyzer,
        built: Built,
    ) -> None:
        self._folder = folder
        self._writer = writer
        self._searcher = searcher
        self._analyzer = analyzer
        self._has_added = False
        self._built = built
        self.recent = Recent.read(folder)
        for identity, document in self.recent.items():
            self._write(identity, document)

    def add(self, doc: Mapping[str, Any]) -> None:
        """Writes a document in place of the one with the same id and site.

        Raises `DocumentError`; the batch can go on then.
        """
        identity = documents.identity(doc)
        timed = {"indexed_ts": datetime.now(UTC).isoformat(), **doc}
        self._write(identity, timed)
        self.recent.add(identity, timed)
        self._has_added = True

    def _write(self, identity: str, doc: Mapping[str, Any]) -> None:
        built = self._built.find(identity, doc)
        if built is None:
            built = documents.build(doc, self._analyzer, datetime.now(UTC))
            self._built.keep(identity, doc, built)
        with _guarded(self._folder):
            self._writer.delete_documents_by_term(shape.KEYS, identity)
            self._writer.add_document(built)

    def delete_id(self, record_id: str) -> None:
        """Removes the documents with an id, of every site."""
        self.recent.drop(record_id)
        self._delete(tantivy.Query.term_query(shape.schema(), shape.KEYS, shape.key("id", record_id), "basic"))

    def delete_by_query(self, q: str, exclude_ids: Collection[str] = ()) -> None:
        """Removes what a query in the standard syntax matches, but for some ids.

        Raises `QueryError`.
        """
        query = requests.read_query(q)
        compiler = Compiler(
            self._searcher, self._analyzer, datetime.now(UTC), scored=False, complete=not self._has_added
        )
        with naming("q"):
            made = compiler.compile(query)
        spared = [(tantivy.Occur.MustNot, each) for each in _of_ids(exclude_ids)]
        self.recent.clear()
        self._delete(tantivy.Query.boolean_query([(tantivy.Occur.Must, made), *spared]) if spared else made)

    def _delete(self, query: tantivy.Query) -> None:
        with _guarded(self._folder):
            self._writer.delete_documents_by_query(query)


@contextmanager
def _guarded(folder: Path, on_failure: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Makes tantivy's errors ours. They are ValueErrors and OSErrors with a text, and panics of Rust."""
    try:
        yield
    except (ValueError, OSError) as error:
        on_failure()
        if "LockBusy" in str(error):
            raise IndexBusy(folder) from error
        if not folder.is_dir():
            raise IndexMissing(folder) from error
        raise IndexDamaged(folder, str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        on_failure()
        raise IndexDamaged(folder, str(error)) from error
