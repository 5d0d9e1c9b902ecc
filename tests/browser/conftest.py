"""A portal with its examples and a real browser, both started once for all browser tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.kit.chromium import ChromiumMissing, chromium
from tests.kit.office import Worker
from tests.kit.running_portal import RunningPortal, running_portal

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
LOCAL = ("data:", "blob:", "about:")
# Chromium's own sandbox needs user namespaces, which containers and root do not have; the rest keeps it from asking
# its maker for anything.
OPTIONS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


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
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield started
        started.close()


@contextmanager
def visitor(browser: Browser, portal: RunningPortal, **options: Any) -> Iterator[BrowserContext]:
    """A fresh visitor without cookies. Fails at its end if a page asked a foreign host for anything."""
    settings = {"base_url": portal.url, "locale": "de-DE", "viewport": DESK, **options}
    context = browser.new_context(**settings)
    foreign: list[str] = []
    context.on("request", lambda one: None if is_own(one.url, portal) else foreign.append(one.url))
    try:
        yield context
    finally:
        context.close()
    assert foreign == [], "the portal's pages asked foreign hosts"


@contextmanager
def at_work(browser: Browser, portal: RunningPortal, worker: Worker, **options: Any) -> Iterator[Page]:
    """A page of somebody who has logged in, in a browser of their own."""
    with visitor(browser, portal, **options) as context:
        page = context.new_page()
        worker.log_in(page)
        yield page


def is_own(address: str, portal: RunningPortal) -> bool:
    return address.startswith((f"{portal.url}/", *LOCAL))


@pytest.fixture
def context(browser: Browser, portal: RunningPortal) -> Iterator[BrowserContext]:
    """A German visitor at a desk; addresses are relative to the portal."""
    with visitor(browser, portal) as opened:
        yield opened


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page of that visitor."""
    return context.new_page()


@pytest.fixture
def phone_page(browser: Browser, portal: RunningPortal) -> Iterator[Page]:
    """An empty page of a German visitor with a phone."""
    with visitor(browser, portal, viewport=PHONE, has_touch=True) as opened:
        yield opened.new_page()


@pytest.fixture
def page_without_script(browser: Browser, portal: RunningPortal) -> Iterator[Page]:
    """An empty page of a German visitor whose browser runs no scripts."""
    with visitor(browser, portal, java_script_enabled=False) as opened:
        yield opened.new_page()
