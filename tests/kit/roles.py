"""Organisations and people in roles, for tests of who may do what; and what the decision log was told."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit
from ckan.tests import factories
from flask.testing import FlaskClient
from tests.kit.people import PASSWORD, Page, prefix
from tests.kit.services import LoadedPortal

from ckanext.mainz.governance.decisions import Decision
from ckanext.mainz.governance.people import today

SOON = timedelta(days=7)


def act(user: str, action: str, /, **data: Any) -> Any:
    """What a person does by an action, as the API calls it; as the portal itself where no name is given."""
    model.Session.rollback()
    return toolkit.get_action(action)(context(user), data)


def context(user: str) -> Any:
    """CKAN's context of somebody who acts."""
    if not user:
        site = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        return {"ignore_auth": True, "user": site, "session": model.Session, "model": model}
    account = model.User.get(user)
    return {"user": user, "auth_user_obj": account, "session": model.Session, "model": model}


def organization(name: str = "", kind: str = "amt", parent: str = "", sealed: bool = False, **fields: Any) -> str:
    """A new organisation; its id."""
    name = name or f"amt-{secrets.token_hex(3)}"
    above = [{"name": name_of(parent)}] if parent else []
    given = {"title": name.title(), "organization_kind": kind, "sealed": sealed, "groups": above, **fields}
    return act("", "organization_create", name=name, **given)["id"]


def name_of(place: str) -> str:
    """The name of an organisation."""
    found = model.Group.get(place)
    assert found is not None
    return found.name


def account(**capacities: str) -> str:
    """A new account; its name. `admin="<id of an organisation>"` gives it a capacity there."""
    user = factories.User(password=PASSWORD)["name"]
    for capacity, place in capacities.items():
        act("", "organization_member_create", id=place, username=user, role=capacity)
    return user


def office() -> str:
    """A new account of the Geschäftsstelle."""
    user = account()
    act(operator(), "mainz_role_grant", user=user, role="office")
    return user


def operator() -> str:
    """A new account of a sysadmin."""
    return factories.Sysadmin(password=PASSWORD)["name"]


def deputy(for_user: str, **capacities: str) -> str:
    """A new account that stands in for somebody, for a week."""
    user = account(**capacities)
    act(for_user, "mainz_role_grant", user=user, role="deputy", for_user=for_user, until=(today() + SOON).isoformat())
    return user


def interface(place: str) -> tuple[str, str]:
    """Account and token of a new interface of an organisation."""
    made = act(office(), "mainz_service_create", organization=place, title="Nachtlauf")
    return made["user"], made["token"]


def record(owner: str, **fields: Any) -> str:
    """A new private dataset of an organisation; its id."""
    given = {"title": "Baumkataster", "notes": "Alle Bäume.", "license_id": "dl-de-by-2.0", "private": True, **fields}
    return act("", "package_create", name=f"daten-{secrets.token_hex(4)}", owner_org=owner, **given)["id"]


def capacity_of(user: str, place: str) -> str:
    """The capacity that an account has in an organisation; empty where it has none."""
    found = model.User.get(user)
    rows = model.Session.query(model.Member.capacity).filter_by(
        group_id=place, table_id=found.id if found else "", table_name="user", state="active"
    )
    return ", ".join(sorted(row.capacity for row in rows))


def user_id(user: str) -> str:
    """The id of an account."""
    found = model.User.get(user)
    assert found is not None
    return found.id


def days(number: int) -> str:
    """A day as many days from today, as the API takes it."""
    return (today() + timedelta(days=number)).isoformat()


@contextmanager
def on(day: date, monkeypatch: Any) -> Iterator[None]:
    """Within this block it is another day."""
    with monkeypatch.context() as patch:
        patch.setattr("ckanext.mainz.governance.people.today", lambda: day)
        yield


@dataclass
class Log:
    """The rows that the decision log was asked to write."""

    rows: list[Decision] = field(default_factory=list)

    def of(self, action: str) -> list[Decision]:
        """The rows of an action."""
        return [row for row in self.rows if row.action == action]


def browser(portal: LoadedPortal, user: str) -> Browser:
    """The browser of somebody who has logged in."""
    client = portal.app._wsgi_app.test_client()
    answer = client.post("/user/login", data={"login": user, "password": PASSWORD})
    assert answer.status_code == 302, "login failed"
    return Browser(client)


@dataclass
class Browser:
    """A browser on the portal's pages."""

    client: FlaskClient

    def get(self, path: str, language: str = "de") -> Page:
        return Page(self.client.get(prefix(language) + path))

    def post(self, path: str, language: str = "de", **fields: Any) -> Page:
        return Page(self.client.post(prefix(language) + path, data=fields))
