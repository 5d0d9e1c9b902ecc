"""Ways past the rules that reviewers have found, each closed."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit
from tests.integration.test_governance_attacks import House, house
from tests.kit.governance import CHECK, GOOD, act, anybody, draft, grant, office, organization, person
from tests.kit.leaks.catalogue import fields, upload, word
from werkzeug.datastructures import FileStorage

from ckanext.mainz.governance import people, proposals, standing_release

__all__ = ["house"]
PUBLIC = "oeffentlich"
REFUSED = (toolkit.NotAuthorized, toolkit.ValidationError)


def csv(text: str) -> FileStorage:
    return FileStorage(io.BytesIO(text.encode()), "daten.csv")


def submit(user: str, record: str, level: str = PUBLIC) -> Any:
    return act(user, "mainz_record_submit", {"id": record, "visibility": level, "check": CHECK})


def with_a_closed_file(house: House) -> tuple[str, dict[str, Any]]:
    """A public record with the file "offen" and one that its own organisation alone reads, and the name of that."""
    secret, made = word(), draft(house.editor, house.amt)
    for name, level in (("offen", ""), (secret, "intern")):
        given = {"package_id": made["id"], "name": name, "upload": upload(name), "visibility": level}
        act(house.editor, "resource_create", given)
    submit(house.editor, made["id"])
    act(house.office, "mainz_record_release", {"id": made["id"]})
    return secret, made


# --- reading ---------------------------------------------------------------------------------------------------------


def test_facets_hold_only_what_is_found(house: House) -> None:
    secret = word()
    draft(house.editor, house.amt, **fields(secret))
    for field in ("title_string", "name", "tags", "res_name", "permission_labels"):
        asked = {"rows": 0, "facet.mincount": 0, "facet.limit": -1, "facet.field": [field]}
        answer = house.api("", "package_search", asked)
        assert answer.status_code == 200
        assert secret not in answer.get_data(as_text=True), field


def test_the_log_does_not_name_what_another_organisation_has_now(house: House) -> None:
    made = draft(house.editor, house.amt)
    act(house.office, "mainz_record_handover", {"id": made["id"], "organization": house.other})
    act(person(editor=house.other), "package_patch", {"id": made["id"], "title": "Geheimer Titel"})
    told = house.api(house.lead, "mainz_decision_list", {})
    assert made["id"] in told.get_data(as_text=True)
    assert "Geheimer Titel" not in told.get_data(as_text=True)
    assert "Geheimer Titel" in house.api(house.office, "mainz_decision_list", {}).get_data(as_text=True)


def test_a_task_does_not_name_what_its_reader_has_lost(house: House) -> None:
    made = act(house.editor, "package_patch", {"id": house.public["id"], "notes": "Neu."})["mainz_proposal"]
    act(house.office, "mainz_proposal_return", {"id": made["id"], "reason": "unvollstaendig"})
    assert made["id"] in str(act(house.editor, "mainz_todo_list"))
    act("", "organization_member_delete", {"id": house.amt, "username": house.editor})
    act(house.office, "mainz_record_visibility_set", {"id": house.public["id"], "visibility": "intern"})
    assert made["id"] not in str(act(house.editor, "mainz_todo_list"))


NAMING: dict[str, Any] = {
    "dataset_purge": lambda id: {"id": id},
    "package_create_default_resource_views": lambda id: {"package": {"id": id, "resources": []}},
    "file_owner_scan": lambda id: {"owner_type": "package", "owner_id": id},
    "package_relationship_delete": lambda id: {"subject": id, "object": id, "type": "depends_on"},
}


@pytest.mark.parametrize("action", NAMING)
def test_no_action_tells_a_hidden_record_from_none(house: House, action: str) -> None:
    hidden = draft(house.editor, house.amt, name="verborgen")
    there = house.api(house.stranger, action, NAMING[action]("verborgen"))
    nothing = house.api(house.stranger, action, NAMING[action]("gibt-es-nicht"))
    assert (there.status_code, there.get_json()["error"]) == (nothing.status_code, nothing.get_json()["error"])
    assert hidden["id"] not in there.get_data(as_text=True)


def test_the_number_of_files_is_that_of_those_that_are_shown(house: House) -> None:
    made = draft(house.editor, house.amt)
    for level in ("", "intern"):
        given = {"package_id": made["id"], "name": f"Datei {level}", "upload": upload(word()), "visibility": level}
        act(house.editor, "resource_create", given)
    submit(house.editor, made["id"])
    act(house.office, "mainz_record_release", {"id": made["id"]})
    found = anybody("package_search", {"fq": f"id:{made['id']}", "facet.field": ["num_resources"], "rows": 0})
    assert found["facets"]["num_resources"] == {"1": 1}


def test_no_shared_cache_keeps_what_somebody_got_by_their_rights(house: House) -> None:
    file = house.public["resources"][0]
    path = f"/dataset/{house.public['id']}/resource/{file['id']}/download/{file['url'].rsplit('/', 1)[-1]}"
    token = house.token(house.editor)
    own = house.client.get(path, headers={"Authorization": token})
    assert own.status_code == 200
    assert "private" in own.headers["Cache-Control"]
    assert "private" not in house.client.get(path).headers["Cache-Control"]


# --- writing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["datastore_upsert", "datastore_create", "datastore_delete"])
def test_the_table_of_a_released_file_is_not_reached_by_a_second_name(house: House, action: str) -> None:
    released = house.public["resources"][0]["id"]
    own = act(
        house.editor,
        "resource_create",
        {"package_id": draft(house.editor, house.amt)["id"], "url": "https://a.example/x"},
    )
    table = {"fields": [{"id": "wert"}], "records": [{"wert": "echt"}], "force": True}
    act("", "datastore_create", {"resource_id": released, **table})
    act("", "datastore_create", {"resource_id": own["id"], **table})
    sent: dict[str, Any] = {"resource_id": own["id"], "id": released, "force": True}
    if action != "datastore_delete":
        sent |= {"records": [{"wert": "HACK"}]}
    if action == "datastore_upsert":
        sent |= {"method": "insert"}
    house.refuses(house.editor, action, sent)
    assert [one["wert"] for one in anybody("datastore_search", {"resource_id": released})["records"]] == ["echt"]


def test_the_table_of_an_uploaded_file_is_that_of_the_file(house: House) -> None:
    made = draft(house.editor, house.amt)
    file = act(house.editor, "resource_create", {"package_id": made["id"], "name": "a", "upload": upload(word())})
    sent = {"resource_id": file["id"], "force": True, "fields": [{"id": "mail"}], "records": [{"mail": "a@b.example"}]}
    assert "resource_id" in house.refuses(house.editor, "datastore_create", sent)


@pytest.fixture
def standing(house: House) -> dict[str, Any]:
    """A public record with a standing release for its table and one of the own organisation's."""
    made = draft(house.editor, house.amt)
    for name, level in (("Bäume 2025", ""), ("Bäume intern 2025", "intern")):
        given = {"package_id": made["id"], "name": name, "upload": csv("Art;Zahl\nLinde;5\n"), "visibility": level}
        act(house.editor, "resource_create", given)
    act(house.editor, "resource_create", {"package_id": made["id"], "name": "Seite", "url": "https://a.example/"})
    submit(house.editor, made["id"])
    act(house.office, "mainz_record_release", {"id": made["id"], "standing": True})
    return act(house.editor, "package_show", {"id": made["id"]})


