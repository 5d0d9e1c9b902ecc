"""Statements as N-Triples, which pieces and documents are made of, and in all other forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import IO

from pyoxigraph import RdfFormat, Triple, parse, serialize

from ckanext.mainz.metadata.rdf.nodes import PREFIXES

VOID = "http://rdfs.org/ns/void#"
NAMES = {**PREFIXES, "void": VOID}
PREFIX_LINES = re.compile(rb"(?:@prefix [^\n]*\n)+")
XML_HEAD = re.compile(rb"<rdf:RDF((?: [^ >]*)*)>")


def as_lines(triples: Iterable[Triple]) -> bytes:
    """Statements as N-Triples, in their order."""
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def statements(lines: bytes | IO[bytes]) -> Iterator[Triple]:
    """The statements of N-Triples, one after the other."""
    return (quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES))


def written(lines: bytes, form: RdfFormat) -> bytes:
    """N-Triples in another form. The same statements give the same bytes."""
    if form == RdfFormat.N_TRIPLES:
        return lines
    if form == RdfFormat.TURTLE:  # TriG of one unnamed graph is Turtle, and takes what the parser gives as it is
        made = serialize(parse(lines, format=RdfFormat.N_TRIPLES), format=RdfFormat.TRIG, prefixes=NAMES) or b""
    else:
        made = serialize(statements(lines), format=form, prefixes=NAMES) or b""
    return XML_HEAD.sub(_ordered_names, made, 1) if form == RdfFormat.RDF_XML else _ordered_prefixes(made)


def _ordered_prefixes(made: bytes) -> bytes:
    """pyoxigraph gives the names of vocabularies in another order in each process."""
    head = PREFIX_LINES.match(made)
    return b"".join(sorted(head[0].splitlines(keepends=True))) + made[head.end() :] if head else made


def _ordered_names(head: re.Match[bytes]) -> bytes:
    return b" ".join([b"<rdf:RDF", *sorted(head[1].split())]) + b">"
