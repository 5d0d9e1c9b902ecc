"""Runs as they are noted: in the table ``mainz_harvest_run`` and in ckanext-harvest's tables, whose pages show them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckanext.harvest.model import HarvestGatherError, HarvestJob, HarvestObject, HarvestObjectError

from ckanext.mainz.harvest.report import Outcome, Report
from ckanext.mainz.harvest.tables import run as table

objects, errors = HarvestObject.__table__, HarvestObjectError.__table__
RUNNING, ABORTED = "running", "aborted"
BEAT = timedelta(seconds=5)
STATUS = {Outcome.CREATED: "added", Outcome.CHANGED: "updated", Outcome.ARCHIVED: "deleted", Outcome.FAILED: "errored"}


@dataclass
class Run:
    """A run that goes on."""

    id: str
    source_id: str
    job_id: str
    beaten: datetime


def begin(source_id: str, *, dry: bool) -> Run:
    """Notes a new run. Runs of the source that seem to go on have lost their process: whoever calls holds the lock."""
    now = datetime.now(UTC)
    _abort_lost(source_id, now)
    job_id = "" if dry else _new_job(source_id)
    run = Run(str(uuid.uuid4()), source_id, job_id, now)
    row = {"id": run.id, "source_id": source_id, "job_id": job_id, "state": RUNNING, "dry": dry}
    model.Session.execute(sa.insert(table).values({**row, "started": now, "beat": now, "report": {}}))
    model.Session.commit()
    return run


def beat(run: Run, done: int, total: int) -> None:
    """Says that the run lives and how far it is, not more often than every few seconds."""
    now = datetime.now(UTC)
    if now - run.beaten < BEAT:
        return
    run.beaten = now
    model.Session.execute(sa.update(table).where(table.c.id == run.id).values(beat=now, done=done, total=total))
    model.Session.commit()


def end(run: Run, report: Report) -> None:
    """Notes how a run ended."""
    now = datetime.now(UTC)
    values = {"state": report.state, "beat": now, "finished": now, "complete": report.complete}
    values |= {"report": report.as_json(), "done": report.gathered, "total": report.gathered}
    model.Session.execute(sa.update(table).where(table.c.id == run.id).values(values))
    if run.job_id:
        _finish_job(run.job_id, report)
    model.Session.commit()


def last(source_id: str) -> Mapping[str, Any] | None:
    """The run of a source that began last, dry ones left out."""
    asked = sa.select(table).where(table.c.source_id == source_id, table.c.dry.is_(False))
    found = model.Session.execute(asked.order_by(table.c.started.desc()).limit(1)).mappings().first()
    return dict(found) if found else None


def keep_object(run: Run, guid: str, raw: str, package_id: str, outcome: Outcome, message: str = "") -> None:
    """Keeps a record as the source gave it, as the current one of its identifier, in the present transaction.

    Plain statements: ckanext-harvest's listener on its class would read source and job again for each.
    """
    now = datetime.now(UTC).replace(tzinfo=None)  # ckanext-harvest's columns have no zone
    failed = outcome is Outcome.FAILED
    if not failed:
        earlier = sa.update(objects).where(
            objects.c.harvest_source_id == run.source_id, objects.c.guid == guid, objects.c.current
        )
        model.Session.execute(earlier.values(current=False))
    row = {
        "id": str(uuid.uuid4()), "guid": guid, "content": raw, "package_id": package_id or None,
        "harvest_job_id": run.job_id, "harvest_source_id": run.source_id, "current": not failed, "gathered": now,
        "fetch_finished": now, "import_finished": now, "state": "ERROR" if failed else "COMPLETE",
        "report_status": STATUS.get(outcome, "not modified"),
    }  # fmt: skip
    model.Session.execute(sa.insert(objects).values(row))
    if message:
        told = {"id": str(uuid.uuid4()), "harvest_object_id": row["id"], "message": message, "stage": "Import"}
        model.Session.execute(sa.insert(errors).values({**told, "created": now}))


def _abort_lost(source_id: str, now: datetime) -> None:
    lost = (table.c.source_id == source_id, table.c.state == RUNNING)
    model.Session.execute(sa.update(table).where(*lost).values(state=ABORTED, finished=now))
    jobs = sa.update(HarvestJob).where(HarvestJob.source_id == source_id, HarvestJob.status != "Finished")
    model.Session.execute(jobs.values(status="Finished", finished=now.replace(tzinfo=None)))


def _new_job(source_id: str) -> str:
    now = datetime.now(UTC).replace(tzinfo=None)
    job = HarvestJob(source_id=source_id, status="Running", created=now, gather_started=now)
    model.Session.add(job)
    model.Session.flush()
    return str(job.id)


def _finish_job(job_id: str, report: Report) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    values = {"status": "Finished", "finished": now, "gather_finished": now}
    model.Session.execute(sa.update(HarvestJob).where(HarvestJob.id == job_id).values(values))
    for one in filter(None, (report.stopped, report.failed, *report.problems)):
        model.Session.add(HarvestGatherError(message=one.sentence(), harvest_job_id=job_id))
