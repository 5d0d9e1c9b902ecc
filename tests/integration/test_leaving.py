"""Leaving, handing over, orphans; invitations and what ends by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import ckan.model as model
import pytest
from ckan.common import config
from ckan.lib import mailer
from ckan.plugins import toolkit
from tests.kit import roles as kit
from tests.kit.roles import Log, account, act, capacity_of, days, deputy, interface, operator, organization, record
from tests.kit.services import LoadedPortal

from ckanext.mainz.governance import people, tables
from ckanext.mainz.governance.roles import jobs

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def log(clean: None) -> Log:
    return Log()


def errors(call: Callable[..., Any], /, *arguments: Any, **data: Any) -> dict[str, Any]:
    with pytest.raises(toolkit.ValidationError) as caught:
        call(*arguments, **data)
    model.Session.rollback()
    return caught.value.error_dict


# --- leaving --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("capacity", ["member", "editor", "admin"])
def test_everybody_leaves_an_organisation_by_themselves(capacity: str, log: Log):
    amt = organization()
    user = account(**{capacity: amt})
    log.begin()
    assert act(user, "mainz_membership_leave", organization=amt, note="Neues Amt.") == {
        "left": [kit.name_of(amt)],
        "handed_over": [],
        "orphaned": [],
    }
    assert capacity_of(user, amt) == ""
    assert [(row.before, row.after, row.actor) for row in log.of("member_remove")] == [
        ({"capacity": capacity}, {}, kit.user_id(user))
    ]
    assert [row.note for row in log.of("leave")] == ["Neues Amt."]


def test_the_last_datenverantwortliche_of_records_does_not_leave_without_a_successor():
    amt = organization()
    record(amt)
    chief = account(admin=amt)
    found = errors(act, chief, "mainz_membership_leave", organization=amt)
    assert kit.name_of(amt).title() in found["hand_over_to"][0]
    assert capacity_of(chief, amt) == "admin"


def test_a_successor_takes_over_in_the_same_step(log: Log):
    amt = organization()
    record(amt)
    chief, erika = account(admin=amt), account(editor=amt)
    log.begin()
    assert act(chief, "mainz_membership_leave", organization=amt, hand_over_to=erika)["handed_over"] == [
        kit.name_of(amt)
    ]
    assert (capacity_of(chief, amt), capacity_of(erika, amt)) == ("", "admin")
    assert [(row.before.get("capacity"), row.after.get("capacity")) for row in log.of_members()] == [
        ("editor", "admin"),
        ("admin", None),
    ]


def test_records_that_somebody_answers_for_from_above_are_left_to_them():
    amt = organization()
    unit = organization(parent=amt)
    record(unit)
    chief, head = account(admin=unit), account(admin=amt)
    act(chief, "mainz_membership_leave", organization=unit)
    found = errors(act, head, "mainz_membership_leave", organization=amt)
    assert kit.name_of(unit).title() in found["hand_over_to"][0]


def test_nobody_answers_through_a_seal():
    amt = organization()
    sealed = organization(parent=amt, sealed=True)
    record(sealed)
    account(admin=amt)
    chief = account(admin=sealed)
    assert "hand_over_to" in errors(act, chief, "mainz_membership_leave", organization=sealed)


@pytest.mark.parametrize("who", ["self", "interface", "nobody", "deleted", "pending"])
def test_a_successor_is_another_person_who_is_there(who: str):
    amt = organization()
    record(amt)
    chief = account(admin=amt)
    heir = {"self": chief, "interface": interface(amt)[0], "nobody": "niemand"}.get(who) or account()
    if who in ("deleted", "pending"):
        model.User.get(heir).state = who
        model.Session.commit()
    assert "hand_over_to" in errors(act, chief, "mainz_membership_leave", organization=amt, hand_over_to=heir)


def test_only_the_office_confirms_that_nobody_follows():
    amt = organization()
    record(amt)
    chief = account(admin=amt)
    assert "confirm" in errors(act, chief, "mainz_membership_leave", organization=amt, confirm=True)
    assert "confirm" in errors(act, operator(), "mainz_membership_leave", user=chief, organization=amt, confirm=True)
    done = act(kit.office(), "mainz_membership_leave", user=chief, organization=amt, confirm=True)
    assert done["orphaned"] == [kit.name_of(amt)]
    assert capacity_of(chief, amt) == ""


def test_leaving_altogether_ends_memberships_and_roles_at_once():
    first, second = organization(), organization()
    user, chief = account(editor=first), account(admin=first)
    act("", "organization_member_create", id=second, username=user, role="member")
    act(chief, "mainz_role_grant", user=user, role="deputy", for_user=chief, until=days(3))
    assert len(act(user, "mainz_membership_leave")["left"]) == 2
    model.Session.rollback()
    person = people.person(user)
    assert not person.capacities
    assert act(user, "mainz_role_list") == []


@pytest.mark.parametrize("capacity", ["editor", "member"])
def test_others_are_taken_out_only_by_who_manages_them(capacity: str):
    amt = organization()
    victim, user = account(editor=amt), account(**{capacity: amt})
    for who in (user, account(admin=organization())):
        with pytest.raises(toolkit.NotAuthorized):
            act(who, "mainz_membership_leave", organization=amt, user=victim)
        with pytest.raises(toolkit.NotAuthorized):
            act(who, "mainz_membership_leave", user=victim)
    act(account(admin=amt), "mainz_membership_leave", organization=amt, user=victim)
    assert capacity_of(victim, amt) == ""


def test_whoever_is_no_member_cannot_leave():
    amt = organization()
    assert "organization" in errors(act, account(), "mainz_membership_leave", organization=amt)
    assert "organization" in errors(act, account(), "mainz_membership_leave", organization="gibt-es-nicht")
    assert "user" in errors(act, account(), "mainz_membership_leave")


def test_an_interface_that_is_taken_out_ends():
    amt = organization()
    user, _token = interface(amt)
    act(account(admin=amt), "mainz_membership_leave", organization=amt, user=user)
    assert model.User.get(user).state == "deleted"


# --- the same by CKAN's own actions ---------------------------------------------------------------------------------


def test_ckans_own_actions_keep_the_last_datenverantwortliche_too():
    amt = organization()
    record(amt)
    chief, admin = account(admin=amt), operator()
    erika = account(editor=amt)
    removed = {"id": amt, "object": chief, "object_type": "user"}
    assert "object" in errors(act, admin, "member_delete", **removed)
    assert "object" in errors(act, admin, "organization_member_delete", id=amt, username=chief)
    assert "object" in errors(act, admin, "member_create", **removed, capacity="editor")
    assert "role" in errors(act, admin, "organization_member_create", id=amt, username=chief, role="owner")
    assert "username" in errors(act, admin, "organization_member_create", id=amt, username=chief, role="member")
    without = [{"name": erika, "capacity": "editor"}]
    assert "users" in errors(act, admin, "organization_patch", id=amt, users=without)
    assert "users" in errors(act, admin, "organization_patch", id=amt, users=[])
    assert "id" in errors(act, admin, "user_delete", id=chief)
    assert capacity_of(chief, amt) == "admin"
    assert model.User.get(chief).state == "active"


def test_where_no_record_is_everybody_may_go():
    amt = organization()
    chief = account(admin=amt)
    act(operator(), "organization_member_delete", id=amt, username=chief)
    assert capacity_of(chief, amt) == ""


def test_the_people_of_an_organisation_change_hands_in_one_update():
    amt = organization()
    record(amt)
    chief, heir = account(admin=amt), account()
    act(operator(), "organization_patch", id=amt, users=[{"name": heir, "capacity": "admin"}])
    assert (capacity_of(chief, amt), capacity_of(heir, amt)) == ("", "admin")


def test_neither_the_portal_itself_nor_a_program_nor_a_deputy_counts_as_successor():
    amt = organization()
    record(amt)
    chief = account(admin=amt)
    interface(amt)
    deputy(chief)
    site = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    act("", "organization_member_create", id=amt, username=site, role="admin")
    assert "hand_over_to" in errors(act, chief, "mainz_membership_leave", organization=amt)


def test_a_deleted_account_loses_roles_and_tokens(portal: LoadedPortal, log: Log):
    amt = organization()
    user = account(editor=amt)
    token = act(user, "api_token_create", user=user, name="meins")["token"]
    chief = account(admin=amt)
    act(chief, "mainz_role_grant", user=user, role="deputy", for_user=chief, until=days(3))
    admin = operator()
    log.begin()
    act(admin, "user_delete", id=user)
    client = portal.app._wsgi_app.test_client()
    answer = client.post("/api/3/action/user_show", json={"id": user}, headers={"Authorization": token})
    assert answer.status_code == 403
    assert act(chief, "mainz_role_list") == []
    assert {row.action for row in log.rows} == {"member_remove", "role_revoke", "user_delete"}


def test_an_account_is_not_deleted_past_this_by_changing_its_state():
    user = account()
    assert "state" in errors(act, operator(), "user_patch", id=user, state="deleted")


def test_who_becomes_an_administrator_stands_in_the_log(log: Log):
    user, admin = account(), operator()
    act(admin, "user_patch", id=user, sysadmin=True)
    row = log.of("sysadmin_grant")[-1]
    assert (row.subject, row.actor, row.after) == (kit.user_id(user), kit.user_id(admin), {"sysadmin": True})


def test_the_end_of_an_organisation_is_in_the_log_with_its_people(log: Log):
    amt = organization()
    user = account(editor=amt)
    admin = operator()
    log.begin()
    act(admin, "organization_delete", id=amt)
    assert [row.action for row in log.rows] == ["organization_delete", "member_remove"]
    assert people.person(user).capacities == {}


def test_an_organisation_with_records_is_not_deleted_by_changing_its_state():
    amt = organization()
    record(amt)
    assert "state" in errors(act, operator(), "organization_patch", id=amt, state="deleted")


# --- orphans and hand-over ------------------------------------------------------------------------------------------


def test_orphans_are_records_that_nobody_answers_for():
    alone, led = organization(), organization()
    orphan = record(alone, title="Verwaist")
    record(led)
    account(admin=led)
    account(editor=alone)
    found = act(kit.office(), "mainz_orphan_list")
    assert [one["organization"]["id"] for one in found] == [alone]
    assert [(one["count"], one["records"][0]["id"]) for one in found] == [(1, orphan)]


def test_records_become_orphans_when_the_account_of_their_person_is_gone():
    amt = organization()
    record(amt)
    chief = model.User.get(account(admin=amt))
    assert act(kit.office(), "mainz_orphan_list") == []
    chief.state = "deleted"
    model.Session.commit()
    assert [one["organization"]["id"] for one in act(kit.office(), "mainz_orphan_list")] == [amt]


def test_only_the_office_and_the_operator_see_orphans():
    act(operator(), "mainz_orphan_list")
    with pytest.raises(toolkit.NotAuthorized):
        act(account(admin=organization()), "mainz_orphan_list")


def owner_of(id: str) -> str:
    model.Session.rollback()
    return model.Package.get(id).owner_org


def test_datenverantwortliche_hand_a_record_over(log: Log):
    amt, other = organization(), organization()
    id, chief = record(amt), account(admin=amt)
    account(admin=other)
    done = act(chief, "mainz_record_handover", id=id, organization=kit.name_of(other), note="Zieht um.")
    assert done["organization"]["id"] == owner_of(id) == other
    row = log.of("handover")[0]
    assert (row.record_id, row.role, row.before, row.after, row.reason, row.note) == (
        *(id, "admin", {"organization": amt}, {"organization": other}, "organisation", "Zieht um."),
    )
    member = model.Session.query(model.Member).filter_by(table_id=id, state="active", capacity="organization").one()
    assert member.group_id == other


def test_nobody_else_hands_it_over():
    amt, other = organization(), organization()
    id = record(amt)
    chief_there = account(admin=other)
    for user in (account(editor=amt), account(member=amt), chief_there, operator(), account()):
        with pytest.raises(toolkit.NotAuthorized):
            act(user, "mainz_record_handover", id=id, organization=other)
    assert owner_of(id) == amt


def test_whoever_may_not_know_of_a_record_hears_the_same_as_where_there_is_none():
    id = record(organization())
    messages = set()
    for wanted in (id, "gibt-es-nicht"):
        with pytest.raises(toolkit.NotAuthorized) as caught:
            act(account(), "mainz_record_handover", id=wanted, organization=organization())
        messages.add(str(caught.value))
    assert len(messages) == 1


@pytest.mark.parametrize("kind", ["kommune", "dritte"])
def test_only_the_office_hands_a_record_out_of_the_city_group(kind: str):
    amt, outside = organization(), organization(kind=kind)
    id = record(amt)
    account(admin=outside)
    found = errors(act, account(admin=amt), "mainz_record_handover", id=id, organization=outside)
    assert "Geschäftsstelle" in found["organization"][0]
    act(kit.office(), "mainz_record_handover", id=id, organization=outside)
    assert owner_of(id) == outside


def test_a_record_goes_to_somebody_who_answers_for_it():
    amt, empty = organization(), organization()
    id, chief = record(amt), account(admin=amt)
    for wanted in (empty, amt, "gibt-es-nicht", ""):
        assert "organization" in errors(act, chief, "mainz_record_handover", id=id, organization=wanted)
    assert "reason" in errors(act, chief, "mainz_record_handover", id=id, organization=empty, reason="darum")
    assert owner_of(id) == amt


# --- invitations ----------------------------------------------------------------------------------------------------


@pytest.fixture
def in_a_request(portal: LoadedPortal) -> Iterator[None]:
    """Mails are written within a request, which knows the language."""
    with portal.app._wsgi_app.test_request_context("/"):
        yield


@pytest.fixture
def sent(in_a_request: None, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Addresses and texts of mails that were sent."""
    mails: list[tuple[str, str]] = []

    def send(_name: str, address: str, _subject: str, body: str, *_more: Any, **_options: Any) -> None:
        mails.append((address, body))

    monkeypatch.setattr(mailer, "mail_recipient", send)
    return mails


