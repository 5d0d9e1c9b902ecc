"""The pages of the inventory: the list, the short form, lists taken in by two steps, files given out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from ckan.common import config
from tests.kit.governance import act, office, organization, person
from tests.kit.people import Page, Visitor
from tests.kit.services import LoadedPortal

from ckanext.mainz.governance.inventory import entries, pages

pytestmark = pytest.mark.usefixtures("clean")

HOME = "/governance/inventory"
FORM = {
    "title": "Gebäudedaten",
    "description": "Alle Gebäude der Stadt.",
    "system": "FM-Verfahren",
    "place": "Server 7",
    "keeper": "Team Gebäude",
    "reason": "sicherheit",
    "review": "31.12.2026",
    "visibility": "verwaltung",
}
LIST = """Nr.;Titel;Beschreibung;Amt;Wiedervorlage;Farbe
1;Bäume;Alle Bäume.;Amt 80;31.12.2026;grün
2;Wege;Alle Wege.;Amt 80;bald;grau
3;;Ohne Titel.;Amt 80;;
4;=Formel;Ein Titel.;Amt 4711;;
"""


def send(visitor: Visitor, text: str | bytes, name: str = "liste.csv", **fields: Any) -> Page:
    """A list, taken to the first step of its way in."""
    content = text.encode() if isinstance(text, str) else text
    return visitor.post("/import", upload=(io.BytesIO(content), name), **fields)


@pytest.fixture
def amt() -> str:
    return organization(name="amt-80", title="Amt für Wirtschaft")


@pytest.fixture
def editor(portal: LoadedPortal, amt: str) -> Visitor:
    return Visitor(portal, person(editor=amt), HOME)


@pytest.fixture
def reader(portal: LoadedPortal, amt: str) -> Visitor:
    """A colleague of another Amt."""
    return Visitor(portal, person(member=organization(title="Anderes Amt")), HOME)


@pytest.fixture
def chief(portal: LoadedPortal, amt: str) -> Visitor:
    """The Geschäftsstelle."""
    return Visitor(portal, office(), HOME)


def entry(editor: Visitor, **fields: Any) -> dict[str, Any]:
    return act(editor.name, "mainz_inventory_create", {**FORM, "organization": "amt-80", **fields})


def rows(page: Page, caption: str) -> list[list[str]]:
    table = page.soup.find(id=caption).find_parent("table")
    return [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in table.tbody("tr")]


def hidden(page: Page) -> dict[str, str]:
    return {one["name"]: one.get("value", "") for one in page.soup.select("form input[type=hidden]")}


# --- list and entry --------------------------------------------------------------------------------------------------


def test_the_way_in_is_the_login(portal: LoadedPortal, editor: Visitor) -> None:
    made = entry(editor)
    for path in ("/", f"/entry/{made['name']}", "/new", "/import", "/progress", "/export.csv", "/template.xlsx"):
        page = Visitor(portal, home=HOME).get(path)
        assert page.status == 302
        assert "/user/login" in page.response.location


def test_the_list_shows_each_what_they_may_know(editor: Visitor, reader: Visitor, chief: Visitor) -> None:
    entry(editor, review="01.01.2020")
    full = ["Gebäudedaten", "Amt für Wirtschaft", "FM-Verfahren", "Schutz kritischer Infrastruktur",
            "01.01.2020 fällig", "Verwaltung"]  # fmt: skip
    for visitor in (editor, chief):
        assert rows(visitor.get("/"), "entries") == [full]
    assert rows(reader.get("/"), "entries") == [["Gebäudedaten", "Amt für Wirtschaft", "", "", "", "Verwaltung"]]
    assert [page.soup.find("a", string="Neuer Eintrag") is not None for page in (editor.get("/"), reader.get("/"))] == [
        True,
        False,
    ]


def test_the_list_is_filtered_and_its_files_too(editor: Visitor) -> None:
    entry(editor)
    entry(editor, title="Wege", reason="vertrag", review="01.01.2020")
    page = editor.get("/?reason=vertrag&organization=amt-80")
    assert [row[0] for row in rows(page, "entries")] == ["Wege"]
    address = page.soup.find("a", string="Als Datei (CSV)")["href"]
    text = editor.client.get(address).data.decode("utf-8-sig")
    assert ("Wege" in text, "Gebäudedaten" in text) == (True, False)
    due = editor.get("/?due=1")
    assert [row[0] for row in rows(due, "entries")] == ["Wege"]
    assert "Wiedervorlage (1)" in due.text
    assert "Kein Eintrag passt." in editor.get("/?q=nichts").text
    assert editor.get("/?page=x&organization=unbekannt").status == 200


def test_a_long_list_has_pages(editor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    for title in ("A", "B", "C"):
        entry(editor, title=title)
    page = editor.get("/")
    assert [row[0] for row in rows(page, "entries")] == ["A", "B"]
    following = editor.client.get(page.soup.find("a", rel="next")["href"])
    assert [row[0] for row in rows(Page(following), "entries")] == ["C"]
    assert "Zum Anfang" in editor.get("/?page=9").text


def test_an_entry_shows_its_shares_to_its_house_only(editor: Visitor, reader: Visitor) -> None:
    made = entry(editor, shares=[{"organization": "amt-80", "share": "Verträge", "role": "führt"}])
    page = editor.get(f"/entry/{made['name']}")
    assert rows(page, "shares-caption") == [["Amt für Wirtschaft", "Verträge", "führt"]]
    assert "Server 7" in page.text
    stranger = reader.get(f"/entry/{made['name']}")
    assert ("Server 7" in stranger.text, "Verträge" in stranger.text, "Gebäudedaten" in stranger.text) == (
        False,
        False,
        True,
    )


def test_what_is_not_there_and_what_is_not_for_somebody_look_alike(portal: LoadedPortal, editor: Visitor) -> None:
    made = entry(editor)
    stranger = Visitor(portal, person(member=organization("gesellschaft")), HOME)
    pages_of = [stranger.get(f"/entry/{one}") for one in (made["name"], "gibt-es-nicht")]
    assert [page.status for page in pages_of] == [404, 404]
    assert pages_of[0].text == pages_of[1].text


# --- the short form --------------------------------------------------------------------------------------------------


def test_the_form_asks_for_eight_things_and_folds_the_rest(editor: Visitor) -> None:
    page = editor.get("/new")
    fields = [one.find("label") or one.find("legend") for one in page.soup.select("form.mz-form > .mz-field")]
    assert len(fields) == 8
    assert page.soup.select_one("details.mz-more") is not None
    assert page.value("organization"), "the only organisation is chosen from the start"
    assert "Alle Ämter und Eigenbetriebe" in page.text, "it says who will read it"


def test_an_entry_is_made_and_changed_without_a_script(editor: Visitor, amt: str) -> None:
    shares = "Amt 80; Verträge; führt\r\nEin Büro; ; misst"
    page = editor.post("/new", follow=True, **FORM, organization=amt, shares=shares, theme=["ENVI"], key="7")
    assert page.status == 200
    assert "Der Eintrag ist gespeichert." in page.text
    (made,) = entries.every()
    assert [one.organization for one in made.shares] == ["amt-80", "Ein Büro"]
    form = editor.get(f"/entry/{made.name}/edit")
    assert (form.value("review"), form.value("shares")) == (
        "31.12.2026",
        "Amt für Wirtschaft; Verträge; führt\nEin Büro; ; misst",
    )
    assert form.checked("theme") == list(made.theme)
    typed = {name: form.value(name) for name in (*FORM, "organization", "shares", "note", "key")}
    editor.post(f"/entry/{made.name}/edit", **{**typed, "place": ""}, theme=list(made.theme))
    (changed,) = entries.every()
    assert (changed.place, changed.shares, changed.theme, changed.key) == ("", made.shares, made.theme, "7")


def test_a_mistake_stands_at_its_field_and_nothing_typed_is_lost(editor: Visitor, amt: str) -> None:
    page = editor.post("/new", **{**FORM, "title": "", "review": "bald"}, organization=amt, key="x" * 101)
    assert page.status == 422
    assert len(page.summary) == 3
    assert "bald" in page.error_at("review")
    assert page.error_at("title")
    assert page.error_at("key")
    assert page.soup.select_one("details.mz-more").has_attr("open"), "a mistake is not hidden in a fold"
    assert (page.value("review"), page.value("place"), page.value("reason")) == ("bald", "Server 7", "sicherheit")
    assert entries.every() == []


def test_a_stranger_gets_no_form(editor: Visitor, reader: Visitor, amt: str) -> None:
    made = entry(editor)
    assert [reader.get(path).status for path in ("/new", "/import", "/export.csv")] == [403, 403, 403]
    assert reader.get(f"/entry/{made['name']}/edit").status == 403
    assert reader.post("/new", **FORM, organization=amt).status == 403
    assert reader.post(f"/entry/{made['name']}/edit", **FORM, organization=amt).status == 403
    assert reader.post(f"/entry/{made['name']}/promote").status == 403
    assert len(entries.every()) == 1


# --- lists in two steps ----------------------------------------------------------------------------------------------


def test_a_list_is_looked_at_first_and_then_taken(editor: Visitor) -> None:
    sent = send(editor, LIST)
    assert sent.status == 302
    preview = editor.get(sent.response.location)
    assert entries.every() == [], "a preview writes nothing"
    wrong = rows(preview, "wrong-caption")
    assert [row[:2] for row in wrong] == [["3", "Wege"], ["4", "–"], ["5", "=Formel"]]
    assert "Spalte „Wiedervorlage“: „bald“ ist kein Tag" in wrong[0][2]
    assert ["Farbe", "wird nicht gelesen"] in rows(preview, "columns-caption")
    assert ["Amt", "Organisation"] in rows(preview, "columns-caption")
    done = editor.post("/import/confirm", follow=True, **hidden(preview))
    assert "Neu: 1, geändert: 0" in done.text
    assert "3 Zeilen sind fehlerhaft" in done.text
    assert [one.title for one in entries.every()] == ["Bäume"]
    assert "Aus dieser Liste ist nichts mehr zu speichern." in done.text
    again = editor.post("/import/confirm", follow=True, **hidden(preview))
    assert "Neu: 0, geändert: 0, unverändert: 1" in again.text
    assert len(entries.every()) == 1, "a button pressed twice makes nothing double"


def test_faulty_rows_are_fetched_put_right_and_sent_again(editor: Visitor) -> None:
    preview = editor.get(send(editor, LIST).response.location)
    editor.post("/import/confirm", **hidden(preview))
    address = preview.soup.find("a", string="Fehlerhafte Zeilen als Datei (XLSX)")["href"]
    book = openpyxl.load_workbook(io.BytesIO(editor.client.get(address).data))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == [
        "Nr.", "Titel", "Beschreibung", "Amt", "Wiedervorlage", "Farbe", "Zeile", "Fehler"
    ]  # fmt: skip
    assert (sheet["B4"].value, sheet["B4"].data_type) == ("=Formel", "s")
    sheet["E2"], sheet["B3"], sheet["B4"], sheet["D4"] = "1.2.2027", "Plätze", "Formeln", "Amt 80"
    out = io.BytesIO()
    book.save(out)
    preview = editor.get(send(editor, out.getvalue(), "berichtigt.xlsx").response.location)
    done = editor.post("/import/confirm", follow=True, **hidden(preview))
    assert "Neu: 3, geändert: 0" in done.text
    assert [one.title for one in entries.every()] == ["Bäume", "Formeln", "Plätze", "Wege"]


def test_a_csv_of_faulty_rows_holds_no_formula(editor: Visitor) -> None:
    preview = editor.get(send(editor, LIST).response.location)
    address = preview.soup.find("a", string="Fehlerhafte Zeilen als Datei (CSV)")["href"]
    assert ";'=Formel;" in editor.client.get(address).data.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("content", "name"), [(b"", "leer.csv"), (b"%PDF-1.4 nichts", "brief.pdf"), (b"Farbe;Form\nrot;rund\n", "a.csv")]
)
def test_a_wrong_file_is_told_at_the_field(editor: Visitor, content: bytes, name: str) -> None:
    page = send(editor, content, name)
    assert page.status == 422
    assert page.error_at("upload")
    assert len(page.summary) == 1


def test_nothing_chosen_is_told_at_the_field(editor: Visitor) -> None:
    assert "Wählen Sie eine Datei" in editor.post("/import").error_at("upload")


def test_the_organisation_of_a_list_is_chosen_once(editor: Visitor, amt: str) -> None:
    page = editor.get("/import")
    assert page.value("organization") == amt, "the only one is chosen"
    preview = editor.get(send(editor, "Titel;Grund\nWege;Vertrag\n", organization=amt).response.location)
    assert "gehören zu: Amt für Wirtschaft" in preview.text
    editor.post("/import/confirm", **hidden(preview))
    assert [(one.title, one.organization) for one in entries.every()] == [("Wege", amt)]


def test_a_list_that_waits_is_nobody_elses(portal: LoadedPortal, editor: Visitor, amt: str) -> None:
    address = send(editor, LIST).response.location
    other = Visitor(portal, person(editor=amt), HOME)
    preview = editor.get(address)
    assert other.get(address).status == 302
    assert other.post("/import/confirm", **hidden(preview)).response.location.endswith("/import")
    assert editor.get("/import/preview?file=erfunden", follow=True).status == 200
    assert "nicht mehr bereit" in editor.get("/import/faulty.csv?file=erfunden", follow=True).text
    assert entries.every() == []


def test_who_was_an_editor_when_the_list_was_sent_is_asked_again(editor: Visitor, amt: str) -> None:
    preview = editor.get(send(editor, LIST).response.location)
    act("", "organization_member_delete", {"id": amt, "username": editor.name})
    assert editor.post("/import/confirm", **hidden(preview)).status == 403
    assert entries.every() == []


def test_the_empty_list_can_be_filled_in_and_sent(editor: Visitor) -> None:
    book = openpyxl.load_workbook(io.BytesIO(editor.client.get(f"{HOME}/template.xlsx").data))
    assert book.sheetnames == ["Inventar", "Ausfüllhilfe"]
    header = [cell.value for cell in book.worksheets[0][1]]
    filled = {"Titel": "Wege", "Beschreibung": "Alle Wege.", "Organisation": "Amt 80", "Wiedervorlage": "31.12.2026",
              "Warum nicht offen": "Datenschutz", "Sichtbarkeit": "Konzern Stadt"}  # fmt: skip
    book.worksheets[0].append([filled.get(name, "") for name in header])
    out = io.BytesIO()
    book.save(out)
    preview = editor.get(send(editor, out.getvalue(), "inventar.xlsx").response.location)
    editor.post("/import/confirm", **hidden(preview))
    (made,) = entries.every()
    assert (made.title, made.reason, made.level, str(made.review)) == ("Wege", "personenbezug", "konzern", "2026-12-31")


# --- the office, and the way to a dataset ----------------------------------------------------------------------------


def test_the_office_sees_how_far_each_is(editor: Visitor, chief: Visitor, reader: Visitor) -> None:
    entry(editor, review="01.01.2020")
    page = chief.get("/progress")
    numbers = {row[0]: row[1:] for row in rows(page, "progress")}
    assert numbers["Amt für Wirtschaft"][:4] == ["1", "0", "0", "0"]
    assert numbers["Amt für Wirtschaft"][4].startswith("1")
    assert numbers["Anderes Amt"] == ["0", "0", "0", "0", "0"], "who has none is still to be asked"
    for other in (editor, reader):
        assert other.get("/progress").status == 403
        assert "Stand" not in [one.get_text(strip=True) for one in other.get("/").soup.select(".mz-tabs a")]


def test_one_button_leads_from_the_entry_to_the_form_of_the_dataset(editor: Visitor, chief: Visitor) -> None:
    made = entry(editor)
    page = editor.get(f"/entry/{made['name']}")
    assert page.soup.find("button", string="Zum Datensatz machen") is not None
    assert chief.get(f"/entry/{made['name']}").soup.find("button", string="Zum Datensatz machen") is None
    done = editor.post(f"/entry/{made['name']}/promote")
    assert done.response.location.endswith(f"/dataset/edit/{made['name']}")
    assert editor.client.get(done.response.location).status_code == 200
    assert "Am Datensatz weiterarbeiten" in editor.get(f"/entry/{made['name']}").text


@pytest.fixture
def guarded(portal: LoadedPortal, editor: Visitor) -> Iterator[Visitor]:
    """Forms need their token, as in a real portal."""
    application = portal.app._wsgi_app
    application.config["WTF_CSRF_ENABLED"] = config["WTF_CSRF_ENABLED"] = True
    yield editor
    application.config["WTF_CSRF_ENABLED"] = config["WTF_CSRF_ENABLED"] = False


def test_no_page_writes_without_the_token_of_its_form(guarded: Visitor, amt: str) -> None:
    made = entry(guarded)
    for path in ("/new", f"/entry/{made['name']}/edit", f"/entry/{made['name']}/promote", "/import", "/import/confirm"):
        assert guarded.post(path, **{**FORM, "title": "Untergeschoben"}, organization=amt).status == 400
    assert [one.title for one in entries.every()] == ["Gebäudedaten"]
    for path in ("/new", f"/entry/{made['name']}/edit", f"/entry/{made['name']}", "/import"):
        for form in guarded.get(path).soup.find_all("form", method="post"):
            assert form.find("input", {"name": config["WTF_CSRF_FIELD_NAME"]}), path
