"""What the worker does for quality: after saves, and every night."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.mainz.metadata.dictionary import structures
from ckanext.mainz.metadata.quality import assessing, links, store

log = logging.getLogger(__name__)
ADDRESSES = ("access_url", "download_url")
MANY = 500


def follow_up() -> None:
    """Reads tables that were uploaded and asks links that wait; then scores anew what hangs on the links."""
    structures.describe_all()
    while asked := links.check_waiting():
        score_all(_with_addresses(asked))


def nightly() -> None:
    """Asks all links, reads tables that nobody has read yet, and scores every dataset."""
    structures.describe_all()
    ids = list(datasets())
    links.check_all(_addresses(ids))
    log.info("%d datasets scored.", score_all(ids))


def score_organization(organization_id: str) -> None:
    """Scores the datasets of an organisation."""
    score_all(datasets(organization_id))


def datasets(organization_id: str = "") -> Iterator[str]:
    """Ids of all datasets that are not deleted."""
    table = model.package_table
    asked = sa.select(table.c.id).where(table.c.type == store.TYPE, table.c.state != model.State.DELETED)
    if organization_id:
        asked = asked.where(table.c.owner_org == organization_id)
    yield from model.Session.scalars(asked).all()


def score_all(ids: Iterable[str]) -> int:
    """Scores datasets, each in a transaction of its own, and says how many; those gone meanwhile are passed over."""
    done = 0
    for package_id in ids:
        try:
            assessment = assessing.assess(assessing.stored(package_id))
            store.keep(package_id, assessment.score, len(assessment.findings))
            model.Session.commit()
        except toolkit.ObjectNotFound:
            model.Session.rollback()
            continue
        done += 1
    return done


def _addresses(ids: Iterable[str]) -> Iterator[str]:
    for package_id in ids:
        try:
            yield from assessing.addresses(assessing.stored(package_id))
        except toolkit.ObjectNotFound:
            continue


def _with_addresses(urls: list[str]) -> set[str]:
    """Ids of the datasets that use one of these addresses."""
    table = model.resource_table
    extras = sa.cast(table.c.extras, JSONB)
    found: set[str] = set()
    for start in range(0, len(urls), MANY):
        some = urls[start : start + MANY]
        uses = sa.or_(table.c.url.in_(some), *(extras[name].astext.in_(some) for name in ADDRESSES))
        asked = sa.select(table.c.package_id).where(table.c.state == model.State.ACTIVE, uses)
        found.update(model.Session.scalars(asked))
    return found
