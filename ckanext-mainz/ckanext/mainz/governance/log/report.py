"""Rows of the decision log as the action, the page and the table give them out, in the language of the request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from babel.dates import format_date, format_time
from ckan.plugins import toolkit

from ckanext.mainz.governance.decisions import Entry, Named
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
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "action": entry.action,
        "action_label": words.action(entry.action),
        "actor": _named(entry.names.actor),
        "role": entry.role,
        "role_label": words.role(entry.role),
        "record": _named(entry.names.record),
        "organization": _named(entry.names.organization),
        "subject": _named(entry.names.subject),
        "before": dict(entry.before),
        "after": dict(entry.after),
        "reason": entry.reason,
        "reason_label": words.reason(entry.reason),
        "note": entry.note,
    }


def cells(entry: Entry) -> list[Any]:
    """A row of the table. Users stand in it by name, not by id: a table lives longer than an account."""
    names = entry.names
    return [
        entry.id,
        entry.at.astimezone(zone()).isoformat(timespec="seconds"),
        entry.action,
        words.action(entry.action),
        names.actor.name,
        names.actor.title,
        entry.role,
        words.role(entry.role),
        names.record.id,
        names.record.name,
        names.record.title,
        names.organization.name or names.organization.id,
        names.organization.title,
        names.subject.name,
        names.subject.title,
        _plain(entry.before),
        _plain(entry.after),
        entry.reason,
        words.reason(entry.reason),
        entry.note,
    ]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What changed, for people: the label of each key, what it was and what it is now."""
    keys = [key for key in {**before, **after} if key not in words.FOR_PROGRAMS]
    return [(words.key(key), words.value(key, before.get(key)), words.value(key, after.get(key))) for key in keys]


def moment(at: str) -> str:
    """Day and time of a row, given as the action gives it, in the portal's zone and the language of the request."""
    local = datetime.fromisoformat(at).astimezone(zone())
    language = toolkit.h.lang()
    return f"{format_date(local, 'long', language)}, {format_time(local, 'short', locale=language)}"


def _named(thing: Named) -> Json | None:
    return asdict(thing) if thing.id else None


def _plain(content: Mapping[str, Any]) -> str:
    return "; ".join(f"{key}: {content[key]}" for key in content)
