"""Every row of the mapping of ISO 19139 to our fields, in its order: metadata, words, rights, place and time, files."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.harvest.gdi import records as r
from tests.unit.harvest.gdi import validated

from ckanext.mainz.harvest.gdi import mapping
from ckanext.mainz.harvest.gdi.mapped import Reason
from ckanext.mainz.harvest.gdi.settings import Openness, SeriesRule
from ckanext.mainz.metadata.rdf import RdfSettings, effective

AUTHORITY = "http://publications.europa.eu/resource/authority/"
LICENCES = "http://dcat-ap.de/def/licenses/"
WMS = "https://geo.mainz.example/wms?SERVICE=WMS&REQUEST=GetCapabilities"


def links(*found: str, formats: str = "", size: str = "") -> str:
    return r.distribution(formats, r.transfer(*found, size=size))


def test_the_whole_record_would_be_saved():
    assert validated.errors(r.package(r.service())) == {}


# --- 1 to 8: identity, words, dates ----------------------------------------------------------------------------------


def test_row_01_the_id_of_the_record_keeps_its_case_and_is_compared_without():
    found = r.mapped(file_identifier=r.text("fileIdentifier", f" {{{r.ID.upper()}}} "))
    assert found.guid == found.package["identifier"] == r.ID.upper()
    assert found.keys[0] == r.ID.replace("-", "")
    assert "name" not in found.package


def test_row_02_identifiers_of_the_data_are_kept_beside_it():
    found = r.mapped(identifiers=r.identifier(r.DATA_ID) + r.identifier("4711", "https://registry.example/id/"))
    assert found.package["alternate_identifier"] == [r.DATA_ID, "https://registry.example/id/4711"]
    assert "//registry.example/id/4711" in found.keys


@pytest.mark.parametrize("title", ["title not given", " ", "-", "TITLE NOT GIVEN."])
def test_row_03_a_title_that_says_nothing_is_none(title: str):
    skip = r.mapped(title=r.text("title", title)).skip
    assert skip
    assert skip.reason is Reason.NO_TITLE


def test_row_03_a_title_stands_on_one_line_and_is_not_too_long():
    found = r.mapped(title=r.text("title", "Karte  der\n Bäume " + "sehr " * 60))
    assert found.package["title"].startswith("Karte der Bäume sehr")
    assert len(found.package["title"]) <= 200
    assert len(r.problems(found, "title")) == 1


def test_row_04_other_titles_are_dropped():
    assert r.package(alternate_title=r.text("alternateTitle", "title not given")) == r.package()


def test_row_05_a_description_is_plain_text_with_its_lines():
    html = "<p>Alle &amp;lt;Bäume&amp;gt;</p>der Stadt<br/>mit&nbsp;Art\\nund Alter"
    given = f"<gmd:abstract><gco:CharacterString><![CDATA[{html}]]></gco:CharacterString></gmd:abstract>"
    assert r.package(abstract=given)["notes"] == "Alle &lt;Bäume&gt;\nder Stadt\nmit Art\nund Alter"


def test_row_05_without_a_description_the_title_stands_there_and_somebody_learns_of_it():
    found = r.mapped(abstract="")
    assert found.package["notes"] == "Baumkataster"
    assert r.problems(found, "notes")


def test_short_supplemental_information_is_part_of_the_description():
    given = r.text("supplementalInformation", "Erhoben bei Begehungen.")
    assert r.package(supplemental=given)["notes"] == "Alle Bäume an Straßen und in Parks.\n\nErhoben bei Begehungen."


def test_row_06_the_date_of_the_metadata_is_kept_apart():
    found = r.mapped(date_stamp="<gmd:dateStamp><gco:DateTime>2026-03-02T10:00:00</gco:DateTime></gmd:dateStamp>")
    assert found.metadata_date == "2026-03-02T10:00:00"
    assert found.package["modified"] == "2025-06-30"


@pytest.mark.parametrize(("often", "day"), [("continual", "2026-11-28"), ("daily", "2026-11-27")])
def test_row_07_a_revision_that_is_computed_each_night_is_dropped(often: str, day: str):
    found = r.package(dates=r.dated(day, "revision"), frequency=r.frequency(often))
    assert found["modified"] == "2026-03-02"


def test_row_07_a_revision_of_yesterday_is_one_where_data_are_updated_each_year():
    found = r.package(dates=r.dated("2026-11-27", "revision"), frequency=r.frequency("annually"))
    assert found["modified"] == "2026-11-27"


def test_row_08_issued_is_the_publication_else_the_creation():
    both = r.dated("2019-01-02", "creation") + r.dated("2020-03-04", "publication")
    assert r.package(dates=both)["issued"] == "2020-03-04"
    assert r.package(dates=r.dated("2019-01-02", "creation"))["issued"] == "2019-01-02"


# --- 9 to 11: people -------------------------------------------------------------------------------------------------


def test_row_09_the_contact_is_that_of_the_data_else_that_of_the_metadata():
    assert r.package()["contact"] == [
        {"name": "Grün- und Umweltamt", "email": "baeume@mainz.example", "telephone": "+49-6131-12-0"}
    ]
    assert r.package(contacts="")["contact"] == [{"name": "Vermessungsamt", "email": "metadaten@geo.mainz.example"}]


def test_row_10_a_publisher_is_an_organisation_of_the_portal_by_the_table():
    found = r.mapped(contacts=r.party("publisher", "umweltamt  Mainz"))
    assert found.organisation == "amt-67"
    assert "owner_org" not in found.package
    assert "publisher" not in found.package


def test_row_10_an_unknown_publisher_is_named_and_the_record_goes_to_the_usual_organisation():
    found = r.mapped(contacts=r.party("publisher", "Zweckverband Rheintal", mail="info@rheintal.example"))
    assert found.organisation == "amt-62"
    assert found.package["publisher"] == [{"name": "Zweckverband Rheintal", "email": "info@rheintal.example"}]
    assert "Zweckverband Rheintal" in r.problems(found, "publisher")[0]


def test_row_11_authors_custodians_and_originators_are_kept():
    roles = {"author": "Ingenieurbüro Nord", "custodian": "Vermessungsamt", "originator": "Landesamt für Umwelt"}
    found = r.package(contacts="".join(r.party(role, name) for role, name in roles.items()))
    assert found["creator"] == [{"name": "Ingenieurbüro Nord"}]
    assert found["custodian"] == [{"name": "Vermessungsamt"}]
    assert found["originator"] == [{"name": "Landesamt für Umwelt"}]


# --- 12 to 17: what about --------------------------------------------------------------------------------------------


def tags(**changes: str) -> list[str]:
    return [tag["name"] for tag in r.package(**changes).get("tags", ())]


def test_row_12_keywords_become_tags_that_ckan_takes():
    given = r.keywords("opendata", "Bäume, Straßenbäume;bäume", "Grün/Park (Stadt)", "x", "AdVMIS", "DummyKeyword")
    assert tags(keywords=given) == ["Bäume", "Straßenbäume", "Grün Park Stadt"]


def test_row_13_themes_of_inspire_give_a_theme_and_a_german_keyword():
    given = r.keywords("opendata") + r.keywords("Protected sites", thesaurus="GEMET - INSPIRE themes, version 1.0")
    assert tags(keywords=given) == ["Schutzgebiete"]
    assert r.package(keywords=given, topics="")["theme"] == [AUTHORITY + "data-theme/ENVI"]


def test_row_14_topic_categories_give_themes():
    given = r.text("topicCategory", " planning Cadastre ")
    assert r.package(topics=given)["theme"] == [AUTHORITY + "data-theme/GOVE", AUTHORITY + "data-theme/REGI"]


def test_row_14_some_topics_have_more_themes_with_a_theme_of_inspire():
    words = r.keywords("Cadastral parcels", thesaurus="GEMET - INSPIRE themes, version 1.0")
    found = r.package(topics=r.text("topicCategory", "planningCadastre"), keywords=words)["theme"]
    assert AUTHORITY + "data-theme/JUST" in found


def test_row_15_a_category_of_high_value_stands_with_its_law_everywhere():
    word = r.anchor("keyword", "Georaum", "http://data.europa.eu/bna/c_ac64a52d")
    package = r.package(
        keywords=r.keywords("opendata", "Bäume") + r.keywords(word, thesaurus="High-value dataset categories")
    )
    assert package["hvd_category"] == ["http://data.europa.eu/bna/c_ac64a52d"]
    assert package["legal_basis"] == ["http://data.europa.eu/eli/reg_impl/2023/138/oj"]
    assert {"name": "Georaum"} not in package["tags"]
    given_out = effective({"id": "1", **package}, None, RdfSettings(base_uri="https://portal.example")).record
    assert given_out["resources"][0]["applicable_legislation"] == package["legal_basis"]


@pytest.mark.parametrize(
    ("rule", "taken"),
    [(Openness.KEYWORD, (True, False)), (Openness.LICENCE, (False, True)), (Openness.EITHER, (True, True))],
)
def test_row_16_open_is_what_the_rule_of_the_source_says(rule: Openness, taken: tuple[bool, bool]):
    settings = replace(r.SETTINGS, openness=rule)
    by_word = r.mapped(constraints="", settings=settings)
    by_licence = r.mapped(keywords=r.keywords("Bäume"), settings=settings)
    assert (by_word.skip is None, by_licence.skip is None) == taken


def test_row_17_marks_of_inspire_and_adv_are_no_tags():
    found = r.mapped(keywords=r.keywords("opendata", "inspireidentifiziert", "AdVMIS"))
    assert found.inspire
    assert "tags" not in found.package


# --- 18 to 21: rights ------------------------------------------------------------------------------------------------


def test_row_18_the_licence_is_read_from_its_json():
    found = r.package(constraints=r.constraints(r.licence("dl-zero-de/2.0", source="")))
    assert found["license_id"] == "dl-de-zero-2.0"
    given_out = effective({"id": "1", **found}, None, RdfSettings(base_uri="https://portal.example")).record
    assert given_out["resources"][0]["license"] == LICENCES + "dl-zero-de/2.0"


def test_row_19_whom_to_name_stands_at_each_resource():
    found = r.package(r.service(), constraints=r.constraints(r.licence(source=" © Stadt  Mainz ")))
    assert found["resources"][0]["license_attribution_text"] == "© Stadt Mainz"
    assert all(one["license_attribution_text"] for one in found["resources"])


def test_row_20_other_terms_of_use_are_kept_as_rights():
    others = r.constraints(r.licence(), "keine", "Nicht für die Navigation geeignet.", limitations=("Keine Gewähr.",))
    assert (
        r.package(constraints=others)["resources"][0]["rights"] == "Nicht für die Navigation geeignet.\nKeine Gewähr."
    )


@pytest.mark.parametrize(
    ("last", "right"), [("noLimitations", "PUBLIC"), ("INSPIRE_Directive_Article13_1d", "RESTRICTED")]
)
def test_row_21_limitations_on_public_access_give_the_access_right(last: str, right: str):
    href = f"http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/{last}"
    given = r.constraints(r.licence()) + r.constraints(r.anchor("otherConstraints", "…", href))
    assert r.package(constraints=given)["access_rights"] == AUTHORITY + "access-right/" + right


# --- 22 to 29: codes, place, time ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "term"),
    [
        *(("continual", "CONT"), ("daily", "DAILY"), ("weekly", "WEEKLY"), ("fortnightly", "BIWEEKLY")),
        *(("semimonthly", "MONTHLY_2"), ("monthly", "MONTHLY"), ("quarterly", "QUARTERLY"), ("biannually", "ANNUAL_2")),
        *(("annually", "ANNUAL"), ("biennially", "BIENNIAL"), ("asNeeded", "AS_NEEDED"), ("irregular", "IRREG")),
        *(("periodic", "OTHER"), ("notPlanned", "NOT_PLANNED"), ("unknown", "UNKNOWN"), ("ASNEEDED", "AS_NEEDED")),
    ],
)
def test_row_22_frequencies(code: str, term: str):
    assert r.package(frequency=r.frequency(code))["frequency"] == AUTHORITY + "frequency/" + term


@pytest.mark.parametrize(
    ("languages", "metadata", "found"),
    [
        (r.code("languages", "LanguageCode", "eng").replace("languages", "language"), "ger", ["ENG"]),
        ("", "ger", ["DEU"]),
        ("", "", ["DEU"]),
        (r.text("language", "de"), "", ["DEU"]),
    ],
)
def test_row_23_languages(languages: str, metadata: str, found: list[str]):
    given = r.code("language", "LanguageCode", metadata) if metadata else ""
    assert r.package(languages=languages, language=given)["language"] == [
        AUTHORITY + "language/" + one for one in found
    ]


CITY = "http://dcat-ap.de/def/politicalGeocoding/regionalKey/073150000000"


def test_row_24_boxes_become_one_beside_the_city():
    found = r.package(extents=r.box("8.20", "8.25", "49.95", "50.00") + r.box("8.22", "8.30", "49.97", "50.02"))
    assert found["spatial_coverage"] == [
        {"uri": CITY},
        {"bbox": "POLYGON((8.2 49.95, 8.3 49.95, 8.3 50.02, 8.2 50.02, 8.2 49.95))"},
    ]


def test_row_25_a_simple_area_is_kept_with_its_box():
    found = r.package(extents=r.polygon("49.95 8.2 49.95 8.3 50.0 8.3 49.95 8.2"))["spatial_coverage"]
    assert found[1]["geom"] == "POLYGON((8.2 49.95, 8.3 49.95, 8.3 50, 8.2 49.95))"
    assert found[1]["bbox"] == "POLYGON((8.2 49.95, 8.3 49.95, 8.3 50, 8.2 50, 8.2 49.95))"


def test_row_25_an_area_with_too_many_points_leaves_its_box():
    settings = replace(r.SETTINGS, most_points=3)
    found = r.mapped(extents=r.polygon("8.2 49.95 8.3 49.95 8.3 50.0 8.2 49.95"), settings=settings)
    assert set(found.package["spatial_coverage"][1]) == {"bbox"}
    assert r.problems(found, "spatial_coverage")


@pytest.mark.parametrize(
    ("key", "row"),
    [
        ("073150000000", {"uri": CITY}),
        ("07315000", {"uri": CITY}),
        ("Mainz-Altstadt", {"text": "Mainz-Altstadt"}),
        ("073390000000", {"uri": "http://dcat-ap.de/def/politicalGeocoding/regionalKey/073390000000"}),
        ("07339030", {"uri": "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/07339030"}),
    ],
)
def test_row_26_keys_and_names_of_places(key: str, row: dict[str, str]):
    assert r.package(extents=r.place(key))["spatial_coverage"] == [row]


def test_row_26_the_level_is_that_of_the_place():
    assert r.package()["political_geocoding_level_uri"] == [
        "http://dcat-ap.de/def/politicalGeocoding/Level/municipality"
    ]
    assert r.package(extents=r.place("RLP"))["political_geocoding_level_uri"] == [
        "http://dcat-ap.de/def/politicalGeocoding/Level/state"
    ]


@pytest.mark.parametrize("space", ["gml", "gml32"])
def test_row_27_periods_without_what_mapbender_fills_in(space: str):
    assert r.package(extents=r.period("2015-01-01", "2015-12-31", space))["temporal_coverage"] == [
        {"start": "2015-01-01", "end": "2015-12-31"}
    ]
    often = r.frequency("continual")
    assert r.package(extents=r.period("2015-01-01", "2026-11-28", space), frequency=often)["temporal_coverage"] == [
        {"start": "2015-01-01"}
    ]
    assert "temporal_coverage" not in r.package(extents=r.period("1970-01-01", "2026-11-28", space), frequency=often)


def test_row_28_the_finest_ground_distance_in_metres():
    given = "".join(
        f"<gmd:spatialResolution><gmd:MD_Resolution><gmd:distance><gco:Distance uom='{unit}'>{number}</gco:Distance>"
        "</gmd:distance></gmd:MD_Resolution></gmd:spatialResolution>"
        for number, unit in (("0", "m"), ("20", "cm"), ("1", "m"))
    )
    assert r.package(resolution=given)["spatial_resolution_in_meters"] == "0.2"
    assert "spatial_resolution_in_meters" not in r.package(
        resolution=given.split("</gmd:spatialResolution>")[0] + "</gmd:spatialResolution>"
    )


@pytest.mark.parametrize(
    "written",
    ["EPSG:25832", "urn:ogc:def:crs:EPSG::25832", "http://www.opengis.net/def/crs/EPSG/0/25832", "EPSG 25832: UTM 32N"],
)
def test_row_29_coordinate_systems(written: str):
    inner = f"<gmd:RS_Identifier>{r.text('code', written)}</gmd:RS_Identifier>"
    given = (
        f"<gmd:referenceSystemInfo><gmd:MD_ReferenceSystem><gmd:referenceSystemIdentifier>{inner}"
        "</gmd:referenceSystemIdentifier></gmd:MD_ReferenceSystem></gmd:referenceSystemInfo>"
    )
    assert r.package(systems=given)["conforms_to"] == ["http://www.opengis.net/def/crs/EPSG/0/25832"]


# --- 30 to 33: quality, kind, series ---------------------------------------------------------------------------------


def test_row_30_where_the_data_come_from():
    statement = f"<gmd:lineage><gmd:LI_Lineage>{r.text('statement', 'Begehung 2024.')}</gmd:LI_Lineage></gmd:lineage>"
    assert r.package(quality=r.quality(statement))["provenance"] == "Begehung 2024."


def test_row_31_specifications_that_the_data_conform_to():
    given = r.quality(
        r.conformance("Verordnung (EG) Nr. 1089/2010")
        + r.conformance("Verordnung (EG) Nr. 976/2009", "false")
        + r.conformance("Specification unkown")
        + r.conformance(r.anchor("title", "XPlanung", "https://xplanung.example/6.0"))
    )
    assert r.package(quality=given)["conforms_to"] == [
        "http://data.europa.eu/eli/reg/2010/1089/oj",
        "https://xplanung.example/6.0",
    ]


@pytest.mark.parametrize("level", ["dataset", "series", "nonGeographicDataset", ""])
def test_row_32_data_of_these_levels_are_datasets(level: str):
    found = r.mapped(level=r.code("hierarchyLevel", "MD_ScopeCode", level) if level else "")
    assert found.package["type"] == "dataset"
    assert ("dcat_type" in found.package) == (level != "nonGeographicDataset")


@pytest.mark.parametrize("level", ["tile", "feature", "application", "map", "featureType", "service", "model"])
def test_row_32_other_levels_are_not_imported(level: str):
    skip = r.mapped(level=r.code("hierarchyLevel", "MD_ScopeCode", level)).skip
    assert skip
    assert skip.reason is Reason.OTHER_LEVEL
    assert level in skip.text()


def test_row_33_the_record_above_is_told_and_series_are_configured():
    settings = replace(r.SETTINGS, series=(SeriesRule("bebauungsplan", "bebauungsplaene"),))
    title = r.text("title", "Bebauungsplan B 158")
    found = r.mapped(title=title, parent=r.text("parentIdentifier", "plan-1"), settings=settings)
    assert found.parent == "plan-1"
    assert found.package["in_series"] == ["bebauungsplaene"]
    assert "in_series" not in r.package(settings=settings)


# --- 34 to 39: files -------------------------------------------------------------------------------------------------


def test_row_34_a_download_is_a_file():
    url = "https://geo.mainz.example/baeume.gpkg"
    assert r.package()["resources"] == [
        {
            "url": url,
            "download_url": url,
            "name": "Baumkataster (GeoPackage)",
            "format": "GeoPackage",
            "mimetype": "application/geopackage+sqlite3",
            "license_attribution_text": "Landeshauptstadt Mainz",
        }
    ]


def test_row_34_a_bare_address_is_judged_by_its_ending():
    given = links(r.online("https://a.example/b.csv"), r.online("https://a.example/seite"))
    found = r.package(distribution=given)
    assert [one["url"] for one in found["resources"]] == ["https://a.example/b.csv"]
    assert found["documentation"] == ["https://a.example/seite"]


def test_row_35_pages_papers_and_viewers_are_no_files():
    given = links(
        r.online("https://a.example/beschreibung.pdf", "information"),
        r.online("https://geodaten.example/mapbender/app.php/application/plan", "download"),
        r.online("https://a.example/mehr.html", "download"),
    )
    found = r.package(distribution=given)
    assert found["resources"] == []
    assert found["url"] == "https://geodaten.example/mapbender/app.php/application/plan"
    assert found["documentation"] == ["https://a.example/beschreibung.pdf", "https://a.example/mehr.html"]


def test_row_36_the_page_with_the_metadata_is_where_the_record_is_read():
    settings = replace(r.SETTINGS, record_url="https://katalog.example/srv/api/records/{id}")
    assert r.package(settings=settings)["url"] == f"https://katalog.example/srv/api/records/{r.ID}"
    given = links(r.online("https://katalog.example/geonetwork/srv/api/records/x", "download"))
    found = r.package(distribution=given)
    assert (found["url"], found["resources"]) == ("https://katalog.example/geonetwork/srv/api/records/x", [])


def test_row_37_the_format_of_the_record_is_that_of_its_file_and_not_of_its_services():
    given = links(r.online("https://a.example/daten?id=7", "download"), formats=r.file_format("ESRI Shapefile"))
    found = r.package(r.service(), distribution=given)["resources"]
    assert [one["format"] for one in found] == ["Shapefile", "WMS"]


def test_row_37_of_several_formats_the_address_tells_the_one_of_the_file():
    formats = r.file_format("GeoTIFF") + r.file_format("CityGML", "2.0")
    given = links(
        r.online("https://a.example/x.gml", "download"), r.online("https://a.example/y", "download"), formats=formats
    )
    one, other = r.package(distribution=given)["resources"]
    assert (one["format"], one["conforms_to"]) == ("GML", ["http://www.opengis.net/doc/IS/citygml/2.0"])
    assert "format" not in other


def test_row_38_sizes_are_bytes_where_one_file_can_be_meant():
    file = "https://a.example/x.csv"
    assert r.package(distribution=links(r.online(file), size="1.5"))["resources"][0]["size"] == 1_572_864
    two = links(r.online(file), r.online("https://a.example/y.csv"), size="1.5")
    assert [one.get("size") for one in r.package(distribution=two)["resources"]] == [None, None]


def test_row_39_a_picture_is_told_and_not_linked():
    inner = r.text("fileName", "https://geo.mainz.example/bild.png")
    found = r.mapped(
        overview=f"<gmd:graphicOverview><gmd:MD_BrowseGraphic>{inner}</gmd:MD_BrowseGraphic></gmd:graphicOverview>"
    )
    assert found.preview == "https://geo.mainz.example/bild.png"
    assert "bild.png" not in str(found.package)


# --- 40 to 44: services, and what is constant ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type", "version", "url", "format"),
    [
        ("view", "OGC:WMS 1.3.0", "https://a.example/dienst", "WMS"),
        ("download", "2.0.0", "https://a.example/x?SERVICE=WFS", "WFS"),
        ("view", "OGC:WMS 1.1.1", "https://a.example/x?service=wfs", "WFS"),
        ("download", "predefined ATOM", "https://a.example/php/mod_inspireDownloadFeed.php?id=1", "Atom"),
        ("download", "ogcapifeatures", "https://a.example/spatial-objects/5/collections/ms:x", "GeoJSON"),
        ("view", "OGC:WMTS 1.0.0", "https://a.example/wmts/1.0.0/WMTSCapabilities.xml", "WMTS"),
        ("download", "OGC:WCS 2.0.1", "https://a.example/wcs", "WCS"),
    ],
)
def test_row_40_the_kind_of_a_service(type: str, version: str, url: str, format: str):
    one = r.service(service_type=r.service_type(type, version), operations=r.operation("GetCapabilities", url))
    found = r.package(one, distribution="")["resources"][0]
    assert found["format"] == format
    assert found["access_services"]


def test_row_41_where_a_service_answers_and_where_it_describes_itself():
    one = r.service(operations=r.operation("GetCapabilities", "https://a.example/wms?map=x"))
    (row,) = r.package(one, distribution="")["resources"][0]["access_services"]
    assert row["endpoint_url"] == "https://a.example/wms?map=x"
    assert row["endpoint_description"] == "https://a.example/wms?map=x&SERVICE=WMS&REQUEST=GetCapabilities"
    api = r.service(
        service_type=r.service_type("download", "ogcapifeatures"),
        operations=r.operation("GetCapabilities", "https://a.example/api/v1/collections/baeume"),
    )
    (row,) = r.package(api, distribution="")["resources"][0]["access_services"]
    assert (row["endpoint_url"], row["endpoint_description"]) == (
        "https://a.example/api/v1",
        "https://a.example/api/v1/conformance",
    )


def test_row_42_a_service_has_its_own_title_description_and_licence():
    own = r.constraints(r.licence("dl-zero-de/2.0"))
    found = r.mapped(r.service(constraints=own, abstract=r.text("abstract", "Kartendienst.")))
    resource = found.package["resources"][1]
    (row,) = resource["access_services"]
    assert row["title"] == resource["name"] == "Baumkataster WMS"
    assert row["description"] == "Kartendienst."
    assert row["license"] == resource["license"] == LICENCES + "dl-zero-de/2.0"
    assert r.problems(found, "license")


def test_row_42_a_service_without_dataset_becomes_a_record():
    found = mapping.map_service(r.service(), r.SETTINGS, r.TODAY)
    assert validated.errors(found.package) == {}
    assert found.package["type"] == "data_service"
    assert found.package["endpoint_url"] == "https://geo.mainz.example/wms"
    assert found.package["endpoint_description"] == WMS
    assert found.package["service_format"] == [AUTHORITY + "file-type/WMS_SRVC"]
    assert found.package["license_attribution_text"] == "Landeshauptstadt Mainz"


def test_row_43_a_service_says_which_datasets_elsewhere_it_gives_out():
    named = r.operates_on(r.DATA_ID) + r.operates_on("", "https://andere.example/id/7") + r.operates_on("x", "")
    named += r.operates_on("", "https://katalog.example/csw?REQUEST=GetRecordById&id=7")
    found = mapping.map_service(r.service(operates_on=named), r.SETTINGS, r.TODAY)
    assert found.package["serves_dataset"] == [r.DATA_ID, "https://andere.example/id/7"]


def test_row_44_layers_are_kept_for_the_map():
    found = r.mapped(r.service())
    (layer,) = found.layers[WMS]
    assert (layer.title, layer.guid, layer.url) == ("Baumkataster WMS", r.SERVICE_ID, WMS)


def test_what_iso_does_not_say_comes_from_the_settings():
    found = r.package()
    assert found["contributor_id"] == r.SETTINGS.contributor_id
    assert found["availability"] == AUTHORITY + "planned-availability/AVAILABLE"
    assert "availability" not in r.package(settings=replace(r.SETTINGS, availability=""))
    assert not r.mapped(settings=replace(r.SETTINGS, redistribute=False)).redistribute