def invite(user: str, place: str, role: str = "editor", email: str = "neu@stadt.example") -> str:
    return act(user, "user_invite", email=email, group_id=place, role=role)["name"]


def pending(user: str) -> Any:
    return model.Session.execute(
        tables.invitation.select().where(tables.invitation.c.user_id == kit.user_id(user))
    ).one()


def later(monkeypatch: pytest.MonkeyPatch, user: str, number: int) -> None:
    """An invitation was made some days ago."""
    row = pending(user)
    statement = tables.invitation.update().where(tables.invitation.c.user_id == row.user_id)
    model.Session.execute(statement.values(until=row.until - timedelta(days=number)))
    model.Session.commit()


def test_an_invitation_has_an_end_and_says_so(sent: list[tuple[str, str]], log: Log):
    amt = organization()
    user = invite(account(admin=amt), amt)
    row = pending(user)
    assert timedelta(days=13) < row.until - datetime.now(UTC) < timedelta(days=14, minutes=1)
    assert (row.organization_id, row.capacity) == (amt, "editor")
    assert sent[0][0] == "neu@stadt.example"
    assert row.until.astimezone(toolkit.h.get_display_timezone()).strftime("%d.%m.%Y") in sent[0][1]
    assert [row.after["capacity"] for row in log.of("invitation")] == ["editor"]


