"""What a person has to do here: their drafts and the datasets of their organisations, from the database, so that it is
right also while the search lags or is down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.common import current_user
from ckan.plugins import toolkit

from ckanext.mainz.portal import wording

MOST = 50


@dataclass(frozen=True)
class Entry:
    """A dataset in the list: address, title, organisation, day of the last change, whether it is private."""

    name: str
    title: str
    organization: str
    changed: str
    private: bool


@dataclass(frozen=True)
class Work:
    """The start page of an editor. `more` says that not all datasets are listed."""

    may_add: bool
    drafts: tuple[Entry, ...]
    datasets: tuple[Entry, ...]
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
        more=len(datasets) > MOST,
    )


def _entries(titles: dict[str, str], state: str) -> list[Entry]:
    table = model.Package
    mine: Any = sa.or_(table.owner_org.in_(list(titles)), table.creator_user_id == current_user.id)
    found = (
        model.Session.query(table)
        .filter(table.type == "dataset", table.state == state, mine)
        .order_by(table.metadata_modified.desc())
        .limit(MOST + 1)
    )
    language = toolkit.h.lang()
    return [
        Entry(
            one.name,
            one.title or one.name,
            titles.get(one.owner_org or "", ""),
            wording.moment(one.metadata_modified.isoformat(), language),
            bool(one.private),
        )
        for one in found
    ]
