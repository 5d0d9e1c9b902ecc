"""Whole records entered by the forms, with and without scripts: how much work it is, and that nothing gets lost."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import DESK, PHONE, at_work, visitor
from tests.kit import office as office_kit
from tests.kit.office import CHECK, Editor, Worker, geschaeftsstelle, hire, released
from tests.kit.running_portal import RunningPortal

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MOST_FIELDS = 8
ANNUAL = "http://publications.europa.eu/resource/authority/frequency/ANNUAL"
ADDRESSES = "http://data.europa.eu/bna/c_c3de25e4"
TREES = b"art;hoehe_m\nLinde;12,5\n"


@dataclass
class Hands:
    """An editor at a form. Counts what the hands do: fields that are touched, clicks, keys that are pressed."""

    page: Page
    begun: float = field(default_factory=time.monotonic)
    fields: set[str] = field(default_factory=set)
    clicks: int = 0
    keys: int = 0

    def fill(self, id: str, text: str) -> None:
        self.page.locator(f"#field-{id}").fill(text)
        self.fields.add(id)
        self.clicks += 1
        self.keys += len(text)

    def choose(self, id: str, label: str) -> None:
        self.page.locator(f"#field-{id}").select_option(label=label)
        self.fields.add(id)
        self.clicks += 2

    def tick(self, id: str, label: str) -> None:
        self.page.locator(f"#field-{id}").get_by_label(label, exact=True).check()
        self.fields.add(id)
        self.clicks += 1

    def open(self, title: str) -> None:
        self.page.locator("summary").filter(has_text=title).first.click()
        self.clicks += 1

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()
        self.clicks += 1

    def attach(self, name: str, content: bytes) -> None:
        self.page.locator("#field-upload").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
        self.fields.add("upload")
        self.clicks += 2

    def note(self, record: Callable[[str, object], None]) -> None:
        """Writes the figures into the report of the tests."""
        seconds = round(time.monotonic() - self.begun, 1)
        figures = {"fields": len(self.fields), "clicks": self.clicks, "keys": self.keys, "seconds": seconds}
        record(os.environ["PYTEST_CURRENT_TEST"].partition("::")[2].partition(" (")[0], json.dumps(figures))


@pytest.fixture(scope="module")
def editor(portal: RunningPortal) -> Editor:
    return hire(portal, "Grün- und Umweltamt")


@pytest.fixture(scope="module")
def office(portal: RunningPortal) -> Worker:
    return geschaeftsstelle(portal)


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def hands(request: pytest.FixtureRequest, browser: Browser, portal: RunningPortal, editor: Editor) -> Iterator[Hands]:
    """The editor, logged in, at an empty form of a dataset."""
    with at_work(browser, portal, editor, java_script_enabled=request.param) as page:
        page.goto("/dataset/new")
        yield Hands(page)


def stored(editor: Editor, page: Page) -> dict:
    """The record whose page is open, or that was just finished or handed in."""
    parts = urlsplit(page.url).path.removesuffix("/submit").rstrip("/")
    return editor.act("package_show", {"id": parts.rsplit("/", 1)[-1]})


def hand_in(hands: Hands) -> None:
    """Finishes the form and hands in for everybody, as is chosen already."""
    hands.press("Fertigstellen")
    for code, answer in CHECK.items():
        hands.page.locator(f"[name='check-{code}'][value='{answer}']").check()
        hands.clicks += 1
    hands.press("Einreichen")
    expect(hands.page.get_by_text("Der Datensatz ist eingereicht")).to_be_visible()


def test_a_simple_dataset_takes_fewer_than_eight_fields(
    hands: Hands, editor: Editor, record_testsuite_property: Callable[[str, object], None]
) -> None:
    hands.fill("title", "Bäume an Straßen")
    hands.fill("notes", "Alle Bäume an Straßen mit Art und Höhe.")
    hands.tick("theme", "Umwelt")
    hands.choose("frequency", "jährlich")
    hands.fill("temporal_coverage-0-start", "2025")
    hands.press("Weiter zu Schritt 2")
    hands.attach("baeume.csv", TREES)
    hand_in(hands)
    hands.note(record_testsuite_property)
    record = stored(editor, hands.page)
    assert len(hands.fields) < MOST_FIELDS
    assert (record["license_id"], record["visibility"], record["frequency"]) == ("dl-de-by-2.0", "oeffentlich", ANNUAL)
    assert record["temporal_coverage"] == [{"start": "2025"}]
    assert {tag["name"] for tag in record["tags"]} == {"Bäume", "Straßen"}


def test_the_first_look_shows_only_what_everybody_is_asked(hands: Hands) -> None:
    shown = [one.get_attribute("name") for one in hands.page.locator("#dataset-form :is(input, select, textarea)").all()
             if one.is_visible()]  # fmt: skip
    names = {str(name).partition("-")[0] for name in shown if name}
    assert names == {
        "title",
        "notes",
        "theme",
        "owner_org",
        "license_id",
        "frequency",
        "temporal_coverage",
        "visibility",
    }
    expect(hands.page.get_by_text("Vorausgewählt: Es ist Ihre einzige Organisation.")).to_be_visible()
    expect(hands.page.get_by_text("Vorausgewählt: die Lizenz")).to_be_visible()


def test_a_full_high_value_dataset_is_entered(
    hands: Hands, editor: Editor, record_testsuite_property: Callable[[str, object], None]
) -> None:
    series = editor.act(
        "package_create",
        {
            "type": "dataset_series",
            "name": f"adressen-{secrets.token_hex(4)}",
            "title": "Adressen der Jahre",
            "notes": "x",
            "owner_org": editor.organization,
        },
    )
    describe_fully(hands, series["name"])
    hands.press("Weiter zu Schritt 2")
    describe_file(hands)
    hand_in(hands)
    hands.note(record_testsuite_property)
    record = stored(editor, hands.page)
    hands.page.goto(f"/dataset/{record['name']}")
    assert record["hvd_category"] == [ADDRESSES]
    assert record["in_series"] == [series["id"]]
    assert record["temporal_coverage"] == [{"start": "2025-01-01", "end": "2025-12-31"}]
    assert [area.get("text") for area in record["spatial_coverage"]] == ["Mainz-Gonsenheim", "Rheinufer"]
    assert record["spatial_coverage"][1]["bbox"].startswith("POLYGON")
    assert [row["name"] for row in record["contact"]] == ["Open Data im Grünamt"]
    assert record["resources"][0]["data_dictionary"][0]["unit"] == "m"
    assert record["issued"].startswith("2020-03-01")
    assert shows(hands.page, "Mainz-Gonsenheim", "Adressen der Jahre", "Durchführungsverordnung (EU) 2023/138")
    assert "POLYGON" not in hands.page.locator("main").inner_text()


def describe_fully(hands: Hands, series: str) -> None:
    """Step 1 with something in each topic."""
    hands.fill("title", "Adressen der Gebäude")
    hands.fill("notes", "Alle Adressen mit Lage.")
    hands.tick("theme", "Regionen und Städte")
    hands.choose("frequency", "jährlich")
    hands.fill("temporal_coverage-0-start", "01.01.2025")
    hands.fill("temporal_coverage-0-end", "31.12.2025")
    hands.open("Schlagwörter und Adresse")
    hands.fill("tag_string", "Adressen, Hausnummern")
    hands.open("Kontakt und Beteiligte")
    hands.fill("contact-0-name", "Open Data im Grünamt")
    hands.fill("contact-0-email", "opendata@stadt.example")
    hands.open("Gebiet")
    hands.choose("spatial_coverage-0-uri", "Mainz-Gonsenheim")
    hands.press("Weiteren Eintrag hinzufügen Gebiet")
    expect(hands.page.locator("#field-title")).to_have_value("Adressen der Gebäude")
    hands.fill("spatial_coverage-1-text", "Rheinufer")
    hands.fill("spatial_coverage-1-bbox", "8.26,49.99,8.29,50.01")
    hands.open("Rechtsgrundlage")
    hands.open("Georaum")
    hands.page.locator("#field-hvd_category").get_by_label("Adressen", exact=True).check()
    hands.clicks += 1
    hands.tick("legal_basis", "Durchführungsverordnung (EU) 2023/138 (hochwertige Datensätze)")
    hands.open("Zugang und Sprache")
    hands.choose("availability", "dauerhaft verfügbar")
    hands.open("Herkunft und Fassung")
    hands.fill("provenance", "Aus dem Liegenschaftskataster.")
    hands.fill("issued", "01.03.2020")
    hands.open("Verwandtes und Kennungen")
    hands.fill("in_series", series)
    hands.fill("conforms_to", "EPSG:25832")


def describe_file(hands: Hands) -> None:
    """Step 2 with a column that is explained."""
    hands.attach("adressen.csv", TREES)
    hands.fill("name", "Adressen als CSV")
    hands.open("Nutzung der Datei")
    hands.choose("availability", "verfügbar")
    hands.open("Spalten")
    hands.fill("data_dictionary-0-column", "hoehe_m")
    hands.fill("data_dictionary-0-title", "Höhe")
    hands.fill("data_dictionary-0-unit", "m")


def shows(page: Page, *texts: str) -> bool:
    said = page.locator("main").inner_text()
    return all(text in said for text in texts)


def test_eight_mistakes_are_told_at_once_corrected_and_saved(
    hands: Hands, editor: Editor, record_testsuite_property: Callable[[str, object], None]
) -> None:
    wrong = {
        "title": "x" * 300,
        "temporal_coverage-0-start": "gestern",
        "tag_string": "a/b",
        "name": "Groß",
        "contact-0-email": "kaputt",
        "spatial_coverage-0-bbox": "hier",
        "issued": "31.02.2020",
        "documentation": "keine Adresse",
    }
    right = {
        "title": "Acht Fehler",
        "temporal_coverage-0-start": "2025",
        "tag_string": "Fehler",
        "name": f"acht-fehler-{secrets.token_hex(4)}",
        "contact-0-email": "amt@stadt.example",
        "spatial_coverage-0-bbox": "8.2,49.9,8.3,50",
        "issued": "29.02.2020",
        "documentation": "https://www.stadt.example/anleitung",
    }
    for title in ("Schlagwörter", "Kontakt und", "Gebiet", "Herkunft", "Verwandtes"):
        hands.open(title)
    for name, text in {**wrong, "notes": "Was bleibt."}.items():
        hands.fill(name, text)
    hands.press("Weiter zu Schritt 2")
    assert hands.page.locator("#problems li").count() == len(wrong)
    expect(hands.page.locator("#field-notes")).to_have_value("Was bleibt.")
    for name, text in right.items():
        expect(hands.page.locator(f"#field-{name}")).to_have_value(wrong[name])
        expect(hands.page.locator(f"#field-{name}")).to_be_visible()
        hands.fill(name, text)
    hands.press("Weiter zu Schritt 2")
    hands.page.wait_for_url("**/resource/new")
    hands.note(record_testsuite_property)
    record = editor.act("package_show", {"id": right["name"]})
    assert (record["issued"], record["documentation"]) == ("2020-02-29", [right["documentation"]])


def test_a_row_is_added_without_scripts_and_keeps_the_chosen_file(page_without_script: Page, editor: Editor) -> None:
    page = page_without_script
    editor.log_in(page)
    page.goto("/dataset/new")
    page.locator("#field-title").fill("Spalten")
    page.locator("#field-notes").fill("x")
    page.get_by_role("button", name="Weiter zu Schritt 2").click()
    page.locator("#field-upload").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": TREES})
    page.locator("summary").filter(has_text="Spalten").click()
    page.locator("#field-data_dictionary-0-column").fill("art")
    page.get_by_role("button", name="Weiteren Eintrag hinzufügen Spalten").click()
    expect(page.locator("#field-upload-staged")).to_be_visible()
    expect(page.locator("#field-data_dictionary-0-column")).to_have_value("art")
    page.locator("#field-data_dictionary-1-column").fill("hoehe_m")
    page.get_by_role("button", name="Fertigstellen").click()
    record = stored(editor, page)
    assert [row["column"] for row in record["resources"][0]["data_dictionary"]] == ["art", "hoehe_m"]


def test_a_place_is_the_same_choice_when_the_form_is_opened_again(editor: Editor, page: Page) -> None:
    made = editor.act(
        "package_create",
        {
            "title": "Ort",
            "notes": "x",
            "owner_org": editor.organization,
            "license_id": "dl-de-by-2.0",
            "spatial_coverage": [{"uri": "mainz-22"}],
        },
    )
    editor.log_in(page)
    page.goto(f"/dataset/edit/{made['name']}")
    expect(page.locator("#field-spatial_coverage-0-uri")).to_be_visible()
    assert page.locator("#field-spatial_coverage-0-uri option:checked").inner_text() == "Mainz-Gonsenheim"
    page.locator("#field-spatial_coverage-0-uri").select_option(label="Mainz-Finthen")
    page.get_by_role("button", name="Änderungen speichern").click()
    (area,) = stored(editor, page)["spatial_coverage"]
    assert area["text"] == "Mainz-Finthen"
    assert area["bbox"] != made["spatial_coverage"][0]["bbox"]
    assert area["centroid"] != made["spatial_coverage"][0]["centroid"]


def test_a_box_is_drawn_by_pointer_and_by_keys(editor: Editor, page: Page) -> None:
    editor.log_in(page)
    page.goto("/dataset/new")
    page.locator("summary").filter(has_text="Gebiet").first.click()
    box = page.locator("#field-spatial_coverage-0-bbox")
    page.locator(".mz-draw").scroll_into_view_if_needed()
    drawing = page.locator(".mz-draw svg").bounding_box()
    assert drawing
    page.mouse.move(drawing["x"] + 100, drawing["y"] + 100)
    page.mouse.down()
    page.mouse.move(drawing["x"] + 200, drawing["y"] + 180)
    page.mouse.up()
    west, south, east, north = (float(number) for number in box.input_value().split(","))
    assert 8.1 < west < east < 8.4
    assert 49.8 < south < north < 50.1
    page.get_by_role("button", name="Rechteck nach Osten schieben").focus()
    page.keyboard.press("Enter")
    assert float(box.input_value().split(",")[0]) == pytest.approx(west + 0.005)


def test_the_calendar_writes_the_day_as_it_is_typed_here(editor: Editor, page: Page) -> None:
    editor.log_in(page)
    page.goto("/dataset/new")
    field = page.locator("#field-temporal_coverage-0-start")
    expect(page.get_by_role("button", name="Aus dem Kalender wählen: von")).to_be_visible()
    page.locator(".mz-day__native").first.evaluate(
        "(one) => { one.value = '2025-12-31'; one.dispatchEvent(new Event('change')); }"
    )
    expect(field).to_have_value("31.12.2025")


def test_series_and_services_are_entered_found_and_linked_both_ways(
    hands: Hands, editor: Editor, office: Worker, portal: RunningPortal, browser: Browser
) -> None:
    page, mark = hands.page, secrets.token_hex(4)
    page.goto("/dashboard/datasets")
    page.get_by_role("link", name="Serie anlegen").click()
    page.get_by_role("button", name="Speichern").click()
    assert page.locator("#problems li").count() == 2
    page.locator("#field-title").fill(f"Baumkataster der Jahre {mark}")
    page.locator("#field-notes").fill("Je Jahr ein Datensatz.")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Die Serie ist gespeichert.")).to_be_visible()
    page.get_by_role("link", name="Noch nicht: zur Seite des Datensatzes").click()
    expect(page.get_by_text("Zu dieser Serie gehört noch kein Datensatz.")).to_be_visible()
    series = page.url
    made = stored(editor, page)
    released(editor, office, made["id"])
    dataset = member(editor, office, made["id"], mark)
    page.goto("/dashboard/datasets")
    page.get_by_role("link", name="Dienst anlegen").click()
    page.locator("#field-title").fill(f"Bäume als WFS {mark}")
    page.locator("#field-notes").fill("Liefert alle Bäume.")
    page.locator("#field-endpoint_url").fill("https://geodaten.example/wfs")
    page.locator("#field-serves_dataset").fill(dataset)
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Der Dienst ist gespeichert.")).to_be_visible()
    office_kit.hand_in(page)
    made = stored(editor, page)
    office.act("mainz_record_release", {"id": made["id"]})
    service = f"{portal.url}/data_service/{made['name']}"
    page.goto("/dashboard/datasets")
    expect(page.get_by_role("link", name=f"Bearbeiten Baumkataster der Jahre {mark}")).to_be_visible()
    for viewport in (DESK, PHONE):
        for prefix in ("", "/en"):
            with visitor(browser, portal, viewport=viewport) as context:
                walk(context.new_page(), [one.replace(portal.url, prefix) for one in (series, service)], dataset, mark)


def member(editor: Editor, office: Worker, series: str, mark: str) -> str:
    """The name of a public dataset of a series."""
    made = editor.act(
        "package_create",
        {
            "name": f"baeume-{mark}",
            "title": f"Baumkataster 2025 {mark}",
            "notes": "x",
            "owner_org": editor.organization,
            "license_id": "dl-de-by-2.0",
            "in_series": [series],
            "resources": [{"url": "https://example.org/a.csv", "format": "CSV"}],
        },
    )
    released(editor, office, made["id"])
    return str(made["name"])


def walk(page: Page, addresses: list[str], dataset: str, mark: str) -> None:
    """A reader goes from the series to its dataset and back, from there to the service and back."""
    series, service = addresses
    prefix = "/en" if series.startswith("/en") else ""
    for address, link in ((series, "Baumkataster 2025"), (service, "Baumkataster 2025")):
        page.goto(address)
        assert Axe().run(page, options={"runOnly": RULES}).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
        page.get_by_role("link", name=f"{link} {mark}").click()
        assert page.url.endswith(f"{prefix}/dataset/{dataset}")
    page.get_by_role("link", name=f"Baumkataster der Jahre {mark}").click()
    assert page.url.endswith(series)
    page.go_back()
    page.get_by_role("link", name=f"Bäume als WFS {mark}").click()
    assert page.url.endswith(service)
