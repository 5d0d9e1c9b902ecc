"""Keeps the parts of the portal alive: starts them, restarts what dies, ends them all.

One thread and no CKAN. Signals only set a flag and wake the loop; everything happens in `pump`.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ckanext.mainz.runtime.errors import PortalError
from ckanext.mainz.runtime.part import Part
from ckanext.mainz.runtime.processes import Identity, descendants, identify, is_alive, send, wait_gone
from ckanext.mainz.runtime.state import PartState

#: Seconds before a part that died is started again: doubled each time, from the first to the second value.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
#: A part that ran this long without dying starts afresh with the first pause.
STABLE = 30.0
#: Seconds the parts of stage 1 and stage 0 get to end by themselves: together less than the ten that `up` promises.
GRACE = {1: 5.0, 0: 3.0}


class Stopped(Exception):
    """Raised out of waiting when the launcher has been told to stop."""


@dataclass
class Child:
    """A part under supervision, and how it fares."""

    part: Part
    process: subprocess.Popen[bytes] | None = None
    identity: Identity | None = None
    answered: bool = False
    since: float = field(default_factory=time.time)
    deaths: int = 0
    restarts: int = 0
    start_at: float = 0.0

    @property
    def state(self) -> str:
        if self.process is None:
            return "waiting"
        return "running" if self.answered else "starting"

    def snapshot(self) -> PartState:
        return PartState(self.part.name, self.identity, self.state, self.since, self.restarts)

    def start(self) -> None:
        self.process = self.part.spawn()
        self.identity = identify(self.process.pid)
        self.answered = False
        self.since = time.time()

    def died(self, now: float) -> None:
        """Note the death and when to start again."""
        self.deaths = 1 if time.time() - self.since > STABLE else self.deaths + 1
        self.start_at = now + min(FIRST_PAUSE * 2 ** (self.deaths - 1), LONGEST_PAUSE)
        self.process, self.identity, self.answered = None, None, False
        self.since = time.time()


class Supervisor:
    """Owns the children. `on_change` is called after every change of a part's state, `tell` says it to the operator."""

    def __init__(self, tell: Callable[[str], None], on_change: Callable[[], None]):
        self.children: list[Child] = []
        self._tell = tell
        self._on_change = on_change
        self._errands: dict[int, subprocess.Popen[bytes]] = {}
        self._stop_requests = 0
        self._waker, self._alarm = socket.socketpair()
        for end_ in (self._waker, self._alarm):
            end_.setblocking(False)

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Take SIGINT, SIGTERM and SIGHUP as requests to stop, and be woken by the death of a child."""
        ignored = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN  # by nohup: the terminal may go
        numbers = (signal.SIGINT, signal.SIGTERM, *([] if ignored else [signal.SIGHUP]))
        before = {number: signal.signal(number, self._note_stop) for number in numbers}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        previous = signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(previous)
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note_stop(self, *_: object) -> None:
        self._stop_requests += 1

    def add(self, part: Part) -> Child:
        """Start a part and keep it alive from now on."""
        child = Child(part)
        self.children.append(child)
        self._start(child)
        return child

    def _start(self, child: Child) -> None:
        child.start()
        self._on_change()

    def pump(self, seconds: float) -> None:
        """Do what is due, then sleep until something happens or `seconds` have passed. Raises Stopped."""
        self._reap()
        now = time.monotonic()
        for child in self.children:
            self._look_after(child, now)
        if self._stop_requests:
            raise Stopped
        select.select([self._alarm], [], [], seconds)
        self._drain_alarm()

    def _drain_alarm(self) -> None:
        try:
            while self._alarm.recv(4096):
                pass
        except BlockingIOError:
            return

    def _look_after(self, child: Child, now: float) -> None:
        if child.process is None and now >= child.start_at:
            child.restarts += 1
            self._start(child)
        elif child.process is not None and not child.answered and child.part.answers():
            child.answered = True
            self._on_change()
            if child.restarts:
                self._tell(f"{child.part.name} runs again")

    def _reap(self) -> None:
        """Collect the dead: our own children, and orphans of theirs that came to us as their subreaper."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._bury(pid, os.waitstatus_to_exitcode(status))

    def _bury(self, pid: int, code: int) -> None:
        if pid in self._errands:
            self._errands.pop(pid).returncode = code
        for child in self.children:
            if child.process is not None and child.process.pid == pid:
                child.process.returncode = code  # so that Popen does not wait for a process that is gone
                child.died(time.monotonic())
                pause = child.start_at - time.monotonic()
                self._tell(
                    f"{child.part.name} ended ({_how(code)}); starting again in {pause:.1f} s, see {child.part.log}"
                )
                self._on_change()

    def wait_for(self, child: Child, seconds: float) -> None:
        """Wait until a part answers. Raises PortalError when it dies three times or takes longer than `seconds`."""
        deadline = time.monotonic() + seconds
        while not child.answered:
            if child.deaths >= 3:
                raise PortalError(
                    f"{child.part.name} does not start; the reason stands at the end of {child.part.log}."
                )
            if time.monotonic() > deadline:
                raise PortalError(f"{child.part.name} has not answered for {seconds:.0f} s; see {child.part.log}.")
            self.pump(0.1)

    def run_to_end(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for an errand (the preparation) while looking after the parts; its exit status. Raises Stopped."""
        self._errands[process.pid] = process
        while process.returncode is None:
            self.pump(0.1)
        return process.returncode

    def stop_all(self) -> None:
        """End everything within ten seconds: stage 1, then the services it needs, then what is left of either.

        Each main process gets its own signal and some seconds; a second request to stop ends the waiting. What a dead
        main process left behind (a job, a web worker) is killed with its stage.
        """
        services = [child for child in self.children if child.part.stage == 0 and child.identity]
        programs = [child for child in self.children if child.part.stage == 1 and child.identity]
        errands = [identity for pid in self._errands if (identity := identify(pid))]
        for identity in errands:
            send(identity, signal.SIGTERM)
        self._stop(programs, GRACE[1], also=errands)
        self._kill_all_but(services)
        self._stop(services, GRACE[0])
        self._kill_all_but([])
        self._reap_silently()

    def _stop(self, children: list[Child], grace: float, also: list[Identity] | None = None) -> None:
        left = [child.identity for child in children if child.identity]
        for child in children:
            if child.identity:
                send(child.identity, child.part.stop_signal)
        left += also or []
        deadline = time.monotonic() + grace
        while left and time.monotonic() < deadline and self._stop_requests < 2:
            time.sleep(0.05)
            left = [identity for identity in left if is_alive(identity)]

    def _kill_all_but(self, spared: list[Child]) -> None:
        keep = {child.identity for child in spared}
        for child in spared:
            if child.identity:
                keep.update(descendants(child.identity.pid))
        doomed = [identity for identity in descendants(os.getpid()) if identity not in keep]
        for identity in doomed:
            send(identity, signal.SIGKILL)
        wait_gone(doomed, 1)

    def _reap_silently(self) -> None:
        """Collect the dead without starting anything again."""
        self.children, gone = [], self.children
        for child in gone:
            if child.process is not None:
                child.process.returncode = 0
        self._reap()


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
