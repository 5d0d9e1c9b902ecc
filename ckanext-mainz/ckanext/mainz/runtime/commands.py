"""What each command of `./portal` does. Heavy imports wait until a command needs them."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from ckanext.mainz.runtime.errors import PortalError
from ckanext.mainz.runtime.folder import DataFolder, home, locate
from ckanext.mainz.runtime.logs import follow, last_lines, log_file
from ckanext.mainz.runtime.state import PartState, PortalState, running_state

#: Seconds `down` waits: the launcher itself needs at most ten.
_DOWN_LIMIT = 15.0


def up(arguments: argparse.Namespace) -> int:
    """Run the portal in the foreground."""
    from ckanext.mainz.runtime.address import Address
    from ckanext.mainz.runtime.launcher import Launcher

    return Launcher(locate(arguments.data), Address(arguments.host, arguments.port), not arguments.empty).run()


def _running(folder: DataFolder) -> PortalState:
    state = running_state(folder)
    if state is None:
        raise PortalError(f"No portal runs with the data in {folder.root}; ./portal up starts one.")
    return state


def down(arguments: argparse.Namespace) -> int:
    """Ask the launcher to stop, and wait until it has."""
    from ckanext.mainz.runtime.processes import send, wait_gone

    state = _running(locate(arguments.data))
    send(state.launcher, signal.SIGTERM)
    if wait_gone([state.launcher], _DOWN_LIMIT):
        raise PortalError(
            f"The launcher (process {state.launcher.pid}) has not ended after {_DOWN_LIMIT:.0f} s; see ./portal status."
        )
    print(f"Stopped the portal at {state.url}.")
    return 0


def status(arguments: argparse.Namespace) -> int:
    """List launcher and parts; exit status 1 while not all of them run."""
    from ckanext.mainz.runtime.processes import proportional_memory

    folder = locate(arguments.data)
    state = _running(folder)
    stage = "ready" if state.ready else "starting"
    print(f"Portal {stage}: {state.url} (process {state.launcher.pid}, data in {folder.root})")
    print(f"{'part':<10} {'process':>8} {'state':<9} {'since':<19} {'restarts':>8} {'memory':>8}")
    for part in state.parts:
        print(_row(part, proportional_memory(part.process.pid) if part.process else 0))
    print(f"Memory of all processes: {_megabytes(proportional_memory(state.launcher.pid))}")
    return 0 if state.ready and all(part.state == "running" for part in state.parts) else 1


def _row(part: PartState, memory: int) -> str:
    since = datetime.fromtimestamp(part.since).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    process = part.process.pid if part.process else "-"
    return f"{part.name:<10} {process:>8} {part.state:<9} {since:<19} {part.restarts:>8} {_megabytes(memory):>8}"


def _megabytes(count: int) -> str:
    return f"{count / 2**20:.0f} MB"


def logs(arguments: argparse.Namespace) -> int:
    """Print the ends of the logs, with `-f` what comes after."""
    folder = locate(arguments.data)
    paths = [log_file(folder.logs, name) for name in arguments.part] or sorted(folder.logs.glob("*.log"))
    missing = [path.stem for path in paths if not path.exists()]
    if missing or not paths:
        raise PortalError(f"There is no log of {', '.join(missing) or 'any part'} in {folder.logs}.")
    width = max(len(path.stem) for path in paths)
    for path in paths:
        for line in last_lines(path, arguments.lines):
            print(f"{path.stem:<{width}} | {line}")
    if arguments.follow:
        for path, line in follow(paths):
            print(f"{path.stem:<{width}} | {line}", flush=True)
    return 0


def ckan(arguments: argparse.Namespace) -> int:
    """Run `ckan` with this portal's configuration; Postgres and Redis are started for it if the portal does not run."""
    from ckanext.mainz.runtime.launcher import child_environment, run_with_services

    folder = locate(arguments.data)
    argv = [str(Path(sys.executable).with_name("ckan")), *arguments.rest]
    if running_state(folder):
        return _call(argv, child_environment(folder))
    if folder.first_start:
        raise PortalError(f"There is no portal in {folder.root} yet; ./portal up makes it.")
    return run_with_services(folder, argv)


def _call(argv: list[str], environment: dict[str, str]) -> int:
    os.execve(argv[0], argv, {**os.environ, **environment})


def test(arguments: argparse.Namespace) -> int:
    """Run the tests of the checkout."""
    from ckanext.mainz.runtime.testing import run_tests

    return run_tests(arguments.rest, home())
