"""One set of statements in many forms, always the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from werkzeug.datastructures import MIMEAccept

from ckanext.mainz.metadata.catalogue.formats import FORMATS, negotiated
from ckanext.mainz.metadata.catalogue.forms import as_lines, written
from ckanext.mainz.metadata.rdf.nodes import DCAT, DCTERMS, RDF

DATASET = NamedNode("https://daten.example/dataset/1")
TRIPLES = [
    Triple(DATASET, RDF.type, DCAT.Dataset),
    Triple(DATASET, DCTERMS.title, Literal('Bäume "x" <y> \\ @prefix a: <b> .\n@prefix c: <d> .', language="de")),
]
RENDER = """
from tests.unit.metadata.catalogue.test_forms import FORMATS, TRIPLES, as_lines, written
for form in FORMATS.values():
    print(written(as_lines(TRIPLES), form.rdf))
"""


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_every_form_says_the_same(form):
    quads = parse(written(as_lines(TRIPLES), form.rdf), format=form.rdf)
    assert {quad.triple for quad in quads} == set(TRIPLES)


def test_another_process_writes_the_same_bytes():
    renderings = {
        subprocess.run(
            [sys.executable, "-c", RENDER], capture_output=True, check=True, env={**os.environ, "PYTHONPATH": os.curdir}
        ).stdout
        for _process in range(3)
    }
    assert len(renderings) == 1


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        ([("text/turtle", 1)], "ttl"),
        ([("application/rdf+xml", 1)], "rdf"),
        ([("application/ld+json", 1), ("text/turtle", 0.5)], "jsonld"),
        ([("text/html", 0.5), ("application/n-triples", 1)], "nt"),
        ([("text/html", 1), ("*/*", 0.8)], None),
        ([("*/*", 1)], None),
        ([("application/json", 1)], None),
        ([], None),
    ],
)
def test_the_accept_header_chooses(accept, ending):
    form = negotiated(MIMEAccept(accept))
    assert (form.ending if form else None) == ending


def test_rdf_xml_keeps_one_root():
    assert written(as_lines(TRIPLES), RdfFormat.RDF_XML).count(b"<rdf:RDF") == 1
