"""How lists call organisations."""

from __future__ import annotations

import pytest

from ckanext.mainz.governance.inventory.offices import Directory, directory
from ckanext.mainz.governance.people import Organization


def organization(id: str, name: str, title: str, *parents: str) -> Organization:
    return Organization(id=id, name=name, title=title, kind="amt", sealed=False, parents=frozenset(parents))


@pytest.fixture
def city() -> Directory:
    found = [
        organization("i1", "stadtforschung", "Amt für Stadtforschung"),
        organization("i2", "statistikstelle", "Kommunale Statistikstelle", "i1"),
        organization("i3", "gebaeudewirtschaft", "Gebäudewirtschaft Mainz (GWM)"),
        organization("i4", "amt-80", "Amt für Wirtschaft"),
        organization("i5", "gruen", "67 – Grünamt"),
        organization("i6", "wirtschaft-neu", "Amt für Wirtschaft"),
    ]
    descriptions = {
        "i1": "Das Amt befragt. (Amt 12)",
        "i2": "Die Stelle zählt. (Amt 12)",
        "i4": "Berät seit 80 Jahren.",
    }
    return directory({one.id: one for one in found}, descriptions)


@pytest.mark.parametrize(
    ("wanted", "id"),
    [
        ("i3", "i3"),
        ("gebaeudewirtschaft", "i3"),
        ("Gebäudewirtschaft  Mainz (gwm)", "i3"),
        ("GWM", "i3"),
        ("Amt 12", "i1"),
        ("amt12", "i1"),
        ("12", "i1"),
        ("Amt 12 – Stadtforschung", "i1"),
        ("012", "i1"),
        ("Kommunale Statistikstelle", "i2"),
        ("Amt 80", "i4"),
        ("67", "i5"),
    ],
)
def test_an_organisation_is_found_by_what_people_call_it(city: Directory, wanted: str, id: str) -> None:
    assert [one.id for one in city.find(wanted)] == [id]


@pytest.mark.parametrize("wanted", ["", "Amt", "Amt 13", "Stadtforschung und mehr", "1234", "Amt 8"])
def test_what_nobody_is_called_finds_nobody(city: Directory, wanted: str) -> None:
    assert city.find(wanted) == []


def test_a_title_that_two_have_is_told_as_such(city: Directory) -> None:
    assert {one.id for one in city.find("Amt für Wirtschaft")} == {"i4", "i6"}


def test_what_a_list_calls_an_organisation_finds_it_again(city: Directory) -> None:
    for id in city.organizations:
        assert [one.id for one in city.find(city.label(id))] == [id]