def file_of(record: dict[str, Any], name: str) -> str:
    return next(one["id"] for one in record["resources"] if one["name"] == name)


def test_a_standing_release_covers_new_rows_and_the_next_year(house: House, standing: dict[str, Any]) -> None:
    first = {"id": file_of(standing, "Bäume 2025"), "upload": csv("Art;Zahl\nLinde;6\n")}
    assert "mainz_proposal" not in act(house.editor, "resource_patch", first)
    following = {"package_id": standing["id"], "name": "Bäume 2026", "upload": csv("Art;Zahl\nLinde;7\n")}
    made = act(house.editor, "resource_create", following)
    assert "mainz_proposal" not in made
    again = {"id": made["id"], "upload": csv("Art;Zahl\nLinde;8\n")}
    assert "mainz_proposal" not in act(house.editor, "resource_patch", again)


def test_a_standing_release_covers_what_was_decided_since(house: House, standing: dict[str, Any]) -> None:
    sent = {"id": file_of(standing, "Bäume 2025"), "upload": csv("Art;Zahl;Ort\nLinde;6;Nord\n")}
    waiting = act(house.editor, "resource_patch", sent)["mainz_proposal"]["id"]
    act(house.office, "mainz_proposal_accept", {"id": waiting, "check": CHECK})
    sent["upload"] = csv("Art;Zahl;Ort\nLinde;7;Nord\n")
    assert "mainz_proposal" not in act(house.editor, "resource_patch", sent)


DELIVERIES: dict[str, Any] = {
    "a new link": lambda record: ("resource_create", {"package_id": record["id"], "url": "https://boese.example/"}),
    "another address": lambda record: (
        "resource_patch",
        {"id": file_of(record, "Seite"), "url": "https://boese.example/"},
    ),
    "a file that becomes public": lambda record: (
        "resource_patch",
        {"id": file_of(record, "Bäume intern 2025"), "visibility": "", "upload": csv("Art;Zahl\nLinde;8\n")},
    ),
    "another name": lambda record: (
        "resource_patch",
        {"id": file_of(record, "Bäume 2025"), "name": "Hans Meier", "upload": csv("Art;Zahl\nLinde;9\n")},
    ),
    "a new file with other words": lambda record: (
        "resource_create",
        {"package_id": record["id"], "name": "Hans Meier", "upload": csv("Art;Zahl\nLinde;7\n")},
    ),
    "notes on the version": lambda record: ("package_patch", {"id": record["id"], "version_notes": "Hans Meier"}),
    "another order": lambda record: (
        "package_resource_reorder",
        {"id": record["id"], "order": [one["id"] for one in reversed(record["resources"])]},
    ),
}


@pytest.mark.parametrize("what", DELIVERIES)
def test_what_a_standing_release_does_not_cover_waits(house: House, standing: dict[str, Any], what: str) -> None:
    before = anybody("package_show", {"id": standing["id"]})
    action, sent = DELIVERIES[what](standing)
    assert "mainz_proposal" in act(house.editor, action, sent)
    after = anybody("package_show", {"id": standing["id"]})
    assert [one["name"] for one in after["resources"]] == [one["name"] for one in before["resources"]]
    assert after["resources"] == before["resources"]
    assert after.get("version_notes") == before.get("version_notes")


