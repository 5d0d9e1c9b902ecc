"""What people and programs get wrong, by form and by API, in German and English.

Always: a message in words where the mistake is, what was typed is still there, nothing half saved, no server error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ckan.model as model
import pytest
from ckan.common import config
from lxml import etree
from tests.kit import records
from tests.kit.people import Footprint, Person, editor, footprint
from tests.kit.services import LoadedPortal

LANGUAGES = ("de", "en")
MARKUP = '"><script>alert("x")</script><img src=x onerror=alert(1)>{{7*7}}'
ACTIVE = re.compile(r"<script>alert|<img src=x|onerror=alert\(1\)>")
PROGRAM = b"MZ\x90\x00\x03" + bytes(range(256)) * 8
CSV = b"Jahr;Wert\r\n2025;1\r\n"
ANNUAL = "http://publications.europa.eu/resource/authority/frequency/ANNUAL"
ENVIRONMENT = "http://publications.europa.eu/resource/authority/data-theme/ENVI"


@pytest.fixture
def erika(portal: LoadedPortal, clean: None) -> Person:
    return editor(portal)


@pytest.fixture
def nothing_saved(erika: Person) -> Iterator[None]:
    """Nothing is stored by the end of the test that was not there at its beginning."""
    before: Footprint = footprint()
    yield
    assert footprint() == before


@pytest.fixture
def small_limit() -> None:
    config["ckanext.mainz.files.max_megabytes"] = 1


#: field → what is typed, and a part of the message in German and English
WRONG = [
    ("title", "", "Bitte füllen Sie dieses Feld aus", "Please fill in"),
    ("title", "   ", "Bitte füllen Sie dieses Feld aus", "Please fill in"),
    ("title", "x" * 300, "300 Zeichen", "300 characters"),
    ("title", "a\x01b", "Steuerzeichen", "control characters"),
    ("title", "a\x00b", "Steuerzeichen", "control characters"),
    ("notes", "", "Bitte füllen Sie dieses Feld aus", "Please fill in"),
    ("notes", "x" * 10_000_000, "10000000 Zeichen", "10000000 characters"),
    ("license_id", "", "Bitte füllen Sie dieses Feld aus", "Please fill in"),
    ("license_id", "erfunden", "nicht in der Liste", "not in the list"),
    ("owner_org", "gibt-es-nicht", "gibt es nicht", "There is no organisation"),
    ("owner_org", "", "", ""),
    ("name", "Großes Wort", "", ""),
    ("name", "x" * 300, "", ""),
    ("name", "../../x", "", ""),
    ("tag_string", "x" * 200, "200 Zeichen", "200 characters"),
    ("tag_string", "a/b", "Kommas trennen", "commas separate"),
    ("tag_string", ",".join(f"wort {n}" for n in range(1000)), "1000 Schlagwörter", "1000 keywords"),
    ("frequency", "immer", "", ""),
    ("contact-0-email", "kein @ Zeichen", "keine E-Mail-Adresse", "not an e-mail address"),
    ("contact-0-name", "x" * 300, "300 Zeichen", "300 characters"),
    ("temporal_coverage-0-start", "31.02.2025", "kein Datum", "not a date"),
    ("temporal_coverage-0-end", "gestern", "kein Datum", "not a date"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("nothing_saved")
def test_a_wrong_field_gets_its_message_and_keeps_what_was_typed(
    erika: Person, language: str, subtests: pytest.Subtests
) -> None:
    for field, typed, german, english in WRONG:
        with subtests.test(field=field, typed=typed[:20]):
            page = erika.post("/dataset/new", erika.good(**{field: typed}), language)
            assert page.status == 422
            message = page.error_at(field)
            assert (german if language == "de" else english) in message
            assert message.partition(":")[2].strip()
            assert len(page.summary) == 1
            if field not in ("license_id", "owner_org", "frequency"):
                assert page.value(field) == typed


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("nothing_saved")
def test_all_mistakes_are_told_at_once_in_the_order_of_the_form(erika: Person, language: str) -> None:
    page = erika.post("/dataset/new", {"owner_org": erika.office["id"]}, language)
    labels = ["Titel", "Beschreibung", "Lizenz"] if language == "de" else ["Title", "Description", "Licence"]
    assert [line.partition(":")[0] for line in page.summary] == labels
    assert page.soup.find(id="problems")["role"] == "alert"
    assert page.soup.title.get_text().startswith("Fehler" if language == "de" else "Error")


@pytest.mark.usefixtures("nothing_saved")
def test_everything_typed_is_still_there_after_a_mistake(erika: Person) -> None:
    typed = {
        "notes": "Zeile 1\n\nZeile 2 <b>fett</b>",
        "theme": [ENVIRONMENT],
        "tag_string": "Bäume, Grün",
        "license_id": "dl-de-zero-2.0",
        "frequency": ANNUAL,
        "contact-0-name": "Grünamt",
        "contact-0-email": "kaputt",
        "temporal_coverage-0-start": "01.01.2025",
        "temporal_coverage-0-end": "31.12.2025",
        "name": "baeume",
        "visibility": "konzern",
    }
    page = erika.post("/dataset/new", erika.good(**typed))
    assert page.status == 422
    kept = {name: page.value(name) for name in typed if name not in ("theme", "visibility")}
    assert kept == {name: value for name, value in typed.items() if name in kept}
    assert page.checked("theme") == [ENVIRONMENT]
    assert page.checked("visibility") == ["konzern"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_taken_name_is_told_at_the_field(erika: Person, language: str) -> None:
    erika.draft(name="baumkataster")
    before = footprint()
    page = erika.post("/dataset/new", erika.good(name="baumkataster"), language)
    assert page.status == 422
    assert ("vergeben" if language == "de" else "already in use") in page.error_at("name")
    assert footprint() == before


def test_two_datasets_of_one_title_get_two_addresses(erika: Person) -> None:
    assert [erika.draft() for _ in range(3)] == ["baumkataster", "baumkataster-2", "baumkataster-3"]


def test_a_field_sent_twice_or_never_is_no_server_error(erika: Person) -> None:
    assert erika.post("/dataset/new", {}).status == 422
    assert erika.post("/dataset/new", erika.good(title=["Zwei", "Titel"])).status == 302


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("nothing_saved")
def test_an_organisation_of_others_is_refused_in_words(portal: LoadedPortal, erika: Person, language: str) -> None:
    other = editor(portal, "fritz", "amt-80")
    before = footprint()
    page = erika.post("/dataset/new", erika.good(owner_org=other.office["id"]), language)
    assert page.status == 403
    assert ("Sie dürfen für diese Organisation" if language == "de" else "You may not add or change") in page.text
    assert footprint() == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranger_may_not_change_a_dataset(portal: LoadedPortal, erika: Person, language: str) -> None:
    name = erika.draft()
    erika.post(f"/dataset/{name}/resource/new", {"url": "https://example.org/a.csv", "save": "finish"})
    records.publish(name)
    other = editor(portal, "fritz", "amt-80")
    before = footprint()
    for path in (f"/dataset/edit/{name}", f"/dataset/{name}/resource/new", f"/dataset/resources/{name}"):
        page = other.post(path, {**other.good(), "url": "https://example.org", "save": "save"}, language)
        assert page.status == 403
        assert ("nicht ändern" if language == "de" else "may not change") in page.text
    assert footprint() == before


def test_markup_in_every_field_is_shown_as_text_everywhere(portal: LoadedPortal, erika: Person) -> None:
    typed = erika.good(
        title=MARKUP,
        notes=MARKUP,
        **{"contact-0-name": MARKUP, "contact-0-email": "amt@stadt.example", "tag_string": "script alert"},
    )
    name = erika.draft(**typed)
    fields = {"url": "https://example.org/a.csv", "name": MARKUP, "description": MARKUP}
    finished = erika.post(f"/dataset/{name}/resource/new", {**fields, "save": "finish"})
    assert finished.status == 302, finished.summary
    records.publish(name)
    record = erika.api("package_show", {"id": name}).get_json()["result"]
    assert record["title"] == MARKUP
    resource = record["resources"][0]["id"]
    pages = [
        *(f"/dataset/{name}", f"/dataset/{name}/resource/{resource}", "/dataset/", "/dataset/?q=alert", "/"),
        *(f"/organization/{erika.office['name']}", "/dashboard/datasets", f"/dataset/edit/{name}"),
        *(f"/dataset/{name}/resource/{resource}/edit", f"/dataset/resources/{name}"),
        *(f"/dataset/{name}/resource/{resource}/delete", f"/governance/record/{name}"),
        f"/governance/record/{name}/submit",
    ]
    for path in pages:
        page = erika.get(path)
        assert page.status == 200, path
        assert not ACTIVE.search(page.response.get_data(as_text=True)), path
        assert "49" not in [heading.get_text() for heading in page.soup.find_all("h1")]


def test_markup_does_not_break_feeds_and_rdf(erika: Person, subtests: pytest.Subtests) -> None:
    name = erika.draft(title=MARKUP, notes=MARKUP)
    erika.post(f"/dataset/{name}/resource/new", {"url": "https://example.org/a.csv", "name": MARKUP, "save": "finish"})
    records.publish(name)
    for path in (
        "/feeds/dataset.atom",
        "/catalog.xml",
        *(f"/dataset/{name}.{kind}" for kind in ("rdf", "ttl", "jsonld")),
    ):
        with subtests.test(path=path):
            answer = erika.browser.get(path)
            assert answer.status_code == 200
            if "xml" in answer.content_type:
                root = etree.fromstring(answer.data)
                assert not root.xpath("//*[local-name()='script']")
                assert MARKUP in "".join(root.itertext())


LINKS = [
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x"),
    *("file:///etc/passwd", "//evil.example", "www.mainz.de", "https://", "https://a b", "https://a/<script>"),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dangerous_or_broken_link_is_refused_at_the_field(
    erika: Person, language: str, subtests: pytest.Subtests
) -> None:
    name = erika.draft()
    before = footprint()
    for link in LINKS:
        with subtests.test(link=link):
            typed = {"url": link, "name": "Karte", "save": "finish"}
            page = erika.post(f"/dataset/{name}/resource/new", typed, language)
            assert page.status == 422
            assert ("keine Internetadresse" if language == "de" else "not a web address") in page.error_at("url")
            assert (page.value("url"), page.value("name")) == (link, "Karte")
    assert footprint() == before


def test_no_address_field_of_the_api_takes_a_script(erika: Person, subtests: pytest.Subtests) -> None:
    script, name = "javascript:alert(1)", erika.draft()
    before = footprint()
    for field in ("url", "author_email", "maintainer_email"):
        with subtests.test(dataset=field):
            answer = erika.api("package_create", erika.good(**{field: script}))
            assert answer.status_code == 409
            assert field in answer.get_json()["error"]
    for field in ("url", "cache_url"):
        with subtests.test(resource=field):
            link = {"package_id": name, "url": "https://example.org/a.csv", field: script}
            answer = erika.api("resource_create", link)
            assert answer.status_code == 409
            assert field in answer.get_json()["error"]
    assert footprint() == before


FILES = [
    (b"", "leer.csv", "ist leer", "is empty"),
    (b"x" * (1024 * 1024 + 1), "gross.csv", "möglich sind höchstens 1 MB", "at most 1 MB"),
    (b"x" * (3 * 1024 * 1024), "groesser.csv", "hat 3 MB", "has 3 MB"),
    (PROGRAM, "haushalt.csv", "ist ein Programm", "is a program"),
    (CSV, "haushalt.exe", "ist ein Programm", "is a program"),
    (b"<!doctype html><p>Bitte anmelden", "haushalt.csv", "Webseite", "web page"),
    (CSV, "haushalt.xlsx", "heißt .xlsx", "is called .xlsx"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("small_limit")
def test_a_bad_file_is_refused_at_the_field_and_named(erika: Person, language: str, subtests: pytest.Subtests) -> None:
    draft = erika.draft()
    before = footprint()
    for content, name, german, english in FILES:
        with subtests.test(name=name, words=german):
            fields = {"upload": (content, name), "name": "Haushalt", "description": "Plan", "save": "finish"}
            page = erika.post(f"/dataset/{draft}/resource/new", fields, language)
            assert page.status == 422
            message = page.error_at("upload")
            assert (german if language == "de" else english) in message
            assert name in message
            assert name in page.soup.find(id="field-upload-lost").get_text()
            assert (page.value("name"), page.value("description")) == ("Haushalt", "Plan")
    assert footprint() == before


@pytest.mark.usefixtures("small_limit")
def test_a_bad_file_is_refused_by_the_api(erika: Person, subtests: pytest.Subtests) -> None:
    draft = erika.draft()
    before = footprint()
    for content, name, *words in FILES:
        for language, expected in zip(LANGUAGES, words, strict=True):
            with subtests.test(name=name, language=language, words=expected):
                answer = erika.api("resource_create", {"package_id": draft}, language, upload=(content, name))
                assert answer.status_code == 409
                assert expected in answer.get_json()["error"]["upload"][0]
    assert footprint() == before


@pytest.mark.usefixtures("small_limit")
def test_a_body_beyond_all_patience_is_refused_in_words(erika: Person) -> None:
    draft = erika.draft()
    before = footprint()
    much = b"x" * (5 * 1024 * 1024)
    page = erika.post(f"/dataset/{draft}/resource/new", {"upload": (much, "a.csv"), "save": "finish"})
    assert page.status == 413
    answer = erika.api("resource_create", {"package_id": draft}, upload=(much, "a.csv"))
    assert (answer.status_code, answer.get_json()["success"]) == (413, False)
    assert footprint() == before


NAMES = [
    *("../../x", "..\\..\\boot.ini", "CON", "con.csv", "x" * 300 + ".csv", 'Bäume "2025"\n& mehr.csv'),
    *("<script>alert(1)</script>.csv", "a\x00b.csv", "...", "'; DROP TABLE resource; --.csv"),
]


def test_a_strange_file_name_becomes_a_plain_one_and_the_bytes_stay(erika: Person, subtests: pytest.Subtests) -> None:
    for name in NAMES:
        with subtests.test(name=name[:30]):
            draft = erika.draft()
            sent = {"upload": (CSV, name), "save": "finish"}
            assert erika.post(f"/dataset/{draft}/resource/new", sent, follow=True).status == 200
            (resource,) = erika.api("package_show", {"id": draft}).get_json()["result"]["resources"]
            kept = resource["url"].rsplit("/", 1)[-1]
            assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,99}", kept)
            answer = erika.browser.get(resource["url"].removeprefix("http://test.ckan.net"))
            assert (answer.status_code, answer.data) == (200, CSV)
            assert f"filename={kept}" in answer.headers["Content-Disposition"]


def test_a_chosen_file_waits_while_the_form_is_corrected(erika: Person) -> None:
    draft = erika.draft()
    address = f"/dataset/{draft}/resource/new"
    first = erika.post(address, {"upload": (CSV, "Bäume.csv"), "name": "x" * 300, "save": "finish"})
    assert first.status == 422
    assert "Bäume.csv" in first.soup.find(id="field-upload-staged").get_text()
    ticket = first.soup.find("input", {"name": "staged"})["value"]
    second = erika.post(address, {"staged": ticket, "name": "y" * 300, "save": "finish"})
    ticket = second.soup.find("input", {"name": "staged"})["value"]
    third = erika.post(address, {"staged": ticket, "name": "Bäume", "save": "finish"})
    assert third.status == 302
    (resource,) = erika.api("package_show", {"id": draft}).get_json()["result"]["resources"]
    assert erika.browser.get(resource["url"].removeprefix("http://test.ckan.net")).data == CSV


def test_a_waiting_file_is_of_no_use_to_somebody_else(portal: LoadedPortal, erika: Person) -> None:
    draft = erika.draft()
    first = erika.post(
        f"/dataset/{draft}/resource/new", {"upload": (CSV, "a.csv"), "name": "x" * 300, "save": "finish"}
    )
    ticket = first.soup.find("input", {"name": "staged"})["value"]
    other = editor(portal, "fritz", "amt-80")
    theirs = other.draft()
    page = other.post(f"/dataset/{theirs}/resource/new", {"staged": ticket, "save": "finish"})
    assert page.status == 422
    assert page.error_at("url")


def test_a_waiting_file_can_be_let_go(erika: Person) -> None:
    draft = erika.draft()
    address = f"/dataset/{draft}/resource/new"
    first = erika.post(address, {"upload": (CSV, "a.csv"), "name": "x" * 300, "save": "finish"})
    ticket = first.soup.find("input", {"name": "staged"})["value"]
    page = erika.post(address, {"staged": ticket, "unstage": "1", "save": "finish"})
    assert page.status == 422
    assert page.error_at("url")


def test_a_file_whose_format_was_typed_wrong_is_corrected_and_told(erika: Person) -> None:
    draft = erika.draft()
    fields = {"upload": (b"%PDF-1.7\n", "plan.csv"), "format": "CSV", "save": "again"}
    page = erika.post(f"/dataset/{draft}/resource/new", fields, follow=True)
    assert "der Inhalt der Datei ist PDF" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dataset_without_any_file_is_not_finished(erika: Person, language: str) -> None:
    draft = erika.draft()
    page = erika.post(f"/dataset/{draft}/resource/new", {"save": "finish"}, language)
    assert page.status == 422
    assert ("Wählen Sie eine Datei" if language == "de" else "Choose a file") in page.error_at("url")


API_WRONG: list[tuple[str, Any]] = [
    *(
        ("title", value)
        for value in (None, "", " ", "x" * 300, ["a"], {"a": 1}, [{"a": 1}], "a\x00b", "\ud800", "a\x02")
    ),
    *(("notes", value) for value in (None, "", ["a"], "x" * 10_000_000, "\ud800")),
    *(("name", value) for value in ("x", "Ä", "a b", "x" * 300, 5, ["a"], {"a": 1}, "a\x00")),
    *(("owner_org", value) for value in ("gibt-es-nicht", ["a"], {"a": 1}, 5, "a\x00")),
    *(("license_id", value) for value in (None, "", "erfunden", ["a"], 5)),
    *(("visibility", value) for value in ("ja", "OFFEN", ["intern"], {"a": 1})),
    *(("state", value) for value in ("foo", ["active"], 5)),
    *(("type", value) for value in ("foo", ["dataset"], 5)),
    *(("theme", value) for value in ("erfunden", ["erfunden"], [["a"]], [{"a": 1}], {"a": 1}, 5)),
    *(("frequency", value) for value in ("immer", ["a"], 5)),
    *(("tags", value) for value in ("a, b", ["a"], [{"name": "x" * 200}], [{"name": "a/b"}], [{"name": ["a"]}], [{}])),
    ("tags", [{"name": f"wort {number}"} for number in range(1000)]),
    *(("tag_string", value) for value in ("x" * 200, "a/b", 5, [{"a": 1}], {"a": 1})),
    *(("contact", value) for value in ("x", [1], 5, [{"email": "kaputt"}], [{"name": ["a"]}], [{"name": "x" * 300}])),
    *(("temporal_coverage", value) for value in ([{"start": "gestern"}], [{"start": "2026", "end": "2025"}], "[")),
    *(("resources", value) for value in ("x", ["x"], {"a": 1}, [{"url": "javascript:alert(1)"}], [{"url": ["a"]}])),
    *(("extras", value) for value in ("x", ["x"], [{"key": "a"}], [{"key": ["a"], "value": "b"}], {"a": 1})),
    *(("groups", value) for value in ("x", ["x"], 5, [{"id": 5}])),
    *(("url", value) for value in ("javascript:alert(1)", "data:text/html,x", ["a"], "kein Link")),
    *(("author", value) for value in ("x" * 300, ["a"], "a\x00")),
    *(("id", value) for value in (5, ["a"], "a\x00")),
]


@pytest.mark.usefixtures("nothing_saved")
def test_the_api_names_the_field_that_is_wrong(erika: Person, subtests: pytest.Subtests) -> None:
    for field, value in API_WRONG:
        with subtests.test(field=field, value=repr(value)[:40]):
            answer = erika.api("package_create", erika.good(**{field: value}))
            error = answer.get_json()["error"]
            assert answer.status_code == 409, error
            assert field in error


@pytest.mark.usefixtures("nothing_saved")
def test_names_that_ckan_keeps_for_itself_are_refused(erika: Person, subtests: pytest.Subtests) -> None:
    for field in ("__junk", "__extras", "__before"):
        with subtests.test(field=field):
            assert erika.api("package_create", erika.good(**{field: [{"a": 1}]})).status_code == 409


RAW = [
    ("{", "application/json", 400),
    ('{"title": }', "application/json", 400),
    ("[]", "application/json", 400),
    ("null", "application/json", 400),
    ("[" * 100_000, "application/json", 400),
    ('{"a":' * 100_000, "application/json", 400),
    (b"\xff\xfe\x00", "application/json", 400),
    ("{}", "text/plain", 415),
    ("<x/>", "application/xml", 415),
    ("x", "multipart/form-data", 409),
    ("x", "multipart/form-data; boundary=x", 409),
    ("", "application/json", 409),
]


@pytest.mark.usefixtures("nothing_saved")
def test_a_body_that_is_no_json_object_is_answered_in_json(erika: Person, subtests: pytest.Subtests) -> None:
    stranger = erika.browser.application.test_client()
    for body, content_type, status in RAW:
        with subtests.test(body=str(body)[:20], content_type=content_type):
            headers = {"Authorization": erika.token, "Content-Type": content_type}
            answer = stranger.post("/api/3/action/package_create", data=body, headers=headers)
            assert answer.status_code == status
            assert answer.get_json()


@pytest.mark.parametrize(
    "path", ["/dataset/a%00b", "/dataset/?q=a%00b", "/dataset/edit/%00", "/dataset/%00/resource/x/edit"]
)
def test_a_nul_in_an_address_is_a_page_in_words(erika: Person, path: str) -> None:
    page = erika.get(path)
    assert page.status in (400, 404)
    assert "nicht möglich" in page.text or "gibt es" in page.text


@pytest.mark.parametrize("action", ["package_show", "resource_show", "organization_show", "user_show"])
@pytest.mark.parametrize("value", ["a\x00", "\ud800", 5, ["a"], {"a": 1}])
def test_an_id_that_is_none_is_no_server_error(erika: Person, action: str, value: Any) -> None:
    answer = erika.api(action, {"id": value})
    assert answer.status_code in (404, 409)
    assert answer.get_json()["success"] is False


def test_a_login_with_odd_values_is_no_server_error(erika: Person) -> None:
    for fields in ({"login": "a\x00", "password": "x"}, {"login": "erika", "password": "x", "remember": "immer"}):
        assert erika.browser.application.test_client().post("/user/login", data=fields).status_code == 400


@pytest.mark.usefixtures("nothing_saved")
def test_a_file_for_a_dataset_itself_is_refused(erika: Person) -> None:
    answer = erika.api("package_create", {**erika.good(), "private": "true"}, upload=(CSV, "a.csv"))
    assert answer.status_code == 409
    assert "resource_create" in answer.get_json()["error"]["upload"][0]


def test_of_many_who_take_a_free_name_at_once_one_gets_it(erika: Person) -> None:
    for number in range(3):
        with ThreadPoolExecutor(4) as pool:
            sent = [pool.submit(erika.api, "package_create", erika.good(name=f"frei-{number}")) for _ in range(4)]
            answers = [one.result() for one in sent]
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        assert all("name" in answer.get_json()["error"] for answer in answers if answer.status_code == 409)
    assert footprint().packages == 3


def test_a_draft_that_cannot_be_finished_keeps_its_file_once(erika: Person) -> None:
    name = erika.draft()
    package = model.Package.get(name)
    package.license_id = "gibt-es-nicht-mehr"
    model.repo.commit()
    link = {"url": "https://example.org/a.csv", "save": "again"}
    page = erika.post(f"/dataset/{name}/resource/new", link, follow=True)
    assert page.status == 422
    before = footprint()
    erika.post(f"/dataset/edit/{name}", erika.good(name=name))
    erika.post(f"/dataset/{name}/resource/new", link)
    package = model.Package.get(name)
    package.license_id = "gibt-es-nicht-mehr"
    model.repo.commit()
    refused = erika.post(f"/dataset/{name}/resource/new", {"save": "finish"}, follow=True)
    assert "braucht noch eine Korrektur" in refused.text
    assert refused.value("title") == "Baumkataster"
    assert refused.error_at("license_id")
    assert "nichts gespeichert" not in refused.text
    assert erika.get(f"/dataset/edit/{name}").summary == []
    assert footprint().resources == before.resources + 1
    assert erika.api("package_show", {"id": name}).get_json()["result"]["state"] == "draft"


def test_repeated_rows_of_a_form_keep_their_order_and_their_gaps_do_not_matter(erika: Person) -> None:
    rows = {f"contact-{number}-name": f"Stelle {number}" for number in (0, 2, 10, 11)}
    name = erika.draft(**rows, **{"temporal_coverage-3-start": "2025"})
    record = erika.api("package_show", {"id": name}).get_json()["result"]
    assert [row["name"] for row in record["contact"]] == ["Stelle 0", "Stelle 2", "Stelle 10", "Stelle 11"]
    assert record["temporal_coverage"] == [{"start": "2025"}]


def test_german_keywords_come_through(erika: Person) -> None:
    name = erika.draft(tag_string="Öffentlicher Nahverkehr, Kfz-Zulassung, Nr. 5, a_b, Straße")
    record = erika.api("package_show", {"id": name}).get_json()["result"]
    assert {tag["name"] for tag in record["tags"]} == {
        *("Öffentlicher Nahverkehr", "Kfz-Zulassung", "Nr. 5", "a_b", "Straße")
    }


def test_an_emptied_field_of_a_stored_dataset_is_empty_and_others_stay(erika: Person) -> None:
    name = erika.draft(tag_string="Bäume, Grün", theme=[ENVIRONMENT], frequency=ANNUAL, **{"contact-0-name": "Amt"})
    erika.api("package_patch", {"id": name, "is_example": True})
    page = erika.post(f"/dataset/edit/{name}", erika.good(name=name, tag_string="Grün"))
    assert page.status == 302, page.summary
    record = erika.api("package_show", {"id": name}).get_json()["result"]
    assert [tag["name"] for tag in record["tags"]] == ["Grün"]
    assert not record.get("theme")
    assert not record.get("frequency")
    assert not record.get("contact")
    assert str(record["is_example"]).lower() == "true"


def test_a_changed_title_does_not_move_the_address(erika: Person) -> None:
    name = erika.draft()
    erika.post(f"/dataset/edit/{name}", erika.good(title="Ein ganz anderer Titel", name=""))
    assert erika.api("package_show", {"id": name}).get_json()["result"]["title"] == "Ein ganz anderer Titel"


def test_a_mistake_while_editing_changes_nothing(erika: Person) -> None:
    name = erika.draft()
    before = erika.api("package_show", {"id": name}).get_json()["result"]
    page = erika.post(f"/dataset/edit/{name}", erika.good(name=name, title="x" * 300, notes="Neu"))
    assert page.status == 422
    assert page.value("notes") == "Neu"
    assert erika.api("package_show", {"id": name}).get_json()["result"] == before
