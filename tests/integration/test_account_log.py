"""The decision log tells who makes keys for programs, and what an operator does to the accounts of others."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.lib.dictization import model_save
from ckan.plugins import toolkit
from ckan.tests import factories
from tests.kit.people import Visitor
from tests.kit.roles import Log, account, act, interface, office, operator, organization, user_id
from tests.kit.services import LoadedPortal

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def amt() -> str:
    return organization("gruenamt")


@pytest.fixture
def lead(amt: str) -> str:
    return account(admin=amt)


@pytest.fixture
def boss() -> str:
    return operator()


@pytest.fixture
def erika() -> str:
    return factories.User(name="erika", fullname="Erika Muster", email="erika@stadt.example")["name"]


@pytest.fixture
def log(amt: str, lead: str, boss: str, erika: str) -> Log:
    return Log()


def tokens(user: str) -> list[str]:
    model.Session.rollback()
    return [one.id for one in model.Session.query(model.ApiToken).filter_by(user_id=user_id(user))]


# --- tokens ----------------------------------------------------------------------------------------------------------


def test_the_token_of_a_new_interface_is_a_row(log: Log, amt: str, lead: str) -> None:
    made = act(lead, "mainz_service_create", organization=amt, title="Nachtlauf")
    (row,) = log.of("token_create")
    assert (row.actor, row.role, row.organization_id) == (user_id(lead), "admin", amt)
    assert (row.subject, row.note) == (user_id(made["user"]), "Nachtlauf")
    assert made["token"] not in str(row)


def test_a_further_token_of_an_interface_and_its_end_are_rows(log: Log, amt: str, lead: str) -> None:
    program, _token = interface(amt)
    log.begin()
    made = act(lead, "api_token_create", user=program, name="zweiter")
    act(lead, "api_token_revoke", token=made["token"])
    first = tokens(program)[0]
    act(lead, "api_token_revoke", jti=first)
    assert [(one.action, one.note) for one in log.rows] == [
        ("token_create", "zweiter"),
        ("token_revoke", "zweiter"),
        ("token_revoke", "Nachtlauf"),
    ]
    assert {(one.actor, one.role, one.organization_id) for one in log.rows} == {(user_id(lead), "admin", amt)}
    assert {one.subject for one in log.rows} == {user_id(program)}
    assert tokens(program) == []


def test_one_s_own_token_is_no_row(log: Log, erika: str) -> None:
    made = act(erika, "api_token_create", user=erika, name="meiner")
    act(erika, "api_token_revoke", jti=made["id"])
    assert log.rows == []


def test_an_operator_who_ends_the_token_of_somebody_is_a_row(log: Log, boss: str, erika: str) -> None:
    made = act(erika, "api_token_create", user=erika, name="meiner")
    act(boss, "api_token_revoke", jti=made["id"])
    (row,) = log.rows
    assert (row.action, row.actor, row.role) == ("token_revoke", user_id(boss), "sysadmin")
    assert row.subject == user_id(erika)


def test_a_token_that_is_not_made_is_no_row(log: Log, amt: str, lead: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program, _token = interface(amt)
    log.begin()
    with pytest.raises(toolkit.NotAuthorized):
        act(account(), "api_token_create", user=program, name="fremd")

    def fail(*_about: Any) -> None:
        raise toolkit.ValidationError({"name": ["so nicht"]})

    monkeypatch.setattr(model_save, "api_token_save", fail)
    with pytest.raises(toolkit.ValidationError):
        act(lead, "api_token_create", user=program, name="zweiter")
    assert (log.of("token_create"), len(tokens(program))) == ([], 1)


# --- accounts --------------------------------------------------------------------------------------------------------

NEW = {"name": "fritz", "email": "fritz@stadt.example", "fullname": "Fritz", "password": "ein langes Kennwort"}


def test_an_account_that_an_operator_sets_up_is_a_row(log: Log, boss: str) -> None:
    act(boss, "user_create", **NEW)
    (row,) = log.rows
    assert (row.action, row.actor, row.role) == ("account_create", user_id(boss), "sysadmin")
    assert (row.subject, row.after) == (user_id("fritz"), {"state": "active"})


def test_what_an_operator_changes_of_an_account_is_a_row_without_what_it_is_now(
    log: Log, boss: str, erika: str
) -> None:
    act(boss, "user_patch", id=erika, email="neu@stadt.example", fullname="Erika Neu", password="noch ein Kennwort")
    (row,) = log.rows
    assert (row.action, row.actor, row.subject) == ("account_change", user_id(boss), user_id(erika))
    assert row.after == {"fields": ["fullname", "email", "password"]}
    assert "neu@" not in str(row)


def test_what_people_change_of_their_own_account_is_no_row(log: Log, erika: str, boss: str) -> None:
    act(erika, "user_patch", id=erika, fullname="Erika Neu", password="noch ein Kennwort")
    act(boss, "user_patch", id=boss, fullname="Der Betrieb")
    assert log.rows == []


def test_that_an_operator_writes_nothing_new_is_no_row(log: Log, boss: str, erika: str) -> None:
    act(boss, "user_patch", id=erika, about="Etwas über mich")
    act(boss, "user_patch", id=erika, fullname="Erika Muster")
    assert log.rows == []


def test_an_account_goes_and_comes_back_with_a_row_each(log: Log, boss: str, erika: str) -> None:
    act(boss, "user_delete", id=erika)
    (gone,) = log.rows
    assert (gone.action, gone.actor, gone.role, gone.subject) == ("user_delete", user_id(boss), "sysadmin", "")
    act(boss, "user_patch", id=erika, state="active")
    back = log.rows[-1]
    assert (back.action, back.actor, back.subject) == ("account_restore", user_id(boss), user_id(erika))
    assert (back.before, back.after) == ({"state": "deleted"}, {"state": "active"})


def test_an_operator_of_the_geschaeftsstelle_acts_on_accounts_as_operator(log: Log, erika: str) -> None:
    both = office()
    found = model.User.get(both)
    assert found is not None
    found.sysadmin = True
    model.Session.commit()
    log.begin()
    act(both, "user_patch", id=erika, fullname="Erika Neu")
    assert [one.role for one in log.rows] == ["sysadmin"]


def test_a_change_of_an_account_that_is_taken_back_leaves_no_row(log: Log, boss: str, erika: str) -> None:
    found = model.User.get(erika)
    assert found is not None
    own: Any = {"user": boss, "auth_user_obj": model.User.get(boss), "defer_commit": True}
    toolkit.get_action("user_patch")(own, {"id": erika, "fullname": "Erika Neu"})
    model.Session.flush()
    model.Session.rollback()
    assert log.rows == []


def test_what_is_changed_past_the_portal_is_a_row_too(log: Log, erika: str) -> None:
    model.Session.execute(sa.text("UPDATE \"user\" SET email = 'x@y.example' WHERE name = 'erika'"))
    model.Session.commit()
    (row,) = log.rows
    assert (row.action, row.role, row.actor, row.subject) == ("account_change", "database", "", user_id(erika))


def test_accounts_that_the_portal_makes_by_itself_are_no_row(log: Log) -> None:
    act("", "user_create", **NEW)
    assert log.rows == []


def test_an_invitation_is_no_account_that_was_set_up(
    log: Log, amt: str, boss: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ckan.lib.mailer.send_invite", lambda *_about, **_more: None)
    act(boss, "user_invite", group_id=amt, email="neu@stadt.example", role="editor")
    assert sorted(one.action for one in log.rows) == ["invitation", "member_add"]


def test_a_login_is_no_row(log: Log, portal: LoadedPortal, erika: str) -> None:
    visitor = Visitor(portal, erika)
    log.begin()
    assert visitor.get("/governance/me").status == 200
    assert log.rows == []


def test_the_page_says_in_german_what_was_changed(
    log: Log, portal: LoadedPortal, amt: str, lead: str, boss: str, erika: str
) -> None:
    act(boss, "user_patch", id=erika, email="neu@stadt.example", fullname="Erika Neu")
    act(lead, "mainz_service_create", organization=amt, title="Nachtlauf")
    text = Visitor(portal, office()).get("/governance/decisions").text
    assert "Konto von jemand anderem geändert" in text
    assert "Name, E-Mail-Adresse" in text
    assert "Token erzeugt" in text
