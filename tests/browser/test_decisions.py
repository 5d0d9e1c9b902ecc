"""The decision log in a real browser: accessible, on desk and phone, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import DESK, at_work
from tests.kit.office import Editor, call, hire
from tests.kit.running_portal import RunningPortal

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WIDTHS = [320, 390, 1280]
PATH = "/governance/decisions"


@pytest.fixture(scope="module")
def lead(portal: RunningPortal) -> Editor:
    """Somebody of the Redaktion who becomes Datenverantwortliche, which is a decision, and has entered a draft."""
    person = hire(portal)
    call(
        portal,
        portal.token(),
        "organization_member_create",
        {"id": person.organization, "username": person.name, "role": "admin"},
    )
    values = {"title": "Baumkataster", "notes": "Alle Bäume.", "license_id": "dl-de-by-2.0"}
    person.act("package_create", {**values, "owner_org": person.organization})
    return person


@pytest.fixture
def page(browser: Browser, portal: RunningPortal, lead: Editor) -> Iterator[Page]:
    """Logged in, without scripts."""
    with at_work(browser, portal, lead, viewport=DESK, java_script_enabled=False) as opened:
        yield opened


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("query", ["", "?since=gestern", "?action=gibt-es-nicht"])
def test_the_page_breaks_no_rule_of_wcag_2_2_aa(
    browser: Browser, portal: RunningPortal, lead: Editor, language: str, query: str
) -> None:
    with at_work(browser, portal, lead) as page:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(language + PATH + query)
            found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_choice_in_the_filter_shows_those_decisions_only(page: Page) -> None:
    page.goto(PATH)
    page.get_by_label("Entscheidung", exact=True).select_option(label="Rolle eines Mitglieds geändert")
    page.get_by_role("button", name="Anzeigen").click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Redaktion")
    expect(rows.first).to_contain_text("Datenverantwortliche")


def test_the_table_is_downloaded_with_the_choice_that_is_shown(page: Page) -> None:
    page.goto(f"{PATH}?action=create")
    with page.expect_download() as download:
        page.get_by_role("link", name="Alle davon als Datei (CSV)").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "Baumkataster" in lines[1]
