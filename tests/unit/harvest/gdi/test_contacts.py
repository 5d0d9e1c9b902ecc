"""Which mail addresses and names are those of a person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.harvest.gdi import records as r

from ckanext.mainz.harvest.gdi import contacts


def names(person: str) -> frozenset[str]:
    return contacts.names_of_persons(r.dataset(contacts=r.party("pointOfContact", "Amt", name=person)))


@pytest.mark.parametrize(
    ("mail", "person"),
    [
        *(("erika.muster@a.example", "Erika Muster"), ("muster@a.example", "Frau Muster")),
        *(("e.muster@a.example", "Dr. E. Muster"), ("emuster@a.example", "Muster, Erika")),
        *(("mueller@a.example", "Herr Müller"), ("h_mueller@a.example", ""), ("erika.xyz@a.example", "")),
        *(("MUSTER@a.example", "muster"), ("koenig-abt3@a.example", "Anna König"), ("schmidt@a.example", "")),
    ],
)
def test_mail_addresses_of_persons(mail: str, person: str):
    assert contacts.is_personal(mail, names(person))


@pytest.mark.parametrize(
    ("mail", "person"),
    [
        *(("opendata@mainz.example", "Erika Muster"), ("geo.portal@a.example", "Erika Muster")),
        *(("amt62@a.example", ""), ("umweltamt@a.example", "Frau Dr. Amt"), ("bauleitplanung-mainz@a.example", "")),
        *(("info@muster.example", "Erika Muster"), ("vermessung.service@a.example", ""), ("kontakt@a.example", "X")),
    ],
)
def test_mailboxes_of_functions(mail: str, person: str):
    assert not contacts.is_personal(mail, names(person))


def test_a_mailbox_that_looks_like_a_person_can_be_allowed():
    given = r.party("pointOfContact", "Grünamt", mail="linus@mainz.example")
    assert r.package(contacts=given)["contact"][0].get("email") != "linus@mainz.example"
    settings = replace(r.SETTINGS, function_mails=frozenset({"linus@mainz.example"}))
    assert r.package(contacts=given, settings=settings)["contact"][0]["email"] == "linus@mainz.example"


def test_of_several_addresses_the_first_that_may_be_shown_is_taken():
    given = r.party("pointOfContact", "Grünamt", name="E. Muster", mail="muster@a.example; info@a.example")
    assert r.package(contacts=given)["contact"] == [{"name": "Grünamt", "email": "info@a.example"}]


@pytest.mark.parametrize("mail", ["kontakt@geoportal.rlp.de", "keine", "info(at)a.example", "a@b", "@"])
def test_placeholders_and_what_is_no_mail_address_are_left_out(mail: str):
    given = r.party("pointOfContact", "Grünamt", mail=mail, url="https://gruen.example")
    assert r.package(contacts=given)["contact"] == [{"name": "Grünamt", "url": "https://gruen.example"}]


@pytest.mark.parametrize(
    "name", ["department not known", "Am Markt 5", "Rheinallee 12a", "Frau Muster", "Erika Muster"]
)
def test_streets_persons_and_placeholders_are_no_organisations(name: str):
    found = r.mapped(contacts=r.party("publisher", name) + r.party("author", name))
    assert not found.package.keys() & {"publisher", "creator"}
    assert found.organisation == "amt-62"
    assert name not in str(found)


@pytest.mark.parametrize("name", ["Ulfhild Quastenberg", "Quastenberg, Ulfhild", "QUASTENBERG Dr. Ulfhild"])
def test_the_name_of_the_person_beside_it_is_no_organisation_with_or_without_titles(name: str):
    parties = (r.party(role, name, name="Dr. Ulfhild Quastenberg", url="https://mainz.example/")
               for role in ("pointOfContact", "custodian", "publisher"))  # fmt: skip
    found = r.mapped(contacts="".join(parties))
    assert not found.package.keys() & {"publisher", "custodian"}
    assert "quastenberg" not in str(found).casefold()


def test_an_office_with_a_team_named_beside_it_is_an_organisation():
    found = r.package(contacts=r.party("custodian", "Umweltamt", name="Team Umweltamt"))
    assert found["custodian"] == [{"name": "Umweltamt"}]


@pytest.mark.parametrize(
    "name",
    [
        "Landeshauptstadt Mainz",
        "Grün- und Umweltamt",
        "Stadt Mainz, Bauamt",
        "Landesamt für Vermessung und Geobasisinformation",
    ],
)
def test_offices_are_organisations(name: str):
    assert r.package(contacts=r.party("author", name))["creator"] == [{"name": name}]


def test_each_contact_stands_once():
    one = r.party("pointOfContact", "Grünamt", mail="gruen@a.example")
    assert len(r.package(contacts=one * 3)["contact"]) == 1


def test_without_publisher_the_contact_tells_the_organisation():
    assert r.mapped().organisation == "amt-67"
    assert r.mapped(contacts=r.party("pointOfContact", "Unbekannt GmbH")).organisation == "amt-62"
