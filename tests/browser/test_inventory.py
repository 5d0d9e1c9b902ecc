"""The inventory in a real browser: accessible, on desk and phone, and a list taken in without scripts."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import DESK, at_work
from tests.kit.office import Worker, call, geschaeftsstelle, hire
from tests.kit.running_portal import RunningPortal

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WIDTHS = [320, 390, 1280]
HOME = "/governance/inventory"
REGISTER = f"{HOME}/entry/gebaeudedatenkataster"
#: Where pictures of the pages are kept for somebody to look at; nothing is kept where it is not set.
PICTURES = os.environ.get("PORTAL_TEST_PICTURES", "")
HEADER = ["Nr.", "Bezeichnung", "Beschreibung", "Grund", "Wiedervorlage", "Haushaltsstelle"]
ROWS = [
    [1, "Spielgeräte", "Alle Geräte mit dem Tag der Prüfung.", "Noch nicht aufbereitet", "31.12.2027", "4711"],
    [2, "Bänke", "Alle Bänke in Parks.", "Keine Lust", "bald", "4712"],
    [3, None, "Was das ist, steht nicht da.", None, None, None],
]


@pytest.fixture(scope="module")
def office(portal: RunningPortal) -> Worker:
    return geschaeftsstelle(portal)


@pytest.fixture(scope="module")
def keeper(portal: RunningPortal) -> Worker:
    """Redaktion of the GWM, which keeps the building register of the examples."""
    worker = hire(portal, "Grünflächen")
    member = {"id": "gebaeudewirtschaft", "username": worker.name, "role": "editor"}
    call(portal, portal.token(), "organization_member_create", member)
    return worker


@pytest.fixture
def plain(browser: Browser, portal: RunningPortal, keeper: Worker) -> Iterator[Page]:
    """Logged in, without scripts."""
    with at_work(browser, portal, keeper, viewport=DESK, java_script_enabled=False) as page:
        yield page


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"inventar-{name}.png", full_page=True)


def workbook(rows: list[list[object]]) -> dict[str, object]:
    book = openpyxl.Workbook()
    for row in [HEADER, *rows]:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return {"name": "liste.xlsx", "mimeType": "application/octet-stream", "buffer": out.getvalue()}


def send(page: Page, file: object) -> None:
    page.goto(f"{HOME}/import")
    page.locator("#field-upload").set_input_files(file)  # pyright: ignore[reportArgumentType]
    page.get_by_label("Organisation für Zeilen").select_option(label="Grünflächen")
    page.get_by_role("button", name="Weiter zur Vorschau").click()


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_pages_break_no_rule_of_wcag_2_2_aa(
    browser: Browser, portal: RunningPortal, office: Worker, language: str, subtests: pytest.Subtests
) -> None:
    paths = ("/", "/?due=1", "/progress", "/new", "/import", "/entry/gebaeudedatenkataster")
    with at_work(browser, portal, office) as page:
        for path in paths:
            for width in WIDTHS:
                with subtests.test(path=path, width=width):
                    page.set_viewport_size({"width": width, "height": 800})
                    page.goto(f"{language}{HOME}{path}")
                    if not language and width != WIDTHS[1]:
                        picture(page, f"{paths.index(path)}-{width}")
                    check(page, width)


def check(page: Page, width: int) -> None:
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_list_with_mistakes_is_taken_put_right_and_taken_again_without_scripts(plain: Page) -> None:
    send(plain, workbook(ROWS))
    expect(plain.get_by_role("heading", level=1)).to_have_text("Liste importieren: Vorschau")
    picture(plain, "vorschau")
    wrong = plain.get_by_role("table", name="Was falsch ist")
    expect(wrong.get_by_role("row")).to_have_count(3)
    expect(wrong).to_contain_text("Spalte „Wiedervorlage“: „bald“ ist kein Tag.")
    plain.get_by_role("button", name="1 Eintrag speichern").click()
    expect(plain.get_by_text("Neu: 1, geändert: 0")).to_be_visible()
    with plain.expect_download() as download:
        plain.get_by_role("link", name="Fehlerhafte Zeilen als Datei (XLSX)").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    sheet = book.worksheets[0]
    sheet["D2"], sheet["E2"], sheet["B3"] = "", "1.3.2027", "Papierkörbe"
    out = io.BytesIO()
    book.save(out)
    send(plain, {"name": "berichtigt.xlsx", "mimeType": "application/octet-stream", "buffer": out.getvalue()})
    plain.get_by_role("button", name="2 Einträge speichern").click()
    expect(plain.get_by_text("Neu: 2, geändert: 0")).to_be_visible()
    plain.get_by_label("Organisation").select_option(label="Grünflächen")
    plain.get_by_role("button", name="Zeigen").click()
    expect(plain.get_by_role("row")).to_have_count(4)


def test_the_preview_and_the_mistakes_of_the_form_break_no_rule(
    browser: Browser, portal: RunningPortal, keeper: Worker
) -> None:
    with at_work(browser, portal, keeper) as page:
        send(page, workbook(ROWS))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            check(page, width)
        page.goto(f"{HOME}/new")
        page.get_by_role("textbox", name="Wiedervorlage").fill("bald")
        page.get_by_role("button", name="Speichern").click()
        expect(page.locator("#problems")).to_be_focused()
        picture(page, "fehler")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            check(page, width)


def test_the_building_register_becomes_a_dataset_with_one_button(plain: Page) -> None:
    plain.goto(REGISTER)
    shares = plain.get_by_role("table", name="Wer welchen Teil der Daten hat")
    expect(shares.get_by_role("row")).to_have_count(6)
    picture(plain, "kataster")
    plain.get_by_role("button", name="Zum Datensatz machen").click()
    plain.wait_for_url("**/dataset/edit/gebaeudedatenkataster")
    expect(plain.get_by_label("Titel")).to_have_value("Gebäudedatenkataster")
    plain.goto(REGISTER)
    expect(plain.get_by_role("link", name="Am Datensatz weiterarbeiten")).to_be_visible()
