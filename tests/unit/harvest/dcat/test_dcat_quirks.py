"""What catalogues of statistics offices and other portals really write; numbers are those of the list of quirks of DUVA
catalogues that a harvester must survive."""

from __future__ import annotations

import pytest
from tests.kit.catalogue_server import BASE, CatalogueServer, dataset, uri
from tests.unit.harvest.dcat.reading import OURS, Got, go, one, read
from tests.unit.harvest.gdi import validated

from ckanext.mainz.harvest import identity
from ckanext.mainz.harvest.dcat import identifiers

DUVA = "https://opendata.stadt.example/dcat-ap/dataset/de-rp-stadt-geborene_2020"
FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
PREFIXES = "http://dcat-ap.de/def/licenses/"


def keys(got: Got, number: int = 0) -> frozenset[str]:
    return identity.keys([got.candidates[number].guid, *got.candidates[number].keys])


def would_be_saved(package: dict) -> bool:
    files = [{name: value for name, value in file.items() if name != "source_key"} for file in package["resources"]]
    return validated.errors({**package, "license_id": package.get("license_id", "cc-zero"), "resources": files}) == {}


# 2, 3, 4: addresses


@pytest.mark.parametrize(
    "moved",
    [
        DUVA.replace("https", "http"),
        DUVA.replace("opendata.stadt.example", "opendata.stadt.example:8443"),
        DUVA.replace("opendata.stadt.example", "statistik.stadt.example"),
        DUVA.replace("dcat-ap/dataset", "duva2dcat/dataset"),
        DUVA.replace("dcat-ap/dataset", "duva2ckan/files") + "/content",
        DUVA.replace("dcat-ap/dataset", "duva2ckan-1.0.6/files") + "#63",
        DUVA.replace("dcat-ap/dataset", "dcat/dataset") + "/content.csv",
        DUVA.replace("dcat-ap", "duva2dcat/dcat"),
        DUVA + ".html",
        DUVA + "/",
    ],
)
def test_a_changed_base_path_is_a_move(moved: str):
    before, after = one(dataset(1, about=f"<{DUVA}>")), one(dataset(1, about=f"<{moved}>"))
    assert keys(before) & keys(after)
    assert before.only.likeness == after.only.likeness


def test_another_table_is_no_move():
    before = one(dataset(1, about=f"<{DUVA}>"))
    for other in (
        DUVA + "ff",
        DUVA.replace("geborene", "gestorbene"),
        "https://x.example/dataset/de-rp-stadt-geborene_2020",
    ):
        assert not keys(before) & keys(one(dataset(1, about=f"<{other}>")))


def test_a_renamed_table_is_known_by_what_it_says():
    before, after = (one(dataset(1, about=f"<{DUVA}{end}>", title="Geborene")) for end in ("", "ff"))
    assert before.only.likeness == after.only.likeness


def test_identifiers_that_only_their_portal_knows_do_not_meet_those_of_others():
    here, there = "daten.koblenz.example", "daten.trier.example"
    assert identifiers.keys(["4711"], here) != identifiers.keys(["4711"], there)
    uuid = "2d054bba-906e-4fa8-af7f-24c4fb64ce77"
    assert identifiers.keys([uuid], here) == identifiers.keys([uuid], there)
    assert identifiers.duva_key("https://a.example/dcat/dataset/baeume") != identifiers.duva_key(
        "https://b.example/dcat/dataset/baeume"
    )


def test_all_identifiers_are_keys_and_stay_in_the_record():
    got = one(
        dataset(
            1, 'dct:identifier "amt-12"', 'adms:identifier [ a adms:Identifier ; skos:notation "urn:x:9" ], "zwölf"'
        )
    )
    assert got.only.guid == uri(1)
    assert {"127.0.0.1#amt-12", "urn:x:9", "127.0.0.1#zwölf"} <= set(got.only.keys)
    assert got.package()["identifier"] == "amt-12"
    assert set(got.package()["alternate_identifier"]) == {"urn:x:9", "zwölf", uri(1)}


def test_the_address_is_the_identifier_of_a_record_without_one():
    assert one(dataset(1)).package()["identifier"] == uri(1)


def test_a_file_keeps_its_key_when_the_servlet_moves():
    def key(base: str) -> str:
        file = f"<{base}/dataset/de-rp-stadt-geborene/content.csv>"
        got = one(
            f'<{base}/x> a dcat:Dataset ; dct:title "T" ; dcat:distribution {file} . {file} dcat:accessURL {file} .'
        )
        return got.package()["resources"][0]["source_key"]

    assert key("https://a.example/duva2dcat") == key("http://b.example:8443/dcat-ap")


