"""Counts of a field's values among the documents of a query. Exact: every value of every document is counted."""

from __future__ import annotations

import tantivy

from ckanext.mainz.search.embedded import documents, shape
from ckanext.mainz.search.embedded.tally import matches
from ckanext.mainz.search.query.model import Facet, FacetOrder

Counted = list[str | int | None]
"""Values and counts in turn, as Solr's JSON has them; a count for None is that of documents without a value."""


def count(searcher: tantivy.Searcher, query: tantivy.Query, facet: Facet) -> Counted:
    """The values of a facet."""
    values = _ordered(_counts(searcher, query, facet), facet)
    end = None if facet.limit is None else facet.offset + facet.limit
    shown = values[facet.offset : end]
    flat: Counted = [part for pair in _in_full(searcher, facet.field, shown) for part in pair]
    return [*flat, None, _missing(searcher, query, facet.field)] if facet.missing else flat


def _counts(searcher: tantivy.Searcher, query: tantivy.Query, facet: Facet) -> list[tuple[str, int]]:
    if facet.limit == 0:
        return []
    skipped = len(shape.key(facet.field, ""))
    prefix = shape.key(facet.field, facet.prefix)
    # Without a query tantivy counts deleted documents too.
    counts = dict(searcher.terms_with_prefix(shape.KEYS, prefix, query, _most(facet)))
    if facet.minimum == 0:
        every = searcher.terms_with_prefix(shape.KEYS, prefix, tantivy.Query.all_query())
        counts = {**dict.fromkeys((written for written, _ in every), 0), **counts}
    pairs = ((written[skipped:], number) for written, number in counts.items() if number >= facet.minimum)
    return [pair for pair in pairs if _contains(pair[0], facet)]


def _most(facet: Facet) -> int | None:
    """How many values are enough, where tantivy's order is the one asked for: by count, then by value."""
    is_plain = facet.order is FacetOrder.COUNT and facet.minimum > 0 and not facet.contains
    return facet.offset + facet.limit if is_plain and facet.limit is not None else None


def _contains(value: str, facet: Facet) -> bool:
    if facet.ignore_case:
        return facet.contains.lower() in value.lower()
    return facet.contains in value


def _ordered(values: list[tuple[str, int]], facet: Facet) -> list[tuple[str, int]]:
    if facet.order is FacetOrder.COUNT:
        return sorted(values, key=lambda pair: (-pair[1], pair[0]))
    return sorted(values)


def _in_full(searcher: tantivy.Searcher, field: str, values: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(_whole(searcher, field, value) if shape.is_cut(value) else value, number) for value, number in values]


def _whole(searcher: tantivy.Searcher, field: str, cut: str) -> str:
    """The whole of a value that was too long to be a key, from a document that has it."""
    written = field + shape.SEPARATOR + cut
    term = tantivy.Query.term_query(shape.schema(), shape.KEYS, written, "basic")
    for _, address in searcher.search(term, limit=1, count=False).hits:
        for value in documents.all_values(searcher.doc(address), field):
            if shape.key(field, str(value)) == written:
                return str(value)
    return cut


def _missing(searcher: tantivy.Searcher, query: tantivy.Query, field: str) -> int:
    having = tantivy.Query.term_query(shape.schema(), shape.KEYS, shape.has_key(field), "basic")
    without = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.MustNot, having)])
    return matches(searcher, without)
