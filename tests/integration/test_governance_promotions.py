"""What hangs on a record goes with it: promotions and proposals when it is deleted, withdrawn, archived or returned."""

from __future__ import annotations

import io
from email.utils import parseaddr
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit
from tests.integration.test_governance_attacks import House, house
from tests.integration.test_todo import letters, send
from tests.kit.governance import CHECK, GOOD, act, draft, office, organization, person
from tests.kit.leaks.catalogue import upload, word
from tests.kit.people import Page, Visitor
from tests.kit.services import LoadedPortal
from werkzeug.datastructures import FileStorage

from ckanext.mainz.governance import decisions, differences, people, proposals, tables
from ckanext.mainz.governance.check import stored
from ckanext.mainz.governance.todo import tasks

__all__ = ["house", "letters"]
REASON = {"reason": "unvollstaendig", "note": "Bitte die Spalten erklären."}


def entry(house: House) -> str:
    """An entry of the inventory; its id."""
    given = {"organization": house.amt, "title": "Brunnen", "description": "Alle Brunnen der Stadt."}
    return act(house.editor, "mainz_inventory_create", given)["id"]


def begun(house: House) -> str:
    """An entry of which a complete dataset is being made; its id."""
    id = entry(house)
    act(house.editor, "mainz_record_promote", {"id": id})
    rest = {name: GOOD[name] for name in ("license_id", "theme", "contact")}
    act(house.editor, "package_patch", {"id": id, **rest})
    act(house.editor, "resource_create", {"package_id": id, "name": "Daten", "upload": upload(word())})
    return id


def hand_in(house: House, id: str, level: str = "oeffentlich", **more: Any) -> str:
    """Hands the dataset of an entry in; the id of the proposal."""
    act(house.editor, "mainz_record_submit", {"id": id, "visibility": level, "check": CHECK, **more})
    return promotion(id).id


def promotion(id: str) -> proposals.Proposal:
    found = proposals.begun_promotion(id)
    assert found is not None
    return found


def todo(user: str) -> list[dict[str, Any]]:
    return act(user, "mainz_todo_list")


def logged(id: str, action: str) -> list[decisions.Entry]:
    return decisions.find(decisions.Question(record_id=id, action=action))


# --- an entry that is deleted ----------------------------------------------------------------------------------------


def test_an_entry_with_a_promotion_that_waits_is_deleted_only_after_its_return(house: House) -> None:
    id = begun(house)
    waiting = hand_in(house, id)
    error = house.refuses(house.editor, "package_delete", {"id": id})
    assert "mainz_proposal_return" in str(error["id"])
    act(house.office, "mainz_proposal_return", {"id": waiting, **REASON})
    act(house.editor, "package_delete", {"id": id})
    found = proposals.find(waiting)
    assert found is not None
    assert found.state == proposals.DROPPED
    (row,) = logged(id, "proposal_drop")
    assert (row.after["proposal"], row.names.actor.name) == (waiting, house.editor)
    assert todo(house.editor) == []


def test_the_page_says_why_an_entry_is_not_deleted(house: House, portal: LoadedPortal) -> None:
    id = begun(house)
    hand_in(house, id)
    page = Visitor(portal, house.editor).post(f"/dataset/delete/{id}", follow=True)
    assert page.status == 200
    assert "mainz_proposal_return" in page.text
    assert act(house.editor, "package_show", {"id": id})["state"] == "active"


def test_a_proposal_for_a_deleted_record_breaks_no_list_and_no_mail(house: House, app: Any, letters: list[Any]) -> None:
    id = begun(house)
    hand_in(house, id)
    gone = sa.update(model.package_table).where(model.package_table.c.id == id).values(state="deleted")
    model.Session.execute(gone)  # as it was possible before
    model.Session.commit()
    model.Session.remove()
    assert id not in str(todo(house.office))
    assert id not in str(act(house.office, "mainz_proposal_list"))
    act(house.editor, "package_patch", {"id": house.public["id"], "notes": "Neu."})
    send(app)
    assert address(house.office) in reached(letters)


