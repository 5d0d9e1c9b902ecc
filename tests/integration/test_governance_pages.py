"""The pages of governance: who gets which, what they offer, and that nothing typed is lost."""

from __future__ import annotations

import io
from typing import Any

import pytest
from ckan.plugins import toolkit
from ckan.tests import factories
from tests.kit.governance import CHECK, GOOD, act, draft, grant, office, organization, released
from tests.kit.governance import person as account
from tests.kit.people import Page, Visitor
from tests.kit.services import LoadedPortal
from werkzeug.datastructures import FileStorage

from ckanext.mainz.governance import proposals

pytestmark = pytest.mark.usefixtures("clean")


ANSWERS = {f"check-{code}": answer for code, answer in CHECK.items()}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def amt() -> str:
    return organization(title="Grün- und Umweltamt")


@pytest.fixture
def editor(portal: LoadedPortal, amt: str) -> Visitor:
    return Visitor(portal, account(editor=amt))


@pytest.fixture
def lead(portal: LoadedPortal, amt: str) -> Visitor:
    return Visitor(portal, account(admin=amt))


@pytest.fixture
def decider(portal: LoadedPortal) -> Visitor:
    return Visitor(portal, office())


@pytest.fixture
def strangers(portal: LoadedPortal, amt: str) -> list[Visitor]:
    """People who read no draft of the Amt: nobody, another Amt, a company."""
    return [Visitor(portal), Visitor(portal, account(admin=organization())),
            Visitor(portal, account(editor=organization("gesellschaft")))]  # fmt: skip


def upload(name: str = "neu.csv", content: bytes = b"a;b\n3;4\n") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name, content_type="text/csv")


def handed_in(editor: Visitor, amt: str, level: str = "oeffentlich") -> dict[str, Any]:
    made = draft(editor.name, amt, visibility=level)
    return act(editor.name, "mainz_record_submit", {"id": made["id"], "check": CHECK})


def test_strangers_find_nothing_about_a_draft(editor: Visitor, amt: str, strangers: list[Visitor]) -> None:
    made = draft(editor.name, amt)
    for path in ("", "/submit"):
        assert editor.get(f"/governance/record/{made['name']}{path}").status == 200
        for one in strangers:
            answer = one.get(f"/governance/record/{made['name']}{path}")
            absent = one.get(f"/governance/record/gibt-es-nicht{path}")
            assert answer.status == absent.status
            assert answer.status in (302, 404)
            assert made["title"] not in answer.text


def test_readers_of_a_level_do_not_get_the_page_of_those_who_work_on_it(
    portal: LoadedPortal, editor: Visitor, amt: str
) -> None:
    made = released(editor.name, amt, "verwaltung")
    reader = Visitor(portal, account(editor=organization()))
    assert reader.get(f"/dataset/{made['name']}").status == 200
    assert "Freigabe und Stufe" not in reader.get(f"/dataset/{made['name']}").text
    assert "Verwaltung" in reader.get(f"/dataset/{made['name']}").text
    assert reader.get(f"/governance/record/{made['name']}").status == 403


@pytest.mark.parametrize("way", ["release", "return", "withdraw", "archive", "visibility"])
def test_a_direct_post_of_what_the_page_does_not_offer_is_refused(editor: Visitor, amt: str, way: str) -> None:
    made = handed_in(editor, amt)
    answer = editor.post(f"/governance/record/{made['name']}/{way}", reason="fehler", visibility="intern")
    assert answer.status in (403, 422)
    assert act(editor.name, "package_show", {"id": made["id"]})["lifecycle"] == "eingereicht"


def test_the_page_offers_what_the_table_allows_and_says_why_not(
    portal: LoadedPortal, editor: Visitor, lead: Visitor, decider: Visitor, amt: str
) -> None:
    made = handed_in(editor, amt)
    address = f"/governance/record/{made['name']}"
    assert decider.get(address).soup.select("#mainz_record_release, #mainz_record_return")
    for one in (editor, lead):
        page = one.get(address)
        assert not page.soup.select("#mainz_record_release, #mainz_record_return")
        assert "entscheidet die Geschäftsstelle" in page.text
    grant(editor.name, "office")
    page = Visitor(portal, editor.name).get(address)
    assert not page.soup.select("#mainz_record_release")
    assert "Sie haben daran mitgearbeitet" in page.text


