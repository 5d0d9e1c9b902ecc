"""A record of a catalogue, out of its statements, as the portal would have it."""

from __future__ import annotations

from pyoxigraph import BlankNode, NamedNode, Triple

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.dcat import finishing, identifiers, licences
from ckanext.mainz.harvest.dcat.amending import Looking, amended
from ckanext.mainz.harvest.dcat.finishing import Draft, Portal
from ckanext.mainz.harvest.dcat.statements import DATASET, SERIES, parsed, value_of
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.kinds import Candidate
from ckanext.mainz.harvest.report import Reason
from ckanext.mainz.metadata.rdf.graph import MemoryGraph
from ckanext.mainz.metadata.rdf.reading import ReadRecord, read_triples

TYPES = {DATASET: "dataset", SERIES: "dataset_series"}
#: Fields of which this part has a word of its own.
TOLD_HERE = frozenset({"license", "license_id", "title"})
MADE_UP = "urn:x-"
NOT_READ = N_("The record cannot be read as one of DCAT.")


def candidate(raw: bytes, subject: str, kind: str, portal: Portal) -> Candidate:
    """The record of a node of this class, out of the statements that belong to it."""
    uri = value_of(subject)
    triples = parsed(raw)
    looking = Looking(MemoryGraph(triples), NamedNode(uri) if _is_legal(uri) else _node(triples, subject, uri))
    found = read_triples(amended(triples, portal.settings)).all
    type_ = TYPES.get(kind, "data_service")
    read = next((one for one in found if one.uri == uri and one.package["type"] == type_), None)
    if read is None:
        return Candidate(identifiers.scoped(uri or subject, portal.host), "", refused=Reason("not_read", NOT_READ))
    return finishing.candidate(_draft(read, looking, portal), portal)


def _is_legal(uri: str) -> bool:
    try:
        return bool(uri and NamedNode(uri))
    except ValueError:
        return False


def _node(triples: list[Triple], subject: str, uri: str) -> NamedNode | BlankNode:
    """The node of a record without an IRI, or with one that is none, which cannot be made anew."""
    named = (one.subject for one in triples if isinstance(one.subject, NamedNode) and one.subject.value == uri)
    return next(named, None) or BlankNode(subject.removeprefix("_:") if not uri else "nothing")


def _draft(read: ReadRecord, looking: Looking, portal: Portal) -> Draft:
    settings = portal.settings
    notes = Notes([one for one in read.problems if one.field not in TOLD_HERE])
    record = looking.license(looking.node, settings, notes)
    files = [looking.license(one, settings, notes) for one in looking.files]
    package = dict(read.package)
    if "resources" in package:
        pairs = zip(package["resources"], read.resource_uris, strict=True)
        package["resources"] = [{**one, "source_key": _key(one, uri)} for one, uri in pairs]
    series = package["type"] == "dataset_series"
    default = licences.default_for(package["type"], settings)
    return Draft(
        package=package,
        notes=notes,
        decision=licences.Decision() if series else licences.decide(record, files, default, notes),
        uri=read.uri,
        identifiers=looking.identifiers(),
        typed=looking.persons(),
        half=looking.undescribed(),
    )


def _key(resource: finishing.Row, uri: str) -> str:
    """What a file is known by: the IRI of its distribution, else its address."""
    return identifiers.file_key(str(resource.get("url", "")) if uri.startswith(MADE_UP) else uri)
