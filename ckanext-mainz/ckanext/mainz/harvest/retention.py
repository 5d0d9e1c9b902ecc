"""How long rows of runs are kept: those of the last runs of each source, and of each record the current one always."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckanext.harvest.model import (
    HarvestGatherError,
    HarvestJob,
    HarvestObject,
    HarvestObjectError,
    HarvestObjectExtra,
)

from ckanext.mainz.harvest.journal import RUNNING
from ckanext.mainz.harvest.tables import run

KEPT = 10
"""Runs of each source whose records and messages are kept."""

job: Any = HarvestJob.__table__
message: Any = HarvestGatherError.__table__
kept_object: Any = HarvestObject.__table__
extra: Any = HarvestObjectExtra.__table__
error: Any = HarvestObjectError.__table__


def clean(kept: int = KEPT) -> dict[str, int]:
    """Removes rows of runs that are older than the last `kept` of their source; commits. How many went, by table."""
    jobs = _older_than(job, job.c.created, kept, job.c.status == "Finished")
    runs = _older_than(run, run.c.started, kept, run.c.state != RUNNING)
    objects = sa.select(kept_object.c.id).where(~kept_object.c.current, kept_object.c.harvest_job_id.in_(jobs))
    in_use = sa.exists().where(kept_object.c.harvest_job_id == job.c.id)
    # In this order: what points to a row goes before it.
    steps = (
        (error, error.c.harvest_object_id.in_(objects)),
        (extra, extra.c.harvest_object_id.in_(objects)),
        (kept_object, kept_object.c.id.in_(objects)),
        (message, message.c.harvest_job_id.in_(jobs)),
        (job, job.c.id.in_(jobs) & ~in_use),
        (run, run.c.id.in_(runs)),
    )
    gone = {table.name: _delete(table, condition) for table, condition in steps}
    model.Session.commit()
    return gone


def _older_than(table: Any, when: Any, kept: int, condition: Any) -> Any:
    """Ids of the rows of each source that are older than its last `kept`."""
    place = sa.func.row_number().over(partition_by=table.c.source_id, order_by=when.desc()).label("place")
    numbered = sa.select(table.c.id, place, condition.label("over")).subquery()
    return sa.select(numbered.c.id).where(numbered.c.place > kept, numbered.c.over)


def _delete(table: Any, condition: Any) -> int:
    done = model.Session.execute(sa.delete(table).where(condition).returning(sa.literal(1)))
    return len(done.all())
