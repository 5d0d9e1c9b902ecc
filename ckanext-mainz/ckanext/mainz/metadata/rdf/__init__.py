"""DCAT-AP.de: records to RDF and back. Everything others need is named here; docs/developers/rdf.md explains it."""

from __future__ import annotations

from ckanext.mainz.metadata.rdf.effective import Effective, effective, references
from ckanext.mainz.metadata.rdf.formats import RdfError, RdfLimits, written
from ckanext.mainz.metadata.rdf.mapping import PROFILES, V2, V3
from ckanext.mainz.metadata.rdf.problems import Problem
from ckanext.mainz.metadata.rdf.reading import ReadRecord, ReadResult, read
from ckanext.mainz.metadata.rdf.settings import RdfSettings, rdf_settings
from ckanext.mainz.metadata.rdf.writing import Described, catalogue, describe, document

__all__ = [
    "PROFILES",
    "V2",
    "V3",
    "Described",
    "Effective",
    "Problem",
    "RdfError",
    "RdfLimits",
    "RdfSettings",
    "ReadRecord",
    "ReadResult",
    "catalogue",
    "describe",
    "document",
    "effective",
    "rdf_settings",
    "read",
    "references",
    "written",
]
