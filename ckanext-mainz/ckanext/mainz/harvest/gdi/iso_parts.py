"""How each part of a record of ISO 19139 is read. Everything stays text as it came."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.mainz.foundation.xml import Element
from ckanext.mainz.harvest.gdi import walk
from ckanext.mainz.harvest.gdi.iso_shapes import (
    Anchored,
    Box,
    Conformance,
    Constraint,
    Date,
    Extent,
    Format,
    Identifier,
    Keywords,
    OnlineResource,
    OperatesOn,
    Operation,
    Party,
    Period,
    Polygon,
    Service,
)

METRES = {"": 1.0, "m": 1.0, "meter": 1.0, "metre": 1.0, "km": 1000.0, "cm": 0.01, "mm": 0.001}


def anchored(element: Element) -> Anchored:
    """The text and address of a property."""
    return Anchored(walk.text(element), walk.href(element))


def identifier(element: Element) -> Identifier:
    """MD_Identifier or RS_Identifier. A code that is empty but has an address is that address."""
    code = walk.first(element, "code")
    return Identifier(walk.text(code) or walk.href(code), walk.text_at(element, "codeSpace"))


def date(element: Element) -> Date:
    """CI_Date."""
    return Date(walk.text_at(element, "date"), walk.code(walk.first(element, "dateType")))


def party(element: Element) -> Party:
    """CI_ResponsibleParty."""
    return Party(
        role=walk.code(walk.first(element, "role")),
        organisation=walk.text_at(element, "organisationName"),
        person=walk.text_at(element, "individualName"),
        mails=walk.texts_at(element, "contactInfo/*/address/*/electronicMailAddress"),
        telephone=walk.text_at(element, "contactInfo/*/phone/*/voice"),
        url=walk.text_at(element, "contactInfo/*/onlineResource/*/linkage"),
    )


def keywords(element: Element) -> Keywords:
    """MD_Keywords."""
    words = tuple(one for one in map(anchored, walk.each(element, "keyword")) if one.text or one.href)
    title = walk.first(element, "thesaurusName/*/title")
    return Keywords(words, anchored(title) if title is not None else Anchored(""))


def constraint(element: Element) -> Constraint:
    """MD_Constraints, MD_LegalConstraints or MD_SecurityConstraints."""
    return Constraint(
        limitations=tuple(map(anchored, walk.each(element, "useLimitation"))),
        access=walk.codes_at(element, "accessConstraints"),
        use=walk.codes_at(element, "useConstraints"),
        others=tuple(map(anchored, walk.each(element, "otherConstraints"))),
        security=walk.name_of(element) == "MD_SecurityConstraints",
    )


def extent(element: Element) -> Extent:
    """EX_Extent."""
    return Extent(
        boxes=tuple(map(_box, walk.each(element, "geographicElement/EX_GeographicBoundingBox"))),
        polygons=tuple(map(_polygon, walk.each(element, "geographicElement/EX_BoundingPolygon"))),
        places=tuple(
            anchored(one) for one in walk.each(element, "geographicElement/EX_GeographicDescription/*/*/code")
        ),
        periods=tuple(_period(one) for one in walk.each(element, "temporalElement/*/extent/*")),
    )


def _box(element: Element) -> Box:
    west, east = (walk.text_at(element, f"{side}BoundLongitude") for side in ("west", "east"))
    south, north = (walk.text_at(element, f"{side}BoundLatitude") for side in ("south", "north"))
    return Box(west, east, south, north)


def _polygon(element: Element) -> Polygon:
    systems = [walk.attribute(one, "srsName") for one in element.iterdescendants() if walk.name_of(one)]
    outer = [*walk.below(element, "exterior"), *walk.below(element, "outerBoundaryIs")]
    return Polygon(tuple(_ring(one) for one in outer), next((one for one in systems if one), ""))


def _ring(element: Element) -> str:
    found = [one for name in ("posList", "coordinates", "pos") for one in walk.below(element, name)]
    return " ".join((one.text or "").strip() for one in found)


def _period(element: Element) -> Period:
    """TimePeriod, TimeInstant or whatever stands there."""
    if walk.name_of(element) == "TimeInstant":
        instant = _position(element, "timePosition")
        return Period(instant, instant)
    return Period(
        _position(element, "beginPosition") or _position(walk.first(element, "begin/*"), "timePosition"),
        _position(element, "endPosition") or _position(walk.first(element, "end/*"), "timePosition"),
    )


def _position(element: Element | None, name: str) -> str:
    found = walk.first(element, name)
    return walk.text(found) or walk.attribute(found, "indeterminatePosition")


def distances(subject: Element | None) -> Iterator[str]:
    """Ground distances in metres; what is no number stays as it came."""
    for one in walk.each(subject, "spatialResolution/*/distance"):
        unit = walk.attribute(next(iter(one), None), "uom").rpartition("#")[2].casefold()
        given = walk.text(one)
        try:
            yield f"{float(given.replace(',', '.')) * METRES[unit]:.6f}".rstrip("0").rstrip(".")
        except (ValueError, KeyError):
            yield f"{given} {unit}".strip()


def conformance(element: Element) -> Conformance:
    """DQ_ConformanceResult."""
    title = walk.first(element, "specification/*/title")
    passed = walk.text_at(element, "pass").casefold() in ("true", "1")
    return Conformance(anchored(title) if title is not None else Anchored(""), passed)


def formats(root: Element) -> Iterator[Format]:
    """The formats of a distribution and of its distributors."""
    paths = ("distributionFormat/*", "distributor/*/distributorFormat/*")
    for one in (found for path in paths for found in walk.each(root, f"distributionInfo/*/{path}")):
        yield Format(walk.text_at(one, "name"), walk.text_at(one, "version"))


def online(root: Element) -> Iterator[OnlineResource]:
    """The addresses of a distribution and of its distributors."""
    paths = ("transferOptions/*", "distributor/*/distributorTransferOptions/*")
    for options in (found for path in paths for found in walk.each(root, f"distributionInfo/*/{path}")):
        size = walk.text_at(options, "transferSize")
        yield from (_online(one, size) for one in walk.each(options, "onLine/*"))


def _online(element: Element, size: str = "") -> OnlineResource:
    return OnlineResource(
        url=walk.text_at(element, "linkage"),
        function=walk.code(walk.first(element, "function")),
        protocol=walk.text_at(element, "protocol"),
        profile=walk.text_at(element, "applicationProfile"),
        name=walk.text_at(element, "name"),
        description=walk.text_at(element, "description"),
        size=size,
    )


def service(subject: Element) -> Service:
    """SV_ServiceIdentification."""
    return Service(
        type=walk.text_at(subject, "serviceType"),
        versions=walk.texts_at(subject, "serviceTypeVersion"),
        operations=tuple(map(_operation, walk.each(subject, "containsOperations/*"))),
        operates_on=tuple(
            OperatesOn(walk.attribute(one, "uuidref"), walk.attribute(one, "href"))
            for one in walk.each(subject, "operatesOn")
        ),
    )


def _operation(element: Element) -> Operation:
    return Operation(walk.text_at(element, "operationName"), walk.texts_at(element, "connectPoint/*/linkage"))
