"""Every fault of a catalogue, and what a reading makes of it."""

from __future__ import annotations

import pytest
from tests.kit.csw_server import FAULTS, CswServer, identifier
from tests.kit.outgoing import MakeSession, Waits

from ckanext.mainz.harvest.gdi.csw import CswSource, list_records

RECORDS = 120
COMPLETE, INCOMPLETE = True, False

#: fault: records given out, whether that is complete, most requests, words of a message (of a doubt if incomplete).
OUTCOMES: dict[str, tuple[int, bool, int, str]] = {
    "honest": (120, COMPLETE, 5, ""),
    # pages
    "capped_page": (120, COMPLETE, 20, ""),
    "empty_page": (120, COMPLETE, 12, "Page 3 (from record 51): The page is empty"),
    "empty_page_once": (120, COMPLETE, 6, ""),
    "empty_from_third_page": (100, INCOMPLETE, 12, "says that it has 120 records, but gave 100"),
    "overlapping_page": (119, INCOMPLETE, 11, "says that it has 120 records, but gave 119"),
    "endless_page": (50, INCOMPLETE, 8, "2 pages in a row brought only records that had come before"),
    "everything_at_once": (120, COMPLETE, 3, ""),
    "growing_catalogue": (350, INCOMPLETE, 9, "The limit of 300 records"),
    "last_page_again": (120, COMPLETE, 5, ""),
    "unstable_order": (114, INCOMPLETE, 14, "says that it has 120 records, but gave 114"),
    "unstable_order_once": (120, COMPLETE, 14, "refuses to sort by identifier"),
    "same_identifier_twice": (119, COMPLETE, 11, "1 of them with different content"),
    "same_record_twice": (119, COMPLETE, 5, "1 identifiers came more than once, 0 of them with different content"),
    "hidden_record": (119, INCOMPLETE, 11, "says that it has 120 records, but gave 119"),
    "no_identifier": (120, COMPLETE, 5, ""),
    "foreign_record": (119, COMPLETE, 5, "came as BriefRecord"),
    "only_dublin_core": (0, INCOMPLETE, 11, "none of them as gmd:MD_Metadata"),
    "wrapped_record": (120, COMPLETE, 5, ""),
    # counts
    "next_record_zero": (120, COMPLETE, 5, ""),
    "next_record_missing": (120, COMPLETE, 5, ""),
    "next_record_one": (120, COMPLETE, 5, ""),
    "next_record_far": (120, COMPLETE, 5, ""),
    "next_record_off_by_one": (120, COMPLETE, 5, ""),
    "returned_wrong": (120, COMPLETE, 20, ""),
    "matched_too_high": (120, INCOMPLETE, 13, "says that it has 125 records, but gave 120"),
    "matched_too_low": (120, INCOMPLETE, 11, "says that it has 115 records, but gave 120"),
    "matched_is_page": (120, INCOMPLETE, 11, "changed the number of its records from 33 to 21"),
    "matched_zero": (120, INCOMPLETE, 11, "says that it has 0 records, but gave 120"),
    "matched_missing": (120, INCOMPLETE, 11, "does not say how many records it has"),
    "matched_nonsense": (120, INCOMPLETE, 11, "does not say how many records it has"),
    "changes_once": (123, COMPLETE, 11, ""),
    "changes_always": (301, INCOMPLETE, 190, "changed the number of its records from 121 to 301"),
    "nothing_there": (0, INCOMPLETE, 10, "gave no record"),
    "nothing_though_matched": (0, INCOMPLETE, 13, "gave no record"),
    # refusals
    "refuses_behind_end": (120, COMPLETE, 5, ""),
    "result_window": (100, INCOMPLETE, 5, "Result window is too large"),
    "refuses_sort": (120, COMPLETE, 9, "refuses to sort by identifier"),
    "only_csw_record": (120, COMPLETE, 8, ""),
    "only_get": (120, COMPLETE, 10, ""),
    "refuses_everything": (0, INCOMPLETE, 8, "Der Katalog wird gewartet."),
    "refuses_with_status": (0, INCOMPLETE, 8, "Der Katalog wird gewartet."),
    "refuses_page": (100, INCOMPLETE, 40, "5 records could not be read, 5 of them in a row"),
    "refuses_bad_record": (119, COMPLETE, 14, "Cannot serialise a record"),
    # documents
    "truncated_xml": (119, COMPLETE, 14, "is not well-formed XML"),
    "truncated_body": (119, COMPLETE, 14, "broke off before it was complete"),
    "latin_one": (120, COMPLETE, 5, "15 texts were not in UTF-8 and were read as Windows-1252"),
    "cut_umlaut": (119, COMPLETE, 14, "Invalid bytes in character encoding"),
    "control_characters": (120, COMPLETE, 5, "control characters, which XML does not allow, were left out"),
    "undeclared_prefix": (119, COMPLETE, 14, "Namespace prefix x on y is not defined"),
    "utf16": (120, COMPLETE, 5, ""),
    "byte_order_mark": (120, COMPLETE, 5, ""),
    "billion_laughs": (0, INCOMPLETE, 40, "gave no record that can be used"),
    "laughing_record": (119, COMPLETE, 14, "document type declaration"),
    "odd_content_type": (120, COMPLETE, 5, ""),
    "another_service": (0, INCOMPLETE, 8, "answers with WMS_Capabilities"),
    "not_xml": (0, INCOMPLETE, 8, "is not XML"),
    # the way here
    "html_page": (0, INCOMPLETE, 8, "sends an HTML page instead of records"),
    "html_later": (50, INCOMPLETE, 3, "Page 2 (from record 51): http"),
    "server_error_once": (120, COMPLETE, 14, ""),
    "server_error_for_record": (119, COMPLETE, 14, "status 500"),
    "server_error_later": (50, INCOMPLETE, 40, "5 records could not be read, 5 of them in a row"),
    "server_error": (0, INCOMPLETE, 8, "status 500"),
    "unavailable": (50, INCOMPLETE, 3, "status 503"),
    "slow_drip": (50, INCOMPLETE, 5, "was not done after"),
    "reset": (50, INCOMPLETE, 3, "cannot be reached"),
    "gzip_bomb": (50, INCOMPLETE, 40, "5 records could not be read, 5 of them in a row"),
    "redirect_to_private": (50, INCOMPLETE, 3, "in a private network"),
    "redirected": (120, COMPLETE, 6, ""),
    "advertises_other_host": (120, COMPLETE, 5, ""),
}
OF_FILTERS = {"refuses_filter", "plain_names", "dublin_core_names", "filter_finds_nothing", "like_finds_nothing"}


