"""Fetches one document of a catalogue into a file, in UTF-8 and with its form told by what it holds."""

from __future__ import annotations

import copy
import tempfile
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO

from ckanext.mainz.foundation import xml
from ckanext.mainz.foundation.errors import ReadableError
from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.dcat.encoding import as_utf8
from ckanext.mainz.harvest.dcat.sniffing import SNIFFED, form_of

ACCEPT = "text/turtle, application/rdf+xml, application/ld+json, application/n-triples;q=0.9, */*;q=0.1"
MOST_BYTES = 500 * 1024 * 1024
#: Elements that RDF/XML has in any number; between two of them the checker forgets what it has seen.
CLASSES = (
    "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description",
    "{http://www.w3.org/ns/dcat#}Dataset",
    "{http://www.w3.org/ns/dcat#}Distribution",
)


@dataclass(frozen=True)
class Document:
    """A document at its first sign, in UTF-8. `url`: where it came from in the end, `form`: ``ttl``, ``rdf`` or
    ``jsonld``, `notes`: what was mended."""

    file: BinaryIO
    url: str
    form: str
    notes: tuple[ReadableError, ...] = ()


def patient(session: Session, timeout: float) -> Session:
    """The session with a shorter time for each request; it shares the turns of the first. Never a longer time."""
    if not timeout:
        return session
    policy = session.policy
    shorter = copy.copy(session)
    shorter.policy = replace(
        policy,
        total_timeout=min(timeout, policy.total_timeout),
        read_timeout=min(timeout, policy.read_timeout),
    )
    return shorter


@contextmanager
def fetched(session: Session, url: str) -> Iterator[Document]:
    """The document at an address, as long as the context is open. HEAD is not used: DUVA refuses it.

    Raises `HttpError`, also for a web page with the status 200, `RdfError` and `XmlError`.
    """
    with tempfile.TemporaryFile(prefix="mainz-harvest-") as raw:
        answer = session.download(url, raw, headers={"Accept": ACCEPT}, html=False)
        file, notes = as_utf8(raw, answer.url)
        try:
            start = file.read(SNIFFED)
            form = form_of(start, answer.url)
            if form == "rdf":
                _check_xml(file, answer.url)
            file.seek(len(BOM_UTF8) if start.startswith(BOM_UTF8) else 0)  # which parsers of Turtle and JSON refuse
            yield Document(file, answer.url, form, tuple(notes))
        finally:
            if file is not raw:
                file.close()


def _check_xml(file: BinaryIO, source: str) -> None:
    """Entities and depth, for which the parser of RDF/XML knows no limit; block by block."""
    file.seek(0)
    for _element in xml.iterparse(file, CLASSES, source=source, limits=xml.XmlLimits(max_bytes=MOST_BYTES)):
        pass