# 7, 8: broken and thin records


def test_one_broken_record_stops_no_other():
    odd = "dct:issued 12 ; dct:title 5, [] ; dct:publisher 7 ; dcat:distribution 3 ; dct:spatial 1"
    bad = f"<{uri(9)}> a dcat:Dataset ; {odd} ."
    got = read([bad, f"<{uri(8)}> a dcat:Dataset .", dataset(1)])
    assert len(got.candidates) == 3
    assert [one.refused and one.refused.code for one in got.candidates if one.guid == uri(8)] == ["no_title"]
    assert "Straßenbäume 1" in got.titles


@pytest.mark.parametrize(
    "statements",
    [
        "",
        'dct:description ""',
        'dct:description "-"',
        'dct:description "Keine Angabe"',
        'dct:description "Nur ein Titel"',
    ],
)
def test_a_thin_record_is_taken_and_its_title_is_its_description(statements: str):
    more = f" ; {statements}" if statements else ""
    got = one(f'<{uri(1)}> a dcat:Dataset ; dct:title "Nur ein Titel"{more} .')
    assert got.package()["notes"] == "Nur ein Titel"
    assert got.only.license_missing
    assert would_be_saved(got.package())


def test_a_keyword_that_is_only_the_title_in_an_address_is_left_out():
    got = one(dataset(1, 'dcat:keyword "strassenbaeume-1", "STRASSENBAEUME_1", "Baum-Kataster", "Straßenbäume 1"'))
    assert [tag["name"] for tag in got.package()["tags"]] == ["Baum-Kataster", "Straßenbäume 1"]


def test_html_is_no_part_of_texts():
    got = one(
        f'<{uri(1)}> a dcat:Dataset ; dct:title "A &amp; B" ; dct:description "<p>Eins</p><b>zwei</b> &bullet; drei" .'
    )
    assert got.package()["title"] == "A & B"
    assert "<" not in got.package()["notes"]
    assert "&" not in got.package()["notes"]


# 10: licences


@pytest.mark.parametrize(
    ("license", "code"),
    [
        (f"<{PREFIXES}dl-by-de/2.0>", "dl-de-by-2.0"),
        (f"<{PREFIXES.replace('http:', 'https:')}dl-by-de/2.0/>", "dl-de-by-2.0"),
        (f"<{PREFIXES}dl-by-de/2_0>", "dl-de-by-2.0"),
        ('"Datenlizenz Deutschland Namensnennung 2.0"', "dl-de-by-2.0"),
        ('"dl-de/by-2-0"', "dl-de-by-2.0"),
        ("<https://creativecommons.org/licenses/by/4.0/>", "cc-by-4.0"),
        ('[ a dct:LicenseDocument ; dct:title "Datenlizenz Deutschland Namensnennung 2.0" ]', "dl-de-by-2.0"),
    ],
)
def test_a_licence_is_known_by_any_of_its_names(license: str, code: str):
    got = one(dataset(1, license=license))
    assert got.package()["license_id"] == code
    assert not got.only.license_missing


@pytest.mark.parametrize(
    "license", ["", '"none"', '"Keine Angabe"', '"Sondernutzung 7"', f"<{PREFIXES}cc-by-nc-de/4_0>", "[]"]
)
def test_no_licence_is_invented(license: str):
    got = one(dataset(1, license=license))
    assert got.only.license_missing
    assert "license_id" not in got.package()
    assert all("license" not in file for file in got.package()["resources"])


def test_a_default_holds_where_nothing_is_said_and_only_there():
    said = one(dataset(1, license=""), default_license="cc-zero")
    assert said.package()["license_id"] == "cc-zero"
    assert "license_id" in [one.code for one in said.only.reasons]
    assert one(dataset(1, license='"Sondernutzung 7"'), default_license="cc-zero").only.license_missing
    assert one(dataset(1), default_license="cc-zero").package()["license_id"] == "dl-de-by-2.0"


def test_a_default_of_data_is_none_of_services():
    service = f'<{uri(1)}> a dcat:DataService ; dct:title "Dienst" ; dcat:endpointURL <https://x.example/wfs> .'
    assert one(service, default_license="cc-zero").only.license_missing


def test_the_source_has_its_own_names_of_licences():
    got = one(dataset(1, license='"Lizenz  der Stadt"'), licenses={"lizenz der stadt": "cc-by/4.0"})
    assert got.package()["license_id"] == "cc-by-4.0"


def test_two_licences_of_one_file_are_none():
    assert one(dataset(1, license=f"<{PREFIXES}cc-zero>, <{PREFIXES}cc-by/4.0>")).only.license_missing


