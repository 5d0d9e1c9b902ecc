"""Quality of metadata: scores on save, links asked in the background, rules at publication, page and table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.lib import jobs as queue
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp, call_action
from tests.kit import records
from tests.kit.governance import CHECK
from tests.kit.misbehaving_server import MisbehavingServer, answer, status
from tests.kit.outgoing import MakeSession, Waits
from tests.kit.people import LICENSE, Person, editor
from tests.kit.services import LoadedPortal

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.quality import jobs, links, publishing
from ckanext.mainz.metadata.quality.findings import MISSING, Finding
from ckanext.mainz.metadata.quality.mqa import State
from ckanext.mainz.metadata.quality.tables import link, quality

ENVI = "http://publications.europa.eu/resource/authority/data-theme/ENVI"
CSV = ("Straße;Höhe in m\nAm Brand;1,5\nKästrich;2\n".encode(), "baeume.csv")
DOWNLOAD = {"download_url", "download_url_status", "byte_size"}


@pytest.fixture
def erika(portal: LoadedPortal, clean: None) -> Person:
    model.Session.execute(sa.delete(link))
    model.Session.commit()
    return editor(portal)


def dataset(erika: Person, *, public: bool = True, **fields: Any) -> dict[str, Any]:
    values = {
        "title": "Baumkataster der Stadt",
        "notes": "Alle Bäume.",
        "license_id": LICENSE,
        "theme": [ENVI],
        "tag_string": "Bäume",
        "temporal_coverage": [{"start": "2024"}],
        "owner_org": erika.office["id"],
        **fields,
    }
    return records.create(public=public, **values)


def add_file(erika: Person, package: dict[str, Any], file: tuple[bytes, str] = CSV) -> dict[str, Any]:
    """What an editor brings and the Geschäftsstelle accepts."""
    answer = erika.api("resource_create", {"package_id": package["id"], "name": "Bäume"}, upload=file)
    assert answer.status_code == 200, answer.text
    return records.accept(answer.json["result"])["resources"][-1]


def shown(package: dict[str, Any]) -> dict[str, Any]:
    return call_action("mainz_quality_show", id=package["id"])


def states(package: dict[str, Any]) -> dict[str, str]:
    return {metric["code"]: metric["state"] for one in shown(package)["dimensions"] for metric in one["metrics"]}


def kept(package: dict[str, Any]) -> int | None:
    return model.Session.scalar(sa.select(quality.c.score).where(quality.c.package_id == package["id"]))


# --- scores --------------------------------------------------------------------------------------------------------


def test_a_dataset_with_an_uploaded_table_is_excellent_at_once(erika):
    package = dataset(erika)
    add_file(erika, package)
    found = shown(package)
    assert {code for code, state in states(package).items() if state != State.MET} == set()
    assert found["rating"] == "excellent"
    assert found["score"] == kept(package) == 405


def test_the_score_is_kept_with_each_save(erika):
    package = dataset(erika, temporal_coverage=[])
    before = kept(package)
    records.change("package_patch", id=package["id"], temporal_coverage=[{"end": "2024"}])
    assert kept(package) == before + 20


def test_a_save_that_fails_keeps_no_score(erika):
    with pytest.raises(toolkit.ValidationError):
        dataset(erika, title="")
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(quality)) == 0


def test_a_purged_dataset_takes_its_score_along(erika):
    package = dataset(erika)
    call_action("dataset_purge", id=package["id"])
    assert kept(package) is None


def test_advice_is_given_in_the_language_of_the_request(erika):
    package = dataset(erika, temporal_coverage=[])
    answers = [
        erika.api("mainz_quality_show", {"id": package["id"]}, language=language).json["result"]
        for language in ("de", "en")
    ]
    german, english = [
        {metric["code"]: metric["advice"] for one in found["dimensions"] for metric in one["metrics"]}["temporal"]
        for found in answers
    ]
    assert german.startswith("Geben Sie an, welchen Zeitraum die Daten beschreiben")
    assert english.startswith("Say which period the data describe")


def test_who_may_not_see_a_dataset_does_not_see_its_score(erika, app: CKANTestApp):
    package = dataset(erika, public=False)
    assert app.get(f"/api/3/action/mainz_quality_show?id={package['id']}").status_code == 404
    assert erika.api("mainz_quality_show", {"id": package["id"]}).status_code == 200


# --- links ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    with MisbehavingServer() as running:
        yield running


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """The portal may ask this machine, where the test's server is."""
    monkeypatch.setattr(links, "Session", lambda _policy: MakeSession(Waits())())


