"""The worker: makes derived data right, then runs background jobs until SIGTERM.

SIGTERM to this process lets a running job finish; the job's own process must not get it (rq/worker/base.py).
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from ckanext.mainz.runtime.application import ckan_application
from ckanext.mainz.runtime.hooks import PREPARE, call_all

#: Seconds after which an idle worker looks after itself; RQ's own 7 and 10 minutes are how long delayed jobs would wait
#: after Redis or the worker was killed.
TTL, MAINTENANCE = 60, 30

#: Added to the niceness of the worker and its jobs: nobody waits for them, but for pages of the same machine people do.
NICENESS = 10

log = logging.getLogger(__name__)


def main(mark: Path) -> None:
    """Load CKAN, run the `prepare` hooks (after a crash the search index may lag), write `mark`, then work."""
    with ckan_application():
        from ckan.lib.jobs import Worker

        call_all(PREPARE, _note)
    mark.touch()
    os.nice(NICENESS)  # not before: the start of the portal waits for the mark
    Worker(worker_ttl=TTL, maintenance_interval=MAINTENANCE).work(with_scheduler=True)


def _note(step: str, done: int = 0, total: int = 0, /) -> None:
    log.info("%s (%d of %d)", step, done, total)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
