"""Template helpers about the decision log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit

from ckanext.mainz.governance import decisions, people
from ckanext.mainz.governance.decisions import Question
from ckanext.mainz.governance.log import auth, report

LATEST = 5


@dataclass(frozen=True)
class RecordDecisions:
    """The latest decisions on a record, how many there are, and where all of them are shown."""

    rows: list[dict[str, Any]]
    count: int
    address: str


def get_helpers() -> dict[str, Any]:
    return {
        "mainz_record_decisions": record_decisions,
        "mainz_decision_changes": report.changes,
        "mainz_decision_moment": report.moment,
        "mainz_may_read_decisions": may_read,
    }


def may_read() -> bool:
    """Whether the one who asks reads the decision log, or the part of it that concerns theirs."""
    return bool(current_user.is_authenticated and toolkit.h.check_access("mainz_decision_list", {}))


def record_decisions(record: Mapping[str, Any]) -> RecordDecisions | None:
    """The latest decisions on a record for those who may read them, None for all others."""
    if not may_read():
        return None
    scope = auth.scope(people.person(current_user.name))
    if scope is not None and record.get("owner_org") not in scope:
        return None
    question = Question(record_id=str(record["id"]), organizations=scope, limit=LATEST)
    return RecordDecisions(
        rows=[report.row(one) for one in decisions.find(question)],
        count=decisions.count(question),
        address=toolkit.h.url_for("mainz_decisions.page", id=record["name"]),
    )
