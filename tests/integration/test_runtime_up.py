"""`up` as an operator meets it: a real launcher in a process of its own, on data folders with awkward names."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from redis import Redis
from rq import Queue
from rq.job import Job
from tests.kit.running_portal import RunningPortal, command, free_port, launch, running_portal, wait_until

from ckanext.mainz.runtime.configuration import read_options
from ckanext.mainz.runtime.processes import Identity, descendants, is_alive, marked, wait_gone
from ckanext.mainz.runtime.state import PortalState, read_state

PARTS = ("postgres", "redis", "web", "worker", "scheduler", "indexer")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up") / "Daten der Stadt größer"


@pytest.fixture(scope="module")
def keeper() -> Iterator[list[RunningPortal]]:
    """Holds the portal that the tests of this file share."""
    held: list[RunningPortal] = []
    yield held
    for portal in held:
        portal.stop()


@pytest.fixture
def portal(keeper, data) -> RunningPortal:
    """A portal that is up; started again if the test before has ended it."""
    if not keeper or keeper[-1].process.poll() is not None:
        keeper[:] = [launch(data, "--empty")]
        keeper[-1].wait_ready()
    return keeper[-1]


@pytest.fixture(autouse=True)
def configuration_as_loaded():
    """Nothing of CKAN is loaded in this process."""


def state(portal: RunningPortal) -> PortalState:
    found = read_state(portal.folder)
    assert found
    return found


def process_of(portal: RunningPortal, name: str) -> Identity | None:
    return next(part.process for part in state(portal).parts if part.name == name)


def processes(portal: RunningPortal) -> list[Identity]:
    """Everything that the launcher has running, with what those have started."""
    return descendants(portal.process.pid)


def page(portal: RunningPortal, path: str = "/") -> requests.Response:
    return requests.get(portal.url + path, timeout=20)


def answers(portal: RunningPortal) -> bool:
    try:
        return page(portal).status_code == 200
    except requests.ConnectionError:
        return False


def one_sentence(done: subprocess.CompletedProcess[str], *expected: str) -> None:
    """It failed with nothing on standard output and one line that says all of `expected`."""
    assert done.returncode == 1
    assert done.stdout == ""
    complaint = [line for line in done.stderr.splitlines() if line.startswith("portal: ")]
    assert len(complaint) == 1, done.stderr
    assert "Traceback" not in done.stderr
    for text in expected:
        assert text in complaint[0]


def test_it_says_on_one_line_where_it_is_and_answers_there(portal):
    assert portal.ready == f"Portal ready: {portal.url}"
    assert page(portal).status_code == 200
    assert page(portal, "/api/3/action/status_show").json()["success"]


def test_the_administrator_can_sign_in_with_the_password_from_the_private_file(portal):
    assert portal.folder.admin_password.stat().st_mode & 0o777 == 0o600
    with requests.Session() as session:
        form = session.get(portal.url + "/user/login", timeout=20).text
        token = re.search(r'name="_csrf_token"[^>]*?(?:value|content)="([^"]+)"', form)
        fields = {"login": "admin", "password": portal.admin_password, "_csrf_token": token[1] if token else ""}
        session.post(portal.url + "/user/login", data=fields, timeout=20)
        assert session.get(portal.url + "/ckan-admin/", timeout=20).status_code == 200


def test_nothing_in_the_data_folder_is_open_to_others(portal):
    assert portal.folder.root.stat().st_mode & 0o077 == 0
    files = [portal.folder.ini, portal.folder.secrets, portal.folder.lock, *portal.folder.logs.iterdir()]
    assert [str(path) for path in files if path.stat().st_mode & 0o077] == []


def test_status_lists_every_part_with_its_memory(portal):
    done = command("status", "--data", str(portal.data))
    assert done.returncode == 0
    for name in PARTS:
        assert re.search(rf"^{name} +\d+ running +\d{{4}}-\d\d-\d\d .* \d+ MB$", done.stdout, re.M), done.stdout
    assert "Memory of all processes: " in done.stdout


def test_logs_show_the_end_of_each_part_or_of_one(portal):
    everything = command("logs", "--data", str(portal.data)).stdout
    assert all(f"{name} " in everything for name in ("postgres", "web", "worker"))
    one = command("logs", "--data", str(portal.data), "-n", "1", "redis").stdout
    assert one.count("\n") == 1
    one_sentence(command("logs", "--data", str(portal.data), "wbe"), "wbe")


def test_a_second_start_on_the_same_data_says_where_the_first_is(portal):
    one_sentence(command("up", "--data", str(portal.data), "--port", str(free_port())), portal.url, "already runs")
    assert answers(portal)


def test_ckan_commands_work_beside_the_running_portal(portal):
    assert "name=admin" in portal.ckan("user", "list")


def test_the_exit_status_of_a_ckan_command_is_kept(portal):
    assert command("ckan", "--data", str(portal.data), "no-such-command").returncode == 2


@pytest.mark.parametrize("name", PARTS)
def test_a_part_that_is_killed_comes_back_by_itself(portal, name):
    before = process_of(portal, name)
    os.kill(before.pid, signal.SIGKILL)

    def is_back() -> bool:
        part = next(part for part in state(portal).parts if part.name == name)
        return part.state == "running" and part.process != before

    wait_until(is_back, 60, f"{name} to come back")
    wait_until(lambda: answers(portal), 30, "the pages to come back")


def test_web_workers_end_with_their_master(portal):
    master = process_of(portal, "web")
    workers = descendants(master.pid)
    os.kill(master.pid, signal.SIGKILL)
    assert wait_gone(workers, 10) == []
    wait_until(lambda: answers(portal), 60, "the pages to come back")


def queue(portal: RunningPortal) -> Queue:
    """The worker's queue, as a program without CKAN sees it."""
    url = read_options(portal.folder.ini)["ckan.redis.url"]
    return Queue("ckan:mainz:default", connection=Redis.from_url(url))


