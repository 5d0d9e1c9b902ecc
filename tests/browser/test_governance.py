"""Three people in three sessions: what an Amt enters is released, raised to the public, and changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import DESK, PHONE, at_work, visitor
from tests.kit.office import CHECK, Worker, geschaeftsstelle, hand_in, hire, lead, released
from tests.kit.running_portal import RunningPortal

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TREES = b"art;hoehe_m\nLinde;12,5\n"
MORE_TREES = b"art;hoehe_m\nLinde;12,5\nAhorn;8,0\n"
#: Where pictures of the pages are kept for somebody to look at; nothing is kept where it is not set.
PICTURES = os.environ.get("PORTAL_TEST_PICTURES", "")


@dataclass
class People:
    """Who takes part, each in a browser of their own."""

    editor: Worker
    lead: Worker
    office: Worker
    editing: Page
    leading: Page
    deciding: Page
    reading: Page


@pytest.fixture(scope="module")
def workers(portal: RunningPortal) -> tuple[Worker, Worker, Worker]:
    editor = hire(portal, "Grün- und Umweltamt")
    return editor, lead(editor), geschaeftsstelle(portal)


@pytest.fixture
def people(browser: Browser, portal: RunningPortal, workers: tuple[Worker, Worker, Worker]) -> Iterator[People]:
    with ExitStack() as stack:
        pages = [stack.enter_context(visitor(browser, portal)).new_page() for _ in range(4)]
        for worker, page in zip(workers, pages, strict=False):
            worker.log_in(page)
        yield People(*workers, *pages)


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def enter(page: Page, title: str) -> str:
    """A dataset with a file, entered by the form; ends on the page on which it is handed in. Gives its name."""
    page.goto("/dataset/new")
    page.get_by_label("Titel").fill(title)
    page.get_by_label("Beschreibung").fill("Alle Bäume an Straßen mit Art und Höhe.")
    page.locator("#field-theme").get_by_label("Umwelt", exact=True).check()
    picture(page, "01-neu")
    page.get_by_role("button", name="Weiter zu Schritt 2").click()
    page.locator("#field-upload").set_input_files({"name": "baeume.csv", "mimeType": "text/csv", "buffer": TREES})
    page.get_by_label("Name", exact=True).fill("Bäume als CSV")
    picture(page, "02-datei")
    page.get_by_role("button", name="Fertigstellen").click()
    page.wait_for_url("**/submit")
    return page.url.split("/record/")[1].split("/")[0]


def level(page: Page, label: str) -> None:
    page.locator(".mz-levels").get_by_label(label).check()


def test_three_people_bring_a_dataset_to_everybody_and_change_it(people: People) -> None:
    editing, leading, deciding, reading = people.editing, people.leading, people.deciding, people.reading
    name = enter(editing, "Bäume an Straßen")

    # Redaktion hands in for the administration
    level(editing, "Verwaltung")
    expect(editing.get_by_text("Nach der Freigabe: Das sehen alle Ämter und Eigenbetriebe der Stadt.")).to_be_visible()
    picture(editing, "03-einreichen")
    editing.get_by_role("button", name="Einreichen").click()
    expect(editing.locator("#problems")).to_be_focused()
    picture(editing, "03-ohne-antworten")
    hand_in(editing)
    expect(editing.get_by_text("Der Datensatz ist eingereicht und wartet auf die Entscheidung.")).to_be_visible()
    expect(editing.get_by_text("Über die Freigabe entscheiden die Datenverantwortlichen")).to_be_visible()
    picture(editing, "04-eingereicht")

    # Datenverantwortliche release it and ask for everybody
    leading.goto("/dashboard/datasets")
    picture(leading, "05-start-leitung")
    leading.get_by_role("main").get_by_role("link", name="Zu entscheiden").click()
    picture(leading, "06-zu-entscheiden-leitung")
    leading.get_by_role("link", name="Ansehen und entscheiden Bäume an Straßen").click()
    picture(leading, "07-freigabe-leitung")
    leading.get_by_role("button", name="Freigeben für: Verwaltung").click()
    expect(leading.get_by_text("Der Datensatz ist freigegeben.")).to_be_visible()
    assert reading.goto(f"/dataset/{name}").status == 404
    raise_level(leading, name)

    # The Geschäftsstelle returns that, then accepts it
    proposal = look_at_proposal(deciding, "Bäume an Straßen")
    picture(deciding, "08-stufe")
    deciding.locator("#mainz_proposal_return > summary").click()
    deciding.locator("#mainz_proposal_return").get_by_role("button", name="Zurückgeben").click()
    expect(deciding.locator("#problems")).to_contain_text("Wählen Sie einen Grund.")
    picture(deciding, "09-ohne-grund")
    deciding.locator("#mainz_proposal_return-reason").select_option("lizenz")
    deciding.locator("#mainz_proposal_return-note").fill("Bitte die Quelle nennen.")
    deciding.locator("#mainz_proposal_return").get_by_role("button", name="Zurückgeben").click()
    expect(deciding.get_by_text("Der Vorschlag ist zurückgegeben.")).to_be_visible()
    leading.goto("/dashboard/datasets")
    expect(leading.get_by_text("Bitte die Quelle nennen.")).to_be_visible()
    picture(leading, "10-zurueckgegeben")
    assert reading.goto(f"/dataset/{name}").status == 404
    raise_level(leading, name)
    assert look_at_proposal(deciding, "Bäume an Straßen") != proposal
    deciding.locator("#mainz_proposal_accept").get_by_role("button", name="Annehmen").click()
    expect(deciding.get_by_text("Der Vorschlag ist angenommen")).to_be_visible()
    assert reading.goto(f"/dataset/{name}").status == 200
    picture(reading, "11-oeffentlich")

    change_is_held_and_accepted(people, name)


def raise_level(page: Page, name: str) -> None:
    page.goto(f"/governance/record/{name}")
    page.locator("summary").filter(has_text="Stufe ändern").click()
    level(page, "Öffentlich")
    page.get_by_role("button", name="Stufe ändern").click()
    expect(page.get_by_text("Die höhere Stufe ist vorgeschlagen")).to_be_visible()


def look_at_proposal(page: Page, title: str) -> str:
    """Opens the proposal for a record from the list of what waits; its address."""
    page.goto("/governance/decide")
    page.locator("section[aria-labelledby=proposals]").get_by_role(
        "link", name=f"Ansehen und entscheiden {title}"
    ).click()
    return page.url


def change_is_held_and_accepted(people: People, name: str) -> None:
    """Redaktion changes what everybody sees; the Geschäftsstelle looks at the difference and accepts."""
    editing, deciding, reading = people.editing, people.deciding, people.reading
    editing.goto(f"/dataset/edit/{name}")
    expect(editing.get_by_text("Was Sie ändern, wird ein Vorschlag")).to_be_visible()
    picture(editing, "12-aendern")
    editing.get_by_label("Beschreibung").fill("Alle Bäume an Straßen und in Parks mit Art und Höhe.")
    editing.get_by_role("button", name="Änderungen speichern").click()
    expect(editing.get_by_text("Ihre Änderung ist als Vorschlag gespeichert")).to_be_visible()
    picture(editing, "13-vorschlag-gespeichert")
    editing.goto(f"/dataset/edit/{name}")
    expect(editing.get_by_label("Beschreibung")).to_have_value("Alle Bäume an Straßen und in Parks mit Art und Höhe.")
    expect(editing.get_by_text("wartet auf die Entscheidung")).to_be_visible()
    picture(editing, "14-eigener-vorschlag")
    editing.goto(f"/dataset/{name}/resource/new")
    editing.locator("#field-upload").set_input_files({"name": "neu.csv", "mimeType": "text/csv", "buffer": MORE_TREES})
    editing.get_by_label("Name", exact=True).fill("Bäume in Parks")
    editing.get_by_role("button", name="Speichern", exact=True).click()
    expect(editing.locator(".mz-worklist strong").filter(has_text="Bäume in Parks")).to_be_visible()
    picture(editing, "15-dateien")
    editing.get_by_role("link", name="Bearbeiten Bäume in Parks").click()
    editing.get_by_label("Name", exact=True).fill("Bäume in Parks 2025")
    editing.get_by_role("button", name="Änderungen speichern").click()
    expect(editing.locator(".mz-worklist strong").filter(has_text="Bäume in Parks 2025")).to_be_visible()

    reading.goto(f"/dataset/{name}")
    expect(reading.get_by_text("in Parks")).to_have_count(0)
    look_at_proposal(deciding, "Bäume an Straßen")
    expect(deciding.locator("ins").filter(has_text="in Parks")).to_be_visible()
    picture(deciding, "16-unterschied")
    with deciding.expect_download() as download:
        deciding.get_by_role("link", name="Vorgeschlagene Datei herunterladen").click()
    assert Path(download.value.path()).read_bytes() == MORE_TREES
    refused = deciding.get_by_role("link", name="Vorgeschlagene Datei herunterladen").get_attribute("href")
    for page in (editing, reading):
        assert page.request.get(f"{people.editor.portal.url}{refused}", max_redirects=0).status in (302, 404)
    deciding.locator("#mainz_proposal_accept").get_by_role("button", name="Annehmen").click()
    expect(deciding.get_by_text("Der Vorschlag ist angenommen")).to_be_visible()
    picture(deciding, "17-angenommen")

    reading.goto(f"/dataset/{name}")
    expect(reading.get_by_text("und in Parks mit Art")).to_be_visible()
    expect(reading.get_by_role("link", name="Bäume in Parks 2025").first).to_be_visible()
    reading.get_by_role("link", name="Was wann freigegeben wurde").click()
    expect(reading.locator("ins").filter(has_text="in Parks")).to_be_visible()
    picture(reading, "18-verlauf")


def test_nobody_of_the_geschaeftsstelle_releases_what_they_entered(people: People, portal: RunningPortal) -> None:
    made = a_draft(people.editor, "Selbst angelegt")
    people.editor.act("mainz_record_submit", {"id": made, "visibility": "oeffentlich", "check": CHECK})
    people.editing.goto(f"/governance/record/{made}")
    expect(people.editing.get_by_text("Über die Freigabe entscheidet die Geschäftsstelle.")).to_be_visible()
    expect(people.editing.get_by_role("button", name="Freigeben")).to_have_count(0)
    people.deciding.goto(f"/governance/record/{made}")
    expect(people.deciding.get_by_role("button", name="Freigeben für: Öffentlich")).to_be_visible()


def a_draft(editor: Worker, title: str) -> str:
    made = editor.act(
        "package_create",
        {
            "title": title,
            "notes": "Alle Bäume an Straßen.",
            "owner_org": editor.organization,
            "license_id": "dl-de-by-2.0",
            "contact": [{"name": "Grünamt", "email": "gruen@stadt.example"}],
            "resources": [{"name": "Liste", "url": "https://example.org/a.csv", "format": "CSV"}],
        },
    )
    return str(made["name"])


def test_the_geschaeftsstelle_releases_many_at_once(people: People) -> None:
    names = [a_draft(people.editor, f"Sammelfreigabe {number}") for number in range(3)]
    for name in names:
        people.editor.act("mainz_record_submit", {"id": name, "visibility": "oeffentlich", "check": CHECK})
    page = people.deciding
    page.goto("/governance/decide")
    for number in range(3):
        page.get_by_label(f"„Sammelfreigabe {number}“ ankreuzen").check()
    picture(page, "20-viele")
    page.get_by_role("button", name="Angekreuzte Datensätze freigeben").click()
    expect(page.get_by_text("3 Datensätze sind freigegeben.")).to_be_visible()
    assert people.reading.goto(f"/dataset/{names[0]}").status == 200


def test_what_was_withdrawn_says_since_when_and_nothing_else(people: People) -> None:
    name = a_draft(people.editor, "Geheimer Titel")
    other = a_draft(people.editor, "Nachfolger")
    for one in (name, other):
        released(people.editor, people.office, one)
    record = people.office.act("package_show", {"id": name})
    page = people.deciding
    page.goto(f"/governance/record/{name}")
    page.locator("summary").filter(has_text="Zurückziehen").click()
    page.locator("#mainz_record_withdraw-reason").select_option("fehler")
    page.get_by_label("Datensatz, der an seine Stelle tritt").fill(other)
    picture(page, "21-zurueckziehen")
    page.get_by_role("button", name="Zurückziehen").click()
    expect(page.get_by_text("Der Datensatz ist zurückgezogen.")).to_be_visible()
    resource = record["resources"][0]["id"]
    for address in (name, record["id"], f"{name}/resource/{resource}", f"{name}/history"):
        answer = people.reading.goto(f"/dataset/{address}")
        assert answer.status == 410
        assert "Geheimer Titel" not in people.reading.content()
        expect(people.reading.get_by_role("link", name="Nachfolger")).to_be_visible()
    picture(people.reading, "22-zurueckgezogen")
    for address in (f"/dataset/{name}.ttl", f"/api/3/action/package_show?id={name}"):
        answer = people.reading.request.get(f"{people.office.portal.url}{address}")
        assert answer.status in (403, 404, 410)
        assert "Geheimer Titel" not in answer.text()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_of_governance_keep_wcag_2_2_aa_and_fit_the_width(
    browser: Browser, portal: RunningPortal, workers: tuple[Worker, Worker, Worker], language: str, viewport: dict
) -> None:
    editor, _lead, office = workers
    waits, public = a_draft(editor, "Wartet auf Freigabe mit einem langen Titel"), a_draft(editor, "Freigegeben")
    draft = a_draft(editor, "Entwurf")
    editor.act("mainz_record_submit", {"id": waits, "visibility": "oeffentlich", "check": CHECK})
    released(editor, office, public)
    file = editor.act("resource_create", {"package_id": public, "name": "neu"}, upload=("neu.csv", TREES))
    proposal = editor.act("package_patch", {"id": public, "notes": "Alle Bäume in Parks."})["mainz_proposal"]["id"]
    prefix = "" if language == "de" else "/en"
    of_editor = ["/dashboard/datasets", f"/governance/record/{draft}/submit", f"/governance/record/{waits}",
                 f"/dataset/edit/{public}", f"/dataset/resources/{public}", f"/governance/proposal/{proposal}",
                 f"/dataset/{public}/resource/{file['id']}/edit", f"/dataset/{public}", "/dataset/new"]  # fmt: skip
    of_office = ["/governance/decide", f"/governance/record/{waits}", f"/governance/record/{public}",
                 f"/governance/proposal/{proposal}", f"/dataset/{public}/history"]  # fmt: skip
    wrong: dict[str, object] = {}
    for worker, addresses in ((editor, of_editor), (office, of_office)):
        with at_work(browser, portal, worker, viewport=viewport) as page:
            for number, address in enumerate(addresses):
                assert page.goto(prefix + address).status == 200, address
                page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
                picture(page, f"seite-{language}-{viewport['width']}-{worker.name.partition('-')[0]}-{number}")
                found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
                needed = page.evaluate("document.documentElement.scrollWidth")
                if found or needed > viewport["width"] or page.locator("h1").count() != 1:
                    wrong[address] = ([(one["id"], [n["html"] for n in one["nodes"]]) for one in found], needed)
    assert wrong == {}