def other_file(license: str) -> str:
    licensed = f" ; dct:license <{PREFIXES}{license}>" if license else ""
    return f"<{uri(1)}/b> a dcat:Distribution ; dcat:accessURL <{uri(1)}/b.csv>{licensed} ."


def test_files_may_have_licences_of_their_own():
    got = one(dataset(1, f"dcat:distribution <{uri(1)}/b>"), other_file("cc-zero"))
    assert not got.only.license_missing
    assert got.package()["license_id"] == "dl-de-by-2.0"  # of equals the one that asks for more
    assert [file.get("license") for file in got.package()["resources"]] == [f"{PREFIXES}cc-zero", None]


def test_a_file_without_a_licence_beside_one_with_it_waits():
    assert one(dataset(1, f"dcat:distribution <{uri(1)}/b>"), other_file("")).only.license_missing


# 11, 12: dates and periods


@pytest.mark.parametrize(
    ("written", "stored"),
    [('"2024-02-29"^^xsd:date', "2024-02-29"), ('"31.12.2024"', "2024-12-31"), ('"2024"^^xsd:gYear', "2024"),
     ('"2024-05-06T07:08:09"^^xsd:dateTime', "2024-05-06T07:08:09+00:00")],
)  # fmt: skip
def test_dates_of_all_kinds(written: str, stored: str):
    assert one(dataset(1, f"dct:modified {written}")).package()["modified"] == stored


@pytest.mark.parametrize(
    ("written", "row"),
    [
        ('[ a dct:PeriodOfTime ; dcat:startDate "2014" ; dcat:endDate "2015" ]', {"start": "2014", "end": "2015"}),
        ('"31.12.2014 - 31.12.2014"', {"start": "2014-12-31", "end": "2014-12-31"}),
        ('"1999 - 2013"', {"start": "1999", "end": "2013"}),
        ('"2006ff"', {"start": "2006"}),
        ('"1990/91"', {"start": "1990", "end": "1991"}),
        ('"1. Quartal 2020"', {"start": "2020-01", "end": "2020-03"}),
        ('"2019-01-01/2019-12-31"', {"start": "2019-01-01", "end": "2019-12-31"}),
        ('[ dcat:startDate "2014-01-01" ; dcat:endDate "9999-12-31" ]', {"start": "2014-01-01"}),
    ],
)
def test_periods_of_all_kinds(written: str, row: dict[str, str]):
    assert one(dataset(1, f"dct:temporal {written}")).package()["temporal_coverage"] == [row]


@pytest.mark.parametrize("written", ['"1. Quartal"', '"03"', '"unbekannt"'])
def test_what_is_no_period_is_told_and_left_out(written: str):
    got = one(dataset(1, f"dct:temporal {written}"))
    assert "temporal_coverage" not in got.package()
    assert any(reason.values["value"] == written.strip('"') for reason in got.only.reasons)


def test_content_that_changes_without_its_date_changes_the_fingerprint():
    before = one(dataset(1, 'dct:modified "2024-01-01"'))
    after = one(dataset(1, 'dct:modified "2024-01-01"', 'dcat:keyword "neu"'))
    assert before.only.fingerprint != after.only.fingerprint


def test_dates_that_a_daily_update_computes_change_nothing():
    daily = "dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/DAILY>"
    before, after = (one(dataset(1, daily, f'dct:modified "{day}"')) for day in ("2024-01-01", "2024-01-02"))
    assert before.prints == after.prints


# 13: people


@pytest.mark.parametrize("kind", ["foaf:Person", "foaf:Agent", "foaf:Organization"])
def test_names_of_persons_and_their_mail_stay_at_the_source(kind: str):
    got = one(
        dataset(
            1,
            f'dct:creator [ a {kind} ; foaf:name "Erika Mustermann" ; foaf:mbox <mailto:e.mustermann@stadt.example> ]',
            'dcat:contactPoint [ a vcard:Individual ; vcard:fn "Mustermann, Erika, Frau" ; '
            "vcard:hasTelephone <tel:+49-6131-1> ]",
        )
    )
    said = str(got.package()) + str(got.only.reasons)
    assert "ustermann" not in said
    assert "6131" not in said
    assert "statistik@stadt.example" in said


def test_an_office_is_no_person_though_the_source_calls_it_one():
    got = one(
        dataset(1, 'dct:publisher [ a foaf:Person ; foaf:name "Der Senator für Finanzenemail: post@amt.example" ]')
    )
    assert got.package()["publisher"] == [{"name": "Der Senator für Finanzen", "email": "post@amt.example"}]