def test_a_refused_decision_keeps_what_was_typed(editor: Visitor, decider: Visitor, amt: str) -> None:
    made = handed_in(editor, amt)
    page = decider.post(f"/governance/record/{made['name']}/return", note="Bitte die Spalten erklären.")
    assert page.status == 422
    assert "Wählen Sie einen Grund." in page.text
    assert page.soup.select_one("#mainz_record_return-note").text.strip() == "Bitte die Spalten erklären."
    done = decider.post(f"/governance/record/{made['name']}/return", reason="unvollstaendig", note="x")
    assert done.status == 302


def test_what_keeps_a_record_from_its_level_is_told_with_the_way_to_its_field(editor: Visitor, amt: str) -> None:
    made = draft(editor.name, amt, name="unfertig")
    act(editor.name, "resource_create", {"package_id": made["id"], "name": "bild", "upload": upload("a.svg", SVG)})
    page = editor.post("/governance/record/unfertig/submit", visibility="oeffentlich", **ANSWERS)
    assert page.status == 422
    ways = [one["href"] for one in page.soup.select("#problems a")]
    assert [one.partition("#")[2] for one in ways] == ["field-temporal_coverage", "field-format"]
    assert "/resource/" in ways[1]
    assert act(editor.name, "package_show", {"id": made["id"]})["lifecycle"] == "entwurf"


def test_questions_without_an_answer_are_told_at_the_question_and_the_others_stay_answered(
    editor: Visitor, amt: str
) -> None:
    made = draft(editor.name, amt)
    typed = {name: answer for name, answer in ANSWERS.items() if name != "check-vertrag"}
    page = editor.post(f"/governance/record/{made['name']}/submit", visibility="konzern", **typed)
    assert page.status == 422
    (way,) = [one["href"] for one in page.soup.select("#problems a")]
    assert page.soup.find(id=way.removeprefix("#")).select("[name=check-vertrag]")
    assert page.soup.select_one("[name=check-statistik][checked]")["value"] == ANSWERS["check-statistik"]
    assert page.soup.select_one("[name=visibility][checked]")["value"] == "konzern"


def test_those_who_decide_read_the_answers_of_the_check(editor: Visitor, decider: Visitor, amt: str) -> None:
    made = handed_in(editor, amt)
    assert "Antworten der Freigabeprüfung" in decider.get(f"/governance/record/{made['name']}").text
    assert "Antworten der Freigabeprüfung" not in editor.get(f"/governance/record/{made['name']}").text


def test_findings_in_a_proposed_file_are_answered_where_it_is_accepted(
    editor: Visitor, decider: Visitor, amt: str
) -> None:
    made = released(editor.name, amt)
    names = "Nachname;Vorname;E-Mail\n" + "".join(
        f"{last};{first};{first}.{last}@example.org\n".lower()
        for last, first in (("Meier", "Anna"), ("Schulz", "Peter"), ("Wagner", "Julia"), ("Becker", "Thomas"))
    )
    new = {"package_id": made["id"], "name": "neu", "upload": upload(content=names.encode())}
    proposal = act(editor.name, "resource_create", new)["mainz_proposal"]["id"]
    page = decider.get(f"/governance/proposal/{proposal}")
    asked = {one["name"] for one in page.soup.select("#mainz_proposal_accept [name^=check-]")}
    assert asked
    refused = decider.post(f"/governance/proposal/{proposal}/accept")
    assert refused.status == 422
    assert refused.soup.select("#problems li")
    answers = {name: page.soup.select_one(f"[name='{name}']")["value"] for name in asked}
    assert decider.post(f"/governance/proposal/{proposal}/accept", **answers).status in (302, 422)


def test_third_parties_are_named_when_a_record_is_handed_in_for_partners(
    portal: LoadedPortal, editor: Visitor, amt: str
) -> None:
    third = organization("dritte", name="uni", title="Universität")
    made = draft(editor.name, amt)
    page = editor.get(f"/governance/record/{made['name']}/submit")
    assert "Universität" in page.text
    answer = editor.post(
        f"/governance/record/{made['name']}/submit", visibility="partner", shared_with="uni", **ANSWERS
    )
    assert answer.status == 302
    shown = act(editor.name, "package_show", {"id": made["id"]})
    assert (shown["visibility"], shown["shared_with"]) == ("partner", ["uni"])
    assert third


