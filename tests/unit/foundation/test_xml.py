"""XML from outside: read if it is harmless, refused with a reason if not."""

from __future__ import annotations

import contextlib
import io
import resource
import time
from collections.abc import Iterator
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ckanext.mainz.foundation.xml import (
    LONGEST_PROLOG,
    HtmlInstead,
    MalformedXml,
    RefusedXml,
    XmlError,
    XmlLimits,
    iterparse,
    parse,
    refuse_doctype,
)

RECORD = "{http://www.isotc211.org/2005/gmd}MD_Metadata"
LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [
  <!ENTITY a "lol lol lol lol lol lol lol lol">
  <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
  <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
  <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
]>
<lolz>&d;</lolz>"""
DANGEROUS = {
    "billion laughs": LAUGHS,
    "external entity": b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
    "external entity by network": b'<!DOCTYPE r [<!ENTITY x SYSTEM "http://127.0.0.1/x">]><r>&x;</r>',
    "parameter entity": b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]><r/>',
    "external document type": b'<!DOCTYPE r SYSTEM "http://127.0.0.1/x.dtd"><r/>',
    "default attributes": b'<!DOCTYPE r [<!ATTLIST a b CDATA "' + b"x" * 5000 + b'">]><r><a/><a/></r>',
    "empty document type": b"<!DOCTYPE r><r/>",
    "behind comments": b'<?xml version="1.0"?>\n<!-- a --><?pi b?>\n<!-- <r> --> <!DOCTYPE r [<!ENTITY x "y">]><r/>',
    "with byte order mark": b'\xef\xbb\xbf<!DOCTYPE r [<!ENTITY x "y">]><r>&x;</r>',
    "in UTF-16": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE r [<!ENTITY x "y">]><r>&x;</r>'.encode("utf-16"),
    "in UTF-16 without mark": '<!DOCTYPE r [<!ENTITY x "y">]><r>&x;</r>'.encode("utf-16-be"),
    "in UTF-32": '<!DOCTYPE r [<!ENTITY x "y">]><r>&x;</r>'.encode("utf-32-le"),
    "in UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE r [<!ENTITY x "y">]><r>&x;</r>',
    "in EBCDIC": '<?xml version="1.0" encoding="cp037"?><!DOCTYPE r [<!ENTITY x "y">]><r>&x;</r>'.encode("cp037"),
    "UTF-7 in UTF-16": '<?xml version="1.0" encoding="UTF-7"?><r/>'.encode("utf-16"),
    "far behind": b"<!--" + b" " * LONGEST_PROLOG + b"-->" + LAUGHS[22:],
}


@pytest.mark.parametrize("name", DANGEROUS)
def test_what_could_multiply_or_fetch_is_refused_before_it_is_parsed(name: str) -> None:
    for read in (lambda: parse(DANGEROUS[name]), lambda: list(iterparse(io.BytesIO(DANGEROUS[name]), "r"))):
        begin = time.monotonic()
        with pytest.raises(XmlError):
            read()
        assert time.monotonic() - begin < 0.5


@pytest.mark.parametrize("name", [name for name in DANGEROUS if name not in ("in EBCDIC",)])
def test_other_parsers_can_be_protected_too(name: str) -> None:
    with pytest.raises(RefusedXml):
        refuse_doctype(DANGEROUS[name])


def test_an_entity_without_declaration_is_an_error() -> None:
    with pytest.raises(MalformedXml) as caught:
        parse(b"<r>\n&nbsp;</r>")
    assert caught.value.line == 2


def test_xinclude_stays_what_it_is() -> None:
    root = parse(b'<r xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="/etc/passwd" parse="text"/></r>')
    assert [child.tag for child in root] == ["{http://www.w3.org/2001/XInclude}include"]


def test_processing_instructions_and_comments_are_left_out() -> None:
    root = parse(b'<?xml-stylesheet href="http://127.0.0.1/x.xsl"?><r>a<!-- b -->c<?d e?>f</r>')
    assert (root.text, len(root)) == ("acf", 0)


# --- encodings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("UTF-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
        ("ISO-8859-1", "iso-8859-1"),
        ("iso-8859-15", "iso-8859-15"),
        ("windows-1252", "cp1252"),
        ("", "utf-8"),
        ("", "utf-8-sig"),
    ],
)
def test_the_usual_encodings_are_read(declared: str, encoding: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    data = f"{declaration}<r>Größe der Bäume</r>".encode(encoding)
    assert parse(data).text == "Größe der Bäume"
    assert [element.text for element in iterparse(io.BytesIO(data), "r")] == ["Größe der Bäume"]


@pytest.mark.parametrize("encoding", ["UTF-7", "cp037", "UTF-32", "hz-gb-2312", "x-unknown"])
def test_other_encodings_are_named_and_refused(encoding: str) -> None:
    with pytest.raises(RefusedXml) as caught:
        parse(f'<?xml version="1.0" encoding="{encoding}"?><r/>'.encode())
    assert encoding in str(caught.value)


# --- errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"<r>\n\n<a></r>", 3),
        (b"<r>\n<x:a/></r>", 2),
        ('<?xml version="1.0" encoding="UTF-8"?>\n<r>Größe</r>'.encode("latin-1"), 2),
        (b"<r>\n\x0b</r>", 2),
        (b"<r>\n<a/>", 2),
        (b"<r/>\n<r/>", 2),
    ],
    ids=["wrong end", "undeclared prefix", "Latin-1 called UTF-8", "control character", "cut", "two roots"],
)
def test_an_error_names_the_source_and_the_line(data: bytes, line: int) -> None:
    for read in (
        lambda: parse(data, source="http://csw/x"),
        lambda: list(iterparse(io.BytesIO(data), "z", source="f")),
    ):
        with pytest.raises(MalformedXml) as caught:
            read()
        assert caught.value.line == line
        assert f"{caught.value.source}, line {line}" in str(caught.value)
        assert caught.value.source in ("http://csw/x", "f")


@pytest.mark.parametrize("data", [b"", b" \n", b'{"help": 1}', b"%PDF-1.7", b"\x00", b"\x1f\x8b\x08"])
def test_what_is_no_xml_at_all_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedXml):
        parse(data)
    with pytest.raises(MalformedXml):
        list(iterparse(io.BytesIO(data), "r"))


@pytest.mark.parametrize(
    "page",
    [
        b"<!DOCTYPE html>\n<html><body>Wartung<br></body></html>",
        b"<!doctype HTML><title>x",
        b"<html lang='de'><p>x",
        b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://x"><html/>',
    ],
)
def test_a_login_or_maintenance_page_is_called_one(page: bytes) -> None:
    with pytest.raises(HtmlInstead) as caught:
        parse(page, source="http://csw/x")
    assert "http://csw/x is an HTML page" in str(caught.value)


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda rest: b"<r>" + rest + b"</r>"))
def test_any_bytes_either_parse_or_raise_a_named_error(data: bytes) -> None:
    with contextlib.suppress(XmlError):
        assert isinstance(parse(data), etree._Element)
    with contextlib.suppress(XmlError):
        assert all(element.tag == "r" for element in iterparse(io.BytesIO(data), "r"))


# --- limits -----------------------------------------------------------------------------------------------------------


class Endless(io.RawIOBase):
    """A gigabyte that nobody holds in memory: `start`, then `piece` again and again."""

    def __init__(self, start: bytes, piece: bytes, size: int = 1024**3) -> None:
        self._start, self._piece, self._left = start, piece, size
        self.given = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data, self._start = (self._start or self._piece * (65_536 // len(self._piece)))[: max(self._left, 0)], b""
        self._left -= len(data)
        self.given += len(data)
        return data


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"<r>", b"<a>"),
        (b"<r>", b"<a/>"),
        (b"<r>", b"x"),
        (b"<r b='", b"x"),
        (b"<r ", b"a "),
        (b"<!--", b"x"),
        (b"", b" "),
        (b"<r><!--", b"x"),
        (b"<r><![CDATA[", b"x"),
        (b"<r>", b"<a><b>x</b></a>"),
    ],
    ids=[
        "depth",
        "elements",
        "text",
        "attribute",
        "tag",
        "prolog",
        "blanks",
        "comment",
        "cdata",
        "records nobody wants",
    ],
)
def test_a_gigabyte_of_anything_is_refused_in_bounded_memory_and_time(start: bytes, piece: bytes) -> None:
    endless = Endless(start, piece)
    before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(XmlError):
        list(iterparse(endless, RECORD))  # type: ignore[arg-type]
    assert time.monotonic() - begin < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000  # kilobytes
    assert endless.given <= XmlLimits().max_bytes + 200_000


def test_a_document_that_is_too_large_is_refused_without_parsing() -> None:
    with pytest.raises(RefusedXml):
        parse(b"<r>" + b" " * 2000 + b"</r>", limits=XmlLimits(max_bytes=1000))


def test_many_small_elements_are_refused_before_they_take_memory() -> None:
    with pytest.raises(RefusedXml) as caught:
        parse(b"<r>" + b"<a/>" * 3_000_000 + b"</r>")
    assert "2000000 elements" in str(caught.value)


@pytest.mark.parametrize(("depth", "fits"), [(50, True), (51, False), (300, False)])
def test_depth_is_limited(depth: int, fits: bool) -> None:
    data = b"<a>" * depth + b"</a>" * depth
    limits = XmlLimits(max_depth=50)
    if fits:
        assert parse(data, limits=limits).tag == "a"
        assert next(iterparse(io.BytesIO(data), "a", limits=limits)).tag == "a"
    else:
        with pytest.raises(RefusedXml):
            parse(data, limits=limits)
        with pytest.raises(RefusedXml):
            list(iterparse(io.BytesIO(data), "a", limits=limits))


def test_the_parsers_own_depth_limit_is_a_refusal_with_a_line() -> None:
    with pytest.raises(RefusedXml) as caught:
        parse(b"<a>\n" * 5000, limits=XmlLimits(max_depth=1000))
    assert caught.value.line > 200


# --- reading bit by bit -----------------------------------------------------------------------------------------------


def _feed(count: int) -> bytes:
    record = f'<gmd:MD_Metadata xmlns:gmd="{RECORD[1:-12]}"><gmd:id>%d</gmd:id></gmd:MD_Metadata>\n'
    return b"<feed><title>x</title>" + "".join(record % number for number in range(count)).encode() + b"</feed>"


def test_records_come_one_by_one_and_whole() -> None:
    found = [record[0].text for record in iterparse(io.BytesIO(_feed(5000)), RECORD)]
    assert found == [str(number) for number in range(5000)]


class Drops(io.RawIOBase):
    """Gives a few bytes at a time, as sockets do."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data, self._size = io.BytesIO(data), size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(size, self._size))


