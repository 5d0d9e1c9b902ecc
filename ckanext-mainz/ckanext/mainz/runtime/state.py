"""What a running launcher tells others about itself: a file that `status`, `down` and a second `up` read."""

from __future__ import annotations

import fcntl
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from ckanext.mainz.runtime.errors import AlreadyRunningError, describe_os_error
from ckanext.mainz.runtime.folder import DataFolder, read_json, write_json
from ckanext.mainz.runtime.processes import Identity, is_alive


@dataclass(frozen=True)
class PartState:
    """One part: its process (None while it waits to start again), `starting|running|waiting`, since when (epoch s)."""

    name: str
    process: Identity | None
    state: str
    since: float
    restarts: int = 0


@dataclass(frozen=True)
class PortalState:
    """The launcher, its address, and its parts."""

    launcher: Identity
    url: str
    ready: bool
    parts: tuple[PartState, ...] = ()

    @property
    def alive(self) -> bool:
        return is_alive(self.launcher)


def write_state(folder: DataFolder, state: PortalState) -> None:
    write_json(folder.state, asdict(state))


def read_state(folder: DataFolder) -> PortalState | None:
    """The last state that a launcher of this folder wrote, whether it lives or not."""
    found = read_json(folder.state)
    if not found:
        return None
    parts = tuple(_part(entry) for entry in found["parts"])
    return PortalState(Identity(**found["launcher"]), found["url"], found["ready"], parts)


def _part(entry: dict) -> PartState:
    process = Identity(**entry["process"]) if entry["process"] else None
    return PartState(**{**entry, "process": process})


def running_state(folder: DataFolder) -> PortalState | None:
    """The state of the launcher that runs now, if one does."""
    state = read_state(folder)
    return state if state and state.alive else None


class FolderLock:
    """Held as long as a launcher works on a data folder; the kernel frees it when the process ends, however it ends."""

    def __init__(self, path: Path):
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def release(self) -> None:
        os.close(self._descriptor)

    def try_acquire(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def acquire(folder: DataFolder) -> FolderLock:
    """Take the folder for this process. Raises AlreadyRunningError with the address if another launcher has it."""
    try:
        lock = FolderLock(folder.lock)
    except OSError as error:
        raise describe_os_error(error, folder.root) from error
    if lock.try_acquire():
        return lock
    lock.release()
    refuse_running(folder)
    raise AlreadyRunningError(f"Another ./portal command is working on {folder.root}; wait until it has ended.")


def refuse_running(folder: DataFolder) -> None:
    """Raise AlreadyRunningError with the address if a launcher of this folder lives."""
    state = running_state(folder)
    if state:
        raise AlreadyRunningError(
            f"The portal with the data in {folder.root} already runs at {state.url} (process {state.launcher.pid}); "
            "./portal down stops it."
        )