def test_jobs_survive_the_death_of_redis(portal):
    running = queue(portal).enqueue("time.sleep", 5)
    wait_until(lambda: running.get_status() == "started", 20, "the first job to run")
    waiting = queue(portal).enqueue("time.sleep", 0)
    before = process_of(portal, "redis")
    os.kill(before.pid, signal.SIGKILL)
    wait_until(lambda: process_of(portal, "redis") not in (None, before), 20, "Redis to come back")
    wait_until(lambda: Job.fetch(waiting.id, queue(portal).connection).get_status() == "finished", 60, "the second job")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything_within_ten_seconds(portal, number):
    everything, before = processes(portal), time.monotonic()
    assert len(everything) > len(PARTS)
    assert portal.stop(number) == 0
    assert time.monotonic() - before < 10
    assert [identity for identity in everything if is_alive(identity)] == []


def test_a_job_that_goes_on_and_on_does_not_keep_the_portal_from_stopping(portal):
    job = queue(portal).enqueue("time.sleep", 60)
    wait_until(lambda: job.get_status() == "started", 20, "the job to run")
    everything, before = processes(portal), time.monotonic()
    portal.stop()
    assert time.monotonic() - before < 10
    assert [identity for identity in everything if is_alive(identity)] == []


def test_down_from_another_terminal_stops_it_and_waits(portal):
    everything = processes(portal)
    done = command("down", "--data", str(portal.data))
    assert (done.returncode, done.stdout) == (0, f"Stopped the portal at {portal.url}.\n")
    assert [identity for identity in everything if is_alive(identity)] == []
    assert portal.process.wait(1) == 0
    one_sentence(command("down", "--data", str(portal.data)), "No portal runs")


def test_after_the_launcher_is_killed_the_next_start_cleans_up_and_runs(portal, data):
    left = processes(portal)
    os.kill(portal.process.pid, signal.SIGKILL)
    portal.process.wait()
    with running_portal(data, "--empty") as again:
        assert answers(again)
        assert [identity for identity in left if is_alive(identity)] == []


def test_what_does_not_hear_of_its_launcher_s_death_is_ended_by_the_next_start(portal, data):
    """A web server that hangs takes no signal; the next launcher must not share port and data with it."""
    web = process_of(portal, "web")
    os.kill(web.pid, signal.SIGSTOP)
    os.kill(portal.process.pid, signal.SIGKILL)
    portal.process.wait()
    with running_portal(data, "--empty") as again:
        assert answers(again)
        assert not is_alive(web)


def test_ckan_commands_bring_the_services_along_while_the_portal_is_down(portal):
    portal.stop()
    assert "name=admin" in portal.ckan("user", "list")
    assert marked(portal.data) == []


def test_the_second_start_prepares_nothing_and_keeps_the_data(portal, data):
    portal.ckan("user", "add", "amt", "email=amt@example.org", "password=langes-passwort")
    password = portal.admin_password
    portal.stop()
    with running_portal(data) as again:
        assert not any("Preparing" in line or "password" in line for line in again.errors)
        assert again.admin_password == password
        assert "name=amt" in again.ckan("user", "list")


def test_two_portals_run_side_by_side(portal, tmp_path):
    with running_portal(tmp_path / "zweites", "--empty") as second:
        assert answers(portal)
        assert answers(second)
        assert second.admin_password != portal.admin_password


def test_options_come_from_the_environment_named_as_ckanext_envvars_does(portal, data, tmp_path):
    (tmp_path / "impressum.de.md").write_text("# Impressum\n\nAmt für Prüfungen", encoding="utf-8")
    portal.stop()
    variables = {
        "CKAN__SITE_TITLE": "Prüfstand Größe",
        "CKANEXT__MAINZ__PAGES__FOLDER": str(tmp_path),
        "CKANEXT__MAINZ__SCHEDULE": "search-check: 5 6 * * *",
    }
    with running_portal(data, "--empty", **variables) as again:
        assert "Prüfstand Größe" in page(again).text
        assert "Amt für Prüfungen" in page(again, "/impressum").text
        wait_until(lambda: "Schedule: search-check (5 6 * * *)" in log(again, "scheduler"), 20, "the schedule")