def test_a_program_does_not_make_two_people_of_one(house: House) -> None:
    made = act(house.office, "mainz_service_create", {"organization": house.amt, "title": "Programm"})
    record = draft(made["user"], house.amt)
    submit(made["user"], record["id"])
    with pytest.raises(REFUSED):
        act(house.office, "mainz_record_release", {"id": record["id"]})
    act(house.office, "mainz_role_revoke", {"id": made["role"]["id"]})
    with pytest.raises(REFUSED):
        act(house.office, "mainz_record_release", {"id": record["id"]})
    act(office(), "mainz_record_release", {"id": record["id"]})


def test_nor_by_a_proposal_when_the_program_is_gone(house: House) -> None:
    made = act(house.office, "mainz_service_create", {"organization": house.amt, "title": "Programm"})
    waiting = act(made["user"], "package_patch", {"id": house.public["id"], "notes": "Neu."})["mainz_proposal"]
    for end in (False, True):
        if end:
            act(house.office, "mainz_role_revoke", {"id": made["role"]["id"]})
        with pytest.raises(REFUSED):
            act(house.office, "mainz_proposal_accept", {"id": waiting["id"]})
    act(office(), "mainz_proposal_accept", {"id": waiting["id"]})


def test_who_releases_holds_no_key_of_a_program_of_others(house: House) -> None:
    made = act(house.lead, "mainz_service_create", {"organization": house.amt, "title": "Programm"})
    house.refuses(house.office, "api_token_create", {"user": made["user"], "name": "t"})
    assert act(house.lead, "api_token_create", {"user": made["user"], "name": "t"})["token"]


def test_the_operator_is_nobody_else(house: House) -> None:
    sysadmin = person()
    act("", "user_patch", {"id": sysadmin, "sysadmin": True})
    house.refuses(sysadmin, "api_token_create", {"user": house.office, "name": "t"})
    house.refuses(sysadmin, "user_patch", {"id": house.office, "password": "Neues-Passwort-1"})
    house.refuses(sysadmin, "user_patch", {"id": house.office, "email": "anders@stadt.example"})
    house.refuses(sysadmin, "user_patch", {"id": house.office, "password_hash": "$pbkdf2-sha512$25000$x$y"})
    assert house.api(sysadmin, "user_patch", {"id": house.office, "fullname": "Frau Amt"}).status_code == 200
    assert house.api(sysadmin, "api_token_create", {"user": sysadmin, "name": "t"}).status_code == 200


def both(house: House) -> str:
    """Somebody who is of the Geschäftsstelle and Datenverantwortliche of the Amt."""
    name = person(admin=house.amt)
    grant(name, "office")
    return name


def test_nobody_raises_their_own_change_to_the_public(house: House) -> None:
    x = both(house)
    made = draft(house.editor, house.amt)
    submit(house.editor, made["id"], "partner")
    act(house.lead, "mainz_record_release", {"id": made["id"]})
    asked = act(house.editor, "mainz_record_visibility_set", {"id": made["id"], "visibility": PUBLIC})["mainz_proposal"]
    act(x, "package_patch", {"id": made["id"], "notes": "Von X allein."})
    seen = act(house.office, "mainz_proposal_show", {"id": asked["id"]})["record_modified"]
    with pytest.raises(toolkit.NotAuthorized):
        act(x, "mainz_proposal_accept", {"id": asked["id"], "seen": seen})
    act(house.office, "mainz_proposal_accept", {"id": asked["id"], "seen": seen})


def test_a_part_remains_after_a_release_for_fewer(house: House) -> None:
    x = both(house)
    made = draft(x, house.amt)
    submit(x, made["id"], "partner")
    act(x, "mainz_record_release", {"id": made["id"]})
    asked = act(house.editor, "mainz_record_visibility_set", {"id": made["id"], "visibility": PUBLIC})["mainz_proposal"]
    with pytest.raises(REFUSED):
        act(x, "mainz_proposal_accept", {"id": asked["id"]})


def entry(house: House) -> str:
    given = {
        "organization": house.amt,
        "title": "Verzeichnis",
        "description": "Was es gibt.",
        "visibility": "verwaltung",
    }
    return act(house.editor, "mainz_inventory_create", given)["id"]


def test_a_part_in_a_promotion_remains_when_others_go_on(house: House) -> None:
    x, id = both(house), entry(house)
    act(house.editor, "mainz_record_promote", {"id": id})
    whole = {key: value for key, value in fields(word()).items() if key != "name"}
    act(x, "package_patch", {"id": id, **whole})
    act(house.editor, "package_patch", {"id": id, "notes": "Eine Kleinigkeit."})
    submit(house.editor, id)
    (waiting,) = act(house.office, "mainz_proposal_list", {"id": id})
    with pytest.raises(REFUSED):
        act(x, "mainz_proposal_accept", {"id": waiting["id"]})


