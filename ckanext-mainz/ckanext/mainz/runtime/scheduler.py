"""The scheduler: puts due jobs into the worker's queue. Small, because it lives all the time: no CKAN, no Redis client.

Putting a job into the queue is done by a short-lived process (`enqueue`), some times a night.
"""

from __future__ import annotations

import fcntl
import logging
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from ckanext.mainz.runtime.configuration import read_options
from ckanext.mainz.runtime.folder import DataFolder, locate, read_json, write_json
from ckanext.mainz.runtime.hooks import JOBS, hooks
from ckanext.mainz.runtime.schedule import Entry, due, parse_schedule

log = logging.getLogger(__name__)
TICK = 10.0


def read_schedule(ini: Path) -> list[Entry]:
    """The schedule in the configuration. Raises PortalError for a line that makes no sense or names no job."""
    entries = parse_schedule(read_options(ini).get("ckanext.mainz.schedule", ""))
    known = {entry.name for entry in hooks(JOBS)}
    for entry in entries:
        if entry.name not in known:
            log.error("ckanext.mainz.schedule names the job %r, which no room offers; it is left out.", entry.name)
    return [entry for entry in entries if entry.name in known]


def tick(folder: DataFolder, entries: list[Entry], now: datetime) -> None:
    """Handle what is due and remember it. A job that cannot be put into the queue stays due."""
    seen = {name: datetime.fromisoformat(moment) for name, moment in read_json(folder.schedule_state).items()}
    met = {entry.name: now for entry in entries if entry.name not in seen}
    done = {entry.name: now for entry in due(entries, seen, now) if enqueue(entry.name)}
    if met or done:
        moments = {**seen, **met, **done}
        write_json(folder.schedule_state, {name: moment.isoformat() for name, moment in moments.items()})


def enqueue(name: str) -> bool:
    """Put a job into the queue; whether that went well."""
    argv = [sys.executable, "-m", "ckanext.mainz.runtime.enqueue", name]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, check=False)
    log.info("Job %s %s", name, "enqueued" if done.returncode == 0 else "could not be enqueued; tried again soon")
    return done.returncode == 0


def main() -> None:
    """Run until SIGTERM; a second scheduler of the same data folder waits for the first to end."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    folder = locate(Path(os.environ["PORTAL_DATA"]))
    with (folder.run / "schedule.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        entries = read_schedule(Path(os.environ["CKAN_INI"]))
        log.info("Schedule: %s", ", ".join(f"{entry.name} ({entry.cron})" for entry in entries) or "empty")
        while True:
            tick(folder, entries, datetime.now(UTC))
            time.sleep(TICK)


if __name__ == "__main__":
    main()
