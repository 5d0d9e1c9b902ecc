"""Whether the portal shows example datasets, so that nobody takes them for real ones."""

from __future__ import annotations

import ckan.model as model
from sqlalchemy import exists, func, select


def has_examples() -> bool:
    """True while a public dataset is marked as an example; asks the database, so also while the search is down."""
    package = model.package_table
    marked = (
        select(package.c.id)
        .where(package.c.state == "active", package.c.private.is_(False))
        .where(func.lower(package.c.extras["is_example"].astext) == "true")
    )
    return bool(model.Session.scalar(select(exists(marked))))
