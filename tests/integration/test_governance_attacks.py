"""What somebody might try past the rules: each is refused with a message and changes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit
from sqlalchemy import text
from tests.kit.catalogue import reader
from tests.kit.governance import CHECK, act, anybody, draft, grant, office, organization, person
from tests.kit.leaks.catalogue import fields, upload, word
from tests.kit.services import LoadedPortal
from werkzeug.test import Client, TestResponse

NOBODYS = "00000000-0000-4000-8000-000000000000"
REFUSED = (toolkit.ValidationError, toolkit.NotAuthorized, toolkit.ObjectNotFound)


@dataclass
class House:
    """An Amt with its people, a stranger with an Amt of their own, and a public record."""

    client: Client
    amt: str
    other: str
    editor: str
    lead: str
    stranger: str
    office: str
    public: dict[str, Any]
    secret: str
    tokens: dict[str, str]

    def api(self, user: str, action: str, data: Any) -> TestResponse:
        """What a program sends, with all that it cares to put in."""
        headers = {"Authorization": self.token(user)} if user else {}
        return self.client.post(f"/api/3/action/{action}", json=data, headers=headers)

    def token(self, user: str) -> str:
        if user not in self.tokens:
            self.tokens[user] = act("", "api_token_create", {"user": user, "name": "t"})["token"]
        return self.tokens[user]

    def refuses(self, user: str, action: str, data: Any) -> dict[str, Any]:
        """The error of a refusal that says something and is no accident."""
        before = everything()
        answer = self.api(user, action, data)
        assert answer.status_code in (400, 403, 404, 409), answer.get_data(as_text=True)[:500]
        error = answer.get_json()["error"]
        assert any(str(value).strip() for name, value in error.items() if name != "__type"), error
        assert everything() == before
        return error


def everything() -> list[Any]:
    """All that decides about records: records, files, memberships, proposals and their states."""
    model.Session.remove()
    tables = {
        "package": "id, name, title, private, state, owner_org, extras, notes",
        "resource": "id, package_id, url, name, extras, state",
        "member": "table_id, group_id, capacity, state",
        "mainz_proposal": "id, state, changes",
        "mainz_portal_role": "id, user_id, role",
        "resource_view": "id, title",
        "package_tag": "package_id, tag_id, state",
        "package_member": "package_id, user_id",
        "package_relationship": "*",
    }
    found = [sorted(map(repr, model.Session.execute(text(f"SELECT {of} FROM {one}")))) for one, of in tables.items()]
    found.append(sorted(map(repr, model.Session.execute(text("SELECT id, plugin_data FROM package")))))
    model.Session.remove()
    return found


@pytest.fixture
def house(portal: LoadedPortal, clean: None) -> House:
    amt, other = organization(name="amt-stadt"), organization(name="anderes-amt")
    editor, secret, decider = person(editor=amt), word(), office()
    made = draft(editor, amt, **{**fields(secret), "name": "bekannt"})
    act(editor, "resource_create", {"package_id": made["id"], "name": "eins", "upload": upload(secret)})
    act(editor, "mainz_record_submit", {"id": made["id"], "check": CHECK})
    public = act(decider, "mainz_record_release", {"id": made["id"]})
    lead, stranger = person(admin=amt), person(admin=other)
    return House(reader(portal), amt, other, editor, lead, stranger, decider, public, secret, {})


FLAGS: dict[str, dict[str, Any]] = {
    "lifecycle": {"lifecycle": "freigegeben"},
    "visibility": {"visibility": "konzern"},
    "private": {"private": False},
    "shared_with": {"shared_with": ["verein"]},
}


@pytest.mark.parametrize("name", FLAGS)
@pytest.mark.parametrize("action", ["package_patch", "package_update", "package_revise"])
def test_a_flag_that_is_sent_to_a_draft_is_refused_at_its_field(house: House, name: str, action: str) -> None:
    made = draft(house.editor, house.amt)
    sent = {"id": made["id"], **FLAGS[name]}
    if action == "package_update":
        sent = {**act(house.editor, "package_show", {"id": made["id"]}), **sent}
    if action == "package_revise":
        sent = {"match": {"id": made["id"]}, "update": FLAGS[name]}
    error = house.refuses(house.editor, action, sent)
    assert "mainz_record_" in str(error)


@pytest.mark.parametrize("name", FLAGS)
def test_a_flag_that_is_sent_with_a_form_changes_nothing(house: House, name: str) -> None:
    made = draft(house.editor, house.amt)
    whole = act(house.editor, "package_show", {"id": made["id"]})
    plain = {key: value for key, value in whole.items() if isinstance(value, str)}
    before = [whole.get(one) for one in ("lifecycle", "visibility", "private", "shared_with")]
    house.client.post(
        f"/dataset/edit/{made['id']}",
        data={**plain, **FLAGS[name], "save": ""},
        headers={"Authorization": house.token(house.editor)},
    )
    model.Session.remove()
    after = act(house.editor, "package_show", {"id": made["id"], "use_cache": False})
    assert [after.get(one) for one in ("lifecycle", "visibility", "private", "shared_with")] == before


SMUGGLED: list[dict[str, Any]] = [
    {"ignore_auth": True},
    {"context": {"ignore_auth": True}},
    {"mainz_grant": {"lifecycle": "freigegeben", "visibility": "oeffentlich"}},
    {"mainz_proposal": {"id": "x", "state": "angenommen"}},
    {"__extras": {"lifecycle": "freigegeben", "private": False}},
    {"__junk": {"lifecycle": "freigegeben"}},
    {"extras": [{"key": "lifecycle", "value": "freigegeben"}, {"key": "visibility", "value": "oeffentlich"}]},
    {"plugin_data": {"mainz_governance": {"lifecycle": "freigegeben"}}},
    {"state": "active", "allow_state_change": True},
    {"auth_user_obj": {"sysadmin": True}, "user": "admin"},
]


@pytest.mark.parametrize("smuggled", SMUGGLED, ids=lambda one: "+".join(one))
def test_what_a_client_smuggles_in_moves_no_record(house: House, smuggled: dict[str, Any]) -> None:
    made = draft(house.editor, house.amt)
    house.api(house.editor, "package_patch", {"id": made["id"], **smuggled})
    assert house.api(house.stranger, "package_patch", {"id": made["id"], **smuggled}).status_code == 404
    model.Session.remove()
    after = act(house.editor, "package_show", {"id": made["id"], "use_cache": False})
    assert (after["lifecycle"], after["private"]) == ("entwurf", True)
    stored = model.Package.get(made["id"])
    assert stored is not None
    assert not stored.plugin_data


@pytest.mark.parametrize("smuggled", SMUGGLED, ids=lambda one: "+".join(one))
def test_a_new_record_is_a_draft_whatever_is_smuggled_in(house: House, smuggled: dict[str, Any]) -> None:
    given = {**fields(word()), "owner_org": house.amt, "private": False, **smuggled}
    answer = house.api(house.editor, "package_create", given)
    model.Session.remove()
    if answer.status_code == 200:
        made = answer.get_json()["result"]
        assert (made["lifecycle"], made["private"]) == ("entwurf", True)
    else:
        assert answer.status_code in (400, 403, 409)


def test_a_record_does_not_move_to_another_organisation(house: House) -> None:
    made = draft(house.editor, house.amt)
    act("", "organization_member_create", {"id": house.other, "username": house.editor, "role": "admin"})
    for action, data in {
        "package_patch": {"id": made["id"], "owner_org": house.other},
        "package_owner_org_update": {"id": made["id"], "organization_id": house.other},
        "member_create": {"id": house.other, "object": made["id"], "object_type": "package", "capacity": "public"},
    }.items():
        house.refuses(house.editor, action, data)


def test_an_organisation_is_not_hung_below_another_by_its_members(house: House) -> None:
    data = {"id": house.amt, "object": house.other, "object_type": "group", "capacity": "public"}
    house.refuses(house.lead, "member_create", data)


def test_a_file_key_of_another_file_is_not_taken(house: House) -> None:
    hidden = draft(house.stranger, house.other)
    secret = word()
    file = act(house.stranger, "resource_create", {"package_id": hidden["id"], "name": "x", "upload": upload(secret)})
    own = draft(house.editor, house.amt)
    for data in (
        {"package_id": own["id"], "url": file["url"], "url_type": "upload", "file_key": file["file_key"]},
        {"package_id": own["id"], "url": f"{file['id']}/{file['file_key']}", "url_type": "upload"},
        {"package_id": own["id"], "id": file["id"], "url": "x.csv", "url_type": "upload", "file_key": file["file_key"]},
    ):
        answer = house.api(house.editor, "resource_create", data)
        if answer.status_code != 200:
            continue
        made = answer.get_json()["result"]
        got = house.client.get(
            f"/dataset/{own['id']}/resource/{made['id']}/download/x.csv",
            headers={"Authorization": house.token(house.editor)},
        )
        assert f"strasse;{secret}" not in got.get_data(as_text=True)
    still = act(house.stranger, "resource_show", {"id": file["id"]})
    assert still["package_id"] == hidden["id"]


def test_an_id_that_is_taken_is_not_taken_over(house: House) -> None:
    hidden = draft(house.stranger, house.other)
    house.refuses(house.editor, "package_create", {**fields(word()), "owner_org": house.amt, "id": hidden["id"]})
    act(house.office, "mainz_record_withdraw", {"id": house.public["id"], "reason": "personenbezug"})
    house.refuses(
        house.stranger, "package_create", {**fields(word()), "owner_org": house.other, "id": house.public["id"]}
    )


def test_a_taken_name_says_nothing_about_the_record(house: House) -> None:
    hidden = draft(house.stranger, house.other, title="Geheimtitel")
    given = {**fields(word()), "owner_org": house.amt, "name": hidden["name"]}
    error = house.refuses(house.editor, "package_create", given)
    assert "Geheimtitel" not in str(error)
    assert hidden["id"] not in str(error)


def test_a_record_does_not_change_its_type(house: House) -> None:
    made = draft(house.editor, house.amt)
    for type in ("harvest", "data_service", "nothing"):
        house.api(house.editor, "package_patch", {"id": made["id"], "type": type})
        model.Session.remove()
        stored = model.Package.get(made["id"])
        assert stored is not None
        assert stored.type == "dataset"


@pytest.mark.parametrize("type", ["harvest", "nothing"])
def test_no_record_escapes_the_rules_by_another_type(house: House, type: str) -> None:
    given = {**fields(word()), "owner_org": house.amt, "type": type, "private": False}
    answer = house.api(house.editor, "package_create", given)
    if answer.status_code == 200:
        assert answer.get_json()["result"]["type"] == "dataset"
    assert act("", "package_search", {"q": "*:*", "include_private": True})["count"] <= 2
    assert "Gemeinsamwort" not in str(anybody("package_search", {"q": f"type:{type}"})["results"])


DECISIONS = {
    "mainz_record_release": {},
    "mainz_record_return": {"reason": "unvollstaendig"},
    "mainz_record_withdraw": {"reason": "personenbezug"},
    "mainz_record_archive": {},
    "mainz_record_visibility_set": {"visibility": "intern"},
    "mainz_record_submit": {},
    "mainz_record_promote": {},
    "mainz_record_override": {"reason": "personenbezug", "note": "x"},
}


@pytest.mark.parametrize("action", DECISIONS)
def test_people_of_another_organisation_decide_nothing(house: House, action: str) -> None:
    made = draft(house.editor, house.amt)
    for id in (made["id"], house.public["id"], NOBODYS):
        house.refuses(house.stranger, action, {"id": id, **DECISIONS[action]})
        house.refuses("", action, {"id": id, **DECISIONS[action]})


def test_what_is_not_readable_and_what_is_not_there_answer_alike(house: House) -> None:
    made = draft(house.editor, house.amt)
    file = act(house.editor, "resource_create", {"package_id": made["id"], "name": "x", "upload": upload("x")})
    tried = {
        **dict.fromkeys(("package_show", "package_patch", "package_update", "package_delete", "follow_dataset"), "id"),
        **dict.fromkeys(("mainz_record_submit", "mainz_proposal_list", "package_collaborator_list"), "id"),
        "resource_create": "package_id",
    }
    for action, name in tried.items():
        answers = [house.refuses(house.stranger, action, {name: id}) for id in (made["id"], NOBODYS)]
        assert answers[0] == answers[1], action
    of_file = ("resource_show", "resource_patch", "resource_update", "resource_delete", "resource_view_list")
    for action in of_file:
        answers = [house.refuses(house.stranger, action, {"id": id}) for id in (file["id"], NOBODYS)]
        assert answers[0] == answers[1], action


def test_a_service_account_releases_nothing_and_writes_for_its_organisation_only(house: House) -> None:
    service = person(admin=house.amt)
    act("", "organization_member_create", {"id": house.other, "username": service, "role": "editor"})
    grant(service, "service", organization_id=house.amt)
    made = draft(house.editor, house.amt, visibility="konzern")
    act(house.editor, "mainz_record_submit", {"id": made["id"], "check": CHECK})
    house.refuses(service, "mainz_record_release", {"id": made["id"]})
    house.refuses(service, "package_create", {**fields(word()), "owner_org": house.other})


def test_whoever_was_removed_while_the_form_was_open_changes_nothing(house: House) -> None:
    made = draft(house.editor, house.amt)
    house.token(house.editor)
    whole = act(house.editor, "package_show", {"id": made["id"]})
    act("", "organization_member_delete", {"id": house.amt, "username": house.editor})
    house.refuses(house.editor, "package_update", {**whole, "notes": "Danach"})
    before = everything()
    answer = house.client.post(
        f"/dataset/edit/{made['id']}", data={"title": "x"}, headers={"Authorization": house.token(house.editor)}
    )
    assert answer.status_code in (403, 404)
    assert everything() == before


def _at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What comes of acts that begin together, each with a session of its own; refusals as their exceptions."""
    outcomes: list[Any] = [None] * len(acts)
    ready = threading.Barrier(len(acts))

    def run(at: int) -> None:
        ready.wait(10)
        try:
            outcomes[at] = acts[at]()
        except REFUSED as error:
            outcomes[at] = error
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_of_two_who_release_at_once_one_is_told_so(house: House) -> None:
    made, second = draft(house.editor, house.amt), office()
    act(house.editor, "mainz_record_submit", {"id": made["id"], "check": CHECK})
    for who in (house.office, second):
        house.token(who)
    found = _at_once(
        *(lambda who=who: house.api(who, "mainz_record_release", {"id": made["id"]}) for who in (house.office, second))
    )
    assert sorted(one.status_code for one in found) == [200, 409]


