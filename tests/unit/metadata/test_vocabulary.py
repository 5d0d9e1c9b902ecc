"""The vocabularies: whole, unambiguous, and known by whatever name people use."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from ckanext.mainz.metadata import vocabulary

SIZES = {
    "themes": 13,
    "frequencies": 41,
    "languages": 34,
    "access_rights": 7,
    "availabilities": 4,
    "distribution_statuses": 9,
    "dataset_types": 24,
    "licenses": 34,
    "file_types": 227,
    "contributors": 69,
    "geocoding_levels": 6,
    "publisher_types": 11,
    "hvd_categories": 96,
    "sample_records": 242,
    "checksum_algorithms": 9,
}


@pytest.mark.parametrize("name", vocabulary.names())
def test_every_term_has_a_uri_of_its_own_and_both_labels(name: str) -> None:
    found = vocabulary.terms(name)
    assert max(Counter(term.uri for term in found).values()) == 1
    assert all(term.uri and term.de.strip() and term.en.strip() for term in found)


@pytest.mark.parametrize("name", SIZES)
def test_official_lists_are_whole(name: str) -> None:
    assert len(vocabulary.terms(name)) == SIZES[name]


@pytest.mark.parametrize("name", vocabulary.names())
def test_every_term_is_known_by_its_uri_and_its_code(name: str) -> None:
    for term in vocabulary.terms(name):
        assert vocabulary.match(name, term.uri) == term
        assert vocabulary.match(name, term.uri.replace("http://", "https://")) == term
        assert not term.code or vocabulary.match(name, term.code.upper()) == term


@pytest.mark.parametrize("name", ["themes", "frequencies", "licenses", "file_types", "languages", "places"])
def test_every_term_is_known_by_its_labels_and_other_names(name: str) -> None:
    for term in vocabulary.terms(name):
        for known in (term.de, term.en, *term.alt, *term.standards):
            assert vocabulary.match(name, f"  {known.upper()} ") == term


@pytest.mark.parametrize("name", vocabulary.names())
def test_parents_and_themes_are_terms_themselves(name: str) -> None:
    for term in vocabulary.terms(name):
        assert not term.parent or vocabulary.find(name, term.parent)
        assert not term.theme or vocabulary.find("themes", term.theme)
        assert not term.level or vocabulary.match("geocoding_levels", term.level)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("licenses", "https://www.govdata.de/dl-de/by-2-0/", "dl-de-by-2.0"),
        ("licenses", "http://creativecommons.org/licenses/by/4.0", "cc-by-4.0"),
        ("licenses", "CC BY 4.0", "cc-by-4.0"),
        ("licenses", "http://dcat-ap.de/def/licenses/odc-pddl", None),
        ("licenses", "http://dcat-ap.de/def/licenses/cc-zero", "cc-zero"),
        ("file_types", "CityGML", "GML"),
        ("file_types", "excel", "XLSX"),
        ("file_types", "application/geo+json", None),
        ("file_types", "Web Feature Service", "WFS_SRVC"),
        ("languages", "de", "DEU"),
        ("languages", "ger", "DEU"),
        ("frequencies", "annually", "ANNUAL"),
        ("geocoding_levels", "Kommune", "municipality"),
        ("places", "Gonsenheim", "mainz-22"),
        ("themes", "", None),
        ("themes", "Unsinn", None),
    ],
)
def test_a_term_is_found_by_what_people_write(name: str, text: str, code: str | None) -> None:
    found = vocabulary.match(name, text)
    assert (found.code if found else None) == code


def test_places_lie_within_their_boxes() -> None:
    for place in vocabulary.terms("places"):
        (west, south, east, north), (longitude, latitude) = place.bbox, place.centroid
        assert west < longitude < east
        assert south < latitude < north


def test_what_is_offered_is_a_part_of_the_list() -> None:
    assert 15 <= len(vocabulary.offered("frequencies")) <= 20
    assert [term.code for term in vocabulary.offered("licenses")] == [
        *("dl-de-by-2.0", "dl-de-zero-2.0", "cc-by-4.0", "cc-zero", "other-closed")
    ]


def test_licences_that_ask_for_the_source_are_the_attribution_licences() -> None:
    assert {term.code for term in vocabulary.offered("licenses") if term.attribution} == {"dl-de-by-2.0", "cc-by-4.0"}
    assert sum(term.open for term in vocabulary.terms("licenses")) == 24


def test_a_term_is_valid_within_its_days() -> None:
    term = vocabulary.Term("x", "x", "x", valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31))
    assert [term.is_valid(date(year, 6, 1)) for year in (2019, 2020, 2021)] == [False, True, False]
    assert vocabulary.Term("x", "x", "x").is_valid(date(2020, 1, 1))
