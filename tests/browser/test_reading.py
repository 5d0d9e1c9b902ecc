"""The pages for readers in a real browser: accessible, in both languages, on desk and phone, without scripts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import DESK, PHONE, visitor
from tests.kit.running_portal import RunningPortal

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROWEST = 320  # WCAG 2.2, 1.4.10: no scrolling in two directions at this width
LARGEST_HOME = 60_000
TABS_TO_FIRST_RESULT = 12
PREFIXES = {"de": "", "en": "/en"}
NAMES = (
    *("home", "search", "search-filtered", "nothing-found", "bad-query", "dataset", "file", "link"),
    *("organizations", "organization", "impressum", "datenschutz", "barrierefreiheit", "not-found"),
)


@dataclass(frozen=True)
class Sample:
    """A dataset of the examples with a file of its own and a link."""

    name: str
    title: str
    organization: str
    file: str
    file_address: str
    link: str


@pytest.fixture(scope="session")
def sample(portal: RunningPortal) -> Sample:
    answer = requests.get(f"{portal.url}/api/3/action/package_search", params={"rows": 100}, timeout=30).json()
    for dataset in answer["result"]["results"]:
        own = [one for one in dataset["resources"] if one.get("url_type") == "upload"]
        links = [one for one in dataset["resources"] if one.get("url_type") != "upload"]
        if own and links and dataset.get("is_example"):
            path = urlsplit(own[0]["url"]).path
            organization = dataset["organization"]["name"]
            return Sample(dataset["name"], dataset["title"], organization, own[0]["id"], path, links[0]["id"])
    raise AssertionError("no example dataset has both a file and a link")


@pytest.fixture(scope="session")
def addresses(sample: Sample) -> dict[str, str]:
    """A page of each kind."""
    dataset = f"/dataset/{sample.name}"
    return {
        "home": "/",
        "search": "/dataset/",
        "search-filtered": "/dataset/?theme=ENVI&res_format=CSV&sort=title",
        "nothing-found": "/dataset/?q=xyzzy&res_format=CSV",
        "bad-query": "/dataset/?q=" + quote("title:[a TO"),
        "dataset": dataset,
        "file": f"{dataset}/resource/{sample.file}",
        "link": f"{dataset}/resource/{sample.link}",
        "organizations": "/organization/",
        "organization": f"/organization/{sample.organization}",
        "impressum": "/impressum",
        "datenschutz": "/datenschutz",
        "barrierefreiheit": "/barrierefreiheit",
        "not-found": "/gibt-es-nicht",
    }


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_no_page_breaks_a_rule_of_wcag_2_2_aa(browser, portal, addresses, language, viewport):
    broken = {}
    with visitor(browser, portal, viewport=viewport) as context:
        page = context.new_page()
        for name in NAMES:
            page.goto(PREFIXES[language] + addresses[name])
            found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            if found:
                broken[name] = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    assert broken == {}


@pytest.mark.parametrize("width", [NARROWEST, PHONE["width"], DESK["width"]])
def test_no_page_scrolls_sideways(browser, portal, addresses, width):
    wide = {}
    with visitor(browser, portal, viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        for name in NAMES:
            page.goto(addresses[name])
            needed = page.evaluate("document.documentElement.scrollWidth")
            if needed > width:
                wide[name] = needed
    assert wide == {}


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_says_its_language_and_has_a_title_and_one_heading_of_its_own(page, addresses, language):
    titles = set()
    for name in NAMES:
        page.goto(PREFIXES[language] + addresses[name])
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1, name
        assert page.locator("main").count() == 1, name
        assert "Open Data Mainz" in page.title()
        titles.add(page.title())
    assert len(titles) == len(NAMES)


def test_every_page_leads_to_imprint_privacy_and_accessibility(page, addresses):
    for name in NAMES:
        page.goto(addresses[name])
        footer = page.get_by_role("contentinfo")
        for text in ("Impressum", "Datenschutz", "Barrierefreiheit"):
            expect(footer.get_by_role("link", name=text, exact=True)).to_be_visible()


def test_a_reader_gets_no_cookie(page, addresses):
    for name in NAMES:
        page.goto(addresses[name])
    assert page.context.cookies() == []


def test_the_home_page_is_small(page):
    received: list[int] = []
    page.on("response", lambda response: received.append(len(response.body())))
    page.goto("/", wait_until="networkidle")
    assert sum(received) < LARGEST_HOME


def test_the_first_result_is_few_tabs_away_and_the_second_skip_link_leads_there(page):
    page.goto("/dataset/")
    tabs = 0
    while not page.evaluate("document.activeElement.closest('.mz-hit') !== null"):
        page.keyboard.press("Tab")
        tabs += 1
    assert tabs <= TABS_TO_FIRST_RESULT
    page.goto("/dataset/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Zu den Ergebnissen"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "results"


def test_whatever_has_the_focus_shows_it(page, addresses):
    for name in ("home", "search", "dataset"):
        page.goto(addresses[name])
        for _count in range(25):
            page.keyboard.press("Tab")
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", page.evaluate("document.activeElement.outerHTML")


def test_searching_filtering_and_downloading_work_without_scripts(page_without_script: Page, portal, sample):
    page = page_without_script
    page.goto("/")
    page.get_by_label("Wonach suchen Sie?").fill(sample.title)
    page.get_by_role("button", name="Suchen").click()
    expect(page.locator(".mz-hit").get_by_role("link", name=sample.title, exact=True)).to_be_visible()
    page.get_by_role("searchbox").fill("")
    page.get_by_role("button", name="Suchen").click()
    page.locator("#filters").get_by_role("link", name="CSV").first.click()
    expect(page.locator(".mz-active")).to_contain_text("CSV")
    page.get_by_label("Reihenfolge").select_option("Titel A bis Z")
    page.get_by_role("button", name="Sortieren").click()
    assert "sort=title" in page.url
    assert "res_format=CSV" in page.url
    page.locator(".mz-active").get_by_role("link").first.click()
    assert "res_format" not in page.url
    page.goto(f"/dataset/{sample.name}")
    with page.expect_download() as download:
        page.locator(".mz-files").get_by_role("link", name="Herunterladen").first.click()
    received = download.value.path().read_bytes()
    assert received == requests.get(portal.url + sample.file_address, timeout=30).content
    assert received


def test_the_language_switch_keeps_page_and_query(page):
    page.goto("/dataset/?q=haushalt&sort=title")
    page.get_by_role("link", name="English").click()
    assert urlsplit(page.url)[2:4] == ("/en/dataset/", "q=haushalt&sort=title")
    expect(page.get_by_role("heading", level=1)).to_have_text("Datasets")
    page.get_by_role("link", name="Deutsch", exact=True).click()
    assert urlsplit(page.url)[2:4] == ("/dataset/", "q=haushalt&sort=title")


@pytest.mark.parametrize(
    ("prefix", "title", "search"), [("", "Seite nicht gefunden", "Suchen"), ("/en", "Page not found", "Search")]
)
@pytest.mark.parametrize("path", ["/gibt-es-nicht", "/dataset/gibt-es-nicht", "/organization/nein", "/group/"])
def test_a_missing_page_says_so_in_the_readers_language_and_leads_on(page, prefix, path, title, search):
    answer = page.goto(prefix + path)
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("searchbox").fill("haushalt")
    page.get_by_role("button", name=search).click()
    assert urlsplit(page.url)[2:4] == (f"{prefix}/dataset/", "q=haushalt")


def test_a_query_that_makes_no_sense_gets_one_sentence_and_the_page_stays(page, addresses):
    answer = page.goto(addresses["bad-query"])
    assert answer.status == 400
    expect(page.get_by_text("Die Suche versteht diese Eingabe nicht.")).to_be_visible()
    assert page.get_by_role("searchbox").input_value() == "title:[a TO"


def test_an_empty_result_helps_on(page):
    page.goto("/dataset/?q=xyzzy&res_format=CSV")
    page.get_by_role("link", name="Ohne Filter suchen").click()
    assert urlsplit(page.url).query == "q=xyzzy"
    page.get_by_role("link", name="In allen Datensätzen stöbern").click()
    assert page.locator(".mz-hit").count() == 20


def test_the_pages_of_a_list_can_be_walked_through(page):
    page.goto("/dataset/?sort=title")
    first = page.locator(".mz-hit h3").all_text_contents()
    page.get_by_role("link", name="Nächste Seite").click()
    expect(page).to_have_title(re.compile("Seite 2"))
    second = page.locator(".mz-hit h3").all_text_contents()
    assert len(first) == 20
    assert not set(first) & set(second)
    page.get_by_role("link", name="Vorige Seite").click()
    expect(page).not_to_have_title(re.compile("Seite 2"))
    assert page.locator(".mz-hit h3").all_text_contents() == first


def test_no_page_shows_an_address_of_a_code_list_or_an_english_field_name(page, addresses):
    for name in ("search", "dataset", "file", "link", "organization"):
        page.goto(addresses[name])
        text = page.locator("body").inner_text()
        assert "publications.europa.eu" not in text, name
        for word in ("metadata_modified", "Frequency", "Licence", "None", "null"):
            assert word not in text, (name, word)


def test_example_data_is_marked_wherever_it_shows(page, addresses, sample):
    page.goto("/")
    expect(page.get_by_text("Dieses Portal zeigt erfundene Beispieldaten")).to_be_visible()
    page.goto(addresses["dataset"])
    expect(page.get_by_text("Zum Ausprobieren dieses Portals erfunden")).to_be_visible()
    page.goto(addresses["search"])
    for hit in page.locator(".mz-hit").all():
        name = str(hit.get_by_role("link").first.get_attribute("href")).rsplit("/", 1)[-1]
        record = page.request.get("/api/3/action/package_show", params={"id": name}).json()["result"]
        assert (hit.get_by_text("Beispieldaten").count() > 0) == bool(record.get("is_example")), name


def test_only_administrators_are_told_what_the_imprint_lacks(browser: Browser, portal: RunningPortal):
    with visitor(browser, portal) as context:
        page = context.new_page()
        page.goto("/impressum")
        assert page.get_by_text("Diese Seite ist noch nicht fertig").count() == 0
        page.goto("/user/login")
        page.locator("input[name=login]").fill("admin")
        page.locator("input[name=password]").fill(portal.admin_password)
        page.locator("main button[type=submit]").first.click()
        page.goto("/impressum")
        expect(page.get_by_text("Diese Seite ist noch nicht fertig")).to_be_visible()
        expect(page.locator(".mz-notice li").first).to_contain_text("Amt")