def test_of_two_who_accept_and_return_at_once_one_decides(house: House) -> None:
    second = office()
    made = act(house.editor, "package_patch", {"id": house.public["id"], "notes": "Neu"})["mainz_proposal"]
    for who in (house.office, second):
        house.token(who)
    found = _at_once(
        lambda: house.api(house.office, "mainz_proposal_accept", {"id": made["id"]}),
        lambda: house.api(second, "mainz_proposal_return", {"id": made["id"], "reason": "unvollstaendig"}),
    )
    assert sorted(one.status_code for one in found) == [200, 409]


def test_one_s_own_is_not_released_to_the_public_by_any_way(house: House) -> None:
    act("", "organization_member_create", {"id": house.amt, "username": house.office, "role": "admin"})
    made = draft(house.office, house.amt)
    act(house.office, "mainz_record_submit", {"id": made["id"], "check": CHECK})
    house.refuses(house.office, "mainz_record_release", {"id": made["id"]})
    answer = house.api(house.office, "mainz_records_release", {"ids": [made["id"]]}).get_json()["result"]
    assert answer["released"] == []
    changed = act(house.office, "package_patch", {"id": house.public["id"], "notes": "Meins"})["mainz_proposal"]
    house.refuses(house.office, "mainz_proposal_accept", {"id": changed["id"]})


