"""What a launcher that was killed has left running."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from ckanext.mainz.runtime.folder import DataFolder
from ckanext.mainz.runtime.processes import end, identify, is_alive, marked
from ckanext.mainz.runtime.state import read_state


def clean_up(folder: DataFolder) -> int:
    """End what an earlier launcher has left running; how many processes. Call it with the folder's lock held."""
    state = read_state(folder)
    recorded = [part.process for part in state.parts if part.process] if state else []
    left = {identity for identity in [*recorded, *marked(folder.root)] if is_alive(identity)}
    left.discard(identify(os.getpid()))
    end(left, signal.SIGTERM, 3)
    _end_postmaster(folder)
    return len(left)


def _end_postmaster(folder: DataFolder) -> None:
    """End a Postgres that still holds the files: its own lock file names it (its title overwrites its environment)."""
    try:
        pid = int((folder.postgres / "postmaster.pid").read_text(encoding="ascii").split()[0])
        holds = Path(f"/proc/{pid}/cwd").resolve() == folder.postgres.resolve()
    except (OSError, ValueError, IndexError):
        return
    identity = identify(pid)
    if holds and identity:
        end([identity], signal.SIGINT, 5)
