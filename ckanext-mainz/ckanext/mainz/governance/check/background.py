"""Files that the worker looks at for the release check: after a save, and where one is too large to wait for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit
from redis.exceptions import RedisError
from rq.exceptions import DuplicateJobError

from ckanext.mainz.governance.check import stored
from ckanext.mainz.metadata.quality import assessing

log = logging.getLogger(__name__)
TIMEOUT = 3600
#: What the job needs to find the bytes; it reads nothing of the record, which may not be saved yet.
NEEDED = ("id", "file_key", "format", "url", "url_type", "size")


def saved(package_id: str) -> None:
    """A record was saved: asks for its new files, so that they are looked at before it is handed in."""
    if stored.has_new_files(package_id):
        ask(assessing.stored(package_id))


def ask(record: Mapping[str, Any]) -> None:
    """Asks the worker to look at the files of a record that nobody has looked at. Each is asked for once."""
    for resource in stored.unscanned(record):
        needed = {name: resource.get(name) for name in NEEDED}
        _enqueue(needed, stored.title_of(record, resource))


def look_at(resource: dict[str, Any], title: str) -> None:
    """The worker's part."""
    stored.scan_resource(resource, title)
    model.Session.commit()


def _enqueue(resource: dict[str, Any], title: str) -> None:
    # A job that is done or has failed is forgotten at once, else it could not be asked for again.
    job = f"mainz-scan-{resource['id']}-{resource['file_key']}-{stored.basis(title).replace('.', '-')}"
    once = {"job_id": job, "unique": True, "timeout": TIMEOUT, "result_ttl": 0, "failure_ttl": 1}
    try:
        toolkit.enqueue_job(look_at, [resource, title], title="Release check of an uploaded file", rq_kwargs=once)
    except DuplicateJobError:
        log.debug("The file %s is already asked for.", resource["file_key"])
    except RedisError:
        log.warning("Redis cannot be reached; the file %s is looked at when it is handed in.", resource["file_key"])
