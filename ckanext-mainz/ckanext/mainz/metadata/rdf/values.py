"""Kinds of single values: how each is made clean, written as a node of RDF, and read from one.

`clean` takes what a record may hold, anything at all, and returns what RDF can say of it, or raises `Unusable`; what is
clean stays as it is when cleaned again. `write` takes clean values only. `read` gives back what `write` was given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Any, Protocol
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.rdf import dates, geometries, iris, prose
from ckanext.mainz.metadata.rdf.nodes import XSD, Node, german, iri
from ckanext.mainz.metadata.rdf.problems import Unusable
from ckanext.mainz.metadata.texts import CONTROL

NOT_TEXT = N_("A single text is expected here, not a list or an object.")
NOT_IN_LIST = N_("“{value}” is not in the list of possible values. Choose one of it.")
NO_EMAIL = N_("“{value}” is no e-mail address, such as opendata@stadt.example.")
NO_TELEPHONE = N_("“{value}” is no telephone number, such as +49 6131 120.")
NO_NUMBER = N_("“{value}” is no number of zero or more.")
NO_MEDIA_TYPE = N_("“{value}” is no media type, such as text/csv.")
NO_CHECKSUM = N_("“{value}” is no checksum: it must have an even number of the characters 0 to 9 and a to f.")


class Kind(Protocol):
    """A kind of single value."""

    def clean(self, value: Any) -> Any: ...
    def write(self, value: Any) -> Node: ...
    def read(self, node: Node) -> Any: ...


def text_of(value: Any) -> str:
    """A value as text without control characters and blanks around it. Raises `Unusable` for lists and objects."""
    if isinstance(value, str):
        return (CONTROL.sub(" ", value) if CONTROL.search(value) else value).strip()
    if value is None:
        return ""
    if isinstance(value, bool | list | dict | tuple) or not hasattr(value, "__str__"):
        raise Unusable(NOT_TEXT)
    return str(value).strip()


def value_of(node: Node) -> str:
    """What a node says as text: an IRI, or the characters of a literal."""
    return node.value if isinstance(node, NamedNode | Literal) else ""


@dataclass(frozen=True)
class Text:
    """A text in German; `lines` keeps line breaks, and takes Markdown away."""

    lines: bool = False

    def clean(self, value: Any) -> str:
        text = text_of(value)
        return prose.plain(text).strip() if self.lines else " ".join(text.split())

    def write(self, value: str) -> Node:
        return german(value)

    def read(self, node: Node) -> str:
        return value_of(node)


@dataclass(frozen=True)
class Plain:
    """A text that belongs to no language, such as an identifier."""

    def clean(self, value: Any) -> str:
        return " ".join(text_of(value).split())

    def write(self, value: str) -> Node:
        return Literal(value)

    def read(self, node: Node) -> str:
        return value_of(node)


@dataclass(frozen=True)
class Iri:
    """An absolute address; what can be mended is."""

    def clean(self, value: Any) -> str:
        text = text_of(value)
        return iris.repaired(text) if text else ""

    def write(self, value: str) -> Node:
        return iri(value)

    def read(self, node: Node) -> str:
        return value_of(node)


@dataclass(frozen=True)
class Listed:
    """A term of a vocabulary, by any of its names. Records store its URI, or its code, or its German label."""

    name: str
    stored: str = "uri"

    def clean(self, value: Any) -> str:
        text = text_of(value)
        return _stored(self.name, self.stored, text) if text else ""

    def write(self, value: str) -> Node:
        return _term_node(self.name, value)

    def read(self, node: Node) -> str:
        return value_of(node)


@lru_cache(maxsize=10_000)
def _stored(name: str, stored: str, text: str) -> str:
    term = vocabulary.match(name, text) or vocabulary.match(name, _behind_base(name, text))
    if term is None:
        raise Unusable(NOT_IN_LIST)
    value = getattr(term, stored)
    return value if vocabulary.match(name, value) is term else term.code


def _behind_base(name: str, text: str) -> str:
    """The rest of an IRI that begins as those of the vocabulary do: ``…/language/GER`` names German by an old code."""
    base = _base(name)
    return text.removeprefix(base) if text.startswith(base) else ""


@cache
def _base(name: str) -> str:
    """What the IRIs of a vocabulary begin with, up to a slash."""
    uris = [term.uri for term in vocabulary.terms(name)]
    base = uris[0]
    while not all(uri.startswith(base) for uri in uris) or not base.endswith("/"):
        base = base[:-1].rpartition("/")[0] + "/"
    return base


@lru_cache(maxsize=10_000)
def _term_node(name: str, value: str) -> NamedNode:
    term = vocabulary.match(name, value)
    if term is None:
        raise Unusable(NOT_IN_LIST)
    return iri(term.uri)


@dataclass(frozen=True)
class MediaType:
    """A media type such as ``text/csv``; in RDF it is an address of IANA's register."""

    BASE = "https://www.iana.org/assignments/media-types/"
    ADDRESS = re.compile(r"https?://(?:www\.)?iana\.org/assignments/media-types/", re.IGNORECASE)
    FORM = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}", re.ASCII)

    def clean(self, value: Any) -> str:
        text = unquote(self.ADDRESS.sub("", text_of(value), count=1)).partition(";")[0].strip().lower()
        if text and not self.FORM.fullmatch(text):
            raise Unusable(NO_MEDIA_TYPE)
        return text

    def write(self, value: str) -> Node:
        return iri(self.BASE + value.replace("^", "%5E").replace("#", "%23"))

    def read(self, node: Node) -> str:
        return value_of(node)


