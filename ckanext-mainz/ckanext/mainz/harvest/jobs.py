"""What the worker does for the harvest: each source as a job of its own, and the clean-up."""

from __future__ import annotations

import logging

import ckan.model as model
from ckan.plugins import toolkit
from redis.exceptions import RedisError
from rq.exceptions import DuplicateJobError

from ckanext.mainz.foundation import config as foundation
from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest import retention, runs, sources, trouble
from ckanext.mainz.harvest.locks import SourceBusy
from ckanext.mainz.harvest.runs import Options

log = logging.getLogger(__name__)
MARGIN = 600
"""Seconds that the worker waits longer than a run may take: a run ends itself, and says so."""


def night() -> None:
    """Asks for a run of each source that is due, in their order."""
    for source in sources.due():
        try:
            ask(str(source.id), str(source.title or source.url))
        except toolkit.ValidationError as error:
            log.warning("The harvest source %s cannot be run: %s", source.id, error.error_dict)


def ask(source_id: str, title: str, *, confirmed: bool = False) -> bool:
    """Asks the worker for a run of a source; False where one waits or goes on already."""
    source = sources.find(source_id)
    if source is None:
        return False
    minutes = sources.ready(source)[0].minutes
    options = {"job_id": f"mainz-harvest-{source_id}", "unique": True, "timeout": minutes * 60 + MARGIN}
    try:
        toolkit.enqueue_job(
            run_source, [source_id, confirmed], title=f"Harvest: {title}", rq_kwargs={**options, "result_ttl": 0}
        )
    except DuplicateJobError:
        return False
    except RedisError:
        log.exception("The run of the harvest source %s could not be asked for.", source_id)
        return False
    return True


def run_source(source_id: str, confirmed: bool = False) -> None:
    """Runs one source and tells those responsible of trouble."""
    row = sources.find(source_id)
    if row is None:
        log.warning("The harvest source %s is gone; nothing was run.", source_id)
        return
    source, kind = sources.ready(row)
    title = str(row.title or row.url)
    try:
        report = runs.run(source, kind, Session(foundation.http_policy()), Options(confirmed=confirmed))
    except SourceBusy:
        log.info("Another run of %s goes on; this one was left out.", title)
        return
    log.info("Harvest of %s: %s %s", title, report.state, report.figures())
    trouble.tell(source_id, title, report)
    model.Session.remove()


def clean() -> None:
    """Removes rows of old runs."""
    gone = retention.clean()
    log.info("Rows of old harvest runs removed: %s", gone)
