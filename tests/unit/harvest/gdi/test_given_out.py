"""What was mapped is given out as DCAT-AP.de wants it: the shapes find nothing, the rules of quality neither."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from tests.unit.harvest.gdi import records as r
from tests.unit.harvest.gdi.validated import schema
from tests.unit.metadata.rdf.judge import findings

from ckanext.mainz.harvest.gdi import mapping
from ckanext.mainz.metadata import licenses, vocabulary
from ckanext.mainz.metadata.quality.findings import Terms
from ckanext.mainz.metadata.quality.findings import findings as rules_broken
from ckanext.mainz.metadata.rdf import RdfSettings, describe, document, effective

OFFICE = {"id": "o-1", "title": "Vermessungsamt", "contact_email": "geo@mainz.example"}
PORTAL = RdfSettings(base_uri="https://opendata.mainz.example", title="Open Data", catalogue_publisher_name="Mainz")
HIGH_VALUE = r.keywords("opendata", "Bäume") + r.keywords(
    r.anchor("keyword", "Georaum", "http://data.europa.eu/bna/c_ac64a52d"), thesaurus="High-value dataset categories"
)
LAYER = "https://geo.mainz.example/php/wms.php?layer_id={}&REQUEST=GetCapabilities&SERVICE=WMS"
PACKAGES = {
    "dataset": lambda: r.package(),
    "dataset with services": lambda: r.package(
        r.service(keywords=HIGH_VALUE),
        *(r.service(operations=r.operation("GetCapabilities", LAYER.format(number))) for number in range(3)),
        keywords=HIGH_VALUE,
        extents=r.polygon("8.2 49.95 8.3 49.95 8.3 50 8.2 49.95") + r.period("2015", "2016-05"),
        contacts=r.party("publisher", "Zweckverband Rheintal") + r.party("custodian", "Vermessungsamt"),
        frequency=r.frequency("periodic"),
    ),
    "service": lambda: mapping.map_service(r.service(), r.SETTINGS, r.TODAY).package,
    "service without anything": lambda: (
        mapping.map_service(
            r.service(abstract="", contact="", keywords=r.keywords("opendata"), operates_on=""), r.SETTINGS, r.TODAY
        ).package
    ),
}


def given_out(name: str) -> dict[str, Any]:
    found = effective({"id": "d-1", **PACKAGES[name]()}, OFFICE, PORTAL)
    assert [one.text() for one in found.problems] == []
    return found.record


@pytest.mark.parametrize("name", PACKAGES)
def test_the_shapes_find_nothing(name: str):
    assert findings(document([describe(given_out(name), PORTAL)]), "v3") == Counter()


@pytest.mark.parametrize("name", PACKAGES)
def test_no_rule_of_quality_is_broken(name: str):
    terms = Terms(
        known=lambda list_, value: (
            vocabulary.find(list_, value) is not None or vocabulary.match(list_, value) is not None
        ),
        license_uri=lambda value: term.uri if (term := licenses.find(value)) else "",
        attribution=lambda uri: bool((term := vocabulary.find("licenses", uri)) and term.attribution),
    )
    record = given_out(name)
    assert [one.text() for one in rules_broken(record, schema(record["type"]), terms)] == []
