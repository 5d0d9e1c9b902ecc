"""Organisations and people in roles, for tests of who may do what; and what the decision log was told."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import ckan.model as model
from ckan.tests import factories
from tests.kit import governance
from tests.kit.people import PASSWORD

from ckanext.mainz.governance import decisions
from ckanext.mainz.governance.decisions import Entry, Question
from ckanext.mainz.governance.people import today

SOON = timedelta(days=7)


def act(user: str, action: str, /, **data: Any) -> Any:
    """What a person does by an action, as the API calls it; as the portal itself where no name is given."""
    model.Session.rollback()
    return governance.act(user, action, data)


def context(user: str) -> Any:
    """CKAN's context of somebody who acts."""
    return {"user": user, "auth_user_obj": model.User.get(user), "session": model.Session, "model": model}


def organization(name: str = "", **fields: Any) -> str:
    """A new organisation; its id. Its title is its name with a capital letter."""
    name = name or f"amt-{secrets.token_hex(3)}"
    return governance.organization(name=name, title=name.title(), **fields)


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
    """A new draft of an organisation; its id."""
    return governance.draft("", owner, **fields)["id"]


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


class Log:
    """Rows of the decision log since a moment."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """What is there by now does not count."""
        model.Session.rollback()
        self.last = max((one.id for one in decisions.every()), default=0)

    @property
    def rows(self) -> list[Entry]:
        """The rows, oldest first."""
        model.Session.rollback()
        return list(decisions.every(Question(newer_than=self.last)))

    def of(self, action: str) -> list[Entry]:
        """The rows of an action."""
        return [row for row in self.rows if row.action == action]

    def of_members(self) -> list[Entry]:
        """The rows about memberships."""
        return [row for row in self.rows if row.action.startswith("member_")]
