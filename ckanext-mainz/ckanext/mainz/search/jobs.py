"""Scheduled work of the search room, run by the worker."""

from __future__ import annotations

import logging

from ckan.plugins import toolkit
from redis.exceptions import RedisError
from rq.exceptions import DuplicateJobError

from ckanext.mainz.search import rebuild
from ckanext.mainz.search.prepare import prepare

REPAIR = {"job_id": "mainz-search-repair", "unique": True, "timeout": 3600}

log = logging.getLogger(__name__)


def drain_outbox() -> None:
    """Brings in what no request could; builds the index anew if it is missing or damaged."""
    prepare(_quiet)


def ask_for_repair() -> None:
    """Lets the worker build a broken index anew; asking again while that waits or runs changes nothing."""
    try:
        toolkit.enqueue_job(drain_outbox, title="Repair the search index", rq_kwargs=REPAIR)
    except DuplicateJobError:
        log.debug("The repair of the search index is already asked for.")
    except RedisError:
        log.exception("The search index needs a repair, but Redis cannot be reached; the schedule asks again.")


def check_index() -> None:
    """Proves that the index and the database agree, and repairs what does not."""
    drift = rebuild.check(_quiet)
    if drift.ids():
        log.error("The search index had drifted in %d records; they are indexed again.", len(drift.ids()))
        rebuild.repair(drift.ids())


def _quiet(step: str, done: int, total: int) -> None:
    log.debug("%s: %d of %d", step, done, total)
