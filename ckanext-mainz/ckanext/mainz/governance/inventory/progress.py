"""How far the organisations are with their inventories: from the entry to what everybody reads."""

from __future__ import annotations

from dataclasses import dataclass

import ckan.model as model
import sqlalchemy as sa

from ckanext.mainz.governance import levels, people, proposals, tables


@dataclass(frozen=True)
class Progress:
    """Numbers of one organisation (`name` is its address), or of all together.

    `all`: what ever was entered in its inventory; `begun`: entries of which somebody is making a dataset; `datasets`:
    those that became one; `public`: those that everybody reads; `due`: entries whose day has come.
    """

    name: str
    title: str
    all: int = 0
    begun: int = 0
    datasets: int = 0
    public: int = 0
    due: int = 0


NUMBERS = ("all", "begun", "datasets", "public", "due")


def by_organization() -> list[Progress]:
    """The progress of each organisation, by title; those without an inventory too, since they are still to be asked."""
    package, own, proposal = model.package_table.c, tables.inventory.c, tables.proposal.c
    is_entry = package.extras["lifecycle"].astext == levels.INVENTAR
    under_way = sa.exists().where(
        proposal.package_id == package.id,
        proposal.kind == proposals.PROMOTE,
        proposal.state.in_((proposals.BEGUN, proposals.OPEN)),
    )
    counts = (
        sa.func.count(),
        sa.func.count().filter(is_entry, under_way),
        sa.func.count().filter(sa.not_(is_entry)),
        sa.func.count().filter(package.private.is_(False)),
        sa.func.count().filter(is_entry, own.review <= people.today()),
    )
    rows = model.Session.execute(
        sa.select(package.owner_org, *counts)
        .select_from(model.package_table.join(tables.inventory, own.package_id == package.id))
        .where(package.state == model.State.ACTIVE)
        .group_by(package.owner_org)
    )
    found = {row[0]: dict(zip(NUMBERS, row[1:], strict=True)) for row in rows}
    organizations = sorted(people.organizations().values(), key=lambda one: one.title.casefold())
    return [Progress(one.name, one.title, **found.get(one.id, {})) for one in organizations]


def total(found: list[Progress]) -> Progress:
    """All organisations together."""
    return Progress("", "", **{name: sum(getattr(one, name) for one in found) for name in NUMBERS})
