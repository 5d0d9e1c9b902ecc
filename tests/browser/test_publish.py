"""The main job: an editor of an Amt enters a dataset with a real file and hands it in, the Geschäftsstelle releases it,
a citizen finds it, reads it, downloads it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import visitor
from tests.kit.office import Editor, Worker, geschaeftsstelle, hand_in, hire, released
from tests.kit.running_portal import RunningPortal

BUDGET = Path(__file__).parents[2].parent / "shared" / "samples" / "duva" / "freiburg-haushalt-2025-2026.csv"
LICENSE = "dl-de-by-2.0"


@pytest.fixture(scope="session")
def budget() -> Path:
    """A real table as a German office exports it; it is no part of the repository."""
    if not BUDGET.exists():
        if os.environ.get("PORTAL_TEST_STRICT") == "1":
            pytest.fail(f"the sample {BUDGET} is missing")
        pytest.skip(f"the sample {BUDGET.name} is not on this machine")
    return BUDGET


@pytest.fixture
def editor(portal: RunningPortal) -> Editor:
    return hire(portal)


@pytest.fixture(scope="module")
def office(portal: RunningPortal) -> Worker:
    return geschaeftsstelle(portal)


def found_and_downloaded(browser: Browser, portal: RunningPortal, title: str) -> bytes:
    """What a citizen gets who has no account: search for Haushalt, open the page, press the button."""
    with visitor(browser, portal) as context:
        page = context.new_page()
        page.goto("/")
        page.get_by_role("searchbox").or_(page.locator("input[name=q]")).first.fill("Haushalt")
        page.keyboard.press("Enter")
        page.get_by_role("link", name=title).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        with page.expect_download() as download:
            page.get_by_role("link", name="Herunterladen").first.click()
        return Path(download.value.path()).read_bytes()


def fill_description(page: Page, title: str) -> None:
    page.get_by_role("link", name="Datensatz anlegen").first.click()
    page.get_by_label("Titel").fill(title)
    page.get_by_label("Beschreibung").fill("Alle Ansätze des Doppelhaushalts nach Produkten, in Euro.")
    page.locator("summary").filter(has_text="Schlagwörter und Adresse").click()
    page.get_by_label("Schlagwörter").fill("Finanzen, Doppelhaushalt")
    page.get_by_label("Wirtschaft und Finanzen").check()
    page.get_by_label("Lizenz").select_option(LICENSE)
    page.get_by_role("button", name="Weiter zu Schritt 2").click()


def hand_in_and_release(page: Page, office: Worker) -> None:
    """Finishes the form, hands in for everybody, and lets the Geschäftsstelle release it."""
    page.get_by_role("button", name="Fertigstellen").click()
    expect(page.locator(".mz-levels").get_by_label("Öffentlich")).to_be_checked()
    hand_in(page)
    expect(page.get_by_text("Der Datensatz ist eingereicht")).to_be_visible()
    office.act("mainz_record_release", {"id": page.url.rsplit("/", 1)[1]})


def same(one: bytes, other: Path) -> bool:
    return hashlib.sha256(one).digest() == hashlib.sha256(other.read_bytes()).digest()


def test_an_editor_publishes_by_the_form_and_a_citizen_downloads_the_same_bytes(
    browser: Browser, portal: RunningPortal, editor: Editor, office: Worker, page: Page, budget: Path
) -> None:
    title = f"Haushaltsplan {editor.organization}"
    editor.log_in(page)
    fill_description(page, title)
    page.get_by_label("Datei", exact=True).set_input_files(budget)
    page.get_by_label("Name", exact=True).fill("Haushalt als CSV")
    hand_in_and_release(page, office)
    assert same(found_and_downloaded(browser, portal, title), budget)


def test_the_form_does_the_same_without_scripts(
    browser: Browser, portal: RunningPortal, editor: Editor, office: Worker, page_without_script: Page, budget: Path
) -> None:
    title = f"Haushaltsplan ohne Skripte {editor.organization}"
    editor.log_in(page_without_script)
    fill_description(page_without_script, title)
    page_without_script.get_by_label("Datei", exact=True).set_input_files(budget)
    page_without_script.get_by_label("Name", exact=True).fill("x" * 300)
    page_without_script.get_by_role("button", name="Fertigstellen").click()
    expect(page_without_script.get_by_text("ist schon hier und wird verwendet")).to_be_visible()
    page_without_script.get_by_label("Name", exact=True).fill("Haushalt als CSV")
    hand_in_and_release(page_without_script, office)
    assert same(found_and_downloaded(browser, portal, title), budget)


def test_an_editor_publishes_by_the_api_and_a_citizen_downloads_the_same_bytes(
    browser: Browser, portal: RunningPortal, editor: Editor, office: Worker, budget: Path
) -> None:
    title = f"Haushaltsplan der API {editor.organization}"
    dataset = editor.act(
        "package_create",
        {
            "title": title,
            "notes": "Alle Ansätze des Doppelhaushalts nach Produkten, in Euro.",
            "owner_org": editor.organization,
            "license_id": LICENSE,
            "tags": [{"name": "Finanzen"}],
        },
    )
    with budget.open("rb") as content:
        made = editor.act("resource_create", {"package_id": dataset["id"], "name": "Haushalt"}, upload=content)
    assert (made["format"], made["size"]) == ("CSV", budget.stat().st_size)
    released(editor, office, dataset["id"])
    assert same(found_and_downloaded(browser, portal, title), budget)


def test_a_draft_and_a_private_dataset_are_not_found_by_citizens(
    browser: Browser, portal: RunningPortal, editor: Editor, page: Page
) -> None:
    title = f"Geheimplan {editor.organization}"
    editor.log_in(page)
    page.get_by_role("link", name="Datensatz anlegen").first.click()
    page.get_by_label("Titel").fill(title)
    page.get_by_label("Beschreibung").fill("Noch nicht für alle.")
    page.get_by_label("Lizenz").select_option(LICENSE)
    page.get_by_role("button", name="Weiter zu Schritt 2").click()
    address = page.url.split("/dataset/")[1].split("/")[0]
    for finished in (False, True):
        if finished:
            page.get_by_label("Link", exact=True).fill("https://example.org/daten.csv")
            page.get_by_role("button", name="Fertigstellen").click()
            expect(page.get_by_text("Nur Ihre Organisation und die Geschäftsstelle sehen ihn.")).to_be_visible()
        with visitor(browser, portal) as context:
            citizen = context.new_page()
            assert citizen.goto(f"/dataset/{address}").status == 404
            citizen.goto("/dataset/?q=Geheimplan")
            expect(citizen.get_by_role("link", name=title)).to_have_count(0)


def test_a_draft_waits_on_the_start_page_and_is_finished_later(editor: Editor, page: Page) -> None:
    editor.log_in(page)
    title = f"Entwurf {editor.organization}"
    fill_description(page, title)
    page.goto("/dashboard/datasets")
    page.get_by_role("link", name=f"Weiterarbeiten {title}").click()
    assert page.get_by_label("Titel").input_value() == title
    page.get_by_role("button", name="Weiter zu Schritt 2").click()
    page.get_by_label("Link", exact=True).fill("https://example.org/daten.csv")
    page.get_by_role("button", name="Speichern und weitere Datei").click()
    page.get_by_label("Link", exact=True).fill("https://example.org/daten.json")
    page.get_by_role("button", name="Fertigstellen").click()
    page.get_by_role("link", name="Noch nicht: zur Seite des Datensatzes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert page.locator(".mz-file").count() == 2


def test_a_file_is_replaced_ordered_and_deleted(editor: Editor, page: Page, tmp_path: Path) -> None:
    dataset = editor.act(
        "package_create",
        {"title": "Zählung", "notes": "x", "owner_org": editor.organization, "license_id": LICENSE},
    )
    for name in ("alt", "zweite"):
        editor.act(
            "resource_create", {"package_id": dataset["id"], "name": name}, upload=(f"{name}.csv", b"a;b\n1;2\n")
        )
    newer = tmp_path / "neu.csv"
    newer.write_bytes(b"a;b\n3;4\n")
    editor.log_in(page)
    page.goto(f"/dataset/resources/{dataset['name']}")
    page.get_by_role("link", name="Bearbeiten alt").click()
    page.get_by_label("Datei ersetzen").set_input_files(newer)
    page.get_by_label("Name", exact=True).fill("neu")
    page.get_by_role("button", name="Änderungen speichern").click()
    page.goto(f"/dataset/resources/{dataset['name']}")
    page.get_by_role("button", name="Nach oben zweite").click()
    assert [line.strip() for line in page.locator(".mz-worklist strong").all_inner_texts()] == ["zweite", "neu"]
    page.get_by_role("link", name="Löschen zweite").click()
    page.get_by_role("button", name="Diese Datei oder diesen Link löschen").click()
    (left,) = editor.act("package_show", {"id": dataset["id"]})["resources"]
    assert left["url"].endswith("/neu.csv")
    with page.expect_download() as download:
        page.goto(f"/dataset/{dataset['name']}")
        page.get_by_role("link", name="Herunterladen").first.click()
    assert Path(download.value.path()).read_bytes() == newer.read_bytes()
