"""The inventory: entries, lists with faulty rows, and the way to a dataset."""

from __future__ import annotations

import base64
import io
import time
from datetime import date
from typing import Any

import openpyxl
import pytest
from ckan import model
from ckan.plugins import toolkit
from tests.kit.governance import CHECK, act, anybody, office, organization, person
from werkzeug.datastructures import FileStorage

from ckanext.mainz.governance import proposals
from ckanext.mainz.governance.inventory import entries, lists

pytestmark = pytest.mark.usefixtures("clean")

HEADER = ["Nr.", "Bezeichnung", "Beschreibung", "Amt", "Fachverfahren", "Ablageort", "Grund", "Wiedervorlage"]
ROWS, FAULTY = 300, 20
ENTRY = {"title": "Gebäudedaten", "description": "Alle Gebäude der Stadt.", "system": "FM-Verfahren"}


@pytest.fixture
def amt() -> str:
    return organization(name="amt-80", title="Amt für Wirtschaft")


@pytest.fixture
def editor(amt: str) -> str:
    return person(editor=amt)


def rows(number: int = ROWS) -> list[list[str]]:
    return [
        [str(at), f"Bestand {at}", f"Was in Bestand {at} liegt.", "Amt 80", "Excel", "Laufwerk", "Vertragliche Bindung",
         "31.12.2026"]
        for at in range(1, number + 1)
    ]  # fmt: skip


def workbook(body: list[list[Any]], header: list[str] = HEADER) -> FileStorage:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [header, *body]:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return FileStorage(out, "inventar.xlsx")


def damaged(body: list[list[str]]) -> list[list[str]]:
    """Twenty rows with a mistake each, of six kinds."""
    mistakes = [(1, ""), (2, ""), (3, "Amt 4711"), (6, "Keine Lust"), (7, "bald"), (1, "x" * 201)]
    for number in range(FAULTY):
        place, value = mistakes[number % len(mistakes)]
        body[number * 15][place] = value
    return body


def test_an_entry_is_readable_inside_the_house_and_never_outside(editor: str, amt: str) -> None:
    made = act(editor, "mainz_inventory_create", {**ENTRY, "organization": "Amt 80"})
    stored = act(editor, "package_show", {"id": made["id"]})
    assert (stored["lifecycle"], stored["visibility"], stored["private"]) == ("inventar", "verwaltung", True)
    colleague = person(member=organization())
    assert act(colleague, "package_show", {"id": made["id"]})["title"] == "Gebäudedaten"
    assert "FM-Verfahren" not in str(act(colleague, "package_show", {"id": made["id"]}))
    with pytest.raises(toolkit.NotAuthorized):
        act(colleague, "mainz_inventory_show", {"id": made["id"]})
    for reader in (person(member=organization("gesellschaft")), person()):
        with pytest.raises((toolkit.NotAuthorized, toolkit.ObjectNotFound)):
            act(reader, "package_show", {"id": made["id"]})
    with pytest.raises((toolkit.NotAuthorized, toolkit.ObjectNotFound)):
        anybody("package_show", {"id": made["id"]})


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("visibility", "oeffentlich"), ("organization", "amt-4711"), ("review", "bald"), ("reason", "x")],
)
def test_what_is_wrong_is_said_at_its_field(editor: str, amt: str, field: str, value: str) -> None:
    with pytest.raises(toolkit.ValidationError) as error:
        act(editor, "mainz_inventory_create", {**ENTRY, "organization": "amt-80", field: value})
    assert list(error.value.error_dict) == [field]
    assert entries.every() == []


def test_a_list_of_300_rows_with_20_faulty_ones_is_taken_put_right_and_taken_again(
    editor: str, amt: str, record_testsuite_property
) -> None:
    upload = {"upload": workbook(damaged(rows()))}
    preview = act(editor, "mainz_inventory_import", dict(upload))
    assert (preview["new"], preview["wrong"]) == (ROWS - FAULTY, FAULTY)
    assert entries.every() == [], "a preview writes nothing"
    assert {one["row"] for one in preview["errors"]} == {2 + 15 * number for number in range(FAULTY)}
    begun = time.monotonic()
    done = act(editor, "mainz_inventory_import", {"upload": workbook(damaged(rows())), "dry": False})
    record_testsuite_property("seconds for an inventory of 300 rows", round(time.monotonic() - begun, 1))
    assert (done["new"], done["wrong"]) == (ROWS - FAULTY, FAULTY)
    again = act(editor, "mainz_inventory_import", {"upload": workbook(rows()), "dry": False})
    assert (again["new"], again["same"], again["wrong"]) == (FAULTY, ROWS - FAULTY, 0)
    assert len(entries.every()) == ROWS
    third = act(editor, "mainz_inventory_import", {"upload": workbook(rows()), "dry": False})
    assert (third["same"], third["new"], third["changed"]) == (ROWS, 0, 0)