def link_to(erika: Person, url: str, format: str = "WFS") -> dict[str, Any]:
    return dataset(erika, resources=[{"url": url, "name": "Bäume", "format": format}])


def waiting_jobs() -> list[str]:
    return [job.id for job in queue.get_queue().jobs]


def test_a_save_asks_no_link_but_notes_it_for_the_worker(erika, server):
    package = link_to(erika, server.url("/wfs"))
    assert server.requests == []
    assert states(package)["access_url_status"] == State.UNKNOWN
    assert waiting_jobs() == ["mainz-quality-follow-up"]


def test_many_saves_ask_for_one_job(erika, server):
    for number in range(3):
        link_to(erika, server.url(f"/{number}"))
    assert len(waiting_jobs()) == 1


def test_a_save_without_links_and_tables_asks_for_nothing(erika):
    dataset(erika)
    assert waiting_jobs() == []


def test_a_service_that_answers_has_every_point_but_those_for_a_download(erika, server, ask):
    package = link_to(erika, server.url("/wfs"))
    server.at("/wfs", answer(b"<WFS_Capabilities/>"))
    jobs.follow_up()
    lacking = {code for code, state in states(package).items() if state != State.MET}
    assert lacking == DOWNLOAD | format_points("WFS")
    assert kept(package) == shown(package)["score"]


def test_a_link_to_a_file_that_answers_lacks_only_the_size_of_the_download(erika, server, ask):
    package = link_to(erika, server.url("/baeume.csv"), format="CSV")
    server.at("/baeume.csv", answer(b"Strasse;Hoehe"))
    jobs.follow_up()
    assert {code for code, state in states(package).items() if state != State.MET} == {"byte_size"}


def format_points(label: str) -> set[str]:
    """What a format itself does not have, by the lists of data.europa.eu and of media types."""
    term = vocabulary.match("file_types", label)
    assert term
    without_type = set() if term.media_type else {"media_type", "format_known"}
    return without_type | {name for name in ("machine_readable", "non_proprietary") if not getattr(term, name)}


def test_a_server_that_knows_no_head_is_asked_with_get(erika, server, ask):
    package = link_to(erika, server.url("/wfs"))
    server.at("/wfs", lambda visit: (answer(b"x") if visit.request.method == "GET" else status(405))(visit))
    jobs.follow_up()
    assert [one.method for one in server.requests] == ["HEAD", "GET"]
    assert states(package)["access_url_status"] == State.MET


def test_a_dead_link_costs_its_points_and_is_named(erika, server, ask):
    package = link_to(erika, server.url("/weg"))
    server.at("/weg", status(404))
    jobs.follow_up()
    found = shown(package)
    assert states(package)["access_url_status"] == State.UNMET
    (broken,) = found["links"]
    assert broken["status"] == 404
    assert server.url("/weg") in broken["problem"]


def test_a_link_into_the_house_is_not_asked(erika):
    package = link_to(erika, "http://127.0.0.1:6379/")
    jobs.follow_up()
    assert links.known(["http://127.0.0.1:6379/"])["http://127.0.0.1:6379/"].problem == "refused"
    assert states(package)["access_url_status"] == State.UNMET


def test_a_link_that_failed_is_asked_again_after_the_next_save(erika, server, ask, monkeypatch):
    monkeypatch.setattr(links, "AGAIN", timedelta(0))
    package = link_to(erika, server.url("/wfs"))
    server.at("/wfs", status(500))
    jobs.follow_up()
    server.at("/wfs", answer(b"x"))
    records.change("package_patch", id=package["id"], title="Baumkataster, neu")
    jobs.follow_up()
    assert states(package)["access_url_status"] == State.MET


