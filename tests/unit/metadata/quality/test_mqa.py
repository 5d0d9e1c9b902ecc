"""The score of data.europa.eu, read from RDF."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyoxigraph import RdfFormat, parse

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.quality import mqa, words
from ckanext.mainz.metadata.quality.mqa import State, Surroundings

DATASET = "https://daten.example/dataset/1"
FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
"""
DESCRIBED = f"""
<{DATASET}> a dcat:Dataset ; dcat:keyword "Bäume"@de ;
    dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI> ;
    dcterms:spatial <http://dcat-ap.de/def/politicalGeocoding/regionalKey/073150000000> ;
    dcterms:temporal <{DATASET}#p> ;
    dcterms:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;
    dcat:contactPoint <{DATASET}#c> ; dcterms:publisher <https://daten.example/organization/1> ;
    dcterms:issued "2025-01-01" ; dcterms:modified "2025-01-01" """
CSV = f"""
<{DATASET}/csv> a dcat:Distribution ; dcat:accessURL <https://daten.example/a.csv> ;
    dcat:downloadURL <https://daten.example/a.csv> ;
    dcterms:format <{FILE_TYPE}CSV> ; dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> ;
    dcterms:license <http://dcat-ap.de/def/licenses/dl-by-de/2.0> ; dcterms:rights <{DATASET}#r> ; dcat:byteSize "12" .
"""
PDF = CSV.replace("/csv>", "/pdf>").replace("file-type/CSV", "file-type/PDF").replace("text/csv", "application/pdf")
LINK = f"""
<{DATASET}/wfs> a dcat:Distribution ; dcat:accessURL <https://geo.example/wfs> ; dcterms:format <{FILE_TYPE}WFS_SRVC> ;
    dcat:mediaType <https://www.iana.org/assignments/media-types/application/xml> ;
    dcterms:license <http://dcat-ap.de/def/licenses/dl-by-de/2.0> ; dcterms:rights <{DATASET}#r> .
"""


def known(name: str, iri: str) -> bool:
    return vocabulary.find(name, iri) is not None


def flag(iri: str, name: str) -> bool:
    term = vocabulary.find("file_types", iri)
    return term is not None and getattr(term, name)


SURROUNDINGS = Surroundings(known=known, flag=flag, reach=lambda _url: State.MET, compliant=True)


def score(*files: str, surroundings: Surroundings = SURROUNDINGS, described: str = DESCRIBED) -> mqa.Score:
    names = [one.split(">")[0] + ">" for one in files]
    links = f"; dcat:distribution {', '.join(names)} ." if files else "."
    turtle = PREFIXES + described + links + "".join(files)
    triples = [quad.triple for quad in parse(turtle, RdfFormat.TURTLE)]
    return mqa.score(triples, DATASET, surroundings)


def states(found: mqa.Score) -> dict[str, State]:
    return {point.metric.code: point.state for point in found.points}


def test_the_weights_add_up_to_the_published_sums():
    sums = {one.code: one.maximum for one in mqa.scheme().dimensions}
    assert sums == {
        "findability": 100,
        "accessibility": 100,
        "interoperability": 110,
        "reusability": 75,
        "contextuality": 20,
    }
    assert sum(sums.values()) == mqa.scheme().maximum == 405


def test_every_metric_has_words_and_every_word_a_metric():
    codes = {metric.code for one in mqa.scheme().dimensions for metric in one.metrics}
    assert codes == set(words.METRICS)
    assert {one.code for one in mqa.scheme().dimensions} == set(words.DIMENSIONS)
    assert {code for code, _least in mqa.scheme().ratings} == set(words.RATINGS)


def test_a_described_dataset_with_an_open_file_has_all_points():
    assert score(CSV).total == 405


def test_a_dataset_that_says_nothing_has_only_the_points_for_breaking_no_rule():
    assert score(described=f"<{DATASET}> a dcat:Dataset").total == 30


def test_a_service_has_every_point_but_those_for_a_download_and_its_size():
    found = score(LINK, surroundings=replace(SURROUNDINGS, flag=lambda _iri, _name: True))
    assert found.total == 405 - 20 - 30 - 5
    assert {code for code, state in states(found).items() if state is not State.MET} == {
        "download_url",
        "download_url_status",
        "byte_size",
    }


def test_the_best_distribution_counts_in_each_dimension():
    assert score(PDF, LINK, CSV).total == 405
    assert score(PDF).total < 405


def test_a_pdf_loses_what_machines_cannot_read():
    assert states(score(PDF))["machine_readable"] is State.UNMET


def test_a_link_that_nobody_has_asked_counts_nothing_yet():
    found = score(CSV, surroundings=replace(SURROUNDINGS, reach=lambda _url: State.UNKNOWN))
    assert states(found)["access_url_status"] is State.UNKNOWN
    assert found.total == 405 - 50 - 30


def test_a_broken_rule_costs_the_points_of_compliance():
    assert score(CSV, surroundings=replace(SURROUNDINGS, compliant=False)).total == 405 - 30


def test_a_format_outside_the_list_is_there_but_not_known():
    foreign = CSV.replace(f"{FILE_TYPE}CSV", "https://formats.example/csv")
    found = states(score(foreign))
    assert (found["format"], found["format_known"]) == (State.MET, State.UNMET)


def test_format_alone_without_media_type_is_not_both():
    alone = CSV.replace("dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> ;", "")
    assert states(score(alone))["format_known"] is State.MISSING


def test_empty_literals_are_nothing():
    assert states(score(CSV, described=DESCRIBED.replace('"Bäume"@de', '" "')))["keyword"] is State.MISSING


@pytest.mark.parametrize(("total", "rating"), [(405, "excellent"), (351, "excellent"), (350, "good"), (0, "bad")])
def test_ratings_begin_where_they_are_published(total: int, rating: str):
    assert mqa.scheme().rating(total) == rating
