"""What a person has to do here: their drafts and the datasets of their organisations, from the database, so that it is
right also while the search lags or is down."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.common import current_user
from ckan.plugins import toolkit

from ckanext.mainz.portal import wording
from ckanext.mainz.portal.forms.kinds import DATASET, SERIES, SERVICE

MOST = 50


@dataclass(frozen=True)
class Entry:
    """A record in the list: type, name, title, organisation, day of the last change, whether it is private."""

    type: str
    name: str
    title: str
    organization: str
    changed: str
    private: bool


@dataclass(frozen=True)
class Work:
    """The start page of an editor. `others` are series and services; `more` says that not all datasets are listed."""

    may_add: bool
    drafts: tuple[Entry, ...]
    datasets: tuple[Entry, ...]
    others: tuple[Entry, ...]
    more: bool


def work() -> Work:
    """Drafts and datasets that the person who asks may change."""
    offices = toolkit.h.organizations_available("update_dataset")
    titles = {one["id"]: one.get("display_name") or one["name"] for one in offices}
    datasets = _entries(titles, model.State.ACTIVE)
    return Work(
        may_add=bool(toolkit.h.organizations_available("create_dataset")),
        drafts=tuple(_entries(titles, "draft")),
        datasets=tuple(datasets[:MOST]),
        others=tuple(_entries(titles, model.State.ACTIVE, (SERIES.type, SERVICE.type))[:MOST]),
        more=len(datasets) > MOST,
    )


def _entries(titles: dict[str, str], state: str, types: Collection[str] = (DATASET.type,)) -> list[Entry]:
    table = model.Package
    mine: Any = sa.or_(table.owner_org.in_(list(titles)), table.creator_user_id == current_user.id)
    found = (
        model.Session.query(table)
        .filter(table.type.in_(types), table.state == state, mine)
        .order_by(table.metadata_modified.desc())
        .limit(MOST + 1)
    )
    language = toolkit.h.lang()
    return [
        Entry(
            one.type,
            one.name,
            one.title or one.name,
            titles.get(one.owner_org or "", ""),
            wording.moment(one.metadata_modified.isoformat(), language),
            bool(one.private),
        )
        for one in found
    ]