def test_the_nightly_round_asks_again_and_forgets_what_nobody_uses(erika, server, ask):
    package = link_to(erika, server.url("/wfs"))
    server.at("/wfs", answer(b"x"))
    jobs.follow_up()
    server.at("/wfs", status(410))
    links.note(["https://alt.example/"], {})
    model.Session.commit()
    jobs.nightly()
    assert states(package)["access_url_status"] == State.UNMET
    assert links.known(["https://alt.example/"]) == {}


def test_a_changed_contact_of_an_organisation_scores_its_datasets_anew(erika):
    package = dataset(erika)
    model.Session.execute(sa.delete(quality))
    model.Session.commit()
    call_action("organization_patch", id=erika.office["id"], title="Grünamt")
    (job,) = queue.get_queue().jobs
    job.func(*job.args)
    assert kept(package) == shown(package)["score"]


# --- publication ---------------------------------------------------------------------------------------------------

THIRD = "https://lizenzen.example/eigene"


def break_license(package_id: str) -> None:
    """As an old import left it: no validator has seen this."""
    table = model.package_table
    model.Session.execute(sa.update(table).where(table.c.id == package_id).values(license_id="cc-by-alt"))
    model.Session.commit()


def test_what_breaks_a_rule_cannot_be_made_public_and_the_field_is_named(erika):
    package = dataset(erika, public=False)
    break_license(package["id"])
    with pytest.raises(toolkit.ValidationError) as error:
        records.publish(package["id"])
    assert set(error.value.error_dict) == {"license_id"}
    model.Session.rollback()
    refused = erika.api("bulk_update_public", {"datasets": [package["id"]], "org_id": erika.office["id"]})
    assert refused.status_code in (403, 409), refused.text
    site_user = call_action("get_site_user")["name"]
    with pytest.raises(toolkit.ValidationError):
        call_action(
            "bulk_update_public",
            context={"user": site_user},
            datasets=[package["id"]],
            org_id=erika.office["id"],
        )
    model.Session.rollback()
    assert call_action("package_show", id=package["id"])["private"] is True


def test_a_private_record_and_a_draft_may_break_rules(erika):
    package = dataset(erika, public=False, contact=[{"name": "Amt"}])
    assert shown(package)["rules"][0]["field"] == "contact"
    draft = dataset(erika, public=False, state="draft", title="Entwurf", contact=[{"name": "Amt"}])
    assert draft["state"] == "draft"


def test_a_refused_publication_names_the_field_and_leaves_no_trace(erika):
    package = dataset(erika, public=False, contact=[{"name": "Amt"}])
    with pytest.raises(toolkit.ValidationError) as refused:
        records.publish(package["id"])
    assert set(refused.value.error_dict) == {"contact"}
    model.Session.rollback()
    assert call_action("package_show", id=package["id"])["private"] is True


def test_a_new_record_that_breaks_a_rule_is_a_draft_and_not_handed_in(erika):
    package = dataset(erika, public=False, contact=[{"name": "Amt"}])
    refused = erika.api("mainz_record_submit", {"id": package["id"], "check": CHECK})
    assert refused.status_code == 409
    assert "contact" in refused.json["error"]
    assert call_action("package_show", id=package["id"])["lifecycle"] == "entwurf"


def test_errors_of_files_stand_at_their_file_and_are_told_at_the_others():
    found = [Finding("url", MISSING, resource_id="b", position=1)]
    errors = publishing.errors(found, [{"name": "A"}, {"name": "B"}, {"name": "C"}])
    first, second, third = errors["resources"]
    assert second == {"url": [MISSING]}
    assert "“B”" in first["url"][0]
    assert "“B”" in third["url"][0]


# --- the catalogue -------------------------------------------------------------------------------------------------


def listed(**question: Any) -> dict[str, Any]:
    return call_action("mainz_catalogue_quality_list", context={"ignore_auth": False, "user": ""}, **question)


