"""The forms of RDF: bytes to triples and back, with limits on what comes from outside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from ckanext.mainz.foundation import xml
from ckanext.mainz.foundation.errors import N_, Message, ReadableError
from ckanext.mainz.metadata.rdf.nodes import PREFIXES

FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "rdf": RdfFormat.RDF_XML,
    "xml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
    "n3": RdfFormat.N3,
}
READABLE = ("ttl", "rdf", "xml", "jsonld", "nt")


#: What declares the prefixes; pyoxigraph promises no order of them.
PREFIX_LINES = re.compile(rb"\A(?:@prefix [^\n]*\n)+")
XML_NAMES = re.compile(rb"(?<=\?>\n)<rdf:RDF((?: [^ >]*)*)>")


@dataclass(frozen=True)
class RdfLimits:
    """`max_bytes` of a document and `max_triples` that it may say, about 500 bytes of memory each."""

    max_bytes: int = 50 * 1024 * 1024
    max_triples: int = 1_000_000


LIMITS = RdfLimits()


class RdfError(ReadableError):
    """A document that cannot be read as RDF. `reason` is the parser's own sentence, in English."""

    def __init__(self, source: str, template: Message, **values: object) -> None:
        super().__init__(template, source=source or "?", **values)


def rdf_format(name: str) -> RdfFormat:
    """The form by its short name or the end of a file name. Raises `KeyError`."""
    return FORMATS[name.lower().removeprefix(".")]


def format_of(path: str) -> str:
    """The short name of the form that a file name tells; empty if it tells none."""
    ending = PurePath(path).suffix.lower().removeprefix(".")
    return {"json": "jsonld", "owl": "rdf", "ntriples": "nt", "turtle": "ttl"}.get(ending, ending) if ending else ""


def written(triples: Iterable[Triple], name: str) -> bytes:
    """A document; the order of the triples is kept, so the same triples give the same bytes."""
    made = serialize(triples, format=rdf_format(name), prefixes=PREFIXES) or b""
    return XML_NAMES.sub(_sorted_names, PREFIX_LINES.sub(_sorted_lines, made, 1), 1)


def _sorted_lines(head: re.Match[bytes]) -> bytes:
    return b"".join(sorted(head[0].splitlines(keepends=True)))


def _sorted_names(head: re.Match[bytes]) -> bytes:
    return b" ".join([b"<rdf:RDF", *sorted(head[1].split())]) + b">"


def parsed(data: bytes, name: str, *, source: str = "", limits: RdfLimits = LIMITS) -> Iterator[Quad]:
    """The triples of a document, also those with illegal addresses: which dataset suffers is found out later.

    Nothing is fetched: JSON-LD with a context elsewhere is refused. `source` names the document in errors. Raises
    `RdfError`, and for RDF/XML what `ckanext.mainz.foundation.xml` raises.
    """
    if len(data) > limits.max_bytes:
        raise RdfError(
            source, N_("{source} has more than {limit} bytes. Have it delivered in pages."), limit=limits.max_bytes
        )
    if name not in READABLE:
        raise RdfError(source, N_("{source}: the format “{format}” is not known."), format=name)
    if rdf_format(name) is FORMATS["rdf"]:
        # Entities and depth: the parser of RDF/XML knows no limit of its own.
        xml.parse(data, source=source, limits=xml.XmlLimits(max_bytes=limits.max_bytes))
    yield from _limited(data, name, source, limits)


def _limited(data: bytes, name: str, source: str, limits: RdfLimits) -> Iterator[Quad]:
    try:
        quads = parse(data, rdf_format(name), lenient=True)
        for number, quad in enumerate(quads):
            if number >= limits.max_triples:
                raise RdfError(source, N_("{source} says more than {limit} things."), limit=limits.max_triples)
            yield quad
    except SyntaxError as error:
        raise RdfError(source, N_("{source} cannot be read: {reason}"), reason=_reason(error)) from error


def _reason(error: SyntaxError) -> str:
    if "LoadDocumentCallback" in str(error.msg):
        return "it has its JSON-LD context elsewhere, which is not fetched; put the context into the document"
    return str(error.msg)
