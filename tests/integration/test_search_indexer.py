"""The indexer takes over what is committed, searches wait for it, and nobody depends on it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import ckan.model as model
import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy import text
from tests.kit import records
from tests.kit.records import dataset
from tests.kit.running_portal import wait_until
from tests.kit.services import LoadedPortal

from ckanext.mainz.runtime.launcher import child_environment
from ckanext.mainz.search import handover, outbox, state

pytestmark = pytest.mark.usefixtures("clean", "patient")

Process = subprocess.Popen[bytes]


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has waited in vain so far."""
    monkeypatch.setattr(handover, "_given_up", [-handover.DISCOURAGED])


@contextmanager
def indexer(portal: LoadedPortal) -> Iterator[Process]:
    """The process that the runtime starts, from the moment that others see it."""
    environment = {**os.environ, **child_environment(portal.services.folder), "CKAN_INI": str(portal.services.ini)}
    process = subprocess.Popen([sys.executable, "-m", "ckanext.mainz.runtime.process", "indexer"], env=environment)
    try:
        wait_until(is_there, 60, "the indexer")
        yield process
    finally:
        process.kill()
        process.wait(10)


def is_there() -> bool:
    with model.meta.engine.begin() as connection:
        return not connection.execute(
            text("SELECT pg_try_advisory_xact_lock_shared(:key)"), {"key": handover.PRESENT}
        ).scalar_one()


def found(query: str = "*:*") -> set[str]:
    return {result["name"] for result in call_action("package_search", q=query, rows=100)["results"]}


def waiting() -> int:
    with model.meta.engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM mainz_search_outbox")).scalar_one()


def forbid_draining(monkeypatch: pytest.MonkeyPatch) -> None:
    def drain() -> None:
        raise AssertionError("drained in the process that committed")

    monkeypatch.setattr(outbox, "drain", drain)


def test_what_was_acknowledged_is_found_though_another_process_brings_it_in(portal, monkeypatch):
    with indexer(portal):
        forbid_draining(monkeypatch)
        owner = factories.Organization()["id"]
        for number in range(10):
            dataset(name=f"baum-{number}", title="Bäume der Stadt", owner_org=owner)
            assert f"baum-{number}" in found("Baum")
        records.change("package_patch", id="baum-1", title="Straßen der Stadt")
        assert found("Straße") == {"baum-1"}
        records.delete("baum-2")
        assert "baum-2" not in found("Baum")
        assert waiting() == 0


def test_the_state_for_kept_answers_is_that_after_the_change(portal, monkeypatch):
    created = dataset(name="baeume")
    with indexer(portal):
        forbid_draining(monkeypatch)
        before = state.read()
        records.change("package_patch", id=created["id"], title="Straßen der Stadt")
        after = state.read()
        assert (after.number, waiting()) == (before.number + 1, 0)
        assert after.token != before.token


def test_after_its_death_who_commits_drains(portal):
    with indexer(portal) as process:
        process.kill()
        process.wait(10)
        wait_until(lambda: not is_there(), 10, "the end of the lock")
        dataset(name="baeume", title="Bäume der Stadt")
        assert waiting() == 0
    assert found("Baum") == {"baeume"}


def test_what_it_left_at_its_death_is_brought_in_by_the_next(portal):
    with indexer(portal) as process:
        process.send_signal(signal.SIGSTOP)
        dataset(name="baeume", title="Bäume der Stadt")
        assert waiting() > 0
    with indexer(portal):
        wait_until(lambda: waiting() == 0, 10, "the drain")
    assert found("Baum") == {"baeume"}


def test_a_search_does_not_wait_for_ever_and_shows_no_one_what_was_taken_away(portal):
    created = dataset(name="baeume", title="Bäume der Stadt")
    dataset(name="strassen", title="Straßen der Stadt")
    with indexer(portal) as process:
        process.send_signal(signal.SIGSTOP)
        records.withdraw(created["id"])
        started = time.monotonic()
        assert found() == {"strassen"}
        assert time.monotonic() - started < handover.PATIENCE + 5
        assert created["id"] in state.read().hidden


def test_a_search_that_waited_in_vain_is_not_followed_by_others(portal, monkeypatch):
    with indexer(portal) as process:
        process.send_signal(signal.SIGSTOP)
        dataset(name="baeume")
        monkeypatch.setattr(handover, "PATIENCE", 3)
        started = time.monotonic()
        found()
        first = time.monotonic()
        for _ in range(5):
            found()
        assert first - started > 3
        assert time.monotonic() - first < 3


def test_one_who_has_not_committed_waits_for_nothing(portal, monkeypatch):
    with indexer(portal):
        monkeypatch.setattr(handover, "PATIENCE", 60)
        created = dataset(name="baeume", title="Bäume der Stadt")
        model.Session.get(model.Package, created["id"]).title = "Straßen der Stadt"
        model.Session.flush()
        started = time.monotonic()
        assert found("Baum") == {"baeume"}
        assert time.monotonic() - started < 10
        model.Session.rollback()


def test_it_goes_on_after_the_database_has_cut_its_connections(portal, monkeypatch):
    with indexer(portal) as process:
        with model.meta.engine.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = :key"
                    " AND granted AND pid <> pg_backend_pid()"
                ),
                {"key": handover.PRESENT},
            )
        wait_until(lambda: not is_there(), 10, "the end of its connection")
        wait_until(is_there, 20, "its return")
        assert process.poll() is None
        forbid_draining(monkeypatch)
        dataset(name="baeume", title="Bäume der Stadt")
        assert found("Baum") == {"baeume"}


def test_many_waiting_changes_hold_no_search_up(portal, monkeypatch):
    with indexer(portal) as process:
        process.send_signal(signal.SIGSTOP)
        monkeypatch.setattr(handover, "PATIENCE", 60)
        created = dataset(name="baeume", title="Bäume der Stadt")
        for _ in range(handover.MANY + 1):
            outbox.enqueue(model.Session, created["id"])
        model.Session.commit()
        started = time.monotonic()
        found()
        assert time.monotonic() - started < 10
