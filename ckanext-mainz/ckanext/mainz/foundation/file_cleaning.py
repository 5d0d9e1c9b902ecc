"""Takes away bytes that nothing points to: replaced deliveries, files of deleted resources, uploads cut short.

Only locations of our own shape are touched (``aaa/bbb/<rest>/<key>`` and ``staged/<key>``). Their age stands in the
key, so that this works on every kind of storage.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import ckan.model as model
import sqlalchemy as sa
from ckan import plugins as p
from ckan.lib import files

from ckanext.mainz.foundation.file_staging import FOLDER
from ckanext.mainz.foundation.files import resource_storage, written_at
from ckanext.mainz.foundation.interfaces import IFileKeeper

DAY = 24 * 3600.0


@dataclass(frozen=True)
class Leftover:
    """Bytes without an owner: where they lie, how many, how old in seconds."""

    location: str
    size: int
    age: float


def leftovers(older_than: float = DAY) -> Iterator[Leftover]:
    """All bytes in the storage of resources that no resource points to and that are older than so many seconds.

    What is younger is let be: its record may not have been committed yet.
    """
    storage, wanted, now = resource_storage(), pointed_to(), time.time()
    for location in storage.scan():
        age = _age(location, now)
        if age is not None and age > older_than and location not in wanted:
            yield Leftover(location, storage.size(files.Location(location)), age)


def clean(older_than: float = DAY) -> list[Leftover]:
    """Removes all `leftovers` and returns them."""
    storage = resource_storage()
    found = list(leftovers(older_than))
    for leftover in found:
        storage.remove(files.FileData(files.Location(leftover.location)))
    return found


def pointed_to() -> set[str]:
    """Locations of the files of all resources that are not deleted, also those of drafts and withdrawn records, and of
    those that a room keeps for later.

    The latter are read first: what is decided meanwhile moves from them to the resources, never the other way.
    """
    keys = [one for plugin in p.PluginImplementations(IFileKeeper) for one in plugin.kept_files()]
    table = model.resource_table
    rows = model.Session.execute(sa.select(table.c.id, table.c.extras).where(table.c.state != model.State.DELETED))
    keys += [(id, (extras or {}).get("file_key")) for id, extras in rows]
    return {f"{id[:3]}/{id[3:6]}/{id[6:]}/{key}" for id, key in keys if key}


def _age(location: str, now: float) -> float | None:
    *folders, key = location.split("/")
    if folders != [FOLDER] and len(folders) != 3:
        return None
    try:
        return now - written_at(key)
    except ValueError:
        return None