def test_a_form_shows_the_own_proposal_and_nobody_elses(portal: LoadedPortal, editor: Visitor, amt: str) -> None:
    made = released(editor.name, amt)
    act(editor.name, "package_patch", {"id": made["id"], "notes": "Mein Vorschlag"})
    other = Visitor(portal, account(editor=amt))
    assert editor.get(f"/dataset/edit/{made['name']}").value("notes") == "Mein Vorschlag"
    assert other.get(f"/dataset/edit/{made['name']}").value("notes") == GOOD["notes"]
    assert "Mein Vorschlag" not in other.get(f"/dataset/{made['name']}").text


def test_a_proposed_file_is_edited_and_taken_out_again_by_its_author(
    portal: LoadedPortal, editor: Visitor, amt: str
) -> None:
    made = released(editor.name, amt)
    file = act(editor.name, "resource_create", {"package_id": made["id"], "name": "neu", "upload": upload()})
    address = f"/dataset/{made['name']}/resource/{file['id']}"
    assert editor.get(f"{address}/edit").value("name") == "neu"
    assert editor.post(f"{address}/edit", name="anders", save="save").status == 302
    assert "anders" in editor.get(f"/dataset/resources/{made['name']}").text
    assert editor.get(address).status == 404
    assert Visitor(portal, account(editor=amt)).get(f"{address}/edit").status == 404
    assert "anders" in editor.get(f"{address}/delete").text
    assert editor.post(f"{address}/delete", delete="").status == 302
    assert "anders" not in editor.get(f"/dataset/resources/{made['name']}").text


def test_the_bytes_of_a_proposal_are_for_those_who_decide(
    editor: Visitor, lead: Visitor, decider: Visitor, amt: str, strangers: list[Visitor]
) -> None:
    made = released(editor.name, amt)
    file = act(editor.name, "resource_create", {"package_id": made["id"], "name": "neu", "upload": upload()})
    address = f"/governance/proposal/{file['mainz_proposal']['id']}/file/{file['id']}"
    answer = decider.get(address).response
    assert (answer.status_code, answer.data) == (200, b"a;b\n3;4\n")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for one in (editor, lead, *strangers):
        assert one.get(address).status in (302, 404)
    act(decider.name, "mainz_proposal_return", {"id": file["mainz_proposal"]["id"], "reason": "fehler"})
    assert decider.get(address).status == 404


def test_an_uploaded_picture_of_a_proposal_runs_nothing(editor: Visitor, decider: Visitor, amt: str) -> None:
    made = released(editor.name, amt, temporal_coverage=[{"start": "2024"}])
    picture = {"package_id": made["id"], "name": "bild", "upload": upload("a.svg", SVG)}
    file = act(editor.name, "resource_create", picture)
    answer = decider.get(f"/governance/proposal/{file['mainz_proposal']['id']}/file/{file['id']}").response
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_markup_in_a_proposal_stays_text(editor: Visitor, decider: Visitor, amt: str) -> None:
    made = released(editor.name, amt)
    text = "<script>alert(1)</script> & mehr"
    done = act(editor.name, "package_patch", {"id": made["id"], "notes": text, "version": text})
    page = decider.get(f"/governance/proposal/{done['mainz_proposal']['id']}")
    assert page.status == 200
    assert "<script>alert" not in page.response.get_data(as_text=True)
    assert "alert(1)" in page.text


def test_a_conflict_is_shown_and_cannot_be_accepted(
    portal: LoadedPortal, editor: Visitor, decider: Visitor, amt: str
) -> None:
    made = released(editor.name, amt)
    other = account(editor=amt)
    first = act(editor.name, "package_patch", {"id": made["id"], "notes": "Eins"})["mainz_proposal"]["id"]
    second = act(other, "package_patch", {"id": made["id"], "notes": "Zwei"})["mainz_proposal"]["id"]
    act(decider.name, "mainz_proposal_accept", {"id": first})
    page = decider.get(f"/governance/proposal/{second}")
    assert "inzwischen geändert" in page.text
    assert not page.soup.select("#mainz_proposal_accept")
    assert decider.post(f"/governance/proposal/{second}/accept").status == 422
    found = proposals.find(second)
    assert found is not None
    assert found.state == proposals.OPEN


