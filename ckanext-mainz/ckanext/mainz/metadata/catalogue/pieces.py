"""What is said about one record, kept as N-Triples until record, organisation, settings or code change.

N-Triples can be put together without reading them, and every other form is made from them in a few milliseconds a
page. What several records share and links to other records stand apart: a document tells the one only once, and the
other only where it describes both ends.
"""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

from ckanext.mainz.metadata import rdf
from ckanext.mainz.metadata.catalogue import cache, left_out, records, state
from ckanext.mainz.metadata.catalogue.forms import as_lines

log = logging.getLogger(__name__)

WEEK = 7 * cache.DAY
#: Packing harder saves a tenth of the room and takes three times as long.
LEVEL = 1
PRINT = 16
Dict = dict[str, Any]


@dataclass(frozen=True)
class Piece:
    """All statements about one record, as N-Triples."""

    id: str
    uri: str
    kind: str
    """CKAN's type of the record."""
    services: tuple[str, ...]
    """IRIs of the data services that are described in it."""
    related: tuple[str, ...]
    """Ids of public records that it leads to."""
    shared: tuple[tuple[str, str, str], ...]
    """What other records may tell too: IRI, class, statements."""
    links: tuple[tuple[str, str], ...]
    """Statements that need a description of their object beside them: the object's IRI, statement."""
    body: bytes


def pieces(packages: Sequence[Dict], profile: str) -> list[Piece]:
    """What is said about these records, in their order; a record that cannot be written is left out and reported."""
    wanted = _wanted(packages, profile) if packages else []
    kept = cache.get_many([one.name for one in wanted])
    found = {one.name: _unpacked(value, one) for one, value in zip(wanted, kept, strict=True)}
    made = {one.name: _made(one) for one in wanted if found[one.name] is None}
    cache.put_many({one.name: _packed(one, piece) for one in wanted if (piece := made.get(one.name))}, WEEK)
    left_out.settle([piece.id for piece in made.values() if piece])
    return [piece for one in wanted if (piece := found[one.name] or made[one.name])]


@dataclass(frozen=True)
class _Wanted:
    """A record to write, with everything that decides about what is written."""

    package: Dict
    organisation: Dict | None
    related: tuple[str, ...]
    profile: str
    settings: rdf.RdfSettings
    setting: str

    @property
    def name(self) -> str:
        """What the piece is kept under."""
        return f"piece:{self.profile}:{self.package['id']}"

    @cached_property
    def fingerprint(self) -> bytes:
        made_from = [self.package, self.organisation, self.related, self.setting]
        source = json.dumps(made_from, sort_keys=True, default=str)
        return blake2b(source.encode("utf-8", "surrogatepass"), digest_size=PRINT).digest()


def _wanted(packages: Sequence[Dict], profile: str) -> list[_Wanted]:
    organisations = records.organisations({str(one.get("owner_org") or "") for one in packages})
    references = {one["id"]: rdf.references(one) - {one["id"]} for one in packages}
    public = records.public_among(frozenset[str]().union(*references.values()))
    settings, setting = rdf.rdf_settings(), state.setting()
    return [
        _Wanted(
            package=one,
            organisation=organisations.get(one.get("owner_org") or ""),
            related=tuple(sorted(references[one["id"]] & public)),
            profile=profile,
            settings=settings,
            setting=setting,
        )
        for one in packages
    ]


def _made(wanted: _Wanted) -> Piece | None:
    """The one boundary around one record: whatever goes wrong in it takes no page and no other record along."""
    id = wanted.package["id"]
    try:
        return _piece(wanted)
    except Exception as error:
        log.exception("The record %s cannot be written as RDF; the catalogue leaves it out.", id)
        left_out.note(id, error)
        return None


def _piece(wanted: _Wanted) -> Piece:
    is_public = wanted.related.__contains__
    filled = rdf.effective(wanted.package, wanted.organisation, wanted.settings, is_public=is_public)
    described = rdf.describe(filled.record, wanted.settings, rdf.PROFILES[wanted.profile])
    return Piece(
        id=wanted.package["id"],
        uri=described.uri,
        kind=described.kind,
        services=tuple(described.services),
        related=wanted.related,
        shared=tuple((uri, kind, as_lines(triples).decode()) for (uri, kind), triples in described.shared.items()),
        links=tuple((getattr(one.object, "value", ""), as_lines([one]).decode()) for one in described.links),
        body=as_lines(described.triples),
    )


def _packed(wanted: _Wanted, piece: Piece) -> bytes:
    head = [piece.id, piece.uri, piece.kind, piece.services, piece.related, piece.shared, piece.links]
    return wanted.fingerprint + zlib.compress(json.dumps(head).encode() + b"\n" + piece.body, LEVEL)


def _unpacked(value: bytes | None, wanted: _Wanted) -> Piece | None:
    """The kept piece, if it was made from the same; only then is it known to be readable."""
    if value is None or value[:PRINT] != wanted.fingerprint:
        return None
    head, _newline, body = zlib.decompress(value[PRINT:]).partition(b"\n")
    id, uri, kind, services, related, shared, links = json.loads(head)
    return Piece(id, uri, kind, tuple(services), tuple(related), _pairs(shared), _pairs(links), body)


def _pairs(items: list[list[str]]) -> tuple[Any, ...]:
    return tuple(tuple(item) for item in items)
