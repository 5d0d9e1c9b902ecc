"""Scores as they are kept: one row a dataset, read again for lists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.mainz.metadata.quality import mqa
from ckanext.mainz.metadata.quality.tables import quality

TYPE = "dataset"
# Plain text, as this is done at each save: SQLAlchemy compiles ``ON CONFLICT`` anew each time.
KEEP = sa.text(
    """
    INSERT INTO mainz_quality (package_id, score, dimensions, findings, computed)
    VALUES (:package_id, :score, :dimensions, :findings, :computed)
    ON CONFLICT (package_id) DO UPDATE SET score = excluded.score, dimensions = excluded.dimensions,
        findings = excluded.findings, computed = excluded.computed
    """
)


@dataclass(frozen=True)
class Kept:
    """The stored score of a dataset with what a list shows of it."""

    id: str
    name: str
    title: str
    private: bool
    organization_id: str
    organization_name: str
    organization_title: str
    score: int
    dimensions: dict[str, int]
    findings: int
    computed: datetime


@dataclass(frozen=True)
class Question:
    """Which scores are asked for, and in which order.

    `visible` holds the ids that the reader may see; None means what is public.
    """

    organization: str = ""
    order: str = "score"
    limit: int = 20
    offset: int = 0
    visible: frozenset[str] | None = None


@dataclass(frozen=True)
class Summary:
    """Number and median of the scores that a question means, and how many have each rating."""

    count: int
    median: float
    ratings: dict[str, int]


def keep(package_id: str, score: mqa.Score, findings: int) -> None:
    """Stores a score in the present transaction."""
    row = {
        "package_id": package_id,
        "score": score.total,
        "dimensions": json.dumps({one.code: sum(point.earned for point in points) for one, points in score.dimensions}),
        "findings": findings,
        "computed": datetime.now(UTC),
    }
    model.Session.execute(KEEP, row)


def listed(question: Question) -> list[Kept]:
    """The scores that a question means."""
    package, group = model.package_table, model.group_table
    columns = (
        *(package.c.id, package.c.name, package.c.title, package.c.private, package.c.owner_org),
        *(group.c.name, group.c.title),
        *(quality.c.score, quality.c.dimensions, quality.c.findings, quality.c.computed),
    )
    joined = quality.join(package, package.c.id == quality.c.package_id)
    source = joined.outerjoin(group, group.c.id == package.c.owner_org)
    asked = sa.select(*columns).select_from(source).where(*_conditions(question)).order_by(*_order(question.order))
    rows = model.Session.execute(asked.limit(question.limit).offset(question.offset))
    return [Kept(*(_empty(value) for value in row)) for row in rows]


def summary(question: Question) -> Summary:
    """Number, median and ratings of all scores that a question means, whatever its page is."""
    package = model.package_table
    median = sa.func.percentile_cont(0.5).within_group(quality.c.score)
    best_first = mqa.scheme().ratings
    upper = (None, *(least for _code, least in best_first[:-1]))
    counts = [
        sa.func.count().filter(quality.c.score >= least, *([quality.c.score < below] if below else []))
        for (_code, least), below in zip(best_first, upper, strict=True)
    ]
    source = quality.join(package, package.c.id == quality.c.package_id)
    asked = sa.select(sa.func.count(), median, *counts).select_from(source).where(*_conditions(question))
    count, middle, *found = model.Session.execute(asked).one()
    codes = [code for code, _least in best_first]
    return Summary(count, float(middle or 0), dict(zip(codes, found, strict=True)))


def organizations() -> list[tuple[str, str]]:
    """Name and title of every organisation that has public datasets with a score, by title."""
    package, group = model.package_table, model.group_table
    source = quality.join(package, package.c.id == quality.c.package_id).join(group, group.c.id == package.c.owner_org)
    title = sa.func.coalesce(sa.func.nullif(group.c.title, ""), group.c.name)
    asked = sa.select(group.c.name, title).select_from(source).where(*_conditions(Question())).distinct()
    return sorted(((name, shown) for name, shown in model.Session.execute(asked)), key=lambda one: one[1].casefold())


def _conditions(question: Question) -> list[sa.ColumnElement[bool]]:
    """What is public is told by the database's own flag, which everything that is not released lacks."""
    package = model.package_table
    found = [package.c.type == TYPE]
    if question.organization:
        found.append(package.c.owner_org == question.organization)
    if question.visible is not None:
        return [*found, package.c.id.in_(question.visible), package.c.state != model.State.DELETED]
    return [*found, package.c.state == model.State.ACTIVE, package.c.private.is_(False)]


def _order(order: str) -> Sequence[Any]:
    title, id = model.package_table.c.title, model.package_table.c.id
    orders = {"score": (quality.c.score.asc(), title, id), "-score": (quality.c.score.desc(), title, id)}
    return orders.get(order, (title, id))


def _empty(value: Any) -> Any:
    return "" if value is None else value