@pytest.mark.parametrize(
    ("action", "more"),
    [
        ("datastore_create", {"fields": [{"id": "a"}], "records": [{"a": "gefälscht"}], "force": True}),
        ("datastore_upsert", {"records": [{"a": "gefälscht"}], "method": "insert", "force": True}),
        ("datastore_delete", {"force": True}),
        ("datastore_records_delete", {"filters": {}, "force": True}),
        ("resource_view_create", {"title": "gefälscht", "view_type": "image_view"}),
    ],
)
def test_tables_and_views_of_a_released_file_do_not_change_past_a_decision(
    house: House, action: str, more: dict[str, Any]
) -> None:
    file = house.public["resources"][0]["id"]
    act(
        "",
        "datastore_create",
        {"resource_id": file, "force": True, "fields": [{"id": "a"}], "records": [{"a": "echt"}]},
    )
    house.refuses(house.editor, action, {"resource_id": file, **more})
    assert [one["a"] for one in anybody("datastore_search", {"resource_id": file})["records"]] == ["echt"]


def test_a_table_with_a_new_file_does_not_get_into_a_released_record(house: House) -> None:
    sent = {
        "resource": {"package_id": house.public["id"], "name": "neu"},
        "fields": [{"id": "a"}],
        "records": [{"a": "1"}],
    }
    house.refuses(house.editor, "datastore_create", sent)


