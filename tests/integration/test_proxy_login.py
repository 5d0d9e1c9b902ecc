"""The header of an identity-aware proxy: who comes in by it, and that nobody else does."""

from __future__ import annotations

import logging
from typing import Any

import ckan.model as model
import pytest
from ckan.common import config
from tests.kit.people import Visitor
from tests.kit.roles import account, interface, operator, organization
from tests.kit.services import LoadedPortal

from ckanext.mainz.governance.roles import proxy

pytestmark = pytest.mark.usefixtures("clean")
PROXY, ELSEWHERE = "10.20.0.5", "10.20.1.5"
OPTION = "ckanext.mainz.governance.proxy."


@pytest.fixture
def switched_on(portal: LoadedPortal) -> None:
    config[OPTION + "header"] = "X-Forwarded-Email"
    config[OPTION + "networks"] = "10.20.0.0/24 fd00::/64"


def who(portal: LoadedPortal, name: str, address: str = PROXY, **headers: str) -> str:
    """Whom the portal sees in a request with the header."""
    client = portal.app._wsgi_app.test_client()
    given = {"X-Forwarded-Email": name, **{key.replace("_", "-"): value for key, value in headers.items()}}
    answer = client.get("/dashboard/datasets", headers=given, environ_overrides={"REMOTE_ADDR": address})
    if answer.status_code == 302:
        return ""
    found = [one for one in model.Session.query(model.User) if one.display_name in answer.text]
    return found[0].name if found else "?"


def email(user: str) -> str:
    found = model.User.get(user)
    assert found is not None
    return found.email


@pytest.mark.usefixtures("switched_on")
def test_a_person_comes_in_by_name_or_mail_from_the_address_of_the_proxy(portal: LoadedPortal):
    user = account()
    for given in (user, email(user), email(user).upper()):
        assert who(portal, given) == user
    assert who(portal, user, "fd00::9") == user
    assert who(portal, user, f"::ffff:{PROXY}") == user


def test_it_is_off_until_somebody_switches_it_on(portal: LoadedPortal):
    user = account()
    assert who(portal, user) == ""
    config[OPTION + "header"] = "X-Forwarded-Email"
    assert who(portal, user) == ""
    assert who(portal, user, "127.0.0.1") == ""


@pytest.mark.usefixtures("switched_on")
def test_the_header_from_elsewhere_is_ignored_and_counted_without_saying_who(
    portal: LoadedPortal, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(proxy.log, "disabled", False)  # imported before CKAN set its logging up
    monkeypatch.setattr(logging.getLogger("ckanext"), "propagate", True)
    user = account()
    with caplog.at_level(logging.WARNING):
        for address in (ELSEWHERE, "127.0.0.1", "", "unix:"):
            assert who(portal, user, address) == "", address
    warnings = {one.getMessage() for one in caplog.records if "identity-aware proxy" in one.getMessage()}
    assert len(warnings) == 4
    assert not any(part in warning for warning in warnings for part in (user, ELSEWHERE, "127.0.0.1"))


@pytest.mark.usefixtures("switched_on")
def test_what_a_client_says_of_its_address_counts_for_nothing(portal: LoadedPortal):
    user = account()
    assert who(portal, user, ELSEWHERE, X_Forwarded_For=PROXY, X_Real_Ip=PROXY, Forwarded=f"for={PROXY}") == ""


@pytest.mark.usefixtures("switched_on")
def test_without_its_secret_the_proxy_is_not_the_proxy(portal: LoadedPortal):
    user = account()
    config[OPTION + "secret_header"] = "X-Secret"
    config[OPTION + "secret"] = "ganz geheim"
    assert who(portal, user) == ""
    assert who(portal, user, X_Secret="geraten") == ""
    assert who(portal, user, X_Secret="ganz geheim") == user
    assert who(portal, user, ELSEWHERE, X_Secret="ganz geheim") == ""


@pytest.mark.usefixtures("switched_on")
@pytest.mark.parametrize("option", ["secret_header", "secret"])
def test_half_of_a_secret_lets_nobody_in(portal: LoadedPortal, option: str):
    config[OPTION + option] = "X-Secret"
    assert who(portal, account(), X_Secret="X-Secret") == ""


@pytest.mark.usefixtures("switched_on")
@pytest.mark.parametrize("given", ["niemand", "niemand@stadt.example", "a, b", " ", "x" * 300, "%", "' OR 1=1 --"])
def test_nobody_is_made_who_is_not_there(portal: LoadedPortal, given: str):
    account()
    before = model.Session.query(model.User).count()
    assert who(portal, given) == ""
    model.Session.rollback()
    assert model.Session.query(model.User).count() == before


@pytest.mark.usefixtures("switched_on")
@pytest.mark.parametrize("state", ["deleted", "pending"])
def test_an_account_that_is_not_active_does_not_come_in(portal: LoadedPortal, state: str):
    user = account()
    model.User.get(user).state = state
    model.Session.commit()
    assert who(portal, user) == ""


@pytest.mark.usefixtures("switched_on")
def test_administrators_need_their_password_unless_the_operator_says_otherwise(portal: LoadedPortal):
    admin = operator()
    assert who(portal, admin) == ""
    config[OPTION + "sysadmins"] = True
    assert who(portal, admin) == admin


@pytest.mark.usefixtures("switched_on")
def test_a_program_does_not_come_in_by_the_proxy(portal: LoadedPortal):
    user, _token = interface(organization())
    assert who(portal, user) == ""


@pytest.mark.usefixtures("switched_on")
def test_a_forged_header_does_not_take_away_a_session(portal: LoadedPortal):
    erika, other = account(), account()
    browser = Visitor(portal, erika)
    for address, expected in ((ELSEWHERE, erika), (PROXY, other)):
        answer = browser.client.get(
            "/dashboard/datasets",
            headers={"X-Forwarded-Email": other},
            environ_overrides={"REMOTE_ADDR": address},
        )
        found: Any = model.User.get(expected)
        assert found.display_name in answer.text


@pytest.mark.usefixtures("switched_on")
def test_forms_keep_their_protection_behind_the_proxy(portal: LoadedPortal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(portal.app._wsgi_app.config, "WTF_CSRF_ENABLED", True)
    user = account()
    answer = portal.app._wsgi_app.test_client().post(
        "/api/3/action/user_patch",
        json={"id": user, "about": "Untergeschoben."},
        headers={"X-Forwarded-Email": user},
        environ_overrides={"REMOTE_ADDR": PROXY},
    )
    assert answer.status_code == 400
    model.Session.rollback()
    assert model.User.get(user).about != "Untergeschoben."
