"""An Amt with an editor in a running portal, made by its API as the administrator would."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import requests
from playwright.sync_api import Page
from tests.kit.running_portal import RunningPortal

PATIENCE = 60


@dataclass(frozen=True)
class Editor:
    """An account that may add datasets for one organisation."""

    name: str
    password: str
    token: str
    organization: str
    portal: RunningPortal

    def log_in(self, page: Page, language: str = "") -> None:
        """Logs in by the form; ends on the editor's start page."""
        page.goto(f"{language}/user/login")
        page.locator("#field-login").fill(self.name)
        page.locator("#field-password").fill(self.password)
        page.locator("main button[type=submit]").click()
        page.wait_for_url("**/dashboard/datasets")

    def act(self, action: str, data: dict[str, Any] | None = None, **files: Any) -> Any:
        """Calls an action with the editor's token, as JSON or, with files, as a form."""
        return call(self.portal, self.token, action, data, **files)


def call(portal: RunningPortal, token: str, action: str, data: dict[str, Any] | None = None, **files: Any) -> Any:
    """The result of an action. Raises AssertionError with the portal's message if it fails."""
    sent: dict[str, Any] = {"data": data, "files": files} if files else {"json": data or {}}
    answer = requests.post(
        f"{portal.url}/api/3/action/{action}", headers={"Authorization": token}, timeout=PATIENCE, **sent
    )
    assert answer.ok, answer.text[:2000]
    return answer.json()["result"]


def hire(portal: RunningPortal, title: str = "Stadtkämmerei") -> Editor:
    """A new organisation with one editor."""
    admin, mark, password = portal.token(), secrets.token_hex(4), secrets.token_urlsafe(12)
    name = f"redaktion-{mark}"
    call(portal, admin, "user_create", {"name": name, "email": f"{name}@stadt.example", "password": password})
    office = call(
        portal,
        admin,
        "organization_create",
        {
            "name": f"amt-{mark}",
            "title": title,
            "organization_kind": "amt",
            "users": [{"name": name, "capacity": "editor"}],
        },
    )
    return Editor(name, password, portal.token(name), office["name"], portal)
