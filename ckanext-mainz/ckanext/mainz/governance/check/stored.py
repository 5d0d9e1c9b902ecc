"""The scan of uploaded files, done once for each delivery and kept.

A record is given as ``package_show`` gives it, or with the files of a proposal in their place: bytes are known by
resource and ``file_key``, whether they are released or not.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.lib import files
from sqlalchemy.dialects.postgresql import insert

from ckanext.mainz import tabular
from ckanext.mainz.governance import config
from ckanext.mainz.governance.check import scan
from ckanext.mainz.governance.check.findings import FileFinding, Finding, Findings, Unread
from ckanext.mainz.governance.check.tables import scan as table
from ckanext.mainz.metadata.dictionary import structures

log = logging.getLogger(__name__)
Resource = Mapping[str, Any]
Record = Mapping[str, Any]
# Plain text: SQLAlchemy compiles statements with CKAN's column of extras anew each time.
NEW_FILES = sa.text(
    """
    SELECT EXISTS (
        SELECT FROM (
            SELECT id, format, reverse(split_part(reverse(url), '.', 1)) AS ending,
                CAST(NULLIF(extras, '') AS jsonb) ->> 'file_key' AS file_key
            FROM resource WHERE package_id = :package_id AND state = 'active' AND url_type = 'upload'
        ) AS file
        WHERE file_key <> '' AND (upper(format) = ANY(:formats) OR upper(ending) = ANY(:formats))
            AND NOT EXISTS (SELECT FROM mainz_scan WHERE resource_id = file.id AND mainz_scan.file_key = file.file_key)
    )
    """
)

NO_TABLE, FORMAT, MISSING = "no_table", "format", "missing"
#: What was found in files that another one has replaced is of no use for long.
KEPT = timedelta(days=90)


def findings_of(record: Record) -> Findings:
    """What is known of the files of a record, without looking at any."""
    return _collected(record, {one["id"]: _kept(one, title_of(record, one)) for one in tables_of(record)})


def look(record: Record) -> Findings:
    """What is known of the files of a record, after a look at those that nobody has looked at and that are small.

    For the others the worker has to be asked (`background.ask`); their names are in ``waiting``. Writes in the present
    transaction.
    """
    for resource in unscanned(record):
        if int(resource.get("size") or 0) <= config.scan_at_once_bytes():
            scan_resource(resource, title_of(record, resource))
    return findings_of(record)


def scan_record(record: Record) -> list[FileFinding]:
    """All findings in the files of a record; looks at each that nobody has looked at, however large it is."""
    for resource in unscanned(record):
        scan_resource(resource, title_of(record, resource))
    return list(findings_of(record).items)


def unscanned(record: Record) -> list[Resource]:
    """Uploaded tables of a record that nobody has looked at since they were delivered, or that could not be opened."""
    return [one for one in tables_of(record) if _is_open(_kept(one, title_of(record, one)))]


def _is_open(row: Any) -> bool:
    return row is None or row.problem == MISSING


def has_new_files(package_id: str) -> bool:
    """Whether a stored record has uploaded tables that nobody has looked at. Asked at each save, so it is one query."""
    return bool(model.Session.scalar(NEW_FILES, {"package_id": package_id, "formats": list(structures.FORMATS)}))


def tables_of(record: Record) -> list[Resource]:
    """Uploaded files of a record that may be tables: by their format, or by the name that they came with."""
    return [one for one in record.get("resources") or () if one.get("file_key") and _may_be_table(one)]


def _may_be_table(resource: Resource) -> bool:
    ending = str(resource.get("url") or "").rpartition(".")[2].upper()
    return structures.is_table(resource) or (resource.get("url_type") == "upload" and ending in structures.FORMATS)


def title_of(record: Record, resource: Resource) -> str:
    """What a table is called: it helps to tell what its columns mean."""
    return " ".join(str(one) for one in (record.get("title"), resource.get("name")) if one)


def scan_resource(resource: Resource, title: str) -> None:
    """Looks at a file and keeps what was found, in the present transaction; also that there was nothing to look at."""
    problem, scanned = "", scan.Scanned(())
    try:
        with structures.local_copy(resource) as path:
            scanned = scan.scan_file(path, title=title, small_cells=config.small_cells())
    except tabular.NotATable as error:
        log.info("The file of resource %s is no table: %s", resource["id"], error)
        problem = NO_TABLE
    except (files.exc.MissingFileError, OSError) as error:
        log.warning("The file of resource %s cannot be read: %s", resource["id"], error)
        problem = MISSING
    _keep(resource, title, scanned, problem)


def basis(title: str) -> str:
    """By what a scan is done: where that differs, the same bytes may give other findings."""
    return f"{scan.VERSION}.{config.small_cells()}.{hashlib.sha256(title.encode()).hexdigest()[:12]}"


def _kept(resource: Resource, title: str) -> Any:
    """The row of a file, None where nobody has looked at it by the present rules."""
    mine = (table.c.resource_id == resource["id"], table.c.file_key == resource["file_key"])
    return model.Session.execute(sa.select(table).where(*mine, table.c.basis == basis(title))).one_or_none()


def _keep(resource: Resource, title: str, scanned: scan.Scanned, problem: str) -> None:
    now = datetime.now(UTC)
    others = (table.c.resource_id == resource["id"], table.c.file_key != resource["file_key"])
    model.Session.execute(sa.delete(table).where(*others, table.c.looked < now - KEPT))
    row = {
        "resource_id": resource["id"],
        "file_key": resource["file_key"],
        "basis": basis(title),
        "findings": [one.as_json() for one in scanned.findings],
        "unread_sheets": list(scanned.unread),
        "problem": problem,
        "looked": now,
    }
    statement = insert(table).values(row)
    keys = ["resource_id", "file_key"]
    model.Session.execute(statement.on_conflict_do_update(index_elements=keys, set_=row))


def _collected(record: Record, rows: Mapping[str, Any]) -> Findings:
    found: list[FileFinding] = []
    waiting: list[str] = []
    unread: list[Unread] = []
    for resource in record.get("resources") or ():
        if resource.get("id") in rows:
            row = rows[resource["id"]]
            if row is None:
                waiting.append(_name(resource))
                continue
            found += _of_row(resource, row)
            unread += _unread(resource, row)
        elif resource.get("url_type") == "upload":
            unread.append(Unread(resource["id"], _name(resource), FORMAT))
    return Findings(tuple(found), tuple(waiting), tuple(unread))


def _of_row(resource: Resource, row: Any) -> Iterator[FileFinding]:
    level = str(resource.get("visibility") or "")
    for one in row.findings:
        yield FileFinding(resource["id"], resource["file_key"], _name(resource), level, Finding.of(one))


def _unread(resource: Resource, row: Any) -> Iterator[Unread]:
    if row.problem:
        yield Unread(resource["id"], _name(resource), row.problem)
    for sheet in row.unread_sheets:
        yield Unread(resource["id"], f"{_name(resource)} / {sheet}", NO_TABLE)


def _name(resource: Resource) -> str:
    return str(resource.get("name") or resource.get("url") or resource["id"]).rpartition("/")[2]