def test_agents_may_be_nodes_texts_or_addresses():
    for written in ('[ foaf:name "Amt 12" ]', '"Amt 12"', "<https://x.example/amt>"):
        got = one(dataset(1, f"dct:publisher {written}"), '<https://x.example/amt> foaf:name "Amt 12" .')
        assert got.package()["publisher"][0]["name"] == "Amt 12"


# 14: addresses that are none


def test_addresses_are_mended_where_one_thing_can_be_meant():
    file = "<relativ/Bäume 2024|a.csv>"
    files = f'[ dcat:accessURL "{BASE}/a b\\\\c?x=ü&@y" ], {file}'
    got = one(
        f'<{uri(1)}> a dcat:Dataset ; dct:title "T" ; dcat:distribution {files} .',
        f"{file} dcat:accessURL <relativ/datei.csv> .",
    )
    urls = [resource["url"] for resource in got.package()["resources"]]
    assert f"{BASE}/a%20b/c?x=%C3%BC&@y" in urls
    assert any(url.endswith("/relativ/datei.csv") for url in urls)


def test_a_record_whose_own_address_is_none_is_taken():
    got = one(dataset(1, about="<https://x.example/Straßen Bäume {1}>"))
    assert got.only.guid == "https://x.example/Straßen Bäume {1}"
    assert got.package()["title"] == "Straßenbäume 1"


def test_a_file_without_an_address_is_left_out_and_told():
    got = one(f'<{uri(1)}> a dcat:Dataset ; dct:title "T" ; dcat:distribution [ dct:title "Leer" ] .')
    assert got.package()["resources"] == []
    assert [reason.values["value"] for reason in got.only.reasons if reason.code == "resources"] == ["Leer"]


# 15, 16: files and ids


def test_formats_by_list_name_media_type_and_address():
    files = (
        f"[ dcat:accessURL <https://x.example/a> ; dct:format <{FILE_TYPES}CSV> ]",
        '[ dcat:accessURL <https://x.example/b> ; dct:format "json" ]',
        '[ dcat:accessURL <https://x.example/c> ; dcat:mediaType "text/html" ]',
        "[ dcat:accessURL <https://x.example/wms?service=WMS&request=GetCapabilities> ]",
        "[ dcat:accessURL <https://x.example/asw/asw.exe?aw=Bev%5CTab> ]",
    )
    got = one(f'<{uri(1)}> a dcat:Dataset ; dct:title "T" ; dcat:distribution {", ".join(files)} .')
    found = {file["url"].rpartition("/")[2][:3]: file.get("format") for file in got.package()["resources"]}
    assert found == {"a": "CSV", "b": "JSON", "c": "HTML", "wms": "WMS", "asw": None}
    assert len({file["source_key"] for file in got.package()["resources"]}) == 5


def test_long_ids_that_differ_at_their_end_are_different():
    long = "de-rp-stadt-" + "a" * 150
    got = read([dataset(1, about=f"<{BASE}/{long}_2020>"), dataset(2, about=f"<{BASE}/{long}_2021>")])
    assert len({one.guid for one in got.candidates}) == 2


def test_a_blank_node_has_a_name_that_stays():
    before = one(dataset(1, about="[]").replace("[] a dcat:Dataset", "_:x a dcat:Dataset"))
    after = one(dataset(1, 'dcat:keyword "neu"', about="_:other", title="Neuer Titel"))
    assert before.only.guid == after.only.guid
    assert before.only.fingerprint != after.only.fingerprint
    assert one(dataset(1, 'dct:identifier "amt-12"', about="_:x")).only.guid == "127.0.0.1#amt-12"


# 17: order


def test_doubled_topics_and_another_order_change_nothing():
    before = one(dataset(1, 'dcat:keyword "Bevölkerung", "Wahl"', 'dct:temporal "2020"'))
    after = one(dataset(1, 'dct:temporal "2020", "2020"', 'dcat:keyword "Wahl", "Bevölkerung", "Bevölkerung"'))
    assert before.prints == after.prints


# series and services


def test_series_and_services_are_records_too():
    more = (
        f'<{uri(3)}> a dcat:DatasetSeries ; dct:title "Serie" .',
        f'<{uri(4)}> a dcat:DataService ; dct:title "Dienst" ; dcat:endpointURL <https://x.example/wfs> ; '
        f"dct:license <{PREFIXES}cc-zero> .",
    )
    got = read([dataset(1, f"dcat:inSeries <{uri(3)}>")], *more)
    assert [one.package and one.package["type"] for one in got.candidates] == [
        "dataset_series",
        "dataset",
        "data_service",
    ]
    assert got.package(1)["in_series"] == [uri(3)]
    assert [one.license_missing for one in got.candidates] == [False, False, False]
    assert len(read([dataset(1)], *more, services=False).candidates) == 2