@given(st.integers(1, 90))
def test_it_does_not_matter_how_the_stream_is_cut(size: int) -> None:
    stream: BinaryIO = Drops(_feed(20), size)  # type: ignore[assignment]
    assert len(list(iterparse(stream, RECORD))) == 20


def test_several_kinds_of_elements_are_found_in_their_order() -> None:
    data = b"<r><a/><b/><c/><a/></r>"
    assert [element.tag for element in iterparse(io.BytesIO(data), ["a", "b"])] == ["a", "b", "a"]


def test_what_was_read_is_forgotten() -> None:
    def sizes() -> Iterator[int]:
        for record in iterparse(io.BytesIO(_feed(5000)), RECORD):
            yield len(record.getparent())

    assert max(sizes()) < 1000  # no more than one block of the file at a time


def test_many_records_need_no_memory_for_all() -> None:
    limits = XmlLimits(max_nodes=20_000)
    assert sum(1 for _ in iterparse(io.BytesIO(_feed(50_000)), RECORD, limits=limits)) == 50_000


def test_a_cut_stream_gives_what_was_whole_and_then_an_error() -> None:
    found: list[str] = []
    with pytest.raises(MalformedXml):
        found.extend(record[0].text for record in iterparse(io.BytesIO(_feed(100)[:-200]), RECORD))
    assert found == [str(number) for number in range(98)]
