"""Put one scheduled job into the queue that CKAN's worker listens to. Knows CKAN's queue names, loads no CKAN."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from redis import Redis
from rq import Queue
from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus

from ckanext.mainz.runtime.configuration import read_options

#: Seconds a scheduled job may take: a night's harvest, not CKAN's three minutes.
TIMEOUT = 6 * 3600
_PENDING = {JobStatus.QUEUED, JobStatus.STARTED, JobStatus.DEFERRED}


def enqueue(name: str, options: dict[str, str]) -> None:
    """Enqueue the job unless its last run still waits or works: a slow job must not pile up."""
    connection = Redis.from_url(options["ckan.redis.url"])
    identifier = f"scheduled-{options.get('ckan.site_id', 'default')}-{name}"
    if _status(identifier, connection) in _PENDING:
        return
    # ckan.lib.jobs: the queue's name carries the site's id; a title is what its lists show
    Queue(f"ckan:{options.get('ckan.site_id', 'default')}:default", connection=connection).enqueue_call(
        "ckanext.mainz.runtime.jobs.run_scheduled",
        args=(name,),
        job_id=identifier,
        timeout=TIMEOUT,
        meta={"title": f"Scheduled: {name}"},
    )


def _status(identifier: str, connection: Redis) -> JobStatus | None:
    try:
        return Job.fetch(identifier, connection=connection).get_status()
    except NoSuchJobError:
        return None


if __name__ == "__main__":
    enqueue(sys.argv[1], read_options(Path(os.environ["CKAN_INI"])))
