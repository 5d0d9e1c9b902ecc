"""The people of an Amt and of the Geschäftsstelle in a running portal, made as the administrator would."""

from __future__ import annotations

import configparser
import secrets
from dataclasses import dataclass
from typing import Any

import requests
import sqlalchemy as sa
from playwright.sync_api import Page
from tests.kit.running_portal import RunningPortal

from ckanext.mainz.governance import tables
from ckanext.mainz.governance.check import questions
from ckanext.mainz.governance.logbook import now

PATIENCE = 60


@dataclass(frozen=True)
class Worker:
    """An account that works in a portal; `organization` is empty for the Geschäftsstelle."""

    name: str
    password: str
    token: str
    organization: str
    portal: RunningPortal

    def log_in(self, page: Page, language: str = "") -> None:
        """Logs in by the form; ends on the start page."""
        page.goto(f"{language}/user/login")
        page.locator("#field-login").fill(self.name)
        page.locator("#field-password").fill(self.password)
        page.locator("main button[type=submit]").click()
        page.wait_for_url("**/dashboard/datasets")

    def act(self, action: str, data: dict[str, Any] | None = None, **files: Any) -> Any:
        """Calls an action with the account's token, as JSON or, with files, as a form."""
        return call(self.portal, self.token, action, data, **files)


#: One who may add datasets for an organisation.
Editor = Worker


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
    name, password = _account(portal, "redaktion")
    office = call(
        portal,
        portal.token(),
        "organization_create",
        {
            "name": f"amt-{secrets.token_hex(4)}",
            "title": title,
            "organization_kind": "amt",
            "users": [{"name": name, "capacity": "editor"}],
        },
    )
    return Worker(name, password, portal.token(name), office["name"], portal)


def lead(editor: Editor) -> Worker:
    """Datenverantwortliche of an editor's organisation."""
    portal = editor.portal
    name, password = _account(portal, "leitung")
    member = {"id": editor.organization, "username": name, "role": "admin"}
    call(portal, portal.token(), "organization_member_create", member)
    return Worker(name, password, portal.token(name), editor.organization, portal)


def geschaeftsstelle(portal: RunningPortal) -> Worker:
    """Somebody of the Geschäftsstelle. The role is put into the database, as it is the portal's first one."""
    name, password = _account(portal, "geschaeftsstelle")
    user = call(portal, portal.token(), "user_show", {"id": name})["id"]
    row = {"id": secrets.token_hex(8), "user_id": user, "role": "office", "organization_id": "", "for_user": "",
           "granted_by": "", "granted": now()}  # fmt: skip
    engine = sa.create_engine(_database(portal))
    with engine.begin() as connection:
        connection.execute(tables.portal_role.insert().values(row))
    engine.dispose()
    return Worker(name, password, portal.token(name), "", portal)


def released(editor: Editor, office: Worker, id: str, level: str = "oeffentlich") -> dict[str, Any]:
    """Hands a record in as its editor does, and releases it as the Geschäftsstelle does."""
    editor.act("mainz_record_submit", {"id": id, "visibility": level, "check": CHECK})
    return office.act("mainz_record_release", {"id": id})


#: Answers to the release check that allow everything.
CHECK: dict[str, str] = {one.code: one.answers[0].code for one in questions.all_questions() if not one.of_the_record}


def hand_in(page: Page) -> None:
    """Answers the release check of the page so that it allows everything, and hands in."""
    for code, answer in CHECK.items():
        page.locator(f"[name='check-{code}'][value='{answer}']").check()
    page.get_by_role("button", name="Einreichen").click()


def _account(portal: RunningPortal, what: str) -> tuple[str, str]:
    name, password = f"{what}-{secrets.token_hex(4)}", secrets.token_urlsafe(12)
    call(portal, portal.token(), "user_create", {"name": name, "email": f"{name}@stadt.example", "password": password})
    return name, password


def _database(portal: RunningPortal) -> str:
    settings = configparser.RawConfigParser()
    settings.read(portal.folder.ini, encoding="utf-8")
    return settings["app:main"]["sqlalchemy.url"]
