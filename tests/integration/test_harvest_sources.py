"""Sources as operators and the worker see them: made, run by command and by job, told of, cleaned up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.lib import jobs as ckan_jobs
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestJob, HarvestObject
from click.testing import CliRunner, Result
from tests.kit.csw_server import CswServer
from tests.kit.governance import act, office, organization, person
from tests.kit.people import Visitor
from tests.kit.services import LoadedPortal

from ckanext.mainz.harvest import cli, jobs, journal, records, retention, sources, tables

pytestmark = pytest.mark.usefixtures("clean")
CONFIG = {"openness": "all", "page_size": 10}


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> Iterator[CswServer]:
    monkeypatch.setitem(toolkit.config, "ckanext.mainz.http.allowed_networks", "127.0.0.0/8")
    monkeypatch.setitem(toolkit.config, "ckanext.mainz.http.allowed_ports", "1024-65535")
    with CswServer(records=12, page=10) as server:
        yield server


def source(catalogue: CswServer, **more: Any) -> str:
    """A source made as the operator makes it; its id."""
    config = more.pop("config", json.dumps(CONFIG))
    data = {"name": "gdi", "title": "GDI Mainz", "url": catalogue.address, "source_type": "mainz_csw", "config": config,
            "owner_org": organization(), "frequency": "DAILY", **more}  # fmt: skip
    return act("", "harvest_source_create", data)["id"]


def command(*arguments: str) -> Result:
    return CliRunner().invoke(cli.harvest, arguments, catch_exceptions=False)


def test_a_source_is_made_and_shown_with_its_type(catalogue: CswServer) -> None:
    id = source(catalogue)
    shown = act("", "harvest_source_show", {"id": id})
    assert (shown["source_type"], shown["frequency"]) == ("mainz_csw", "DAILY")
    jobs.run_source(id)
    shown = act("", "harvest_source_show", {"id": id})
    assert (shown["source_type"], shown["frequency"]) == ("mainz_csw", "DAILY")
    assert shown["status"]["job_count"] == 1


@pytest.mark.parametrize(
    "config, words",
    [
        ('{"page_size": 0}', "page_size"),
        ('{"pagesize": 10}', "no option of this name"),
        ("{", "not JSON"),
        ("[]", "must be an object"),
        ('{"openness": "irgendwas"}', "One of these is expected"),
    ],
)
def test_a_wrong_configuration_is_refused_with_its_option(catalogue: CswServer, config: str, words: str) -> None:
    with pytest.raises(toolkit.ValidationError) as raised:
        source(catalogue, config=config)
    assert words in str(raised.value.error_dict)


def test_the_command_runs_a_source_and_reports(catalogue: CswServer) -> None:
    id = source(catalogue)
    dry = command("run", "gdi", "--dry-run", "--json")
    assert dry.exit_code == 0
    planned = json.loads(dry.stdout)
    assert records.known(id) == {}
    done = json.loads(command("run", id, "--json").stdout)
    assert planned["created"] == done["created"] >= 8
    again = command("run", "gdi")
    assert again.exit_code == 0
    assert "0 created" in again.stdout
    catalogue.play("nothing_there")
    assert json.loads(command("run", "gdi", "--json").stdout)["complete"] is False


def test_the_command_says_what_is_wrong(catalogue: CswServer) -> None:
    missing = CliRunner().invoke(cli.harvest, ["run", "gibt-es-nicht"])
    assert missing.exit_code == 1
    assert "no harvest source" in missing.output


def test_the_command_knows_a_catalogue_when_it_sees_one(catalogue: CswServer) -> None:
    found = command("check", catalogue.address)
    assert "mainz_csw" in found.stdout
    catalogue.play("html_page")
    assert CliRunner().invoke(cli.harvest, ["check", catalogue.address]).exit_code == 1


def test_each_night_asks_for_every_source_that_is_due(catalogue: CswServer) -> None:
    id = source(catalogue)
    source(catalogue, name="still", url=catalogue.url("/still"), frequency="MANUAL")
    jobs.night()
    jobs.night()
    waiting = [job.id for job in ckan_jobs.get_queue().jobs]
    assert waiting == [f"mainz-harvest-{id}"]
    assert [str(one.id) for one in sources.due()] == [id]


def test_the_button_of_a_source_asks_the_worker(catalogue: CswServer) -> None:
    id = source(catalogue)
    assert act("", "harvest_job_create", {"source_id": id, "run": True})["asked"] is True
    assert [job.id for job in ckan_jobs.get_queue().jobs] == [f"mainz-harvest-{id}"]
    with pytest.raises(toolkit.NotAuthorized):
        act(person(), "harvest_job_create", {"source_id": id})


def test_rows_of_old_runs_go_and_current_records_stay(catalogue: CswServer) -> None:
    id = source(catalogue)
    jobs.run_source(id)
    current = model.Session.query(HarvestObject).filter_by(current=True).count()
    for _night in range(4):
        jobs.run_source(id)
    retention.clean(kept=2)
    assert model.Session.query(HarvestObject).filter_by(current=True).count() == current
    assert model.Session.query(HarvestJob).count() == 3  # the last two, and the one that brought the current records
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(tables.run)) == 2
    assert journal.last(id) is not None


def test_everybody_learns_what_came_and_those_who_run_it_see_each_record(
    catalogue: CswServer, portal: LoadedPortal
) -> None:
    id = source(catalogue)
    jobs.run_source(id)
    everybody = Visitor(portal)
    page = everybody.get("/sources/")
    assert "GDI Mainz" in page.text
    assert "8 neu" in page.text
    assert catalogue.address not in page.text
    assert everybody.get(f"/sources/{id}").status == 404
    runner = Visitor(portal, office())
    whole = runner.get(f"/sources/{id}")
    assert "Straßenbäume 0" in whole.text
    (guid, *_others) = sorted(records.known(id))
    single = runner.get(f"/sources/{id}/record?guid={guid}")
    assert "MD_Metadata" in single.text
