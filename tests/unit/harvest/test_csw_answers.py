"""How answers of a catalogue are read, and mended where there is no doubt."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.kit.csw_catalogue import ANSWER, REPORT
from tests.kit.csw_server import identifier, record

from ckanext.mainz.foundation.http import BadResponse, Response
from ckanext.mainz.harvest.gdi.csw_answers import (
    Found,
    HtmlPage,
    OtherDocument,
    Refusal,
    UnreadablePage,
    read_page,
)
from ckanext.mainz.harvest.gdi.csw_dialogue import FAILURES
from ckanext.mainz.harvest.gdi.csw_repair import repaired

URL = "https://geodaten.example/csw"


def page(*records: bytes, counts: str = 'numberOfRecordsMatched="9"') -> bytes:
    head, tail = ANSWER.format(counts=counts, records="|").encode().split(b"|")
    return head + b"".join(records) + tail


def read(body: bytes, *, status: int = 200, position: int = 1) -> Found:
    return read_page(Response(URL, status, {}, body), position)


def test_a_page_is_counted_by_its_elements() -> None:
    found = read(page(record(1), record(2), b"<x/>", counts='numberOfRecordsMatched="9" nextRecord="1"'), position=51)
    assert (found.matched, found.size) == (9, 3)
    assert [(one.identifier, one.position) for one in found.records] == [(identifier(1), 51), (identifier(2), 52)]
    assert [(one.tag, one.position) for one in found.foreign] == [("x", 53)]


@pytest.mark.parametrize("matched", ["", "-1", "viele", "1.5", "9" * 5000])
def test_a_count_that_is_none_is_not_known(matched: str) -> None:
    assert read(page(counts=f'numberOfRecordsMatched="{matched}"')).matched is None


def test_a_record_does_not_depend_on_the_page_around_it() -> None:
    [one] = read(page(record(1))).records
    around = page(record(1)).replace(b"<csw:SearchResults ", b'<csw:SearchResults xmlns:gco="urn:x" xmlns:y="urn:y" ')
    assert read(around).records == (one,)


def test_prefixes_do_not_matter() -> None:
    foreign = record(1).replace(b"gmd:", b"a:").replace(b"xmlns:gmd", b"xmlns:a")
    assert read(page(foreign)).records[0].identifier == identifier(1)


@pytest.mark.parametrize("text", [b"  x\n", b"<![CDATA[x]]>", b"<!-- y -->x"])
def test_an_identifier_is_text_without_blanks_around(text: bytes) -> None:
    made = record(1).replace(identifier(1).encode(), text)
    assert read(page(made)).records[0].identifier == "x"


@pytest.mark.parametrize("status", [200, 400, 500])
def test_an_exception_report_is_told_in_the_words_of_the_catalogue(status: int) -> None:
    report = REPORT.format(code="NoApplicableCode", locator="maxRecords", text="zu   viel\n" + "x" * 1000)
    with pytest.raises(Refusal) as caught:
        read(report.encode(), status=status)
    assert str(caught.value).startswith(f"The catalogue {URL} refuses: zu viel xxx")
    assert len(str(caught.value)) < 400


def test_an_old_exception_report_is_understood() -> None:
    with pytest.raises(Refusal, match="kaputt"):
        read(b"<ServiceExceptionReport><ServiceException code='x'>kaputt</ServiceException></ServiceExceptionReport>")


def test_a_status_without_an_explanation_is_told() -> None:
    with pytest.raises(BadResponse):
        read(b"", status=502)
    with pytest.raises(BadResponse):
        read(page(record(1)), status=500)


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><html/>", b"<html><body/></html>", b" <HTML>"])
def test_a_web_page_is_told(body: bytes) -> None:
    with pytest.raises((HtmlPage, OtherDocument)):
        read(body)


def test_a_page_that_ends_in_the_middle_is_known_as_one() -> None:
    with pytest.raises(UnreadablePage):
        read(page(record(1))[:-50])


# repair


@pytest.mark.parametrize(
    "data, mended",
    [
        (b"<a>x\x00y\x0b\x1f</a>", b"<a>xy</a>"),
        (b"<a>x&#0;y&#x1F;&#11;</a>", b"<a>xy</a>"),
        (b"<a>x\t\n\r&#9;&#xA;&#13;&#32;</a>", None),
        ("<a>Straße</a>".encode("latin-1"), "<a>Straße</a>".encode()),
        ("<a>„100 €“</a>".encode("cp1252"), "<a>„100 €“</a>".encode()),
        ("<a>ü</a>".encode() + "<b>ü</b>".encode("latin-1"), "<a>ü</a><b>ü</b>".encode()),
        (b'<a b="gr\xfcn">x</a>', '<a b="grün">x</a>'.encode()),
    ],
)
def test_what_can_only_mean_one_thing_is_mended(data: bytes, mended: bytes | None) -> None:
    result = repaired(data)
    assert result.data == (mended or data)
    assert bool(result.notes) == bool(mended)


@pytest.mark.parametrize(
    "data",
    [
        "ü".encode() + b"\xfc",  # one text in two encodings
        b"Stra\xc3",  # half a character
        b"\x81",  # nothing in Windows-1252
        b"\xfe\xff",
        '<?xml version="1.0" encoding="ISO-8859-1"?><a>ü\x01</a>'.encode("latin-1"),
        "<a>ü\x01</a>".encode("utf-16"),
    ],
)
def test_what_could_mean_several_things_stays(data: bytes) -> None:
    assert repaired(data).data == data
    assert not repaired(data).notes


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_what_is_right_stays(text: str) -> None:
    assert repaired(text.encode()).data == text.encode()


@given(st.binary(max_size=200), st.integers(min_value=0, max_value=3000), st.integers(min_value=0, max_value=200))
@example(b"", 3000, 0)
@example(b"<!DOCTYPE x>", 0, 0)
@example("ü".encode("utf-16"), 0, 200)
def test_whatever_comes_is_a_page_or_one_of_the_failures(noise: bytes, start: int, cut: int) -> None:
    body = page(record(1), record(2))
    with contextlib.suppress(*FAILURES):
        assert read(body[:start] + noise + body[start + cut :]).size <= 2 + noise.count(b"<")
