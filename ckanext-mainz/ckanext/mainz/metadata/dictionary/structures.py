"""The structure of uploaded tables, read once for each delivery and kept."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, replace
from io import IOBase
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.lib import files
from sqlalchemy.dialects.postgresql import JSONB, insert

from ckanext.mainz import tabular
from ckanext.mainz.foundation.files import PortalResourceUpload, resource_storage
from ckanext.mainz.metadata.dictionary.columns import Column, Structure, found
from ckanext.mainz.metadata.quality.tables import structure as table

log = logging.getLogger(__name__)

#: Formats that a table can have. The reader tells by the bytes; this only keeps it from reading gigabytes of images.
FORMATS = frozenset({"CSV", "TSV", "XLSX", "XLS", "XLSB", "ODS", "TXT"})


def is_table(resource: Mapping[str, Any]) -> bool:
    """Whether a resource is an uploaded file that may hold a table."""
    return resource.get("url_type") == "upload" and str(resource.get("format") or "").upper() in FORMATS


def kept(resource: Mapping[str, Any]) -> Structure | None:
    """The structure of a resource's present file; None while nobody has read it, or if it is no table."""
    asked = sa.select(table).where(table.c.resource_id == resource["id"])
    row = model.Session.execute(asked.where(table.c.file_key == str(resource.get("file_key") or ""))).one_or_none()
    return _from_row(row) if row and row.columns else None


def read(resource: Mapping[str, Any]) -> Structure:
    """The structure of a resource's file, from its bytes.

    Raises `tabular.NotATable` for what is none, and `files.exc.MissingFileError` where the bytes are gone.
    """
    with local_copy(resource) as path:
        return replace(found(tabular.read(path)), sha256=_checksum(path))


def describe_all() -> int:
    """Reads every uploaded table that was not read since it was delivered; says how many."""
    waiting = list(_unread())
    for resource in waiting:
        _keep(resource, _read_or_nothing(resource))
        model.Session.commit()
    return len(waiting)


@contextmanager
def local_copy(resource: Mapping[str, Any]) -> Iterator[Path]:
    """The bytes of a resource in a file of their own, whatever kind of storage they lie in."""
    upload = PortalResourceUpload(dict(resource))
    data = files.FileData(upload.get_path(str(resource["id"])))
    stream = resource_storage().stream(data)
    with NamedTemporaryFile(prefix="mainz-table-") as copy, _closed(stream):
        for chunk in stream:
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _closed(stream: Iterable[bytes]) -> AbstractContextManager[object]:
    """Closes at its end what a storage has opened: that of the file system gives the file itself."""
    return stream if isinstance(stream, IOBase) else nullcontext()


def _unread() -> Iterator[dict[str, Any]]:
    one = model.resource_table
    extras = sa.cast(one.c.extras, JSONB)
    key = sa.func.coalesce(extras["file_key"].astext, "")
    read = sa.exists().where(table.c.resource_id == one.c.id, table.c.file_key == key)
    wanted = (one.c.state == model.State.ACTIVE, one.c.url_type == "upload", sa.func.upper(one.c.format).in_(FORMATS))
    columns = (one.c.id, one.c.url, one.c.url_type, one.c.format, key.label("file_key"))
    for row in model.Session.execute(sa.select(*columns).where(*wanted, ~read)).all():
        yield dict(row._mapping)


def _read_or_nothing(resource: Mapping[str, Any]) -> Structure:
    try:
        return read(resource)
    except tabular.NotATable as error:
        log.info("The file of resource %s is no table: %s", resource["id"], error)
    except (files.exc.MissingFileError, OSError) as error:
        log.warning("The file of resource %s cannot be read: %s", resource["id"], error)
    return Structure(())


def _keep(resource: Mapping[str, Any], structure: Structure) -> None:
    columns = [{**asdict(one), "format": dict(structure.formats.get(one.column, {}))} for one in structure.columns]
    row = {
        "resource_id": resource["id"],
        "file_key": resource["file_key"],
        "columns": columns,
        "delimiter": structure.delimiter,
        "encoding": structure.encoding,
        "sha256": structure.sha256,
    }
    statement = insert(table).values(row)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["resource_id"], set_=row))


def _from_row(row: Any) -> Structure:
    entries = [dict(one) for one in row.columns]
    formats = {one["column"]: one.pop("format") for one in entries}
    return Structure(tuple(Column(**one) for one in entries), formats, row.delimiter, row.encoding, row.sha256)
