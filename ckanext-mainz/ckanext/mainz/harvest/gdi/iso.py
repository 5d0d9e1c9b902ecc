"""What a record of ISO 19139 says, as it says it: texts, not yet judged. Other modules make sense of them.

Records come from many programs. A text may be a CharacterString, an Anchor, a localised or a bare text; gml is 3.1 or
3.2; of several identificationInfo only the first counts (conventions of GDI-DE). Nothing here raises.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.foundation.xml import Element
from ckanext.mainz.harvest.gdi import iso_parts, walk
from ckanext.mainz.harvest.gdi.iso_shapes import (
    Anchored,
    Conformance,
    Constraint,
    Date,
    Extent,
    Format,
    Identifier,
    Keywords,
    OnlineResource,
    Party,
    Service,
)
from ckanext.mainz.metadata.rdf.problems import Problem

ROOT = "MD_Metadata"
SYSTEM = "referenceSystemInfo/*/referenceSystemIdentifier/*/code"
FREQUENCY = "resourceMaintenance/*/maintenanceAndUpdateFrequency"
NO_RECORD = N_("There is no metadata record of ISO 19139 in what the catalogue gave.")
NO_CONTENT = N_("The record says nothing about the data: it has no identificationInfo.")
ONLY_FIRST = N_("The record describes {value} things at once; only the first is read.")


@dataclass(frozen=True)
class IsoRecord:
    """A record. Everything is text as it came, without blanks around it; what is missing is empty.

    `level` is the code of hierarchyLevel, `points_of_contact` belong to the data and `contacts` to the metadata,
    `distances` are ground distances in metres, `service` is there for records of services only.
    """

    file_identifier: str = ""
    parent_identifier: str = ""
    uuid: str = ""
    level: str = ""
    language: str = ""
    date_stamp: str = ""
    title: str = ""
    abstract: str = ""
    supplemental: str = ""
    identifiers: tuple[Identifier, ...] = ()
    dates: tuple[Date, ...] = ()
    points_of_contact: tuple[Party, ...] = ()
    contacts: tuple[Party, ...] = ()
    keywords: tuple[Keywords, ...] = ()
    topics: tuple[str, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    frequency: str = ""
    languages: tuple[str, ...] = ()
    extents: tuple[Extent, ...] = ()
    distances: tuple[str, ...] = ()
    reference_systems: tuple[Anchored, ...] = ()
    lineage: str = ""
    conformance: tuple[Conformance, ...] = ()
    formats: tuple[Format, ...] = ()
    online: tuple[OnlineResource, ...] = ()
    previews: tuple[str, ...] = ()
    service: Service | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def is_service(self) -> bool:
        """Whether a service is described, whatever its level says."""
        return self.service is not None or self.level.casefold() == "service"


def records(root: Element) -> Iterator[IsoRecord]:
    """Every record in a document, wrapped in an answer of the catalogue or not."""
    if walk.name_of(root) == ROOT:
        yield read(root)
        return
    for element in walk.below(root, ROOT):
        yield read(element)


def read(element: Element) -> IsoRecord:
    """The record that an element is, or the first one in it (``GetRecordByIdResponse``).

    Where there is none, the record is empty and has a problem.
    """
    root = element if walk.name_of(element) == ROOT else next(walk.below(element, ROOT), None)
    if root is None:
        return IsoRecord(problems=(Problem("identifier", NO_RECORD, walk.name_of(element)),))
    found = [*walk.each(root, "identificationInfo/*")]
    subject = found[0] if found else None
    return replace(_with_metadata(_of_subject(subject), root), problems=tuple(_problems(len(found))))


def _problems(subjects: int) -> Iterator[Problem]:
    if not subjects:
        yield Problem("title", NO_CONTENT, "")
    if subjects > 1:
        yield Problem("title", ONLY_FIRST, str(subjects))


def _with_metadata(record: IsoRecord, root: Element) -> IsoRecord:
    """The record with what stands outside of identificationInfo."""
    return replace(
        record,
        file_identifier=walk.text_at(root, "fileIdentifier"),
        parent_identifier=walk.text_at(root, "parentIdentifier"),
        level=next(iter(walk.codes_at(root, "hierarchyLevel")), ""),
        language=walk.code(walk.first(root, "language")),
        date_stamp=walk.text_at(root, "dateStamp"),
        contacts=tuple(map(iso_parts.party, walk.each(root, "contact/*"))),
        reference_systems=tuple(map(iso_parts.anchored, walk.each(root, SYSTEM))),
        lineage="\n".join(walk.texts_at(root, "dataQualityInfo/*/lineage/*/statement")),
        conformance=tuple(map(iso_parts.conformance, walk.below(root, "DQ_ConformanceResult"))),
        formats=tuple(iso_parts.formats(root)),
        online=tuple(iso_parts.online(root)),
    )


def _of_subject(subject: Element | None) -> IsoRecord:
    """What identificationInfo says."""
    return IsoRecord(
        uuid=walk.attribute(subject, "uuid"),
        title=walk.text_at(subject, "citation/*/title"),
        abstract=walk.text_at(subject, "abstract"),
        supplemental=walk.text_at(subject, "supplementalInformation"),
        identifiers=tuple(map(iso_parts.identifier, walk.each(subject, "citation/*/identifier/*"))),
        dates=tuple(map(iso_parts.date, walk.each(subject, "citation/*/date/*"))),
        points_of_contact=tuple(map(iso_parts.party, walk.each(subject, "pointOfContact/*"))),
        keywords=tuple(map(iso_parts.keywords, walk.each(subject, "descriptiveKeywords/*"))),
        topics=walk.texts_at(subject, "topicCategory"),
        constraints=tuple(map(iso_parts.constraint, walk.each(subject, "resourceConstraints/*"))),
        frequency=next(iter(walk.codes_at(subject, FREQUENCY)), ""),
        languages=walk.codes_at(subject, "language"),
        extents=tuple(map(iso_parts.extent, walk.each(subject, "extent/*"))),
        distances=tuple(iso_parts.distances(subject)),
        previews=walk.texts_at(subject, "graphicOverview/*/fileName"),
        service=_service(subject),
    )


def _service(subject: Element | None) -> Service | None:
    is_service = subject is not None and walk.name_of(subject) == "SV_ServiceIdentification"
    return iso_parts.service(subject) if is_service else None
