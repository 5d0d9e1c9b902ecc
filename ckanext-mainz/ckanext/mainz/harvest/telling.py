"""What is told of sources and their runs: to everybody in plain words and numbers, to those who run them by record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestObject, HarvestSource

from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.harvest import journal, sources
from ckanext.mainz.harvest.report import Outcome, Reason
from ckanext.mainz.harvest.tables import record, run

_ = toolkit._
Dict = dict[str, Any]

KINDS: Mapping[str, Message] = {
    "mainz_csw": N_("Catalogue of the geodata infrastructure (CSW)"),
    "mainz_duva": N_("Statistics system DUVA"),
    "mainz_dcat": N_("Catalogue in DCAT-AP"),
    "mainz_ckan": N_("Open data portal (CKAN)"),
}
STATES: Mapping[str, Message] = {
    "running": N_("The source is being read right now."),
    "finished": N_("The last run went through."),
    "stopped": N_("The last run was stopped and waits for a person; what was here stays as it was."),
    "failed": N_("The last run could not read the source; what was here stays as it was."),
    "aborted": N_("The last run was cut short; the next one goes on."),
}
HALF_READ = N_("The last run could read only a part of the source; nothing counts as gone.")
NEVER = N_("The source has not been read yet.")
OUTCOMES: Mapping[Outcome, Message] = {
    Outcome.CREATED: N_("new"),
    Outcome.CHANGED: N_("changed"),
    Outcome.UNCHANGED: N_("unchanged"),
    Outcome.MISSING: N_("missing at the source"),
    Outcome.ARCHIVED: N_("gone, now in the archive"),
    Outcome.SKIPPED: N_("left out"),
    Outcome.FAILED: N_("not taken because of a fault"),
}
#: Why records are left out or not taken, without what single records say.
WHY: Mapping[str, Message] = {
    "not_open": N_("They are not marked as open data."),
    "closed_licence": N_("Their licence does not allow everybody to use the data."),
    "other_level": N_("They describe other things than data, such as maps or applications."),
    "no_title": N_("They have no title."),
    "no_identifier": N_("They have no identifier."),
    "no_endpoint": N_("Their service has no address that works for the public."),
    "elsewhere": N_("Another source has brought them already."),
    "closed": N_("They were withdrawn here."),
    "half": N_("The source describes them only in part; what is here stays as it was."),
    "own": N_("They are records of this portal."),
    "excluded": N_("The settings of the source leave them out."),
    "not_read": N_("They could not be read."),
    "twice": N_("Their identifier stands in the source more than once."),
    "invalid": N_("A detail is missing or wrong."),
}
OTHER = N_("Other reasons.")
OF_PROBLEMS = (Outcome.SKIPPED, Outcome.FAILED)


@dataclass(frozen=True)
class Told:
    """A source as everybody may see it. `figures` are pairs of words and numbers, `why` of sentences and numbers."""

    id: str
    title: str
    kind: str
    state: str
    read: datetime | None
    figures: tuple[tuple[str, int], ...]
    why: tuple[tuple[str, int], ...]


def every() -> list[Told]:
    """All active sources of ours, by title."""
    table: Any = HarvestSource.__table__
    asked = sa.select(HarvestSource).where(table.c.active, HarvestSource.type.in_(sources.kinds()))
    return sorted((told(one) for one in model.Session.scalars(asked)), key=lambda one: one.title.casefold())


def told(source: HarvestSource) -> Told:
    """One source."""
    last = journal.last(str(source.id))
    report: Mapping[str, Any] = (last or {}).get("report") or {}
    kind = KINDS.get(str(source.type))
    return Told(
        id=str(source.id),
        title=str(source.title or source.type),
        kind=_(kind) if kind else str(source.type),
        state=_state(last),
        read=last["finished"] if last else None,
        figures=tuple((_(words), int(report.get(one, 0))) for one, words in OUTCOMES.items() if report.get(one)),
        why=_why(report),
    )


def _state(last: Mapping[str, Any] | None) -> str:
    if last is None:
        return _(NEVER)
    if last["state"] == "finished" and last["complete"] is False:
        return _(HALF_READ)
    words = STATES[last["state"]]
    return _(words)


def _why(report: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """How many records were left out or not taken for which reason; of several the first counts."""
    counted: Counter[str] = Counter()
    for one in report.get("entries") or ():
        if one["outcome"] in OF_PROBLEMS:
            code = one["reasons"][0]["code"] if one["reasons"] else ""
            counted[_(WHY.get(code, OTHER))] += 1
    return tuple(counted.most_common())


def runs_of(source_id: str, most: int = 20) -> list[Dict]:
    """The last runs of a source, the latest first."""
    asked = sa.select(run).where(run.c.source_id == source_id).order_by(run.c.started.desc()).limit(most)
    return [dict(one) for one in model.Session.execute(asked).mappings()]


def entries_of(report: Mapping[str, Any]) -> list[Dict]:
    """The records of a report with their reasons as sentences in the language of the request."""
    return [
        {**one, "words": _(OUTCOMES[Outcome(one["outcome"])]), "why": [_sentence(reason) for reason in one["reasons"]]}
        for one in report.get("entries") or ()
    ]


def sentences_of(report: Mapping[str, Any]) -> list[str]:
    """What is said of the source as a whole."""
    found = [report.get("stopped"), report.get("failed_because"), *(report.get("problems") or ())]
    return [_sentence(one) for one in found if one]


def _sentence(stored: Mapping[str, Any]) -> str:
    return Reason(stored["code"], Message(stored["message"]), stored["values"]).sentence(_)


@dataclass(frozen=True)
class Single:
    """One record of a source: as it came, as it was mapped, and what was said of it."""

    guid: str
    state: str
    package_id: str
    raw: str
    mapped: Mapping[str, Any]
    messages: tuple[str, ...]


def single(source_id: str, guid: str) -> Single | None:
    """A record of a source; None where nothing is known of it."""
    asked = sa.select(record).where(record.c.source_id == source_id, record.c.guid == guid)
    row = model.Session.execute(asked).mappings().first()
    if row is None:
        return None
    objects: Any = HarvestObject.__table__
    newest = sa.select(objects.c.content).where(objects.c.harvest_source_id == source_id, objects.c.guid == guid)
    raw = model.Session.scalar(newest.order_by(objects.c.gathered.desc()).limit(1))
    messages = tuple(_sentence(one) for one in row["notes"].get("reasons") or ())
    mapped = row["memory"].get("mapped") or {}
    return Single(guid, row["state"], row["package_id"], str(raw or ""), mapped, messages)
