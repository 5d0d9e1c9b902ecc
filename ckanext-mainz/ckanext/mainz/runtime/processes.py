"""Processes by identity: a process id alone may be somebody else's by now, so it goes with its start time and boot."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)

#: Set in the environment of every child of a launcher, so that grandchildren are found after it was killed.
MARKER = "MAINZ_PORTAL_DATA"


@dataclass(frozen=True)
class Identity:
    """One process of this machine, unmistakably: id, start in clock ticks since boot (proc(5), field 22), boot id."""

    pid: int
    started: int
    boot: str


def boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def identify(pid: int) -> Identity | None:
    """The identity of a living process; None if there is none (a zombie is none)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, *fields = stat.rpartition(")")[2].split()
    return None if state in "ZX" else Identity(pid, int(fields[18]), boot_id())


def is_alive(identity: Identity) -> bool:
    return identify(identity.pid) == identity


def send(identity: Identity, number: signal.Signals) -> None:
    """Send a signal, if it is still that process."""
    if is_alive(identity):
        try:
            os.kill(identity.pid, number)
        except ProcessLookupError:
            return


def descendants(pid: int) -> list[Identity]:
    """All living processes below `pid`, without it."""
    try:
        found = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [identity for process in found if (identity := identify(process.pid))]


def marked(data: Path) -> list[Identity]:
    """Living processes that a launcher of this data folder has started, by their environment; not the caller itself."""
    wanted = f"{MARKER}={data}".encode()
    others = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit() and int(entry.name) != os.getpid()]
    found = [identify(int(entry.name)) for entry in others if wanted in _environment(entry)]
    return [identity for identity in found if identity]


def _environment(entry: Path) -> list[bytes]:
    try:
        return (entry / "environ").read_bytes().split(b"\0")
    except OSError:  # ended meanwhile, or of another user
        return []


def wait_gone(identities: Iterable[Identity], seconds: float) -> list[Identity]:
    """Wait until the processes have ended; returns those that have not after `seconds`."""
    deadline = time.monotonic() + seconds
    left = [identity for identity in identities if is_alive(identity)]
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = [identity for identity in left if is_alive(identity)]
    return left


def end(identities: Iterable[Identity], number: signal.Signals, seconds: float) -> None:
    """Ask the processes to end with a signal, and kill what is left after `seconds`."""
    asked = list(identities)
    for identity in asked:
        send(identity, number)
    for identity in wait_gone(asked, seconds):
        send(identity, signal.SIGKILL)
    wait_gone(asked, 1)


def proportional_memory(pid: int) -> int:
    """Bytes of memory of a process with all below it, shared pages counted by share (PSS)."""
    total = 0
    for process in [pid, *(identity.pid for identity in descendants(pid))]:
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def become_subreaper() -> None:
    """Orphaned grandchildren come to this process instead of init, so that it can end them (prctl(2))."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(number: signal.Signals, parent: int) -> None:
    """In a new child: be sent a signal when the parent dies; end at once if it died before this call."""
    _prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os._exit(1)


def _prctl(option: int, argument: int) -> None:
    if _libc.prctl(option, ctypes.c_ulong(argument), 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
