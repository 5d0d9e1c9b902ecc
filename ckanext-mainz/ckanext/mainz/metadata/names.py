"""Addresses of records, each given once, also to writers who ask at the same moment.

CKAN 2.12 looks whether a name is free and saves later; a record of the same name that was committed in between is not
an error there but is overwritten, whoever it belongs to. So a writer holds the name from the look until the commit.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import ckan.model as model
import sqlalchemy as sa
from slugify import slugify

MAX_SLUG = 90
FALLBACK = "datensatz"
UMLAUTS = [(one, two) for one, two in zip("äöüßÄÖÜ", ("ae", "oe", "ue", "ss", "Ae", "Oe", "Ue"), strict=True)]
LOCK_SPACE = 0x6D61696E  # "main", so that other users of advisory locks do not meet ours
HOLD = sa.text("SELECT pg_advisory_xact_lock(:space, hashtext(:name))")


def hold(name: str) -> None:
    """Waits until no other transaction holds this name, and holds it until this one ends."""
    model.Session.execute(HOLD, {"space": LOCK_SPACE, "name": name})


def free_name(title: str) -> str:
    """An address that no record has, made from a title; a taken one gets a number (``baumkataster-2``)."""
    base = slug(title) or FALLBACK
    hold(base)
    return next(name for name in _numbered(base) if model.Package.get(name) is None)


def slug(text: str) -> str:
    """An address from a title: lower case, umlauts in two letters, at most 90 characters."""
    return slugify(text, max_length=MAX_SLUG, word_boundary=True, replacements=UMLAUTS)


def _numbered(base: str) -> Iterator[str]:
    yield base if len(base) > 1 else f"{base}-1"
    yield from (f"{base}-{number}" for number in count(2))