def test_a_variable_that_ckan_cannot_read_is_refused_by_name(tmp_path):
    done = command("up", "--data", str(tmp_path), "--port", str(free_port()), CKAN__SITE_TITLE="100 % offen")
    one_sentence(done, "CKAN__SITE_TITLE", "percent sign")
    assert list(tmp_path.iterdir()) == []


def log(portal: RunningPortal, part: str) -> str:
    return (portal.folder.logs / f"{part}.log").read_text(encoding="utf-8", errors="replace")


def test_a_taken_port_is_said_before_anything_starts(tmp_path):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        one_sentence(command("up", "--data", str(tmp_path / "var"), "--port", str(port)), str(port), "--port")
    assert not (tmp_path / "var").exists()


def test_the_port_of_a_portal_that_is_still_starting_is_taken(portal, tmp_path):
    one_sentence(command("up", "--data", str(tmp_path / "var"), "--port", str(portal.port)), "--port")


def test_a_folder_of_a_newer_portal_is_refused_unchanged(tmp_path):
    (tmp_path / "prepared.json").write_text(json.dumps({"version": "99.1", "fingerprint": ""}))
    one_sentence(command("up", "--data", str(tmp_path), "--port", str(free_port())), "99.1")
    assert [path.name for path in tmp_path.iterdir()] == ["prepared.json"]


def test_a_database_of_another_major_version_is_refused_unchanged(tmp_path):
    postgres = tmp_path / "postgres"
    postgres.mkdir()
    (postgres / "PG_VERSION").write_text("16\n")
    (tmp_path / "secrets.json").write_text(json.dumps({"postgres_owner": "x"}))
    one_sentence(command("up", "--data", str(tmp_path), "--port", str(free_port())), "Postgres 16", "Postgres 18")
    assert [path.name for path in postgres.iterdir()] == ["PG_VERSION"]


def test_a_start_that_was_cut_short_is_repeated_and_ends_right(tmp_path):
    first = launch(tmp_path / "var", "--empty")
    wait_until(lambda: any("Bringing the database" in line for line in first.errors), 60, "the migration")
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    with running_portal(tmp_path / "var", "--empty") as again:
        assert "name=admin" in again.ckan("user", "list")
        assert answers(again)


@contextmanager
def small_disk(folder: Path, megabytes: int, options: str = "") -> Iterator[None]:
    folder.mkdir()
    argv = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m{options}", "tmpfs", str(folder)]
    done = subprocess.run(argv, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"not possible: no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_too_small_is_said_before_anything_starts(tmp_path):
    with small_disk(tmp_path / "disk", 64):
        one_sentence(command("up", "--data", str(tmp_path / "disk" / "var"), "--port", str(free_port())), "MB free")


def test_a_read_only_disk_is_said_in_one_sentence(tmp_path):
    with small_disk(tmp_path / "disk", 16, ",ro"):
        one_sentence(command("up", "--data", str(tmp_path / "disk" / "var"), "--port", str(free_port())), "read-only")


def test_a_disk_that_fills_up_damages_nothing(tmp_path):
    with small_disk(tmp_path / "disk", 450), running_portal(tmp_path / "disk" / "var", "--empty") as portal:
        headers = {"Authorization": portal.token()}
        create = portal.url + "/api/3/action/organization_create"
        assert (
            requests.post(create, json={"name": "vorher", "title": "Amt"}, headers=headers, timeout=60).status_code
            == 200
        )
        filler = tmp_path / "disk" / "filler"
        fill(filler)
        for number in range(20):
            requests.post(create, json={"name": f"voll{number}", "title": "Amt"}, headers=headers, timeout=60)
        os.kill(process_of(portal, "worker").pid, signal.SIGKILL)
        wait_until(lambda: any("goes on" in line for line in portal.errors), 30, "the launcher to say that it goes on")
        filler.unlink()

        def works_again() -> bool:
            name = f"nachher{time.monotonic_ns()}"
            try:
                return (
                    requests.post(create, json={"name": name, "title": "Amt"}, headers=headers, timeout=60).status_code
                    == 200
                )
            except requests.ConnectionError:
                return False

        wait_until(works_again, 90, "the portal to recover")
        shown = requests.get(portal.url + "/api/3/action/organization_show?id=vorher", timeout=60)
        assert shown.status_code == 200


def fill(path: Path) -> None:
    with path.open("wb") as file:
        for size in (2**20, 2**12, 1):
            try:
                while True:
                    os.write(file.fileno(), b"x" * size)
            except OSError:
                continue