def test_handed_in_and_archived_records_lead_from_the_form_to_what_is_possible(editor: Visitor, amt: str) -> None:
    made = handed_in(editor, amt)
    for path in (
        f"/dataset/edit/{made['name']}",
        f"/dataset/{made['name']}/resource/new",
        f"/dataset/delete/{made['name']}",
    ):
        answer = editor.get(path)
        assert answer.status == 302
        assert answer.response.location.endswith(f"/governance/record/{made['name']}")


def test_what_was_released_is_not_deleted_by_the_form(lead: Visitor, editor: Visitor, amt: str) -> None:
    made = released(editor.name, amt)
    assert lead.post(f"/dataset/delete/{made['name']}", delete="").status == 302
    assert act(lead.name, "package_show", {"id": made["id"]})["state"] == "active"
    assert "/dataset/delete/" not in lead.get(f"/dataset/edit/{made['name']}").response.get_data(as_text=True)


def test_the_organisation_of_a_record_is_not_changed_by_its_form(
    portal: LoadedPortal, editor: Visitor, amt: str
) -> None:
    made = draft(editor.name, amt)
    other = organization()
    act("", "organization_member_create", {"id": other, "username": editor.name, "role": "editor"})
    page = editor.post(f"/dataset/edit/{made['name']}", title="Neu", notes="x", owner_org=other,
                       license_id="cc-by-4.0", name=made["name"])  # fmt: skip
    assert page.status == 302
    shown = act(editor.name, "package_show", {"id": made["id"]})
    assert (shown["title"], shown["owner_org"]) == ("Neu", amt)


def test_the_start_page_lists_no_record_of_an_organisation_that_was_left(
    portal: LoadedPortal, editor: Visitor, amt: str
) -> None:
    made = draft(editor.name, amt, title="Verlassener Entwurf")
    assert "Verlassener Entwurf" in editor.get("/dashboard/datasets").text
    act("", "organization_member_delete", {"id": amt, "username": editor.name})
    assert "Verlassener Entwurf" not in editor.get("/dashboard/datasets").text
    assert editor.get(f"/governance/record/{made['name']}").status == 404


def test_many_are_released_at_once_and_each_refusal_is_told(editor: Visitor, decider: Visitor, amt: str) -> None:
    first, second = handed_in(editor, amt), handed_in(editor, amt)
    form = ticked(decider.get("/governance/decide"), first["id"], second["id"])
    act(decider.name, "mainz_record_release", {"id": second["id"]})
    page = decider.post("/governance/decide", **form)
    assert page.status == 200
    assert "1 Datensatz ist freigegeben." in page.text
    assert "1 Datensatz ist nicht freigegeben." in page.text
    assert decider.post("/governance/decide").status == 422
    assert editor.post("/governance/decide", id=[first["id"]]).status == 403


def test_a_withdrawn_public_record_is_gone_with_day_and_successor_only(
    portal: LoadedPortal, editor: Visitor, decider: Visitor, amt: str
) -> None:
    made, heir = released(editor.name, amt, title="Geheim"), released(editor.name, amt, title="Nachfolger")
    inside = released(editor.name, amt, "verwaltung", title="Nie öffentlich")
    reader = Visitor(portal)
    assert reader.get(f"/dataset/{made['name']}/history").status == 200
    page = decider.post(f"/governance/record/{made['name']}/withdraw", reason="fehler", successor="gibt-es-nicht")
    assert page.status == 422
    assert (
        decider.post(f"/governance/record/{made['name']}/withdraw", reason="fehler", successor=heir["name"]).status
        == 302
    )
    act(decider.name, "mainz_record_withdraw", {"id": inside["id"], "reason": "fehler"})
    for path in (made["name"], made["id"], f"{made['name']}/history", f"{made['name']}/resource/abc"):
        gone = reader.get(f"/dataset/{path}")
        assert gone.status == 410
        assert "Geheim" not in gone.text
        assert "Nachfolger" in gone.text
    assert reader.get(f"/dataset_series/{made['name']}").status == 410
    assert reader.get(f"/dataset/{inside['name']}").status == 404
    assert reader.get(f"/dataset/{made['name']}.ttl").status in (404, 410)
    assert editor.get(f"/dataset/{made['name']}").status == 200


