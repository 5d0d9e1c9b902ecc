"""The forms in a real browser: accessible, also with errors, in both languages, on desk and phone, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import DESK, PHONE, at_work, visitor
from tests.kit.office import CHECK, Editor, hire
from tests.kit.running_portal import RunningPortal

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROWEST = 320  # WCAG 2.2, 1.4.10
PREFIXES = {"de": "", "en": "/en"}
CONTROLS = "main :is(button, select, input:not([type=hidden], [aria-hidden=true]), textarea, .mz-button)"
Ways = dict[str, Callable[[Page, str], object]]
SAVE = re.compile("^(Speichern|Änderungen speichern|Save|Save changes)$")
TARGET = 24  # CSS pixels, WCAG 2.2, 2.5.8


@pytest.fixture(scope="session")
def editor(portal: RunningPortal) -> Editor:
    return hire(portal, "Grün- und Umweltamt")


@pytest.fixture(scope="session")
def dataset(editor: Editor) -> str:
    """The name of a finished dataset with two files."""
    made = editor.act(
        "package_create",
        {
            "title": "Baumkataster der Stadt mit einem recht langen Titel für die kleine Breite",
            "notes": "Alle Bäume",
            "owner_org": editor.organization,
            "license_id": "dl-de-by-2.0",
            "contact": [{"name": "Grünamt", "email": "gruen@stadt.example"}],
        },
    )
    for name in ("baeume.csv", "eine-zweite-datei-mit-langem-namen-ohne-leerzeichen-2025.csv"):
        editor.act("resource_create", {"package_id": made["id"]}, upload=(name, b"a;b\n1;2\n"))
    return str(made["name"])


def draft(page: Page, prefix: str) -> None:
    """Step 2 of a new dataset."""
    page.goto(f"{prefix}/dataset/new")
    page.locator("#field-title").fill("Entwurf")
    page.locator("#field-notes").fill("x")
    page.locator("#field-license_id").select_option("dl-de-by-2.0")
    page.locator("#dataset-form button[value=save]").click()


def wrong_dataset(page: Page, prefix: str) -> None:
    """The form of a dataset with a mistake in each kind of field."""
    page.goto(f"{prefix}/dataset/new")
    page.locator("#field-title").fill("x" * 300)
    unfold(page)
    page.locator("#field-tag_string").fill("a, b/c")
    page.locator("#field-contact-0-email").fill("kaputt")
    page.locator("#field-temporal_coverage-0-start").fill("gestern")
    page.locator("#field-name").fill("Groß")
    page.locator("#dataset-form button[value=save]").click()
    expect(page.locator("#problems")).to_be_focused()


def unfold(page: Page) -> None:
    """Opens all folded sections, as a person does."""
    for summary in page.locator("details.mz-more:not([open]) > summary").all()[::-1]:
        summary.click()


def wrong_resource(page: Page, prefix: str) -> None:
    """The form of a file with a mistake and a file that waits."""
    draft(page, prefix)
    page.locator("#field-upload").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": b"a;b\n"})
    page.locator("#field-name").fill("x" * 300)
    page.locator("#resource-form button[value=finish]").click()
    expect(page.locator("#field-upload-staged")).to_be_visible()


def wrong_series(page: Page, prefix: str) -> None:
    """The form of a series with mistakes."""
    page.goto(f"{prefix}/dataset_series/new")
    unfold(page)
    page.locator("#field-contact-0-email").fill("kaputt")
    page.locator("#field-spatial_coverage-0-bbox").fill("hier")
    page.get_by_role("button", name=SAVE).click()
    expect(page.locator("#problems")).to_be_focused()


def wrong_service(page: Page, prefix: str) -> None:
    """The form of a service with mistakes."""
    page.goto(f"{prefix}/data_service/new")
    unfold(page)
    page.locator("#field-endpoint_url").fill("geodaten")
    page.locator("#field-issued").fill("gestern")
    page.get_by_role("button", name=SAVE).click()
    expect(page.locator("#problems")).to_be_focused()


def refused_file(page: Page, prefix: str) -> None:
    """The form of a file whose file was refused."""
    draft(page, prefix)
    page.locator("#field-upload").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": b""})
    page.locator("#resource-form button[value=finish]").click()
    expect(page.locator("#field-upload-error")).to_be_visible()


def wrong_columns(address: str) -> Callable[[Page, str], None]:
    """The form of the columns of a file with a mistake."""

    def go(page: Page, prefix: str) -> None:
        page.goto(prefix + address)
        page.locator("[name=description-0]").fill("verdeckt\x01")
        page.get_by_role("button", name=SAVE).click()
        expect(page.get_by_role("alert")).to_be_visible()

    return go


def pages_of(dataset: str, file: str, series: str, service: str) -> Ways:
    """A way to each page of the writing side."""
    columns = f"/dataset/{dataset}/resource/{file}/dictionary"

    def at(path: str) -> Callable[[Page, str], object]:
        return lambda page, prefix: page.goto(prefix + path)

    def unfolded(path: str) -> Callable[[Page, str], object]:
        def go(page: Page, prefix: str) -> None:
            page.goto(prefix + path)
            page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")

        return go

    return {
        "start page": at("/dashboard/datasets"),
        "new dataset": at("/dataset/new"),
        "new dataset unfolded": unfolded("/dataset/new"),
        "new series": unfolded("/dataset_series/new"),
        "new service": unfolded("/data_service/new"),
        "new series with mistakes": wrong_series,
        "new service with mistakes": wrong_service,
        "series": unfolded(f"/dataset_series/edit/{series}"),
        "service": unfolded(f"/data_service/edit/{service}"),
        "columns": at(columns),
        "columns with a mistake": wrong_columns(columns),
        "new file unfolded": unfolded(f"/dataset/{dataset}/resource/new"),
        "new dataset with mistakes": wrong_dataset,
        "step 2": draft,
        "step 2 with mistakes": wrong_resource,
        "step 2 with a refused file": refused_file,
        "description": at(f"/dataset/edit/{dataset}"),
        "files": at(f"/dataset/resources/{dataset}"),
        "new file": at(f"/dataset/{dataset}/resource/new"),
        "file": at(f"/dataset/{dataset}/resource/{file}/edit"),
        "delete dataset": at(f"/dataset/delete/{dataset}"),
        "delete file": at(f"/dataset/{dataset}/resource/{file}/delete"),
    }


@pytest.fixture(scope="session")
def ways(editor: Editor, dataset: str) -> Ways:
    common = {"notes": "x", "owner_org": editor.organization, "private": True}
    series = editor.act("package_create", {**common, "type": "dataset_series", "title": "Bäume der Jahre"})
    endpoint = {"endpoint_url": "https://geodaten.example/wfs", "license_id": "dl-de-by-2.0"}
    service = editor.act("package_create", {**common, **endpoint, "type": "data_service", "title": "Bäume als WFS"})
    file = editor.act("package_show", {"id": dataset})["resources"][1]["id"]
    return pages_of(dataset, file, series["name"], service["name"])


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_forms_keep_wcag_2_2_aa_fit_the_width_and_have_one_heading(
    browser: Browser, portal: RunningPortal, editor: Editor, ways: Ways, language: str, viewport: dict[str, int]
) -> None:
    wrong: dict[str, object] = {}
    titles = set()
    with visitor(browser, portal, viewport=viewport) as context:
        page = context.new_page()
        for name, go in {**logins(editor), **ways}.items():
            go(page, PREFIXES[language])
            assert page.locator("html").get_attribute("lang") == language
            assert page.locator("h1").count() == 1, name
            if found := [*violations(page), *too_wide(page, viewport["width"]), *too_small(page)]:
                wrong[name] = found
            titles.add(page.title())
    assert wrong == {}
    assert len(titles) >= len(ways) - 8  # a refusal has the title of its form, as has an unfolded one


def logins(editor: Editor) -> Ways:
    """The login, one that fails, and one that does not."""

    def refused(page: Page, prefix: str) -> None:
        page.goto(f"{prefix}/user/login")
        page.locator("#field-login").fill("niemand")
        page.locator("#field-password").fill("falsch")
        page.locator("main button[type=submit]").click()

    return {
        "login": lambda page, prefix: page.goto(f"{prefix}/user/login"),
        "login refused": refused,
        "logged in": lambda page, prefix: editor.log_in(page, prefix),
    }


def violations(page: Page) -> list[object]:
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


def too_wide(page: Page, width: int) -> list[object]:
    needed = page.evaluate("document.documentElement.scrollWidth")
    return [f"{needed} pixels wide"] if needed > width else []


def too_small(page: Page) -> list[object]:
    """Controls that a finger misses; a box counts with its label."""
    return page.evaluate(
        """([selector, least]) => [...document.querySelectorAll(selector)]
            .map((control) => control.closest("label") || control)
            .filter((control) => control.offsetParent && Math.min(control.offsetHeight, control.offsetWidth) < least)
            .map((control) => control.outerHTML)""",
        [CONTROLS, TARGET],
    )


def test_no_form_scrolls_sideways_on_the_narrowest_screen(
    browser: Browser, portal: RunningPortal, editor: Editor, ways: Ways
) -> None:
    wide = {}
    with at_work(browser, portal, editor, viewport={"width": NARROWEST, "height": 800}) as page:
        for name, go in ways.items():
            go(page, "")
            if found := too_wide(page, NARROWEST):
                wide[name] = found
    assert wide == {}


def test_the_whole_form_is_filled_and_sent_by_keyboard_alone(editor: Editor, page: Page) -> None:
    editor.log_in(page)
    page.goto("/dataset/new")
    reach(page, "field-title")
    page.keyboard.type("Nur mit Tasten")
    reach(page, "field-notes")
    page.keyboard.type("Ohne Maus eingegeben.")
    reach(page, "field-theme-2")
    page.keyboard.press("Space")
    reach(page, "field-license_id")
    page.keyboard.press("ArrowDown")
    reach(page, "field-temporal_coverage-0-start")
    page.keyboard.type("01.01.2025")
    reach(page, "field-visibility-4")
    page.keyboard.press("ArrowUp")
    press_button(page, "Schlagwörter und Adresse")
    reach(page, "field-tag_string")
    page.keyboard.type("Tastatur, Test")
    press_button(page, "Kontakt und Beteiligte")
    reach(page, "field-contact-0-email")
    page.keyboard.type("amt@stadt.example")
    press_button(page, "Weiter zu Schritt 2")
    page.wait_for_url("**/resource/new")
    reach(page, "field-url")
    page.keyboard.type("https://example.org/tasten.csv")
    reach(page, "field-name")
    page.keyboard.type("Tasten")
    press_button(page, "Fertigstellen")
    page.wait_for_url("**/submit")
    for code in CHECK:
        reach_radio(page, f"check-{code}")
        page.keyboard.press("Space")
    press_button(page, "Einreichen")
    expect(page.get_by_text("Der Datensatz ist eingereicht")).to_be_visible()
    record = editor.act("package_show", {"id": page.url.rsplit("/", 1)[-1]})
    assert (record["license_id"], record["visibility"], len(record["tags"])) == ("dl-de-zero-2.0", "partner", 2)


def reach(page: Page, id: str) -> None:
    """Tabs on until the field has the focus, which must show."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == id:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"{id} is not reached by the Tab key")


