"""Addresses as people paste them, and as RDF can carry them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.metadata import iris
from ckanext.mainz.metadata.rdf.iris import repaired

BASE = "https://a.example/"
LEGAL = re.compile(r"[a-z][a-z0-9+.-]*:[A-Za-z0-9!#$&'()*+,/:;=?@\[\]._~%-]*\Z")


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("https://www.mainz.de/daten/haushalt%202025.csv?x=1&y=2#z",) * 2,
        (" https://a.example/x ", "https://a.example/x"),
        ("https://a.example/mein haushalt.csv", "https://a.example/mein%20haushalt.csv"),
        ("https://münchen.example/straße", "https://xn--mnchen-3ya.example/stra%C3%9Fe"),
        ("HTTPS://Example.ORG/Pfad", "https://example.org/Pfad"),
        ("https://a.example/wms?bbox={bbox}&x=a|b", "https://a.example/wms?bbox=%7Bbbox%7D&x=a%7Cb"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/100%2", "https://a.example/100%252"),
        ("https://a.example:8443/", "https://a.example:8443/"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("https://a.example/lang\n  umbrochen", "https://a.example/langumbrochen"),
        ("https://a.example/a\\b^c`d", "https://a.example/a%5Cb%5Ec%60d"),
        ("doi:10.1000/182", "https://doi.org/10.1000/182"),
        ("EPSG:25832", "http://www.opengis.net/def/crs/EPSG/0/25832"),
        ("urn:isbn:9783161484100", "urn:isbn:9783161484100"),
    ],
)
def test_what_can_only_mean_one_thing_is_repaired(given: str, stored: str) -> None:
    assert iris.iri(given) == stored


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "x",
            "www.mainz.de",
            "/daten",
            "//a.example",
            "daten.csv",
            "https://",
            "https:///x",
            "https://[",
            "http://a b",
        ),
        *("javascript:alert(1)", "data:text/html,x", "mailto:a@b.de", "file:///etc/passwd", "urn:", "urn:x", "tag:"),
        *("https://a.example/<script>", 'https://a.example/"x', "https://a.example/\x00", "https://a.example/\ud800"),
        *("https://a..example/", "https://-a.example/", "http://a.example:port/", "http://a.example:99999/"),
        "https://a.example/" + "x" * 3000,
        "https://" + "ä" * 300 + ".example/",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(iris.IriError):
        iris.iri(text)


@given(st.text())
def test_any_text_is_an_address_that_rdf_can_carry_or_refused(text: str) -> None:
    for one in (text, f"https://a.example/{text}", f"https://{text}/", f"urn:x:{text}"):
        try:
            found = iris.iri(one)
        except iris.IriError:
            continue
        assert LEGAL.match(found)
        assert iris.iri(found) == found


@pytest.mark.parametrize("text", ["did:web:stadt.example", "ftp://a.example/x[1]", "https://straße.example/?a=[b]#c#d"])
@given(more=st.text())
def test_what_a_form_takes_leaves_in_rdf_as_it_is(text: str, more: str) -> None:
    for one in (text, f"{text}/{more}"):
        try:
            found = iris.iri(one)
        except iris.IriError:
            continue
        assert repaired(found) == found


def test_logins_leave_the_portal_in_no_address() -> None:
    assert iris.iri("https://erika:geheim@a.example/x") == "https://erika:geheim@a.example/x"
    for written in ("https://erika:geheim@a.example/x", "https:\\\\erika:geheim@a.example/x", "HTTPS://e@a.example/x"):
        assert repaired(written) == "https://a.example/x"


@pytest.mark.parametrize(
    "text", ["https://a.example/" + "ä" * 900, "https://a.example/" + "x" * 4000, "urn:x:" + "ä" * 999]
)
def test_no_address_grows_longer_than_is_allowed_by_being_repaired(text: str) -> None:
    for parse in (iris.iri, repaired):
        try:
            found = parse(text)
        except ValueError:
            continue
        assert len(found) <= iris.LONGEST
        assert repaired(found) == found