def test_what_waits_is_not_handed_in_again_for_more(house: House) -> None:
    id = entry(house)
    act(house.editor, "mainz_record_promote", {"id": id})
    whole = {key: value for key, value in fields(word()).items() if key != "name"}
    act(house.editor, "package_patch", {"id": id, **whole})
    submit(house.editor, id, "verwaltung")
    with pytest.raises(toolkit.ValidationError):
        submit(house.editor, id)
    (waiting,) = act(house.office, "mainz_proposal_list", {"id": id})
    assert waiting["visibility"] == "verwaltung", waiting


def test_a_release_of_what_was_looked_at_releases_nothing_else(house: House) -> None:
    made = draft(house.editor, house.amt)
    submit(house.editor, made["id"])
    page = house.client.get(f"/governance/record/{made['id']}", headers={"Authorization": house.token(house.office)})
    seen = page.get_data(as_text=True).split('name="asked" value="')[1].split('"')[0]
    act(house.office, "mainz_record_return", {"id": made["id"], "reason": "unvollstaendig"})
    act(house.editor, "package_patch", {"id": made["id"], "notes": "Etwas anderes."})
    submit(house.editor, made["id"])
    with pytest.raises(toolkit.ValidationError) as refused:
        act(house.office, "mainz_record_release", {"id": made["id"], "asked": seen})
    assert "asked" in refused.value.error_dict
    act(house.office, "mainz_record_release", {"id": made["id"]})


def test_an_entry_of_the_inventory_has_no_files(house: House) -> None:
    id = entry(house)
    house.refuses(house.editor, "resource_create", {"package_id": id, "name": "a", "url": "https://a.example/"})
    house.refuses(house.editor, "package_patch", {"id": id, "resources": [{"url": "https://a.example/", "name": "a"}]})


def test_groups_do_not_change_records(house: House) -> None:
    sysadmin = person()
    act("", "user_patch", {"id": sysadmin, "sysadmin": True})
    sent = {"name": "gruppe", "packages": [{"id": house.public["id"]}]}
    assert "packages" in house.refuses(sysadmin, "group_create", sent)
    act("", "group_create", {"name": "thema", "title": "Thema"})
    assert "packages" in house.refuses(sysadmin, "group_update", {**sent, "id": "thema", "name": "thema"})
    assert house.api(sysadmin, "group_patch", {"id": "thema", "title": "Anders"}).status_code == 200
    assert model.Group.get("thema").title == "Anders"  # pyright: ignore[reportOptionalMemberAccess]


def test_an_organisation_keeps_its_records_when_it_is_changed(house: House) -> None:
    sysadmin = person()
    act("", "user_patch", {"id": sysadmin, "sysadmin": True})
    assert house.api(sysadmin, "organization_patch", {"id": house.amt, "title": "Neues Amt"}).status_code == 200
    assert act("", "package_show", {"id": house.public["id"]})["organization"]["id"] == house.amt
    assert organization()


def test_the_bytes_of_a_removed_file_are_nobodys_to_claim(house: House) -> None:
    made, secret = draft(house.editor, house.amt), word()
    file = act(house.editor, "resource_create", {"package_id": made["id"], "name": "a", "upload": upload(secret)})
    act(house.editor, "resource_delete", {"id": file["id"]})
    claimed = {"id": file["id"], "url": "daten.csv", "url_type": "upload", "name": "meins"}
    answer = house.api(house.stranger, "package_create", {**draft_fields(house.other), "resources": [claimed]})
    if answer.status_code == 200:
        own = answer.get_json()["result"]
        path = f"/dataset/{own['id']}/resource/{file['id']}/download/daten.csv"
        got = house.client.get(path, headers={"Authorization": house.token(house.stranger)})
        assert secret not in got.get_data(as_text=True)
        assert not own["resources"][0].get("file_key")


def draft_fields(owner: str) -> dict[str, Any]:
    return {**fields(word()), "owner_org": owner}


