"""The pages about people and roles: what is seen, what is typed, what is wrong, and who gets in."""

from __future__ import annotations

import re

import ckan.model as model
import pytest
from ckan.lib import mailer
from tests.kit import roles as kit
from tests.kit.people import Page, Visitor
from tests.kit.roles import Log, account, act, capacity_of, days, interface, operator, organization
from tests.kit.roles import record as new_record
from tests.kit.services import LoadedPortal

from ckanext.mainz.governance import people

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def log(clean: None) -> Log:
    return Log()


@pytest.fixture
def amt() -> str:
    return organization("gruenamt")


@pytest.fixture
def chief(amt: str) -> str:
    return account(admin=amt)


@pytest.fixture
def at_desk(portal: LoadedPortal, chief: str) -> Visitor:
    """The browser of the Datenverantwortliche."""
    return Visitor(portal, chief)


PAGE = "/governance/organization/gruenamt"


def test_whoever_is_not_logged_in_comes_back_after_the_login(portal: LoadedPortal, amt: str):
    client = portal.app._wsgi_app.test_client()
    for path in (PAGE, "/governance/me", "/governance/roles", "/governance/orphans"):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert "/user/login" in answer.location
    assert client.post(f"{PAGE}/add", data={"person": "x"}).status_code == 302


def test_the_page_names_people_with_their_roles(portal: LoadedPortal, at_desk: Visitor, amt: str):
    erika = model.User.get(account(editor=amt))
    interface(amt)
    page = at_desk.get(PAGE)
    assert page.status == 200
    for words in (erika.display_name, "Redaktion", "Datenverantwortliche", "Schnittstelle", "Nachtlauf"):
        assert words in page.text, words
    assert "English" in page.text
    assert "Interface" in at_desk.get(PAGE, "en").text


def test_members_see_people_without_being_able_to_change_them(portal: LoadedPortal, amt: str, chief: str):
    reader = Visitor(portal, account(member=amt))
    page = reader.get(PAGE)
    assert model.User.get(chief).display_name in page.text
    assert page.soup.find(id="field-person") is None
    assert reader.post(f"{PAGE}/add", person=chief, capacity="editor").status == 403


@pytest.mark.parametrize("path", ["", "/add", "/role", "/leave", "/interface", "/place"])
def test_strangers_and_editors_from_above_do_not_get_in(portal: LoadedPortal, path: str):
    above = organization()
    organization("gruenamt", parent=above)
    for user in (account(), account(editor=above), account(admin=organization())):
        person = Visitor(portal, user)
        assert person.get(PAGE + path).status in (403, 404), path
        if path:
            assert person.post(PAGE + path, user=user, capacity="admin", person=user).status in (403, 404), path


def test_an_address_without_an_organisation_says_so(at_desk: Visitor):
    page = at_desk.get("/governance/organization/gibt-es-nicht")
    assert page.status == 404
    assert "Organisation" in page.text


def test_somebody_with_an_account_is_taken_in_by_name_or_mail(at_desk: Visitor, amt: str):
    erika, karl = account(), account()
    assert at_desk.post(f"{PAGE}/add", person=erika, capacity="editor").status == 302
    assert at_desk.post(f"{PAGE}/add", person=model.User.get(karl).email.upper(), capacity="member").status == 302
    assert (capacity_of(erika, amt), capacity_of(karl, amt)) == ("editor", "member")


def test_somebody_without_an_account_is_invited(at_desk: Visitor, amt: str, monkeypatch: pytest.MonkeyPatch):
    sent: list[str] = []
    monkeypatch.setattr(mailer, "mail_recipient", lambda _name, address, *_more, **_options: sent.append(address))
    assert at_desk.post(f"{PAGE}/add", person="neu@stadt.example", capacity="editor").status == 302
    assert sent == ["neu@stadt.example"]
    assert "eingeladen bis" in at_desk.get(PAGE).text


