"""The data dictionary: proposed from the file, taken over, shown, exported."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.plugins import toolkit
from ckan.tests.helpers import CKANTestApp, call_action
from tests.kit import records
from tests.kit.people import Person, editor
from tests.kit.services import LoadedPortal

from ckanext.mainz.metadata.dictionary import structures
from ckanext.mainz.metadata.quality import jobs

TABLE = ("Straße;Höhe in m;Gepflanzt\nAm Brand;1,5;31.12.2024\nKästrich;-;01.01.2025\n".encode("cp1252"), "baeume.csv")
NOBODY = {"user": "", "ignore_auth": False}
PROSE = (b"Das ist ein Brief und keine Tabelle. Er hat viele Worte.\nUnd noch eine Zeile ohne alles.", "b.txt")


@pytest.fixture
def erika(portal: LoadedPortal, clean: None) -> Person:
    return editor(portal)


def uploaded(erika: Person, file: tuple[bytes, str] = TABLE, private: bool = False) -> dict[str, Any]:
    good = erika.good(title="Baumkataster der Stadt", temporal_coverage=[{"start": "2024"}])
    made = records.create(public=False, **good)
    answer = erika.api("resource_create", {"package_id": made["id"], "name": "Bäume"}, upload=file)
    assert answer.status_code == 200, answer.text
    if not private:
        records.publish(made["id"])
    return answer.json["result"]


def page(resource: dict[str, Any], more: str = "") -> str:
    name = call_action("package_show", id=resource["package_id"])["name"]
    return f"/dataset/{name}/resource/{resource['id']}{more}"


def test_a_proposal_says_what_the_file_says_and_saves_nothing(erika):
    resource = uploaded(erika)
    answer = erika.api("mainz_dictionary_propose", {"id": resource["id"]})
    assert answer.json["result"]["columns"] == [
        {"column": "Straße", "title": "Straße", "type": "text"},
        {"column": "Höhe in m", "title": "Höhe", "unit": "m", "type": "decimal", "codes": "- = keine Angabe"},
        {"column": "Gepflanzt", "title": "Gepflanzt", "type": "date"},
    ]
    assert call_action("mainz_dictionary_show", id=resource["id"])["columns"] == []


def test_a_proposal_can_be_taken_over_and_shows_on_the_page_of_the_file(erika, app: CKANTestApp):
    resource = uploaded(erika, private=True)
    columns = erika.api("mainz_dictionary_propose", {"id": resource["id"]}).json["result"]["columns"]
    columns[1]["description"] = "Höhe des Baums, geschätzt"
    answer = erika.api("mainz_dictionary_update", {"id": resource["id"], "columns": columns})
    assert answer.status_code == 200, answer.text
    assert call_action("mainz_dictionary_show", id=resource["id"])["columns"] == columns
    records.publish(resource["package_id"])
    soup = BeautifulSoup(app.get(page(resource)).data, "html.parser")
    table = soup.find("table")
    assert table is not None
    assert [head.get_text() for head in table.find_all("th", scope="row")] == ["Straße", "Höhe in m", "Gepflanzt"]
    assert "Höhe des Baums, geschätzt" in table.get_text()


def test_what_is_wrong_with_a_column_names_it_and_keeps_what_was_typed(erika):
    resource = uploaded(erika, private=True)
    form = erika.get(page(resource, "/dictionary"))
    sent = {box["name"]: box.get("value", "") for box in form.soup.select("main input[name]")}
    sent |= {"description-0": "Name der Straße", "unit-1": "m" * 9000}
    refused = erika.post(page(resource, "/dictionary"), sent)
    assert refused.status == 422
    (told,) = refused.soup.select("[role=alert] a")
    assert told.get_text().startswith("Spalte „Höhe in m“: Der Text hat 9000 Zeichen")
    wrong = refused.soup.select_one(str(told["href"]))
    assert wrong is not None
    assert (wrong["name"], wrong["aria-invalid"], wrong["value"]) == ("unit-1", "true", "m" * 9000)
    box = refused.soup.select_one("[name=description-0]")
    assert box is not None
    assert box["value"] == "Name der Straße"


def test_an_editor_describes_columns_without_scripts(erika):
    resource = uploaded(erika, private=True)
    form = erika.get(page(resource, "/dictionary"))
    assert form.status == 200
    sent = {box["name"]: box.get("value", "") for box in form.soup.select("main input[name]")}
    sent["description-0"] = "Name der Straße"
    saved = erika.post(page(resource, "/dictionary"), sent)
    assert saved.status == 302, saved.text
    (street, *_others) = call_action("mainz_dictionary_show", id=resource["id"])["columns"]
    assert street == {"column": "Straße", "title": "Straße", "description": "Name der Straße", "type": "text"}


def test_readers_find_no_form_and_cannot_write(erika, app: CKANTestApp):
    resource = uploaded(erika)
    assert app.get(page(resource, "/dictionary")).status_code == 403
    assert app.post(page(resource, "/dictionary")).status_code in (400, 403)
    with pytest.raises(toolkit.NotAuthorized):
        call_action(
            "mainz_dictionary_update", context={"user": "", "ignore_auth": False}, id=resource["id"], columns=[]
        )


@pytest.mark.parametrize("columns", ["x", [1], {"column": ["x"]}, [{"column": {"a": 1}}]])
def test_columns_of_the_wrong_shape_are_refused(erika, columns: Any):
    resource = uploaded(erika)
    answer = erika.api("mainz_dictionary_update", {"id": resource["id"], "columns": columns})
    assert answer.status_code == 409
    assert set(answer.json["error"]) >= {"columns"}


def test_what_is_no_table_gives_a_sentence_and_no_proposal(erika):
    resource = uploaded(erika, PROSE)
    answer = erika.api("mainz_dictionary_propose", {"id": resource["id"]}, language="en")
    assert answer.status_code == 409
    assert "not a table" in answer.json["error"]["id"][0]
    german = erika.api("mainz_dictionary_propose", {"id": resource["id"]}).json["error"]["id"][0]
    assert german == "Die Datei ist keine Tabelle: Die Datei ist Text, aber ihre Zeilen bilden keine Tabelle."


def test_the_worker_reads_each_delivery_once(erika):
    resource = uploaded(erika, private=True)
    jobs.follow_up()
    assert [one.column for one in structures.kept(resource).columns] == ["Straße", "Höhe in m", "Gepflanzt"]
    assert structures.describe_all() == 0
    again = erika.api("resource_patch", {"id": resource["id"]}, upload=(b"Nr;Name\n1;Eiche\n2;Linde\n", "b.csv"))
    assert structures.kept(again.json["result"]) is None
    assert structures.describe_all() == 1
    assert [one.column for one in structures.kept(again.json["result"]).columns] == ["Nr", "Name"]


def test_csvw_is_made_of_the_dictionary_or_of_the_file(erika, app: CKANTestApp):
    resource = uploaded(erika)
    assert app.get(page(resource, "/csvw.json")).status_code == 404
    jobs.follow_up()
    answer = app.get(page(resource, "/csvw.json"))
    assert answer.mimetype == "application/csvm+json"
    assert answer.json["dialect"]["delimiter"] == ";"
    columns = {one["titles"]: one for one in answer.json["tableSchema"]["columns"]}
    assert columns["Höhe in m"]["datatype"] == {"base": "decimal", "format": {"decimalChar": ","}}
    records.change("mainz_dictionary_update", id=resource["id"], columns=[{"column": "Straße", "description": "Name"}])
    (only,) = app.get(page(resource, "/csvw.json")).json["tableSchema"]["columns"]
    assert only["dc:description"] == "Name"


def test_columns_of_a_private_dataset_are_for_its_organisation(erika, app: CKANTestApp):
    resource = uploaded(erika, private=True)
    jobs.follow_up()
    assert app.get(page(resource, "/csvw.json")).status_code == 404
    assert app.get(f"/api/3/action/mainz_dictionary_propose?id={resource['id']}").status_code == 404
    assert erika.get(page(resource, "/csvw.json")).status == 200
