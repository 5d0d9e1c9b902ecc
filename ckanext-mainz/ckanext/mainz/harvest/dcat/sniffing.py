"""Which form of RDF a document has, told by its first characters: what servers say of it is often wrong."""

from __future__ import annotations

import re

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.foundation.http.answers import begins_like_html
from ckanext.mainz.metadata.rdf import RdfError

SNIFFED = 8192
#: An IRI in angle brackets is no element: it has a colon, and no attributes.
IRI = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"]*|[^\s<>:\"]*)>\s*(?:<|a\s|[\w-]*:)")
ELEMENT = re.compile(r"<(?:[?!]|[A-Za-z_][\w.-]*(?::[\w.-]+)?[\s/>])")
TURTLE = re.compile(r"@prefix|@base|prefix\s|base\s|_:|\[|\(|[\w-]*:[\w-]|<", re.IGNORECASE)
COMMENTS = re.compile(r"(?:\s*#[^\n]*\n)*\s*")
HTML = N_("{source} is a web page and no catalogue; perhaps a login or maintenance page. Open it in a browser.")
EMPTY = N_("{source} is empty.")
UNKNOWN = N_("{source} begins like no form of RDF ({start}). Give the address of Turtle, RDF/XML or JSON-LD.")


def form_of(start: bytes, source: str = "") -> str:
    """The form (``ttl``, ``rdf``, ``jsonld``) of a document in UTF-8 that begins so. Raises `RdfError`."""
    if begins_like_html(start):
        raise RdfError(source, HTML)
    text = start[:SNIFFED].decode("utf-8", "ignore").removeprefix("\ufeff").lstrip()
    if not text:
        raise RdfError(source, EMPTY)
    if text[0] == "{" or (text[0] == "[" and re.match(r"\[\s*[\[{\]]", text)):
        return "jsonld"
    if text[0] == "<" and ELEMENT.match(text) and not IRI.match(text):
        return "rdf"
    if TURTLE.match(text, COMMENTS.match(text).end()):  # type: ignore[union-attr]  # matches everywhere
        return "ttl"
    raise RdfError(source, UNKNOWN, start=text[:40].partition("\n")[0])
