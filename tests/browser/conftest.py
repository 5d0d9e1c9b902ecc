"""A portal with its examples and a real browser, both started once for all browser tests."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.kit.chromium import ChromiumMissing, chromium
from tests.kit.running_portal import RunningPortal, running_portal


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """The portal with its examples: its address, its data folder, the administrator's password, `ckan` commands."""
    with running_portal(tmp_path_factory.mktemp("portal")) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Without it the tests are skipped, or fail where `PORTAL_TEST_STRICT=1` is set."""
    try:
        path = chromium()
    except ChromiumMissing as missing:
        if os.environ.get("PORTAL_TEST_STRICT") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    # Chromium's own sandbox needs user namespaces, which containers and root do not have.
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser, portal: RunningPortal) -> Iterator[BrowserContext]:
    """A fresh German visitor at a desk: no cookies; addresses are relative to the portal."""
    opened = browser.new_context(base_url=portal.url, locale="de-DE", viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page of that visitor."""
    return context.new_page()
