"""Whoever decides decides what they have looked at: what changes in between is not decided with it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import openpyxl
import pytest
from ckan import model
from ckan.lib.files import FileData, make_upload
from ckan.plugins import toolkit
from tests.integration.test_governance_attacks import House, house
from tests.integration.test_governance_holes import REFUSED, csv, deputy_of, file_of, submit
from tests.kit.governance import CHECK, GOOD, act, anybody, draft, office
from werkzeug.datastructures import FileStorage

from ckanext.mainz.foundation.files import PortalResourceUpload, resource_storage
from ckanext.mainz.governance import people, transitions

__all__ = ["house"]
PUBLIC, CONCERN = "oeffentlich", "konzern"


def released(house: House, level: str, standing: bool = False, table: str = "Art;Zahl\nLinde;5\n") -> dict[str, Any]:
    """A record with a table, released by those of its own organisation."""
    made = draft(house.editor, house.amt, visibility=level)
    act(house.editor, "resource_create", {"package_id": made["id"], "name": "Bäume", "upload": csv(table)})
    submit(house.editor, made["id"], level)
    act(house.lead, "mainz_record_release", {"id": made["id"], "standing": standing})
    return act(house.editor, "package_show", {"id": made["id"]})


def asked_for(house: House, record: str, level: str) -> str:
    answer = act(house.editor, "mainz_record_visibility_set", {"id": record, "visibility": level})
    return answer["mainz_proposal"]["id"]


# --- a higher level --------------------------------------------------------------------------------------------------


def test_a_level_is_not_given_to_what_was_written_since(house: House) -> None:
    made = released(house, CONCERN)
    proposal = asked_for(house, made["id"], PUBLIC)
    seen = act(house.office, "mainz_proposal_show", {"id": proposal})["record_modified"]
    act(house.lead, "package_patch", {"id": made["id"], "notes": "Was noch niemand gesehen hat."})
    for sent in ({}, {"seen": seen}):
        assert "seen" in house.refuses(house.office, "mainz_proposal_accept", {"id": proposal, "check": CHECK, **sent})
    again = act(house.office, "mainz_proposal_show", {"id": proposal})["record_modified"]
    act(house.office, "mainz_proposal_accept", {"id": proposal, "check": CHECK, "seen": again})
    assert anybody("package_show", {"id": made["id"]})["notes"] == "Was noch niemand gesehen hat."


def test_the_page_accepts_what_it_has_shown(house: House) -> None:
    made = released(house, CONCERN)
    proposal = asked_for(house, made["id"], PUBLIC)
    headers = {"Authorization": house.token(house.office)}
    shown = house.client.get(f"/governance/proposal/{proposal}", headers=headers).get_data(as_text=True)
    (seen,) = [one.split('value="')[1].split('"')[0] for one in shown.split("<input") if 'name="seen"' in one]
    act(house.lead, "package_patch", {"id": made["id"], "notes": "Neu."})
    path = f"/governance/proposal/{proposal}/accept"
    told = house.client.post(path, data={"seen": seen, **{f"check-{k}": v for k, v in CHECK.items()}}, headers=headers)
    assert told.status_code == 422
    assert act(house.office, "mainz_proposal_show", {"id": proposal})["record_modified"] in told.get_data(as_text=True)


def test_a_dataset_is_not_made_of_an_entry_that_was_changed_since(house: House) -> None:
    given = {"organization": house.amt, "title": "Altlasten", "description": "Verdachtsflächen."}
    entry = act(house.editor, "mainz_inventory_create", given)
    act(house.editor, "mainz_record_promote", {"id": entry["id"]})
    act(house.editor, "package_patch", {"id": entry["id"], **_complete()})
    submit(house.editor, entry["id"], CONCERN)
    (waiting,) = act(house.lead, "mainz_proposal_list", {"id": entry["id"]})
    act(house.editor, "mainz_inventory_update", {"id": entry["id"], "description": "Namen der Eigentümer."})
    assert "seen" in house.refuses(house.lead, "mainz_proposal_accept", {"id": waiting["id"]})


def _complete() -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name not in ("title", "notes")}


# --- later deliveries ------------------------------------------------------------------------------------------------


def test_a_standing_release_for_fewer_does_not_hold_for_everybody(house: House) -> None:
    made = released(house, CONCERN, standing=True)
    file = file_of(made, "Bäume")
    assert "mainz_proposal" not in act(
        house.editor, "resource_patch", {"id": file, "upload": csv("Art;Zahl\nLinde;6\n")}
    )
    proposal = asked_for(house, made["id"], PUBLIC)
    act(house.office, "mainz_proposal_accept", {"id": proposal, "check": CHECK})
    answer = act(house.editor, "resource_patch", {"id": file, "upload": csv("Art;Zahl\nLinde;7\n")})
    assert "mainz_proposal" in answer


def test_a_standing_release_ends_with_the_level_and_with_the_organisation(house: House) -> None:
    made = released(house, CONCERN, standing=True)
    act(house.lead, "mainz_record_visibility_set", {"id": made["id"], "visibility": "intern"})
    proposal = asked_for(house, made["id"], CONCERN)
    act(house.lead, "mainz_proposal_accept", {"id": proposal, "check": CHECK})
    sent = {"id": file_of(made, "Bäume"), "upload": csv("Art;Zahl\nLinde;7\n")}
    assert "mainz_proposal" in act(house.editor, "resource_patch", sent)


def test_a_file_that_was_deleted_at_once_is_not_delivered_anew(house: House) -> None:
    made = released(house, CONCERN, standing=True)
    act(house.lead, "resource_delete", {"id": file_of(made, "Bäume")})
    sent = {"package_id": made["id"], "name": "Bäume", "upload": csv("Art;Zahl\nLinde;7\n")}
    assert "mainz_proposal" in act(house.editor, "resource_create", sent)


def test_a_table_is_compared_with_its_own_columns(house: House) -> None:
    made = draft(house.editor, house.amt)
    for name, level, table in (
        ("Offen", "", "Art;Zahl\nLinde;5\n"),
        ("Intern", "intern", "Art;Standort\nLinde;Markt\n"),
    ):
        given = {"package_id": made["id"], "name": name, "visibility": level, "upload": csv(table)}
        act(house.editor, "resource_create", given)
    submit(house.editor, made["id"])
    act(house.office, "mainz_record_release", {"id": made["id"], "standing": True})
    file = file_of(act(house.editor, "package_show", {"id": made["id"]}), "Offen")
    sent = {"id": file, "upload": csv("Art;Standort\nLinde;Am Fort\n")}
    assert "mainz_proposal" in act(house.editor, "resource_patch", sent)


def workbook(sheets: Mapping[str, list[list[Any]]]) -> FileStorage:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(file)
    file.seek(0)
    return FileStorage(file, "mappe.xlsx")


def test_a_sheet_that_was_not_released_waits(house: House) -> None:
    first = {"2026-11": [["Art", "Zahl"], ["Linde", 5], ["Ahorn", 2]]}
    made = draft(house.editor, house.amt)
    given = {"package_id": made["id"], "name": "Mappe", "upload": workbook(first)}
    act(house.editor, "resource_create", given)
    submit(house.editor, made["id"])
    act(house.office, "mainz_record_release", {"id": made["id"], "standing": True})
    file = file_of(act(house.editor, "package_show", {"id": made["id"]}), "Mappe")
    more = {"2026-12": [["Art", "Zahl"], ["Linde", 6], ["Ahorn", 3]]}
    assert "mainz_proposal" not in act(house.editor, "resource_patch", {"id": file, "upload": workbook(more)})
    second = {**more, "Standorte": [["Baum", "Ort"], ["1", "Markt"], ["2", "Schillerplatz"]]}
    assert "mainz_proposal" in act(house.editor, "resource_patch", {"id": file, "upload": workbook(second)})


# --- answers of the release check ------------------------------------------------------------------------------------

STAFF = "Name;E-Mail\nErika Muster;erika@muster.example\nMax Probe;max@probe.example\nUte Beispiel;ute@probe.example\n"


def all_answers(house: House, record: str) -> dict[str, str]:
    asked = act(house.editor, "mainz_release_check_show", {"id": record})
    return {one["code"]: next(a["code"] for a in one["answers"] if a["effect"] == "allow") for one in asked}


def test_answers_of_the_last_delivery_do_not_bar_the_next(house: House) -> None:
    made = draft(house.editor, house.amt)
    act(house.editor, "resource_create", {"package_id": made["id"], "name": "Personen", "upload": csv(STAFF)})
    answers = all_answers(house, made["id"])
    assert len(answers) > len(CHECK)
    act(house.editor, "mainz_record_submit", {"id": made["id"], "visibility": PUBLIC, "check": answers})
    act(house.office, "mainz_record_release", {"id": made["id"]})
    file = file_of(act(house.editor, "package_show", {"id": made["id"]}), "Personen")
    for row in ("Kim Neu;kim@muster.example\n", "Toni Neu;toni@muster.example\n"):
        sent = {"id": file, "upload": csv(STAFF + row)}
        waiting = act(house.editor, "resource_patch", sent)["mainz_proposal"]["id"]
        act(house.office, "mainz_proposal_accept", {"id": waiting})
    log = [one["action"] for one in act(house.office, "mainz_decision_list", {"id": made["id"]})["results"]]
    assert log.count("accept") == 2


def test_what_is_added_while_a_record_is_handed_in_is_not_handed_in(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = draft(house.editor, house.amt)
    rehearse = transitions.rehearse_release

    def meanwhile(*given: Any) -> None:
        rehearse(*given)
        act(house.editor, "resource_create", {"package_id": made["id"], "name": "Personen", "upload": csv(STAFF)})

    monkeypatch.setattr(transitions, "rehearse_release", meanwhile)
    with pytest.raises(toolkit.ValidationError) as refused:
        submit(house.editor, made["id"])
    assert "check" in refused.value.error_dict
    model.Session.remove()
    assert act(house.editor, "package_show", {"id": made["id"], "use_cache": False})["lifecycle"] == "entwurf"


def test_a_table_is_looked_at_under_any_name_of_its_format(house: House) -> None:
    made = draft(house.editor, house.amt)
    file = act(house.editor, "resource_create", {"package_id": made["id"], "name": "Liste", "upload": csv(STAFF)})
    act(house.editor, "resource_patch", {"id": file["id"], "format": "XML"})
    assert len(all_answers(house, made["id"])) > len(CHECK)


def test_a_file_that_cannot_be_opened_is_not_released_unseen(house: House) -> None:
    made = draft(house.editor, house.amt)
    file = act(house.editor, "resource_create", {"package_id": made["id"], "name": "Liste", "upload": csv(STAFF)})
    path = resource_storage()
    location = PortalResourceUpload(dict(file)).get_path(file["id"])
    content = path.content(FileData(location))
    path.remove(FileData(location))
    with pytest.raises(toolkit.ValidationError) as refused:
        submit(house.editor, made["id"])
    assert "Liste" in str(refused.value.error_dict["check"])
    path.upload(location, make_upload(content))
    assert len(all_answers(house, made["id"])) > len(CHECK)


def test_who_decides_is_told_which_files_nobody_looked_into(house: House) -> None:
    made = draft(house.editor, house.amt)
    plan = FileStorage(io.BytesIO(b"%PDF-1.4 Plan"), "lageplan.pdf")
    act(house.editor, "resource_create", {"package_id": made["id"], "name": "Lageplan", "upload": plan})
    submit(house.editor, made["id"], CONCERN)
    shown = house.client.get(
        f"/governance/record/{made['name']}", headers={"Authorization": house.token(house.office)}
    ).get_data(as_text=True)
    told = [one for one in shown.split("<li>") if "Lageplan" in one.split("</li>")[0]]
    assert told


def test_tables_come_from_files_only(house: House) -> None:
    made = draft(house.editor, house.amt)
    link = act(house.editor, "resource_create", {"package_id": made["id"], "url": "https://a.example/x"})
    sent = {"resource_id": link["id"], "force": True, "fields": [{"id": "mail"}], "records": [{"mail": "a@b.example"}]}
    assert "resource_id" in house.refuses(house.editor, "datastore_create", sent)


def test_the_table_of_a_removed_file_is_nobodys(house: House) -> None:
    file = house.public["resources"][0]["id"]
    act("", "datastore_create", {"resource_id": file, "force": True, "records": [{"wert": "geheim"}]})
    assert anybody("datastore_search", {"resource_id": file})["total"] == 1
    gone = act(house.editor, "resource_delete", {"id": file})["mainz_proposal"]["id"]
    act(house.office, "mainz_proposal_accept", {"id": gone})
    for action, asked in (("datastore_search", {"resource_id": file}), ("datastore_info", {"id": file})):
        house.refuses("", action, asked)
    assert house.client.get(f"/datastore/dump/{file}").status_code in (403, 404)


# --- two who write at once -------------------------------------------------------------------------------------------


@contextmanager
def another_connection() -> Iterator[Any]:
    connection = model.ensure_engine().connect()
    try:
        yield connection
    finally:
        connection.close()


def test_a_change_goes_by_the_state_that_it_finds_when_its_turn_comes(house: House) -> None:
    made = draft(house.editor, house.amt)
    package = model.Package.get(made["id"])  # read before somebody else hands it in
    assert package is not None
    with another_connection() as other:
        other.execute(
            model.package_table.update()
            .where(model.package_table.c.id == made["id"])
            .values(extras={**package.extras, "lifecycle": "eingereicht"})
        )
        other.commit()
    with pytest.raises(toolkit.ValidationError) as refused:
        act(house.editor, "package_patch", {"id": made["id"], "notes": "Zu spät."})
    assert "lifecycle" in refused.value.error_dict


# --- programs and deputies -------------------------------------------------------------------------------------------


def test_a_program_that_is_gone_was_somebodys(house: House) -> None:
    made = act(house.office, "mainz_service_create", {"organization": house.amt, "title": "Programm"})
    waiting = act(made["user"], "package_patch", {"id": house.public["id"], "notes": "Neu."})["mainz_proposal"]
    other = act(house.editor, "package_patch", {"id": house.public["id"], "version": "2"})["mainz_proposal"]
    act(office(), "mainz_proposal_accept", {"id": other["id"]})
    act(house.office, "mainz_role_revoke", {"id": made["role"]["id"]})
    with pytest.raises(REFUSED):
        act(house.office, "mainz_proposal_accept", {"id": waiting["id"]})
    act(office(), "mainz_proposal_accept", {"id": waiting["id"]})


def test_a_deputy_does_not_accept_for_a_program_of_their_person(house: House) -> None:
    made = act(house.office, "mainz_service_create", {"organization": house.amt, "title": "Programm"})
    waiting = act(made["user"], "package_patch", {"id": house.public["id"], "notes": "Neu."})["mainz_proposal"]
    stand_in = deputy_of(house.office)
    assert people.person(stand_in).office
    with pytest.raises(REFUSED):
        act(stand_in, "mainz_proposal_accept", {"id": waiting["id"]})
    act(office(), "mainz_proposal_accept", {"id": waiting["id"]})
