"""The decision log: rows that nobody takes away, memberships that log themselves, who reads it and as what."""

from __future__ import annotations

import csv
import inspect
import io
import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import ckan.model as model
import psycopg2
import pytest
import sqlalchemy as sa
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import call_action
from psycopg2.errors import InsufficientPrivilege
from tests.kit import governance
from tests.kit.governance import act
from tests.kit.people import PASSWORD, Page, Visitor
from tests.kit.services import LoadedPortal

from ckanext.mainz.governance import decisions, people
from ckanext.mainz.governance.decisions import Decision, Entry, Question
from ckanext.mainz.governance.log import acting, setup
from ckanext.mainz.runtime.configuration import CKAN_ROLE, DATABASE, read_options
from ckanext.mainz.runtime.databases import ensure_databases, set_room_permissions
from ckanext.mainz.runtime.secrets_file import load_secrets

pytestmark = pytest.mark.usefixtures("clean")

Run = Callable[..., list[tuple[Any, ...]]]
TABLE = "mainz_log.decision"


# --- what stands in the log ----------------------------------------------------------------------------------------


def rows(**asked: Any) -> list[Entry]:
    return decisions.find(Question(**asked))


def memberships(organization: str) -> list[Entry]:
    """Rows about the members of an organisation, oldest first."""
    model.Session.rollback()
    return [one for one in rows(organization_id=organization)[::-1] if one.action.startswith("member_")]


def only(found: list[Entry]) -> Entry:
    assert len(found) == 1, [(one.action, one.before, one.after) for one in found]
    return found[0]


def told(one: Entry) -> tuple[str, Any, Any]:
    return one.action, one.before.get("capacity"), one.after.get("capacity")


def write(**fields: Any) -> Entry:
    """A committed row, also with codes that the portal does not have; the row."""
    inspect.unwrap(decisions.write)(Decision(**{"action": "release", "actor": "", "role": "office", **fields}))
    model.Session.commit()
    return rows()[0]


def id_of(name: str) -> str:
    user = model.User.get(name)
    assert user is not None
    return user.id


@pytest.fixture
def amt() -> str:
    """An organisation without members but the portal itself, which has founded it."""
    return governance.organization()


@pytest.fixture
def lead(amt: str) -> str:
    return governance.person(admin=amt)


@pytest.fixture
def sysadmin() -> str:
    return factories.Sysadmin()["name"]


# --- the database keeps it -----------------------------------------------------------------------------------------


def connected(url: str) -> Iterator[Run]:
    with closing(psycopg2.connect(url)) as opened:
        opened.autocommit = True
        with opened.cursor() as cursor:
            cursor.execute("SET lock_timeout = '10s'")

        def run(statement: str, *values: Any) -> list[tuple[Any, ...]]:
            model.Session.rollback()  # what our own session has read would keep the tables from being changed
            with opened.cursor() as cursor:
                cursor.execute(statement, values or None)
                return cursor.fetchall() if cursor.description else []

        yield run


@pytest.fixture
def as_portal(portal: LoadedPortal) -> Iterator[Run]:
    """Statements in the name of the portal's role, past all of its code."""
    yield from connected(read_options(portal.services.ini)["sqlalchemy.url"])


@pytest.fixture
def as_superuser(portal: LoadedPortal) -> Iterator[Run]:
    yield from connected(portal.services.postgres.url(DATABASE))


