"""A real portal for tests: started by its own command line, in a process of its own, as an operator would."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ckanext.mainz.runtime.folder import DataFolder, locate

START_SECONDS = 240
STOP_SECONDS = 20
COMMAND = (sys.executable, "-m", "ckanext.mainz.runtime")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class RunningPortal:
    """`up` on a data folder. `errors` collects what it says on standard error, `ready` its line on standard output."""

    data: Path
    port: int
    process: subprocess.Popen[str]
    ready: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def folder(self) -> DataFolder:
        return locate(self.data)

    @property
    def admin_password(self) -> str:
        return self.folder.admin_password.read_text(encoding="utf-8").strip()

    def ckan(self, *arguments: str) -> str:
        """Run a CKAN command in this portal; its output."""
        done = command("ckan", "--data", str(self.data), *arguments)
        if done.returncode:
            raise RuntimeError(f"ckan {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def token(self, user: str = "admin") -> str:
        """A new API token of a user."""
        return self.ckan("user", "token", "add", user, "tests", "--quiet").split()[-1]

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait for the line `Portal ready`. Raises RuntimeError with what the launcher said if it does not come."""
        assert self.process.stdout is not None
        watchdog = threading.Timer(seconds, self.process.kill)
        watchdog.start()
        try:
            self.ready = self.process.stdout.readline().strip()
        finally:
            watchdog.cancel()
        if not self.ready:
            self.process.wait()
            raise RuntimeError("The portal did not get ready:\n" + "".join(self.errors))

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End the launcher by a signal and wait for it; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)


def command(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the launcher to its end."""
    return subprocess.run(
        [*COMMAND, *arguments], env={**os.environ, **variables}, capture_output=True, text=True, timeout=START_SECONDS
    )


def launch(data: Path, *options: str, port: int | None = None, **variables: str) -> RunningPortal:
    """Start `up` and return at once."""
    chosen = port or free_port()
    process = subprocess.Popen(
        [*COMMAND, "up", "--data", str(data), "--port", str(chosen), *options],
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    portal = RunningPortal(data, chosen, process)
    threading.Thread(target=_collect, args=(process, portal.errors), daemon=True).start()
    return portal


def _collect(process: subprocess.Popen[str], lines: list[str]) -> None:
    assert process.stderr is not None
    lines.extend(iter(process.stderr.readline, ""))


@contextmanager
def running_portal(data: Path, *options: str, port: int | None = None, **variables: str) -> Iterator[RunningPortal]:
    """A portal from its line `Portal ready` on to the end of the block."""
    portal = launch(data, *options, port=port, **variables)
    try:
        portal.wait_ready()
        yield portal
    finally:
        portal.stop()


def wait_until(condition, seconds: float = 30, what: Sequence[str] | str = "") -> None:
    """Wait for a condition. Raises AssertionError naming `what` if it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"still waiting for {what or condition} after {seconds} s"
        time.sleep(0.05)
