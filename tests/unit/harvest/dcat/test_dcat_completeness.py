"""When a reading of a catalogue counts as complete, and when it does not."""

from __future__ import annotations

import re

import pytest
from tests.kit.catalogue_server import CatalogueServer, dataset, document, in_form, uri
from tests.kit.misbehaving_server import (
    LOGIN_PAGE,
    Behaviour,
    answer,
    bomb,
    compressed,
    drip,
    hang,
    in_turn,
    login_page,
    redirect,
    reset,
    slow_start,
    status,
    truncated,
    without_head,
)
from tests.unit.harvest.dcat.reading import go, read, session

from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.foundation.http import AddressRefused, HttpError, TooLarge
from ckanext.mainz.harvest.dcat.kind import DcatKind
from ckanext.mainz.harvest.spool import Spool
from ckanext.mainz.metadata.rdf import RdfError

MANY = [dataset(number) for number in range(25)]


# one document


def test_one_document_without_a_next_page_is_complete():
    got = read([dataset(1), dataset(2)])
    assert got.reading.complete
    assert [one.guid for one in got.candidates] == [uri(1), uri(2)]


@pytest.mark.parametrize("content_type", ["", "text/html", "application/octet-stream", "application/rdf+xml"])
@pytest.mark.parametrize("form", ["ttl", "rdf", "jsonld"])
def test_the_form_is_told_by_what_is_there_and_not_by_its_content_type(form: str, content_type: str):
    with CatalogueServer() as portal:
        got = go(portal.catalogue([dataset(1)], form=form, content_type=content_type))
    assert got.prints == read([dataset(1)]).prints


def test_head_is_never_asked_for_and_a_slow_first_byte_waited_for():
    with CatalogueServer() as portal:
        url = portal.at("/c", without_head(slow_start(answer(document([dataset(1)])), 1)))
        assert go(url).reading.complete
        assert {one.method for one in portal.requests} == {"GET"}


def test_one_request_is_sent_after_another():
    with CatalogueServer(most_parallel=1) as portal:
        assert len(go(portal.paged(MANY)).candidates) == 25
        assert portal.busiest == 1


def test_an_empty_catalogue_is_not_complete():
    got = read([])
    assert not got.reading.complete
    assert got.why == "empty"


@pytest.mark.parametrize(
    "behaviour",
    [login_page(), answer(LOGIN_PAGE, content_type="text/turtle"), status(504), status(403), answer(b""), reset,
     answer(b"Service unavailable"), answer(b'{"error": '), truncated(document([dataset(1)])), answer(b"  \n"),
     answer(document([dataset(1)])[:-40]), answer(in_form(document([dataset(1)]), "rdf")[:-40]),
     answer(b"\x00\x01\x02"), answer(in_form(document([dataset(1)]), "jsonld")[:-10]),
     compressed(document([dataset(1)]), cut=5)],
)  # fmt: skip
def test_what_is_no_whole_catalogue_cannot_be_read(behaviour: Behaviour):
    with CatalogueServer() as portal, pytest.raises(ReadableError):
        go(portal.at("/c", behaviour))


@pytest.mark.parametrize("behaviour", [hang, drip(document([dataset(1)]), pause=0.2)])
def test_a_source_may_have_a_shorter_time_than_the_operator_permits(behaviour: Behaviour):
    with CatalogueServer() as portal, pytest.raises(HttpError):
        go(portal.at("/c", behaviour), timeout=1)


def test_a_bomb_ends_at_the_limit_of_the_session():
    with CatalogueServer() as portal, pytest.raises(TooLarge):
        go(portal.at("/c", bomb(30)), limits={"max_download_bytes": 1_000_000})


def test_a_redirect_to_a_private_address_is_refused():
    with CatalogueServer() as portal, pytest.raises(AddressRefused):
        go(portal.at("/c", redirect("http://10.0.0.1:8080/catalog.ttl")))


def test_entities_and_contexts_elsewhere_are_refused():
    bad = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b">]><rdf:RDF xmlns:rdf="http://x"/>'
    context = b'{"@context": "http://127.0.0.1:1/context.jsonld", "@id": "http://x"}'
    with CatalogueServer() as portal:
        for body in (bad, context):
            with pytest.raises(ReadableError):
                go(portal.at("/c", answer(body)))


def test_a_dataset_that_is_listed_and_not_described_does_not_count_as_missing():
    got = read([dataset(1)], f"<https://daten.stadt.example/> dcat:dataset <{uri(1)}>, <{uri(2)}> .")
    assert got.reading.complete
    assert got.reading.unreadable == {uri(2)}
    assert [one.code for one in got.reading.problems] == ["named only"]


def test_a_record_with_a_file_that_is_not_described_stays_as_it_was():
    got = read([dataset(1, f"dcat:distribution <{uri(1)}/cut-off>"), dataset(2)])
    assert [one.refused and one.refused.code for one in got.candidates] == ["half", None]


# other addresses


def test_the_next_address_is_asked_where_the_first_gives_nothing():
    with CatalogueServer() as portal:
        good = portal.catalogue([dataset(1)])
        for behaviour in (status(404), login_page(), answer(document([])), reset):
            got = go(portal.at("/first", behaviour), addresses=[good])
            assert got.reading.complete
            assert [one.code for one in got.reading.problems] == ["detour"]


