"""Writes by cookie need the session's token, always; and a form that lost its session keeps what was typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ckan.common import config
from flask.testing import FlaskClient
from tests.kit.people import PASSWORD, Page, Person, editor, footprint
from tests.kit.services import LoadedPortal

from ckanext.mainz.foundation import entered

FIELD = "_csrf_token"
LANGUAGES = ("de", "en")


@pytest.fixture
def erika(portal: LoadedPortal, clean: None) -> Iterator[Person]:
    """An editor, logged in; from then on the protection is on, as in a running portal."""
    person = editor(portal)
    application = portal.app._wsgi_app
    application.config["WTF_CSRF_ENABLED"] = config["WTF_CSRF_ENABLED"] = True
    yield person
    application.config["WTF_CSRF_ENABLED"] = config["WTF_CSRF_ENABLED"] = False


def token(browser: FlaskClient, path: str = "/dataset/new") -> str:
    return str(Page(browser.get(path)).soup.find("input", {"name": FIELD})["value"])


def mark(browser: FlaskClient) -> dict[str, str]:
    """What a form says about to whom it was given."""
    return {entered.MARK: str(Page(browser.get("/dataset/new")).soup.find("input", {"name": entered.MARK})["value"])}


def log_in(browser: FlaskClient, path: str = "/user/login") -> Page:
    fields = {"login": "erika", "password": PASSWORD, FIELD: token(browser, path)}
    return Page(browser.post(path, data=fields))


def stranger(person: Person) -> FlaskClient:
    return person.browser.application.test_client()


def test_no_write_by_cookie_goes_without_a_token_also_after_strangers_came_by(
    erika: Person, subtests: pytest.Subtests
) -> None:
    name = erika.api("package_create", erika.good(name="baeume")).get_json()["result"]["name"]
    link = {"package_id": name, "url": "https://example.org/a.csv"}
    resource = erika.api("resource_create", link).get_json()["result"]["id"]
    before = footprint()
    writes = [
        *("/dataset/new", f"/dataset/edit/{name}", f"/dataset/delete/{name}", f"/dataset/resources/{name}"),
        *(f"/dataset/{name}/resource/new", f"/dataset/{name}/resource/{resource}/edit"),
        *(
            f"/dataset/{name}/resource/{resource}/delete",
            "/user/edit/erika",
            f"/organization/edit/{erika.office['name']}",
        ),
        *("/user/erika/api-tokens", "/api/3/action/package_delete", "/api/3/action/package_patch"),
    ]
    for path in writes:
        stranger(erika).get(path)  # CKAN lifts the protection of a view at the first visit without a cookie
    for path in writes:
        with subtests.test(path=path):
            fields = {
                **erika.good(title="Gefälscht"),
                "id": name,
                "save": "save",
                "delete": "",
                "url": "https://x.example",
            }
            assert erika.browser.post(path, data=fields).status_code in (302, 400)
            assert erika.browser.post(path, data={**fields, FIELD: "gefälscht"}).status_code in (302, 400)
            assert footprint() == before
            assert erika.api("package_show", {"id": name}).get_json()["result"]["title"] == "Baumkataster"


def test_a_write_with_the_token_of_its_session_goes_through(erika: Person) -> None:
    page = erika.post("/dataset/new", {**erika.good(), FIELD: token(erika.browser)})
    assert page.status == 302
    assert page.response.location.endswith("/dataset/baumkataster/resource/new")


def test_a_token_of_another_session_does_not_count(erika: Person) -> None:
    theirs = token(stranger(erika), "/user/login")
    page = erika.post("/dataset/new", {**erika.good(), FIELD: theirs, **mark(erika.browser)})
    assert page.response.location.endswith("/dataset/new")
    assert footprint().packages == 0


def test_the_api_takes_a_token_in_the_header_and_nothing_else(erika: Person) -> None:
    assert erika.api("package_create", erika.good()).status_code == 200
    by_cookie = erika.browser.post("/api/3/action/package_create", json=erika.good(name="x2"))
    assert (by_cookie.status_code, by_cookie.get_json()["success"]) == (400, False)
    assert "X-CSRFToken" in by_cookie.get_json()["error"]["message"]
    headers = {"X-CSRFToken": token(erika.browser)}
    assert (
        erika.browser.post("/api/3/action/package_create", json=erika.good(name="x3"), headers=headers).status_code
        == 200
    )


def test_everybody_may_ask_the_api_by_post(erika: Person) -> None:
    assert stranger(erika).post("/api/3/action/package_search", json={"q": "x"}).status_code == 200
    assert stranger(erika).post("/api/3/action/package_create", json=erika.good()).status_code == 403


def test_the_login_itself_is_protected(erika: Person) -> None:
    browser = stranger(erika)
    answer = browser.post("/user/login", data={"login": "erika", "password": PASSWORD})
    assert answer.status_code == 302
    assert "/user/login" in answer.location
    assert "zu lange offen" in Page(browser.get(answer.location)).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_with_an_expired_token_comes_back_with_everything_typed(erika: Person, language: str) -> None:
    typed = erika.good(title="Lange getippt", notes="Zeile 1\nZeile 2", visibility="konzern")
    page = erika.post(
        "/dataset/new",
        {**typed, "contact-0-name": "Amt", FIELD: "abgelaufen", **mark(erika.browser)},
        language,
        follow=True,
    )
    assert page.status == 200
    assert (page.value("title"), page.value("contact-0-name")) == ("Lange getippt", "Amt")
    assert page.value("notes") == "Zeile 1\nZeile 2"
    assert page.checked("visibility") == ["konzern"]
    assert ("steht wieder im Formular" if language == "de" else "is back in the form") in page.text
    assert footprint().packages == 0
    fresh = str(page.soup.find("input", {"name": FIELD})["value"])
    assert erika.post("/dataset/new", {**typed, FIELD: fresh}).status == 302
    assert erika.get("/dataset/new").value("title") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_session_that_ended_while_typing_costs_a_login_and_no_words(erika: Person, language: str) -> None:
    form = erika.get("/dataset/new").soup.select_one("form#dataset-form")
    hidden = {name: form.find("input", {"name": name})["value"] for name in (FIELD, entered.MARK)}
    erika.browser._cookies.clear()
    page = erika.post("/dataset/new", {**erika.good(title="Lange getippt"), **hidden}, language)
    assert page.status == 302
    login = Page(erika.browser.get(page.response.location))
    assert (
        "was Sie eingegeben haben" if language == "de" else "what you typed is still there"
    ).lower() in login.text.lower()
    back = log_in(erika.browser, page.response.location)
    assert back.response.location.endswith("/dataset/new")
    form = Page(erika.browser.get(back.response.location.removeprefix("http://test.ckan.net")))
    assert form.status == 200, form.text[:500]
    assert form.value("title") == "Lange getippt"


def test_a_file_lost_with_the_session_is_named(erika: Person) -> None:
    name = erika.api("package_create", erika.good(name="baeume")).get_json()["result"]["name"]
    fields = {"upload": (b"a;b\n", "Bäume.csv"), "name": "Bäume", FIELD: "abgelaufen", **mark(erika.browser)}
    page = erika.post(f"/dataset/{name}/resource/new", fields, follow=True)
    assert "Bäume.csv" in page.soup.find(id="field-upload-lost").get_text()
    assert page.value("name") == "Bäume"


def test_what_was_kept_can_be_discarded(erika: Person) -> None:
    erika.post("/dataset/new", {**erika.good(title="Weg damit"), FIELD: "abgelaufen", **mark(erika.browser)})
    page = erika.get("/dataset/new")
    assert page.value("title") == "Weg damit"
    assert erika.get("/dataset/new?fresh=1").value("title") == "Weg damit"
    (discard,) = [one["href"] for one in page.soup.find_all("a", href=True) if "fresh=" in one["href"]]
    assert erika.get(f"/dataset/new{discard}").value("title") == ""
    assert erika.get("/dataset/new").value("title") == ""


def test_what_was_kept_is_gone_after_logging_out(erika: Person) -> None:
    erika.post("/dataset/new", {**erika.good(title="Geheim"), FIELD: "abgelaufen", **mark(erika.browser)})
    erika.browser.post("/user/_logout", data={FIELD: token(erika.browser)})
    log_in(erika.browser)
    assert erika.get("/dataset/new").value("title") == ""


def test_nobody_else_sees_what_was_kept(portal: LoadedPortal, erika: Person) -> None:
    erika.post("/dataset/new", {**erika.good(title="Geheim"), FIELD: "abgelaufen", **mark(erika.browser)})
    other = stranger(erika)
    log_in(other)
    assert Page(other.get("/dataset/new")).value("title") == ""


def test_going_back_to_step_one_loses_neither_words_nor_file(erika: Person) -> None:
    draft = erika.post("/dataset/new", {**erika.good(), FIELD: token(erika.browser)})
    address = draft.response.location.removeprefix("http://test.ckan.net")
    fields = {"upload": (b"a;b\n", "Bäume.csv"), "name": "Alle Bäume", "save": "back", FIELD: token(erika.browser)}
    back = erika.post(address, fields)
    assert "/dataset/edit/baumkataster" in back.response.location
    again = erika.get(address)
    assert again.value("name") == "Alle Bäume"
    assert "Bäume.csv" in again.soup.find(id="field-upload-staged").get_text()
