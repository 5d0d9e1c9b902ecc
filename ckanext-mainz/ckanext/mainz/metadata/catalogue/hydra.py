"""Paging in Hydra's words, the way ckanext-dcat writes them: harvesters follow `hydra:next` from page to page.

https://www.hydra-cg.com/spec/latest/core/; PagedCollection and the terms that end in Page are older, and read by
ckanext-dcat's own harvester and others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from pyoxigraph import Literal, NamedNode, Triple

from ckanext.mainz.metadata.rdf.nodes import HYDRA, RDF


@dataclass(frozen=True)
class Paging:
    """Where a page stands: `page` counts from 1, `count` is the number of records in all."""

    page: int
    size: int
    count: int

    @property
    def last(self) -> int:
        """The number of the last page; there is always one."""
        return ceil(self.count / self.size) or 1

    @property
    def exists(self) -> bool:
        return self.page <= self.last

    def others(self) -> dict[str, int]:
        """The pages that this one leads to."""
        near = {"next": self.page + 1, "previous": self.page - 1}
        return {"first": 1, "last": self.last} | {name: n for name, n in near.items() if 1 <= n <= self.last}


def triples(paging: Paging, addresses: dict[int, str]) -> Iterator[Triple]:
    """The statements about one page; `addresses` are those of this page and of `Paging.others`, in full."""
    if not paging.count:
        return
    page = NamedNode(addresses[paging.page])
    yield Triple(page, RDF.type, HYDRA.PagedCollection)
    for name, number in paging.others().items():
        for term in (name, f"{name}Page"):
            yield Triple(page, getattr(HYDRA, term), Literal(addresses[number]))
    yield Triple(page, HYDRA.totalItems, Literal(paging.count))
    yield Triple(page, HYDRA.itemsPerPage, Literal(paging.size))
