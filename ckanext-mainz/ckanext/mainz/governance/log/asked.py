"""What the action, the page and the table ask the decision log for, read from outside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.governance import people
from ckanext.mainz.governance.decisions import Question
from ckanext.mainz.governance.log import auth

_ = toolkit._
Dict = dict[str, Any]
LIMIT, MOST = 50, 1000


def question(person: people.Person, data: Mapping[str, Any]) -> Question:
    """The question of a reader of the log, within what they may see. Raises ValidationError.

    Whether a record or an organisation is unknown or not theirs makes no difference: there are no rows.
    """
    errors: Dict = {}
    asked = Question(
        record_id=_id_of(model.Package, data, "id", errors),
        organization_id=_id_of(model.Group, data, "organization", errors),
        action=_text(data, "action", errors),
        since=_moment(data, "since", errors),
        until=_moment(data, "until", errors, whole_day=True),
        organizations=auth.scope(person),
        limit=_number(data, "limit", LIMIT, MOST, errors),
        offset=_number(data, "offset", 0, 10**9, errors),
    )
    if errors:
        raise toolkit.ValidationError(errors)
    return asked


def zone() -> ZoneInfo:
    """The zone of days without one."""
    return ZoneInfo(str(toolkit.h.get_display_timezone()))


def _text(data: Mapping[str, Any], name: str, errors: Dict) -> str:
    given = data.get(name) or ""
    if not isinstance(given, str) or "\0" in given:
        errors[name] = [_("A text is expected here.")]
        return ""
    return given.strip()


def _id_of(kind: Any, data: Mapping[str, Any], name: str, errors: Dict) -> str:
    """The id behind an id or name; what is gone is still found by its id."""
    given = _text(data, name, errors)
    found = kind.get(given) if given else None
    return str(found.id) if found else given


def _moment(data: Mapping[str, Any], name: str, errors: Dict, whole_day: bool = False) -> datetime | None:
    """A day or a moment; the end of a day where it says until when."""
    given = _text(data, name, errors)
    if not given:
        return None
    try:
        if len(given) == len("2026-01-31"):
            day = date.fromisoformat(given) + timedelta(days=1 if whole_day else 0)
            return datetime.combine(day, time.min, zone())
        moment = datetime.fromisoformat(given)
        return moment if moment.tzinfo else moment.replace(tzinfo=zone())
    except (ValueError, OverflowError):
        errors[name] = [_("A date is expected here, such as 2026-01-31.")]
        return None


def _number(data: Mapping[str, Any], name: str, default: int, most: int, errors: Dict) -> int:
    try:
        value = int(data.get(name, default))
    except (TypeError, ValueError):
        value = -1
    if not 0 <= value <= most:
        errors[name] = [_("A whole number from 0 to {most} is expected here.").format(most=most)]
    return value