def test_a_delivery_does_not_undo_what_is_decided_while_it_is_looked_at(
    house: House, standing: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    write = standing_release._release

    def later(*given: Any) -> None:
        act(house.office, "mainz_record_withdraw", {"id": standing["id"], "reason": "personenbezug"})
        write(*given)

    monkeypatch.setattr(standing_release, "_release", later)
    with pytest.raises(toolkit.ValidationError):
        act(
            house.editor,
            "resource_patch",
            {"id": file_of(standing, "Bäume 2025"), "upload": csv("Art;Zahl\nLinde;6\n")},
        )
    monkeypatch.undo()
    model.Session.remove()
    with pytest.raises((toolkit.NotAuthorized, toolkit.ObjectNotFound)):
        anybody("package_show", {"id": standing["id"]})


def test_work_that_waits_is_not_lost_by_a_delivery(house: House, standing: dict[str, Any]) -> None:
    act(house.editor, "package_patch", {"id": standing["id"], "notes": "Neuer Text."})
    held = {"id": file_of(standing, "Bäume 2025"), "upload": csv("Art;Zahl;Ort\nLinde;6;Mainz\n")}
    made = act(house.editor, "resource_patch", held)["mainz_proposal"]
    told = act(house.office, "mainz_proposal_show", {"id": made["id"]})
    assert "Neuer Text." in str(told["changes"])
    assert [one["new_bytes"] for one in told["changes"]["files"]] == [True]


def test_a_second_third_party_can_be_added(house: House) -> None:
    for name in ("verein-a", "verein-b"):
        organization("dritte", name=name)
    made = draft(house.editor, house.amt)
    given = {"id": made["id"], "visibility": "partner", "shared_with": ["verein-a"], "check": CHECK}
    act(house.editor, "mainz_record_submit", given)
    act(house.lead, "mainz_record_release", {"id": made["id"]})
    more = {"id": made["id"], "visibility": "partner", "shared_with": ["verein-a", "verein-b"]}
    asked = act(house.editor, "mainz_record_visibility_set", more)["mainz_proposal"]
    shown = act(house.lead, "mainz_proposal_accept", {"id": asked["id"]})
    assert sorted(shown["shared_with"]) == ["verein-a", "verein-b"]


def test_a_level_that_was_overtaken_takes_no_readers_away(house: House) -> None:
    made = draft(house.editor, house.amt)
    submit(house.editor, made["id"], "intern")
    act(house.lead, "mainz_record_release", {"id": made["id"]})
    asked = [
        act(house.editor, "mainz_record_visibility_set", {"id": made["id"], "visibility": level})["mainz_proposal"][
            "id"
        ]
        for level in ("partner", PUBLIC)
    ]
    act(house.office, "mainz_proposal_accept", {"id": asked[1]})
    with pytest.raises(toolkit.ValidationError):
        act(house.lead, "mainz_proposal_accept", {"id": asked[0]})
    assert anybody("package_show", {"id": made["id"]})["visibility"] == PUBLIC


# --- people ----------------------------------------------------------------------------------------------------------


def deputy_of(user: str) -> str:
    name = person()
    found = model.User.get(user)
    assert found is not None
    grant(name, "deputy", for_user=found.id)
    return name


def test_a_deputy_releases_no_more_than_their_person_may(house: House) -> None:
    made = draft(house.editor, house.amt)
    x = both(house)
    act(x, "package_patch", {"id": made["id"], "notes": "Von X."})
    submit(x, made["id"])
    with pytest.raises(REFUSED):
        act(deputy_of(x), "mainz_record_release", {"id": made["id"]})
    act(deputy_of(house.office), "mainz_record_release", {"id": made["id"]})


def test_nobody_makes_themselves_the_successor_of_others(house: House) -> None:
    stand_in = deputy_of(house.lead)
    sent = {"user": house.lead, "organization": house.amt, "hand_over_to": stand_in}
    assert "hand_over_to" in house.refuses(stand_in, "mainz_membership_leave", sent)


def test_the_office_is_not_taken_from_others(house: House) -> None:
    other = both(house)
    error = house.refuses(house.office, "mainz_membership_leave", {"user": other, "hand_over_to": house.lead})
    assert "user" in error


def test_the_account_of_a_person_becomes_no_interface(house: House) -> None:
    sent = {"user": house.editor, "role": "service", "organization": house.amt}
    assert "user" in house.refuses(house.lead, "mainz_role_grant", sent)


def test_a_deputyship_does_not_grow_into_the_office(house: House) -> None:
    sysadmin = person()
    act("", "user_patch", {"id": sysadmin, "sysadmin": True})
    stand_in = deputy_of(house.editor)
    act(sysadmin, "mainz_role_grant", {"user": house.editor, "role": "office"})
    found = model.User.get(stand_in)
    assert found is not None
    assert not people.person(found.id).office


@pytest.fixture
def linked(house: House) -> tuple[dict[str, Any], dict[str, Any]]:
    """A public record in a series and beside a version that its own organisation alone reads, and that series."""
    series = act(
        house.editor, "package_create", {**GOOD, "type": "dataset_series", "owner_org": house.amt, "name": "serie"}
    )
    version = draft(house.editor, house.amt)
    links = {"in_series": [series["id"]], "has_version": [version["id"], "https://a.example/fassung"]}
    made = draft(house.editor, house.amt, **links)
    submit(house.editor, made["id"])
    act(house.office, "mainz_record_release", {"id": made["id"]})
    return made, series


ASKED: dict[str, Any] = {
    "package_show": lambda made: {"id": made["id"]},
    "package_search": lambda made: {"fq": f"id:{made['id']}", "facet.field": ["vocab_in_series"]},
    "current_package_list_with_resources": lambda _made: {},
    "mainz_record_history": lambda made: {"id": made["id"]},
}


@pytest.mark.parametrize("action", ASKED)
@pytest.mark.parametrize("how", [{}, {"use_default_schema": True}, {"fl": ["id", "validated_data_dict", "data_dict"]}])
def test_a_record_does_not_tell_of_hidden_ones(
    house: House, linked: tuple[dict[str, Any], dict[str, Any]], action: str, how: dict[str, Any]
) -> None:
    made, series = linked
    for user in ("", house.stranger):
        told = house.api(user, action, {**ASKED[action](made), **how}).get_data(as_text=True)
        assert made["id"] in told or action == "mainz_record_history"
        assert series["id"] not in told
        assert made["has_version"][0] not in told
    own = house.api(house.editor, action, {**ASKED[action](made), **how}).get_data(as_text=True)
    assert series["id"] in own or action == "mainz_record_history"


FIELDS: list[dict[str, Any]] = [
    {"fl": ["id", "vocab_in_series"]},
    {"fl": ["*"]},
    {"fl": ["id", "x:validated_data_dict"]},
    {"fl": ["in_series:vocab_in_series"]},
    {"facet.field": ["text"], "facet.limit": -1},
    {"facet.field": ["vocab_in_series"], "facet.mincount": 0},
    {"facet.field": ["in_series", "has_version", "serves_dataset"]},
]


@pytest.mark.parametrize("how", FIELDS)
def test_no_field_of_the_index_tells_of_hidden_records(
    house: House, linked: tuple[dict[str, Any], dict[str, Any]], how: dict[str, Any]
) -> None:
    made, series = linked
    answer = house.api("", "package_search", {"fq": f"id:{made['id']}", **how})
    assert answer.status_code == 200
    assert answer.get_json()["result"]["count"] == 1
    assert series["id"] not in answer.get_data(as_text=True)
    assert made["has_version"][0] not in answer.get_data(as_text=True)


def test_a_file_does_not_tell_of_a_hidden_service(house: House) -> None:
    entered = {**GOOD, "type": "data_service", "owner_org": house.amt, "name": "dienst",
               "endpoint_url": "https://a.example/wfs"}  # fmt: skip
    service = act(house.editor, "package_create", entered)
    address = f"{toolkit.config['ckan.site_url']}/dataset/{service['id']}"
    made = draft(house.editor, house.amt)
    given = {"package_id": made["id"], "url": "https://a.example/daten.csv", "name": "Daten",
             "access_services": [{"uri": address, "title": "Dienst"}]}  # fmt: skip
    file = act(house.editor, "resource_create", given)
    submit(house.editor, made["id"])
    act(house.office, "mainz_record_release", {"id": made["id"]})
    asked = {"package_show": made["id"], "resource_show": file["id"], "mainz_record_history": made["id"]}
    for action, id in asked.items():
        assert service["id"] not in house.api("", action, {"id": id}).get_data(as_text=True), action
    assert "Dienst" in house.api("", "package_show", {"id": made["id"]}).get_data(as_text=True)
    assert service["id"] in house.api(house.editor, "resource_show", {"id": file["id"]}).get_data(as_text=True)


def test_who_reads_the_series_is_told_of_it(house: House, linked: tuple[dict[str, Any], dict[str, Any]]) -> None:
    made, series = linked
    submit(house.editor, series["id"])
    act(house.office, "mainz_record_release", {"id": series["id"]})
    shown = anybody("package_show", {"id": made["id"]})
    assert (shown["in_series"], shown["has_version"]) == ([series["id"]], ["https://a.example/fassung"])
    for asked in (series["id"], f'"{series["id"]}"'):
        (found,) = anybody("package_search", {"q": f"vocab_in_series:{asked}"})["results"]
        assert found["id"] == made["id"]
    assert anybody("package_search", {"fq": f"-vocab_in_series:{series['id']} +id:{made['id']}"})["count"] == 0


PARTS: list[Callable[[str], str]] = [
    lambda id: f"vocab_in_series:{id}",
    lambda id: f'vocab_in_series:"{id}"',
    lambda id: f"vocab_in_series:{id[:8]}*",
    lambda id: f"vocab_in_series:[{id[:8]} TO {id[:8]}~]",
    lambda id: f"vocab_in_series:[{id} TO {id}]",
    lambda id: f"vocab_in_series:(x OR {id})",
    lambda id: f"vocab_in_series:/{id[:8]}.*/",
    lambda id: f"{id[:8]}*",
    lambda id: f'text:"{id}"',
]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("place", ["q", "fq"])
def test_no_question_confirms_the_id_of_a_hidden_record(
    house: House, linked: tuple[dict[str, Any], dict[str, Any]], part: Callable[[str], str], place: str
) -> None:
    made, series = linked
    asked = {"q": f"id:{made['id']}", place: f"+id:{made['id']} +{part(series['id'])}"}
    for user in ("", house.stranger):
        answer = house.api(user, "package_search", asked).get_json()
        assert not answer["success"] or answer["result"]["count"] == 0


def test_members_of_the_organisation_find_by_a_hidden_series(
    house: House, linked: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    made, series = linked
    asked = {"fq_list": [f"vocab_in_series:{series['id']}"], "include_private": True}
    assert [one["id"] for one in act(house.editor, "package_search", asked)["results"]] == [made["id"]]


def test_links_to_hidden_records_survive_a_change(house: House, linked: tuple[dict[str, Any], dict[str, Any]]) -> None:
    made, _series = linked
    whole = act(house.editor, "package_show", {"id": made["id"]})
    kept = act(house.editor, "package_update", {**whole, "notes": "Neu."})["mainz_proposal"]
    act(house.office, "mainz_proposal_accept", {"id": kept["id"]})
    after = act(house.editor, "package_show", {"id": made["id"]})
    assert after["notes"] == "Neu."
    assert {name: after[name] for name in ("in_series", "has_version")} == {
        name: made[name] for name in ("in_series", "has_version")
    }


def test_the_schema_that_is_asked_for_shows_no_more_files(house: House) -> None:
    secret, made = with_a_closed_file(house)
    for user in ("", house.stranger):
        for action, asked in (("package_show", {"id": made["id"]}), ("package_search", {"q": f"id:{made['id']}"})):
            told = house.api(user, action, {**asked, "use_default_schema": True})
            assert "offen" in told.get_data(as_text=True)
            assert secret not in told.get_data(as_text=True)


def test_a_conflict_does_not_vanish_when_the_author_goes_on(house: House) -> None:
    record, other = house.public["id"], person(editor=house.amt)
    act(house.editor, "package_patch", {"id": record, "title": "Mein Titel"})
    faster = act(other, "package_patch", {"id": record, "title": "Ihr Titel"})["mainz_proposal"]
    act(house.office, "mainz_proposal_accept", {"id": faster["id"]})
    later = act(house.editor, "package_patch", {"id": record, "notes": "Auch das."})["mainz_proposal"]
    (conflict,) = act(house.editor, "mainz_proposal_show", {"id": later["id"]})["conflicts"]
    assert "Ihr Titel" in conflict
    assert "conflicts" in house.refuses(house.office, "mainz_proposal_accept", {"id": later["id"]})
    assert anybody("package_show", {"id": record})["title"] == "Ihr Titel"
    chosen = act(house.editor, "package_patch", {"id": record, "title": "Beider Titel"})["mainz_proposal"]
    act(house.office, "mainz_proposal_accept", {"id": chosen["id"]})
    after = anybody("package_show", {"id": record})
    assert (after["title"], after["notes"]) == ("Beider Titel", "Auch das.")


PEOPLE = "Name;Geburtsdatum;E-Mail\nErika Muster;1.2.1980;erika@muster.example\nMax Probe;3.4.1975;max@probe.example\n"


@pytest.fixture
def internal(house: House) -> dict[str, Any]:
    """A record that the city group reads, with a table."""
    made = draft(house.editor, house.amt, visibility="konzern")
    given = {"package_id": made["id"], "name": "Tabelle", "upload": csv("Art;Zahl\nLinde;5\n")}
    act(house.editor, "resource_create", given)
    submit(house.editor, made["id"], "konzern")
    return act(house.lead, "mainz_record_release", {"id": made["id"]})


def test_who_leads_changes_at_once_what_needs_no_check(house: House, internal: dict[str, Any]) -> None:
    answer = act(house.lead, "package_patch", {"id": internal["id"], "notes": "Besser gesagt."})
    assert "mainz_proposal" not in answer
    assert answer["notes"] == "Besser gesagt."
    file = internal["resources"][0]["id"]
    answer = act(house.lead, "resource_patch", {"id": file, "upload": csv("Art;Zahl\nLinde;6\nAhorn;2\n")})
    assert "mainz_proposal" not in answer
    assert answer["size"] != internal["resources"][0]["size"]
    log = [one["action"] for one in act(house.office, "mainz_decision_list", {"id": internal["id"]})["results"]]
    assert log.count("change") == 2


@pytest.mark.parametrize("how", ["resource_patch", "resource_create"])
def test_who_leads_answers_the_check_of_new_bytes(house: House, internal: dict[str, Any], how: str) -> None:
    file = internal["resources"][0]
    given = {"id": file["id"]} if how == "resource_patch" else {"package_id": internal["id"], "name": "Neu"}
    made = act(house.lead, how, {**given, "upload": csv(PEOPLE)})["mainz_proposal"]
    still = act(house.lead, "package_show", {"id": internal["id"]})["resources"]
    assert [one["hash"] for one in still] == [file["hash"]]
    shown = act(house.lead, "mainz_proposal_show", {"id": made["id"]})
    assert shown["held"]
    error = house.refuses(house.lead, "mainz_proposal_accept", {"id": made["id"]})
    assert "check" in error


@pytest.mark.parametrize("giver", ["lead", "person", "office"])
def test_a_deputyship_grows_only_as_far_as_its_giver_answers_for(house: House, giver: str) -> None:
    stand_in, sealed = person(), organization(sealed=True)
    by = {"lead": house.lead, "person": house.editor, "office": house.office}[giver]
    until = (people.today() + timedelta(days=30)).isoformat()
    asked = {"user": stand_in, "role": "deputy", "for_user": house.editor, "until": until}
    act(by, "mainz_role_grant", asked)
    assert people.person(stand_in).edits(house.amt)
    act("", "organization_member_create", {"id": house.amt, "username": house.editor, "role": "member"})
    act("", "organization_member_create", {"id": house.amt, "username": house.editor, "role": "editor"})
    assert people.person(stand_in).edits(house.amt)
    act(house.office, "organization_member_create", {"id": sealed, "username": house.editor, "role": "editor"})
    assert people.person(stand_in).edits(sealed) == (giver != "lead")
    assert people.person(stand_in).edits(house.amt) == (giver != "lead")
    ended = act(house.office, "mainz_decision_list", {"action": "role_revoke"})["count"]
    assert ended == (1 if giver == "lead" else 0)


@pytest.mark.parametrize("action", ["dataset_followee_list", "followee_list"])
def test_what_one_follows_shows_no_more_than_it_does(house: House, action: str) -> None:
    secret, made = with_a_closed_file(house)
    for user, reads in ((house.stranger, False), (house.editor, True)):
        act(user, "follow_dataset", {"id": made["id"]})
        account = model.User.get(user)
        assert account is not None
        told = house.api(user, action, {"id": account.id})
        assert "offen" in told.get_data(as_text=True)
        assert (secret in told.get_data(as_text=True)) == reads


@pytest.mark.parametrize("action", ["organization_followee_list", "followee_list", "member_list"])
def test_people_of_an_organisation_are_not_for_strangers(house: House, action: str) -> None:
    account, editor = model.User.get(house.stranger), model.User.get(house.editor)
    assert account is not None
    assert editor is not None
    act(house.stranger, "follow_group", {"id": house.amt})
    asked = {"id": house.amt if action == "member_list" else account.id}
    told = house.api(house.stranger, action, asked).get_data(as_text=True)
    assert (house.amt in told) or action == "member_list"
    assert editor.id not in told
    assert house.editor not in told


@pytest.mark.parametrize("asked", [["id", "score"], ["id,score"], ["id", "s:score"], ["score"]])
def test_scores_are_not_told(house: House, asked: list[str]) -> None:
    found = house.api("", "package_search", {"q": "*:*", "fl": asked}).get_json()["result"]["results"]
    assert found
    assert all(set(one) <= {"id"} for one in found)


def test_what_is_shared_by_a_name_goes_to_nobody_else(house: House) -> None:
    club = organization(kind="dritte", name="verein-a")
    reader = person(member=club)
    made = draft(house.editor, house.amt, visibility="partner", shared_with=["verein-a"])
    submit(house.editor, made["id"], "partner")
    act(house.lead, "mainz_record_release", {"id": made["id"]})
    assert act(reader, "package_show", {"id": made["id"]})
    for sent in ({"id": club, "name": "verein-b"}, {"id": organization(name="amt-drei"), "name": "verein-a"}):
        assert "name" in house.refuses(house.office, "organization_patch", sent)
    assert act(reader, "package_show", {"id": made["id"]})


def test_the_history_names_no_file_that_was_closed_before_it_went(house: House) -> None:
    made = draft(house.editor, house.amt)
    secret = word()
    for name in ("offen", secret):
        act(house.editor, "resource_create", {"package_id": made["id"], "name": name, "upload": upload(name)})
    submit(house.editor, made["id"])
    act(house.office, "mainz_record_release", {"id": made["id"]})
    file = file_of(act(house.editor, "package_show", {"id": made["id"]}), secret)
    for change in ("resource_patch", "resource_delete"):
        sent = {"id": file, "visibility": "intern"} if change == "resource_patch" else {"id": file}
        waiting = act(house.editor, change, sent)["mainz_proposal"]["id"]
        act(house.office, "mainz_proposal_accept", {"id": waiting, "check": CHECK})
        assert secret not in str(anybody("mainz_record_history", {"id": made["id"]}))
    assert secret in str(act(house.editor, "mainz_record_history", {"id": made["id"]}))


def test_a_deputyship_ends_where_an_organisation_is_sealed(house: House) -> None:
    above, stand_in = organization(), person()
    lead, editor = person(admin=above), person()
    below = organization(parent=above)
    act("", "organization_member_create", {"id": below, "username": editor, "role": "editor"})
    until = (people.today() + timedelta(days=30)).isoformat()
    act(lead, "mainz_role_grant", {"user": stand_in, "role": "deputy", "for_user": editor, "until": until})
    act(house.office, "organization_patch", {"id": below, "description": "Neu"})
    assert people.person(stand_in).edits(below)
    act(house.office, "organization_patch", {"id": below, "sealed": "true"})
    assert not people.person(stand_in).edits(below)


def test_what_is_decided_meanwhile_gets_no_proposal(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    compare = proposals.differences.compare

    def meanwhile(*given: Any) -> Any:
        monkeypatch.undo()
        act(house.office, "mainz_record_withdraw", {"id": house.public["id"], "reason": "personenbezug"})
        return compare(*given)

    monkeypatch.setattr(proposals.differences, "compare", meanwhile)
    with pytest.raises(toolkit.ValidationError):
        act(house.editor, "package_patch", {"id": house.public["id"], "notes": "Zu spät."})
    assert proposals.of_record(house.public["id"]) == []


def test_what_is_gone_takes_nothing_from_the_list_of_what_one_follows(house: House) -> None:
    account, gone = model.User.get(house.stranger), organization()
    assert account is not None
    for id in (gone, house.amt):
        act(house.stranger, "follow_group", {"id": id})
    act("", "organization_delete", {"id": gone})
    for action in ("organization_followee_list", "followee_list"):
        found = act(house.stranger, action, {"id": account.id})
        assert [(one.get("dict") or one)["id"] for one in found] == [house.amt]


def test_a_deputyship_ends_where_an_organisation_between_is_deleted(house: House) -> None:
    above, stand_in, editor = organization(), person(), person()
    lead, between = person(admin=above), organization(parent=above)
    below = organization(parent=between)
    act("", "organization_member_create", {"id": below, "username": editor, "role": "editor"})
    until = (people.today() + timedelta(days=30)).isoformat()
    act(lead, "mainz_role_grant", {"user": stand_in, "role": "deputy", "for_user": editor, "until": until})
    act("", "organization_delete", {"id": between})
    assert not people.person(lead).leads(below)
    assert not people.person(stand_in).edits(below)
