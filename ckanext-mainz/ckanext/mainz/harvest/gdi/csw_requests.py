"""What a CSW 2.0.2 catalogue is asked: settings of a source, and GetRecords as XML (POST) or parameters (GET).

Catalogues differ in what they understand, so a request is a `Form` (method, type name, sorting, condition) filled with
a `Query` (which window of records). Conditions are OGC Filter Encoding 1.1 (OGC 04-095), GetRecords is described in
OGC 07-006r1, 10.8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # lxml has no type information

from ckanext.mainz.foundation.xml import Element

CSW = "http://www.opengis.net/cat/csw/2.0.2"
GMD = "http://www.isotc211.org/2005/gmd"
OGC = "http://www.opengis.net/ogc"
GML = "http://www.opengis.net/gml"
NAMESPACES = {
    "csw": CSW,
    "gmd": GMD,
    "ogc": OGC,
    "gml": GML,
    "apiso": "http://www.opengis.net/cat/csw/apiso/1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "ows": "http://www.opengis.net/ows",
}
#: Longitude before latitude, as catalogues read the short name; the URN form would turn them (OGC 04-095, 12).
LON_LAT = "EPSG:4326"
_OF_THE_PROTOCOL = frozenset({"service", "version", "acceptversions", "request"})

Method = Literal["POST", "GET"]
Operator = Literal["PropertyIsLike", "PropertyIsEqualTo"]


@dataclass(frozen=True)
class CswFilter:
    """Which records to ask for: one of the values of every kind that is given. `bbox` is west, south, east, north.

    It only saves transfer. Choose it wider than what is wanted: what the catalogue does not find, the reader never
    sees, and catalogues compare words in different ways.
    """

    organisations: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    bbox: tuple[float, float, float, float] | None = None

    def __post_init__(self) -> None:
        """Raises `ValueError` with a sentence for the operator where a value could not be asked for."""
        for value in (*self.organisations, *self.types, *self.keywords):
            if not value.strip() or not value.isprintable():
                raise ValueError(f"{value!r} in the filter of a catalogue is empty or has control characters.")

    def __bool__(self) -> bool:
        return bool(self.organisations or self.types or self.keywords or self.bbox)


@dataclass(frozen=True)
class CswSource:
    """A catalogue and how to read it.

    `url` may be the address of its GetCapabilities. `language` is sent as Accept-Language. `max_records` and
    `max_pages` (pages asked for, repeated ones included) end a reading that does not end by itself.
    """

    url: str
    page_size: int = 50
    filters: CswFilter = field(default_factory=CswFilter)
    language: str = "de"
    method: Method = "POST"
    max_records: int = 100_000
    max_pages: int = 5_000

    def __post_init__(self) -> None:
        """Raises `ValueError` with a sentence for the operator."""
        if min(self.page_size, self.max_records, self.max_pages) < 1:
            raise ValueError("The page size and the limits of a catalogue must be at least 1.")


@dataclass(frozen=True)
class Dialect:
    """The names that a catalogue has for the properties of a record."""

    organisation: str
    type: str
    keyword: str
    box: str


#: In the order in which they are tried. The third is ISO AP 1.0 as some older catalogues spell it.
DIALECTS = (
    Dialect("apiso:OrganisationName", "apiso:Type", "apiso:Subject", "apiso:BoundingBox"),
    Dialect("OrganisationName", "Type", "Subject", "BoundingBox"),
    Dialect("apiso:organisationName", "apiso:type", "apiso:subject", "apiso:boundingBox"),
    Dialect("dc:publisher", "dc:type", "dc:subject", "ows:BoundingBox"),
)
#: PropertyIsLike first: it finds more, and is the only one that finds single keywords in pycsw.
OPERATORS: tuple[Operator, ...] = ("PropertyIsLike", "PropertyIsEqualTo")


@dataclass(frozen=True)
class Condition:
    """A filter in the words of one dialect."""

    filters: CswFilter
    dialect: Dialect
    operator: Operator

    def __str__(self) -> str:
        names = [name for name, values in self._groups() if values]
        return f"{self.operator}({', '.join(names + ([self.dialect.box] if self.filters.bbox else []))})"

    def as_xml(self) -> Element:
        """The ``ogc:Filter``."""
        parts = [
            _any_of([self._comparison(name, value) for value in values]) for name, values in self._groups() if values
        ]
        if self.filters.bbox:
            parts.append(_box(self.dialect.box, self.filters.bbox))
        root = etree.Element(_ogc("Filter"), nsmap=NAMESPACES)
        root.append(_joined("And", parts))
        return root

    def _groups(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return (
            (self.dialect.organisation, self.filters.organisations),
            (self.dialect.type, self.filters.types),
            (self.dialect.keyword, self.filters.keywords),
        )

    def _comparison(self, name: str, value: str) -> Element:
        if self.operator == "PropertyIsEqualTo":
            return _compared(etree.Element(_ogc(self.operator)), name, value)
        signs = {"wildCard": "*", "singleChar": "?", "escapeChar": "\\", "matchCase": "false"}
        return _compared(etree.Element(_ogc(self.operator), signs), name, f"*{_escaped(value)}*")


def conditions(filters: CswFilter) -> Iterator[Condition]:
    """The filter in all dialects, in the order in which they are tried."""
    for dialect in DIALECTS:
        for operator in OPERATORS:
            yield Condition(filters, dialect, operator)


@dataclass(frozen=True)
class Form:
    """How a catalogue wants to be asked. `sort` is the name of the identifier, empty for no sorting."""

    method: Method = "POST"
    type_name: str = "gmd:MD_Metadata"
    sort: str = "apiso:Identifier"
    condition: Condition | None = None


#: In the order in which they are tried.
FORMS = (
    Form(),
    Form(sort="Identifier"),
    Form(type_name="csw:Record", sort="dc:identifier"),
    Form(sort=""),
    Form(type_name="csw:Record", sort=""),
    Form("GET"),
    Form("GET", sort=""),
    Form("GET", type_name="csw:Record", sort=""),
)


def forms(method: Method) -> list[Form]:
    """All forms, those with `method` first."""
    return sorted(FORMS, key=lambda form: form.method != method)


@dataclass(frozen=True)
class Query:
    """A window of records: the first one (from 1, as the standard counts) and how many.

    `hits` asks for their number only, `brief` for Dublin Core with the identifier.
    """

    position: int
    size: int
    hits: bool = False
    brief: bool = False

    @property
    def schema(self) -> str:
        return CSW if self.brief else GMD

    @property
    def element_set(self) -> str:
        return "brief" if self.brief else "full"

    @property
    def result_type(self) -> str:
        return "hits" if self.hits else "results"


def as_xml(form: Form, query: Query) -> bytes:
    """GetRecords as the body of a POST."""
    attributes = {"service": "CSW", "version": "2.0.2", "resultType": query.result_type}
    attributes |= {"startPosition": str(query.position), "maxRecords": str(query.size)}
    attributes |= {"outputFormat": "application/xml", "outputSchema": query.schema}
    root = etree.Element(_csw("GetRecords"), attributes, nsmap=NAMESPACES)
    asked = etree.SubElement(root, _csw("Query"), typeNames=form.type_name)
    etree.SubElement(asked, _csw("ElementSetName")).text = query.element_set
    if form.condition:
        etree.SubElement(asked, _csw("Constraint"), version="1.1.0").append(form.condition.as_xml())
    if form.sort:
        by = etree.SubElement(etree.SubElement(asked, _ogc("SortBy")), _ogc("SortProperty"))
        etree.SubElement(by, _ogc("PropertyName")).text = form.sort
        etree.SubElement(by, _ogc("SortOrder")).text = "ASC"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def as_address(address: str, form: Form, query: Query) -> str:
    """GetRecords as an address for GET."""
    prefix = form.type_name.partition(":")[0]
    parameters = {
        "service": "CSW",
        "version": "2.0.2",
        "request": "GetRecords",
        "resultType": query.result_type,
        "startPosition": str(query.position),
        "maxRecords": str(query.size),
        "outputFormat": "application/xml",
        "outputSchema": query.schema,
        "typeNames": form.type_name,
        "namespace": f"xmlns({prefix}={NAMESPACES[prefix]})",
        "elementSetName": query.element_set,
    }
    if form.sort:
        parameters["sortBy"] = f"{form.sort}:A"
    if form.condition:
        parameters |= {"constraintLanguage": "FILTER", "constraint_language_version": "1.1.0"}
        parameters["constraint"] = etree.tostring(form.condition.as_xml(), encoding="unicode")
    return with_parameters(address, parameters)


def capabilities_address(address: str) -> str:
    return with_parameters(address, {"service": "CSW", "version": "2.0.2", "request": "GetCapabilities"})


def base_address(url: str) -> str:
    """`url` without what belongs to a single request; other parameters (``map=…``) stay. What is no address stays."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if name.lower() not in _OF_THE_PROTOCOL]
    return urlunsplit(parts._replace(query=urlencode(kept), fragment=""))


