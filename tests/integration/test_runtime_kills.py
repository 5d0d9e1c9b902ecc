"""Thirty kills while eight clients write: what was acknowledged is there, and the portal is up without help.

`PORTAL_KILLS` sets the number of kills. The launcher is started again by the test, as a service manager would.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
import requests
from tests.kit.running_portal import RunningPortal, launch, running_portal, wait_until

from ckanext.mainz.runtime.processes import identify, is_alive
from ckanext.mainz.runtime.state import read_state

KILLS = int(os.environ.get("PORTAL_KILLS", "30"))
CLIENTS = 8
VICTIMS = ("postgres", "redis", "web", "worker", "indexer", "launcher")
#: Clients go on for so long between two kills, counted from the moment that writing works again.
LULL = 1.5

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(autouse=True)
def configuration_as_loaded():
    """Nothing of CKAN is loaded in this process."""


class Writers:
    """Clients that create datasets until told to stop, and remember which creations were acknowledged."""

    def __init__(self, url: str, token: str, organisation: str):
        self._url, self._token, self._organisation = url, token, organisation
        self.acknowledged: set[str] = set()
        self.refused: Counter[str] = Counter()
        self._numbers = itertools.count()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write, daemon=True) for _ in range(CLIENTS)]

    def __enter__(self) -> Writers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _write(self) -> None:
        with requests.Session() as session:
            session.headers["Authorization"] = self._token
            while not self._stop.is_set():
                self._create(session, f"satz-{next(self._numbers):06}")

    def _create(self, session: requests.Session, name: str) -> None:
        fields = {
            "name": name,
            "title": f"Geschriebener Satz {name}",
            "notes": "Von einem Test",
            "owner_org": self._organisation,
            "license_id": "cc-by-4.0",
        }
        try:
            answer = session.post(f"{self._url}/api/3/action/package_create", json=fields, timeout=60)
        except requests.RequestException as error:
            self.refused[type(error).__name__] += 1
            time.sleep(0.2)
            return
        if answer.status_code == 200:
            self.acknowledged.add(name)
        else:
            assert answer.status_code >= 500, answer.text
            self.refused[str(answer.status_code)] += 1
            time.sleep(0.2)


def kill(portal: RunningPortal, victim: str) -> RunningPortal:
    """Kill -9; the launcher is started again on the same port."""
    state = read_state(portal.folder)
    assert state
    processes = {part.name: part.process for part in state.parts} | {"launcher": state.launcher}
    if processes[victim] is None:
        return portal  # it is down already and waits to be started again
    os.kill(processes[victim].pid, signal.SIGKILL)
    if victim != "launcher":
        return portal
    portal.process.wait()
    again = launch(portal.data, "--empty", port=portal.port)
    again.wait_ready()
    return again


def kept(portal: RunningPortal) -> set[str]:
    """Names of all datasets in the database; new ones are drafts, which `package_list` leaves out."""
    return {name for name in portal.ckan("dataset", "list").split() if name.startswith("satz-")}


def found(portal: RunningPortal, token: str) -> set[str]:
    """Names of all datasets that the search finds for an administrator."""
    result: set[str] = set()
    for start in range(0, 100_000, 1000):
        asked = f"package_search?q=Satz&fl=name&rows=1000&start={start}&include_private=true"
        headers = {"Authorization": token}
        answer = requests.get(f"{portal.url}/api/3/action/{asked}", headers=headers, timeout=120).json()["result"]
        if not answer["results"]:
            return result
        result |= {entry["name"] for entry in answer["results"]}
    return result


def test_thirty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path, record_property):
    victims = [VICTIMS[number % len(VICTIMS)] for number in range(KILLS)]
    random.Random(2026).shuffle(victims)
    with running_portal(tmp_path / "var", "--empty") as portal:
        token = portal.token()
        organisation = requests.post(
            f"{portal.url}/api/3/action/organization_create",
            json={"name": "amt", "title": "Amt"},
            headers={"Authorization": token},
            timeout=60,
        ).json()["result"]["id"]
        current = portal
        try:
            with Writers(portal.url, token, organisation) as writers:
                for victim in victims:
                    before = len(writers.acknowledged)
                    current = kill(current, victim)
                    wait_until(
                        lambda n=before: len(writers.acknowledged) > n, 120, f"writing after the end of {victim}"
                    )
                    time.sleep(random.uniform(0, LULL))
            check(current, writers, token)
            record_property("acknowledged", len(writers.acknowledged))
            record_property("refused", dict(writers.refused))
            print(f"\n{KILLS} kills, {len(writers.acknowledged)} writes acknowledged, refused: {dict(writers.refused)}")
        finally:
            current.stop()


def check(portal: RunningPortal, writers: Writers, token: str) -> None:
    """Every acknowledged write is in the database and in the search, both hold the same, and all parts run."""
    wait_until(lambda: all_run(portal), 60, "all parts to run")
    assert len(writers.acknowledged) > KILLS
    stored = kept(portal)
    assert writers.acknowledged - stored == set()
    wait_until(lambda: found(portal, token) == stored, 60, "the search to hold what the database holds")


def all_run(portal: RunningPortal) -> bool:
    state = read_state(portal.folder)
    assert state
    assert is_alive(state.launcher)
    return all(part.state == "running" and part.process and identify(part.process.pid) for part in state.parts)