def test_the_operator_says_how_long_an_invitation_lasts(sent: list[tuple[str, str]]):
    config["ckanext.mainz.governance.invitation_days"] = 3
    amt = organization()
    assert pending(invite(account(admin=amt), amt)).until - datetime.now(UTC) < timedelta(days=3, minutes=1)


def test_an_invited_account_may_nothing_until_it_is_taken_up(sent: list[tuple[str, str]]):
    amt = organization()
    user = invite(account(admin=amt), amt, "admin")
    assert people.person(user) is people.NOBODY
    assert capacity_of(user, amt) == "admin"


def test_a_late_invitation_cannot_be_taken_up_and_is_gone_after_the_night(
    portal: LoadedPortal, sent: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch, log: Log
):
    amt = organization()
    user = invite(account(admin=amt), amt)
    link = "/user/reset/" + sent[0][1].split("/user/reset/")[1].split()[0]
    later(monkeypatch, user, 15)
    form = {"password1": kit.PASSWORD, "password2": kit.PASSWORD}
    portal.app._wsgi_app.test_client().post(link, data=form)
    model.Session.rollback()
    assert model.User.get(user).state == "pending"
    jobs.expire()
    assert model.User.get(user).state == "deleted"
    assert capacity_of(user, amt) == ""
    assert [row.role for row in log.of("invitation_end")] == ["portal"]
    assert portal.app._wsgi_app.test_client().post(link, data=form).status_code == 403
    invite(account(admin=amt), amt)


