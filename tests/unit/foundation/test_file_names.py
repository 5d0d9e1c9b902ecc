"""Names of uploaded files: what people and attackers choose, and what the portal makes of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ckanext.mainz.foundation.file_names import LONGEST, safe_name, shown_name


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ("freiburg-haushalt-2025-2026.csv", "freiburg-haushalt-2025-2026.csv"),
        ("../../x", "x"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/etc/passwd", "passwd"),
        ("Übersicht Straßenbäume 2025.CSV", "uebersicht-strassenbaeume-2025.csv"),
        ("Umwelt „Bäume“ & 'Sträucher'.csv", "umwelt-baeume-straeucher.csv"),
        ("zwei\nZeilen.csv", "zwei-zeilen.csv"),
        ("null\x00byte.csv", "null-byte.csv"),
        ("CON", "datei-con"),
        ("con.csv", "datei-con.csv"),
        ("lpt1.txt", "datei-lpt1.txt"),
        ("contact.csv", "contact.csv"),
        (".htaccess", "datei.htaccess"),
        ("...", "datei"),
        ("", "datei"),
        ("数据.csv", "datei.csv"),
        ("archiv.tar.gz", "archiv.tar.gz"),
    ],
)
def test_a_chosen_name_becomes_one_that_every_system_takes(chosen: str, kept: str) -> None:
    assert safe_name(chosen) == kept


def test_a_name_of_300_characters_keeps_its_extension() -> None:
    kept = safe_name("a" * 300 + ".csv")
    assert len(kept) <= LONGEST
    assert kept.endswith(".csv")


@given(st.text(max_size=400))
def test_no_name_leaves_its_folder_or_is_empty(chosen: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,99}", safe_name(chosen))


@example("0:.0.")
@example("con." + "a" * 90 + ".csv")
@example("a.0123456789a-b")
@given(
    st.text(max_size=400)
    | st.text("ab0.-_:", max_size=120)
    | st.from_regex(r"(con|aux|lpt1)[.:_-]{0,3}a{0,90}[.:_-]{0,3}.{0,20}")
)
def test_a_kept_name_stays_as_it_is(chosen: str) -> None:
    assert safe_name(safe_name(chosen)) == safe_name(chosen)


def test_a_name_in_a_message_stays_on_one_line_and_short() -> None:
    assert shown_name("zwei\nZeilen\x00.csv") == "zwei Zeilen .csv"
    assert len(shown_name("x" * 300)) == LONGEST
