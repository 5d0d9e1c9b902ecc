"""Quality of metadata and data dictionary in a real browser: accessible, on desk and phone, without scripts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import DESK, PHONE, at_work, visitor
from tests.kit.office import Editor, Worker, geschaeftsstelle, hire, released
from tests.kit.running_portal import RunningPortal

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROWEST = 320
LICENSE = "dl-de-by-2.0"
TABLE = "Straße;Höhe in m\nAm Brand;1,5\nKästrich;2\n".encode("cp1252")


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found.response["violations"]]


@pytest.fixture(scope="module")
def editor(portal: RunningPortal) -> Editor:
    return hire(portal)


@pytest.fixture(scope="module")
def office(portal: RunningPortal) -> Worker:
    return geschaeftsstelle(portal)


@pytest.fixture(scope="module")
def addresses(editor: Editor, office: Worker) -> dict[str, str]:
    """A public dataset of the editor with a table, and its pages."""
    organization = editor.act("organization_list_for_user")[0]["id"]
    values: dict[str, Any] = {"title": "Baumkataster mit Spalten", "notes": "Alle Bäume.", "license_id": LICENSE}
    made = editor.act("package_create", {**values, "owner_org": organization})
    file = ("baeume.csv", io.BytesIO(TABLE))
    resource = editor.act("resource_create", {"package_id": made["id"], "name": "Bäume"}, upload=file)
    released(editor, office, made["id"])
    dataset = f"/dataset/{made['name']}"
    return {
        "catalogue": "/quality",
        "dataset": dataset,
        "file": f"{dataset}/resource/{resource['id']}",
        "columns": f"{dataset}/resource/{resource['id']}/dictionary",
    }


@pytest.fixture(params=["desk", "phone"])
def work(request: pytest.FixtureRequest, browser: Browser, portal: RunningPortal, editor: Editor) -> Iterator[Page]:
    """The editor, logged in, without scripts."""
    size = DESK if request.param == "desk" else PHONE
    with at_work(browser, portal, editor, viewport=size) as page:
        yield page


def describe(page: Page, addresses: dict[str, str], meaning: str = "Name der Straße") -> None:
    """The editor gives the first column a meaning."""
    page.goto(addresses["columns"])
    page.get_by_role("textbox", name="Bedeutung Straße").fill(meaning)
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", name="Spalten")).to_be_visible()


def test_pages_break_no_rule_of_accessibility(work: Page, addresses):
    describe(work, addresses)
    broken = {}
    for address in (prefix + address for prefix in ("", "/en") for address in addresses.values()):
        answer = work.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        broken[address] = violations(work)
    assert {address: found for address, found in broken.items() if found} == {}


def test_the_list_scrolls_inside_its_frame_and_not_the_page(browser: Browser, portal: RunningPortal):
    with visitor(browser, portal, viewport={"width": NARROWEST, "height": 700}) as context:
        page = context.new_page()
        page.goto("/quality")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST
        expect(page.get_by_role("region", name="Punkte der Datensätze")).to_be_visible()


def test_the_catalogue_can_be_filtered_and_fetched_without_scripts(
    page_without_script: Page, editor: Editor, addresses
):
    page = page_without_script
    page.goto("/quality")
    page.get_by_label("Organisation", exact=True).select_option(editor.organization)
    page.get_by_role("button", name="Anzeigen").click()
    expect(page.get_by_role("rowheader", name="Baumkataster mit Spalten")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Diese Tabelle als Datei (CSV)").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert (row["title"], row["maximum"]) == ("Baumkataster mit Spalten", "405")


def test_an_editor_is_led_from_the_advice_to_the_field(work: Page, addresses):
    work.goto(addresses["dataset"])
    work.get_by_role("link", name=re.compile("Ändern.*Zeitraum")).click()
    expect(work.get_by_role("heading", level=1)).to_be_visible()
    assert "/dataset/edit/" in work.url


def test_readers_see_columns_and_no_points(page: Page, work: Page, addresses, office: Worker):
    size = work.viewport_size
    assert size
    describe(work, addresses, f"Name der Straße, beschrieben bei {size['width']} Pixeln")
    expect(work.get_by_text("Ihre Änderung ist als Vorschlag gespeichert")).to_be_visible()
    for waiting in office.act("mainz_proposal_list"):
        office.act("mainz_proposal_accept", {"id": waiting["id"]})
    page.goto(addresses["file"])
    expect(page.get_by_role("rowheader", name="Straße")).to_be_visible()
    expect(page.get_by_text("Spalten beschreiben")).to_have_count(0)
    page.goto(addresses["dataset"])
    expect(page.get_by_role("heading", name="Qualität der Metadaten")).to_have_count(0)
