"""Asking for the files with the whole catalogue to be made anew: seldom, however often something changes."""

from __future__ import annotations

import logging
from datetime import timedelta

from ckan.lib.jobs import get_queue
from redis.exceptions import RedisError

from ckanext.mainz.metadata.catalogue import cache, config

log = logging.getLogger(__name__)

#: Seconds from the first change to the job that takes it and all that follow meanwhile.
QUIET = 60
AT_ONCE = 5
LONGEST = 3600
NAME = "ckanext.mainz.metadata.catalogue.jobs.make_whole"
TITLE = "Make the files with the whole catalogue"


def ask(at_once: bool = False) -> None:
    """Lets the worker make the files in a minute, or within seconds. Asking again until then changes nothing."""
    seconds = AT_ONCE if at_once else QUIET
    if config.download_folder() is None or not cache.first_in(f"asked:{seconds}", seconds):
        return
    try:
        get_queue().enqueue_in(timedelta(seconds=seconds), NAME, job_timeout=LONGEST, meta={"title": TITLE})
    except RedisError as error:
        log.warning("Redis cannot be reached; the nightly schedule makes the whole catalogue: %s", error)
