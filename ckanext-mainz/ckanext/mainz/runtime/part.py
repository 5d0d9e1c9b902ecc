"""What the supervisor keeps running: a command with its environment, its signals and its way to say that it answers."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ckanext.mainz.runtime.processes import die_with_parent


def always() -> bool:
    return True


@dataclass(frozen=True)
class Part:
    """One process of the portal. `stage` says when it stops: 0 are services that the others need, 1 the others."""

    name: str
    command: tuple[str, ...]
    log: Path
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    stage: int = 1
    stop_signal: signal.Signals = signal.SIGTERM
    answers: Callable[[], bool] = always
    #: The command sets its own parent-death signal, because a change of user clears one that is set before.
    own_death_signal: bool = False

    def spawn(self, output: int | None = None) -> subprocess.Popen[bytes]:
        """Start the process in a session of its own, so that Ctrl-C in the terminal reaches the launcher only.

        Its standard output and error go to its log; the output to the descriptor `output` instead, if one is given.
        """
        parent = os.getpid()

        def prepare_child() -> None:
            if not self.own_death_signal:
                die_with_parent(self.stop_signal, parent)

        descriptor = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            return subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=descriptor if output is None else output,
                stderr=descriptor,
                start_new_session=True,
                preexec_fn=prepare_child,
            )
        finally:
            os.close(descriptor)