def test_an_archived_record_is_marked_for_everybody(
    portal: LoadedPortal, editor: Visitor, lead: Visitor, amt: str
) -> None:
    made = released(editor.name, amt)
    assert "wird nicht mehr gepflegt" not in Visitor(portal).get(f"/dataset/{made['name']}").text
    assert lead.post(f"/governance/record/{made['name']}/archive").status == 302
    assert "nicht mehr gepflegt" in Visitor(portal).get(f"/dataset/{made['name']}").text


def test_a_new_record_takes_the_level_that_the_form_asks_for(editor: Visitor, amt: str) -> None:
    page = editor.get("/dataset/new")
    assert [one["value"] for one in page.soup.select("[name=visibility]")] == [
        "intern", "verwaltung", "konzern", "partner", "oeffentlich"]  # fmt: skip
    assert page.soup.select_one("[name=visibility][checked]")["value"] == "oeffentlich"
    typed = {"title": "Neu", "notes": "x", "owner_org": amt, "license_id": "cc-by-4.0", "name": "neu"}
    refused = editor.post("/dataset/new", **{**typed, "title": "", "visibility": "konzern"})
    assert refused.soup.select_one("[name=visibility][checked]")["value"] == "konzern"
    assert editor.post("/dataset/new", **typed, visibility="konzern").status == 302
    assert act(editor.name, "package_show", {"id": "neu"})["visibility"] == "konzern"


def test_sysadmins_look_and_decide_nothing(portal: LoadedPortal, editor: Visitor, amt: str) -> None:
    made = handed_in(editor, amt)
    admin = Visitor(portal, factories.Sysadmin()["name"])
    page = admin.get(f"/governance/record/{made['name']}")
    assert page.status == 200
    assert "Sie betreiben das Portal" in page.text
    assert not page.soup.select("details.mz-decision")
    assert admin.post(f"/governance/record/{made['name']}/release").status == 403


def ticked(page: Page, *ids: str) -> dict[str, Any]:
    """What the form of many sends with these records ticked."""
    asked = {name: page.soup.find("input", {"name": name})["value"] for name in (f"asked-{id}" for id in ids)}
    return {"id": list(ids), **asked}


def test_of_many_records_those_that_changed_since_are_not_released_unseen(
    editor: Visitor, decider: Visitor, amt: str
) -> None:
    seen, anew, returned, decided = (handed_in(editor, amt) for _number in range(4))
    form = ticked(decider.get("/governance/decide"), *(one["id"] for one in (seen, anew, returned, decided)))
    second = office()
    for one in (anew, returned):
        act(second, "mainz_record_return", {"id": one["id"], "reason": "unvollstaendig"})
    act(editor.name, "package_patch", {"id": anew["id"], "title": "Etwas anderes"})
    act(editor.name, "mainz_record_submit", {"id": anew["id"], "check": CHECK})
    act(second, "mainz_record_release", {"id": decided["id"]})
    act(second, "mainz_record_archive", {"id": decided["id"]})
    page = decider.post("/governance/decide", **form)
    states = [act("", "package_show", {"id": one["id"]})["lifecycle"] for one in (seen, anew, returned, decided)]
    assert states == ["freigegeben", "eingereicht", "entwurf", "archiviert"]
    told = [one.get_text(" ", strip=True) for one in page.soup.select(".mz-problems li")]
    assert [one.partition(":")[0].strip() for one in told] == ["Etwas anderes", "Baumkataster", "Baumkataster"]
    assert "neu eingereicht" in told[0]
    assert all("wartet nicht mehr auf eine Freigabe" in one for one in told[1:])


def test_a_record_of_which_the_form_says_nothing_is_not_released(editor: Visitor, decider: Visitor, amt: str) -> None:
    made = handed_in(editor, amt)
    page = decider.post("/governance/decide", id=made["id"])
    assert "Sehen Sie ihn noch einmal an" in page.text
    assert act("", "package_show", {"id": made["id"]})["lifecycle"] == "eingereicht"


def test_what_was_seen_of_many_records_is_a_dictionary(decider: Visitor) -> None:
    with pytest.raises(toolkit.ValidationError) as refused:
        act(decider.name, "mainz_records_release", {"ids": ["x"], "asked": "gestern"})
    assert "asked" in refused.value.error_dict
