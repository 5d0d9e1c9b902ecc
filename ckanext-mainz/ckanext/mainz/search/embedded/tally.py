"""How many documents match."""

from __future__ import annotations

import tantivy


def matches(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    """Number of documents that match a query."""
    # The stub of tantivy does not name `count`.
    return searcher.search(query, limit=1, count=True).count or 0  # type: ignore[attr-defined]
