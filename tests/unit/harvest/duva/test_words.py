"""Periods and names of files as offices write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.mainz.harvest.duva import areas, known, names, periods
from ckanext.mainz.metadata import dates

WRITTEN = {
    "31.12.2014 - 31.12.2014": ("2014-12-31", "2014-12-31"),
    "1999 - 2013": ("1999", "2013"),
    "1999-2013": ("1999", "2013"),
    "2006ff": ("2006", ""),
    "ab 2006": ("2006", ""),
    "seit 01.01.1990": ("1990-01-01", ""),
    "1990/91": ("1990", "1991"),
    "1999/00": ("1999", "2000"),
    "Schuljahr 1990/91": ("1990-08", "1991-07"),
    "1. Quartal 2024": ("2024-01", "2024-03"),
    "2024 - 4. Quartal": ("2024-10", "2024-12"),
    "Q3 2024": ("2024-07", "2024-09"),
    "2. Halbjahr 2023": ("2023-07", "2023-12"),
    "Januar 2024": ("2024-01", "2024-01"),
    "01/2024 - 12/2024": ("2024-01", "2024-12"),
    "2020; 2021, 2022": ("2020", "2022"),
    "2020\n2020": ("2020", "2020"),
    "Stand: 31.12.2025": ("2025-12-31", "2025-12-31"),
    "Stichtag 30.06.2024": ("2024-06-30", "2024-06-30"),
    "WS 2023/24": ("2023-10", "2024-03"),
    "2024-01-01 bis 2024-12-31": ("2024-01-01", "2024-12-31"),
    "01.01.2020": ("2020-01-01", "2020-01-01"),
    "03": None,
    "1. Quartal": None,
    "2013 - 1999": None,
    "31.02.2024": None,
    "unbekannt": None,
    "": None,
}


@pytest.mark.parametrize("text", WRITTEN)
def test_periods_are_read_as_they_are_written(text: str) -> None:
    found, expected = periods.read(text), WRITTEN[text]
    assert (found and (found.start, found.end)) == expected


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_no_text_is_a_period_that_cannot_be_stored(text: str) -> None:
    found = periods.read(text)
    if found:
        assert all(dates.is_moment(value) for value in found.as_row().values())
        assert found.goes_on or not dates.is_before(found.end, found.start)


@given(st.integers(1500, 2199), st.integers(0, 40))
def test_years_from_to_are_read_in_every_spelling(first: int, more: int) -> None:
    last = first + more if first + more < 2200 else first
    for text in (f"{first}-{last}", f"{first} – {last}", f"{first} bis {last}", f"von {first} bis {last}"):
        found = periods.read(text)
        assert found
        assert (found.start, found.end) == (str(first), str(last))


TITLES = {
    "oeffentliche_apotheken_2020ff.csv": "Öffentliche Apotheken ab 2020",
    "freiburg-haushalt-2025-2026.csv": "Freiburg Haushalt 2025–2026",
    "einwohner_-_nach_stadtteil.csv": "Einwohner – nach Stadtteil",
    "Einwohner nach Stadtteilen 2024.xlsx": "Einwohner nach Stadtteilen 2024",
    "DE-RP-Mainz-geburten_2024.csv": "Geburten 2024",
    "neue_kreuzungen.csv": "Neue Kreuzungen",
    "aktuelle_bauern.csv": "Aktuelle bauern",
    "muenchfeld_haeuser.csv": "Muenchfeld haeuser",
    "wahlen/stadtrat_2024.csv": "Stadtrat 2024",
    "2024.csv": "2024",
}


@pytest.mark.parametrize("name", TITLES)
def test_titles_are_made_readable_and_nothing_is_guessed(name: str) -> None:
    assert names.title(name, "de-rp-mainz-") == TITLES[name]


def test_every_word_of_the_table_has_one_form_in_names_of_files() -> None:
    words = [one for kind in ("umlauts", "nouns") for one in known.table("words")[kind]]
    forms = {one.lower().translate(known.UMLAUTS).replace("ß", "ss"): set() for one in words}
    for one in words:
        forms[one.lower().translate(known.UMLAUTS).replace("ß", "ss")].add(one)
    assert {form: found for form, found in forms.items() if len(found) > 1} == {}


WITHOUT_YEARS = {
    "einwohner_2020": "einwohner",
    "einwohner_2020ff": "einwohner",
    "einwohner-1999-2013": "einwohner",
    "wetter_1828ff_mainz": "wetter_mainz",
    "wahlen/stadtrat_2024": "wahlen/stadtrat",
    "einwohner": "",
    "2024": "",
    "gebiet_12345": "",
}


@pytest.mark.parametrize("key", WITHOUT_YEARS)
def test_names_are_known_without_their_years(key: str) -> None:
    assert names.without_years(key) == WITHOUT_YEARS[key]


@given(st.text(max_size=80))
def test_any_name_of_a_file_gives_a_key_and_a_title(name: str) -> None:
    key = names.key(f"x{name}.csv")
    assert key == names.key(f"{key}.csv")
    assert len(names.without_years(key)) < len(key)
    names.title(name)


@given(st.text(max_size=40))
def test_any_text_as_an_area_is_known_or_told(text: str) -> None:
    uris, unknown = areas.of_text(text, "mainz")
    assert bool(uris or unknown) == bool(known.each(text))


@pytest.mark.parametrize("name", ["levels", "themes", "lists"])
def test_no_name_of_a_table_means_two_things(name: str) -> None:
    meanings = known.table(name)["columns"] if name == "lists" else known.table(name)
    seen: dict[str, str] = {}
    for meaning, words in meanings.items():
        for one in words:
            assert seen.setdefault(known.letters(str(one)), meaning) == meaning, one
