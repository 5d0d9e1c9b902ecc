"""The life of a record by the table of the data governance, and nothing beside it."""

from __future__ import annotations

import io

import pytest
from ckan import model
from ckan.plugins import toolkit
from tests.kit.governance import CHECK, act, anybody, draft, office, organization, person, released
from werkzeug.datastructures import FileStorage

from ckanext.mainz.governance import logbook, proposals

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def amt() -> str:
    return organization()


@pytest.fixture
def editor(amt: str) -> str:
    return person(editor=amt)


@pytest.fixture
def lead(amt: str) -> str:
    return person(admin=amt)


def upload(text: str = "a;b\n1;2\n", name: str = "daten.csv") -> FileStorage:
    return FileStorage(io.BytesIO(text.encode()), filename=name, content_type="text/csv")


def is_public(id: str) -> bool:
    try:
        anybody("package_show", {"id": id})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return False
    return True


def test_a_new_record_is_a_draft_whatever_the_client_says(editor: str, amt: str) -> None:
    made = draft(editor, amt, private=False)
    assert (made["lifecycle"], made["visibility"], made["private"]) == ("entwurf", "oeffentlich", True)
    assert "ignored" in made["mainz_notice"]
    assert not is_public(made["id"])


def test_the_office_releases_what_was_handed_in(editor: str, amt: str) -> None:
    made = draft(editor, amt)
    handed_in = act(editor, "mainz_record_submit", {"id": made["id"], "check": CHECK})
    assert (handed_in["lifecycle"], handed_in["private"]) == ("eingereicht", True)
    done = act(office(), "mainz_record_release", {"id": made["id"]})
    assert (done["lifecycle"], done["private"]) == ("freigegeben", False)
    assert is_public(made["id"])
    assert anybody("package_search", {"q": "Baumkataster"})["count"] == 1


def test_nobody_releases_their_own_to_the_public(editor: str, amt: str) -> None:
    both = office()
    act("", "organization_member_create", {"id": amt, "username": both, "role": "editor"})
    made = draft(editor, amt)
    act(both, "package_patch", {"id": made["id"], "notes": "Von mir geändert"})
    act(editor, "mainz_record_submit", {"id": made["id"], "check": CHECK})
    with pytest.raises(toolkit.NotAuthorized):
        act(both, "mainz_record_release", {"id": made["id"]})
    act(office(), "mainz_record_release", {"id": made["id"]})


def test_datenverantwortliche_release_up_to_partner_only(editor: str, lead: str, amt: str) -> None:
    inside, outside = draft(editor, amt, visibility="partner"), draft(editor, amt)
    for one in (inside, outside):
        act(editor, "mainz_record_submit", {"id": one["id"], "check": CHECK})
    assert act(lead, "mainz_record_release", {"id": inside["id"]})["lifecycle"] == "freigegeben"
    with pytest.raises(toolkit.NotAuthorized):
        act(lead, "mainz_record_release", {"id": outside["id"]})


def test_equal_flags_are_accepted_and_others_name_the_action(editor: str, amt: str) -> None:
    made = draft(editor, amt)
    whole = act(editor, "package_show", {"id": made["id"]})
    act(editor, "package_update", {**whole, "notes": "Neu"})
    for name, value in (("private", False), ("visibility", "intern"), ("lifecycle", "freigegeben")):
        with pytest.raises(toolkit.ValidationError) as error:
            act(editor, "package_update", {**whole, name: value})
        assert "mainz_record_" in str(error.value.error_dict[name])


def test_what_is_handed_in_is_not_changed(editor: str, amt: str) -> None:
    made = draft(editor, amt)
    act(editor, "mainz_record_submit", {"id": made["id"], "check": CHECK})
    with pytest.raises(toolkit.ValidationError):
        act(editor, "package_patch", {"id": made["id"], "notes": "Doch anders"})


