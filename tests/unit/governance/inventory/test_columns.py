"""Which column of a list is which field."""

from __future__ import annotations

import pytest

from ckanext.mainz.governance.inventory import columns, words


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Titel", "title"),
        ("Bezeichnung der Daten", None),
        ("Bezeichnung", "title"),
        ("Lfd. Nr.", "key"),
        ("Nr.", "key"),
        ("Schluessel", "key"),
        ("Kurzbeschreibung", "description"),
        ("Amt / Organisation", None),
        ("Amt", "organization"),
        ("Organisationseinheit", "organization"),
        ("Fachverfahren (Software)", "system"),
        ("Ablageort", "place"),
        ("Ansprechstelle", "keeper"),
        ("Zuständige Stelle", "keeper"),
        ("GRUND", "reason"),
        ("Wiedervorlage am:", "review"),
        ("Thema", "theme"),
        ("Bemerkungen", "note"),
        ("Department", "organization"),
        ("Haushaltsstelle", None),
    ],
)
def test_a_column_is_known_by_the_names_that_offices_use(name: str, field: str | None) -> None:
    assert list(columns.mapping([name])) == ([field] if field else [])


def test_of_two_names_for_one_field_the_more_certain_one_counts() -> None:
    assert columns.mapping(["Name", "Titel"]) == {"title": 1}
    assert columns.mapping(["Stelle", "Amt"]) == {"organization": 1}


def test_what_an_export_calls_its_columns_is_known_again_in_both_languages() -> None:
    english = [str(one) for one in words.FIELDS.values()]
    assert list(columns.mapping(english)) == list(columns.NAMES)
    assert set(columns.NAMES) == set(words.FIELDS)


def test_a_header_names_the_title_and_something_else() -> None:
    assert columns.is_header(["Nr.", "Titel"])
    assert not columns.is_header(["Titel"])
    assert not columns.is_header(["Dateninventar der Stadt", "", ""])


def test_what_a_list_of_faulty_rows_adds_is_not_read_when_it_comes_back() -> None:
    assert [columns.is_added(name) for name in ("Fehler", "Zeile", "Titel")] == [True, True, False]


def test_no_two_fields_claim_the_same_name() -> None:
    every = [name for names in columns.NAMES.values() for name in names]
    assert len(every) == len(set(every))