@pytest.mark.parametrize(
    ("person", "capacity", "field", "says"),
    [
        ("niemand", "editor", "person", "niemand"),
        ("", "editor", "person", ""),
        ("kein@", "editor", "person", ""),
        ('"><script>alert(1)</script>', "editor", "person", ""),
    ],
)
def test_what_is_wrong_stands_at_the_field_and_what_was_typed_stays(
    at_desk: Visitor, person: str, capacity: str, field: str, says: str
):
    for language in ("de", "en"):
        page = at_desk.post(f"{PAGE}/add", language, person=person, capacity=capacity)
        assert page.status == 422
        assert says in page.error_at(field)
        assert page.summary
        assert page.value("person") == person
        assert page.value("capacity") == capacity
        assert "<script>alert" not in page.response.text


def test_a_mail_that_cannot_be_sent_is_told_at_the_field(at_desk: Visitor, monkeypatch: pytest.MonkeyPatch):
    def fail(*_arguments: object, **_more: object) -> None:
        raise mailer.MailerException("no server")

    monkeypatch.setattr(mailer, "mail_recipient", fail)
    page = at_desk.post(f"{PAGE}/add", person="neu@stadt.example", capacity="editor")
    assert "konnte nicht" in page.error_at("person")
    assert page.value("person") == "neu@stadt.example"


def test_a_role_is_changed_on_the_page(at_desk: Visitor, amt: str):
    erika = account(editor=amt)
    assert at_desk.post(f"{PAGE}/role", user=erika, capacity="admin").status == 302
    assert capacity_of(erika, amt) == "admin"


@pytest.mark.parametrize("capacity", ["owner", ""])
def test_a_role_that_does_not_exist_is_not_given_by_the_page_either(at_desk: Visitor, amt: str, capacity: str):
    erika = account(editor=amt)
    assert at_desk.post(f"{PAGE}/role", user=erika, capacity=capacity).status == 422
    assert at_desk.post(f"{PAGE}/add", person=erika, capacity=capacity).status == 422
    assert capacity_of(erika, amt) == "editor"


def test_nobody_raises_themselves_by_a_forged_form(portal: LoadedPortal, amt: str, chief: str):
    erika = account(editor=amt)
    assert Visitor(portal, erika).post(f"{PAGE}/role", user=erika, capacity="admin").status == 403
    assert capacity_of(erika, amt) == "editor"


# --- leaving --------------------------------------------------------------------------------------------------------


def test_the_last_datenverantwortliche_is_asked_who_follows(at_desk: Visitor, amt: str, chief: str):
    new_record(amt)
    erika = account(editor=amt)
    page = at_desk.get(f"{PAGE}/leave")
    assert "niemand" in page.text.lower()
    page = at_desk.post(f"{PAGE}/leave", hand_over_to="", note="Auf Wiedersehen.")
    assert page.status == 422
    assert page.error_at("hand_over_to")
    assert page.value("note") == "Auf Wiedersehen."
    assert at_desk.post(f"{PAGE}/leave", hand_over_to=erika, note="Auf Wiedersehen.").status == 302
    assert (capacity_of(chief, amt), capacity_of(erika, amt)) == ("", "admin")


def test_somebody_is_taken_out(at_desk: Visitor, amt: str):
    erika = account(editor=amt)
    assert at_desk.get(f"{PAGE}/leave?user={erika}").status == 200
    assert at_desk.post(f"{PAGE}/leave", user=erika).status == 302
    assert capacity_of(erika, amt) == ""


def test_an_editor_takes_nobody_out_but_themselves(portal: LoadedPortal, amt: str, chief: str):
    erika = account(editor=amt)
    person = Visitor(portal, erika)
    assert person.post(f"{PAGE}/leave", user=chief).status == 403
    assert capacity_of(chief, amt) == "admin"
    assert person.post(f"{PAGE}/leave").status == 302
    assert capacity_of(erika, amt) == ""


def test_the_office_confirms_that_nobody_follows(portal: LoadedPortal, amt: str, chief: str):
    new_record(amt)
    head = Visitor(portal, kit.office())
    assert head.get(f"{PAGE}/leave?user={chief}").soup.find("input", {"name": "confirm"})
    assert head.post(f"{PAGE}/leave", user=chief, confirm="true").status == 302
    page = head.get("/governance/orphans")
    assert "Baumkataster" in page.text
    assert "Gruenamt" in page.text