def test_a_return_needs_a_reason_and_leads_back_to_the_draft(editor: str, amt: str) -> None:
    made = draft(editor, amt)
    act(editor, "mainz_record_submit", {"id": made["id"], "check": CHECK})
    decider = office()
    with pytest.raises(toolkit.ValidationError):
        act(decider, "mainz_record_return", {"id": made["id"]})
    back = act(decider, "mainz_record_return", {"id": made["id"], "reason": "unvollstaendig", "note": "Bitte Spalten"})
    assert back["lifecycle"] == "entwurf"
    act(editor, "package_patch", {"id": made["id"], "notes": "Mit Spalten"})


def test_withdrawal_hides_at_once_and_leaves_a_tombstone(editor: str, amt: str) -> None:
    made = released(editor, amt)
    assert is_public(made["id"])
    act(office(), "mainz_record_withdraw", {"id": made["id"], "reason": "fehler"})
    assert not is_public(made["id"])
    assert anybody("package_search", {"q": "Baumkataster"})["count"] == 0
    found = logbook.tombstone(made["name"])
    assert found is not None
    assert set(found) == {"package_id", "name", "withdrawn", "successor"}


def test_archived_is_readable_but_not_in_the_default_search(editor: str, amt: str, lead: str) -> None:
    made = released(editor, amt)
    assert act(lead, "mainz_record_archive", {"id": made["id"]})["lifecycle"] == "archiviert"
    assert is_public(made["id"])
    assert anybody("package_search", {"q": "Baumkataster"})["count"] == 0
    assert anybody("package_search", {"q": "Baumkataster", "fq": "extras_lifecycle:archiviert"})["count"] == 1
    with pytest.raises(toolkit.ValidationError):
        act(lead, "package_patch", {"id": made["id"], "notes": "x"})
    act(office(), "mainz_record_release", {"id": made["id"]})


def test_a_lower_level_holds_at_once_and_a_higher_one_waits(editor: str, lead: str, amt: str) -> None:
    made = released(editor, amt, "verwaltung")
    raised = act(editor, "mainz_record_visibility_set", {"id": made["id"], "visibility": "oeffentlich"})
    assert raised["visibility"] == "verwaltung"
    assert raised["mainz_proposal"]["state"] == "offen"
    assert not is_public(made["id"])
    act(office(), "mainz_proposal_accept", {"id": raised["mainz_proposal"]["id"]})
    assert is_public(made["id"])
    assert act(lead, "mainz_record_visibility_set", {"id": made["id"], "visibility": "intern"})["private"] is True
    assert not is_public(made["id"])


# --- changes of released records -------------------------------------------------------------------------------------


@pytest.fixture
def public(editor: str, amt: str) -> dict:
    made = draft(editor, amt)
    for name in ("eins.csv", "zwei.csv"):
        act(editor, "resource_create", {"package_id": made["id"], "name": name, "upload": upload(name=name)})
    act(editor, "mainz_record_submit", {"id": made["id"], "check": CHECK})
    return act(office(), "mainz_record_release", {"id": made["id"]})


def changes_of(decider: str, id: str) -> dict:
    return act(decider, "mainz_proposal_show", {"id": id})["changes"]


STOCK = {
    "package_update": lambda one: {**one, "notes": "Neu"},
    "package_patch": lambda one: {"id": one["id"], "notes": "Neu"},
    "package_revise": lambda one: {"match": {"id": one["id"]}, "update": {"notes": "Neu"}},
    "resource_create": lambda one: {"package_id": one["id"], "name": "drei", "upload": upload(name="drei.csv")},
    "resource_update": lambda one: {**one["resources"][0], "name": "Neu", "upload": upload("a;b\n3;4\n")},
    "resource_patch": lambda one: {"id": one["resources"][0]["id"], "name": "Neu"},
    "resource_delete": lambda one: {"id": one["resources"][0]["id"]},
    "package_resource_reorder": lambda one: {"id": one["id"], "order": [one["resources"][1]["id"]]},
}


