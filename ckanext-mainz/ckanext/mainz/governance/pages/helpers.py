"""Template helpers: what the pages of a record say of its level and state, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit

from ckanext.mainz.governance import auth, levels, logbook, people, record, telling, working
from ckanext.mainz.governance.pages import entrance, waiting, words
from ckanext.mainz.governance.proposals import Proposal

_ = toolkit._


@dataclass(frozen=True)
class Line:
    """What stands above a record. `readers` is empty for what is public; `address` is for those who work on it."""

    state: str
    level: str
    readers: str
    address: str
    archived: bool
    public: bool


@dataclass(frozen=True)
class Notice:
    """What the forms say before somebody changes a record. `proposal` is their own that waits."""

    state: str
    level: str
    readers: str
    address: str
    released: bool
    held: bool
    waits_for_office: bool
    also_later: bool
    proposal: Proposal | None


def get_helpers() -> dict[str, Any]:
    return {
        "mainz_governance_line": line,
        "mainz_governance_notice": notice,
        "mainz_decides": decides,
        "mainz_reasons": words.reason_choices,
        "mainz_levels": words.level_choices,
        "mainz_role": words.role,
        "mainz_term": words.term,
        "mainz_proposal_state": words.proposal_state,
    }


def line(pkg_dict: Mapping[str, Any]) -> Line | None:
    """Level and state for those who may see more than the public; for all others only that a record is archived."""
    if pkg_dict.get("type") not in record.TYPES or pkg_dict.get("state") != "active":
        return None
    standing = record.of_record(pkg_dict)
    public = levels.is_public(standing.level, standing.state)
    archived = standing.state == levels.ARCHIVIERT
    person = entrance.person()
    closely = bool(person.id) and auth.reads_closely(person, standing)
    if public and not closely and not archived:
        return None
    return Line(
        state=words.state(standing.state),
        level=words.level(standing.level),
        readers="" if public else telling.readers_of(standing)["sentence"],
        address=toolkit.h.url_for("mainz_governance.record", id=standing.name) if closely else "",
        archived=archived,
        public=public,
    )


def notice(pkg_dict: Mapping[str, Any]) -> Notice | None:
    """What somebody must know before they change a record; None for a form that is not finished yet."""
    standing = record.of_record(pkg_dict)
    if standing.form_open:
        return None
    person = entrance.person()
    return Notice(
        state=words.state(standing.state),
        level=words.level(standing.level),
        readers=telling.readers_of(standing)["sentence"],
        address=toolkit.h.url_for("mainz_governance.record", id=standing.name),
        released=standing.released,
        held=working.is_held(person, standing),
        waits_for_office=standing.level == levels.OEFFENTLICH,
        also_later=bool(logbook.row(standing.id)["standing"]),
        proposal=working.under_way(person, standing),
    )


def decides() -> bool:
    """Whether something can wait for the decision of the person at the page."""
    return current_user.is_authenticated and waiting.decides_anywhere(people.person(current_user.name))
