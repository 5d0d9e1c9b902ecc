"""A dataset in the words of schema.org, as search engines read them (https://schema.org/Dataset). Pure."""

from __future__ import annotations

from typing import Any

from ckanext.mainz.metadata.jsonld.facts import Dataset, File, Organization, Place

Json = dict[str, Any]


def dataset(facts: Dataset, catalogue: str, site: str) -> Json:
    """The description of a dataset; `catalogue` is the portal's name and `site` its address."""
    return filled(
        {
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "@id": facts.iri,
            "url": facts.page,
            "identifier": facts.iri,
            "name": facts.title,
            "description": facts.description,
            "keywords": list(facts.keywords),
            "license": facts.license,
            "isAccessibleForFree": True,
            "inLanguage": list(facts.languages),
            "version": facts.version,
            "datePublished": facts.issued,
            "dateModified": facts.modified,
            "creator": organization(facts.publisher),
            "publisher": organization(facts.publisher),
            "temporalCoverage": [f"{start or '..'}/{end or '..'}" for start, end in facts.periods],
            "spatialCoverage": [_place(one) for one in facts.places],
            "variableMeasured": sorted({one.title or one.column for file in facts.files for one in file.columns}),
            "includedInDataCatalog": {"@type": "DataCatalog", "name": catalogue, "url": site},
            "distribution": [_file(one) for one in facts.files],
        }
    )


def organization(one: Organization) -> Json:
    """Who publishes."""
    contact = {"@type": "ContactPoint", "email": one.email} if one.email else {}
    return filled({"@type": "Organization", "name": one.name, "url": one.address, "contactPoint": contact})


def _place(one: Place) -> Json:
    shape: Json = {}
    if one.box:
        west, south, east, north = one.box
        shape = {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
    return filled({"@type": "Place", "@id": one.uri, "name": one.name, "geo": shape})


def _file(one: File) -> Json:
    return filled(
        {
            "@type": "DataDownload",
            "@id": one.id,
            "name": one.name,
            "description": one.description,
            "contentUrl": one.address,
            "encodingFormat": one.media_type,
            "contentSize": f"{one.size} B" if one.size else "",
            "sha256": one.sha256,
        }
    )


def filled(entry: Json) -> Json:
    """The entry without what is empty."""
    return {name: value for name, value in entry.items() if value not in ("", [], {}, None)}
