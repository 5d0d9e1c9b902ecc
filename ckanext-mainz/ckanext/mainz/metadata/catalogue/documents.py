"""RDF documents put together from pieces: a page of the catalogue, or one record.

Every document is complete in itself for the shapes of DCAT-AP.de, which look at one document at a time. A page is about
datasets, series and services in one order; beside them it describes the series of its datasets and the services that
serve them, wherever in the catalogue these stand. Other datasets are named, not described: harvesters take every
dataset that they find described for one of this page, and would import it twice. A document of one record describes
what it leads to.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from ckan.plugins import toolkit
from pyoxigraph import NamedNode, Triple

from ckanext.mainz.metadata import rdf
from ckanext.mainz.metadata.catalogue import config, hydra, records
from ckanext.mainz.metadata.catalogue.forms import VOID, as_lines
from ckanext.mainz.metadata.catalogue.hydra import Paging
from ckanext.mainz.metadata.catalogue.pieces import Piece, pieces
from ckanext.mainz.metadata.catalogue.question import CatalogueQuestion, RecordQuestion, Refused, not_there
from ckanext.mainz.metadata.catalogue.state import State
from ckanext.mainz.metadata.rdf.nodes import DCAT

_ = toolkit._

#: A record that leads to more describes only so many.
MOST_RELATED = 100
#: Forms of the whole catalogue as a file.
WHOLE = ("ttl", "nt", "jsonld")
DUMP = NamedNode(VOID + "dataDump")


def page(question: CatalogueQuestion, now: State | None) -> bytes:
    """A page of the catalogue in the state of this moment, as N-Triples.

    Raises `Refused` where there is no such page.
    """
    size = config.page_size()
    start = size * (question.page - 1)
    found = records.find(size, start, question.q, question.fq, question.modified_since)
    paging = Paging(question.page, size, found.count)
    if not paging.exists:
        message = _("There is no page {page}; the last one is {last}.")
        raise Refused(404, message.format(page=question.page, last=paging.last))
    main = pieces(found.packages, question.profile)
    beside = [one for one in _beside(main, now) if one["type"] != records.DATASET]
    described = [*main, *pieces(beside, question.profile)]
    frame = [*catalogue(now), *members(described), *_paging(question, paging)]
    return as_lines(frame) + document(described)


def record(question: RecordQuestion, now: State | None) -> bytes:
    """One record with what it leads to, as N-Triples. Raises `Refused` where it is missing or not public."""
    package = records.current(question.id, now)
    if package is None:
        raise not_there()
    lines = about(package, question.profile, now)
    if lines is None:
        raise Refused(
            503, _("This record cannot be given as RDF at the moment; the reason stands in the portal's log.")
        )
    return lines


def about(package: records.Dict, profile: str, now: State | None) -> bytes | None:
    """A record with what it leads to, as N-Triples; None where it cannot be written. Raises `Refused`."""
    main = pieces([package], profile)
    if not main:
        return None
    described = [*main, *pieces(_beside(main, now)[:MOST_RELATED], profile)]
    return document(described)


def _beside(main: Sequence[Piece], now: State | None) -> list[records.Dict]:
    """Public records that these lead to, or that say they serve these."""
    here = {piece.id for piece in main}
    named = here | {piece.uri for piece in main}
    serving = (service for service, served in records.services(now) if served & named)
    related = (id for piece in main for id in piece.related)
    return records.by_ids([id for id in dict.fromkeys([*related, *serving]) if id not in here])


def document(described: Sequence[Piece]) -> bytes:
    """What is said about these records, in one document."""
    telling = Telling({piece.uri for piece in described})
    return b"".join(telling.lines(piece) for piece in described)


class Telling:
    """Tells records one after the other: what they share only once, links only to what is `described` anywhere."""

    def __init__(self, described: Container[str]) -> None:
        self._described = described
        self._told: set[tuple[str, str]] = set()

    def lines(self, piece: Piece) -> bytes:
        """What is said about one more record, as N-Triples."""
        links = "".join(line for target, line in piece.links if target in self._described)
        shared = "".join(lines for uri, kind, lines in piece.shared if self._is_new(uri, kind))
        return b"".join((piece.body, links.encode(), shared.encode()))

    def _is_new(self, uri: str, kind: str) -> bool:
        if uri in self._described or (uri, kind) in self._told:
            return False
        self._told.add((uri, kind))
        return True


def catalogue(now: State | None) -> list[Triple]:
    """The catalogue itself in the state of this moment, with the addresses of all of it as a file."""
    settings = rdf.rdf_settings()
    node = NamedNode(settings.base_uri)
    files = (NamedNode(f"{settings.base_uri}/catalog/full.{ending}.gz") for ending in WHOLE)
    return [
        *rdf.catalogue(settings, records.newest_modification(now), (), ()),
        *(Triple(node, DUMP, file) for file in files),
    ]


def members(described: Iterable[Piece]) -> list[Triple]:
    """What the catalogue contains of these. A series is reached by its datasets: the shapes know no other way."""
    node = NamedNode(rdf.rdf_settings().base_uri)
    datasets = [Triple(node, DCAT.dataset, NamedNode(one.uri)) for one in described if one.kind == records.DATASET]
    services = dict.fromkeys(uri for one in described for uri in one.services)
    return [*datasets, *(Triple(node, DCAT.service, NamedNode(uri)) for uri in services)]


def _paging(question: CatalogueQuestion, paging: Paging) -> Iterator[Triple]:
    base = rdf.rdf_settings().base_uri
    numbers = {paging.page, *paging.others().values()}
    return hydra.triples(paging, {number: base + question.address(number) for number in numbers})
