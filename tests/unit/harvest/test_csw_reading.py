"""What readers of a catalogue can rely on."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator

import pytest
from lxml import etree
from tests.kit.csw_server import CswServer, big_record, identifier, record
from tests.kit.outgoing import MakeSession, Waits

from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.gdi.csw import Completeness, CswFilter, CswRecord, CswSource, list_records

MEGABYTE = 1_000_000
OPEN = CswFilter(keywords=("opendata",))


@pytest.fixture
def catalogue() -> Iterator[CswServer]:
    with CswServer() as running:
        yield running


@pytest.fixture
def session() -> Session:
    return MakeSession(Waits())()


def read(session: Session, source: CswSource) -> tuple[list[CswRecord], Completeness]:
    reading = list_records(session, source)
    records = [record for page in reading for record in page.records]
    return records, reading.completeness


# records


def test_a_record_is_one_element_that_stands_alone(catalogue: CswServer, session: Session) -> None:
    records, _ = read(session, CswSource(catalogue.address))
    root = etree.fromstring(records[7].xml)
    assert etree.QName(root).localname == "MD_Metadata"
    assert (records[7].identifier, records[7].position) == (identifier(7), 8)
    assert "Straßenbäume 7" in "".join(root.itertext())
    assert records[7].xml == etree.tostring(etree.fromstring(record(7)), method="c14n", exclusive=True)


def test_a_record_without_identifier_says_so(catalogue: CswServer, session: Session) -> None:
    catalogue.play("no_identifier")
    records, _ = read(session, CswSource(catalogue.address))
    assert [one.position for one in records if not one.identifier] == [4]
    assert records[3].name.startswith("#")


def test_what_is_repaired_is_what_was_meant(catalogue: CswServer, session: Session) -> None:
    read_well, _ = read(session, CswSource(catalogue.address))
    catalogue.play("latin_one")
    assert [one.xml for one in read(session, CswSource(catalogue.address))[0]] == [one.xml for one in read_well]
    catalogue.play("control_characters")
    assert [one.xml for one in read(session, CswSource(catalogue.address))[0]] == [one.xml for one in read_well]


def test_pages_tell_where_they_stood(catalogue: CswServer, session: Session) -> None:
    pages = list(list_records(session, CswSource(catalogue.address)))
    assert [(page.number, page.position, len(page.records)) for page in pages] == [
        (1, 1, 50),
        (2, 51, 50),
        (3, 101, 20),
    ]


# size


def test_a_record_of_30_megabytes_is_read(session: Session) -> None:
    with CswServer(records=5, special={2: big_record(2, 30)}) as catalogue:
        session = MakeSession(Waits())(max_bytes=50 * MEGABYTE, read_timeout=30, total_timeout=60)
        records, result = read(session, CswSource(catalogue.address))
    assert result.complete
    assert len(records[2].xml) > 29 * MEGABYTE


def test_a_record_beyond_the_limit_of_the_session_is_named(session: Session) -> None:
    with CswServer(records=60, special={20: big_record(20, 30)}) as catalogue:
        records, result = read(session, CswSource(catalogue.address))
    assert (len(records), result.complete) == (59, True)
    assert [one.identifier for one in result.unreadable] == [identifier(20)]
    assert "sends more than" in str(result.unreadable[0].problem)


def test_many_records_need_hardly_more_memory_than_few(session: Session) -> None:
    """Only names and digests are kept: some 200 bytes for each record, whose text has 2,000."""
    with CswServer(records=20_000, page=500) as catalogue:
        reading = list_records(
            MakeSession(Waits())(max_bytes=10 * MEGABYTE), CswSource(catalogue.address, page_size=500)
        )
        next(iter(reading))
        gc.collect()
        tracemalloc.start()
        count = 500 + sum(len(page.records) for page in reading)
        gc.collect()
        kept, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (count, reading.completeness.complete) == (20_000, True)
    assert kept < 10 * MEGABYTE
    assert peak < 15 * MEGABYTE


# filters


@pytest.mark.parametrize(
    "fault, condition",
    [
        ("honest", "PropertyIsLike(apiso:Subject)"),
        ("plain_names", "PropertyIsLike(Subject)"),
        ("dublin_core_names", "PropertyIsLike(dc:subject)"),
        ("like_finds_nothing", "PropertyIsEqualTo(apiso:Subject)"),
    ],
)
def test_a_filter_is_asked_for_in_words_that_the_catalogue_knows(
    catalogue: CswServer, session: Session, fault: str, condition: str
) -> None:
    catalogue.play(fault)
    records, result = read(session, CswSource(catalogue.address, filters=OPEN))
    assert (len(records), result.complete, result.condition) == (40, True, condition)


@pytest.mark.parametrize(
    "fault, words",
    [
        ("refuses_filter", "Invalid PropertyName: apiso:Subject"),
        ("filter_finds_nothing", "finds nothing with the filter"),
    ],
)
def test_without_a_filter_that_works_everything_is_read(
    catalogue: CswServer, session: Session, fault: str, words: str
) -> None:
    catalogue.play(fault)
    records, result = read(session, CswSource(catalogue.address, filters=OPEN))
    assert (len(records), result.complete, result.condition) == (120, True, "")
    assert words in str(result.problems[0])


def test_all_kinds_of_filters_hold_together(catalogue: CswServer, session: Session) -> None:
    filters = CswFilter(("Mainz",), ("dataset", "service"), ("opendata",), (8.1, 49.9, 8.4, 50.1))
    records, result = read(session, CswSource(catalogue.address, filters=filters))
    assert {int(one.identifier[-12:]) for one in records} == {number for number in range(120) if number % 6 == 0}
    assert result.condition == "PropertyIsLike(apiso:OrganisationName, apiso:Type, apiso:Subject, apiso:BoundingBox)"


def test_the_same_is_asked_for_by_get(catalogue: CswServer, session: Session) -> None:
    records, result = read(session, CswSource(catalogue.address, filters=OPEN, method="GET"))
    assert (len(records), result.complete) == (40, True)
    assert {request.method for request in catalogue.requests} == {"GET"}


# the way


def test_the_address_of_the_capabilities_will_do(catalogue: CswServer, session: Session) -> None:
    url = f"{catalogue.address}?REQUEST=GetCapabilities&Service=CSW&map=stadt"
    assert read(session, CswSource(url))[1].complete
    assert {request.target for request in catalogue.requests} == {"/csw?map=stadt"}


def test_a_moved_catalogue_is_asked_where_it_is(catalogue: CswServer, session: Session) -> None:
    catalogue.play("redirected")
    assert read(session, CswSource(catalogue.address))[1].complete
    assert len(catalogue.asked("/csw")) == 1


def test_a_certificate_that_is_not_accepted_is_told() -> None:
    with CswServer(tls=True) as catalogue:
        records, result = read(MakeSession(Waits())(), CswSource(catalogue.address))
    assert (records, result.complete, result.requests) == ([], False, 1)
    assert "certificate" in str(result.reasons[0])


def test_nobody_there_is_told_after_one_request(session: Session) -> None:
    with CswServer() as catalogue:
        address = catalogue.address
    records, result = read(session, CswSource(address))
    assert (records, result.complete, result.requests) == ([], False, 1)
    assert str(result.reasons[0]).startswith("Before the first page: ")


@pytest.mark.parametrize(
    "url", ["", "geodaten", "ftp://geodaten.example", "http://[", "http://user:secret@geodaten.example"]
)
def test_what_is_no_address_is_told(session: Session, url: str) -> None:
    _, result = read(session, CswSource(url))
    assert not result.complete
    assert "secret" not in str(result.reasons[0])


def test_who_stops_early_has_read_an_incomplete_catalogue(catalogue: CswServer, session: Session) -> None:
    reading = list_records(session, CswSource(catalogue.address))
    assert not reading.completeness.complete
    next(iter(reading))
    assert "not carried to its end" in str(reading.completeness.reasons[0])
    assert reading.completeness.unique == 50
    list(reading)
    assert reading.completeness.complete


def test_the_number_of_pages_is_limited(catalogue: CswServer, session: Session) -> None:
    records, result = read(session, CswSource(catalogue.address, page_size=10, max_pages=4))
    assert (len(records), result.complete) == (40, False)
    assert "limit of 100000 records or 4 pages" in str(result.reasons[0])


def test_a_second_pass_has_pages_of_another_size(catalogue: CswServer, session: Session) -> None:
    catalogue.play("same_identifier_twice")
    _, result = read(session, CswSource(catalogue.address))
    sizes = [body.split(b'maxRecords="')[1].split(b'"')[0] for body in (one.body for one in catalogue.requests)]
    assert sizes == [b"1", *[b"50"] * 4, *[b"33"] * 5]
    assert (result.passes, result.unique, result.matched) == (2, 119, (120,))


def test_messages_are_translated_with_what_they_quote(catalogue: CswServer, session: Session) -> None:
    catalogue.play("refuses_filter")
    _, result = read(session, CswSource(catalogue.address, filters=OPEN))
    told = result.problems[0].translated(lambda text: f"<{text}>")
    assert told.startswith("<Before the first page: <The catalogue does not accept the filter")
    assert told.endswith(
        "<The catalogue "
        + catalogue.address
        + " refuses: Invalid PropertyName: apiso:Subject (InvalidParameterValue)>>>"
    )