def reach_radio(page: Page, name: str) -> None:
    """Tabs on until a choice of this name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"{name} is not reached by the Tab key")


def press_button(page: Page, name: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if name in str(page.evaluate("document.activeElement.textContent")):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} is not reached by the Tab key")


def test_the_summary_of_mistakes_leads_to_the_fields(editor: Editor, page: Page) -> None:
    editor.log_in(page)
    wrong_dataset(page, "")
    for link in page.locator("#problems a").all():
        target = str(link.get_attribute("href")).removeprefix("#")
        link.click()
        assert page.evaluate("document.activeElement.id") == target


def test_the_enter_key_in_a_field_finishes_nothing(editor: Editor, page: Page) -> None:
    editor.log_in(page)
    draft(page, "")
    page.locator("#field-url").fill("https://example.org/a.csv")
    page.locator("#field-name").press("Enter")
    expect(page.get_by_role("heading", name="Bisher gespeichert")).to_be_visible()
    name = page.url.split("/dataset/")[1].split("/")[0]
    assert editor.act("package_show", {"id": name})["state"] == "draft"


def test_a_file_that_is_too_large_is_told_before_it_is_sent(editor: Editor, page: Page, tmp_path: Path) -> None:
    large = tmp_path / "gross.csv"
    with large.open("wb") as file:
        file.truncate(201 * 1024 * 1024)
    editor.log_in(page)
    draft(page, "")
    page.locator("#field-upload").set_input_files(large)
    expect(page.get_by_role("alert")).to_contain_text("hat 201 MB; möglich sind höchstens 200 MB")
