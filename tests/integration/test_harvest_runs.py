"""A run of a source, with a kind of source that the tests play."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestObject, HarvestSource
from tests.kit.governance import CHECK, GOOD, act, office, organization, person
from tests.kit.services import LoadedPortal

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest import delivering, identity, journal, locks, merging, records, runs, tables
from ckanext.mainz.harvest.kinds import Beat, Candidate, Reading
from ckanext.mainz.harvest.report import Outcome, Reason, Report
from ckanext.mainz.harvest.runs import Options, Source
from ckanext.mainz.harvest.spool import Spool

pytestmark = pytest.mark.usefixtures("clean")
SHORT = Reason("short", N_("Page 3 was empty."))


@dataclass
class Played:
    """A kind of source with records given by a test."""

    said: list[dict[str, Any]]
    complete: bool = True
    name: str = "played"
    asked: list[int] = field(default_factory=list)

    def problems(self, url: str, config: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        return {}

    def read(self, session: Any, url: str, config: Mapping[str, Any], spool: Spool, beat: Beat) -> Any:
        for one in self.said:
            spool.add(json.dumps(one).encode())
        return PlayedRead(spool, Reading(self.complete, None if self.complete else SHORT))


@dataclass
class PlayedRead:
    spool: Spool
    reading: Reading

    @property
    def numbers(self) -> Sequence[int]:
        return range(len(self.spool))

    def candidate(self, number: int) -> Candidate:
        one = json.loads(self.spool.get(number))
        guid, more = one.pop("guid"), one.pop("keys", [])
        if one.get("broken"):
            raise ValueError(guid)
        plain = {name: value for name, value in one.items() if name != "modified"}
        return Candidate(
            guid,
            one.get("title", ""),
            tuple(more),
            likeness=merging.digest(plain),
            fingerprint=merging.digest(one),
            package=one,
            license_missing=not one.get("license_id"),
        )

    def raw(self, number: int) -> bytes:
        return self.spool.get(number)


def said(number: int, **more: Any) -> dict[str, Any]:
    """A record as the source says it."""
    files = [{"source_key": "csv", "name": "CSV", "url": f"https://geo.example/{number}.csv", "format": "CSV"}]
    record = {**GOOD, "title": f"Karte {number}", "identifier": f"karte-{number}", "resources": files}
    return {"guid": f"guid-{number}", **record, **more}


@pytest.fixture
def source() -> Source:
    amt = organization()
    row = HarvestSource(url="https://geo.example/csw", type="mainz_csw", title="GDI")
    model.Session.add(row)
    model.Session.commit()
    return Source(row.id, row.url, amt, "oeffentlich")


def go(source: Source, said: list[dict[str, Any]], *, complete: bool = True, **options: Any) -> Report:
    model.Session.remove()
    return runs.run(source, Played(said, complete), None, Options(**options))  # type: ignore[arg-type]


def release(source: Source, **more: Any) -> Any:
    """The office releases the source."""
    given = {"id": source.id, "licenses": [GOOD["license_id"]], "check": CHECK, **more}
    return act(office(), "mainz_harvest_source_release", given)


def here(source: Source) -> dict[str, records.Remembered]:
    model.Session.remove()
    return records.known(source.id)


def shown(source: Source, number: int) -> dict[str, Any]:
    id = here(source)[f"guid-{number}"].package_id
    return toolkit.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": id})


def versions() -> dict[str, Any]:
    """What a write would change: versions of all rows of records, files, the log and the outbox."""
    found = {}
    for table in (
        "package",
        "resource",
        "harvest_object",
        "mainz_harvest_record",
        "mainz_search_version",
        "mainz_record",
    ):
        rows = model.Session.execute(sa.text(f"SELECT xmin::text, ctid::text FROM {table} ORDER BY 1, 2"))
        found[table] = [tuple(row) for row in rows]
    return found


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"licenses": []}, "licenses"),
        ({"licenses": ["erfunden"]}, "licenses"),
        ({"level": "geheim"}, "level"),
        ({"check": {}}, "check"),
        ({"check": {**CHECK, "personenbezug": "nur_intern"}}, "check"),
        ({"licenses": ["other-closed"]}, "check"),
    ],
)
def test_a_source_is_released_by_the_office_and_only_as_far_as_the_check_allows(
    source: Source, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(toolkit.ValidationError) as raised:
        release(source, **wrong)
    assert field in raised.value.error_dict
    for user in (person(admin=source.owner), person()):
        with pytest.raises(toolkit.NotAuthorized):
            act(user, "mainz_harvest_source_release", {"id": source.id, "licenses": [GOOD["license_id"]]})


def test_the_release_of_a_source_can_be_ended(source: Source) -> None:
    release(source)
    go(source, [said(1)])
    act(office(), "mainz_harvest_source_release_end", {"id": source.id})
    report = go(source, [said(1, title="Anders"), said(2)])
    assert [one.waits for one in report.entries] == [True, True]
    assert not shown(source, 1)["private"]
    logged = act(office(), "mainz_decision_list", {"action": "source_release_end"})["results"]
    assert len(logged) == 1


def test_records_of_a_new_source_are_handed_in(source: Source) -> None:
    report = go(source, [said(1), said(2)])
    assert report.figures() == {"gathered": 2, "created": 2, "changed": 0, "unchanged": 0, "missing": 0, "archived": 0,
                                "skipped": 0, "failed": 0}  # fmt: skip
    assert all(one.waits for one in report.entries)
    record = shown(source, 1)
    assert (record["lifecycle"], record["private"], record["title"]) == ("eingereicht", True, "Karte 1")


def test_records_of_a_released_source_are_public_and_logged(source: Source) -> None:
    release(source)
    report = go(source, [said(1)])
    assert not report.entries[0].waits, report.entries
    record = shown(source, 1)
    assert (record["lifecycle"], record["private"]) == ("freigegeben", False)
    logged = act(office(), "mainz_decision_list", {"id": record["id"]})["results"]
    assert [one["action"] for one in logged] == ["delivery", "submit", "create"]


def test_a_record_without_a_licence_waits_although_the_source_is_released(source: Source) -> None:
    release(source)
    report = go(source, [said(1, license_id="")])
    assert report.entries[0].waits
    assert shown(source, 1)["lifecycle"] == "eingereicht"
    assert not shown(source, 1).get("license_id")
    assert "names no licence" in report.entries[0].reasons[0].sentence()


def test_an_unchanged_record_costs_no_write(source: Source) -> None:
    release(source)
    go(source, [said(1), said(2)])
    before = versions()
    report = go(source, [said(2), said(1)])
    assert report.figures()["unchanged"] == 2
    assert versions() == before


def test_what_the_source_changes_is_public_at_once_and_keeps_its_address(source: Source) -> None:
    release(source)
    go(source, [said(1)])
    first = shown(source, 1)
    report = go(source, [said(1, title="Neue Karte")])
    assert report.figures()["changed"] == 1
    second = shown(source, 1)
    assert (second["title"], second["name"], second["id"]) == ("Neue Karte", first["name"], first["id"])
    assert second["resources"][0]["id"] == first["resources"][0]["id"]
    assert not second["private"]


def test_what_editors_added_survives(source: Source) -> None:
    release(source)
    go(source, [said(1)])
    lead = person(admin=source.owner)
    id = shown(source, 1)["id"]
    proposal = act(lead, "package_patch", {"id": id, "provenance": "Selbst gezählt."})["mainz_proposal"]
    act(office(), "mainz_proposal_accept", {"id": proposal["id"]})
    go(source, [said(1, notes="Neu beschrieben.")])
    record = shown(source, 1)
    assert (record["provenance"], record["notes"]) == ("Selbst gezählt.", "Neu beschrieben.")


def test_another_licence_is_a_proposal(source: Source) -> None:
    release(source)
    go(source, [said(1)])
    report = go(source, [said(1, license_id="cc-by-nc-4.0")])
    assert report.entries[0].waits
    assert shown(source, 1)["license_id"] == GOOD["license_id"]
    assert go(source, [said(1, license_id="cc-by-nc-4.0")]).figures()["unchanged"] == 1


def test_a_renamed_record_is_the_same_record(source: Source) -> None:
    go(source, [said(1, keys=["https://geo.example/1"])])
    id = shown(source, 1)["id"]
    report = go(source, [said(9, keys=["http://geo.example/1/"])])
    assert (report.figures()["created"], report.figures()["missing"]) == (0, 0)
    assert here(source)["guid-9"].package_id == id
    assert "before it was guid-1" in report.entries[0].reasons[0].sentence()


def test_a_half_read_source_takes_nothing_away(source: Source) -> None:
    release(source)
    go(source, [said(number) for number in range(10)])
    for _night in range(4):
        report = go(source, [said(number) for number in range(3)], complete=False)
    assert (report.figures()["missing"], report.figures()["archived"]) == (0, 0)
    assert "Page 3 was empty." in report.problems[0].sentence()
    assert all(not shown(source, number)["private"] for number in range(10))


def test_an_empty_source_stops_the_run(source: Source) -> None:
    go(source, [said(1), said(2)])
    report = go(source, [])
    assert report.state == "stopped"
    assert {one.missing for one in here(source).values()} == {0}


def test_too_many_missing_ones_stop_the_run_before_anything_is_written(source: Source) -> None:
    go(source, [said(number) for number in range(20)])
    report = go(source, [said(number) for number in range(12)] + [said(99)])
    assert report.state == "stopped"
    assert "guid-99" not in here(source)
    again = go(source, [said(number) for number in range(12)] + [said(99)], confirmed=True)
    assert (again.state, again.figures()["missing"], again.figures()["created"]) == ("finished", 8, 1)


def test_a_missing_record_is_archived_after_several_complete_runs_and_comes_back(source: Source) -> None:
    release(source)
    go(source, [said(1), said(2)])
    id, name = shown(source, 2)["id"], shown(source, 2)["name"]
    outcomes = [go(source, [said(1)]).figures() for _night in range(3)]
    assert [(one["missing"], one["archived"]) for one in outcomes] == [(1, 0), (1, 0), (0, 1)]
    assert shown(source, 2)["lifecycle"] == "archiviert"
    assert go(source, [said(1)]).figures()["missing"] == 0
    go(source, [said(1), said(2)])
    record = shown(source, 2)
    assert (record["id"], record["name"], record["lifecycle"]) == (id, name, "freigegeben")


def test_a_record_that_was_missing_for_a_night_is_counted_anew(source: Source) -> None:
    go(source, [said(1), said(2)])
    go(source, [said(1)])
    assert here(source)["guid-2"].missing == 1
    go(source, [said(1), said(2)])
    assert here(source)["guid-2"].missing == 0


def test_a_broken_or_invalid_record_stops_no_other(source: Source) -> None:
    bad = [said(1, broken=True), said(2, title=""), said(3)]
    report = go(source, bad)
    assert (report.figures()["created"], report.figures()["failed"]) == (1, 2)
    assert any("title" in reason.sentence() for one in report.entries for reason in one.reasons)
    again = go(source, bad)
    assert (again.figures()["unchanged"], again.figures()["failed"]) == (1, 2)


def test_an_invalid_change_leaves_the_record_as_it_was(source: Source) -> None:
    release(source)
    go(source, [said(1)])
    report = go(source, [said(1, title="")])
    assert report.figures()["failed"] == 1
    assert shown(source, 1)["title"] == "Karte 1"
    assert go(source, [said(1, title="Wieder gut")]).figures()["changed"] == 1


def test_a_dry_run_writes_nothing_and_says_what_it_would_do(source: Source) -> None:
    go(source, [said(1), said(2), said(3)])
    before = versions()
    report = go(source, [said(1, title="Anders"), said(3), said(4)], dry=True)
    assert report.figures() | {"failed": 0} == report.figures()
    assert [report.figures()[one] for one in ("created", "changed", "unchanged", "missing")] == [1, 1, 1, 1]
    assert versions() == before


def test_the_same_dataset_from_two_sources_is_linked_and_survives_the_first(source: Source) -> None:
    release(source)
    row = HarvestSource(url="https://andere.example/csw", type="mainz_csw", title="Land")
    model.Session.add(row)
    model.Session.commit()
    other = Source(row.id, row.url, source.owner, "oeffentlich")
    go(source, [said(1), said(2)])
    report = go(other, [said(1), said(3)])
    assert [report.figures()[one] for one in ("created", "skipped")] == [1, 1]
    id = shown(source, 1)["id"]
    assert here(other)["guid-1"].package_id == id
    for _night in range(3):
        go(source, [said(2)])
    assert shown(source, 1)["lifecycle"] == "freigegeben"
    assert here(other)["guid-1"].state == records.CURRENT


def test_what_others_give_on_stands_in_no_catalogue_of_ours(source: Source, portal: LoadedPortal) -> None:
    release(source)
    go(source, [said(1)])
    partner = replace(source, id=_another_source(), config={"redistribute": False})
    release(partner)
    go(partner, [said(2)])
    client = portal.app.test_client()
    feed = client.get("/catalog.ttl").get_data(as_text=True)
    assert "Karte 1" in feed
    assert "Karte 2" not in feed
    assert "Karte 2" not in client.get("/catalog.ttl?q=Karte").get_data(as_text=True)
    assert client.get(f"/dataset/{shown(partner, 2)['name']}.ttl").status_code == 200


def _another_source() -> str:
    row = HarvestSource(url="https://partner.example/csw", type="mainz_csw", title="Partner")
    model.Session.add(row)
    model.Session.commit()
    return str(row.id)


def test_a_withdrawn_record_follows_its_source_no_more(source: Source) -> None:
    release(source)
    go(source, [said(1)])
    act(office(), "mainz_record_withdraw", {"id": shown(source, 1)["id"], "reason": "fehler"})
    report = go(source, [said(1, title="Anders")])
    assert report.figures()["skipped"] == 1
    assert shown(source, 1)["lifecycle"] == "zurueckgezogen"


def test_two_runs_of_a_source_do_not_meet(source: Source) -> None:
    with locks.only_run(source.id), pytest.raises(locks.SourceBusy):
        go(source, [said(1)])
    assert go(source, [said(1)]).state == "finished"


def test_a_run_whose_process_was_killed_is_ended_by_the_next(source: Source) -> None:
    lost = journal.begin(source.id, dry=False)
    go(source, [said(1)])
    state = model.Session.scalar(sa.select(tables.run.c.state).where(tables.run.c.id == lost.id))
    assert state == "aborted"
    last = journal.last(source.id)
    assert last is not None
    assert (last["state"], last["report"]["created"], last["complete"]) == ("finished", 1, True)


def test_a_kill_between_two_records_makes_no_doubles(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    create = delivering.create

    def killed(*given: Any) -> Any:
        create(*given)
        raise Killed

    monkeypatch.setattr(delivering, "create", killed)
    with pytest.raises(Killed):
        go(source, [said(1), said(2)])
    monkeypatch.undo()
    report = go(source, [said(1), said(2)])
    assert (report.figures()["created"], report.figures()["unchanged"]) == (1, 1)
    assert model.Session.query(model.Package).filter_by(type="dataset").count() == 2


def test_raw_records_are_kept_and_one_of_them_is_current(source: Source) -> None:
    go(source, [said(1)])
    go(source, [said(1, title="Anders")])
    objects = model.Session.query(HarvestObject).order_by(HarvestObject.gathered).all()
    assert [(one.current, one.report_status) for one in objects] == [(False, "added"), (True, "updated")]
    assert "Anders" in objects[1].content


def test_an_identifier_that_comes_twice_is_taken_once(source: Source) -> None:
    report = go(source, [said(1), said(1, title="Doppelt")])
    assert (report.figures()["created"], report.figures()["skipped"]) == (1, 1)
    assert shown(source, 1)["title"] == "Karte 1"


def test_keys_of_known_records_are_stored_as_they_are_compared(source: Source) -> None:
    go(source, [said(1, keys=["HTTPS://Geo.example/1/"])])
    assert identity.key("http://geo.example/1") in here(source)["guid-1"].keys


def test_the_fixture_is_a_portal(portal: LoadedPortal) -> None:
    assert Outcome.CREATED == "created"
    assert portal.app is not None