def test_no_address_gives_a_catalogue():
    with CatalogueServer() as portal, pytest.raises(ReadableError, match="None of the addresses"):
        go(portal.url("/a"), addresses=[portal.url("/b")])


# pages


@pytest.mark.parametrize("fault", ["", "inner", "silent"])
def test_pages_are_read_to_the_last(fault: str):
    with CatalogueServer() as portal:
        got = go(portal.paged(MANY, fault=fault))
        assert len(got.candidates) == 25
        assert got.reading.complete, got.reading.why
        if fault == "silent":
            assert [one.target for one in portal.requests][:2] == ["/catalog.ttl", "/catalog.ttl?page=2"]


@pytest.mark.parametrize(
    ("fault", "code", "count"),
    [("endless", "idle", 25), ("back", "loop", 25), ("status", "page", 10), ("login", "page", 10), ("gone", "page", 10),
     ("overlap", "short", 15)],
)  # fmt: skip
def test_pages_that_go_wrong_are_told_and_what_came_before_stays(fault: str, code: str, count: int):
    with CatalogueServer() as portal:
        got = go(portal.paged(MANY, fault=fault))
    assert got.why == code
    assert (got.reading.complete, len(got.candidates)) == (False, count)


@pytest.mark.parametrize(("total", "complete"), [(24, True), (25, True), (26, False), (0, True)])
def test_so_many_records_must_come_as_the_catalogue_says_to_have(total: int, complete: bool):
    with CatalogueServer() as portal:
        assert go(portal.paged(MANY, total=total)).reading.complete is complete


def test_a_catalogue_that_pages_in_silence_and_breaks_is_not_complete():
    with CatalogueServer() as portal:
        page = answer(document(MANY[:20]))
        got = go(portal.at("/catalog.ttl", in_turn(page, status(504))))
        assert got.why == "page"
        got = go(portal.at("/catalog.ttl", in_turn(page, status(404))))
        assert got.reading.complete


def test_a_static_file_with_a_round_number_of_datasets_is_complete():
    got = read(MANY[:20])
    assert got.reading.complete
    assert len(got.candidates) == 20


def test_a_reading_ends_at_its_limit():
    with CatalogueServer() as portal:
        got = go(portal.paged(MANY), max_records=12)
    assert got.why == "limit"


def test_a_run_that_has_used_up_its_time_ends():
    class TooLong(ReadableError):
        pass

    def beat(done: int, _total: int) -> None:
        if done > 10:
            raise TooLong(N_("The run took too long."))

    with CatalogueServer() as portal, Spool() as spool:
        url = portal.paged(MANY)
        with pytest.raises(TooLong):
            DcatKind().read(session(), url, {}, spool, beat)


def test_the_first_of_two_records_with_one_address_is_taken():
    with CatalogueServer() as portal:
        got = go(portal.paged([*MANY[:10], dataset(0, title="Später"), *MANY[10:]], total=25))
    assert "Später" not in got.titles
    assert got.reading.complete


# encodings


def test_latin_one_is_read_where_nothing_else_can_be_meant():
    text = document([dataset(1)]).decode()
    declared = '<?xml version="1.0" encoding="ISO-8859-1" standalone="yes"?>\n'
    xml = re.sub(r"<\?xml[^>]*\?>\s*", "", in_form(text.encode(), "rdf").decode())
    bodies = (
        text.encode("latin-1"),
        text.encode("utf-16"),
        b"\xef\xbb\xbf" + text.encode(),
        (declared + xml).encode("latin-1"),
        (declared + xml).encode(),
        in_form(text.encode(), "jsonld").decode().encode("cp1252"),
    )
    with CatalogueServer() as portal:
        for body in bodies:
            got = go(portal.at("/c", answer(body)))
            assert got.titles == ["Straßenbäume 1"], body[:60]
            assert got.reading.complete


def test_an_encoding_that_is_not_clear_is_refused():
    mixed = document([dataset(1)]).replace("Straßenbäume".encode(), "Stra\xdfenbäume".encode("latin-1") + "ü".encode())
    wrong = b'<?xml version="1.0" encoding="x-klingon"?>\n<rdf:RDF xmlns:rdf="http://x">\xe4</rdf:RDF>'
    with CatalogueServer() as portal:
        for body in (mixed, wrong):
            with pytest.raises(RdfError):
                go(portal.at("/c", answer(body)))


# what is at an address


def test_a_check_says_what_is_there():
    with CatalogueServer() as portal:
        found = DcatKind().check(session(), portal.paged(MANY))
    assert (found.form, found.count, found.total, found.is_usable) == ("ttl", 10, 25, True)
    assert found.sample is not None
    assert found.sample.package


def test_a_check_finds_the_catalogue_of_duva_below_the_address():
    with CatalogueServer() as portal:
        portal.at("/duva2dcat/catalog.ttl", answer(document([dataset(1)])))
        portal.at("/", login_page())
        found = DcatKind().check(session(), portal.url("/"))
    assert found.address.endswith("/duva2dcat/catalog.ttl")
    assert [one.code for one in found.problems] == ["unreadable", "elsewhere"]


def test_a_check_says_what_is_wrong():
    with CatalogueServer() as portal:
        found = DcatKind().check(session(), portal.at("/", status(500)))
    assert not found.is_usable
    assert found.problems[0].sentence()
