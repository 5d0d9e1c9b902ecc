"""The inventory: entries, who reads what of them, lists with faulty rows, and the way to a dataset."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit
from tests.kit.governance import CHECK, act, anybody, office, organization, person
from werkzeug.datastructures import FileStorage

from ckanext.mainz.foundation import config
from ckanext.mainz.governance import proposals, tables
from ckanext.mainz.governance.inventory import entries, importing, lists, progress

pytestmark = pytest.mark.usefixtures("clean")

HEADER = ["Nr.", "Bezeichnung", "Beschreibung", "Amt", "Fachverfahren", "Ablageort", "Grund", "Wiedervorlage"]
ROWS, FAULTY = 300, 20
ENTRY = {"title": "Gebäudedaten", "description": "Alle Gebäude der Stadt.", "system": "FM-Verfahren"}
REFUSED = (toolkit.NotAuthorized, toolkit.ObjectNotFound)


@pytest.fixture
def amt() -> str:
    return organization(name="amt-80", title="Amt für Wirtschaft")


@pytest.fixture
def editor(amt: str) -> str:
    return person(editor=amt)


def rows(number: int = ROWS) -> list[list[Any]]:
    return [
        [at, f"Bestand {at}", f"Was in Bestand {at} liegt.", "Amt 80", "Excel", "Laufwerk", "Vertragliche Bindung",
         date(2026, 12, 31)]
        for at in range(1, number + 1)
    ]  # fmt: skip


def workbook(body: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> FileStorage:
    book = openpyxl.Workbook()
    for row in [header, *body]:
        book.worksheets[0].append(list(row))
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return FileStorage(out, "inventar.xlsx")


def table(text: str, name: str = "liste.csv") -> FileStorage:
    return FileStorage(io.BytesIO(text.encode()), name)


MISTAKES = [
    (1, ""),
    (1, "x" * 201),
    (2, ""),
    (2, "x" * 5001),
    (3, "Amt 4711"),
    (6, "Keine Lust"),
    (7, "bald"),
    (7, "31.02.2027"),
]
"""Columns and what is wrong in them."""


def damaged(body: list[list[Any]]) -> list[list[Any]]:
    """Twenty rows with a mistake each: one that says an earlier row again, the others of eight kinds."""
    for number in range(FAULTY - 1):
        place, value = MISTAKES[number % len(MISTAKES)]
        body[number * (len(body) // FAULTY)][place] = value
    body[-1][0], body[-1][1] = 2, "Bestand 2"
    return body


def take(user: str, upload: FileStorage, dry: bool = False, **more: Any) -> dict[str, Any]:
    return act(user, "mainz_inventory_import", {"upload": upload, "dry": dry, **more})


def counts(report: dict[str, Any]) -> dict[str, int]:
    return {name: report[name] for name in importing.OUTCOMES if report[name]}


def create(user: str, **fields: Any) -> dict[str, Any]:
    return act(user, "mainz_inventory_create", {**ENTRY, "organization": "amt-80", **fields})


# --- an entry --------------------------------------------------------------------------------------------------------


def test_an_entry_is_readable_inside_the_house_and_never_outside(editor: str, amt: str) -> None:
    made = create(editor)
    stored = act(editor, "package_show", {"id": made["id"]})
    assert (stored["lifecycle"], stored["visibility"], stored["private"]) == ("inventar", "verwaltung", True)
    colleague = person(member=organization())
    assert act(colleague, "package_show", {"id": made["id"]})["title"] == "Gebäudedaten"
    for reader in (person(member=organization("gesellschaft")), person(member=organization("kommune")), person()):
        for action in ("package_show", "mainz_inventory_show"):
            with pytest.raises(REFUSED):
                act(reader, action, {"id": made["id"]})
        assert act(reader, "mainz_inventory_list") == []
    for action in ("package_show", "mainz_inventory_show", "mainz_inventory_list"):
        with pytest.raises(REFUSED):
            anybody(action, {"id": made["id"]})


def test_what_stands_beside_the_record_is_for_its_house_and_the_office_alone(amt: str) -> None:
    dezernat = organization(name="dezernat")
    own = organization(name="abteilung", parent=dezernat)
    made = act(person(editor=own), "mainz_inventory_create", {**ENTRY, "organization": own, "place": "Geheimort"})
    insiders = (person(member=own), person(member=dezernat), office())
    for reader in insiders:
        assert act(reader, "mainz_inventory_show", {"id": made["name"]})["place"] == "Geheimort"
    colleague = person(editor=amt)
    for answer in (
        act(colleague, "mainz_inventory_show", {"id": made["id"]}),
        act(colleague, "mainz_inventory_list"),
        act(colleague, "package_show", {"id": made["id"]}),
        act(colleague, "package_search", {"q": "Gebäudedaten", "include_private": True}),
        act(colleague, "mainz_inventory_export"),
    ):
        assert "Geheimort" not in str(answer)
        assert "FM-Verfahren" not in str(answer)
    assert act(colleague, "mainz_inventory_show", {"id": made["id"]})["details"] is False


def test_a_filter_does_not_tell_what_somebody_may_not_know(editor: str, amt: str) -> None:
    create(editor, reason="vertrag", review="01.01.2020", key="17")
    colleague = person(member=organization())
    for asked in ({"reason": "vertrag"}, {"due": True}, {"q": "17"}):
        assert len(act(editor, "mainz_inventory_list", asked)) == 1
        assert act(colleague, "mainz_inventory_list", asked) == []
    assert len(act(colleague, "mainz_inventory_list", {"organization": "Amt 80"})) == 1


def test_the_list_is_asked_by_organisation_reason_day_and_title(editor: str, amt: str) -> None:
    create(editor, reason="vertrag", review="01.01.2020")
    create(editor, title="Wege", review="01.01.2019")
    create(editor, title="Bäume", review="01.01.2099", reason="sicherheit")

    def titles(**asked: Any) -> list[str]:
        return [one["title"] for one in act(editor, "mainz_inventory_list", asked)]

    assert titles() == ["Bäume", "Gebäudedaten", "Wege"]
    assert titles(reason="vertrag") == ["Gebäudedaten"]
    assert titles(due=True) == ["Wege", "Gebäudedaten"], "the longest overdue first"
    assert titles(q="bäu") == ["Bäume", "Gebäudedaten"]
    assert titles(organization="amt-4711") == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("description", " "),
        ("visibility", "oeffentlich"),
        ("visibility", "geheim"),
        ("organization", "amt-4711"),
        ("organization", ""),
        ("review", "bald"),
        ("reason", "x"),
        ("reason", "vollstaendig"),
        ("theme", ["Unfug"]),
        ("note", "a\x00b"),
        ("shares", [{"share": "alles"}]),
        ("shares", [{"organization": "A"}] * 51),
    ],
)
def test_what_is_wrong_is_said_at_its_field(editor: str, amt: str, field: str, value: Any) -> None:
    with pytest.raises(toolkit.ValidationError) as error:
        create(editor, **{field: value})
    assert list(error.value.error_dict) == [field]
    assert entries.every() == []


def test_a_change_keeps_what_it_does_not_name_and_is_on_record(editor: str, amt: str) -> None:
    made = create(editor, place="Server", review="31.12.2026", shares=[{"organization": "Amt 80", "role": "führt"}])
    changed = act(editor, "mainz_inventory_update", {"id": made["id"], "note": "neu", "visibility": "partner"})
    assert (changed["place"], changed["review"], changed["note"]) == ("Server", "2026-12-31", "neu")
    assert changed["shares"] == [{"organization": "amt-80", "share": "", "role": "führt"}]
    assert act(editor, "package_show", {"id": made["id"]})["visibility"] == "partner"
    told = act(office(), "mainz_decision_list", {"id": made["id"]})["results"]
    assert [(one["action"], one["after"].get("visibility")) for one in told] == [
        ("inventory_level", "partner"),
        ("inventory_create", "verwaltung"),
    ]


def test_an_entry_goes_to_nobody_else_by_the_way(editor: str, amt: str) -> None:
    other = organization(name="amt-12")
    both = person(editor=amt)
    act("", "organization_member_create", {"id": other, "username": both, "role": "editor"})
    made = create(editor)
    with pytest.raises(toolkit.ValidationError) as error:
        act(both, "mainz_inventory_update", {"id": made["id"], "organization": "amt-12"})
    assert "mainz_record_handover" in str(error.value.error_dict["organization"])


def test_an_organisation_has_no_entry_twice(editor: str, amt: str) -> None:
    create(editor)
    create(editor, title="Wege", key="7")
    for field, given in (("title", {"title": "GEBÄUDEDATEN"}), ("key", {"title": "Pfade", "key": "7"})):
        with pytest.raises(toolkit.ValidationError) as error:
            create(editor, **given)
        assert list(error.value.error_dict) == [field]
    create(editor, key="8")
    assert len(entries.every()) == 3


def test_only_who_keeps_it_writes(editor: str, amt: str) -> None:
    made = create(editor)
    outsiders = (person(editor=organization()), person(member=amt), person())
    for stranger in outsiders:
        with pytest.raises((*REFUSED, toolkit.ValidationError)):
            create(stranger, title="Fremdes")
        with pytest.raises(REFUSED):
            act(stranger, "mainz_inventory_update", {"id": made["id"], "title": "Fremdes"})
    sysadmin = person()
    account = model.User.get(sysadmin)
    assert account is not None
    account.sysadmin = True
    model.Session.commit()
    with pytest.raises(REFUSED):
        create(sysadmin, title="Vom Betrieb")
    assert [one.title for one in entries.every()] == ["Gebäudedaten"]
    for keeper in (person(admin=amt), office()):
        assert act(keeper, "mainz_inventory_update", {"id": made["id"], "note": keeper})["note"] == keeper
    assert create(office(), title="Von der Geschäftsstelle")["lifecycle"] == "inventar"


def test_an_entry_that_became_a_dataset_is_not_changed_by_the_inventory(editor: str, amt: str) -> None:
    made = promoted(editor)
    with pytest.raises(toolkit.ValidationError):
        act(editor, "mainz_inventory_update", {"id": made["id"], "title": "Anders"})
    assert anybody("package_show", {"id": made["id"]})["lifecycle"] == "freigegeben"
    assert act(editor, "mainz_inventory_show", {"id": made["id"]})["system"] == "FM-Verfahren"
    with pytest.raises(REFUSED):
        anybody("mainz_inventory_show", {"id": made["id"]})


def test_an_entry_has_no_score_since_it_describes_no_dataset(editor: str, amt: str) -> None:
    create(editor)
    assert act(editor, "mainz_catalogue_quality_list", {"include_private": True})["count"] == 0


# --- lists -----------------------------------------------------------------------------------------------------------


def test_a_list_of_300_rows_with_20_faulty_ones_is_taken_put_right_and_taken_again(
    editor: str, amt: str, record_testsuite_property
) -> None:
    preview = take(editor, workbook(damaged(rows())), dry=True)
    assert counts(preview) == {"new": ROWS - FAULTY, "wrong": FAULTY}
    assert entries.every() == [], "a preview writes nothing"
    assert {one["row"] for one in preview["errors"]} == {*(2 + 15 * number for number in range(FAULTY - 1)), ROWS + 1}
    begun, used = time.monotonic(), time.process_time()
    done = take(editor, workbook(damaged(rows())))
    record_testsuite_property("seconds for an inventory of 300 rows", round(time.monotonic() - begun, 1))
    record_testsuite_property("of them processor of the portal", round(time.process_time() - used, 1))
    assert counts(done) == {"new": ROWS - FAULTY, "wrong": FAULTY}
    assert len(entries.every()) == ROWS - FAULTY
    again = take(editor, workbook(rows()))
    assert counts(again) == {"new": FAULTY, "same": ROWS - FAULTY}
    assert len(entries.every()) == ROWS
    assert counts(take(editor, workbook(rows()))) == {"same": ROWS}
    decisions = act(office(), "mainz_decision_list", {"action": "inventory_create"})
    assert decisions["count"] == ROWS, "one row of the log for each entry"


def test_an_import_takes_a_few_transactions_and_not_one_for_each_row(editor: str, amt: str) -> None:
    commits: list[Any] = []

    def note(session: Any) -> None:
        commits.append(session)

    sa.event.listen(model.Session, "after_commit", note)
    try:
        take(editor, workbook(rows(100)))
    finally:
        sa.event.remove(model.Session, "after_commit", note)
    assert len(entries.every()) == 100
    assert len(commits) < 12


def test_a_message_names_row_and_column_as_they_stand_in_the_file(editor: str, amt: str) -> None:
    body = rows(3)
    body[1][7], body[1][6] = "bald", "Keine Lust"
    (error,) = take(editor, workbook(body))["errors"]
    assert (error["row"], error["title"]) == (3, "Bestand 2")
    assert sorted(error["errors"]) == ["reason", "review"]
    assert all("3" in one for one in error["messages"])
    assert "“Wiedervorlage”" in " ".join(error["messages"]) or "„Wiedervorlage“" in " ".join(error["messages"])


def test_faulty_rows_come_back_as_a_file_that_can_be_put_right_and_sent(editor: str, amt: str, tmp_path) -> None:
    from ckanext.mainz.governance import people
    from ckanext.mainz.governance.inventory import files

    path = tmp_path / "liste.xlsx"
    workbook([[*row, "4711"] for row in damaged(rows(60))], [*HEADER, "Kostenstelle"]).save(path)
    report = importing.judge(people.person(editor), lists.read(path))
    made = files.faulty(report, "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(made.content)).worksheets[0]
    header, *wrong = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert header[:9] == [*HEADER, "Kostenstelle"]
    assert [row[0] for row in wrong[:3]] == ["1", "4", "7"]
    assert all(row[-1] for row in wrong)
    assert wrong[0][8] == "4711", "columns that the portal does not know come back too"
    for row in wrong:
        right = rows(60)[int(row[-2]) - 2]
        row[:8] = [str(one) for one in right[:7]] + ["31.12.2026"]
    take(editor, workbook(damaged(rows(60))))
    assert counts(take(editor, workbook(wrong, header))) == {"new": FAULTY}
    assert len(entries.every()) == 60
    again = importing.judge(people.person(editor), lists.read(save(made.content, tmp_path)))
    second = openpyxl.load_workbook(io.BytesIO(files.faulty(again, "xlsx").content)).worksheets[0]
    assert [cell.value for cell in second[1]] == header, "the columns that were added are not added twice"


def save(content: bytes, tmp_path) -> Any:
    path = tmp_path / "fehler.xlsx"
    path.write_bytes(content)
    return path


def test_a_changed_row_changes_its_entry(editor: str, amt: str) -> None:
    body = rows(3)
    take(editor, workbook(body))
    body[1][1], body[2][7] = "Neuer Name", "1.1.2027"
    assert counts(take(editor, workbook(body))) == {"changed": 2, "same": 1}
    found = {one.key: one for one in entries.every()}
    assert (found["2"].title, found["3"].review) == ("Neuer Name", date(2027, 1, 1))
    assert act(editor, "package_show", {"id": found["2"].id})["title"] == "Neuer Name"


def test_columns_that_a_list_does_not_have_change_nothing(editor: str, amt: str) -> None:
    made = create(editor, place="Server", note="wichtig", visibility="partner", theme=["ENVI"])
    done = take(editor, table("Titel;Amt;Fachverfahren\nGebäudedaten;Amt 80;Neues Verfahren\n"))
    assert counts(done) == {"changed": 1}
    found = act(editor, "mainz_inventory_show", {"id": made["id"]})
    assert (found["system"], found["place"], found["note"]) == ("Neues Verfahren", "Server", "wichtig")
    assert (found["visibility"], found["description"]) == ("partner", ENTRY["description"])
    done = take(editor, table("Titel;Amt;Bemerkung\nGebäudedaten;Amt 80;\n"))
    assert counts(done) == {"changed": 1}, "an empty cell of a column that is there empties"
    assert act(editor, "mainz_inventory_show", {"id": made["id"]})["note"] == ""


def test_a_list_without_descriptions_or_offices_can_be_taken(editor: str, amt: str) -> None:
    upload = "Titel;Grund\nBäume;Datenschutz\nWege;\n"
    assert counts(take(editor, table(upload))) == {"wrong": 2}
    assert counts(take(editor, table(upload), organization="amt-80")) == {"new": 2}
    trees = next(one for one in entries.every() if one.title == "Bäume")
    assert (trees.description, trees.reason) == ("Bäume", "personenbezug")


def test_what_became_a_dataset_is_not_entered_once_more(editor: str, amt: str) -> None:
    promoted(editor)
    done = take(editor, table("Titel;Beschreibung;Amt\nGebäudedaten;Anderes;Amt 80\n"))
    assert counts(done) == {"dataset": 1}
    assert anybody("package_show", {"id": "gebaeudedaten"})["notes"] == "Als Datensatz"


def test_rows_of_one_title_are_told_apart_by_their_keys_and_never_guessed(editor: str, amt: str) -> None:
    upload = "Nr.;Titel;Amt\n1;Pläne;Amt 80\n2;Pläne;Amt 80\n"
    assert counts(take(editor, table(upload))) == {"new": 2}
    assert counts(take(editor, table("Titel;Amt\nPläne;Amt 80\n"))) == {"wrong": 1}
    assert counts(take(editor, table("Titel;Amt\nA;Amt 80\na ;Amt 80\n"))) == {"new": 1, "wrong": 1}


def test_a_row_that_ckan_refuses_keeps_no_other_back(editor: str, amt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    create_entry = entries.create

    def refusing(context: Any, entry: entries.Entry, **more: Any) -> entries.Entry:
        made = create_entry(context, entry, **more)
        if entry.title == "Bestand 3":
            raise toolkit.ValidationError({"notes": ["So nicht."]})
        return made

    monkeypatch.setattr(entries, "create", refusing)
    done = take(editor, workbook(rows(5)))
    assert counts(done) == {"new": 4, "wrong": 1}
    assert done["errors"][0]["errors"] == {"description": ["So nicht."]}
    assert [one.title for one in entries.every()] == ["Bestand 1", "Bestand 2", "Bestand 4", "Bestand 5"]


def test_nobody_fills_the_inventory_of_others(amt: str) -> None:
    own = organization(name="amt-67")
    stranger = person(editor=own)
    done = take(stranger, table("Titel;Amt\nBäume;Amt 67\nFremdes;Amt 80\n"))
    assert counts(done) == {"new": 1, "wrong": 1}
    assert list(done["errors"][0]["errors"]) == ["organization"]
    for nobody in (person(member=own), person()):
        with pytest.raises(toolkit.NotAuthorized):
            take(nobody, table("Titel;Amt\nWege;Amt 67\n"))
    assert counts(take(office(), table("Titel;Amt\nFremdes;Amt 80\nWege;Amt 67\n"))) == {"new": 2}


@pytest.mark.parametrize(
    "upload",
    [
        FileStorage(io.BytesIO(b""), "leer.csv"),
        FileStorage(io.BytesIO(b"%PDF-1.4 nichts"), "text.pdf"),
        FileStorage(io.BytesIO(b"PK\x03\x04 kein Archiv"), "kaputt.xlsx"),
        table("Nr.\n1\n"),
        table("Titel;Amt\n"),
        table("Titel;Amt\n" + "Daten;Amt 80\n" * (lists.MOST_ROWS + 1)),
    ],
    ids=["empty", "pdf", "broken", "no title", "no rows", "too many rows"],
)
def test_what_is_no_such_list_is_refused_at_the_file(editor: str, amt: str, upload: FileStorage) -> None:
    with pytest.raises(toolkit.ValidationError) as error:
        take(editor, upload)
    assert list(error.value.error_dict) == ["upload"]


def test_a_file_that_is_too_large_is_refused(editor: str, amt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "max_file_bytes", lambda: 20)
    with pytest.raises(toolkit.ValidationError) as error:
        take(editor, table("Titel;Amt\nBäume;Amt 80\n"))
    assert list(error.value.error_dict) == ["upload"]


def test_a_program_sends_bytes_or_rows(editor: str, amt: str) -> None:
    content = base64.b64encode("Titel;Amt\nBäume;Amt 80\n".encode()).decode()
    assert counts(act(editor, "mainz_inventory_import", {"content": content})) == {"new": 1}
    given = [{"title": "Bäume", "organization": "amt-80"}, {"Bezeichnung": "Wege", "Amt": "Amt 80"}]
    assert counts(act(editor, "mainz_inventory_import", {"rows": given, "dry": "false"})) == {"new": 1, "wrong": 1}
    for wrong in ({"content": "kein base64!"}, {"rows": "x"}, {"rows": []}, {"rows": [1]}, {}):
        with pytest.raises(toolkit.ValidationError):
            act(editor, "mainz_inventory_import", wrong)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_can_be_imported_again_and_holds_no_formula(editor: str, amt: str, kind: str) -> None:
    shares = [{"organization": "amt-80", "share": "Adressen", "role": "liefert"}, {"organization": "Ein Büro"}]
    create(editor, title="=2+2", key="7", note="@SUM(A1)", shares=shares, theme=["ENVI", "EDUC"], review="1.2.2027")
    content = base64.b64decode(act(editor, "mainz_inventory_export", {"format": kind})["content"])
    if kind == "csv":
        assert "'=2+2" in content.decode("utf-8-sig")
    else:
        cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows() for cell in row]
        assert [cell.data_type for cell in cells if cell.value in ("=2+2", "@SUM(A1)")] == ["s", "s"]
    assert counts(take(editor, FileStorage(io.BytesIO(content), f"inventar.{kind}"))) == {"same": 1}


def test_each_exports_what_they_keep_and_the_office_all(editor: str, amt: str) -> None:
    create(editor)
    other = organization(name="amt-12")
    colleague = person(editor=other)
    act(colleague, "mainz_inventory_create", {**ENTRY, "title": "Wege", "organization": other})

    def exported(user: str, **asked: Any) -> str:
        return base64.b64decode(act(user, "mainz_inventory_export", asked)["content"]).decode()

    assert ("Gebäudedaten" in exported(editor), "Wege" in exported(editor)) == (True, False)
    everything = exported(office())
    assert "Gebäudedaten" in everything
    assert "Wege" in everything
    assert "Wege" not in exported(office(), organization="amt-80")
    with pytest.raises(toolkit.NotAuthorized):
        exported(person(member=amt))
    with pytest.raises(toolkit.ValidationError):
        exported(editor, format="docx")


# --- to the dataset --------------------------------------------------------------------------------------------------


def promoted(editor: str) -> dict[str, Any]:
    """An entry that was made a dataset and released to everybody."""
    made = create(editor)
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
    return made


def test_an_entry_becomes_a_dataset_at_the_same_address(editor: str, amt: str) -> None:
    made = promoted(editor)
    shown = anybody("package_show", {"id": made["name"]})
    assert (shown["id"], shown["notes"], shown["resources"][0]["name"]) == (made["id"], "Als Datensatz", "Daten")
    assert entries.every() == []


def test_progress_counts_by_organisation(editor: str, amt: str) -> None:
    promoted(editor)
    create(editor, title="Wege", review="01.01.2020")
    begun = create(editor, title="Bäume")
    act(editor, "mainz_record_promote", {"id": begun["id"]})
    act(editor, "package_create", {**ENTRY, "owner_org": amt, "title": "Nie im Inventar", "license_id": "dl-de-by-2.0",
                                   "notes": "x"})  # fmt: skip
    (row,) = [one for one in act(office(), "mainz_inventory_progress") if one["name"] == "amt-80"]
    assert {name: row[name] for name in progress.NUMBERS} == {
        "all": 3,
        "begun": 1,
        "datasets": 1,
        "public": 1,
        "due": 1,
    }
    with pytest.raises(toolkit.NotAuthorized):
        act(editor, "mainz_inventory_progress")


def test_a_purged_record_takes_its_row_along(editor: str, amt: str) -> None:
    made = create(editor)
    act("", "dataset_purge", {"id": made["id"]})
    assert model.Session.execute(sa.select(tables.inventory)).all() == []
