"""Organisations, memberships and portal roles: who may give what to whom, and what an attack comes to."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.plugins import toolkit
from tests.kit import roles as kit
from tests.kit.people import GOOD as WHOLE
from tests.kit.roles import Log, account, act, capacity_of, days, deputy, interface, operator, organization, record
from tests.kit.services import LoadedPortal

from ckanext.mainz.governance import decisions, people
from ckanext.mainz.governance.roles import jobs

pytestmark = pytest.mark.usefixtures("clean")
GOOD = {**WHOLE, "private": True}
CLOSED = (403, 404)
"""What is forbidden, and what looks as if it were not there."""
REFUSED = (toolkit.NotAuthorized, toolkit.ValidationError, toolkit.ObjectNotFound)


@pytest.fixture
def log(clean: None) -> Log:
    return Log()


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """SQL statements that were sent since the list was last cleared."""
    sent: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    engine = model.ensure_engine()
    sa.event.listen(engine, "before_cursor_execute", listen)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", listen)


def person(user: str) -> people.Person:
    model.Session.rollback()
    return people.person(user)


def may(user: str, auth: str, /, **data: Any) -> bool:
    """Whether somebody is allowed an action."""
    model.Session.rollback()
    try:
        return toolkit.check_access(auth, kit.context(user), data)
    except toolkit.NotAuthorized:
        return False


def errors(call: Callable[..., Any], /, *arguments: Any, **data: Any) -> dict[str, Any]:
    with pytest.raises(toolkit.ValidationError) as caught:
        call(*arguments, **data)
    return caught.value.error_dict


# --- who somebody is ------------------------------------------------------------------------------------------------


def test_memberships_and_the_tree_make_a_person():
    department = organization()
    unit = organization(parent=department)
    sealed = organization(parent=department, sealed=True)
    admin = person(account(admin=department))
    assert (admin.leads(department), admin.leads(unit), admin.leads(sealed)) == (True, True, False)
    assert (admin.reads_own(unit), admin.reads_own(sealed)) == (True, False)


def test_whoever_is_not_logged_in_costs_no_statement(portal: LoadedPortal, statements: list[str]):
    with portal.app._wsgi_app.test_request_context("/"):
        statements.clear()
        assert people.acting({"user": "", "auth_user_obj": None}) is people.NOBODY
        assert people.person(None) is people.NOBODY
    assert statements == []


def test_a_person_is_read_in_two_statements_and_once_a_request(portal: LoadedPortal, statements: list[str]):
    amt = organization()
    user = model.User.get(deputy(account(admin=amt), editor=organization()))
    with portal.app._wsgi_app.test_request_context("/"):
        statements.clear()
        first = people.acting({"user": user.name, "auth_user_obj": user})
        assert people.person(user.name) is people.person(user.id) is first
        assert first.leads(amt)
    assert len(statements) == 2, statements


def test_a_person_without_roles_is_read_in_one_statement(portal: LoadedPortal, statements: list[str]):
    user = model.User.get(account())
    with portal.app._wsgi_app.test_request_context("/"):
        statements.clear()
        people.person(user)
    assert len(statements) == 1, statements


def test_a_changed_membership_counts_within_the_same_request(portal: LoadedPortal):
    amt, user = organization(), account()
    with portal.app._wsgi_app.test_request_context("/"):
        assert not people.person(user).edits(amt)
        act("", "organization_member_create", id=amt, username=user, role="editor")
        assert people.person(user).edits(amt)


@pytest.mark.parametrize("state", ["deleted", "pending"])
def test_an_account_that_is_not_active_is_nobody(state: str):
    user = model.User.get(account(admin=organization()))
    user.state = state
    model.Session.commit()
    assert people.person(user.name) is people.NOBODY


# --- deputies -------------------------------------------------------------------------------------------------------


def test_a_deputy_acts_in_the_place_of_their_person_until_the_day_is_over(monkeypatch: pytest.MonkeyPatch):
    amt = organization()
    chief = account(admin=amt)
    user = account()
    act(chief, "mainz_role_grant", user=user, role="deputy", for_user=chief, until=days(3))
    assert may(user, "package_create", owner_org=amt)
    today = people.today()
    for day, leads in (
        (today.replace(), True),
        (today + kit.timedelta(days=3), True),
        (today + kit.timedelta(days=4), False),
    ):
        with kit.on(day, monkeypatch):
            assert person(user).leads(amt) is leads, day


def test_a_deputy_of_a_deputy_gains_nothing():
    amt = organization()
    chief = account(admin=amt)
    first = deputy(chief)
    second = deputy(first)
    assert person(first).leads(amt)
    assert not person(second).leads(amt)


def test_a_deputy_of_somebody_in_the_office_is_of_the_office():
    head = kit.office()
    assert person(deputy(head)).office


def test_a_deputy_loses_everything_at_once_with_the_account_of_their_person():
    amt = organization()
    chief, other = account(admin=amt), account(admin=amt)
    user = deputy(chief)
    act(operator(), "user_delete", id=chief)
    assert not person(user).leads(amt)
    assert person(other).leads(amt)


def test_a_deputy_names_no_deputies_for_their_person():
    amt = organization()
    chief = account(admin=amt)
    user = deputy(chief)
    with pytest.raises(toolkit.NotAuthorized):
        act(user, "mainz_role_grant", user=account(), role="deputy", for_user=chief, until=days(300))


def test_a_deputy_of_the_office_gives_no_roles():
    user = deputy(kit.office())
    amt = organization()
    with pytest.raises(toolkit.NotAuthorized):
        act(user, "mainz_role_grant", user=account(), role="service", organization=amt)


def test_a_deputy_does_not_make_themselves_a_member_to_stay():
    amt = organization()
    user = deputy(account(admin=amt))
    assert "object" in errors(act, user, "member_create", id=amt, object=user, object_type="user", capacity="admin")
    assert capacity_of(user, amt) == ""


def test_datenverantwortliche_name_deputies_for_people_they_answer_for_wholly():
    amt, other = organization(), organization()
    chief, erika = account(admin=amt), account(editor=amt)
    granted = act(chief, "mainz_role_grant", user=account(), role="deputy", for_user=erika, until=days(3))
    assert granted["for_user"]["name"] == erika
    act("", "organization_member_create", id=other, username=erika, role="member")
    with pytest.raises(toolkit.NotAuthorized):
        act(chief, "mainz_role_grant", user=account(), role="deputy", for_user=erika, until=days(3))


def test_datenverantwortliche_do_not_reach_the_office_through_a_deputy():
    amt = organization()
    chief, head = account(admin=amt), kit.office()
    act("", "organization_member_create", id=amt, username=head, role="editor")
    with pytest.raises(toolkit.NotAuthorized):
        act(chief, "mainz_role_grant", user=account(), role="deputy", for_user=head, until=days(3))


@pytest.mark.parametrize(
    ("until", "says"),
    [("", "fill in"), (-1, "passed"), (400, "a year"), ("gestern", "no day"), ("2026-13-01", "no day")],
)
def test_the_end_of_a_deputyship_is_a_day_within_a_year(until: str | int, says: str):
    chief = account(admin=organization())
    until = days(until) if isinstance(until, int) else until
    found = errors(act, chief, "mainz_role_grant", user=account(), role="deputy", for_user=chief, until=until)
    assert says in found["until"][0]


def test_a_second_grant_moves_the_last_day_and_makes_no_second_role(log: Log):
    chief, user = account(admin=organization()), account()
    given = {"user": user, "role": "deputy", "for_user": chief}
    first = act(chief, "mainz_role_grant", until=days(3), **given)
    second = act(chief, "mainz_role_grant", until=days(9), **given)
    assert first["id"] == second["id"]
    assert [row["until"] for row in act(user, "mainz_role_list")] == [days(9)]
    assert log.of("role_grant")[-1].before["until"] == days(3)


def test_both_sides_of_a_deputyship_may_end_it_and_others_may_not():
    amt = organization()
    chief = account(admin=amt)
    for who in ("deputy", "chief"):
        user = deputy(chief)
        role = act(user, "mainz_role_list")[0]["id"]
        with pytest.raises(toolkit.NotAuthorized):
            act(account(editor=amt), "mainz_role_revoke", id=role)
        act(user if who == "deputy" else chief, "mainz_role_revoke", id=role)
        assert not person(user).leads(amt)


# --- the office -----------------------------------------------------------------------------------------------------


def test_only_the_operator_gives_the_office_and_never_to_themselves(log: Log):
    head, user, admin = kit.office(), account(), operator()
    with pytest.raises(toolkit.NotAuthorized):
        act(head, "mainz_role_grant", user=user, role="office")
    assert "user" in errors(act, admin, "mainz_role_grant", user=admin, role="office")
    act(admin, "mainz_role_grant", user=user, role="office")
    assert person(user).office
    assert not person(admin).office
    assert (log.rows[-1].action, log.rows[-1].role, log.rows[-1].subject) == (
        "role_grant",
        "sysadmin",
        kit.user_id(user),
    )


def test_the_operator_gives_nothing_but_the_office():
    amt, admin = organization(), operator()
    chief = account(admin=amt)
    for wanted in ({"role": "service", "organization": amt}, {"role": "deputy", "for_user": chief, "until": days(3)}):
        with pytest.raises(toolkit.NotAuthorized):
            act(admin, "mainz_role_grant", user=account(), **wanted)


def test_an_ended_office_counts_no_more_and_is_taken_away_at_night(monkeypatch: pytest.MonkeyPatch, log: Log):
    user = account()
    act(operator(), "mainz_role_grant", user=user, role="office", until=days(1))
    later = people.today() + kit.timedelta(days=2)
    with kit.on(later, monkeypatch):
        assert not person(user).office
        jobs.expire()
    assert act(user, "mainz_role_list") == []
    assert [(row.role, row.actor) for row in log.of("role_end")] == [("portal", "")]


def test_everybody_sees_their_own_roles_and_only_the_office_all():
    chief = account(admin=organization())
    user, head, stranger = deputy(chief), kit.office(), account()
    assert [row["role"] for row in act(user, "mainz_role_list")] == ["deputy"]
    assert [row["role"] for row in act(chief, "mainz_role_list")] == ["deputy"]
    assert act(stranger, "mainz_role_list") == []
    assert act(stranger, "mainz_role_list", user=user) == []
    assert {row["role"] for row in act(head, "mainz_role_list")} == {"deputy", "office"}


@pytest.mark.parametrize("role", ["sysadmin", "admin", "", None, 7, ["office"], "OFFICE"])
def test_a_role_that_does_not_exist_is_not_given(role: Any):
    with pytest.raises(REFUSED):
        act(operator(), "mainz_role_grant", user=account(), role=role)


@pytest.mark.parametrize("user", ["", "gibt-es-nicht", None, {}, "\x00", "x" * 5000])
def test_an_account_that_does_not_exist_gets_no_role(user: Any):
    assert "user" in errors(act, operator(), "mainz_role_grant", user=user, role="office")


# --- acting below ---------------------------------------------------------------------------------------------------


@pytest.fixture
def house() -> dict[str, str]:
    """Ids: a department with a unit, a sealed unit, and a neighbour, each with a record."""
    amt = organization()
    places = {
        "amt": amt,
        "unit": organization(parent=amt),
        "sealed": organization(parent=amt, sealed=True),
        "neighbour": organization(),
    }
    return {**places, **{f"record of {name}": record(place) for name, place in places.items()}}


CAPACITY_ACTS = {
    "admin": {"amt": True, "unit": True, "sealed": False, "neighbour": False},
    "editor": {"amt": True, "unit": False, "sealed": False, "neighbour": False},
    "member": {"amt": False, "unit": False, "sealed": False, "neighbour": False},
}


@pytest.mark.parametrize("capacity", CAPACITY_ACTS)
def test_only_datenverantwortliche_write_below_and_never_past_a_seal(house: dict[str, str], capacity: str):
    user = account(**{capacity: house["amt"]})
    for place, allowed in CAPACITY_ACTS[capacity].items():
        assert may(user, "package_create", owner_org=house[place]) is allowed, place
        for auth in ("package_update", "package_patch", "package_delete"):
            assert may(user, auth, id=house[f"record of {place}"]) is allowed, (auth, place)
        assert may(user, "resource_create", package_id=house[f"record of {place}"]) is allowed, place


def test_a_record_is_entered_below_through_ckans_own_action(house: dict[str, str]):
    user = account(admin=house["amt"])
    made = act(user, "package_create", **GOOD, name="baeume", owner_org=house["unit"])
    assert made["owner_org"] == house["unit"]
    assert act(user, "package_patch", id="baeume", notes="Neu.")["notes"] == "Neu."
    with pytest.raises(REFUSED):
        act(user, "package_create", **GOOD, name="zaehlung", owner_org=house["sealed"])
    with pytest.raises(REFUSED):
        act(user, "package_patch", id="baeume", owner_org=house["sealed"])


def test_a_deputy_without_any_membership_enters_records(house: dict[str, str]):
    user = deputy(account(admin=house["amt"]))
    assert may(user, "package_create")
    assert act(user, "package_create", **GOOD, name="baeume", owner_org=house["unit"])["owner_org"] == house["unit"]


def test_a_member_who_was_removed_writes_no_more(house: dict[str, str]):
    chief, user = account(admin=house["amt"]), account(editor=house["amt"])
    assert may(user, "package_update", id=house["record of amt"])
    act(chief, "organization_member_delete", id=house["amt"], username=user)
    with pytest.raises(REFUSED):
        act(user, "package_patch", id=house["record of amt"], notes="Zu spät.")


@pytest.mark.parametrize("capacity", CAPACITY_ACTS)
def test_only_datenverantwortliche_manage_people_there_and_below(house: dict[str, str], capacity: str):
    user = account(**{capacity: house["amt"]})
    for place in ("amt", "unit", "sealed", "neighbour"):
        allowed = capacity == "admin" and place in ("amt", "unit")
        new = account()
        given = {"id": house[place], "object": new, "object_type": "user", "capacity": "editor"}
        for auth in ("member_create", "member_delete", "organization_member_create", "organization_update"):
            assert may(user, auth, **given) is allowed, (auth, place)
        assert may(user, "user_invite", group_id=house[place]) is allowed, place
        if allowed:
            act(user, "member_create", **given)
        else:
            with pytest.raises(toolkit.NotAuthorized):
                act(user, "member_create", **given)
        assert capacity_of(new, house[place]) == ("editor" if allowed else "")


def test_the_office_manages_people_and_organisations_but_writes_no_records(house: dict[str, str]):
    head = kit.office()
    assert may(head, "member_create", id=house["sealed"], object_type="user")
    assert may(head, "organization_create")
    assert not may(head, "package_update", id=house["record of amt"])


@pytest.mark.parametrize(
    ("permission", "capacity", "expected"),
    [
        ("create_dataset", "admin", {"amt", "unit"}),
        ("create_dataset", "editor", {"amt"}),
        ("create_dataset", "member", set()),
        ("read", "member", {"amt", "unit"}),
        ("read", "editor", {"amt"}),
        ("manage_group", "editor", {"amt"}),
        ("membership", "admin", {"amt", "unit"}),
        ("membership", "editor", set()),
    ],
)
def test_the_list_of_organisations_says_where_one_may(
    house: dict[str, str], permission: str, capacity: str, expected: set[str]
):
    user = account(**{capacity: house["amt"]})
    found = act(user, "organization_list_for_user", permission=permission)
    assert {one["id"] for one in found} == {house[name] for name in expected}
    assert all(one["capacity"] for one in found)


def test_the_list_of_organisations_of_a_deputy_holds_those_of_their_person(house: dict[str, str]):
    user = deputy(account(editor=house["neighbour"]))
    found = act(user, "organization_list_for_user", permission="create_dataset")
    assert [(one["id"], one["capacity"]) for one in found] == [(house["neighbour"], "editor")]


def test_nobody_who_is_not_logged_in_learns_where_somebody_belongs(house: dict[str, str]):
    user = account(editor=house["amt"])
    with pytest.raises(toolkit.NotAuthorized):
        toolkit.get_action("organization_list_for_user")({"user": "", "auth_user_obj": None}, {"id": user})


# --- interfaces -----------------------------------------------------------------------------------------------------


def api(portal: LoadedPortal, token: str, action: str, /, **data: Any) -> Any:
    """The answer of the Action API to a token."""
    client = portal.app._wsgi_app.test_client()
    return client.post(f"/api/3/action/{action}", json=data, headers={"Authorization": token})


def test_an_interface_writes_for_its_organisation_by_its_token(portal: LoadedPortal, house: dict[str, str]):
    user, token = interface(house["amt"])
    answer = api(portal, token, "package_create", **GOOD, name="baeume", owner_org=house["amt"])
    assert answer.status_code == 200, answer.text
    answer = api(portal, token, "package_patch", id="baeume", notes="Neu.")
    assert answer.json["result"]["notes"] == "Neu."
    assert person(user).service == house["amt"]


@pytest.mark.parametrize("place", ["unit", "sealed", "neighbour"])
def test_the_token_of_an_interface_is_worth_nothing_elsewhere(portal: LoadedPortal, house: dict[str, str], place: str):
    _user, token = interface(house["amt"])
    for action, data in (
        ("package_create", {**GOOD, "name": "fremd", "owner_org": house[place]}),
        ("package_patch", {"id": house[f"record of {place}"], "notes": "Fremd."}),
        ("package_delete", {"id": house[f"record of {place}"]}),
    ):
        assert api(portal, token, action, **data).status_code in CLOSED, action
    answer = api(portal, token, "package_create", **GOOD, name="eigen", owner_org=house["amt"])
    assert answer.status_code == 200
    assert api(portal, token, "package_patch", id="eigen", owner_org=house[place]).status_code in (403, 409)


def test_an_interface_manages_neither_people_nor_tokens_nor_itself(portal: LoadedPortal, house: dict[str, str]):
    user, token = interface(house["amt"])
    other, _token = interface(house["amt"])
    stranger = account()
    for action, data in (
        ("member_create", {"id": house["amt"], "object": stranger, "object_type": "user", "capacity": "editor"}),
        ("organization_member_create", {"id": house["amt"], "username": stranger, "role": "editor"}),
        ("organization_patch", {"id": house["amt"], "title": "Meins"}),
        ("user_invite", {"email": "x@stadt.example", "group_id": house["amt"], "role": "admin"}),
        ("api_token_create", {"user": user, "name": "mehr"}),
        ("api_token_create", {"user": other, "name": "mehr"}),
        ("api_token_list", {"user_id": other}),
        ("user_patch", {"id": user, "password": "ein ganz neues Passwort"}),
        ("mainz_role_grant", {"user": stranger, "role": "service", "organization": house["amt"]}),
        ("mainz_role_grant", {"user": stranger, "role": "deputy", "for_user": user, "until": days(3)}),
        ("mainz_service_create", {"organization": house["amt"], "title": "Noch eine"}),
        ("mainz_membership_leave", {"organization": house["amt"]}),
        ("mainz_member_list", {"organization": house["amt"]}),
        ("mainz_record_handover", {"id": house["record of amt"], "organization": house["neighbour"]}),
        ("mainz_orphan_list", {}),
    ):
        assert api(portal, token, action, **data).status_code == 403, action


@pytest.mark.parametrize("capacity", ["admin", "member"])
def test_an_interface_stays_an_editor_of_its_organisation(house: dict[str, str], capacity: str):
    user, _token = interface(house["amt"])
    chief = account(admin=house["amt"])
    found = errors(act, chief, "member_create", id=house["amt"], object=user, object_type="user", capacity=capacity)
    assert "program" in found["object"][0]
    assert capacity_of(user, house["amt"]) == "editor"


def test_an_interface_does_not_join_another_organisation(house: dict[str, str]):
    user, _token = interface(house["amt"])
    chief = account(admin=house["neighbour"])
    found = errors(act, chief, "organization_member_create", id=house["neighbour"], username=user, role="editor")
    assert "program" in found["username"][0]


def test_a_membership_that_came_by_other_ways_gives_an_interface_nothing(house: dict[str, str]):
    user, _token = interface(house["amt"])
    model.Session.add(
        model.Member(
            table_name="user", table_id=kit.user_id(user), group=model.Group.get(house["neighbour"]), capacity="admin"
        )
    )
    model.Session.commit()
    assert not may(user, "package_update", id=house["record of neighbour"])
    found = act(user, "organization_list_for_user", permission="create_dataset")
    assert {one["id"] for one in found} == {house["amt"]}


def test_the_end_of_an_interface_ends_account_and_token(portal: LoadedPortal, house: dict[str, str], log: Log):
    user, token = interface(house["amt"])
    chief = account(admin=house["amt"])
    role = next(one for one in act(chief, "mainz_role_list", organization=house["amt"]) if one["role"] == "service")
    act(chief, "mainz_role_revoke", id=role["id"])
    assert model.User.get(user).state == "deleted"
    assert api(portal, token, "package_patch", id=house["record of amt"], notes="Noch da?").status_code in CLOSED
    assert capacity_of(user, house["amt"]) == ""
    assert [row.actor for row in log.of("account_end")] == [kit.user_id(chief)]
    assert [row.before["role"] for row in log.of("role_revoke")] == ["service"]


def test_after_its_last_day_an_interface_does_nothing_even_before_the_night(
    portal: LoadedPortal, house: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    made = act(kit.office(), "mainz_service_create", organization=house["amt"], title="Lauf", until=days(1))
    with kit.on(people.today() + kit.timedelta(days=2), monkeypatch):
        answer = api(portal, made["token"], "package_patch", id=house["record of amt"], notes="Noch da?")
        assert answer.status_code in CLOSED
        jobs.expire()
    assert model.User.get(made["user"]).state == "deleted"


def test_an_account_with_other_work_is_no_interface(house: dict[str, str]):
    head = kit.office()
    chief = account(admin=house["amt"])
    for user in (account(editor=house["neighbour"]), account(admin=house["amt"]), deputy(chief), operator()):
        found = errors(act, head, "mainz_role_grant", user=user, role="service", organization=house["amt"])
        assert "user" in found


def test_datenverantwortliche_make_interfaces_and_their_tokens_and_others_do_not(house: dict[str, str]):
    chief = account(admin=house["amt"])
    made = act(chief, "mainz_service_create", organization=house["amt"], title="Nachtlauf")
    assert act(chief, "api_token_create", user=made["user"], name="neu")["token"]
    assert len(act(chief, "api_token_list", user_id=made["user"])) == 2
    for stranger in (account(editor=house["amt"]), account(admin=house["neighbour"])):
        with pytest.raises(toolkit.NotAuthorized):
            act(stranger, "api_token_create", user=made["user"], name="neu")
        with pytest.raises(toolkit.NotAuthorized):
            act(stranger, "mainz_service_create", organization=house["amt"], title="Fremd")


def test_nobody_makes_tokens_for_people():
    amt = organization()
    chief, erika = account(admin=amt), account(editor=amt)
    for user in (chief, kit.office()):
        with pytest.raises(toolkit.NotAuthorized):
            act(user, "api_token_create", user=erika, name="fremd")


# --- the tree of organisations --------------------------------------------------------------------------------------


@pytest.fixture
def line() -> list[str]:
    """Ids of three organisations, each below the one before it."""
    top = organization("oben")
    middle = organization("mitte", parent=top)
    return [top, middle, organization("unten", parent=middle)]


@pytest.mark.parametrize(("child", "parent"), [(0, 0), (0, 1), (0, 2), (1, 2)])
def test_no_organisation_belongs_to_what_belongs_to_it(line: list[str], child: int, parent: int):
    admin = operator()
    names = ("oben", "mitte", "unten")
    found = errors(act, admin, "organization_patch", id=line[child], groups=[{"name": names[parent]}])
    assert names[parent].title() in found["groups"][0]
    found = errors(
        act, admin, "member_create", id=line[child], object=line[parent], object_type="group", capacity="public"
    )
    assert names[parent].title() in found["object"][0]
    assert people.organizations()[line[0]].parents == frozenset()


def test_a_new_organisation_stands_below_one_that_exists():
    admin = operator()
    for groups in ([{"name": "gibt-es-nicht"}], "oben", [7], [{}], [{"name": None}]):
        assert "groups" in errors(act, admin, "organization_create", name="neu", title="Neu", groups=groups)
    assert model.Group.get("neu") is None


def test_a_group_is_no_parent(line: list[str]):
    from ckan.tests import factories

    group = factories.Group()
    assert "groups" in errors(act, operator(), "organization_patch", id=line[0], groups=[{"name": group["name"]}])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("groups", [{"name": "amt-fremd"}]),
        ("groups", []),
        ("organization_kind", "dritte"),
        ("sealed", "false"),
        ("name", "umbenannt"),
        ("state", "deleted"),
    ],
)
def test_datenverantwortliche_do_not_change_who_reads(field: str, value: Any):
    organization("amt-fremd")
    amt = organization(parent=organization(), sealed=True)
    before = people.organizations()[amt]
    chief = account(admin=amt)
    found = errors(act, chief, "organization_patch", id=amt, **{field: value})
    assert list(found) == [field]
    model.Session.rollback()
    assert people.organizations()[amt] == before


def test_the_same_by_extras_changes_nothing_either():
    amt = organization(sealed=True)
    chief = account(admin=amt)
    extras = [{"key": "sealed", "value": "false"}, {"key": "organization_kind", "value": "dritte"}]
    try:
        act(chief, "organization_patch", id=amt, extras=extras)
    except REFUSED:
        model.Session.rollback()
    assert (people.organizations()[amt].sealed, people.organizations()[amt].kind) == (True, "amt")


def test_datenverantwortliche_change_what_their_organisation_says_of_itself():
    amt = organization(parent=organization(), sealed=True)
    chief = account(admin=amt)
    shown = act(chief, "organization_show", id=amt)
    shown["description"] = "Wir zählen."
    assert act(chief, "organization_update", **shown)["description"] == "Wir zählen."
    act(chief, "organization_update", id=amt, name=shown["name"], title="Neuer Titel")
    assert people.organizations()[amt].sealed
    assert people.organizations()[amt].title == "Neuer Titel"


@pytest.mark.parametrize("who", ["office", "operator"])
def test_the_office_and_the_operator_change_it_and_it_is_noted(who: str, log: Log):
    user = kit.office() if who == "office" else operator()
    top, amt = organization(), organization()
    act(
        user,
        "organization_patch",
        id=amt,
        sealed="true",
        organization_kind="eigenbetrieb",
        groups=[{"name": kit.name_of(top)}],
    )
    after = people.organizations()[amt]
    assert (after.sealed, after.kind, after.parents) == (True, "eigenbetrieb", {top})
    row = log.of("organization_change")[-1]
    assert row.organization_id == amt
    assert row.before == {"sealed": False, "organization_kind": "amt", "groups": []}
    assert row.after == {"sealed": True, "organization_kind": "eigenbetrieb", "groups": [top]}


def test_a_parent_by_membership_is_for_the_office_too(log: Log):
    top, amt = organization(), organization()
    chief, head = account(admin=amt), kit.office()
    given = {"id": amt, "object": top, "object_type": "group", "capacity": "public"}
    assert "object" in errors(act, chief, "member_create", **given)
    act(head, "member_create", **given)
    assert people.organizations()[amt].parents == {top}
    assert "object" in errors(act, chief, "member_delete", id=amt, object=top, object_type="group")
    act(head, "member_delete", id=amt, object=top, object_type="group")
    assert people.organizations()[amt].parents == frozenset()
    assert [row.after["groups"] for row in log.of("organization_change")] == [[top], []]


def test_an_organisation_is_not_written_as_a_group():
    amt = organization(sealed=True)
    chief, admin = account(admin=amt), operator()
    for user, action in itertools.product(
        (chief, admin), ("group_update", "group_patch", "group_delete", "group_purge")
    ):
        with pytest.raises(REFUSED):
            act(user, action, id=amt, name="gekapert", title="Gekapert")
    model.Session.rollback()
    assert model.Group.get(amt).state == "active"
    assert people.organizations()[amt].sealed


def test_a_record_is_no_member_of_an_organisation_by_hand(house: dict[str, str]):
    chief = account(admin=house["amt"])
    given = {"id": house["amt"], "object": house["record of neighbour"], "object_type": "package"}
    assert "object_type" in errors(act, chief, "member_create", capacity="organization", **given)
    assert "object_type" in errors(act, chief, "member_delete", **given)


def test_whoever_sets_up_an_organisation_does_not_lead_it_by_that(log: Log):
    erika = account()
    for user in (operator(), kit.office()):
        made = act(
            user, "organization_create", name=f"neu-{user}", title="Neu", users=[{"name": erika, "capacity": "admin"}]
        )
        assert not person(user).leads(made["id"])
        assert person(erika).leads(made["id"])
    assert [row.after for row in log.of_members()] == [{"capacity": "admin"}] * 2
    assert len(log.of("organization_create")) >= 2


def test_nobody_else_sets_up_organisations():
    with pytest.raises(toolkit.NotAuthorized):
        act(account(admin=organization()), "organization_create", name="neu", title="Neu")


# --- members --------------------------------------------------------------------------------------------------------


def test_each_change_of_a_membership_is_a_row(log: Log):
    amt = organization()
    chief, user = account(admin=amt), account()
    log.begin()
    act(chief, "organization_member_create", id=amt, username=user, role="member")
    act(chief, "organization_member_create", id=amt, username=user, role="editor")
    act(chief, "organization_member_delete", id=amt, username=user)
    assert [(row.before.get("capacity"), row.after.get("capacity")) for row in log.of_members()] == [
        (None, "member"),
        ("member", "editor"),
        ("editor", None),
    ]
    assert {(row.actor, row.role, row.subject) for row in log.rows} == {
        (kit.user_id(chief), "admin", kit.user_id(user))
    }


def test_a_deputy_stands_in_the_log_as_one(log: Log):
    amt = organization()
    user = deputy(account(admin=amt))
    act(user, "organization_member_create", id=amt, username=account(), role="editor")
    assert log.rows[-1].role == "deputy"


def test_a_row_that_cannot_be_written_keeps_the_change_from_being_made(monkeypatch: pytest.MonkeyPatch):
    amt = organization()
    chief, user, admin = account(admin=amt), account(), operator()

    def broken(_decision: Any) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr(decisions, "write", broken)
    for who, action, data in (
        (admin, "organization_patch", {"id": amt, "sealed": "true"}),
        (admin, "mainz_role_grant", {"user": user, "role": "office"}),
        (chief, "mainz_service_create", {"organization": amt, "title": "Nachtlauf"}),
    ):
        with pytest.raises(RuntimeError):
            act(who, action, **data)
    assert not people.organizations()[amt].sealed
    assert not person(user).office
    assert {one.name for one in model.Session.query(model.User).filter_by(state="active")} >= {chief, user, admin}
    assert model.Session.query(model.User).filter(model.User.name.startswith("interface-")).count() == 0


@pytest.mark.parametrize("capacity", ["owner", "organization", "public", "", "ADMIN", 7, None])
def test_a_capacity_that_does_not_exist_is_not_given(capacity: Any):
    amt = organization()
    chief, user = account(admin=amt), account()
    with pytest.raises(REFUSED):
        act(chief, "member_create", id=amt, object=user, object_type="user", capacity=capacity)
    with pytest.raises(REFUSED):
        act(chief, "organization_patch", id=amt, users=[{"name": user, "capacity": capacity}])
    model.Session.rollback()
    assert capacity_of(user, amt) == ""


@pytest.mark.parametrize("capacity", ["editor", "member"])
def test_nobody_raises_themselves(capacity: str):
    amt = organization()
    user = account(**{capacity: amt})
    with pytest.raises(toolkit.NotAuthorized):
        act(user, "member_create", id=amt, object=user, object_type="user", capacity="admin")
    with pytest.raises(toolkit.NotAuthorized):
        act(user, "organization_patch", id=amt, users=[{"name": user, "capacity": "admin"}])


def test_the_operator_does_not_make_themselves_datenverantwortliche():
    amt, admin = organization(), operator()
    assert "object" in errors(act, admin, "member_create", id=amt, object=admin, object_type="user", capacity="admin")
    assert "users" in errors(act, admin, "organization_patch", id=amt, users=[{"name": admin, "capacity": "admin"}])
    found = errors(
        act, admin, "organization_create", name="neu", title="Neu", users=[{"name": admin, "capacity": "admin"}]
    )
    assert "users" in found


def test_the_list_of_people_replaces_them_with_a_row_each(log: Log):
    amt = organization()
    chief, erika, karl = account(admin=amt), account(editor=amt), account()
    log.begin()
    people_now = [{"name": chief, "capacity": "admin"}, {"name": karl, "capacity": "member"}]
    act(chief, "organization_patch", id=amt, users=people_now)
    assert (capacity_of(erika, amt), capacity_of(karl, amt)) == ("", "member")
    assert {row.subject for row in log.of_members()} == {kit.user_id(erika), kit.user_id(karl)}


def test_nobody_stands_in_the_list_of_people_twice():
    amt = organization()
    chief, karl = account(admin=amt), account()
    twice = [{"name": karl, "capacity": "editor"}, {"name": karl, "capacity": "admin"}]
    assert "users" in errors(
        act, chief, "organization_patch", id=amt, users=[{"name": chief, "capacity": "admin"}, *twice]
    )


def test_people_of_an_organisation_are_listed_for_those_who_read_all_of_it(house: dict[str, str]):
    chief = account(admin=house["amt"])
    erika = account(editor=house["unit"])
    found = act(chief, "mainz_member_list", organization=house["unit"])
    assert [(one["name"], one["capacity"]) for one in found] == [(erika, "editor")]
    for stranger in (account(editor=house["amt"]), account(), operator()):
        allowed = may(stranger, "mainz_member_list", organization=house["unit"])
        assert allowed is person(stranger).sysadmin