def test_whose_tasks_cannot_be_read_keeps_nobody_elses_mail_back(
    house: House, app: Any, letters: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [house.office, office()]
    act(house.editor, "package_patch", {"id": house.public["id"], "notes": "Neu."})
    read, told = tasks.of, list[str]()

    def fails_once(one: Any) -> list[tasks.Task]:
        if one.office:
            told.append(one.name)
            if len(told) == 1:
                model.Session.execute(sa.text("SELECT 1/0"))
        return read(one)

    monkeypatch.setattr(tasks, "of", fails_once)
    send(app)
    assert sorted(told) == sorted(both)
    assert reached(letters) & {address(one) for one in both} == {address(told[1])}


def reached(letters: list[Any]) -> set[str]:
    return {parseaddr(str(one["To"]))[1] for one in letters}


def address(user: str) -> str:
    account = model.User.get(user)
    assert account is not None
    return str(account.email)


# --- a promotion that is handed in once more -------------------------------------------------------------------------


def test_third_parties_of_an_earlier_hand_in_are_not_those_of_the_next(house: House) -> None:
    club = organization("dritte", name="verein-a")
    reader, id = person(member=club), begun(house)
    first = hand_in(house, id, "partner", shared_with=["verein-a"])
    act(house.lead, "mainz_proposal_return", {"id": first, **REASON})
    act(house.lead, "mainz_proposal_accept", {"id": hand_in(house, id, "partner", shared_with=[])})
    assert not act(house.editor, "package_show", {"id": id}).get("shared_with")
    with pytest.raises((toolkit.NotAuthorized, toolkit.ObjectNotFound)):
        act(reader, "package_show", {"id": id})


def test_a_dataset_under_way_and_its_return_are_tasks_of_its_organisation(house: House) -> None:
    id, colleague = begun(house), person(editor=house.amt)
    waiting = hand_in(house, id)
    assert todo(house.editor) == []
    act(house.office, "mainz_proposal_return", {"id": waiting, **REASON})
    for _again in range(2):
        for one in (house.editor, colleague, house.lead):
            (task,) = todo(one)
            assert (task["kind"], task["record_id"]) == ("returned", id)
            assert task["words"].endswith(REASON["note"])
        act(colleague, "package_patch", {"id": id, "notes": "Mit Spalten."})
    hand_in(house, id)
    assert todo(house.editor) == todo(colleague) == []


def test_a_dataset_that_was_begun_is_to_be_handed_in(house: House) -> None:
    id, colleague = begun(house), person(editor=house.amt)
    for one in (house.editor, colleague):
        assert [(task["kind"], task["record_id"]) for task in todo(one)] == [("hand_in", id)]
    assert todo(house.stranger) == []


def test_the_pages_say_why_a_promotion_came_back_until_it_is_handed_in_again(
    house: House, portal: LoadedPortal
) -> None:
    id, editor = begun(house), Visitor(portal, house.editor)
    act(house.office, "mainz_proposal_return", {"id": hand_in(house, id), **REASON})
    act(house.editor, "package_patch", {"id": id, "notes": "Mit Spalten."})
    paths = (f"/governance/record/{id}", f"/governance/record/{id}/submit", "/dashboard/datasets", "/governance/todo")
    for path in (*paths, f"/governance/proposal/{promotion(id).id}"):
        assert REASON["note"] in editor.get(path).text, path
    waiting = hand_in(house, id)
    for path in (*paths, f"/governance/proposal/{waiting}"):
        assert REASON["note"] not in editor.get(path).text, path
    assert act(house.editor, "mainz_proposal_show", {"id": waiting})["decided"] is None


# --- proposals for what is withdrawn or archived ---------------------------------------------------------------------


@pytest.fixture
def inside(house: House) -> str:
    """A record for the partners, with a change and a higher level that wait; its id."""
    made = draft(house.editor, house.amt, visibility="partner")
    act(house.editor, "mainz_record_submit", {"id": made["id"], "check": CHECK})
    act(house.lead, "mainz_record_release", {"id": made["id"]})
    act(house.editor, "package_patch", {"id": made["id"], "notes": "Neu."})
    act(house.lead, "mainz_record_visibility_set", {"id": made["id"], "visibility": "oeffentlich"})
    return made["id"]


def operator() -> str:
    name = person()
    model.Session.execute(sa.update(model.User).where(model.User.name == name).values(sysadmin=True))
    model.Session.commit()
    people.forget()
    return name


@pytest.mark.parametrize("action", ["mainz_record_withdraw", "mainz_record_archive", "mainz_record_override"])
def test_what_waits_for_a_record_goes_back_when_it_is_withdrawn_or_archived(
    house: House, inside: str, action: str
) -> None:
    waiting = proposals.of_record(inside, proposals.OPEN)
    assert len(waiting) == 2
    who = operator() if action.endswith("override") else house.office
    act(who, action, {"id": inside, **REASON})
    found = proposals.of_record(inside)
    assert {(one.state, one.reason, one.note) for one in found} == {(proposals.RETURNED, *REASON.values())}
    rows = logged(inside, "proposal_return")
    assert {one.after["proposal"] for one in rows} == {one.id for one in waiting}
    assert {(one.reason, one.names.actor.name) for one in rows} == {(REASON["reason"], who)}
    assert todo(house.office) == []
    tasks_of_author = [one for one in todo(house.editor) if one["kind"] == "change_returned"]
    assert [one["words"].endswith(REASON["note"]) for one in tasks_of_author] == [True]


def test_nothing_that_waited_before_a_withdrawal_is_accepted_after_the_next_release(house: House, inside: str) -> None:
    waiting = proposals.of_record(inside, proposals.OPEN)
    act(house.office, "mainz_record_withdraw", {"id": inside, **REASON})
    act(house.editor, "mainz_record_submit", {"id": inside, "check": CHECK})
    act(house.lead, "mainz_record_release", {"id": inside})
    for one in waiting:
        house.refuses(house.office, "mainz_proposal_accept", {"id": one.id})
    assert todo(house.office) == []


def test_a_proposal_is_not_shown_as_one_to_decide_while_nobody_can_decide_it(house: House, inside: str) -> None:
    act(house.office, "mainz_record_withdraw", {"id": inside, **REASON})
    table = tables.proposal
    model.Session.execute(sa.update(table).where(table.c.package_id == inside).values(state=proposals.OPEN))
    model.Session.commit()  # as it was possible before
    for person_ in (house.office, house.lead):
        assert act(person_, "mainz_proposal_list") == []
        assert todo(person_) == []


def test_a_change_on_its_way_does_not_wait_for_a_record_that_was_just_withdrawn(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = differences.compare

    def withdrawn_meanwhile(*states: Any) -> differences.Changes:
        monkeypatch.undo()
        act(house.office, "mainz_record_withdraw", {"id": house.public["id"], **REASON})
        return compare(*states)

    monkeypatch.setattr(differences, "compare", withdrawn_meanwhile)
    with pytest.raises(toolkit.ValidationError):
        act(house.editor, "package_patch", {"id": house.public["id"], "notes": "Neu."})
    assert proposals.of_record(house.public["id"]) == []


# --- answers that accepting asks for ---------------------------------------------------------------------------------

NAMES = "Nachname;Vorname;E-Mail\n" + "".join(
    f"{last};{first};{first}.{last}@example.org\n".lower()
    for last, first in (("Meier", "Anna"), ("Schulz", "Peter"), ("Wagner", "Julia"), ("Becker", "Thomas"))
)
ONLY_INSIDE, ALLOWED = "nur_intern", "rechtsgrundlage"


def with_names(house: House, level: str, check: dict[str, str], file_level: str = "") -> str:
    """A released record with names in its file, which its people have said are only for themselves; its id."""
    made = draft(house.editor, house.amt, visibility=level)
    file = FileStorage(io.BytesIO(NAMES.encode()), "namen.csv")
    given = {"package_id": made["id"], "name": "Namen", "upload": file, "visibility": file_level}
    act(house.editor, "resource_create", given)
    found = stored.look(proposals.released(made["id"])).items
    assert found
    answers = {**CHECK, **check, **{one.key: ONLY_INSIDE for one in found}}
    act(house.editor, "mainz_record_submit", {"id": made["id"], "check": answers})
    act(house.lead, "mainz_record_release", {"id": made["id"]})
    return made["id"]


def chosen(page: Page) -> dict[str, str]:
    """The fields of the check on a page, with what is chosen; empty where nothing is."""
    fields = {one["name"]: "" for one in page.soup.select("#mainz_proposal_accept [name^=check-]")}
    return fields | {one["name"]: one["value"] for one in page.soup.select("[name^=check-][checked]")}


def test_a_higher_level_is_accepted_on_its_page_with_new_answers(house: House, portal: LoadedPortal) -> None:
    id, lead = with_names(house, "intern", {"personenbezug": ONLY_INSIDE}), Visitor(portal, house.lead)
    raised = act(house.editor, "mainz_record_visibility_set", {"id": id, "visibility": "verwaltung"})
    path = f"/governance/proposal/{raised['mainz_proposal']['id']}"
    fields = chosen(lead.get(path))
    inside = {name for name, value in fields.items() if value == ONLY_INSIDE}
    assert ("check-personenbezug" in inside, len(inside) > 1, "" in fields.values()) == (True, True, False)
    refused = lead.post(f"{path}/accept", **fields)
    assert refused.status == 422
    assert chosen(refused) == fields
    assert "Personenbezogene Daten" in refused.soup.select_one("#release-check .mz-notice--warning").text
    answer = lead.post(f"{path}/accept", **fields | dict.fromkeys(inside, ALLOWED))
    assert answer.status == 302
    assert act(house.editor, "package_show", {"id": id})["visibility"] == "verwaltung"


def test_a_file_for_more_people_is_accepted_on_its_page_with_new_answers(house: House, portal: LoadedPortal) -> None:
    id, lead = with_names(house, "verwaltung", {}, "intern"), Visitor(portal, house.lead)
    file = act(house.editor, "package_show", {"id": id})["resources"][0]["id"]
    opened = act(house.editor, "resource_patch", {"id": file, "visibility": ""})
    path = f"/governance/proposal/{opened['mainz_proposal']['id']}"
    fields = chosen(lead.get(path))
    assert set(fields.values()) == {ONLY_INSIDE}
    assert lead.post(f"{path}/accept", **fields).status == 422
    assert lead.post(f"{path}/accept", **dict.fromkeys(fields, ALLOWED)).status == 302
    assert not act(house.editor, "package_show", {"id": id})["resources"][0].get("visibility")


def test_what_nobody_has_answered_is_asked_on_the_page_of_a_higher_level(house: House, portal: LoadedPortal) -> None:
    id, lead = with_names(house, "intern", {}), Visitor(portal, house.lead)
    model.Session.execute(sa.update(tables.record).where(tables.record.c.package_id == id).values(check={}))
    model.Session.commit()  # as it is with what was taken over
    raised = act(house.editor, "mainz_record_visibility_set", {"id": id, "visibility": "verwaltung"})
    path = f"/governance/proposal/{raised['mainz_proposal']['id']}"
    fields = chosen(lead.get(path))
    assert set(fields.values()) == {""}
    refused = lead.post(f"{path}/accept")
    assert refused.status == 422
    assert len(refused.soup.select("#release-check .mz-field--wrong")) == len(fields)
    assert lead.post(f"{path}/accept", **dict.fromkeys(fields, ALLOWED)).status == 302
