"""The supervisor keeps processes alive, and when it ends nothing of them is left."""

from __future__ import annotations

import os
import signal
import sys
import textwrap
import time
from pathlib import Path

import pytest

from ckanext.mainz.runtime.errors import PortalError
from ckanext.mainz.runtime.part import Part
from ckanext.mainz.runtime.processes import become_subreaper, identify, is_alive, wait_gone
from ckanext.mainz.runtime.supervisor import GRACE, STABLE, Child, Stopped, Supervisor

SLEEPER = "import time\nopen('up', 'a').write('x')\ntime.sleep(100)"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said, monkeypatch):
    monkeypatch.setitem(GRACE, 1, 1.5)
    made = Supervisor(said.append, lambda: None)
    yield made
    made.stop_all()


def part(folder: Path, code: str = SLEEPER, **more) -> Part:
    answers = more.pop("answers", lambda: (folder / "up").exists())
    return Part(
        name="part", command=(sys.executable, "-c", code), log=folder / "log", folder=folder, answers=answers, **more
    )


def pump_until(supervisor: Supervisor, condition, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        supervisor.pump(0.02)


def test_a_part_that_answers_is_running(supervisor, tmp_path):
    child = supervisor.add(part(tmp_path))
    assert child.state == "starting"
    supervisor.wait_for(child, 10)
    assert child.snapshot().state == "running"


def test_a_part_that_is_killed_comes_back(supervisor, tmp_path, said):
    child = supervisor.add(part(tmp_path))
    supervisor.wait_for(child, 10)
    first = child.identity
    os.kill(first.pid, signal.SIGKILL)
    pump_until(supervisor, lambda: child.restarts == 1 and child.answered)
    assert child.identity != first
    assert any("signal SIGKILL" in sentence for sentence in said)


def test_a_part_that_keeps_dying_waits_longer_each_time_up_to_half_a_minute(tmp_path):
    child, pauses = Child(part(tmp_path)), []
    for _ in range(9):
        child.since = time.time()
        child.died(now=100)
        pauses.append(child.start_at - 100)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_a_part_that_had_run_for_long_starts_afresh(tmp_path):
    child = Child(part(tmp_path), deaths=5, since=time.time() - STABLE - 1)
    child.died(now=100)
    assert child.start_at == 100.5


def test_a_part_that_never_starts_is_reported_with_its_log(supervisor, tmp_path):
    child = supervisor.add(part(tmp_path, "raise SystemExit(3)", answers=lambda: False))
    with pytest.raises(PortalError, match="does not start") as raised:
        supervisor.wait_for(child, 20)
    assert str(tmp_path / "log") in str(raised.value)


def test_a_part_that_does_not_answer_in_time_is_reported(supervisor, tmp_path):
    child = supervisor.add(part(tmp_path, answers=lambda: False))
    with pytest.raises(PortalError, match="has not answered"):
        supervisor.wait_for(child, 0.3)


def test_a_request_to_stop_ends_waiting(supervisor, tmp_path):
    with supervisor.signals():
        child = supervisor.add(part(tmp_path, answers=lambda: False))
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Stopped):
            supervisor.wait_for(child, 10)


def test_stopping_ends_services_after_the_parts_that_need_them(supervisor, tmp_path):
    code = """
        import signal, sys, time
        def end(*_):
            open(sys.argv[0] + "order", "a").write(NAME)
            sys.exit()
        signal.signal(signal.SIGTERM, end)
        open(NAME, "w").close()
        time.sleep(100)
    """
    for name, stage in (("s", 0), ("p", 1)):
        text = textwrap.dedent(code).replace("NAME", repr(name)).replace('sys.argv[0] + "order"', '"order"')
        child = supervisor.add(part(tmp_path, text, stage=stage, answers=(tmp_path / name).exists))
        supervisor.wait_for(child, 10)
    supervisor.stop_all()
    assert (tmp_path / "order").read_text() == "ps"


def test_a_part_that_will_not_end_is_killed_in_time(supervisor, tmp_path):
    code = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nopen('up', 'w')\ntime.sleep(100)"
    child = supervisor.add(part(tmp_path, code))
    supervisor.wait_for(child, 10)
    identity, before = child.identity, time.monotonic()
    supervisor.stop_all()
    assert 1 < time.monotonic() - before < 4
    assert not is_alive(identity)


def test_a_second_request_to_stop_does_not_wait(supervisor, tmp_path):
    code = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nopen('up', 'w')\ntime.sleep(100)"
    with supervisor.signals():
        child = supervisor.add(part(tmp_path, code))
        supervisor.wait_for(child, 10)
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        before = time.monotonic()
        supervisor.stop_all()
    assert time.monotonic() - before < 1


def test_grandchildren_of_a_part_do_not_outlive_the_stop(supervisor, tmp_path):
    code = "import subprocess, sys\np = subprocess.Popen(['sleep', '100'])\nopen('up', 'w').write(str(p.pid))\np.wait()"
    become_subreaper()
    supervisor.add(part(tmp_path, code))
    pump_until(supervisor, lambda: (tmp_path / "up").exists() and (tmp_path / "up").read_text())
    grandchild = identify(int((tmp_path / "up").read_text()))
    supervisor.stop_all()
    assert wait_gone([grandchild], 2) == []


def test_an_errand_gives_its_exit_status(supervisor, tmp_path):
    assert supervisor.run_to_end(part(tmp_path, "raise SystemExit(7)").spawn()) == 7


def test_the_output_of_a_part_is_in_its_log_and_appended(supervisor, tmp_path):
    (tmp_path / "log").write_text("before\n")
    supervisor.run_to_end(part(tmp_path, "import sys; print('out'); sys.stderr.write('err')").spawn())
    assert sorted((tmp_path / "log").read_text().split()) == ["before", "err", "out"]