@dataclass(frozen=True)
class Date:
    """A year, month, day or moment."""

    def clean(self, value: Any) -> str:
        text = value.isoformat() if hasattr(value, "isoformat") else text_of(value)
        return dates.normalised(text) if text else ""

    def write(self, value: str) -> Node:
        return dates.literal(value)

    def read(self, node: Node) -> str:
        return value_of(node)


@dataclass(frozen=True)
class Duration:
    """A duration of XML Schema."""

    def clean(self, value: Any) -> str:
        text = text_of(value)
        return dates.duration(text) if text else ""

    def write(self, value: str) -> Node:
        return Literal(value, datatype=XSD.duration)

    def read(self, node: Node) -> str:
        return value_of(node)


@dataclass(frozen=True)
class Number:
    """A decimal number of zero or more, as text."""

    def clean(self, value: Any) -> str:
        text = text_of(value).replace(",", ".")
        if not text:
            return ""
        number = _decimal(text)
        if not number.is_finite() or number < 0 or not -20 < number.adjusted() < 20:
            raise Unusable(NO_NUMBER)
        plain = f"{number.normalize():f}"
        return plain.lstrip("-")

    def write(self, value: str) -> Node:
        return Literal(value, datatype=XSD.decimal)

    def read(self, node: Node) -> str:
        return value_of(node)


@dataclass(frozen=True)
class Size:
    """A number of bytes."""

    def clean(self, value: Any) -> int | None:
        text = text_of(value)
        if not text:
            return None
        number = _decimal(text)
        if not number.is_finite() or number < 0 or number.adjusted() > 18:
            raise Unusable(NO_NUMBER)
        return int(number)

    def write(self, value: int) -> Node:
        return Literal(str(value), datatype=XSD.nonNegativeInteger)

    def read(self, node: Node) -> str:
        return value_of(node)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text) if len(text) < 100 else Decimal("nan")
    except InvalidOperation as error:
        raise Unusable(NO_NUMBER) from error


@dataclass(frozen=True)
class Email:
    """An e-mail address; in RDF it is a ``mailto:`` IRI."""

    FORM = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,250}\.[A-Za-z0-9-]{2,63}", re.ASCII)

    def clean(self, value: Any) -> str:
        text = text_of(value)
        if text[:7].lower() == "mailto:":
            text = unquote(text[7:].partition("?")[0]).strip()
        if text and not text.isascii():
            text = _with_ascii_domain(text)
        if text and not self.FORM.fullmatch(text):
            raise Unusable(NO_EMAIL)
        return text

    def write(self, value: str) -> Node:
        return iri(iris.repaired("mailto:" + value.replace("%", "%25").replace("#", "%23").replace("?", "%3F")))

    def read(self, node: Node) -> str:
        return value_of(node)


def _with_ascii_domain(text: str) -> str:
    local, _at, domain = text.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise Unusable(NO_EMAIL) from error


@dataclass(frozen=True)
class Telephone:
    """A telephone number with its country (``+49-6131-120``); in RDF it is a ``tel:`` IRI (RFC 3966)."""

    FORM = re.compile(r"\+[0-9](?:-?[0-9]){4,19}", re.ASCII)

    def clean(self, value: Any) -> str:
        text = text_of(value).lower().removeprefix("tel:").replace("(0)", "")
        if not text:
            return ""
        digits = re.sub(r"[\s()/.\-\u2010-\u2013]+", "-", text).strip("-")
        digits = re.sub(r"^00-?", "+", digits)
        digits = re.sub(r"^0-?", "+49-", digits)  # a number without a country is one in Germany
        if not self.FORM.fullmatch(digits):
            raise Unusable(NO_TELEPHONE)
        return digits

    def write(self, value: str) -> Node:
        return iri("tel:" + value)

    def read(self, node: Node) -> str:
        return value_of(node)


@dataclass(frozen=True)
class Geometry:
    """A geometry as WKT in CRS84."""

    def clean(self, value: Any) -> str:
        return geometries.normalised(value) if value not in (None, "") else ""

    def write(self, value: str) -> Node:
        return geometries.literal(value)

    def read(self, node: Node) -> str:
        return value_of(node)


@dataclass(frozen=True)
class Hexadecimal:
    """The value of a checksum."""

    FORM = re.compile(r"(?:[0-9a-f]{2}){4,128}", re.ASCII)

    def clean(self, value: Any) -> str:
        text = text_of(value).lower()
        if text and not self.FORM.fullmatch(text):
            raise Unusable(NO_CHECKSUM)
        return text

    def write(self, value: str) -> Node:
        return Literal(value, datatype=XSD.hexBinary)

    def read(self, node: Node) -> str:
        return value_of(node)


TEXT, PROSE, PLAIN, IRI, DATE = Text(), Text(lines=True), Plain(), Iri(), Date()
