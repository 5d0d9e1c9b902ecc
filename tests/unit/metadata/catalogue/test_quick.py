"""Which requests the layer before CKAN may answer: plain ones, and nothing in doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.metadata.catalogue import quick
from ckanext.mainz.metadata.catalogue.formats import FORMATS
from ckanext.mainz.metadata.catalogue.question import CatalogueQuestion, RecordQuestion

TWO = "mainz_dcat_ap_de_2"


def asked(path: str, query: str = "profiles=" + TWO, method: str = "GET"):
    return quick.question_of({"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method})


def test_plain_questions_are_understood():
    assert asked("/dataset/baeume.ttl") == RecordQuestion(FORMATS["ttl"], TWO, "baeume")
    assert asked("/data_service/wms.rdf", method="HEAD") == RecordQuestion(FORMATS["rdf"], TWO, "wms")
    page = asked("/catalog.jsonld", f"page=3&profiles={TWO}")
    assert page == CatalogueQuestion(FORMATS["jsonld"], TWO, 3, path="/catalog.jsonld", given=(("profiles", TWO),))


@pytest.mark.parametrize(
    ("path", "query", "method"),
    [
        ("/catalog.ttl", f"profiles={TWO}", "POST"),
        ("/catalog.pdf", f"profiles={TWO}", "GET"),
        ("/catalog.ttl", f"profiles={TWO}&q=a", "GET"),
        ("/catalog.ttl", f"profiles={TWO}&page=1&page=2", "GET"),
        ("/catalog.ttl", f"profiles={TWO}&page=0", "GET"),
        ("/catalog.ttl", f"profiles={TWO}&page=01", "GET"),
        ("/catalog.ttl", "profiles=euro_dcat_ap_3", "GET"),
        ("/catalog.ttl", f"profiles={TWO},euro_dcat_ap_3", "GET"),
        ("/dataset/BAEUME.ttl", f"profiles={TWO}", "GET"),
        ("/dataset/a.b.ttl", f"profiles={TWO}", "GET"),
        ("/en/catalog.ttl", f"profiles={TWO}", "GET"),
        ("/organization/x.ttl", f"profiles={TWO}", "GET"),
        ("/catalog/full.ttl.gz", "", "GET"),
    ],
)
def test_everything_else_goes_on_to_ckan(path, query, method):
    assert asked(path, query, method) is None


@given(st.text(), st.text())
def test_no_request_breaks_it(path, query):
    asked(path, f"profiles={TWO}&{query}")
    asked(f"/dataset/{path}.ttl", f"profiles={TWO}&{query}")
