"""The release check of a record with uploaded files: its action, its gate, its form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan.lib import jobs
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp, call_action
from tests.kit.people import Person, editor
from tests.kit.services import LoadedPortal

from ckanext.mainz.governance import tables
from ckanext.mainz.governance.check import background, forms, gate, questions, stored
from ckanext.mainz.governance.check.gate import Given
from ckanext.mainz.governance.check.tables import scan as scans
from ckanext.mainz.metadata.quality import assessing

MEMBERS = (
    b"Name;Geburtsdatum;Beitrag\nAnna Schmidt;01.02.1980;12\nJan Kowalski;30.06.1991;12\nEmil Hahn;3.4.1977;9\n",
    "mitglieder.csv",
)
PHARMACIES = (
    "Apotheke;Straße;Telefon;E-Mail\nLöwen-Apotheke;Gaustraße 60;06131 223344;info@loewen.example\n"
    "Rosen-Apotheke;Am Juxplatz 1;06131 334455;post@rosen.example\n"
    "Adler-Apotheke;Rheinstraße 7;06131 445566;kontakt@adler.example\n".encode(),
    "apotheken.csv",
)
TREES = (b"Nr;Art\n1;Eiche\n2;Linde\n3;Ahorn\n", "baeume.csv")
ALLOWED = {one.code: one.answers[0].code for one in questions.all_questions()}
SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples" / "duva"


@pytest.fixture
def erika(portal: LoadedPortal, clean: None) -> Person:
    return editor(portal)


@pytest.fixture
def german(portal: LoadedPortal) -> Callable[[], Any]:
    """Opens a request of somebody who reads German; others must not be sent while it is open."""
    return lambda: portal.app._wsgi_app.test_request_context("/")


def record_with(erika: Person, *uploads: tuple[bytes, str], title: str = "Liste") -> dict[str, Any]:
    made = call_action(
        "package_create",
        context={"user": call_action("get_site_user")["name"]},
        **erika.good(title=title, private=True, temporal_coverage=[{"start": "2024"}]),
    )
    for upload in uploads:
        answer = erika.api("resource_create", {"package_id": made["id"], "name": upload[1]}, upload=upload)
        assert answer.status_code == 200, answer.text
    return stored_record(made["id"])


def stored_record(id: str) -> dict[str, Any]:
    model.Session.rollback()
    return assessing.stored(id)


def shown(person: Person, id: str) -> list[dict[str, Any]]:
    answer = person.api("mainz_release_check_show", {"id": id})
    assert answer.status_code == 200, answer.text
    return answer.json["result"]


def refused(record: dict[str, Any], check: Any, level: str = "oeffentlich") -> list[str]:
    with pytest.raises(toolkit.ValidationError) as error:
        gate.answers(record, {"check": check}, level)
    return error.value.error_dict["check"]


def test_everybody_may_read_the_questions(app: CKANTestApp, portal: LoadedPortal, clean: None):
    listed = app.get("/api/3/action/mainz_release_check_show").json["result"]
    assert [one["code"] for one in listed] == [one.code for one in questions.all_questions()]
    assert listed[0]["question"] == questions.all_questions()[0].de
    english = app.get("/en/api/3/action/mainz_release_check_show").json["result"]
    assert english[0]["question"] == questions.all_questions()[0].en


def test_those_who_enter_a_record_see_what_was_found_in_its_files(erika):
    record = record_with(erika, MEMBERS)
    found = {one["finding"]["column"]: one for one in shown(erika, record["id"]) if "finding" in one}
    assert {column: one["finding"]["kind"] for column, one in found.items()} == {
        "Name": "name",
        "Geburtsdatum": "birthday",
    }
    name = found["Name"]
    assert name["question"] == "Datei „mitglieder.csv“, Spalte „Name“: sieht aus wie Namen von Menschen."
    assert name["finding"]["rows"] == [2, 3, 4]
    assert "Schmidt" not in str(found)


def test_nobody_else_sees_them_or_learns_whether_there_is_a_record(erika, app: CKANTestApp):
    record = record_with(erika, MEMBERS)
    stranger = {"user": factories.User()["name"], "ignore_auth": False}
    messages = set()
    for context in (stranger, {"user": "", "ignore_auth": False}):
        for id in (record["id"], "gibt-es-nicht"):
            with pytest.raises(toolkit.NotAuthorized) as error:
                call_action("mainz_release_check_show", context=context, id=id)
            messages.add(str(error.value))
    assert len(messages) == 1


def test_pharmacies_are_no_people(erika):
    record = record_with(erika, PHARMACIES, title="Apotheken in Mainz")
    assert stored.look(record).items == ()


def test_the_real_budget_of_a_city_has_no_finding(erika):
    path = SAMPLES / "freiburg-haushalt-2025-2026.csv"
    if not path.exists():
        pytest.skip("the sample is not on this machine")
    record = record_with(erika, (path.read_bytes(), "haushalt.csv"), title="Haushalt")
    found = stored.look(record)
    assert found.complete
    assert found.items == ()


def test_a_hand_in_wants_all_answers(erika, german):
    record = record_with(erika, MEMBERS)
    with german():
        messages = refused(record, {})
        assert len(messages) == len(questions.all_questions()) - 1 + 2
        assert any("Sagen die Daten etwas über einzelne Menschen?" in one for one in messages)
        assert any("Spalte „Name“" in one for one in messages)


def test_a_hand_in_is_accepted_with_an_answer_to_everything_that_is_asked(erika):
    record = record_with(erika, MEMBERS)
    check = {one["code"]: one["answers"][0]["code"] for one in shown(erika, record["id"])}
    kept = gate.answers(record, {"check": check}, "oeffentlich")
    assert len(kept["findings"]) == len(kept["lasting"]) == 2
    assert kept["answers"] == ALLOWED


def test_an_answer_that_limits_says_up_to_where(erika, german):
    record = record_with(erika, TREES)
    with german():
        messages = refused(record, {**ALLOWED, "sicherheit": "nur_verwaltung"})
        assert messages == [
            "Die Stufe „Öffentlich“ ist nicht möglich, höchstens „Verwaltung“: Angaben über gefährdete Anlagen bleiben "
            "in der Stadtverwaltung."
        ]
        assert gate.answers(record, {"check": {**ALLOWED, "sicherheit": "nur_verwaltung"}}, "verwaltung")


def test_the_licence_is_answered_by_the_record_whatever_a_client_says(erika, german):
    record = {**record_with(erika, TREES), "license_id": "http://dcat-ap.de/def/licenses/other-closed"}
    with german():
        (message,) = refused(record, ALLOWED)
        assert "offenen Lizenz" in message
        assert gate.answers(record, {"check": ALLOWED}, "partner")["answers"]["lizenz"] == "nicht_offen"


@pytest.mark.parametrize("check", ["x", ["x"], {"wetter": "gut"}, {"statistik": {"a": 1}}, {"0" * 24: "anonymisiert"}])
def test_answers_of_the_wrong_shape_are_refused(erika, check: Any):
    record = record_with(erika, TREES)
    assert refused(record, check if not isinstance(check, dict) else {**ALLOWED, **check})


def test_another_delivery_is_asked_about_anew_and_the_same_one_is_not(erika):
    record = record_with(erika, MEMBERS)
    check = {one["code"]: one["answers"][0]["code"] for one in shown(erika, record["id"])}
    given = Given.of(gate.answers(record, {"check": check}, "oeffentlich"))
    again = (MEMBERS[0] + b"Ida Lang;07.07.1988;9\n", "mitglieder.csv")
    erika.api("resource_patch", {"id": record["resources"][0]["id"]}, upload=again)
    later = stored_record(record["id"])
    assert refused(later, check)
    assert gate.is_unchanged(later, given, "oeffentlich")
    rows = zip(
        MEMBERS[0].decode().splitlines(), ("Telefon", "0176 1234567", "0151 7654321", "0160 998877"), strict=True
    )
    more = ("\n".join(f"{row};{phone}" for row, phone in rows).encode(), "mitglieder.csv")
    erika.api("resource_patch", {"id": record["resources"][0]["id"]}, upload=more)
    assert not gate.is_unchanged(stored_record(record["id"]), given, "oeffentlich")


def test_the_answers_of_the_last_hand_in_are_shown(erika):
    record = record_with(erika, MEMBERS)
    check = {one["code"]: one["answers"][-1]["code"] for one in shown(erika, record["id"])}
    kept = Given.by_codes(check).as_json()
    row = {"package_id": record["id"], "check": kept, "asked_by": "", "released_by": "", "source": ""}
    model.Session.execute(sa.delete(tables.record).where(tables.record.c.package_id == record["id"]))
    model.Session.execute(sa.insert(tables.record).values(row))
    model.Session.commit()
    answers = {one["code"]: one["answer"] for one in shown(erika, record["id"])}
    assert answers == {**check, "lizenz": "offen"}


def test_a_file_is_looked_at_once(erika, monkeypatch: pytest.MonkeyPatch):
    record = record_with(erika, MEMBERS)
    first = stored.look(record)
    monkeypatch.setattr(stored, "scan_resource", None)
    assert stored.look(record) == first == stored.findings_of(record)


def test_a_file_is_looked_at_anew_when_its_title_or_the_threshold_differ(erika):
    record = record_with(erika, TREES)
    assert stored.look(record).complete
    assert not stored.findings_of({**record, "title": "Arbeitslose nach Stadtteil"}).complete
    toolkit.config["ckanext.mainz.governance.small_cells"] = 5
    assert not stored.findings_of(record).complete


def test_a_large_file_waits_for_the_worker(erika, german):
    toolkit.config["ckanext.mainz.governance.scan_at_once_megabytes"] = 0
    record = record_with(erika, MEMBERS)
    with german():
        assert refused(record, ALLOWED) == [
            "„mitglieder.csv“ wird noch geprüft. Warten Sie einige Minuten und reichen Sie dann noch einmal ein."
        ]
        waiting = [one for one in call_action("job_list") if one["title"] == "Release check of an uploaded file"]
        assert len(waiting) == 1
        (resource,) = stored.unscanned(record)
        background.look_at(dict(resource), stored.title_of(record, resource))
        assert len(stored.findings_of(record).items) == 2


def test_an_upload_is_looked_at_before_it_is_handed_in(erika):
    record = record_with(erika, TREES)
    assert not stored.findings_of(record).complete
    (job,) = [one for one in call_action("job_list") if one["title"] == "Release check of an uploaded file"]
    jobs.job_from_id(job["id"]).perform()
    assert stored.findings_of(record).complete


def test_what_cannot_be_looked_into_is_named(erika):
    record = record_with(
        erika, (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n", "plan.pdf")
    )
    found = stored.look(record)
    assert [(one.file, one.reason) for one in found.unread] == [("plan.pdf", "format")]
    assert found.complete


def test_nothing_of_a_cell_is_stored_but_its_mask(erika):
    record = record_with(erika, MEMBERS)
    stored.look(record)
    (resource,) = record["resources"]
    (row,) = model.Session.execute(sa.select(scans).where(scans.c.resource_id == resource["id"])).all()
    assert "Schmidt" not in str(row)
    assert "1980" not in str(row)


def drawn(record: dict[str, Any], given: Given, level: str = "") -> BeautifulSoup:
    html = toolkit.render("mainz/governance/check_form.html", {"check": forms.form(record, given, level)})
    return BeautifulSoup(html, "html.parser")


def test_the_form_asks_with_legends_and_keeps_answers(erika, german):
    record = record_with(erika, MEMBERS)
    with german():
        soup = drawn(record, Given.by_codes({"statistik": "kleine_zahlen"}))
        groups = soup.find_all("fieldset")
        assert len(groups) == len(questions.all_questions()) + 2
        assert all(group.legend.get_text(strip=True) for group in groups)
        (checked,) = soup.select("input[checked]")
        assert (checked["name"], checked["value"]) == ("check-statistik", "kleine_zahlen")
        assert not soup.select("[name=check-lizenz]")
        assert not soup.select(".mz-field-error")


def test_the_form_says_at_each_question_what_is_wrong(erika, german):
    record = record_with(erika, MEMBERS)
    with german():
        soup = drawn(record, Given.by_codes({"statistik": "nein"}), "oeffentlich")
        problems = forms.form(record, Given.by_codes({"statistik": "nein"}), "oeffentlich").problems
        wrong = {group["id"] for group in soup.select("fieldset.mz-field--wrong")}
        assert "field-check-personenbezug" in wrong
        assert "field-check-statistik" not in wrong
        assert wrong == {anchor for anchor, _label, _message in problems}
        group = soup.find(id="field-check-personenbezug")
        described = [soup.find(id=one) for one in str(group["aria-describedby"]).split()]
        assert any("Bitte beantworten Sie diese Frage." in one.get_text() for one in described)


def test_the_form_says_why_a_level_is_not_possible(erika, german):
    record = record_with(erika, TREES)
    with german():
        soup = drawn(record, Given.by_codes({**ALLOWED, "data_act": "notwendigkeit"}), "intern")
        assert "auf keiner Stufe" in soup.get_text()


def test_what_the_form_sends_is_read(erika):
    sent = {"check-statistik": "nein", "check-" + "a" * 24: "anonymisiert", "check-vertrag": "", "visibility": "intern"}
    assert forms.read_form(sent) == ({"statistik": "nein"}, {"a" * 24: "anonymisiert"})