def test_every_fault_has_an_outcome() -> None:
    assert OUTCOMES.keys() | OF_FILTERS == FAULTS.keys()


@pytest.mark.parametrize("fault", OUTCOMES)
def test_a_fault_costs_no_more_than_it_must_and_is_told(fault: str) -> None:
    count, complete, most_requests, words = OUTCOMES[fault]
    with CswServer(fault=fault, records=RECORDS) as catalogue:
        session = MakeSession(Waits())(total_timeout=0.8)
        reading = list_records(session, CswSource(catalogue.address, max_records=300))
        records = [record for page in reading for record in page.records]
    result = reading.completeness
    assert (len(records), result.complete) == (count, complete)
    assert len({record.name for record in records}) == count == result.unique
    assert result.requests <= most_requests
    assert len(catalogue.requests) == result.requests + (fault == "redirected")
    told = [*result.problems, *(one.problem for one in result.unreadable)] if complete else result.reasons
    assert words in " ".join(map(str, told))
    assert complete or result.reasons


@pytest.mark.parametrize(
    "fault",
    [
        "foreign_record",
        "refuses_bad_record",
        "truncated_xml",
        "truncated_body",
        "cut_umlaut",
        "undeclared_prefix",
        "laughing_record",
        "server_error_for_record",
    ],
)
def test_one_bad_record_is_named_and_costs_only_itself(fault: str) -> None:
    with CswServer(fault=fault, records=RECORDS) as catalogue:
        reading = list_records(MakeSession(Waits())(), CswSource(catalogue.address))
        given = {record.identifier for page in reading for record in page.records}
    [bad] = reading.completeness.unreadable
    assert (bad.identifier, bad.problem.position) == (identifier(80), 81)
    assert given == {identifier(number) for number in range(RECORDS) if number != 80}
