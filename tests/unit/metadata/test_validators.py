"""Validators of the schemas: what people type, what is stored, and what is refused."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from ckan.plugins import toolkit
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.metadata import names, validators
from ckanext.mainz.metadata.texts import has_control_characters, is_storable


@pytest.fixture(autouse=True)
def schemes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(toolkit.config, "ckan.valid_url_schemes", "http https ftp mailto")


def keywords(given: Any) -> tuple[list[str], list[str]]:
    """The tags and the messages that a value of the field gives."""
    data: dict[Any, Any] = {("tag_string",): given}
    errors: dict[Any, list[str]] = defaultdict(list)
    validators.keywords(("tag_string",), data, errors, {})
    return [value for key, value in sorted(data.items(), key=str) if key[0] == "tags"], errors[("tag_string",)]


@pytest.mark.parametrize(
    "address",
    [
        "https://www.mainz.de/daten/haushalt%202025.csv?x=1&y=2#z",
        "http://127.0.0.1:8080/wms?SERVICE=WMS",
        "ftp://ftp.example.org/a.zip",
        "https://example.org",
    ],
)
def test_web_addresses_are_taken(address: str) -> None:
    assert validators.web_address(f" {address} ") == address


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", " javascript:alert(1)"),
        *("data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd", "mailto:a@b.de"),
        *("//evil.example", "www.mainz.de", "daten.csv", "/etc/passwd", "http://", "http:///x", "https://[", ""),
        *("https://a b.de", "https://a.de/<script>", 'https://a.de/"onclick="x', "https://a.de/\x00", "http://a.de:x"),
        "https://a.de/" + "x" * 3000,
    ],
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(toolkit.Invalid):
        validators.web_address(address)


@pytest.mark.parametrize(
    ("start", "end", "right"),
    [
        ("2025-01-01", "2025-12-31", True),
        ("2025-01-01", "2025-01-01", True),
        ("2025-06-01", "2025", True),
        ("2025", "2025-06", True),
        ("2025-01-01", "", True),
        ("", "2025", True),
        ("2026", "2025", False),
        ("2025-06-02", "2025-06-01", False),
        ("2025-07", "2025-06-30", False),
    ],
)
def test_a_period_does_not_end_before_it_begins(start: str, end: str, right: bool) -> None:
    data = {("p", 0, "start"): start, ("p", 0, "end"): end}
    if right:
        validators.period(("p", 0, "start"), data, {}, {})
        return
    with pytest.raises(toolkit.Invalid):
        validators.period(("p", 0, "start"), data, {}, {})


@pytest.mark.parametrize("address", ["opendata@stadt.mainz.de", "a.b+c@x.example", "a@xn--mnchen-3ya.de"])
def test_mail_addresses_are_taken(address: str) -> None:
    assert validators.email(f" {address} ") == address


@pytest.mark.parametrize(
    "address", ["a", "a@b", "a@b@c.de", "a b@c.de", "<a@b.de>", "a@b.de\nBcc: x@y.de", "a@b.de\x00", "a@b.", "@b.de"]
)
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    with pytest.raises(toolkit.Invalid):
        validators.email(address)


def test_keywords_are_separated_by_commas_and_stand_once() -> None:
    assert keywords(" Bäume , Straßen-Bäume,bäume,, Öffentlicher  Nahverkehr ") == (
        ["Bäume", "Straßen-Bäume", "Öffentlicher Nahverkehr"],
        [],
    )


@pytest.mark.parametrize("word", ["Bäume", "Kfz-Zulassung", "K_1", "Nr. 5", "2025", "öffentlicher Raum", "ÖPNV"])
def test_german_keywords_are_possible(word: str) -> None:
    assert keywords(word) == ([word], [])


@pytest.mark.parametrize("word", ["a", "x" * 101, "x" * 200, "a/b", "<script>", "§ 34", "C++", "a\x00b", "'; DROP"])
def test_other_keywords_are_refused_by_name(word: str) -> None:
    _tags, messages = keywords(f"Bäume, {word}")
    assert len(messages) == 1


def test_a_thousand_keywords_get_one_message() -> None:
    _tags, messages = keywords(", ".join(f"wort {number}" for number in range(1000)))
    assert len(messages) == 1
    assert "1000" in messages[0]


def test_a_title_of_300_characters_is_refused_and_one_of_200_is_not() -> None:
    assert validators.line("x" * 200) == "x" * 200
    with pytest.raises(toolkit.Invalid):
        validators.line("x" * 300)


def test_a_title_stands_on_one_line() -> None:
    assert validators.line(" zwei\n Zeilen\t ") == "zwei Zeilen"


def test_a_description_keeps_its_lines_and_its_markup() -> None:
    text = "Absatz\n\n<script>alert(1)</script>\t**fett**"
    assert validators.plain_text(text) == text


@pytest.mark.parametrize("text", ["\x00", "a\x01", "\x1b[31m", "\x7f", "\ud800", "\ufffe"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(toolkit.Invalid):
        validators.plain_text(text)


def test_a_description_of_ten_megabytes_is_refused() -> None:
    with pytest.raises(toolkit.Invalid):
        validators.plain_text("x" * 10_000_000)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cn"))))
def test_whatever_people_write_is_taken(text: str) -> None:
    assert not has_control_characters(text)


@given(st.text(st.characters()))
def test_storable_is_what_postgres_and_utf_8_keep(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        assert not is_storable(text)
    else:
        assert is_storable(text) == ("\x00" not in text)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Baumkataster der Stadt Mainz", "baumkataster-der-stadt-mainz"),
        ("Straßen & Wege (Übersicht)", "strassen-wege-uebersicht"),
        ("数据", "shu-ju"),
        ("!!!", ""),
    ],
)
def test_an_address_is_made_from_the_title(title: str, slug: str) -> None:
    assert names.slug(title) == slug


def test_an_address_from_a_long_title_ends_with_a_word() -> None:
    assert len(names.slug("Haushalt " * 50)) <= names.MAX_SLUG
    assert not names.slug("Haushalt " * 50).endswith("-")