FORBIDDEN = [
    "UPDATE mainz_log.decision SET note = 'anders'",
    "UPDATE mainz_log.decision SET actor = NULL",
    "DELETE FROM mainz_log.decision",
    "TRUNCATE mainz_log.decision",
    "DROP TABLE mainz_log.decision",
    "DROP SCHEMA mainz_log CASCADE",
    "ALTER TABLE mainz_log.decision OWNER TO ckan",
    "ALTER TABLE mainz_log.decision ADD COLUMN more text",
    "ALTER TABLE mainz_log.decision RENAME TO other",
    "ALTER TABLE mainz_log.decision SET SCHEMA public",
    "ALTER TABLE mainz_log.decision DISABLE TRIGGER ALL",
    "ALTER TABLE mainz_log.decision ENABLE ROW LEVEL SECURITY",
    "ALTER SCHEMA mainz_log OWNER TO ckan",
    "ALTER SCHEMA mainz_log RENAME TO other",
    "CREATE RULE gone AS ON INSERT TO mainz_log.decision DO INSTEAD NOTHING",
    "CREATE TRIGGER gone BEFORE INSERT ON mainz_log.decision FOR EACH ROW"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE TABLE mainz_log.other (id int)",
    "CREATE TABLE mine (id bigint REFERENCES mainz_log.decision ON UPDATE CASCADE)",
    "DO 'BEGIN LOCK TABLE mainz_log.decision IN ACCESS EXCLUSIVE MODE; END'",
    "SET session_replication_role = replica",
    "SET ROLE portal_log",
    "SET SESSION AUTHORIZATION portal_log",
    "GRANT portal_log TO ckan",
    "ALTER ROLE portal_log LOGIN PASSWORD 'mine'",
    "ALTER DATABASE ckan OWNER TO ckan",
    "ALTER DATABASE ckan RENAME TO other",
    "INSERT INTO mainz_log.decision (id, action) OVERRIDING SYSTEM VALUE VALUES (1, 'release')",
    "INSERT INTO mainz_log.decision (at, action) VALUES ('2020-01-01', 'release')",
    "SELECT setval('mainz_log.decision_id_seq', 1)",
    "SELECT mainz_log.redact(1, 'weil')",
    "CREATE OR REPLACE FUNCTION mainz_log.forget_user() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "ALTER FUNCTION mainz_log.redact(bigint, text) OWNER TO ckan",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_portal_s_own_role_can_only_add_rows(as_portal: Run, statement: str) -> None:
    kept = write(note="so war es")
    with pytest.raises(psycopg2.Error) as refused:
        as_portal(statement)
    assert isinstance(refused.value, InsufficientPrivilege), refused.value
    assert rows() == [kept]


def test_the_portal_s_own_role_cannot_give_itself_rights(as_portal: Run) -> None:
    write(note="so war es")
    as_portal("GRANT ALL ON mainz_log.decision TO ckan")  # for what one may not grant, Postgres only warns
    with pytest.raises(InsufficientPrivilege):
        as_portal("UPDATE mainz_log.decision SET note = 'anders'")


def test_the_portal_s_own_role_cannot_drop_the_database_with_the_log(portal: LoadedPortal) -> None:
    elsewhere = read_options(portal.services.ini)["ckan.datastore.write_url"]
    for run in connected(elsewhere):
        with pytest.raises(InsufficientPrivilege):
            run(f"DROP DATABASE {DATABASE}")
        with pytest.raises(InsufficientPrivilege):
            run(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def test_the_portal_can_put_what_empties_rows_on_no_table_of_its_own(as_portal: Run, lead: str) -> None:
    write(actor=lead)
    as_portal("CREATE TABLE bait (id text, state text)")
    try:
        for statement in (
            "CREATE TRIGGER bite AFTER DELETE ON bait FOR EACH ROW EXECUTE FUNCTION mainz_log.forget_user()",
            "SELECT mainz_log.forget_user()",
        ):
            with pytest.raises(psycopg2.Error):
                as_portal(statement)
    finally:
        as_portal("DROP TABLE bait")
    assert rows(action="release")[0].actor == id_of(lead)


def test_what_runs_in_the_log_s_name_runs_nothing_of_the_portal_s(as_portal: Run, lead: str) -> None:
    """An id of a type whose conversion to text is the portal's own function would run it as the log's owner."""
    kept = write(actor=lead)
    as_portal("CREATE TYPE lure AS (id text)")
    as_portal(
        "CREATE FUNCTION bite(lure) RETURNS text LANGUAGE plpgsql AS"
        " 'BEGIN DELETE FROM mainz_log.decision; RETURN ($1).id; END'"
    )
    as_portal("CREATE CAST (lure AS text) WITH FUNCTION bite(lure) AS IMPLICIT")
    as_portal('ALTER TABLE "user" RENAME COLUMN id TO kept_id')
    as_portal('ALTER TABLE "user" ADD COLUMN id lure')
    try:
        as_portal('UPDATE "user" SET id = ROW(kept_id)::lure WHERE name = %s', lead)
        with pytest.raises(psycopg2.Error, match="is no text"):
            as_portal('DELETE FROM "user" WHERE name = %s', lead)
    finally:
        as_portal('ALTER TABLE "user" DROP COLUMN id')
        as_portal('ALTER TABLE "user" RENAME COLUMN kept_id TO id')
        as_portal("DROP TYPE lure CASCADE")
    assert rows(action="release") == [kept]


def test_number_and_time_of_a_row_are_the_database_s(amt: str) -> None:
    first, second = write(organization_id=amt), write(organization_id=amt)
    assert second.id > first.id
    assert second.at > first.at
    assert second.at.tzinfo is not None


def test_a_transaction_that_is_rolled_back_leaves_no_row() -> None:
    decisions.write(Decision("release", "", "office", note="nie geschehen"))
    model.Session.rollback()
    assert rows() == []


def test_without_a_log_nothing_is_decided_and_the_message_names_the_command(as_superuser: Run) -> None:
    as_superuser("ALTER SCHEMA mainz_log RENAME TO mainz_away")
    try:
        with pytest.raises(decisions.NoLogError, match="ckan mainz governance log-sql"):
            decisions.write(Decision("release", "", "office"))
    finally:
        model.Session.rollback()
        as_superuser("ALTER SCHEMA mainz_away RENAME TO mainz_log")


# --- setting it up -------------------------------------------------------------------------------------------------


def test_preparing_again_keeps_every_row(portal: LoadedPortal) -> None:
    kept = write(note="bleibt")
    model.Session.remove()
    set_room_permissions(portal.services.postgres)
    assert rows() == [kept]


def test_a_portal_from_before_the_log_gets_it_and_loses_its_database(portal: LoadedPortal, as_superuser: Run) -> None:
    """As an existing data folder has it: the portal's role owns the database, and there is no log."""
    model.Session.remove()
    as_superuser("DROP SCHEMA mainz_log CASCADE")
    as_superuser("ALTER DATABASE ckan OWNER TO ckan")
    as_superuser("ALTER SCHEMA public OWNER TO pg_database_owner")
    as_superuser("DROP ROLE portal_log")
    ensure_databases(portal.services.postgres, load_secrets(portal.services.folder))
    set_room_permissions(portal.services.postgres)
    with model.ensure_engine().connect() as connection:
        assert setup.problems(connection) == []
    assert write(note="neu").note == "neu"


def test_the_portal_s_role_still_migrates_its_own_tables(portal: LoadedPortal, as_portal: Run) -> None:
    set_room_permissions(portal.services.postgres)
    as_portal("CREATE TABLE later (id int)")
    as_portal("DROP TABLE later")
    as_portal("CREATE SCHEMA later")
    as_portal("DROP SCHEMA later")


@pytest.mark.parametrize(
    "careless, what",
    [
        ("ALTER ROLE ckan CREATEROLE", "CREATEROLE"),
        ("GRANT pg_write_all_data TO ckan", "pg_write_all_data"),
        ("GRANT pg_execute_server_program TO ckan", "pg_execute_server_program"),
    ],
)
def test_a_role_that_could_get_around_it_is_refused(as_superuser: Run, careless: str, what: str) -> None:
    model.Session.remove()
    as_superuser(careless)
    try:
        with pytest.raises(psycopg2.Error, match=what):
            as_superuser(setup.statements(CKAN_ROLE))
    finally:
        as_superuser("ALTER ROLE ckan NOCREATEROLE")
        as_superuser(f"REVOKE {what} FROM ckan" if what.startswith("pg_") else "SELECT 1")


def test_a_member_of_the_log_s_role_loses_that(as_superuser: Run, as_portal: Run) -> None:
    model.Session.remove()
    as_superuser("GRANT portal_log TO ckan")
    as_superuser("GRANT ALL ON mainz_log.decision TO ckan")
    as_portal("SET ROLE portal_log")
    as_portal("RESET ROLE")
    as_superuser(setup.statements(CKAN_ROLE))
    with pytest.raises(InsufficientPrivilege):
        as_portal("DELETE FROM mainz_log.decision")


def test_the_check_names_a_trigger_that_is_switched_off(as_portal: Run) -> None:
    as_portal("ALTER TABLE member DISABLE TRIGGER mainz_log_membership")
    try:
        with model.ensure_engine().connect() as connection:
            assert [one for one in setup.problems(connection) if "mainz_log_membership" in one]
    finally:
        as_portal("ALTER TABLE member ENABLE TRIGGER mainz_log_membership")


def test_names_of_roles_and_databases_are_quoted_for_psql() -> None:
    printed = setup.script("postgresql://o'hara:x@/Daten der Stadt")
    assert "SET mainz.portal = 'o''hara';" in printed
    assert "\\connect 'Daten der Stadt'" in printed


# --- memberships ---------------------------------------------------------------------------------------------------


def test_a_new_member_is_one_row_that_says_who_did_it_and_as_what(amt: str, lead: str) -> None:
    user = factories.User()
    act(lead, "organization_member_create", {"id": amt, "username": user["name"], "role": "editor"})
    last = memberships(amt)[-1]
    assert told(last) == ("member_add", None, "editor")
    assert (last.actor, last.subject, last.role) == (id_of(lead), user["id"], "admin")
    assert last.record_id == ""


def since(amt: str, work: Callable[[], Any]) -> list[Entry]:
    """Rows about members that some work adds."""
    before = memberships(amt)
    work()
    after = memberships(amt)
    assert [one.id for one in after[: len(before)]] == [one.id for one in before]
    return after[len(before) :]


WAYS: dict[str, Callable[[str, str, str], Any]] = {
    "member_create": lambda by, amt, user: act(
        by, "member_create", {"id": amt, "object": user, "object_type": "user", "capacity": "member"}
    ),
    "organization_member_create": lambda by, amt, user: act(
        by, "organization_member_create", {"id": amt, "username": user, "role": "member"}
    ),
    "organization_patch": lambda by, amt, user: act(
        by, "organization_patch", {"id": amt, "users": [*members(amt), {"name": user, "capacity": "member"}]}
    ),
    "plain SQL": lambda by, amt, user: in_sql(
        "INSERT INTO member (id, table_name, table_id, group_id, capacity, state)"
        " SELECT :id, 'user', \"user\".id, :group, 'member', 'active' FROM \"user\" WHERE name = :user",
        id=secrets.token_hex(8),
        group=amt,
        user=user,
    ),
}


def members(amt: str) -> list[dict[str, str]]:
    shown = act("", "organization_show", {"id": amt, "include_users": True})
    return [{"name": one["name"], "capacity": one["capacity"]} for one in shown["users"]]


def in_sql(statement: str, **values: str) -> None:
    model.Session.execute(sa.text(statement), values)
    model.Session.commit()


@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_is_one_row(amt: str, sysadmin: str, way: str) -> None:
    user = factories.User()
    added = only(since(amt, lambda: WAYS[way](sysadmin, amt, user["name"])))
    assert told(added) == ("member_add", None, "member")
    assert added.subject == user["id"]
    expected = ("", "database") if way == "plain SQL" else (id_of(sysadmin), "sysadmin")
    assert (added.actor, added.role) == expected


CHANGES: dict[str, Callable[[str, str, str], Any]] = {
    "organization_member_create": lambda by, amt, user: act(
        by, "organization_member_create", {"id": amt, "username": user, "role": "admin"}
    ),
    "organization_patch": lambda by, amt, user: act(
        by,
        "organization_patch",
        {
            "id": amt,
            "users": [{**one, "capacity": "admin" if one["name"] == user else one["capacity"]} for one in members(amt)],
        },
    ),
    "plain SQL": lambda by, amt, user: in_sql(
        "UPDATE member SET capacity = 'admin' WHERE group_id = :group"
        ' AND table_id = (SELECT id FROM "user" WHERE name = :user)',
        group=amt,
        user=user,
    ),
}


@pytest.mark.parametrize("way", CHANGES)
def test_every_way_to_another_capacity_is_one_row(amt: str, sysadmin: str, way: str) -> None:
    user = governance.person(editor=amt)
    assert told(only(since(amt, lambda: CHANGES[way](sysadmin, amt, user)))) == ("member_change", "editor", "admin")


def purge(by: str, amt: str) -> None:
    act(by, "organization_purge", {"id": amt})


WAYS_OUT: dict[str, Callable[[str, str, str], Any]] = {
    "member_delete": lambda by, amt, user: act(by, "member_delete", {"id": amt, "object": user, "object_type": "user"}),
    "organization_member_delete": lambda by, amt, user: act(
        by, "organization_member_delete", {"id": amt, "username": user}
    ),
    "organization_patch": lambda by, amt, user: act(
        by, "organization_patch", {"id": amt, "users": [one for one in members(amt) if one["name"] != user]}
    ),
    "plain SQL": lambda by, amt, user: in_sql(
        'DELETE FROM member WHERE group_id = :group AND table_id = (SELECT id FROM "user" WHERE name = :user)',
        group=amt,
        user=user,
    ),
    "user_delete": lambda by, amt, user: act(by, "user_delete", {"id": user}),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_every_way_out_is_one_row(amt: str, sysadmin: str, way: str) -> None:
    user = governance.person(editor=amt)
    gone = since(amt, lambda: WAYS_OUT[way](sysadmin, amt, user))
    assert told(only(gone)) == ("member_remove", "editor", None)


def test_an_organisation_that_is_deleted_or_purged_says_goodbye_to_each_member_once(amt: str, sysadmin: str) -> None:
    governance.person(editor=amt)
    governance.person(admin=amt)
    everybody = len(members(amt))
    removed = since(amt, lambda: act(sysadmin, "organization_delete", {"id": amt}))
    assert [one.action for one in removed] == ["member_remove"] * everybody
    assert since(amt, lambda: purge(sysadmin, amt)) == []


def test_an_organisation_that_is_purged_at_once_too(amt: str, sysadmin: str) -> None:
    everybody = len(members(amt))
    assert [one.action for one in since(amt, lambda: purge(sysadmin, amt))] == ["member_remove"] * everybody


def test_the_members_that_an_organisation_begins_with_are_a_row_each(sysadmin: str) -> None:
    user = factories.User()
    made = act(
        sysadmin,
        "organization_create",
        {
            "name": "amt-neu",
            "title": "Amt",
            "organization_kind": "amt",
            "users": [{"name": user["name"], "capacity": "editor"}],
        },
    )
    found = {one.subject: told(one) for one in memberships(made["id"])}
    assert found[user["id"]] == ("member_add", None, "editor")
    assert len(found) == len(memberships(made["id"])) == len(members(made["id"]))
    assert {one.actor for one in memberships(made["id"])} == {id_of(sysadmin)}


def test_a_group_that_is_no_organisation_logs_its_members_too(sysadmin: str) -> None:
    group, user = act(sysadmin, "group_create", {"name": "thema"}), factories.User()
    found = since(
        group["id"],
        lambda: act(sysadmin, "group_member_create", {"id": "thema", "username": user["name"], "role": "member"}),
    )
    assert told(only(found)) == ("member_add", None, "member")


def test_an_invitation_is_one_row(amt: str, lead: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ckan.lib.mailer.send_invite", lambda *args: None)
    invite = {"email": "neu@stadt.example", "group_id": amt, "role": "member"}
    added = only(since(amt, lambda: act(lead, "user_invite", invite)))
    assert (told(added), added.actor) == (("member_add", None, "member"), id_of(lead))


def test_what_changes_nothing_is_no_row(amt: str, sysadmin: str) -> None:
    user = governance.person(editor=amt)
    assert since(amt, lambda: WAYS["member_create"](sysadmin, amt, user)) != []
    assert since(amt, lambda: WAYS["member_create"](sysadmin, amt, user)) == []
    assert since(amt, lambda: act(sysadmin, "organization_patch", {"id": amt, "title": "Anders"})) == []


def test_there_and_back_in_one_transaction_is_no_row(amt: str) -> None:
    user = governance.person(editor=amt)

    def there_and_back() -> None:
        member = model.Session.query(model.Member).filter_by(group_id=amt, table_id=id_of(user)).one()
        member.state = "deleted"
        model.Session.flush()
        member.state = "active"
        model.Session.commit()

    assert since(amt, there_and_back) == []


def test_a_membership_that_is_rolled_back_leaves_no_row(amt: str) -> None:
    user = factories.User()

    def almost() -> None:
        model.Session.add(model.Member(table_name="user", table_id=user["id"], group_id=amt, capacity="editor"))
        model.Session.flush()
        model.Session.rollback()

    assert since(amt, almost) == []


def test_packages_and_parents_are_no_members(amt: str, sysadmin: str) -> None:
    child = governance.organization(parent=amt)
    governance.draft(governance.person(editor=amt), amt)
    assert {one.action for one in rows(organization_id=child)} <= {"member_add", "organization_create"}
    assert all(one.subject for one in memberships(amt))


def test_a_deputy_s_doing_says_so(amt: str, lead: str) -> None:
    deputy = governance.person()
    governance.grant(deputy, "deputy", for_user=id_of(lead))
    user = factories.User()["name"]
    with model.Session.no_autoflush:
        added = only(
            since(
                amt,
                lambda: act(
                    deputy,
                    "member_create",
                    {"id": amt, "object": user, "object_type": "user", "capacity": "member"},
                    ignore_auth=True,
                ),
            )
        )
    assert (added.actor, added.role) == (id_of(deputy), "deputy")


def test_the_portal_itself_is_nobody(amt: str) -> None:
    governance.person(editor=amt)
    assert (memberships(amt)[-1].actor, memberships(amt)[-1].role) == ("", "portal")


def test_in_a_request_it_is_who_is_logged_in(portal: LoadedPortal, amt: str, sysadmin: str) -> None:
    user = factories.User()
    token = call_action("api_token_create", user=sysadmin, name="tests")["token"]
    answer = portal.app._wsgi_app.test_client().post(
        "/api/3/action/organization_member_create",
        json={"id": amt, "username": user["name"], "role": "editor"},
        headers={"Authorization": token},
    )
    assert answer.status_code == 200
    assert memberships(amt)[-1].actor == id_of(sysadmin)


def test_of_actions_within_one_another_the_outermost_says_who(amt: str, sysadmin: str) -> None:
    user = factories.User()["name"]
    with acting.on_behalf({"user": sysadmin}):
        WAYS["member_create"]("", amt, user)
    assert memberships(amt)[-1].actor == id_of(sysadmin)


def test_a_membership_counts_in_the_same_request(portal: LoadedPortal, amt: str) -> None:
    user = factories.User()
    with portal.app._wsgi_app.test_request_context("/"):
        assert not people.person(user["name"]).edits(amt)
        act("", "organization_member_create", {"id": amt, "username": user["name"], "role": "editor"})
        assert people.person(user["name"]).edits(amt)


def test_administrators_of_the_portal_come_and_go_with_a_row(sysadmin: str) -> None:
    user = factories.User()
    act(sysadmin, "user_patch", {"id": user["id"], "sysadmin": True})
    model.Session.execute(sa.text('UPDATE "user" SET sysadmin = false WHERE id = :id'), {"id": user["id"]})
    model.Session.commit()
    taken, given = [one for one in rows() if one.subject == user["id"]]
    assert (given.action, given.actor, given.role) == ("sysadmin_grant", id_of(sysadmin), "sysadmin")
    assert (taken.action, taken.actor, taken.role) == ("sysadmin_revoke", "", "database")


# --- deleted users -------------------------------------------------------------------------------------------------


def about(user_id: str) -> list[Entry]:
    return [one for one in rows() if user_id in (one.actor, one.subject) or user_id in str((one.before, one.after))]


@pytest.fixture
def gone(amt: str) -> dict[str, str]:
    """Somebody who has decided, who was decided on, and who is named in what changed."""
    user = factories.User(fullname="Erika Mustermann")
    write(actor=user["id"], note="von ihr")
    write(subject=user["id"], note="über sie")
    write(after={"for_user": user["id"], "capacity": "editor"}, note="mit ihr")
    return user


def test_a_deleted_user_is_emptied_everywhere_and_the_rows_stay(gone: dict[str, str], sysadmin: str) -> None:
    assert len(about(gone["id"])) == 3
    before = decisions.count(Question())
    act(sysadmin, "user_delete", {"id": gone["id"]})
    assert about(gone["id"]) == []
    assert decisions.count(Question()) == before + 1
    kept = {one.note: one for one in rows()}
    assert kept["von ihr"].actor == ""
    assert kept["mit ihr"].after == {"for_user": None, "capacity": "editor"}


def test_that_a_user_was_deleted_is_a_row_without_them(gone: dict[str, str], sysadmin: str) -> None:
    act(sysadmin, "user_delete", {"id": gone["id"]})
    added = only(rows(action="user_delete"))
    assert (added.actor, added.role, added.after) == (id_of(sysadmin), "sysadmin", {"rows": 3})


def test_a_user_who_is_taken_out_of_the_database_is_emptied_too(gone: dict[str, str]) -> None:
    in_sql('DELETE FROM "user" WHERE id = :id', id=gone["id"])
    assert about(gone["id"]) == []


def test_other_changes_of_a_user_empty_nothing(gone: dict[str, str], sysadmin: str) -> None:
    act(sysadmin, "user_patch", {"id": gone["id"], "fullname": "Erika Beispiel"})
    in_sql("UPDATE \"user\" SET state = 'pending' WHERE id = :id", id=gone["id"])
    left = [one for one in about(gone["id"]) if not one.action.startswith("account_")]
    assert len(left) == 3


def test_the_memberships_of_a_deleted_user_end_without_their_id(amt: str, sysadmin: str) -> None:
    user = governance.person(editor=amt)
    user_id = id_of(user)
    act(sysadmin, "user_delete", {"id": user})
    model.Session.rollback()
    assert about(user_id) == []
    assert told(memberships(amt)[-1]) == ("member_remove", "editor", None)


def test_who_is_deleted_while_their_job_runs_does_not_come_back(sysadmin: str) -> None:
    user = factories.User()
    act(sysadmin, "user_delete", {"id": user["id"]})
    assert write(actor=user["id"]).actor == ""


def test_a_row_may_be_written_by_the_name_of_a_user_and_keeps_the_id() -> None:
    user = factories.User()
    assert write(actor=user["name"]).actor == user["id"]


# --- redaction -----------------------------------------------------------------------------------------------------


def test_a_redaction_takes_the_words_and_is_a_row_itself(amt: str, as_superuser: Run) -> None:
    words = write(record_id="daten", organization_id=amt, note="Frau Muster hat angerufen")
    as_superuser("SELECT mainz_log.redact(%s, %s)", words.id, "Name einer Bürgerin")
    added, redacted = rows(record_id="daten")
    assert redacted.note == "[geschwärzt]"
    assert (added.action, added.role, added.after) == ("redact", "operator", {"row": words.id})
    assert (added.organization_id, added.note) == (amt, "Name einer Bürgerin")


@pytest.mark.parametrize("why", ["", "  ", None])
def test_a_redaction_without_a_reason_is_refused(as_superuser: Run, why: str | None) -> None:
    kept = write(note="bleibt")
    with pytest.raises(psycopg2.Error, match="Say why"):
        as_superuser("SELECT mainz_log.redact(%s, %s)", kept.id, why)
    assert rows() == [kept]


def test_a_row_without_words_cannot_be_redacted(as_superuser: Run) -> None:
    for number in (write(note="").id, 10**9):
        with pytest.raises(psycopg2.Error, match="no words"):
            as_superuser("SELECT mainz_log.redact(%s, 'weil')", number)


# --- who reads it --------------------------------------------------------------------------------------------------


def listed(user: str, **asked: Any) -> list[dict[str, Any]]:
    return act(user, "mainz_decision_list", asked)["results"]


def test_office_and_administrators_see_everything(sysadmin: str) -> None:
    write(note="irgendwo")
    for reader in (governance.office(), sysadmin):
        assert "irgendwo" in [one["note"] for one in listed(reader)]


def test_data_owners_see_what_concerns_their_organisations_and_records(amt: str, lead: str) -> None:
    other = governance.organization()
    mine = governance.draft(governance.person(editor=amt), amt)
    write(organization_id=amt, note="mein Amt")
    write(organization_id=other, record_id=mine["id"], note="mein Datensatz, früher des anderen Amtes")
    write(organization_id=other, note="fremd")
    write(note="über niemanden")
    notes = {one["note"] for one in listed(lead)}
    assert {"mein Amt", "mein Datensatz, früher des anderen Amtes"} <= notes
    assert not notes & {"fremd", "über niemanden"}


@pytest.mark.parametrize("capacity", ["editor", "member"])
def test_nobody_else_reads_it(amt: str, capacity: str) -> None:
    for reader in (governance.person(**{capacity: amt}), governance.person()):
        with pytest.raises(toolkit.NotAuthorized):
            listed(reader)
    with pytest.raises(toolkit.NotAuthorized):
        governance.anybody("mainz_decision_list")


def test_a_service_account_does_not_read_it(amt: str) -> None:
    machine = governance.person(admin=amt)
    governance.grant(machine, "service", organization_id=amt)
    with pytest.raises(toolkit.NotAuthorized):
        listed(machine)


def test_a_foreign_record_looks_like_one_that_does_not_exist(amt: str, lead: str) -> None:
    other = governance.organization()
    foreign = governance.draft(governance.person(editor=other), other)
    answers = [act(lead, "mainz_decision_list", {"id": id}) for id in (foreign["id"], foreign["name"], "gibt-es-nicht")]
    assert answers == [{"count": 0, "results": []}] * 3


def test_a_row_names_people_records_and_organisations_and_says_codes_in_words(amt: str, lead: str) -> None:
    record = governance.draft(lead, amt)
    act(lead, "mainz_record_submit", {"id": record["id"], "check": governance.CHECK})
    one = listed(lead, id=record["name"])[0]
    assert one["action"] == "submit"
    assert one["actor"]["name"] == lead
    assert one["record"] == {"id": record["id"], "name": record["name"], "title": record["title"]}
    assert one["organization"]["id"] == amt
    assert one["subject"] is None
    assert one["after"]["lifecycle"] == "eingereicht"


def test_rows_are_asked_for_by_record_organisation_action_and_day(amt: str, sysadmin: str) -> None:
    write(organization_id=amt, action="withdraw", note="ja")
    write(organization_id=amt, action="release", note="nein")
    write(action="withdraw", note="nein")
    found = listed(sysadmin, organization=amt, action="withdraw", since="2020-01-01", until="2999-12-31")
    assert [one["note"] for one in found] == ["ja"]
    assert listed(sysadmin, until="2020-01-01") == []
    assert listed(sysadmin, since="2999-12-31T00:00:00+00:00") == []


def test_the_last_day_counts_as_a_whole_in_the_portal_s_zone(as_superuser: Run, sysadmin: str) -> None:
    write(note="spät am Abend")
    as_superuser("UPDATE mainz_log.decision SET at = '2026-01-31 22:59:59+00' WHERE note = 'spät am Abend'")
    write(note="nach Mitternacht")
    as_superuser("UPDATE mainz_log.decision SET at = '2026-01-31 23:00:00+00' WHERE note = 'nach Mitternacht'")
    assert [one["note"] for one in listed(sysadmin, since="2026-01-31", until="2026-01-31")] == ["spät am Abend"]


def test_pages_follow_one_another(sysadmin: str) -> None:
    for number in range(5):
        write(action="archive", note=str(number))
    answer = act(sysadmin, "mainz_decision_list", {"action": "archive", "limit": 2, "offset": 2})
    assert [one["note"] for one in answer["results"]] == ["2", "1"]
    assert answer["count"] == 5


@pytest.mark.parametrize(
    "name, value",
    [
        ("since", "gestern"),
        ("until", "2026-13-01"),
        ("until", "9999-12-31"),
        ("limit", 1001),
        ("limit", "viele"),
        ("offset", -1),
        ("id", {"x": 1}),
        ("organization", ["a"]),
        ("action", "\0"),
    ],
)
def test_a_question_that_means_nothing_is_refused_at_its_field(sysadmin: str, name: str, value: Any) -> None:
    with pytest.raises(toolkit.ValidationError) as refused:
        listed(sysadmin, **{name: value})
    assert list(refused.value.error_dict) == [name]


# --- page and table ------------------------------------------------------------------------------------------------


@pytest.fixture
def boss(portal: LoadedPortal) -> Any:
    """The browser of somebody of the Geschäftsstelle, logged in."""
    user = factories.User(password=PASSWORD, fullname="Gesa Stelle")
    governance.grant(user["name"], "office")
    return Visitor(portal, user["name"]).client


def table_rows(client: Any, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/governance/decisions.csv{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_the_page_shows_decisions_in_german(boss: Any, amt: str) -> None:
    record = governance.draft(governance.person(editor=amt), amt, title="Baumkataster")
    write(record_id=record["id"], organization_id=amt, action="withdraw", before={"lifecycle": "freigegeben"},
          after={"lifecycle": "zurueckgezogen"}, reason="fehler", note="Spalten vertauscht")  # fmt: skip
    page = Page(boss.get("/governance/decisions"))
    for words in ("Entscheidungsprotokoll", "Zurückgezogen", "Baumkataster", "Freigegeben", "Geschäftsstelle"):
        assert words in page.text
    assert "Spalten vertauscht" in page.text
    assert "Fehler in den Daten" in page.text


def test_the_page_tells_the_time_as_people_in_mainz_do(boss: Any, as_superuser: Run) -> None:
    write()
    as_superuser("UPDATE mainz_log.decision SET at = '2026-03-01 23:30:00+00'")
    assert "2. März 2026, 00:30" in Page(boss.get("/governance/decisions")).text


def test_the_page_keeps_the_filter_and_links_to_the_same_table(boss: Any, amt: str) -> None:
    write(action="withdraw", organization_id=amt, note="gesucht")
    write(action="release", organization_id=amt, note="anderes")
    name = model.Group.get(amt).name
    page = Page(boss.get(f"/governance/decisions?organization={name}&action=withdraw&since=2020-01-01"))
    assert "gesucht" in page.text
    assert "anderes" not in page.text
    assert page.soup.find("option", selected=True, value=name)
    assert page.soup.find("input", {"name": "since"})["value"] == "2020-01-01"
    link = page.soup.find("a", href=lambda href: href and "decisions.csv" in href)
    assert [one["note"] for one in table_rows(boss, "?" + link["href"].partition("?")[2])] == ["gesucht"]


def test_the_page_says_at_the_field_what_is_wrong(boss: Any) -> None:
    page = Page(boss.get("/governance/decisions?since=gestern"))
    assert page.status == 200
    assert page.soup.find("input", {"name": "since"})["aria-invalid"] == "true"
    assert page.soup.select_one(".mz-notice--error a")["href"] == "#since"
    assert "Von (Tag): Hier wird ein Datum erwartet" in page.text


def test_words_from_outside_stay_words_on_the_page(boss: Any) -> None:
    write(note="<script>alert(1)</script>", action="<b>neu</b>")
    page = Page(boss.get("/governance/decisions"))
    assert page.soup.find("script", string="alert(1)") is None
    assert "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize("path", ["/governance/decisions", "/governance/decisions.csv"])
def test_page_and_table_are_closed_to_others(portal: LoadedPortal, path: str) -> None:
    stranger = factories.User(password=PASSWORD)
    assert Visitor(portal, stranger["name"]).client.get(path).status_code == 403
    anonymous = portal.app._wsgi_app.test_client().get(path)
    assert anonymous.status_code in (302, 403)


def test_the_table_holds_everything_oldest_first(boss: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "BATCH", 3)
    for number in range(8):
        write(action="archive", note=str(number))
    found = table_rows(boss, "?action=archive")
    assert [one["note"] for one in found] == [str(number) for number in range(8)]


@pytest.mark.parametrize("words", ["=1+1", "+49", "-1", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0", "\n=1", "＝1"])
def test_a_spreadsheet_computes_nothing_of_the_table(boss: Any, words: str) -> None:
    write(action="archive", note=words, before={"=1": "2"})
    found = table_rows(boss, "?action=archive")[0]
    assert found["note"] == f"'{words}"
    assert found["before"] == "'=1: 2"


def test_the_table_names_nobody_who_was_deleted(boss: Any, gone: dict[str, str], sysadmin: str) -> None:
    assert any(one["actor_name"] == "Erika Mustermann" for one in table_rows(boss))
    act(sysadmin, "user_delete", {"id": gone["id"]})
    text = boss.get("/governance/decisions.csv").get_data(as_text=True)
    assert "Mustermann" not in text
    assert gone["name"] not in text
    assert gone["id"] not in text


def test_the_table_is_written_while_it_is_read(boss: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "BATCH", 1)
    read: list[int] = []
    original = decisions._entry
    monkeypatch.setattr(decisions, "_entry", lambda row: read.append(row.id) or original(row))
    for number in range(5):
        write(action="archive", note=str(number))
    read.clear()
    answer = boss.get("/governance/decisions.csv?action=archive", buffered=False)
    parts = iter(answer.response)
    next(parts)
    assert len(read) < 5
    assert len(b"".join(parts).splitlines()) == 5


def test_a_table_for_a_question_that_means_nothing_is_refused(boss: Any) -> None:
    assert boss.get("/governance/decisions.csv?since=gestern").status_code == 400


def test_a_record_shows_its_latest_decisions_to_those_who_may_read_them(
    portal: LoadedPortal, amt: str, lead: str
) -> None:
    from ckanext.mainz.governance.log import helpers

    record = governance.draft(lead, amt)
    other = governance.person(admin=governance.organization())
    shown: dict[str, Any] = {}
    for reader in (lead, other, governance.person(editor=amt), ""):
        with portal.app._wsgi_app.test_request_context("/"), pytest.MonkeyPatch.context() as patched:
            patched.setattr(helpers, "current_user", model.User.get(reader) or model.AnonymousUser())
            patched.setattr(toolkit.h, "check_access", lambda name, data, who=reader: may(who, name), raising=False)
            shown[reader] = helpers.record_decisions(record)
    assert [one["action"] for one in shown[lead].rows] == ["create"]
    assert shown[lead].address.endswith(f"/governance/decisions?id={record['name']}")
    assert [shown[reader] for reader in shown if reader != lead] == [None, None, None]


def may(user: str, action: str) -> bool:
    try:
        return toolkit.check_access(action, {"user": user}, {})
    except toolkit.NotAuthorized:
        return False