def with_parameters(address: str, parameters: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}"


def _compared(comparison: Element, name: str, value: str) -> Element:
    etree.SubElement(comparison, _ogc("PropertyName")).text = name
    etree.SubElement(comparison, _ogc("Literal")).text = value
    return comparison


def _box(name: str, bbox: tuple[float, float, float, float]) -> Element:
    west, south, east, north = bbox
    box = etree.Element(_ogc("BBOX"))
    etree.SubElement(box, _ogc("PropertyName")).text = name
    envelope = etree.SubElement(box, f"{{{GML}}}Envelope", srsName=LON_LAT)
    etree.SubElement(envelope, f"{{{GML}}}lowerCorner").text = f"{west} {south}"
    etree.SubElement(envelope, f"{{{GML}}}upperCorner").text = f"{east} {north}"
    return box


def _any_of(parts: list[Element]) -> Element:
    return _joined("Or", parts)


def _joined(operator: str, parts: list[Element]) -> Element:
    """One part stands alone: And and Or need two (OGC 04-095, 8)."""
    if len(parts) == 1:
        return parts[0]
    joined = etree.Element(_ogc(operator))
    joined.extend(parts)
    return joined


def _escaped(value: str) -> str:
    return "".join(f"\\{sign}" if sign in "*?\\" else sign for sign in value)


def _ogc(name: str) -> str:
    return f"{{{OGC}}}{name}"


def _csw(name: str) -> str:
    return f"{{{CSW}}}{name}"
