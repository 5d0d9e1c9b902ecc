"""Rows of the decision log as the action, the page and the table give them out, in the language of the request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ckanext.mainz.governance.decisions import Account, Entry, Thing
from ckanext.mainz.governance.log import words
from ckanext.mainz.governance.log.asked import zone

Json = dict[str, Any]
COLUMNS = (
    "id",
    "at",
    "action",
    "action_label",
    "actor",
    "actor_name",
    "role",
    "role_label",
    "record_id",
    "record",
    "record_title",
    "organization",
    "organization_title",
    "subject",
    "subject_name",
    "before",
    "after",
    "reason",
    "reason_label",
    "note",
)
"""Of the table; `cells` gives them in this order."""


def row(entry: Entry) -> Json:
    """A row as the action gives it."""
    decision = entry.decision
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "action": decision.action,
        "action_label": words.action(decision.action),
        "actor": _named(entry.actor),
        "role": decision.role,
        "role_label": words.role(decision.role),
        "record": _named(entry.record),
        "organization": _named(entry.organization),
        "subject": _named(entry.subject),
        "before": dict(decision.before),
        "after": dict(decision.after),
        "reason": decision.reason,
        "reason_label": words.reason(decision.reason),
        "note": decision.note,
    }


def cells(entry: Entry) -> list[Any]:
    """A row of the table. Users stand in it by name, not by id: a table lives longer than an account."""
    decision = entry.decision
    return [
        entry.id,
        entry.at.astimezone(zone()).isoformat(timespec="seconds"),
        decision.action,
        words.action(decision.action),
        entry.actor.name,
        entry.actor.title,
        decision.role,
        words.role(decision.role),
        entry.record.id,
        entry.record.name,
        entry.record.title,
        entry.organization.name or entry.organization.id,
        entry.organization.title,
        entry.subject.name,
        entry.subject.title,
        _plain(decision.before),
        _plain(decision.after),
        decision.reason,
        words.reason(decision.reason),
        decision.note,
    ]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What changed, for people: the label of each key, what it was and what it is now."""
    keys = [*before, *(key for key in after if key not in before)]
    return [(words.key(key), words.value(key, before.get(key)), words.value(key, after.get(key))) for key in keys]


def _named(thing: Account | Thing) -> Json | None:
    return asdict(thing) if thing.id else None


def _plain(content: Mapping[str, Any]) -> str:
    return "; ".join(f"{key}: {content[key]}" for key in content)
