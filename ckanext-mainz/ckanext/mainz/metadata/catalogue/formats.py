"""The forms of RDF that the catalogue is given in."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import RdfFormat
from werkzeug.datastructures import MIMEAccept

HTML = "text/html"


@dataclass(frozen=True)
class Format:
    """A form of RDF: how addresses end, what the answer calls itself, how it is written."""

    ending: str
    media_type: str
    rdf: RdfFormat

    @property
    def content_type(self) -> str:
        """The header of an answer. JSON-LD and RDF/XML say themselves that they are UTF-8."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


#: By the endings of addresses: those of ckanext-dcat and N-Triples. Of two with one media type the first is negotiated.
FORMATS = {
    one.ending: one
    for one in (
        Format("ttl", "text/turtle", RdfFormat.TURTLE),
        Format("rdf", "application/rdf+xml", RdfFormat.RDF_XML),
        Format("xml", "application/rdf+xml", RdfFormat.RDF_XML),
        Format("jsonld", "application/ld+json", RdfFormat.JSON_LD),
        Format("nt", "application/n-triples", RdfFormat.N_TRIPLES),
        Format("n3", "text/n3", RdfFormat.N3),
    )
}
NEGOTIABLE = tuple(FORMATS[ending] for ending in ("ttl", "rdf", "jsonld", "nt", "n3"))


def negotiated(accepted: MIMEAccept) -> Format | None:
    """The form that a client asks for by its Accept header; None if a page for people does as well."""
    best = accepted.best_match([HTML, *(one.media_type for one in NEGOTIABLE)], default=HTML)
    return next((one for one in NEGOTIABLE if one.media_type == best), None)
