"""Cells one by one: numbers by their check digits, mailboxes, names, samples that are masked."""

from __future__ import annotations

import pytest

from ckanext.mainz.governance.check.looking import marks, persons
from ckanext.mainz.governance.check.looking.marks import Mailbox
from ckanext.mainz.governance.check.looking.masking import mask
from ckanext.mainz.governance.check.looking.persons import Value


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("info@verein.example", Mailbox.FUNCTION),
        ("amt67@stadt.mainz.de", Mailbox.FUNCTION),
        ("gruen-umweltamt@stadt.mainz.de", Mailbox.FUNCTION),
        ("goetheschule@stadt.mainz.de", Mailbox.FUNCTION),
        ("petra.hellwig@stadt.mainz.de", Mailbox.PERSON),
        ("k.weiss@freenet.de", Mailbox.PERSON),
        ("juergen77@gmx.de", Mailbox.PERSON),
        ("peterpan1977@web.de", Mailbox.PERSON),
        ("xyzzy@web.de", Mailbox.UNCLEAR),
    ],
)
def test_mailboxes(address: str, who: Mailbox):
    assert marks.emails(f"an {address}, bitte") == [(address, who)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Anna Schmidt", Value.PERSON),
        ("Öztürk, Yasmin", Value.PERSON),
        ("Dr. Till Osterkamp", Value.PERSON),
        ("Johann von und zu Stein", Value.PERSON),
        ("Juergen Neuhaus", Value.PERSON),
        ("Bärbel und Kurt Emrich", Value.PERSON),
        ("Frau Hellwig", Value.ADDRESSED),
        ("Krystyna Haering", Value.PERSON),
        ("Anne-Frank-Schule", Value.INSTITUTION),
        ("Weingut Hans Müller", Value.INSTITUTION),
        ("Peter Lang GmbH", Value.INSTITUTION),
        ("Peter-Altmeier-Allee", Value.OTHER),
        ("Konrad Adenauer Straße", Value.OTHER),
        ("Am Fort Elisabeth", Value.OTHER),
        ("Tilia cordata", Value.OTHER),
        ("Hauptstraße 12", Value.OTHER),
        ("Frau Oberbürgermeisterin", Value.OTHER),
        ("", Value.OTHER),
    ],
)
def test_names(text: str, value: Value):
    assert persons.value_of(text) is value


def test_account_numbers_need_right_check_digits():
    right, wrong = "DE32551900004942859575", "DE33551900004942859575"
    assert marks.accounts(f"auf {right} bitte") == [right]
    assert marks.accounts("DE32 5519 0000 4942 8595 75 AUCH") == ["DE32 5519 0000 4942 8595 75"]
    assert marks.accounts(wrong) == []


def test_tax_ids_need_right_check_digits():
    assert marks.tax_ids("52667460139") == ["52667460139"]
    assert marks.tax_ids("52667460138") == []
    assert marks.tax_ids("07154800100") == []


def test_numbers_of_insurance_need_right_check_digits():
    assert marks.insurance_numbers("15 070649 C 103") == ["15 070649 C 103"]
    assert marks.insurance_numbers("15070649C104") == []
    assert marks.insurance_numbers("A123456780") == ["A123456780"]
    assert marks.insurance_numbers("A123456781") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0151 23456781", [("0151 23456781", True)]),
        ("+49 6131 12-0", [("+49 6131 12-0", False)]),
        ("06131/881122", [("06131/881122", False)]),
        ("02.01.2024", []),
        ("12 von 0 bis 5", []),
        ("MZ-0612345", []),
    ],
)
def test_telephone_numbers(text: str, expected: list[tuple[str, bool]]):
    assert list(marks.phones(text)) == expected


@pytest.mark.parametrize("text", ["Frau Schallmayer rief an", "bitte Herrn Dr. Unruh fragen", "Familie Benali zog um"])
def test_people_who_are_named_in_a_text(text: str):
    assert persons.named_in(text)


@pytest.mark.parametrize(
    "text", ["Frau Bürgermeisterin kam", "Herr der Ringe", "Frauen im Museum", "die Hausfrau Holle"]
)
def test_people_who_are_not_named(text: str):
    assert persons.named_in(text) == ""


def test_a_mask_keeps_what_a_finding_means():
    assert mask("Anna Schmidt, 0176 123456") == "A… S…, •••• ••••56"
    assert mask("2") == "•"
