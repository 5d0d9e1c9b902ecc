"""The page of a record for those who work on it or decide about it: where it stands, and what can be done now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit
from flask import current_app

from ckanext.mainz.governance import actions, levels, logbook, people, standing_release, telling, writing
from ckanext.mainz.governance.pages import check_place, entrance, possible, words
from ckanext.mainz.governance.record import Standing

_ = toolkit._
Dict = dict[str, Any]
#: Where a record is given to another organisation, as far as the portal has that page.
HANDOVER = "mainz_roles.handover"


@dataclass(frozen=True)
class Tried:
    """A decision that was refused: which, what was typed, and what is wrong (field → sentences)."""

    action: str = ""
    typed: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """What every page about a record says of it."""

    id: str
    name: str
    type: str
    title: str
    organization: str
    address: str
    state: str
    state_code: str
    level: str
    level_code: str


def about(action: str, id: str) -> Standing:
    """The record of a page. Raises what `actions.about` raises."""
    return actions.about(entrance.context(), action, id)


def head(standing: Standing) -> Head:
    """What a page says of a record."""
    package = writing.stored(standing.id)
    owner = people.organizations().get(standing.owner)
    return Head(
        id=standing.id,
        name=standing.name,
        type=standing.type,
        title=(package.title if package else "") or standing.name,
        organization=owner.title if owner else "",
        address=toolkit.h.mainz_links().record(standing.type, standing.name),
        state=_("Form not finished") if standing.form_open else words.state(standing.state),
        state_code=standing.state,
        level=words.level(standing.level),
        level_code=standing.level,
    )


def page(standing: Standing, tried: Tried) -> Dict:
    """What the template needs."""
    person = entrance.person()
    can = possible.of(person, standing)
    row = logbook.row(standing.id)
    return {
        "head": head(standing),
        "can": can,
        "readers": telling.readers_of(standing),
        "asked": None if standing.released else telling.readers_of(standing, standing.level),
        "returned": row.get("returned") if standing.state in (levels.ENTWURF, levels.INVENTAR) else None,
        "check": check_place.answers(standing) if can.send_back or can.release else [],
        "unread": check_place.unread(standing) if can.send_back or can.release else [],
        "handed_in": row["asked"] if standing.state == levels.EINGEREICHT else None,
        "handed_in_by": _name(row["asked_by"]) if standing.state == levels.EINGEREICHT else "",
        "also_later": standing_release.holds(standing),
        "proposals": _proposals(standing),
        "history": entrance.call("mainz_record_history", {"id": standing.id}),
        "handover": handover(standing) if can.handover else "",
        "levels": words.level_choices(str(tried.typed.get("visibility") or ""), can.levels),
        "third_parties": third_parties(standing, tried.typed),
        "offered": _offered(can),
        "tried": tried,
        "words": words,
        "pkg_dict": {"id": standing.id, "name": standing.name, "type": standing.type, "owner_org": standing.owner},
    }


def _offered(can: possible.Possible) -> Dict:
    """Action → whether the page has its form now."""
    return {
        "mainz_record_release": can.release,
        "mainz_record_return": can.send_back,
        "mainz_record_visibility_set": bool(can.levels),
        "mainz_record_archive": can.archive,
        "mainz_record_withdraw": can.withdraw,
    }


def third_parties(standing: Standing, typed: Mapping[str, Any]) -> list[words.Choice]:
    """Organisations that a record can be shared with by name."""
    chosen = frozenset(typed["shared_with"]) if "shared_with" in typed else standing.shared_with
    third = [one for one in people.organizations().values() if one.kind == levels.DRITTE]
    return [
        words.Choice(one.name, one.title, "", one.name in chosen) for one in sorted(third, key=lambda each: each.title)
    ]


def handover(standing: Standing) -> str:
    """Where the record is handed over; empty while the portal has no such page."""
    there = HANDOVER in current_app.view_functions
    return toolkit.h.url_for(HANDOVER, id=standing.name) if there else ""


def _proposals(standing: Standing) -> list[Dict]:
    found = entrance.call("mainz_proposal_list", {"id": standing.id, "state": "all"})
    return [{**one, "author_title": _name(one["author"])} for one in found if one["state"] != "ersetzt"][::-1]


def _name(user: str) -> str:
    found = model.User.get(user) if user else None
    return found.display_name if found is not None and found.state == model.State.ACTIVE else ""