def test_the_faulty_rows_come_back_as_a_list_with_what_is_wrong(editor: str, amt: str, tmp_path) -> None:
    from ckanext.mainz.governance import people

    path = tmp_path / "liste.xlsx"
    workbook(damaged(rows())).save(path)
    report = lists.read(people.person(editor), path)
    header, *wrong = lists.faulty(report)
    assert header[-1] in ("Fehler", "Error")
    assert [one[0] for one in wrong[:3]] == ["1", "16", "31"]
    assert all(one[-1] for one in wrong)


def test_a_changed_row_changes_its_entry(editor: str, amt: str) -> None:
    body = rows(3)
    act(editor, "mainz_inventory_import", {"upload": workbook(body), "dry": False})
    body[1][1], body[2][7] = "Neuer Name", "1.1.2027"
    done = act(editor, "mainz_inventory_import", {"upload": workbook(body), "dry": False})
    assert (done["changed"], done["same"]) == (2, 1)
    found = {one.key: one for one in entries.every()}
    assert (found["2"].title, found["3"].review) == ("Neuer Name", date(2027, 1, 1))


def test_what_is_no_such_list_is_refused_in_words(editor: str, amt: str) -> None:
    for upload in (
        FileStorage(io.BytesIO(b""), "leer.csv"),
        FileStorage(io.BytesIO(b"%PDF-1.4 nichts"), "text.pdf"),
        workbook([["1"]], ["Nr."]),
    ):
        with pytest.raises(toolkit.ValidationError):
            act(editor, "mainz_inventory_import", {"upload": upload, "dry": False})


def test_nobody_keeps_the_inventory_of_others(amt: str) -> None:
    stranger = person(editor=organization())
    done = act(stranger, "mainz_inventory_import", {"upload": workbook(rows(2)), "dry": False})
    assert (done["wrong"], done["new"]) == (2, 0)
    with pytest.raises(toolkit.NotAuthorized):
        act(person(), "mainz_inventory_list")


def test_an_export_can_be_imported_again_and_holds_no_formula(editor: str, amt: str) -> None:
    act(editor, "mainz_inventory_create", {**ENTRY, "title": "=2+2", "organization": "amt-80", "key": "7"})
    answer = act(editor, "mainz_inventory_export", {"format": "csv"})
    text = base64.b64decode(answer["content"]).decode("utf-8-sig")
    assert "'=2+2" in text
    book = base64.b64decode(act(editor, "mainz_inventory_export", {"format": "xlsx"})["content"])
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    assert sheet is not None
    assert [(one.value, one.data_type) for one in sheet[2] if one.value == "=2+2"] == [("=2+2", "s")]
    again = {"upload": FileStorage(io.BytesIO(book), "inventar.xlsx"), "dry": False}
    assert act(editor, "mainz_inventory_import", again)["same"] == 1


def test_an_entry_becomes_a_dataset_at_the_same_address(editor: str, amt: str) -> None:
    made = act(editor, "mainz_inventory_create", {**ENTRY, "organization": "amt-80"})
    begun = act(editor, "mainz_record_promote", {"id": made["id"]})
    assert (begun["lifecycle"], begun["mainz_proposal"]["state"]) == ("inventar", "begonnen")
    act(editor, "package_patch", {"id": made["id"], "license_id": "dl-de-by-2.0", "notes": "Als Datensatz"})
    file = FileStorage(io.BytesIO(b"a;b\n1;2\n"), "daten.csv")
    act(editor, "resource_create", {"package_id": made["id"], "name": "Daten", "upload": file})
    contact = [{"name": "Amt 80", "email": "amt80@stadt.example"}]
    theme = ["http://publications.europa.eu/resource/authority/data-theme/REGI"]
    act(editor, "package_patch", {"id": made["id"], "contact": contact, "theme": theme})
    assert act(editor, "package_show", {"id": made["id"]})["notes"] == ENTRY["description"]
    act(editor, "mainz_record_submit", {"id": made["id"], "visibility": "oeffentlich", "check": CHECK})
    (waiting,) = proposals.waiting()
    act(office(), "mainz_proposal_accept", {"id": waiting.id})
    shown = anybody("package_show", {"id": made["name"]})
    assert (shown["notes"], shown["resources"][0]["name"]) == ("Als Datensatz", "Daten")
    assert entries.every() == []
    assert model.Package.get(made["name"]) is not None


def test_progress_counts_by_organisation(editor: str, amt: str) -> None:
    act(editor, "mainz_inventory_create", {**ENTRY, "organization": "amt-80", "review": "01.01.2020"})
    (row,) = [one for one in entries.progress() if one["organization"] == "amt-80"]
    assert (row["entries"], row["due"], row["datasets"], row["public"]) == (1, 1, 0, 0)
