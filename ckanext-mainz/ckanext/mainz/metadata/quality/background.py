"""Work that a save asks the worker for, once its transaction is committed.

Links are asked, tables are read and scores computed anew by one job, which is asked for again only when it neither
waits nor runs; what falls between is found by the nightly round.
"""

from __future__ import annotations

import logging
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit
from redis.exceptions import RedisError
from rq.exceptions import DuplicateJobError
from sqlalchemy import event

from ckanext.mainz.metadata.quality import jobs

log = logging.getLogger(__name__)

WAITING = "mainz_quality_waiting"
ORGANIZATIONS = "mainz_quality_organizations"
FOLLOW_UP = {"job_id": "mainz-quality-follow-up", "unique": True, "timeout": 3600}


def listen() -> None:
    """Asks the worker after each commit that left work. May be called again."""
    if not event.contains(model.Session, "after_commit", _after_commit):
        event.listen(model.Session, "after_commit", _after_commit)


def ask() -> None:
    """Asks for the follow-up of a record that is being saved, at its commit."""
    model.Session().info[WAITING] = True


def ask_for_organization(organization_id: str) -> None:
    """Asks for new scores of an organisation's datasets at the commit: their contact may have changed."""
    model.Session().info.setdefault(ORGANIZATIONS, set()).add(organization_id)


def _after_commit(session: Any) -> None:
    if session.in_nested_transaction():
        return
    if session.info.pop(WAITING, False):
        _enqueue(jobs.follow_up, [], "Check links and tables of saved datasets", FOLLOW_UP)
    for organization in session.info.pop(ORGANIZATIONS, ()):
        _enqueue(jobs.score_organization, [organization], "Score the datasets of an organisation", {"timeout": 3600})


def _enqueue(job: Any, arguments: list[Any], title: str, options: dict[str, Any]) -> None:
    try:
        toolkit.enqueue_job(job, arguments, title=title, rq_kwargs=dict(options))
    except DuplicateJobError:
        log.debug("%s: is already asked for.", title)
    except RedisError:
        log.warning("%s: Redis cannot be reached; the nightly round does it.", title)