def test_all_memberships_end_on_one_page(portal: LoadedPortal, at_desk: Visitor, amt: str, chief: str):
    new_record(amt)
    erika = account(editor=amt)
    assert at_desk.get("/governance/me/leave").status == 200
    assert at_desk.post("/governance/me/leave").error_at("hand_over_to")
    assert at_desk.post("/governance/me/leave", hand_over_to=erika).status == 302
    assert (capacity_of(chief, amt), capacity_of(erika, amt)) == ("", "admin")


# --- interfaces, roles, deputies ------------------------------------------------------------------------------------


def test_the_token_of_an_interface_is_shown_once_and_kept_by_nobody(portal: LoadedPortal, at_desk: Visitor, amt: str):
    assert at_desk.get(f"{PAGE}/interface").status == 200
    page = at_desk.post(f"{PAGE}/interface", title="Nachtlauf", until="31.12.2099")
    assert page.status == 200
    token = page.soup.select("dd code")[1].get_text()
    assert "no-store" in page.response.headers["Cache-Control"]
    answer = portal.app._wsgi_app.test_client().get(
        "/api/3/action/organization_list_for_user?permission=create_dataset", headers={"Authorization": token}
    )
    assert [one["id"] for one in answer.json["result"]] == [amt]
    assert token not in at_desk.get(PAGE).response.text
    assert token not in at_desk.get(f"{PAGE}/interface").response.text


@pytest.mark.parametrize(("title", "until", "field"), [("", "", "title"), ("Lauf", "gestern", "until")])
def test_an_interface_has_a_name_and_a_day(at_desk: Visitor, title: str, until: str, field: str):
    page = at_desk.post(f"{PAGE}/interface", title=title, until=until)
    assert page.status == 422
    assert page.error_at(field)
    assert (page.value("title"), page.value("until")) == (title, until)


def test_a_program_has_no_pages(portal: LoadedPortal, amt: str):
    _user, token = interface(amt)
    for path in (PAGE, f"{PAGE}/leave", f"{PAGE}/interface", "/governance/roles", "/governance/orphans"):
        answer = portal.app._wsgi_app.test_client().get(path, headers={"Authorization": token})
        assert answer.status_code == 403, path


def test_an_interface_ends_by_a_button(at_desk: Visitor, amt: str):
    user, _token = interface(amt)
    form = at_desk.get(PAGE).soup.find("form", {"action": re.compile(r"/governance/roles/.+/end")})
    page = at_desk.post(form["action"], back=form.find("input", {"name": "back"})["value"])
    assert page.response.location.endswith(PAGE)
    assert model.User.get(user).state == "deleted"


def test_the_button_leads_nowhere_else(at_desk: Visitor, chief: str):
    page = at_desk.post("/governance/roles/gibt-es-nicht/end", back="https://boese.example/")
    assert page.status in (302, 403)
    assert "boese" not in (page.response.location or "")


def test_the_operator_gives_the_office_on_the_page_and_not_to_themselves(portal: LoadedPortal):
    admin, user = operator(), account()
    desk = Visitor(portal, admin)
    assert desk.get("/governance/roles").status == 200
    page = desk.post("/governance/roles", user=admin, role="office", for_user="", until="")
    assert page.error_at("user")
    assert page.value("user") == admin
    assert desk.post("/governance/roles", user=user, role="office", for_user="", until="").status == 302
    model.Session.rollback()
    assert people.person(user).office
    assert "Geschäftsstelle" in desk.get("/governance/roles").text


@pytest.mark.parametrize("path", ["/governance/roles", "/governance/orphans"])
def test_pages_of_the_office_are_for_the_office_and_the_operator(portal: LoadedPortal, amt: str, path: str):
    for user, status in ((account(admin=amt), 403), (kit.office(), 200), (operator(), 200)):
        assert Visitor(portal, user).get(path).status == status


def test_a_deputy_is_named_and_ended_on_the_own_page(portal: LoadedPortal, at_desk: Visitor, amt: str):
    erika = account()
    page = at_desk.post("/governance/me", user=erika, until="gestern")
    assert page.error_at("until")
    assert page.value("user") == erika
    assert at_desk.post("/governance/me", user=erika, until=days(3)).status == 302
    model.Session.rollback()
    assert people.person(erika).leads(amt)
    theirs = Visitor(portal, erika)
    form = theirs.get("/governance/me").soup.find("form", {"action": re.compile("/end")})
    theirs.post(form["action"], back="/governance/me")
    model.Session.rollback()
    assert not people.person(erika).leads(amt)


