"""The format of a file, from what people write, from its name or from its address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.metadata import formats, vocabulary


@pytest.mark.parametrize(
    ("written", "name"),
    [
        *(
            ("csv", "CSV"),
            (".CSV", "CSV"),
            ("text/csv", "CSV"),
            ("text/csv; charset=utf-8", "CSV"),
            ("GPKG", "GeoPackage"),
        ),
        *(
            ("application/geo+json", "GeoJSON"),
            ("geojson", "GeoJSON"),
            ("shape", "Shapefile"),
            ("wfs", "WFS"),
            ("API", "API"),
        ),
        *(
            ("http://publications.europa.eu/resource/authority/file-type/WMS_SRVC", "WMS"),
            ("jpg", "JPEG"),
            ("ttl", "Turtle"),
        ),
    ],
)
def test_a_format_is_known_by_all_its_names(written: str, name: str) -> None:
    found = formats.find(written)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("written", ["", "foo", "<script>", "C S V", "a\x00b", "daten.csv"])
def test_what_is_no_format_is_none(written: str) -> None:
    assert formats.find(written) is None


def test_every_file_type_is_found_by_the_name_that_is_stored() -> None:
    for term in vocabulary.terms("file_types"):
        found = formats.find(term.de)
        assert found is not None
        assert found.term == term


@pytest.mark.parametrize(
    ("written", "name", "standard"),
    [
        ("CityGML", "GML", "http://www.opengis.net/doc/IS/citygml/2.0"),
        ("ogc api features", "API", "http://www.opengis.net/doc/IS/ogcapi-features-1/1.0"),
        ("GML", "GML", ""),
    ],
)
def test_a_format_without_a_code_is_the_nearest_one_with_its_standard(written: str, name: str, standard: str) -> None:
    found = formats.find(written)
    assert found is not None
    assert (found.name, found.standard) == (name, standard)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("baeume.csv", "CSV"),
        ("https://a.example/x/b%C3%A4ume.GeoJSON?y=1", "GeoJSON"),
        ("https://a.example/wms?SERVICE=WMS&REQUEST=GetCapabilities", "WMS"),
        ("https://a.example/geo/wfs", "WFS"),
        ("baeume.csv.gz", "CSV"),
        ("baeume.shp.zip", "Shapefile"),
        ("alles.zip", "ZIP"),
        ("ohne", None),
        ("https://a.example", None),
        ("https://a.example/daten.unbekannt", None),
        ("https://[", None),
    ],
)
def test_an_address_tells_the_format(address: str, name: str | None) -> None:
    found = formats.of_address(address)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("name", "format", "packing"),
    [
        ("baeume.shp.zip", "Shapefile", {"package_format": "application/zip"}),
        ("baeume.csv.gz", "CSV", {"compress_format": "application/gzip"}),
        ("alles.zip", "ZIP", {}),
        ("fahrplan.zip", "GTFS", {}),
        ("baeume.csv", "CSV", {}),
    ],
)
def test_what_lies_around_a_file_is_its_packing(name: str, format: str, packing: dict[str, str]) -> None:
    assert formats.packing(name, format) == packing


@given(st.text())
def test_any_text_is_a_format_or_none(text: str) -> None:
    for found in (formats.find(text), formats.of_address(text), formats.of_address(f"https://a.example/{text}")):
        assert found is None or found.term in vocabulary.terms("file_types")
