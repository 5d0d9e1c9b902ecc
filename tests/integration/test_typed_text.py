"""What somebody typed is never lost: not with a session, not with a token, not when somebody else was quicker."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from ckan.common import config
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories
from tests.kit.governance import CHECK, act, draft, office, organization, person, released
from tests.kit.people import PASSWORD, Page, Visitor, give_password
from tests.kit.services import SITE_URL, LoadedPortal
from werkzeug.datastructures import FileStorage

from ckanext.mainz.foundation import entered

pytestmark = pytest.mark.usefixtures("clean")

TOKEN = "_csrf_token"
TYPED = "Lange getippt,\nin zwei Zeilen"
TABLE = b"Stadtteil;Zahl\nAltstadt;3\nNeustadt;4\n"
ENTRY = {"title": "Gebäudedaten", "description": "Alle Gebäude.", "visibility": "verwaltung"}
WAYS = ("expired", "ended")


@dataclass(frozen=True)
class Form:
    """A form: who fills it in, its page, where it is sent, what is typed, and where that stands on the page again."""

    who: str
    page: str
    name: str
    at: str = ""
    more: dict[str, str] = field(default_factory=dict)
    to: str = ""

    @property
    def target(self) -> str:
        return self.to or self.page

    @property
    def box(self) -> str:
        return self.at or f"field-{self.name}"


@dataclass
class House:
    """People of an Amt and of the Geschäftsstelle, and what they work on."""

    amt: str
    people: dict[str, Visitor]
    names: dict[str, str]

    def forms(self) -> Iterator[tuple[str, Form]]:
        """All forms into which people type, by what they are."""
        draft, open, handed_in, entry, file, proposal = (
            self.names[one] for one in ("draft", "open", "handed_in", "entry", "file", "proposal")
        )
        record, role = f"/governance/record/{handed_in}", f"/governance/organization/{self.names['amt']}"
        yield "description", Form("editor", f"/dataset/edit/{draft}", "notes")
        yield "new dataset", Form("editor", "/dataset/new", "notes")
        yield "new series", Form("editor", "/dataset_series/new", "notes")
        yield "new link", Form("editor", f"/dataset/{draft}/resource/new", "description")
        yield (
            "dictionary",
            Form("editor", f"/dataset/{draft}/resource/{file}/dictionary", "description-0", "description-0"),
        )
        yield "entry", Form("editor", f"/governance/inventory/entry/{entry}/edit", "note")
        yield "new entry", Form("editor", "/governance/inventory/new", "description")
        yield "return", Form("decider", record, "note", "mainz_record_return-note", to=f"{record}/return")
        yield "release", Form("decider", record, "note", "mainz_record_release-note", to=f"{record}/release")
        at = "mainz_record_withdraw-successor"
        yield (
            "withdraw",
            Form("decider", f"/governance/record/{open}", "successor", at, to=f"/governance/record/{open}/withdraw"),
        )
        change = f"/governance/proposal/{proposal}"
        yield "accept", Form("decider", change, "note", "mainz_proposal_accept-note", to=f"{change}/accept")
        yield "refuse", Form("decider", change, "note", "mainz_proposal_return-note", to=f"{change}/return")
        yield "role", Form("decider", "/governance/roles", "user")
        yield "deputy", Form("lead", "/governance/me", "user")
        yield "member", Form("lead", role, "person", to=f"{role}/add")
        yield "interface", Form("lead", f"{role}/interface", "title")
        yield "leave", Form("lead", f"{role}/leave?user={self.people['editor'].name}", "note")
        yield "leave all", Form("lead", "/governance/me/leave", "note")
        yield "handover", Form("lead", f"/governance/record/{open}/handover", "note")


@pytest.fixture
def house(portal: LoadedPortal) -> Iterator[House]:
    """Everybody is logged in; from then on the protection is on, as in a running portal."""
    amt = organization(name="amt-67", title="Grünamt")
    editor, lead, decider = person(editor=amt), person(admin=amt), office()
    open = released(editor, amt, name="offen")
    waits = draft(editor, amt, name="eingereicht")
    act(editor, "mainz_record_submit", {"id": waits["id"], "check": CHECK})
    proposal = act(editor, "package_patch", {"id": open["id"], "notes": "Neu."})["mainz_proposal"]["id"]
    begun = draft(editor, amt, name="entwurf")
    upload = FileStorage(io.BytesIO(TABLE), filename="t.csv", content_type="text/csv")
    file = act(editor, "resource_create", {"package_id": begun["id"], "name": "t", "upload": upload})["id"]
    entry = act(editor, "mainz_inventory_create", {**ENTRY, "organization": "amt-67"})["name"]
    people = {who: Visitor(portal, name) for who, name in (("editor", editor), ("lead", lead), ("decider", decider))}
    names = {"draft": "entwurf", "open": "offen", "handed_in": "eingereicht", "amt": "amt-67", "file": file}
    application = portal.app._wsgi_app
    application.config["WTF_CSRF_ENABLED"] = config["WTF_CSRF_ENABLED"] = True
    yield House(amt, people, {**names, "entry": entry, "proposal": proposal})
    application.config["WTF_CSRF_ENABLED"] = config["WTF_CSRF_ENABLED"] = False


def hidden(page: Page, target: str) -> dict[str, str]:
    """What the form that is sent to an address carries by itself."""
    path = target.partition("?")[0]
    forms = [one for one in page.soup.select("form[method=post]") if one.get("action", path) in ("", path)]
    marked = [one for one in forms if one.find("input", {"name": entered.MARK})]
    assert marked, f"no form with a mark for {target}"
    return {name: marked[0].find("input", {"name": name})["value"] for name in (TOKEN, entered.MARK)}


def local(page: Page) -> str:
    return str(page.response.location).removeprefix(SITE_URL)


def log_in(visitor: Visitor, name: str = "", path: str = "/user/login") -> Page:
    given = visitor.get(path).soup.find("input", {"name": TOKEN})["value"]
    return visitor.post(path, login=name or visitor.name, password=PASSWORD, **{TOKEN: given})


def send(visitor: Visitor, form: Form, way: str, **more: Any) -> Page:
    """Sends a form too late."""
    page = visitor.get(form.page)
    assert page.status == 200, form.page
    carried = hidden(page, form.target)
    if way == "ended":
        visitor.client._cookies.clear()
    else:
        carried[TOKEN] = "abgelaufen"
    return visitor.post(form.target, **{form.name: TYPED, **form.more, **carried, **more})


def come_back(visitor: Visitor, answer: Page) -> Page:
    """Follows the portal back to the form, by way of the login if it asks for one."""
    assert answer.status == 302, answer.text
    if "/user/login" in local(answer):
        answer = log_in(visitor, path=local(answer))
    return visitor.get(local(answer), follow=True)


def stands(page: Page, form: Form) -> str:
    box = page.soup.find(id=form.box)
    assert box is not None, (form.box, page.text)
    return box.get_text().removeprefix("\n") if box.name == "textarea" else str(box.get("value", ""))


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("way", WAYS)
def test_every_form_comes_back_with_what_was_typed(house: House, way: str, subtests: pytest.Subtests) -> None:
    for name, form in house.forms():
        with subtests.test(form=name):
            visitor = house.people[form.who]
            page = come_back(visitor, send(visitor, form, way))
            assert page.status == 200
            assert one_line(stands(page, form)) == one_line(TYPED)
            assert "steht wieder im Formular" in page.text
            page = visitor.get(form.page.partition("?")[0] + page.soup.find("a", string="Verwerfen")["href"])
            assert "Lange getippt" not in page.text
            assert "Lange getippt" not in stands(page, form)


def test_a_decision_comes_back_opened_and_with_its_choices(house: House) -> None:
    record = "/governance/record/eingereicht"
    form = Form("decider", record, "note", to=f"{record}/return", more={"reason": "unvollstaendig"})
    page = come_back(house.people["decider"], send(house.people["decider"], form, "ended"))
    assert page.soup.find(id="mainz_record_return").has_attr("open")
    chosen = page.soup.select_one("#mainz_record_return-reason option[selected]")
    assert chosen["value"] == "unvollstaendig"
    assert not page.soup.select_one("#mainz_record_release-note").get_text().strip()


@pytest.mark.parametrize("way", WAYS)
def test_answers_of_the_release_check_come_back(house: House, way: str) -> None:
    answers = {f"check-{code}": answer for code, answer in CHECK.items()}
    form = Form("editor", "/governance/record/entwurf/submit", "visibility")
    editor = house.people["editor"]
    page = come_back(editor, send(editor, form, way, visibility="konzern", **answers))
    assert page.soup.select_one("[name=visibility][checked]")["value"] == "konzern"
    for name, answer in answers.items():
        boxes = page.soup.select(f"[name={name}]")
        assert not boxes or page.soup.select_one(f"[name={name}][checked]")["value"] == answer


def test_a_page_with_a_query_comes_back_with_it(house: House) -> None:
    lead, editor = house.people["lead"], house.people["editor"]
    path = f"/governance/organization/amt-67/leave?user={editor.name}"
    page = come_back(lead, send(lead, Form("lead", path, "note"), "ended"))
    assert page.soup.find("input", {"name": "user"})["value"] == editor.name
    assert editor.name in page.soup.find("a", string="Verwerfen")["href"]


def test_who_logs_in_after_somebody_else_sees_nothing_of_theirs(house: House) -> None:
    lead = house.people["lead"]
    form = Form("lead", "/dataset/edit/entwurf", "notes")
    answer = send(lead, form, "ended")
    other = house.people["editor"].name
    assert log_in(lead, other, local(answer)).status == 302
    page = lead.get(form.page)
    assert page.value("notes") == "Alle Bäume der Stadt."
    assert "Lange getippt" not in page.text


def test_what_somebody_typed_waits_for_them_while_another_uses_the_browser(house: House) -> None:
    lead, other = house.people["lead"], house.people["editor"].name
    form = Form("lead", "/dataset/edit/entwurf", "notes")
    carried = hidden(lead.get(form.page), form.page)
    lead.client._cookies.clear()
    log_in(lead, other)
    answer = lead.post(form.page, notes=TYPED, **carried)
    page = lead.get(local(answer))
    assert page.value("notes") == "Alle Bäume der Stadt."
    assert "von jemand anderem geöffnet" in page.text
    lead.post("/user/_logout", **{TOKEN: hidden(page, form.page)[TOKEN]})
    log_in(lead)
    assert one_line(lead.get(form.page).value("notes")) == one_line(TYPED)


def test_who_logs_out_leaves_nothing_behind(house: House) -> None:
    editor = house.people["editor"]
    form = Form("editor", "/dataset/edit/entwurf", "notes")
    page = come_back(editor, send(editor, form, "expired"))
    editor.post("/user/_logout", **{TOKEN: hidden(page, form.page)[TOKEN]})
    log_in(editor)
    assert editor.get(form.page).value("notes") == "Alle Bäume der Stadt."


def test_a_form_that_names_nobody_is_kept_for_nobody(house: House) -> None:
    editor = house.people["editor"]
    editor.client._cookies.clear()
    answer = editor.post("/dataset/new", notes=TYPED, **{entered.MARK: "gefälscht"})
    assert "/user/login" in local(answer)
    login = editor.get(local(answer))
    assert "abgemeldet" in login.text
    assert "noch da" not in login.text
    log_in(editor, path=local(answer))
    assert editor.get("/dataset/new").value("notes") == ""


def kept_for(user: Any) -> tuple[str, int]:
    """What Redis keeps for the session of a user, and for how many seconds."""
    redis = connect_to_redis()
    with user.client.session_transaction() as session:
        (name,) = redis.keys(f"*{session[entered.SLOT]}")
        assert "Lange getippt" not in str(dict(session))
    return redis.get(name).decode(), redis.ttl(name)


def test_passwords_tokens_and_files_are_not_kept(house: House) -> None:
    editor = house.people["editor"]
    form = Form("editor", "/dataset/entwurf/resource/new", "description")
    secret = {"password1": "geheim-1", "api_token": "geheim-2", "client_secret": "geheim-3"}
    send(editor, form, "expired", upload=(io.BytesIO(b"geheim-4"), "b.csv"), **secret)
    kept, seconds = kept_for(editor)
    assert "Lange getippt" in kept
    assert "geheim" not in kept
    assert 0 < seconds <= entered.LIFETIME


def test_what_went_through_does_not_come_back(house: House) -> None:
    editor = house.people["editor"]
    form = Form("editor", "/governance/inventory/new", "note")
    page = come_back(editor, send(editor, form, "expired"))
    fields = {**ENTRY, "title": "Wege", "note": TYPED, "organization": house.amt}
    done = editor.post(form.page, **fields, **hidden(page, form.page))
    assert done.status == 302, done.summary
    assert editor.get(form.page).value("note") == ""


def test_nothing_is_kept_for_longer_than_an_hour(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = house.people["editor"]
    form = Form("editor", "/dataset/edit/entwurf", "notes")
    send(editor, form, "expired")
    assert one_line(editor.get(form.page).value("notes")) == one_line(TYPED)
    monkeypatch.setattr(entered, "LIFETIME", -1)
    assert editor.get(form.page).value("notes") == "Alle Bäume der Stadt."


def test_a_file_without_words_is_named_too(house: House) -> None:
    editor = house.people["editor"]
    path = "/dataset/entwurf/resource/new"
    form = Form("editor", path, "description", more={"description": ""})
    page = come_back(editor, send(editor, form, "ended", upload=(io.BytesIO(TABLE), "Wege.csv")))
    assert "Wege.csv" in page.soup.find(id="field-upload-lost").get_text()


def test_a_step_with_no_words_is_to_be_repeated(house: House) -> None:
    editor = house.people["editor"]
    carried = {**hidden(editor.get("/dataset/delete/entwurf"), "/dataset/delete/entwurf"), TOKEN: "abgelaufen"}
    page = editor.post("/dataset/delete/entwurf", follow=True, **carried)
    assert "wiederholen Sie den letzten Schritt" in page.text
    assert act(editor.name, "package_show", {"id": "entwurf"})["state"] == "active"


@pytest.mark.parametrize("way", WAYS)
def test_what_is_too_long_to_be_kept_is_shown_once(house: House, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entered, "MOST_CHARACTERS", 5)
    editor = house.people["editor"]
    answer = send(editor, Form("editor", "/dataset/edit/entwurf", "notes"), way)
    assert answer.status == 400
    assert "zu lang" in answer.text
    assert TYPED in answer.soup.select_one(".mz-lost").get_text()


# --- somebody else was quicker ---------------------------------------------------------------------------------------


def test_a_colleague_who_hands_the_record_in_takes_no_words_away(house: House) -> None:
    editor, lead = house.people["editor"], house.people["lead"]
    carried = hidden(editor.get("/dataset/edit/entwurf"), "/dataset/edit/entwurf")
    act(lead.name, "mainz_record_submit", {"id": "entwurf", "visibility": "intern", "check": CHECK})
    answer = editor.post("/dataset/edit/entwurf", title="Bäume", notes=TYPED, **carried)
    page = editor.get(local(answer))
    assert (page.status, one_line(page.value("notes"))) == (200, one_line(TYPED))
    assert "eingereicht oder archiviert" in page.text
    assert act(editor.name, "package_show", {"id": "entwurf"})["notes"] == "Alle Bäume der Stadt."
    act(lead.name, "mainz_record_return", {"id": "entwurf", "reason": "unvollstaendig"})
    back = editor.get("/dataset/edit/entwurf")
    assert one_line(back.value("notes")) == one_line(TYPED)


def test_the_form_of_a_closed_record_leads_to_its_page_where_nothing_was_typed(house: House) -> None:
    answer = house.people["editor"].get("/dataset/edit/eingereicht")
    assert local(answer) == "/governance/record/eingereicht"


def test_who_may_not_write_any_more_can_copy_their_words(house: House) -> None:
    editor = house.people["editor"]
    carried = hidden(editor.get("/dataset/edit/entwurf"), "/dataset/edit/entwurf")
    act("", "organization_member_create", {"id": house.amt, "username": editor.name, "role": "member"})
    answer = editor.post("/dataset/edit/entwurf", title="Bäume", notes=TYPED, **carried)
    assert answer.status == 403
    assert TYPED in [one.get_text() for one in answer.soup.select(".mz-lost")]
    assert carried[TOKEN] not in answer.text


def test_a_decision_that_somebody_else_has_made_shows_the_note(house: House) -> None:
    decider = house.people["decider"]
    record = "/governance/record/eingereicht"
    carried = hidden(decider.get(record), f"{record}/return")
    act(office(), "mainz_record_return", {"id": "eingereicht", "reason": "unvollstaendig"})
    answer = decider.post(f"{record}/return", reason="unvollstaendig", note=TYPED, **carried)
    assert answer.status in (403, 422)
    assert one_line(TYPED) in one_line(answer.soup.select_one(".mz-lost").get_text())


# --- pages of CKAN's own ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_a_form_of_ckan_that_comes_too_late_shows_what_was_typed(house: House, way: str) -> None:
    lead = house.people["lead"]
    form = Form("lead", "/organization/edit/amt-67", "description")
    answer = send(lead, form, way)
    assert answer.status == 400
    assert TYPED in [one.get_text() for one in answer.soup.select(".mz-lost")]
    assert bool(answer.soup.select(".mz-lead + section + p a[href$='/user/login']")) == (way == "ended")


def test_the_mark_of_a_form_reaches_no_action_of_ckan(house: House) -> None:
    boss = factories.Sysadmin()["name"]
    visitor = house.people["decider"]
    visitor.client._cookies.clear()
    give_password(boss)
    log_in(visitor, boss)
    page = visitor.get("/ckan-admin/config")
    fields = {one["name"]: one.get("value", "") for one in page.soup.select("#admin-config-form input[name]")}
    assert entered.MARK in fields
    done = visitor.post("/ckan-admin/config", **{**fields, "ckan.site_title": "Anderer Name", "save": "1"})
    assert done.status == 302, done.text


def test_passwords_are_not_shown_again(house: House) -> None:
    lead = house.people["lead"]
    path = f"/user/edit/{lead.name}"
    answer = send(lead, Form("lead", path, "about", more={"old_password": "geheim", "password1": "geheim"}), "expired")
    assert TYPED in [one.get_text() for one in answer.soup.select(".mz-lost")]
    assert "geheim" not in answer.text


def test_nobody_puts_words_on_an_error_page_by_a_form_of_their_own(house: House) -> None:
    lead = house.people["lead"]
    answer = lead.post(
        "/organization/edit/amt-67", description="Rufen Sie 0190 an", **{entered.MARK: secrets.token_hex()}
    )
    assert answer.status == 400
    assert "0190" not in answer.text


# --- no form is forgotten --------------------------------------------------------------------------------------------

WITHOUT = {"mainz_todo.mail_off"}
"""Sent by mail programs, without a session and with nothing that is typed."""


def test_every_page_of_ours_that_writes_comes_back_to_a_page(portal: LoadedPortal) -> None:
    application = portal.app._wsgi_app
    rules = list(application.url_map.iter_rules())
    shown = {rule.endpoint for rule in rules if "GET" in rule.methods}
    for rule in rules:
        blueprint, _dot, view = rule.endpoint.rpartition(".")
        if "POST" not in rule.methods or not blueprint.startswith("mainz_") or rule.endpoint in WITHOUT:
            continue
        room = entered._rooms.get(blueprint)
        assert room is not None, f"{rule.endpoint} loses what is typed"
        assert f"{blueprint}.{room.pages.get(view, view)}" in shown, rule.endpoint