def test_the_own_page_names_ones_organisations(at_desk: Visitor):
    page = at_desk.get("/governance/me")
    assert "Gruenamt" in page.text
    assert "Datenverantwortliche" in page.text


# --- the office: place of an organisation, hand-over ----------------------------------------------------------------


def test_the_office_changes_place_kind_and_seal(portal: LoadedPortal, amt: str):
    organization("bauamt")
    head = Visitor(portal, kit.office())
    assert head.get(f"{PAGE}/place").value("organization_kind") == "amt"
    assert head.post(f"{PAGE}/place", organization_kind="eigenbetrieb", parent="bauamt", sealed="true").status == 302
    model.Session.rollback()
    found = people.find_organization("gruenamt")
    assert found
    assert (found.kind, found.sealed, [people.organizations()[one].name for one in found.parents]) == (
        *("eigenbetrieb", True, ["bauamt"]),
    )
    page = head.post(
        "/governance/organization/bauamt/place", organization_kind="amt", parent="gruenamt", sealed="false"
    )
    assert page.status == 422
    assert "Gruenamt" in page.error_at("parent")
    assert head.post(f"{PAGE}/place", organization_kind="amt", parent="", sealed="false").status == 302
    model.Session.rollback()
    assert people.find_organization("gruenamt").parents == frozenset()


def test_datenverantwortliche_do_not_change_the_place(at_desk: Visitor):
    assert at_desk.get(f"{PAGE}/place").status == 403
    assert at_desk.post(f"{PAGE}/place", organization_kind="amt", parent="", sealed="false").status == 403


def test_a_record_is_handed_over_on_its_page(at_desk: Visitor, amt: str):
    id, other = new_record(amt), organization("bauamt")
    path = f"/governance/record/{id}/handover"
    assert at_desk.get(path).status == 200
    page = at_desk.post(path, organization="bauamt", reason="organisation", note="Zieht um.")
    assert page.error_at("organization")
    assert page.value("note") == "Zieht um."
    account(admin=other)
    assert at_desk.post(path, organization="bauamt", reason="organisation", note="Zieht um.").status == 302
    model.Session.rollback()
    assert model.Package.get(id).owner_org == other


def test_a_record_of_others_looks_like_none(portal: LoadedPortal, amt: str):
    id = new_record(amt)
    stranger = Visitor(portal, account(admin=organization()))
    answers = {stranger.get(f"/governance/record/{one}/handover").status for one in (id, "gibt-es-nicht")}
    assert answers == {404}


# --- protection -----------------------------------------------------------------------------------------------------


def test_every_form_that_writes_carries_its_token(portal: LoadedPortal, at_desk: Visitor, amt: str, chief: str):
    account(editor=amt)
    interface(amt)
    act(chief, "mainz_role_grant", user=account(), role="deputy", for_user=chief, until=days(2))
    id = new_record(amt)
    paths = (PAGE, f"{PAGE}/leave", f"{PAGE}/interface", "/governance/me", "/governance/me/leave")
    for path in (*paths, f"/governance/record/{id}/handover"):
        page = at_desk.get(path)
        assert page.status == 200, path
        for form in page.soup.find_all("form", {"method": "post"}):
            assert form.find("input", {"name": "_csrf_token"}), (path, form.get("action"))


def test_a_forged_post_without_the_token_changes_nothing(
    portal: LoadedPortal, at_desk: Visitor, amt: str, monkeypatch: pytest.MonkeyPatch
):
    victim = account()
    monkeypatch.setitem(portal.app._wsgi_app.config, "WTF_CSRF_ENABLED", True)
    for path, fields in (
        (f"{PAGE}/add", {"person": victim, "capacity": "admin"}),
        (f"{PAGE}/interface", {"title": "Untergeschoben"}),
        ("/governance/me", {"user": victim, "until": days(3)}),
        (f"{PAGE}/leave", {}),
    ):
        page: Page = at_desk.post(path, **fields)
        assert page.status == 400, path
    model.Session.rollback()
    assert capacity_of(victim, amt) == ""