def test_the_list_is_sorted_paged_and_summed_up(erika):
    dataset(erika, title="Gut")
    dataset(erika, title="Ohne Zeitraum", temporal_coverage=[])
    found = listed(limit=1)
    assert (found["count"], [one["title"] for one in found["results"]]) == (2, ["Ohne Zeitraum"])
    assert [one["title"] for one in listed(sort="-score")["results"]] == ["Gut", "Ohne Zeitraum"]
    assert listed(limit=1, offset=1)["results"][0]["title"] == "Gut"
    assert sum(one["count"] for one in found["ratings"]) == 2
    assert found["median"] == sum(one["score"] for one in listed()["results"]) / 2


def test_the_list_of_an_organisation_holds_its_datasets_only(erika):
    dataset(erika)
    other = factories.Organization()
    assert listed(organization=erika.office["name"])["count"] == 1
    assert listed(organization=other["id"])["count"] == 0


@pytest.mark.parametrize(
    "question",
    [{"limit": "viele"}, {"limit": 1001}, {"offset": -1}, {"sort": "zufall"}, {"organization": "gibts-nicht"}],
)
def test_parameters_that_mean_nothing_are_refused(erika, question: dict[str, Any]):
    with pytest.raises(toolkit.ValidationError) as refused:
        listed(**question)
    assert set(refused.value.error_dict) == set(question)


def test_private_records_drafts_and_deleted_ones_are_in_no_public_list(erika, app: CKANTestApp):
    secret = dataset(erika, title="Geheimer Plan", public=False)
    draft = dataset(erika, title="Halber Plan", public=False, state="draft")
    gone = dataset(erika, title="Alter Plan")
    records.delete(gone["id"])
    assert listed(include_public=False)["count"] == listed()["count"] == 0
    for path in ("/quality", "/quality.csv", f"/quality?organization={erika.office['name']}"):
        page = app.get(path).get_data(as_text=True)
        assert not [one for one in (secret, draft, gone) if one["title"] in page or one["id"] in page], path


def test_members_see_their_private_records_where_they_ask_for_them(erika, portal: LoadedPortal):
    secret = dataset(erika, title="Geheimer Plan", public=False)
    asked = {"include_private": True}
    found = erika.api("mainz_catalogue_quality_list", asked).json["result"]
    assert [one["id"] for one in found["results"]] == [secret["id"]]
    assert erika.api("mainz_catalogue_quality_list", {}).json["result"]["count"] == 0
    stranger = editor(portal, "otto", "amt-20")
    assert stranger.api("mainz_catalogue_quality_list", asked).json["result"]["count"] == 0


def test_the_table_is_one_that_spreadsheets_open(erika, app: CKANTestApp):
    dataset(erika, title="=1+1; „Bäume“")
    answered = app.get("/quality.csv")
    text = answered.get_data(as_text=True)
    assert text.startswith("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")
    assert row["title"] == "'=1+1; „Bäume“"
    assert row["organization"] == "Grün- und Umweltamt"


@pytest.mark.parametrize(
    "path", ["/quality", "/en/quality", "/quality?page=9", "/quality?page=x&sort=-score", "/quality.csv"]
)
def test_pages_open_for_everybody(erika, app: CKANTestApp, path: str):
    dataset(erika)
    assert app.get(path).status_code == 200


def test_an_unknown_organisation_is_not_found(erika, app: CKANTestApp):
    assert app.get("/quality?organization=gibts-nicht").status_code == 404
    assert app.get("/quality.csv?organization=gibts-nicht").status_code == 404


def test_editors_see_points_and_what_to_do_and_readers_do_not(erika, app: CKANTestApp):
    package = dataset(erika, temporal_coverage=[])
    mine = erika.get(f"/dataset/{package['name']}")
    assert "Qualität der Metadaten" in mine.text
    assert "welchen Zeitraum die Daten beschreiben" in mine.text
    page = app.get(f"/dataset/{package['name']}").get_data(as_text=True)
    assert "Qualität der Metadaten" not in page.split("<footer")[0]
