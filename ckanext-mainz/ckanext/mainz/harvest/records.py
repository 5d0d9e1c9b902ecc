"""What is remembered of the records of a source, in the table ``mainz_harvest_record``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.mainz.foundation.errors import Message
from ckanext.mainz.harvest import identity
from ckanext.mainz.harvest.merging import Memory
from ckanext.mainz.harvest.report import Reason
from ckanext.mainz.harvest.tables import record as table

AT_ONCE = 500
KEYS = table.c["keys"]  # `table.c.keys` is a method
CURRENT, REFUSED, ARCHIVED, LINKED = "current", "refused", "archived", "linked"


@dataclass(frozen=True)
class Remembered:
    """One record without what it said; `missing` are complete runs in a row in which it was not listed."""

    guid: str
    keys: frozenset[str]
    likeness: str
    fingerprint: str
    package_id: str
    state: str
    missing: int

    def as_known(self) -> identity.Known:
        """The same for telling which record is which."""
        return identity.Known(self.guid, self.keys, self.likeness)


@dataclass(frozen=True)
class Written:
    """What is to be remembered of a record after it was written or refused."""

    guid: str
    keys: frozenset[str]
    likeness: str
    fingerprint: str
    package_id: str
    state: str
    memory: Memory
    notes: Mapping[str, Any]


def known(source_id: str) -> dict[str, Remembered]:
    """All records of a source, by identifier."""
    columns = (table.c.guid, KEYS, table.c.likeness, table.c.fingerprint, table.c.package_id)
    asked = sa.select(*columns, table.c.state, table.c.missing).where(table.c.source_id == source_id)
    rows = model.Session.execute(asked)
    return {row.guid: Remembered(row[0], frozenset(row[1]), *row[2:]) for row in rows}


def memory(source_id: str, guid: str) -> Memory:
    """What was remembered of the last writing of a record; nothing where it was never written."""
    asked = sa.select(table.c.memory).where(table.c.source_id == source_id, table.c.guid == guid)
    return _memory(model.Session.scalar(asked) or {})


def reasons(source_id: str, guid: str) -> tuple[Reason, ...]:
    """What was said of a record when it was last written or refused."""
    asked = sa.select(table.c.notes).where(table.c.source_id == source_id, table.c.guid == guid)
    stored = (model.Session.scalar(asked) or {}).get("reasons") or ()
    return tuple(Reason(one["code"], Message(one["message"]), one["values"]) for one in stored)


def remember(source_id: str, written: Written) -> None:
    """Notes a record in the present transaction; it is not missing any more."""
    now = datetime.now(UTC)
    values = {
        "keys": sorted(written.keys),
        "likeness": written.likeness,
        "fingerprint": written.fingerprint,
        "package_id": written.package_id,
        "state": written.state,
        "missing": 0,
        "memory": _as_json(written.memory),
        "notes": dict(written.notes),
        "changed": now,
    }
    row = {"source_id": source_id, "guid": written.guid, "first_seen": now, **values}
    statement = insert(table).values(row)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["source_id", "guid"], set_=values))


def rename(source_id: str, old: str, new: str) -> None:
    """A record has another identifier at its source now."""
    mine = (table.c.source_id == source_id, table.c.guid == old)
    model.Session.execute(sa.update(table).where(*mine).values(guid=new))


def found_again(source_id: str, guids: Collection[str]) -> None:
    """These are not missing any more; one statement for `AT_ONCE` of them, none where there are none."""
    for some in portions(guids):
        mine = (table.c.source_id == source_id, table.c.guid.in_(some))
        model.Session.execute(sa.update(table).where(*mine).values(missing=0))


def count_missing(source_id: str, guids: Collection[str]) -> dict[str, int]:
    """Counts one more complete run without these records; says for how many runs each is missing now."""
    found: dict[str, int] = {}
    for some in portions(guids):
        mine = (table.c.source_id == source_id, table.c.guid.in_(some))
        counted = sa.update(table).where(*mine).values(missing=table.c.missing + 1)
        rows = model.Session.execute(counted.returning(table.c.guid, table.c.missing))
        found |= {row.guid: row.missing for row in rows}
    return found


def set_state(source_id: str, guid: str, state: str) -> None:
    mine = (table.c.source_id == source_id, table.c.guid == guid)
    model.Session.execute(sa.update(table).where(*mine).values(state=state, changed=datetime.now(UTC)))


def elsewhere(source_id: str, keys: Collection[str]) -> dict[str, tuple[str, str]]:
    """Records that another source has brought and that have one of these keys: key → (source, id of the record)."""
    found: dict[str, tuple[str, str]] = {}
    for some in portions(keys):
        asked = sa.select(table.c.source_id, table.c.package_id, KEYS).where(
            table.c.source_id != source_id,
            table.c.state == CURRENT,
            table.c.package_id != "",
            KEYS.op("&&")(sa.cast(list(some), KEYS.type)),
        )
        for source, package_id, theirs in model.Session.execute(asked):
            found |= {key: (source, package_id) for key in theirs if key in keys}
    return found


def others_of(source_id: str, package_id: str) -> list[tuple[str, str]]:
    """Source and identifier of the records of other sources that are linked to a record here."""
    asked = sa.select(table.c.source_id, table.c.guid).where(
        table.c.source_id != source_id, table.c.package_id == package_id, table.c.state == LINKED
    )
    return [(row.source_id, row.guid) for row in model.Session.execute(asked)]


def portions(values: Iterable[str]) -> Iterator[list[str]]:
    """These, `AT_ONCE` at a time."""
    left = iter(values)
    while some := list(islice(left, AT_ONCE)):
        yield some


def _as_json(remembered: Memory) -> dict[str, Any]:
    files = {key: [id, _as_json(one)] for key, (id, one) in remembered.files.items()}
    return {"mapped": dict(remembered.mapped), "stored": dict(remembered.stored), "files": files}


def _memory(stored: Mapping[str, Any]) -> Memory:
    files = {key: (str(id), _memory(one)) for key, (id, one) in (stored.get("files") or {}).items()}
    return Memory(stored.get("mapped") or {}, stored.get("stored") or {}, files)