def test_an_invitation_that_was_taken_up_in_time_stays(
    portal: LoadedPortal, sent: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
):
    amt = organization()
    user = invite(account(admin=amt), amt)
    link = "/user/reset/" + sent[0][1].split("/user/reset/")[1].split()[0]
    form = {"password1": kit.PASSWORD, "password2": kit.PASSWORD}
    assert portal.app._wsgi_app.test_client().post(link, data=form).status_code == 302
    later(monkeypatch, user, 15)
    jobs.expire()
    assert (model.User.get(user).state, capacity_of(user, amt)) == ("active", "editor")
    assert model.Session.execute(tables.invitation.select()).all() == []


def test_an_invitation_whose_mail_fails_leaves_nothing_behind(in_a_request: None, monkeypatch: pytest.MonkeyPatch):
    def fail(*_arguments: Any, **_more: Any) -> None:
        raise mailer.MailerException("no server")

    monkeypatch.setattr(mailer, "mail_recipient", fail)
    amt = organization()
    for user in (account(admin=amt), operator()):
        found = errors(act, user, "user_invite", email="neu@stadt.example", group_id=amt, role="editor")
        assert "E-Mail" in found["email"][0]
        left = model.User.by_email("neu@stadt.example")
        assert left.state == "deleted"
        assert capacity_of(left.name, amt) == ""


def test_an_account_that_waits_without_an_invitation_ends_after_the_same_time(sent: list[tuple[str, str]]):
    amt = organization()
    user = invite(account(admin=amt), amt)
    model.Session.execute(tables.invitation.delete())
    model.User.get(user).created = datetime.now() - timedelta(days=13)
    model.Session.commit()
    jobs.expire()
    assert model.User.get(user).state == "pending"
    model.User.get(user).created = datetime.now() - timedelta(days=15)
    model.Session.commit()
    jobs.expire()
    assert model.User.get(user).state == "deleted"


@pytest.mark.parametrize("role", ["owner", "sysadmin", "ADMIN"])
def test_nobody_is_invited_to_a_role_that_does_not_exist(role: str, sent: list[tuple[str, str]]):
    amt = organization()
    assert "role" in errors(act, account(admin=amt), "user_invite", email="a@b.example", group_id=amt, role=role)
    assert model.User.by_email("a@b.example") is None


def test_tokens_of_accounts_that_a_command_has_deleted_go_in_the_night():
    user = account()
    act(user, "api_token_create", user=user, name="meins")
    model.User.get(user).state = "deleted"
    model.Session.commit()
    jobs.expire()
    assert model.Session.query(model.ApiToken).count() == 0