@pytest.mark.parametrize("action", STOCK)
def test_a_stock_action_on_a_released_record_makes_a_proposal(action: str, editor: str, public: dict) -> None:
    before = anybody("package_show", {"id": public["id"]})
    answer = act(editor, action, STOCK[action](act(editor, "package_show", {"id": public["id"]})))
    assert answer["mainz_proposal"]["state"] == "offen"
    assert anybody("package_show", {"id": public["id"]}) == before
    decider = office()
    found = changes_of(decider, answer["mainz_proposal"]["id"])
    assert found["fields"] or found["files"] or found["order"]
    act(decider, "mainz_proposal_accept", {"id": answer["mainz_proposal"]["id"]})
    after = anybody("package_show", {"id": public["id"]})
    assert after["private"] is False
    if action.startswith("package_") and action != "package_resource_reorder":
        assert after["notes"] == "Neu"
    names = [one["name"] for one in after["resources"]]
    assert names == {
        "resource_create": ["eins.csv", "zwei.csv", "drei"],
        "resource_update": ["Neu", "zwei.csv"],
        "resource_patch": ["Neu", "zwei.csv"],
        "resource_delete": ["zwei.csv"],
        "package_resource_reorder": ["zwei.csv", "eins.csv"],
    }.get(action, ["eins.csv", "zwei.csv"])


def test_a_round_trip_of_a_released_record_is_accepted_and_proposes_nothing(editor: str, public: dict) -> None:
    whole = act(editor, "package_show", {"id": public["id"]})
    answer = act(editor, "package_update", whole)
    assert "mainz_proposal" not in answer
    assert proposals.of_record(public["id"]) == []


def test_who_goes_on_working_does_so_on_their_own_proposal(editor: str, public: dict) -> None:
    first = act(editor, "package_patch", {"id": public["id"], "notes": "Neu"})["mainz_proposal"]
    made = act(editor, "resource_create", {"package_id": public["id"], "name": "drei", "upload": upload()})
    second = act(editor, "resource_patch", {"id": made["id"], "name": "Drei"})["mainz_proposal"]
    decider = office()
    with pytest.raises(toolkit.ValidationError) as error:
        act(decider, "mainz_proposal_accept", {"id": first["id"]})
    assert "newer" in str(error.value.error_dict)
    act(decider, "mainz_proposal_accept", {"id": second["id"]})
    after = anybody("package_show", {"id": public["id"]})
    assert (after["notes"], after["resources"][-1]["name"]) == ("Neu", "Drei")


def test_proposals_of_two_are_decided_in_order_and_a_conflict_is_shown(amt: str, editor: str, public: dict) -> None:
    other, decider = person(editor=amt), office()
    first = act(editor, "package_patch", {"id": public["id"], "notes": "Eins", "version": "2"})["mainz_proposal"]
    second = act(other, "package_patch", {"id": public["id"], "notes": "Zwei"})["mainz_proposal"]
    third = act(person(editor=amt), "package_patch", {"id": public["id"], "title": "Bäume"})["mainz_proposal"]
    act(decider, "mainz_proposal_accept", {"id": first["id"]})
    with pytest.raises(toolkit.ValidationError) as error:
        act(decider, "mainz_proposal_accept", {"id": second["id"]})
    assert "Eins" in str(error.value.error_dict["conflicts"])
    assert act(decider, "mainz_proposal_show", {"id": second["id"]})["conflicts"]
    act(decider, "mainz_proposal_accept", {"id": third["id"]})
    after = anybody("package_show", {"id": public["id"]})
    assert (after["notes"], after["version"], after["title"]) == ("Eins", "2", "Bäume")


def test_below_public_datenverantwortliche_change_at_once_and_redaktion_proposes(
    editor: str, lead: str, amt: str
) -> None:
    made = released(editor, amt, "konzern")
    assert act(editor, "package_patch", {"id": made["id"], "notes": "R"})["mainz_proposal"]
    assert act(lead, "package_patch", {"id": made["id"], "notes": "D"})["notes"] == "D"


def test_a_change_that_may_not_be_public_is_refused_at_once(editor: str, public: dict) -> None:
    with pytest.raises(toolkit.ValidationError):
        act(editor, "package_patch", {"id": public["id"], "title": "x" * 300})
    assert proposals.of_record(public["id"]) == []


