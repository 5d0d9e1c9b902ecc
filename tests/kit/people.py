"""People at the portal's forms and API, for integration tests: they log in as everybody does."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
from bs4 import BeautifulSoup
from ckan.lib.search import query_for
from ckan.tests import factories
from ckan.tests.helpers import call_action
from flask.testing import FlaskClient
from tests.kit.services import LoadedPortal
from werkzeug.test import TestResponse

from ckanext.mainz.foundation.files import resource_storage

PASSWORD = "a long password for tests"
LICENSE = "dl-de-by-2.0"
GOOD = {"title": "Baumkataster", "notes": "Alle Bäume der Stadt.", "license_id": LICENSE}


@dataclass
class Page:
    """An answer of a page, with what a reader and a screen reader find on it."""

    response: TestResponse
    soup: BeautifulSoup = field(init=False)

    def __post_init__(self) -> None:
        self.soup = BeautifulSoup(self.response.data, "html.parser")

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def summary(self) -> list[str]:
        """Messages of the summary at the top. Each that names a field leads to it."""
        links = self.soup.select("#problems li a")
        for link in links:
            assert self.soup.find(id=link["href"].removeprefix("#")), f"nothing at {link['href']}"
        return [item.get_text(" ", strip=True) for item in self.soup.select("#problems li")]

    def error_at(self, name: str) -> str:
        """The message at a field, reached as a screen reader reaches it: from the input by aria-describedby."""
        control = self.soup.find(id=f"field-{name}")
        assert control is not None, f"no field {name}"
        if control.name in ("input", "select", "textarea"):
            assert control.get("aria-invalid") == "true", f"{name} is not marked as invalid"
        described = str(control.get("aria-describedby", "")).split()
        texts = [self.soup.find(id=one) for one in described]
        return " ".join(text.get_text(" ", strip=True) for text in texts if text and "error" in str(text.get("id")))

    def value(self, name: str) -> str:
        """What stands in a field."""
        control = self.soup.find(id=f"field-{name}")
        assert control is not None, f"no field {name}"
        if control.name == "textarea":
            return control.get_text().removeprefix("\n")
        if control.name == "select":
            chosen = control.find("option", selected=True)
            return str(chosen["value"]) if chosen else ""
        return str(control.get("value", ""))

    def checked(self, name: str) -> list[str]:
        """Values of the boxes or buttons that are ticked."""
        return [str(box["value"]) for box in self.soup.find_all("input", {"name": name}) if box.has_attr("checked")]

    @property
    def text(self) -> str:
        return self.soup.get_text(" ", strip=True)


class Visitor:
    """Somebody at the pages, logged in unless they have no name. Paths that do not begin with `home` continue it."""

    def __init__(self, portal: LoadedPortal, name: str = "", home: str = "") -> None:
        self.name, self.home, self.client = name, home, portal.app._wsgi_app.test_client()
        if name:
            give_password(name)
            assert self.client.post("/user/login", data={"login": name, "password": PASSWORD}).status_code == 302

    def get(self, path: str = "", language: str = "de", follow: bool = False) -> Page:
        return Page(self.client.get(self._address(path, language), follow_redirects=follow))

    def post(self, path: str, language: str = "de", follow: bool = False, **fields: Any) -> Page:
        return Page(self.client.post(self._address(path, language), data=fields, follow_redirects=follow))

    def _address(self, path: str, language: str) -> str:
        return prefix(language) + (path if path.startswith(self.home) else self.home + path)


def give_password(name: str) -> None:
    """The password of all people in tests."""
    user = model.User.get(name)
    assert user is not None
    user.password = PASSWORD
    model.Session.commit()


@dataclass
class Person:
    """Somebody with an account, a browser of their own and a token."""

    name: str
    token: str
    browser: FlaskClient
    office: dict[str, Any]

    def get(self, path: str, language: str = "de") -> Page:
        return Page(self.browser.get(prefix(language) + path))

    def post(self, path: str, fields: Mapping[str, Any], language: str = "de", follow: bool = False) -> Page:
        """Sends a form; a value may be a list, or a file as `(bytes, name)`."""
        data = {name: _part(value) for name, value in fields.items()}
        return Page(
            self.browser.post(
                prefix(language) + path, data=data, content_type="multipart/form-data", follow_redirects=follow
            )
        )

    def api(self, action: str, body: Any = None, language: str = "de", **files: tuple[bytes, str]) -> TestResponse:
        """Calls an action with the token; as JSON, or as a form where files come along."""
        path, headers = f"{prefix(language)}/api/3/action/{action}", {"Authorization": self.token}
        stranger = self.browser.application.test_client()
        if files:
            data = {**(body or {}), **{name: _part(one) for name, one in files.items()}}
            return stranger.post(path, data=data, headers=headers, content_type="multipart/form-data")
        return stranger.post(path, json=body or {}, headers=headers)

    def good(self, **changes: Any) -> dict[str, Any]:
        """A dataset that is right in every field."""
        return {**GOOD, "owner_org": self.office["id"], "private": "True", **changes}

    def draft(self, **changes: Any) -> str:
        """The name of a new draft, made by the form."""
        page = self.post("/dataset/new", self.good(**changes))
        assert page.status == 302, page.summary
        return str(page.response.location).split("/dataset/")[1].split("/")[0]


def prefix(language: str) -> str:
    return "" if language == "de" else f"/{language}"


def _part(value: Any) -> Any:
    if isinstance(value, tuple):
        content, name = value
        return (io.BytesIO(content), name)
    return value


def editor(portal: LoadedPortal, name: str = "erika", office: str = "amt-67") -> Person:
    """Somebody who may add datasets for an organisation, logged in."""
    user = factories.User(name=name, password=PASSWORD)
    members = [{"name": user["name"], "capacity": "editor"}]
    organization = factories.Organization(name=office, title="Grün- und Umweltamt", users=members)
    token = call_action("api_token_create", user=name, name="tests")["token"]
    person = Person(name, token, portal.app._wsgi_app.test_client(), organization)
    answer = person.browser.post("/user/login", data={"login": name, "password": PASSWORD})
    assert answer.status_code == 302, "login failed"
    return person


@dataclass(frozen=True)
class Footprint:
    """Everything that a write could have left behind: records, files and links, keywords, bytes, documents."""

    packages: int
    resources: int
    tags: int
    files: frozenset[str]
    documents: frozenset[str]


def footprint() -> Footprint:
    """What is stored now. Files that only wait for a form do not count."""
    model.Session.rollback()
    counts = [model.Session.query(table).count() for table in _tables()]
    files = frozenset(name for name in resource_storage().scan() if not name.startswith("staged/"))
    return Footprint(*counts, files, frozenset(query_for("package").get_all_entity_ids()))


def _tables() -> Iterable[Any]:
    return (model.Package, model.Resource, model.PackageTag)
