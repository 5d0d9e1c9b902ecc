"""Records of ISO 19139 made up for tests: one whole dataset and one whole service, whose parts can be exchanged."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ckanext.mainz.foundation import xml
from ckanext.mainz.harvest.gdi import iso, mapping
from ckanext.mainz.harvest.gdi.iso import IsoRecord
from ckanext.mainz.harvest.gdi.mapped import Mapped
from ckanext.mainz.harvest.gdi.settings import GdiSettings

TODAY = date(2026, 11, 28)
ID = "0f7a1c52-9d3e-4b1a-8c55-2a6f0d9e7b41"
DATA_ID = f"https://geo.mainz.example/registry/spatial/dataset/{ID}"
SERVICE_ID = "5b2e8f10-33aa-4c7d-9e01-77c0f4d1a2b3"
SETTINGS = GdiSettings(
    organisation="amt-62",
    organisations={"Grün- und Umweltamt": "amt-67", "Umweltamt Mainz": "amt-67"},
    contributor_id="http://dcat-ap.de/def/contributors/openGovernmentDataPortalRheinlandPfalz",
)
SPACES = {
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gco": "http://www.isotc211.org/2005/gco",
    "gmx": "http://www.isotc211.org/2005/gmx",
    "srv": "http://www.isotc211.org/2005/srv",
    "xlink": "http://www.w3.org/1999/xlink",
    "gml": "http://www.opengis.net/gml",
    "gml32": "http://www.opengis.net/gml/3.2",
    "csw": "http://www.opengis.net/cat/csw/2.0.2",
}
DECLARED = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in SPACES.items())


# --- parts -----------------------------------------------------------------------------------------------------------


def text(name: str, value: str) -> str:
    return f"<gmd:{name}><gco:CharacterString>{escape(value)}</gco:CharacterString></gmd:{name}>"


def anchor(name: str, value: str, href: str) -> str:
    return f"<gmd:{name}><gmx:Anchor xlink:href={quoteattr(href)}>{escape(value)}</gmx:Anchor></gmd:{name}>"


def code(name: str, kind: str, value: str) -> str:
    return f"<gmd:{name}><gmd:{kind} codeList='' codeListValue={quoteattr(value)}/></gmd:{name}>"


def dated(day: str, kind: str) -> str:
    return (
        f"<gmd:date><gmd:CI_Date><gmd:date><gco:Date>{day}</gco:Date></gmd:date>"
        f"{code('dateType', 'CI_DateTypeCode', kind)}</gmd:CI_Date></gmd:date>"
    )


def identifier(value: str, space: str = "") -> str:
    kind = "RS_Identifier" if space else "MD_Identifier"
    inner = text("code", value) + (text("codeSpace", space) if space else "")
    return f"<gmd:identifier><gmd:{kind}>{inner}</gmd:{kind}></gmd:identifier>"


def party(
    role: str, organisation: str = "", *, name: str = "", mail: str = "", phone: str = "", url: str = "", at: str = ""
) -> str:
    link = f"<gmd:onlineResource><gmd:CI_OnlineResource>{linkage(url)}</gmd:CI_OnlineResource></gmd:onlineResource>"
    inner = (
        (text("individualName", name) if name else "")
        + (text("organisationName", organisation) if organisation else "")
        + "<gmd:contactInfo><gmd:CI_Contact>"
        + f"<gmd:phone><gmd:CI_Telephone>{text('voice', phone)}</gmd:CI_Telephone></gmd:phone>"
        + f"<gmd:address><gmd:CI_Address>{text('electronicMailAddress', mail)}</gmd:CI_Address></gmd:address>"
        + (link if url else "")
        + "</gmd:CI_Contact></gmd:contactInfo>"
        + code("role", "CI_RoleCode", role)
    )
    name = at or "pointOfContact"
    return f"<gmd:{name}><gmd:CI_ResponsibleParty>{inner}</gmd:CI_ResponsibleParty></gmd:{name}>"


def keywords(*words: str, thesaurus: str = "") -> str:
    """A block; words that begin with ``<`` are elements already."""
    inner = "".join(word if word.startswith("<") else text("keyword", word) for word in words)
    title = thesaurus if thesaurus.startswith("<") else text("title", thesaurus)
    cited = f"<gmd:thesaurusName><gmd:CI_Citation>{title}</gmd:CI_Citation></gmd:thesaurusName>" if thesaurus else ""
    return f"<gmd:descriptiveKeywords><gmd:MD_Keywords>{inner}{cited}</gmd:MD_Keywords></gmd:descriptiveKeywords>"


def constraints(*others: str, limitations: tuple[str, ...] = (), kind: str = "MD_LegalConstraints") -> str:
    """A block of legal constraints; texts that begin with ``<gmd:`` are elements already."""
    said = [one if one.startswith("<gmd:") else text("otherConstraints", one) for one in others]
    limits = [text("useLimitation", one) for one in limitations]
    return f"<gmd:resourceConstraints><gmd:{kind}>{''.join(limits + said)}</gmd:{kind}></gmd:resourceConstraints>"


def licence(id: str = "dl-de-by-2.0", url: str = "", source: str = "Landeshauptstadt Mainz") -> str:
    """JSON as PHP writes it, with escaped slashes."""
    found = json.dumps({"id": id, "name": "Lizenz", "url": url, "quelle": source})
    return found.replace("/", "\\/")


def box(west: str, east: str, south: str, north: str) -> str:
    sides = {"westBoundLongitude": west, "eastBoundLongitude": east}
    sides |= {"southBoundLatitude": south, "northBoundLatitude": north}
    inner = "".join(f"<gmd:{name}><gco:Decimal>{value}</gco:Decimal></gmd:{name}>" for name, value in sides.items())
    return geographic(f"<gmd:EX_GeographicBoundingBox>{inner}</gmd:EX_GeographicBoundingBox>")


def geographic(inner: str) -> str:
    return extent(f"<gmd:geographicElement>{inner}</gmd:geographicElement>")


def polygon(points: str, space: str = "gml32", system: str = "") -> str:
    named = f" srsName={quoteattr(system)}" if system else ""
    ring = f"<{space}:LinearRing><{space}:posList>{points}</{space}:posList></{space}:LinearRing>"
    inner = f"<{space}:Polygon{named}><{space}:exterior>{ring}</{space}:exterior></{space}:Polygon>"
    return geographic(f"<gmd:EX_BoundingPolygon><gmd:polygon>{inner}</gmd:polygon></gmd:EX_BoundingPolygon>")


def place(value: str) -> str:
    inner = f"<gmd:MD_Identifier>{text('code', value)}</gmd:MD_Identifier>"
    return geographic(
        f"<gmd:EX_GeographicDescription><gmd:geographicIdentifier>{inner}</gmd:geographicIdentifier>"
        "</gmd:EX_GeographicDescription>"
    )


def period(begin: str, end: str, space: str = "gml") -> str:
    inner = f"<{space}:TimePeriod><{space}:beginPosition>{begin}</{space}:beginPosition>"
    inner += f"<{space}:endPosition>{end}</{space}:endPosition></{space}:TimePeriod>"
    return temporal(inner)


def temporal(inner: str) -> str:
    return extent(
        f"<gmd:temporalElement><gmd:EX_TemporalExtent><gmd:extent>{inner}</gmd:extent></gmd:EX_TemporalExtent>"
        "</gmd:temporalElement>"
    )


def extent(inner: str) -> str:
    return f"<gmd:extent><gmd:EX_Extent>{inner}</gmd:EX_Extent></gmd:extent>"


def linkage(url: str) -> str:
    return f"<gmd:linkage><gmd:URL>{escape(url)}</gmd:URL></gmd:linkage>"


def online(url: str, function: str = "", name: str = "", description: str = "", protocol: str = "") -> str:
    inner = linkage(url) + "".join(
        text(field, value) for field, value in (("protocol", protocol), ("name", name), ("description", description))
    )
    inner += code("function", "CI_OnLineFunctionCode", function) if function else ""
    return f"<gmd:onLine><gmd:CI_OnlineResource>{inner}</gmd:CI_OnlineResource></gmd:onLine>"


def transfer(*links: str, size: str = "") -> str:
    given = f"<gmd:transferSize><gco:Real>{size}</gco:Real></gmd:transferSize>" if size else ""
    inner = f"<gmd:MD_DigitalTransferOptions>{given}{''.join(links)}</gmd:MD_DigitalTransferOptions>"
    return f"<gmd:transferOptions>{inner}</gmd:transferOptions>"


def file_format(name: str, version: str = "") -> str:
    inner = f"<gmd:MD_Format>{text('name', name)}{text('version', version)}</gmd:MD_Format>"
    return f"<gmd:distributionFormat>{inner}</gmd:distributionFormat>"


def distribution(*parts: str) -> str:
    return f"<gmd:distributionInfo><gmd:MD_Distribution>{''.join(parts)}</gmd:MD_Distribution></gmd:distributionInfo>"


def quality(inner: str) -> str:
    return f"<gmd:dataQualityInfo><gmd:DQ_DataQuality>{inner}</gmd:DQ_DataQuality></gmd:dataQualityInfo>"


def conformance(title: str, passed: str = "true") -> str:
    cited = f"<gmd:CI_Citation>{title if title.startswith('<') else text('title', title)}</gmd:CI_Citation>"
    result = f"<gmd:specification>{cited}</gmd:specification><gmd:pass><gco:Boolean>{passed}</gco:Boolean></gmd:pass>"
    inner = f"<gmd:result><gmd:DQ_ConformanceResult>{result}</gmd:DQ_ConformanceResult></gmd:result>"
    return f"<gmd:report><gmd:DQ_DomainConsistency>{inner}</gmd:DQ_DomainConsistency></gmd:report>"


def frequency(value: str) -> str:
    inner = code("maintenanceAndUpdateFrequency", "MD_MaintenanceFrequencyCode", value)
    kind = "MD_MaintenanceInformation"
    return f"<gmd:resourceMaintenance><gmd:{kind}>{inner}</gmd:{kind}></gmd:resourceMaintenance>"


def operation(name: str, url: str) -> str:
    inner = f"<srv:operationName><gco:CharacterString>{name}</gco:CharacterString></srv:operationName>"
    inner += f"<srv:connectPoint><gmd:CI_OnlineResource>{linkage(url)}</gmd:CI_OnlineResource></srv:connectPoint>"
    kind = "SV_OperationMetadata"
    return f"<srv:containsOperations><srv:{kind}>{inner}</srv:{kind}></srv:containsOperations>"


def operates_on(uuidref: str = "", href: str = "") -> str:
    named = f" uuidref={quoteattr(uuidref)}" if uuidref else ""
    linked = f" xlink:href={quoteattr(href)}" if href else ""
    return f"<srv:operatesOn{named}{linked}/>"


def service_type(type: str, *versions: str) -> str:
    inner = f"<srv:serviceType><gco:LocalName>{type}</gco:LocalName></srv:serviceType>"
    return inner + "".join(
        f"<srv:serviceTypeVersion><gco:CharacterString>{one}</gco:CharacterString></srv:serviceTypeVersion>"
        for one in versions
    )


# --- records ---------------------------------------------------------------------------------------------------------

#: The parts of a record by where they stand, in order.
METADATA = ("file_identifier", "language", "parent", "level", "contact", "date_stamp", "systems")
CITATION = ("title", "alternate_title", "dates", "identifiers")
SUBJECT = ("abstract", "contacts", "frequency", "overview", "keywords", "constraints", "resolution", "languages")
SUBJECT += ("topics", "service_type", "extents", "supplemental", "operations", "operates_on")
BEHIND = ("distribution", "quality")
SHARED = {
    "language": code("language", "LanguageCode", "ger"),
    "contact": party("pointOfContact", "Vermessungsamt", mail="metadaten@geo.mainz.example", at="contact"),
    "date_stamp": "<gmd:dateStamp><gco:Date>2026-03-02</gco:Date></gmd:dateStamp>",
    "constraints": constraints(licence()),
    "abstract": text("abstract", "Alle Bäume an Straßen und in Parks."),
}
DATASET = {
    **SHARED,
    "file_identifier": text("fileIdentifier", ID),
    "level": code("hierarchyLevel", "MD_ScopeCode", "dataset"),
    "title": text("title", "Baumkataster"),
    "dates": dated("2024-05-01", "publication") + dated("2025-06-30", "revision"),
    "identifiers": identifier(DATA_ID),
    "contacts": party("pointOfContact", "Grün- und Umweltamt", mail="baeume@mainz.example", phone="06131 12-0"),
    "keywords": keywords("opendata", "Bäume", "Stadtgrün"),
    "topics": "<gmd:topicCategory><gmd:MD_TopicCategoryCode>environment</gmd:MD_TopicCategoryCode></gmd:topicCategory>",
    "extents": box("8.2", "8.3", "49.95", "50.0"),
    "distribution": distribution(
        file_format("GeoPackage"), transfer(online("https://geo.mainz.example/baeume.gpkg", "download"))
    ),
}
SERVICE = {
    **SHARED,
    "file_identifier": text("fileIdentifier", SERVICE_ID),
    "level": code("hierarchyLevel", "MD_ScopeCode", "service"),
    "title": text("title", "Baumkataster WMS"),
    "keywords": keywords("opendata", "infoMapAccessService"),
    "service_type": service_type("view", "OGC:WMS 1.3.0"),
    "operations": operation("GetCapabilities", "https://geo.mainz.example/wms?SERVICE=WMS&REQUEST=GetCapabilities"),
    "operates_on": operates_on(DATA_ID),
}


def document(parts: dict[str, str], kind: str = "gmd:MD_DataIdentification") -> bytes:
    """The XML of a record."""
    cited = "".join(parts.get(name, "") for name in CITATION)
    subject = f"<gmd:citation><gmd:CI_Citation>{cited}</gmd:CI_Citation></gmd:citation>"
    subject += "".join(parts.get(name, "") for name in SUBJECT)
    identification = f"<gmd:identificationInfo><{kind}>{subject}</{kind}></gmd:identificationInfo>"
    before = "".join(parts.get(name, "") for name in METADATA)
    behind = "".join(parts.get(name, "") for name in BEHIND)
    return (
        f"<gmd:MD_Metadata {DECLARED}>{before}{identification}{parts.get('second', '')}{behind}</gmd:MD_Metadata>"
    ).encode()


def dataset_document(**changes: str) -> bytes:
    return document(DATASET | changes)


def service_document(**changes: str) -> bytes:
    return document(SERVICE | changes, "srv:SV_ServiceIdentification")


def dataset(**changes: str) -> IsoRecord:
    return iso.read(xml.parse(dataset_document(**changes)))


def service(**changes: str) -> IsoRecord:
    return iso.read(xml.parse(service_document(**changes)))


def mapped(*services: IsoRecord, settings: GdiSettings = SETTINGS, today: date = TODAY, **changes: str) -> Mapped:
    """A dataset with some parts exchanged, and its services, as the portal would have it."""
    return mapping.map_dataset(dataset(**changes), services, settings, today)


def package(
    *services: IsoRecord, settings: GdiSettings = SETTINGS, today: date = TODAY, **changes: str
) -> dict[str, Any]:
    """The package of `mapped`."""
    return mapped(*services, settings=settings, today=today, **changes).package


def problems(found: Mapped, field: str) -> list[str]:
    """The sentences about a field."""
    return [one.text() for one in found.problems if one.field == field]
