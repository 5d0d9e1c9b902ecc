"""What addresses in records lead to, and in which formats."""

from __future__ import annotations

import pytest
from tests.unit.harvest.gdi import records as r

from ckanext.mainz.harvest.gdi import addresses
from ckanext.mainz.harvest.gdi.addresses import Kind
from ckanext.mainz.harvest.gdi.iso_shapes import OnlineResource

BASE = "https://geo.example/"


@pytest.mark.parametrize(
    ("url", "kind", "service"),
    [
        *((BASE + "x?SERVICE=WMS&REQUEST=GetCapabilities", Kind.SERVICE, "wms"), (BASE + "wfs", Kind.SERVICE, "wfs")),
        *((BASE + "php/wms.php?layer_id=7", Kind.SERVICE, "wms"), (BASE + "x?service=wfs", Kind.SERVICE, "wfs")),
        (BASE + "x?SERVICE=WFS&REQUEST=GetFeature&TYPENAME=a", Kind.FILE, ""),
        *(
            (BASE + "api/collections/x", Kind.SERVICE, "ogcapi"),
            (BASE + "FROST-Server/v1.1", Kind.SERVICE, "sensorthings"),
        ),
        (BASE + "php/mod_inspireDownloadFeed.php?id=1", Kind.SERVICE, "atom"),
        *((BASE + "a.zip", Kind.FILE, ""), (BASE + "a.gml", Kind.FILE, ""), (BASE + "a.pdf", Kind.PAGE, "")),
        *((BASE + "mapbender/app.php/application/x", Kind.VIEWER, ""), (BASE, Kind.PAGE, "")),
        *((BASE + "srv/api/records/1", Kind.METADATA, ""), (BASE + "php/mod_showMetadata.php?id=1", Kind.METADATA, "")),
        *((BASE + "http_auth/1", Kind.LEFT_OUT, ""), ("http://192.168.0.1/x", Kind.LEFT_OUT, "")),
        *(("ftp://geo.example/a.zip", Kind.FILE, ""), ("gopher://geo.example/", Kind.LEFT_OUT, "")),
    ],
)
def test_an_address_alone_tells_what_it_is(url: str, kind: Kind, service: str):
    found = addresses.link(OnlineResource(url))
    assert (found.kind, found.service) == (kind, service)
    assert (found.reason is not None) == (kind is Kind.LEFT_OUT)


@pytest.mark.parametrize(
    ("function", "protocol", "kind"),
    [
        *(("download", "", Kind.FILE), ("information", "", Kind.PAGE), ("search", "", Kind.PAGE), ("", "", Kind.PAGE)),
        *(("", "WWW:DOWNLOAD-1.0-http--download", Kind.FILE), ("", "OGC:WMS-1.3.0-http-get-map", Kind.SERVICE)),
        ("information", "OGC:WFS", Kind.SERVICE),
    ],
)
def test_what_the_record_says_counts_where_the_address_tells_nothing(function: str, protocol: str, kind: Kind):
    assert addresses.link(OnlineResource(BASE + "daten/7", function, protocol)).kind is kind


def test_a_page_of_collections_is_no_api_where_the_record_calls_it_information():
    url = "https://museum.example/collections/moebel"
    assert addresses.link(OnlineResource(url, "information")).kind is Kind.PAGE
    assert addresses.link(OnlineResource(url)).kind is Kind.SERVICE


def test_a_plan_as_pdf_is_a_file_where_the_record_says_so():
    assert addresses.link(OnlineResource(BASE + "plan.pdf", "download")).kind is Kind.FILE


def test_addresses_of_one_service_are_compared_without_order_case_and_layer():
    one = BASE + "php/wms.php?inspire=1&layer_id=7&withChilds=1&REQUEST=GetCapabilities&SERVICE=WMS"
    other = "http://GEO.example/php/wms.php?service=WMS&VERSION=1.3.0&layer_id=8"
    assert addresses.base(one) == addresses.base(other)
    assert addresses.base(BASE + "wms?map=a") != addresses.base(BASE + "wms?map=b")


@pytest.mark.parametrize(
    ("name", "format", "standard", "label"),
    [
        ("CityGML 2.0 LoD2", "GML", "http://www.opengis.net/doc/IS/citygml/2.0", "CityGML 2.0 LoD2"),
        ("CityJSON", "JSON", "https://www.cityjson.org/specs/", "CityJSON LoD2"),
        ("3D Tiles", "JSON", "http://www.opengis.net/doc/cs/3DTiles/1.1", "3D Tiles LoD2"),
        ("ESRI Shapefile", "Shapefile", "", "ESRI Shapefile LoD2"),
        ("XPlanGML 5.4", "GML", "https://xleitstelle.de/xplanung", "XPlanGML 5.4 LoD2"),
        ("GeoTIFF", "GeoTIFF", "", "GeoTIFF LoD2"),
        ("ESRI ASCII Grid", "Esri Grid ASCII", "", ""),
    ],
)
def test_formats_of_the_geodata_world(name: str, format: str, standard: str, label: str):
    given = r.distribution(r.file_format(name), r.transfer(r.online(BASE + "get?id=1", "download", "", "Stufe LoD2")))
    (found,) = r.package(distribution=given)["resources"]
    if label:
        assert found["format"] == format
        assert found["name"] == f"Baumkataster ({label})"
    assert found.get("conforms_to", []) == ([standard] if standard else [])
    assert "format" in found


def test_a_tileset_is_3d_tiles_and_a_packed_shape_is_a_shape():
    links = r.transfer(r.online(BASE + "3d/tileset.json"), r.online(BASE + "b.zip", "download"))
    tiles, shape = r.package(distribution=r.distribution(r.file_format("Shape"), links))["resources"]
    assert (tiles["format"], tiles["conforms_to"]) == ("JSON", ["http://www.opengis.net/doc/cs/3DTiles/1.1"])
    assert (shape["format"], shape["package_format"]) == ("Shapefile", "application/zip")


def test_each_file_stands_once():
    links = r.transfer(*(r.online(BASE + "a.csv", "download") for _ in range(3)))
    assert len(r.package(distribution=r.distribution(links))["resources"]) == 1
