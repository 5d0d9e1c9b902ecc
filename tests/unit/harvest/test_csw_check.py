"""What is told about the address of a catalogue."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.kit.csw_server import CswServer, identifier
from tests.kit.outgoing import MakeSession, Waits

from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.gdi.csw import check


@pytest.fixture
def catalogue() -> Iterator[CswServer]:
    with CswServer() as running:
        yield running


@pytest.fixture
def session() -> Session:
    return MakeSession(Waits())()


def test_a_catalogue_tells_what_it_is(catalogue: CswServer, session: Session) -> None:
    found = check(session, f"{catalogue.address}?service=CSW&request=GetCapabilities")
    assert found.capabilities
    assert found.capabilities.title == "Geodatenkatalog Probe"
    assert found.capabilities.operations == ("GetCapabilities", "GetRecords", "GetRecordById")
    assert "http://www.isotc211.org/2005/gmd" in found.capabilities.output_schemas
    assert (found.capabilities.max_page, found.matched, found.address) == (100, 120, catalogue.address)
    assert found.sample
    assert found.sample.identifier == identifier(0)
    assert (found.problems, found.is_usable, found.requests) == ((), True, 4)


def test_another_address_in_the_capabilities_is_told_and_not_followed(catalogue: CswServer, session: Session) -> None:
    catalogue.play("advertises_other_host")
    found = check(session, catalogue.address)
    assert found.is_usable
    assert "http://intern.example.test/csw" in str(found.problems[0])


def test_the_number_of_hits_is_told_even_if_the_catalogue_says_that_it_returned_them(
    catalogue: CswServer, session: Session
) -> None:
    catalogue.play("returned_wrong")
    assert check(session, catalogue.address).matched == 120


@pytest.mark.parametrize(
    "fault, words",
    [
        ("html_page", "HTML page"),
        ("another_service", "WMS_Capabilities"),
        ("refuses_everything", "Der Katalog wird gewartet."),
        ("server_error", "status 500"),
        ("not_xml", "is not XML"),
    ],
)
def test_what_is_no_catalogue_is_told(catalogue: CswServer, session: Session, fault: str, words: str) -> None:
    catalogue.play(fault)
    found = check(session, catalogue.address)
    assert not found.is_usable
    assert words in " ".join(map(str, found.problems))


def test_nobody_there_is_told(session: Session) -> None:
    found = check(session, "http://127.0.0.1:1025/csw")
    assert (found.is_usable, found.capabilities, found.matched) == (False, None, None)
    assert found.problems


def test_a_form_that_works_is_found(catalogue: CswServer, session: Session) -> None:
    catalogue.play("only_get")
    assert check(session, catalogue.address).form.method == "GET"
