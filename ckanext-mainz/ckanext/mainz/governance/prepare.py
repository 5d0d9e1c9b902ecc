"""Takes over what was in the portal before it was governed: each record gets its row, and a row in the log."""

from __future__ import annotations

from collections.abc import Callable

import ckan.model as model
import ckan.plugins as p
import sqlalchemy as sa

from ckanext.mainz.governance import levels, logbook, people, proposals, record, tables

PLUGIN = "mainz_governance"
REASON = "uebernahme"


def take_over(progress: Callable[..., object]) -> None:
    """Looks for records without a row; can be repeated. What the migration took for released stays public.

    Where governance is not switched on, its tables need not be there, and nothing is done.
    """
    if not p.plugin_loaded(PLUGIN):
        return
    waiting = _unknown()
    for number, id in enumerate(waiting, start=1):
        _take(id)
        progress("Taking records over into governance …", number, len(waiting))


def _unknown() -> list[str]:
    package, row = model.package_table.c, tables.record.c
    wanted = (
        sa.select(package.id)
        .outerjoin(tables.record, row.package_id == package.id)
        .where(package.type.in_(sorted(record.TYPES)), package.state != model.State.DELETED, row.package_id.is_(None))
        .order_by(package.metadata_created)
    )
    return list(model.Session.execute(wanted).scalars())


def _take(id: str) -> None:
    package = model.Session.get(model.Package, id)
    if package is None:
        return
    standing = record.of(package)
    logbook.begin(id)
    logbook.note(people.NOBODY, standing, "take_over", reason=REASON)
    if standing.state == levels.FREIGEGEBEN:
        logbook.released(id, people.NOBODY, "portal", standing.level, proposals.content_of(id))
    elif package.creator_user_id:
        logbook.contributed(id, package.creator_user_id)
    model.Session.commit()
