"""Dates, sizes, formats and extracts as people read them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.portal import wording


@pytest.mark.parametrize(
    ("language", "stored", "read"),
    [
        ("de", "2025-12-31", "31.12.2025"),
        ("en", "2025-12-31", "31 December 2025"),
        ("de", "2025-03", "03/2025"),
        ("en", "2025-03", "March 2025"),
        ("de", "2025", "2025"),
        ("de", "2025-13", "2025-13"),
        ("de", "2025-02-30", "2025-02-30"),
        ("de", "Frühjahr 2025", "Frühjahr 2025"),
    ],
)
def test_a_date_is_written_as_the_language_writes_it_and_other_text_stays(language, stored, read):
    assert wording.written_day(stored, language) == read


def test_a_timestamp_shows_the_day_in_mainz_not_in_utc():
    assert wording.moment("2025-06-30T22:30:00.123456", "de") == "01.07.2025"
    assert wording.moment("2025-06-30T22:30:00+00:00", "de") == "01.07.2025"
    assert wording.moment(None, "de") == wording.moment("gestern", "de") == ""


@pytest.mark.parametrize(
    ("number", "german", "english"),
    [
        (1, "1 Byte", "1 Byte"),
        (999, "999 Byte", "999 Byte"),
        (30911, "31 KB", "31 KB"),
        (1_234_567, "1,2 MB", "1.2 MB"),
        ("52000000", "52,0 MB", "52.0 MB"),
        (999_999, "1,0 MB", "1.0 MB"),
        (0, "", ""),
        (None, "", ""),
        ("nan", "", ""),
        ("viel", "", ""),
    ],
)
def test_a_size_is_rounded_and_an_unknown_one_is_left_out(number, german, english):
    assert (wording.size(number, "de"), wording.size(number, "en")) == (german, english)


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        ("CSV", "CSV"),
        ("http://publications.europa.eu/resource/authority/file-type/WMS_SRVC", "WMS"),
        ("http://publications.europa.eu/resource/authority/file-type/CSV/", "CSV"),
        ("https://www.iana.org/assignments/media-types/text/csv", "csv"),
        (" GeoJSON ", "GeoJSON"),
    ],
)
def test_a_format_never_shows_as_an_address(stored, code):
    assert wording.format_code(stored) == code


def test_an_extract_has_no_marks_of_markdown_and_keeps_names_with_underscores():
    text = "# Bäume\nDer *max_value* ist **5** bei `x`, siehe [Amt](https://amt.example)."
    text += "\n\n- Linde\n- Ahorn\n\n> <b>Zitat</b>"
    assert wording.plain(text) == "Bäume Der max_value ist 5 bei x, siehe Amt. · Linde · Ahorn Zitat"


def test_an_extract_is_cut_between_words():
    assert wording.extract("Standorte der Bäume, ihre Arten", 20) == "Standorte der Bäume …"
    assert wording.extract(None, 20) == ""


@given(st.text(max_size=400), st.integers(min_value=10, max_value=60))
def test_an_extract_is_never_longer_than_asked_for(text, length):
    assert len(wording.extract(text, length)) <= length + 2


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_iso_date_reads_as_a_german_date(day):
    assert wording.written_day(day.isoformat(), "de") == f"{day.day:02}.{day.month:02}.{day.year}"


def test_umlauts_sort_beside_their_vowels():
    assert sorted(["Zoo", "Äpfel", "Apfel", "Öl", "Ost"], key=wording.sort_key) == [
        "Apfel",
        "Äpfel",
        "Öl",
        "Ost",
        "Zoo",
    ]


def test_thousands_are_separated_as_the_language_does():
    assert (wording.number(12345, "de"), wording.number(12345, "en")) == ("12.345", "12,345")