def test_an_id_beside_the_resource_id_opens_no_other_table(house: House) -> None:
    hidden = draft(house.editor, house.amt)
    file = act(house.editor, "resource_create", {"package_id": hidden["id"], "name": "x", "upload": upload("x")})
    secret = word()
    act(
        "",
        "datastore_create",
        {"resource_id": file["id"], "force": True, "fields": [{"id": "a"}], "records": [{"a": secret}]},
    )
    open_file = house.public["resources"][0]["id"]
    for data in (
        {"resource_id": file["id"], "id": open_file},
        {"resource_id": open_file, "id": file["id"]},
        {"resource_id": f" {file['id']}"},
        {"resource_id": file["id"].upper()},
    ):
        assert secret not in house.api(house.stranger, "datastore_search", data).get_data(as_text=True)
        assert secret not in house.api("", "datastore_info", data).get_data(as_text=True)


def test_guessed_proposals_and_their_files_are_not_there(house: House) -> None:
    secret = word()
    new = {"package_id": house.public["id"], "name": secret, "upload": upload(secret)}
    made = act(house.editor, "resource_create", new)
    for user in (house.stranger, ""):
        for action in ("mainz_proposal_show", "mainz_proposal_accept", "mainz_proposal_return"):
            for id in (made["mainz_proposal"]["id"], NOBODYS):
                house.refuses(user, action, {"id": id, "reason": "unvollstaendig"})
        for action in ("resource_show", "resource_patch", "resource_delete", "resource_view_list"):
            house.refuses(user, action, {"id": made["id"]})
        headers = {"Authorization": house.token(user)} if user else {}
        for address in (
            f"/dataset/{house.public['id']}/resource/{made['id']}",
            f"/dataset/{house.public['id']}/resource/{made['id']}/download/{secret}.csv",
            f"/file/public-download/resources/{made['id']}/{made.get('file_key')}",
            f"/file/download/{made['id']}",
        ):
            answer = house.client.get(address, headers=headers)
            assert answer.status_code in (403, 404), address
            assert f";{secret}" not in answer.get_data(as_text=True)