def test_released_records_are_not_deleted_moved_or_changed_in_bulk(
    editor: str, lead: str, amt: str, public: dict
) -> None:
    with pytest.raises(toolkit.ValidationError):
        act(lead, "package_delete", {"id": public["id"]})
    with pytest.raises(toolkit.ValidationError):
        act(lead, "bulk_update_private", {"datasets": [public["id"]], "org_id": amt})
    other = organization()
    act("", "organization_member_create", {"id": other, "username": lead, "role": "admin"})
    with pytest.raises(toolkit.ValidationError):
        act(lead, "package_patch", {"id": public["id"], "owner_org": other})
    with pytest.raises(toolkit.ValidationError):
        act(lead, "package_owner_org_update", {"id": public["id"], "organization_id": other})


def test_the_database_itself_holds_the_fence(editor: str, amt: str) -> None:
    made = draft(editor, amt)
    with pytest.raises(Exception, match="may not have private"):
        model.Session.execute(model.package_table.update().values(private=False))
    model.Session.rollback()
    assert not is_public(made["id"])


def test_a_file_stricter_than_its_record_is_only_for_those_who_may_read_it(editor: str, amt: str, public: dict) -> None:
    id = public["resources"][0]["id"]
    made = act(editor, "resource_patch", {"id": id, "visibility": "intern"})["mainz_proposal"]
    act(office(), "mainz_proposal_accept", {"id": made["id"]})
    assert [one["name"] for one in anybody("package_show", {"id": public["id"]})["resources"]] == ["zwei.csv"]
    (found,) = anybody("package_search", {"q": "Baumkataster"})["results"]
    assert [one["name"] for one in found["resources"]] == ["zwei.csv"]
    with pytest.raises((toolkit.ObjectNotFound, toolkit.NotAuthorized)):
        anybody("resource_show", {"id": id})
    assert len(act(editor, "package_show", {"id": public["id"]})["resources"]) == 2
    assert act(editor, "resource_show", {"id": id})["name"] == "eins.csv"


def test_the_history_is_public_and_closes_with_a_withdrawal(editor: str, public: dict) -> None:
    made = act(editor, "package_patch", {"id": public["id"], "notes": "Neu"})["mainz_proposal"]
    act(office(), "mainz_proposal_accept", {"id": made["id"]})
    latest, first = anybody("mainz_record_history", {"id": public["id"]})
    assert [one["field"] for one in latest["changes"]["fields"]] == ["notes"]
    assert first["number"] == 1
    act(office(), "mainz_record_withdraw", {"id": public["id"], "reason": "personenbezug"})
    with pytest.raises((toolkit.ObjectNotFound, toolkit.NotAuthorized)):
        anybody("mainz_record_history", {"id": public["id"]})
    act(editor, "package_patch", {"id": public["id"], "notes": "Ohne Namen"})
    act(editor, "mainz_record_submit", {"id": public["id"], "check": CHECK})
    act(office(), "mainz_record_release", {"id": public["id"]})
    assert len(anybody("mainz_record_history", {"id": public["id"]})) == 1


def test_a_standing_release_covers_new_rows_and_holds_new_columns(editor: str, amt: str) -> None:
    made = draft(editor, amt)
    file = act(editor, "resource_create", {"package_id": made["id"], "name": "eins", "upload": upload()})
    act(editor, "mainz_record_submit", {"id": made["id"], "check": CHECK})
    act(office(), "mainz_record_release", {"id": made["id"], "standing": True})
    answer = act(editor, "resource_patch", {"id": file["id"], "upload": upload("a;b\n1;2\n3;4\n")})
    assert "mainz_proposal" not in answer
    assert anybody("resource_show", {"id": file["id"]})["size"] == len("a;b\n1;2\n3;4\n")
    held = act(editor, "resource_patch", {"id": file["id"], "upload": upload("a;name\n1;Meier\n")})["mainz_proposal"]
    assert "columns" in str(act(office(), "mainz_proposal_show", {"id": held["id"]})["held"])
    assert anybody("resource_show", {"id": file["id"]})["size"] == len("a;b\n1;2\n3;4\n")
