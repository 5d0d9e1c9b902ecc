"""The documents of one page of an answer, in order.

tantivy sorts by one column at a time. Here the keys of an order are applied one after the other, each only within the
documents that all earlier keys leave equal and that reach into the page; so a page costs about the same at any size of
the index. The last key is always a hash of the id: an order is total, and pages never overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import tantivy

from ckanext.mainz.search import fields
from ckanext.mainz.search.embedded import documents, shape
from ckanext.mainz.search.embedded.tally import matches
from ckanext.mainz.search.errors import QueryError
from ckanext.mainz.search.fields import Field, Kind
from ckanext.mainz.search.query.model import SortKey

MUST, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.MustNot


@dataclass(frozen=True)
class Hit:
    """A document of an answer; the score is None where it was not needed."""

    address: tantivy.DocAddress
    score: float | None = None


@dataclass(frozen=True)
class Score:
    """Sorts by the score."""

    descending: bool


@dataclass(frozen=True)
class Column:
    """Sorts by a column of the index; documents without a value in a text column come last."""

    name: str
    descending: bool
    is_text: bool
    source: str | None = None


@dataclass(frozen=True)
class Listed:
    """Sorts by the values of a field that has no column, by way of the list of its values."""

    field: Field
    descending: bool


By = Score | Column | Listed
TIE = Column(shape.TIE, descending=False, is_text=False)


def plan(keys: Sequence[SortKey], *, scored: bool) -> list[By]:
    """How an order is carried out. Where scores cannot differ, the score is left out.

    Raises `QueryError`.
    """
    made = [_by(key) for key in keys if key.field is not None or scored]
    return [*made, TIE]


def _by(key: SortKey) -> By:
    if key.field is None:
        return Score(key.descending)
    field = fields.field(key.field)
    if field.kind is Kind.NGRAM or (field.is_words and field.multiple) or not field.indexed:
        raise QueryError("sort", f"{field.name!r} cannot be sorted by")
    if key.field in shape.NUMBERS:
        return Column(shape.order_field(key.field), key.descending, is_text=False)
    if key.field in shape.ORDERED_STRINGS:
        return Column(shape.order_field(key.field), key.descending, is_text=True, source=key.field)
    return Listed(field, key.descending)


def page(searcher: tantivy.Searcher, query: tantivy.Query, by: Sequence[By], start: int, rows: int) -> list[Hit]:
    """So many documents of a query from `start` on."""
    return _Pager(searcher).page(query, list(by), start, rows)


class _Pager:
    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._schema = shape.schema()

    def page(self, query: tantivy.Query, by: list[By], skip: int, take: int) -> list[Hit]:
        if take <= 0 or skip >= self._searcher.num_docs:
            return []
        take = min(take, self._searcher.num_docs - skip)
        match by[0]:
            case Score():
                return self._by_score(query, by, skip, take)
            case Column():
                return self._by_column(query, by[0], by[1:], skip, take)
            case Listed():
                return self._by_list(query, by[0], by[1:], skip, take)

    # By score

    def _by_score(self, query: tantivy.Query, by: list[By], skip: int, take: int) -> list[Hit]:
        scored = self._scored(query, skip + take, best=by[0].descending)
        ordered: list[Hit] = []
        for _, group in groupby(scored, key=lambda pair: pair[0]):
            ordered.extend(self._sorted([Hit(address, score) for score, address in group], by[1:]))
            if len(ordered) >= skip + take:
                break
        return ordered[skip : skip + take]

    def _scored(self, query: tantivy.Query, wanted: int, *, best: bool) -> list[tuple[float, tantivy.DocAddress]]:
        """At least so many documents by score, and all with the score of the last of these."""
        most = self._searcher.num_docs
        limit = wanted + 1 if best else most
        while True:
            hits = self._searcher.search(query, limit=min(limit, most), count=False).hits
            if len(hits) < limit or limit >= most or hits[-1][0] < hits[wanted - 1][0]:
                return hits if best else hits[::-1]
            limit *= 4

    def _sorted(self, hits: list[Hit], by: Sequence[By]) -> list[Hit]:
        """Hits of the same score by the other keys."""
        if len(hits) < 2:
            return hits
        order = list(range(len(hits)))
        for key in reversed(by):
            if not isinstance(key, Score):
                values = self._values(key, hits)
                present = [index for index in order if values[index] is not None]
                absent = [index for index in order if values[index] is None]
                present.sort(key=values.__getitem__, reverse=key.descending)
                order = present + absent
        return [hits[index] for index in order]

    def _values(self, key: Column | Listed, hits: list[Hit]) -> list[Any]:
        addresses = [hit.address for hit in hits]
        if isinstance(key, Column) and not key.is_text:
            return self._searcher.fast_field_values(key.name, addresses)
        read = _reader(key)
        return [read(self._searcher.doc(address)) for address in addresses]

    # By a column

    def _by_column(self, query: tantivy.Query, key: Column, rest: list[By], skip: int, take: int) -> list[Hit]:
        order = tantivy.Order.Desc if key.descending else tantivy.Order.Asc
        limit = skip + take
        hits = self._searcher.search(query, limit=limit, count=False, order_by_field=key.name, order=order).hits
        if not rest:
            return [Hit(address) for _, address in hits[skip:]]
        found: list[Hit] = []
        position = 0
        for value, group in groupby(hits, key=lambda pair: pair[0]):
            members = [Hit(address) for _, address in group]
            first, position = position, position + len(members)
            if position <= skip:
                continue
            is_whole = position < limit or len(hits) < limit
            if len(members) > 1 or not is_whole:
                equal = self._equal(query, key, value)
                members = self.page(equal, rest, max(skip - first, 0), take - len(found))
            found.extend(members)
        return found

    def _equal(self, query: tantivy.Query, key: Column, value: Any) -> tantivy.Query:
        if value is None:
            return self._without(query, self._key(shape.has_key(key.source or key.name)))
        return self._with(query, tantivy.Query.term_query(self._schema, key.name, value, "basic"))

    def _with(self, query: tantivy.Query, other: tantivy.Query) -> tantivy.Query:
        return tantivy.Query.boolean_query([(MUST, query), (MUST, tantivy.Query.const_score_query(other, 0.0))])

    def _without(self, query: tantivy.Query, other: tantivy.Query) -> tantivy.Query:
        return tantivy.Query.boolean_query([(MUST, query), (MUST_NOT, other)])

    def _key(self, written: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, shape.KEYS, written, "basic")

    # By the list of values

    def _by_list(self, query: tantivy.Query, key: Listed, rest: list[By], skip: int, take: int) -> list[Hit]:
        found: list[Hit] = []
        for count, members in self._groups(query, key):
            if skip >= count:
                skip -= count
                continue
            found.extend(self.page(members, rest, skip, min(take - len(found), count - skip)))
            skip = 0
            if len(found) >= take:
                break
        return found

    def _groups(self, query: tantivy.Query, key: Listed) -> Iterator[tuple[int, tantivy.Query]]:
        """The documents by value, in order, with their number."""
        listed = self._searcher.terms_with_prefix(shape.KEYS, _list_prefix(key.field), query)
        groups = [(written, count, self._with(query, self._key(written))) for written, count in listed]
        if missing := self._missing(query, key.field):
            groups.append(missing)
        groups.sort(key=lambda group: group[0], reverse=key.descending)
        if key.field.kind is Kind.STRING:
            groups.sort(key=lambda group: not group[0])
        if not key.field.multiple:
            return ((count, members) for _, count, members in groups)
        return self._first_only(groups)

    def _missing(self, query: tantivy.Query, field: Field) -> tuple[str, int, tantivy.Query] | None:
        """Documents without a value; Solr sorts a missing date as 1970, a missing text before all others."""
        members = self._without(query, self._key(shape.has_key(field.name)))
        stand_in = shape.number_key(field.name, 0) if field.kind is Kind.DATE else ""
        count = matches(self._searcher, members)
        return (stand_in, count, members) if count else None

    def _first_only(self, groups: list[tuple[str, int, tantivy.Query]]) -> Iterator[tuple[int, tantivy.Query]]:
        """Each document only by the first of its values."""
        seen: list[str] = []
        for written, _, members in groups:
            earlier = tantivy.Query.term_set_query(self._schema, shape.KEYS, seen)
            new = self._without(members, earlier) if seen else members
            seen.append(written)
            if count := matches(self._searcher, new):
                yield count, new


def _list_prefix(field: Field) -> str:
    return shape.sorted_key(field.name, "") if field.kind is Kind.TEXT else shape.key(field.name, "")


def _reader(key: Column | Listed) -> Callable[[tantivy.Document], Any]:
    """Reads what a document is sorted by from what is stored of it."""
    field = fields.field(key.source or key.name) if isinstance(key, Column) else key.field
    absent = {Kind.DATE: 0, Kind.TEXT: ""}.get(field.kind)

    def read(document: tantivy.Document) -> Any:
        values = documents.all_values(document, field.name)
        if not values:
            return absent
        return max(values) if key.descending else min(values)

    return read


def scores(searcher: tantivy.Searcher, query: tantivy.Query, hits: Sequence[Hit]) -> list[float]:
    """The scores of documents that were sorted by something else."""
    ties = searcher.fast_field_values(shape.TIE, [hit.address for hit in hits])
    only = tantivy.Query.const_score_query(tantivy.Query.term_set_query(shape.schema(), shape.TIE, ties), 0.0)
    both = tantivy.Query.boolean_query([(MUST, query), (MUST, only)])
    found = searcher.search(both, limit=len(hits), count=False).hits
    by_place = {place(address): score for score, address in found}
    return [by_place[place(hit.address)] for hit in hits]


def place(address: tantivy.DocAddress) -> tuple[int, int]:
    """Where a document is stored."""
    return address.segment_ord, address.doc