def test_addresses_of_a_withdrawn_record_give_nothing(house: House) -> None:
    file = house.public["resources"][0]
    act(house.office, "mainz_record_withdraw", {"id": house.public["id"], "reason": "personenbezug"})
    model.Session.remove()
    for address in (
        f"/dataset/{house.public['id']}/resource/{file['id']}/download/x.csv",
        f"/dataset/{house.public['id']}/resource/{file['id']}",
        f"/dataset/{house.public['id']}.ttl",
        f"/api/3/action/mainz_record_history?id={house.public['id']}",
        f"/file/public-download/resources/{file['id']}/{file['file_key']}",
    ):
        answer = house.client.get(address)
        assert answer.status_code in (403, 404, 410), address
        assert house.secret not in answer.get_data(as_text=True)


def test_nobody_becomes_a_reader_by_core_s_other_doors(house: House) -> None:
    made = draft(house.editor, house.amt)
    friend = person()
    tried: dict[str, dict[str, Any]] = {
        "package_collaborator_create": {"id": made["id"], "user_id": friend, "capacity": "editor"},
        "package_relationship_create": {"subject": made["id"], "object": house.public["id"], "type": "depends_on"},
        "user_invite": {"email": "x@stadt.example", "group_id": house.amt, "role": "admin"},
        "organization_member_create": {"id": house.amt, "username": friend, "role": "admin"},
    }
    for action, data in tried.items():
        house.refuses(house.editor, action, data)


@pytest.mark.parametrize(
    "action",
    [
        "harvest_source_create",
        "harvest_source_update",
        "harvest_source_delete",
        "harvest_source_clear",
        "harvest_job_create",
        "harvest_objects_import",
        "harvest_job_create_all",
        "harvest_jobs_run",
        "harvest_object_create",
    ],
)
def test_sources_are_not_run_by_editors(house: House, action: str) -> None:
    given = {"id": NOBODYS, "source_id": NOBODYS, "name": "q", "title": "q", "url": "https://q.example/",
             "source_type": "mainz", "owner_org": house.amt}  # fmt: skip
    house.refuses(house.editor, action, given)


@pytest.mark.parametrize("action", ["bulk_update_public", "bulk_update_private", "bulk_update_delete"])
def test_nothing_is_made_public_in_bulk(house: House, action: str) -> None:
    made = draft(house.editor, house.amt)
    house.refuses(house.lead, action, {"datasets": [made["id"], house.public["id"]], "org_id": house.amt})


def test_the_operator_purges_nothing_that_is_released(house: House) -> None:
    from ckan.tests import factories

    operator = factories.Sysadmin()["name"]
    house.refuses(operator, "dataset_purge", {"id": house.public["id"]})
    house.refuses(operator, "mainz_record_release", {"id": draft(house.editor, house.amt)["id"]})
