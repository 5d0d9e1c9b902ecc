"""Durations, numbers, checksums, media types and telephone numbers as people write them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.metadata import quantities
from ckanext.mainz.metadata.quantities import QuantityError

PARSERS: list[Callable[[str], object]] = [
    *(quantities.duration, quantities.decimal, quantities.size, quantities.checksum),
    *(quantities.media_type, quantities.telephone),
]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        *(("P1Y", "P1Y"), ("pt15m", "PT15M"), ("P1DT12H", "P1DT12H"), ("PT0.5S", "PT0.5S")),
        *(("15 Minuten", "PT15M"), ("1 Tag", "P1D"), ("2 Wochen", "P14D"), ("1 year", "P1Y"), ("3 Std.", "PT3H")),
    ],
)
def test_durations_are_taken_as_words_too(typed: str, stored: str) -> None:
    assert quantities.duration(typed) == stored


@pytest.mark.parametrize("typed", ["", "P", "PT", "P1Y2", "1", "täglich", "P-1Y", "-P1Y", "1 Lichtjahr", "P1H"])
def test_what_is_no_duration_is_refused(typed: str) -> None:
    with pytest.raises(QuantityError):
        quantities.duration(typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("0,2", "0.2"), ("0.20", "0.2"), ("10", "10"), ("1.000,5", "1000.5"), (" 25,0 ", "25"), ("100", "100")],
)
def test_numbers_are_taken_with_a_comma(typed: str, stored: str) -> None:
    assert quantities.decimal(typed) == stored


@pytest.mark.parametrize("typed", ["", "0", "-1", "1e5", "NaN", "Infinity", "1,2,3", "zwei", "٣", "9" * 30])
def test_what_is_no_number_above_zero_is_refused(typed: str) -> None:
    with pytest.raises(QuantityError):
        quantities.decimal(typed)


@given(st.decimals(min_value=Decimal("0.001"), max_value=10**9, places=3))
def test_a_number_keeps_its_value(number: Decimal) -> None:
    assert Decimal(quantities.decimal(f"{number:f}".replace(".", ","))) == number


@pytest.mark.parametrize(
    ("given", "stored"), [(5, 5), ("20480", 20480), ("0", 0), ("12.0", 12), (2**63 - 1, 2**63 - 1)]
)
def test_sizes_are_whole_numbers(given: object, stored: int) -> None:
    assert quantities.size(given) == stored


@pytest.mark.parametrize("given", ["-1", "12 KB", "1.5", True, "", 2**63, "٣", None])
def test_what_is_no_size_is_refused(given: object) -> None:
    with pytest.raises(QuantityError):
        quantities.size(given)


@given(st.binary())
def test_every_checksum_is_taken(content: bytes) -> None:
    digest = hashlib.sha256(content).hexdigest()
    assert quantities.checksum(f" {digest.upper()} ") == quantities.checksum(f"sha256:{digest}") == digest


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("text/csv", "text/csv"),
        ("Text/CSV; charset=utf-8", "text/csv"),
        ("https://www.iana.org/assignments/media-types/application/geo+json", "application/geo+json"),
    ],
)
def test_media_types_are_taken_from_iana_too(given: str, stored: str) -> None:
    assert quantities.media_type(given) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("06131 12-0", "+49-6131-12-0"),
        ("+49 (0)6131 / 12 3456", "+49-6131-12-3456"),
        ("0049 6131 123456", "+49-6131-123456"),
        ("+33 1 23 45 67 89", "+33-1-23-45-67-89"),
        ("tel:+49-6131-12-0", "+49-6131-12-0"),
    ],
)
def test_telephone_numbers_become_international(typed: str, stored: str) -> None:
    assert quantities.telephone(typed) == stored


@pytest.mark.parametrize("typed", ["", "12", "Durchwahl 5", "+", "0" * 30, "06131-12-0; rm", "112"])
def test_what_is_no_telephone_number_is_refused(typed: str) -> None:
    with pytest.raises(QuantityError):
        quantities.telephone(typed)


@given(st.text() | st.from_regex(r"[P+0-9][0-9A-Z/,. ()-]{0,12}"))
def test_any_text_is_taken_for_good_or_refused(text: str) -> None:
    for parse in PARSERS:
        try:
            stored = parse(text)
        except QuantityError:
            continue
        assert parse(str(stored)) == stored