# marks and rules of the source


def test_records_are_marked_where_they_say_nothing():
    config = {
        "publisher": {"name": "Stadt Koblenz", "uri": "https://koblenz.example/stadt"},
        "contributor_id": "openGovernmentDataPortalRheinlandPfalz",
        "place": "http://dcat-ap.de/def/politicalGeocoding/regionalKey/073150000000",
    }
    package = one(dataset(1), **config).package()
    assert package["publisher"] == [{"name": "Stadt Koblenz", "uri": "https://koblenz.example/stadt"}]
    assert package["contributor_id"].endswith("openGovernmentDataPortalRheinlandPfalz")
    assert package["spatial_coverage"] == [{"uri": config["place"]}]
    said = one(dataset(1, 'dct:publisher [ foaf:name "Stadtwerke" ]'), **config).package()
    assert said["publisher"] == [{"name": "Stadtwerke"}]
    same = one(dataset(1, 'dct:publisher [ foaf:name "Stadt  Koblenz" ]'), **config).package()
    assert same["publisher"][0]["uri"] == "https://koblenz.example/stadt"


@pytest.mark.parametrize(
    ("config", "taken"),
    [
        ({"include": {"keywords": ["open*"]}}, ["A"]),
        ({"exclude": {"keywords": ["OPENDATA"]}}, ["B"]),
        ({"include": {"publishers": ["*stadt*"]}, "exclude": {"titles": ["a"]}}, []),
        ({"include": {"titles": ["B", "C"]}}, ["B"]),
    ],
)
def test_rules_say_which_records_are_taken(config: dict, taken: list[str]):
    amt = 'dct:publisher [ foaf:name "Die Stadt" ]'
    got = read([dataset(1, 'dcat:keyword "opendata"', amt, title="A"), dataset(2, title="B")], **config)
    assert [one.title for one in got.candidates if one.package] == taken
    assert all(one.skipped and one.fingerprint for one in got.candidates if not one.package)


def test_what_others_have_from_us_does_not_come_back():
    got = read([dataset(1, about=f"<{OURS}/dataset/abc>"), dataset(2, f'dct:identifier "{OURS}/dataset/abc"')])
    assert [(one.refused and one.refused.code, one.skipped) for one in got.candidates] == [("own", True)] * 2


def test_what_the_portal_decides_is_never_taken_from_a_source():
    package = one(dataset(1)).package()
    assert not {"id", "name", "owner_org", "private", "visibility", "lifecycle"} & package.keys()
    assert would_be_saved(package)


def test_ids_of_another_portal_are_not_ours():
    file = f"<{uri(1)}/resource/abc>"
    got = one(f'<{uri(1)}> a dcat:Dataset ; dct:title "T" ; dcat:distribution {file} . {file} dcat:accessURL {file} .')
    assert "id" not in got.package()["resources"][0]


# raw


def test_the_raw_record_is_what_belongs_to_it_and_nothing_of_others():
    got = read([dataset(1, f"dct:relation <{uri(2)}>"), dataset(2)])
    raw = got.raw[0].decode()
    assert raw.splitlines() == sorted(raw.splitlines())
    assert f"<{uri(1)}/file>" in raw
    assert f"<{uri(2)}> <http://purl.org" not in raw
    assert "statistik@stadt.example" in raw


def test_options_are_checked():
    from ckanext.mainz.harvest.dcat.kind import DcatKind

    kind = DcatKind()
    bad = {"paging": "x", "publisher": {"uri": "https://x.example"}, "include": {"colour": ["x"]}, "addresses": ["nix"],
           "licenses": {"a": "b"}, "default_license": "none", "unknown": 1, "timeout": 0}  # fmt: skip
    assert kind.problems("", bad).keys() == bad.keys()
    good = {"paging": "single", "publisher": {"name": "Stadt"}, "include": {"titles": ["x*"]}, "redistribute": True,
            "licenses": {"a": "cc-by/4.0"}, "default_license": "cc-zero", "timeout": 60, "missing_runs": 3}  # fmt: skip
    assert kind.problems("", good) == {}


def test_with_nothing_but_paging_off_a_second_page_is_not_asked_for():
    with CatalogueServer() as portal:
        go(portal.catalogue([dataset(n) for n in range(10)]), paging="single")
        assert len(portal.requests) == 1
