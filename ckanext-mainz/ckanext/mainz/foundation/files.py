"""Files of resources in CKAN's storages, each delivery written once under a key of its own.

The bytes of a resource lie at ``<resource id, split>/<file key>``. A new upload gets a new key and never touches the
bytes of an earlier one, so that a proposal, a cut-short upload or a failed transaction cannot damage what is public.
The key stands in the resource (``file_key``); it names a file only together with the resource's id, and a record cannot
take up a key by itself: `file_key_of_this_request` lets through only what was stored before or uploaded just now.

What nothing points to any more is taken away by `ckanext.mainz.foundation.file_cleaning`.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

import ckan.model as model
from ckan.lib import files
from ckan.lib.uploader import FKResourceUpload
from ckan.plugins import toolkit
from werkzeug.datastructures import FileStorage

from ckanext.mainz.foundation import config
from ckanext.mainz.foundation.capped_file import CappedFile
from ckanext.mainz.foundation.file_contents import SAMPLE, Problem, examine, fitting_format
from ckanext.mainz.foundation.file_names import extension, safe_name, shown_name

_ = toolkit._
KEY = re.compile(r"[0-9a-f]{32}\Z")
TIME_DIGITS = 12


class FileKey(str):
    """A key that was made in this request. What a client sends is a plain string and never one of these."""

    __slots__ = ()


def new_key() -> FileKey:
    """A key for one delivery: 12 hexadecimal digits of the time in milliseconds and 20 of chance."""
    return FileKey(f"{time.time_ns() // 1_000_000:0{TIME_DIGITS}x}{secrets.token_hex(10)}")


def written_at(key: str) -> float:
    """Seconds since 1970 at which a key was made. Raises `ValueError` if it is none."""
    if not KEY.match(key):
        raise ValueError(key)
    return int(key[:TIME_DIGITS], 16) / 1000


def resource_storage() -> files.Storage:
    """The storage of resources. Raises `files.exc.UnknownStorageError` where none is configured."""
    storage = files.get_storage(toolkit.config["ckan.files.default_storages.resource"])
    if not isinstance(storage, files.Storage):
        raise files.exc.UnknownStorageError(storage.settings.name)
    return storage


class PortalResourceUpload(FKResourceUpload):
    """CKAN's uploader for resources with a key for each delivery.

    Raises `toolkit.ValidationError` at the field ``upload`` when the file is empty, too large or of a kind that is not
    taken. A misnamed file gets its right name and format, see `ckanext.mainz.foundation.file_contents`.
    """

    def __init__(self, resource: dict[str, Any]) -> None:
        chosen = resource.get("upload")
        name = checked_name(chosen) if isinstance(chosen, FileStorage) and chosen else ""
        super().__init__(resource)
        self.key = str(resource.get("file_key") or "")
        if name:
            self.filename = resource["url"] = name
            known = known_format(name)
            self.mimetype = resource["mimetype"] = known.mimetype or self.upload_file.content_type
            resource["format"] = fitting_format(str(resource.get("format") or ""), extension(name)) or known.name
            self.key = resource["file_key"] = new_key()
        elif self.clear:
            resource["file_key"] = ""

    def get_path(self, id: str) -> files.Location:
        """Location of this resource's bytes in the storage ``resources``.

        Raises `toolkit.ValidationError` when the stored key is none.
        """
        folder = super().get_path(id)
        if not self.key:
            return folder
        if not KEY.match(self.key):
            raise toolkit.ValidationError({"upload": [_("The stored file key is invalid.")]})
        return files.Location(str(PurePosixPath(folder) / self.key))

    def upload(self, id: str, max_size: int = 0) -> None:  # max_size is CKAN's, ours is an option
        """Writes the uploaded bytes. Earlier bytes stay until the clean-up finds that nothing points to them."""
        if not self.filename:
            return
        self.clear = False
        super().upload(id, max_size)


@dataclass(frozen=True)
class Format:
    """What CKAN's list of formats (``ckan.resource_formats``) says of an extension; empty where it says nothing."""

    name: str = ""
    mimetype: str = ""


def known_format(name: str) -> Format:
    """The format that goes with a file name. CKAN's own guess depends on the machine's list of content types."""
    entry = toolkit.h.resource_formats().get(extension(name))
    if not entry:
        return Format()
    mimetype, short, _description = entry
    return Format(short, mimetype if mimetype and "/" in mimetype else "")


def size_of(stream: IO[bytes]) -> int:
    """Bytes in a stream, which stands at its beginning afterwards; for a capped one, what was sent."""
    if isinstance(stream, CappedFile):
        return stream.received
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return size


def checked_name(chosen: FileStorage) -> str:
    """The name under which an uploaded file will be kept.

    Raises `toolkit.ValidationError` at ``upload`` for a file that is not taken; the message names the file and says
    what to do.
    """
    shown = shown_name(chosen.filename or "")
    size = size_of(chosen.stream)
    _refuse_size(shown, size)
    sample = chosen.stream.read(SAMPLE)
    chosen.stream.seek(0)
    name = safe_name(chosen.filename or "")
    found = examine(sample, name)
    if found.problem:
        raise toolkit.ValidationError({"upload": [_words(found.problem, shown, found.extension)]})
    return _with_extension(name, found.extension)


def _with_extension(name: str, right: str) -> str:
    if extension(name) == right:
        return name
    stem = name if right == "gz" or "." not in name else name.rpartition(".")[0]
    return f"{stem}.{right}"


def _refuse_size(name: str, size: int) -> None:
    limit = config.max_file_bytes()
    if size == 0:
        message = _("The file “{name}” is empty. Choose a file with content.").format(name=name)
    elif size > limit:
        message = _("The file “{name}” has {size} MB; at most {limit} MB are possible. Give a link instead.").format(
            name=name, size=round(size / config.MEGABYTE), limit=limit // config.MEGABYTE
        )
    else:
        return
    raise toolkit.ValidationError({"upload": [message]})


def _words(problem: Problem, name: str, said: str) -> str:
    if problem is Problem.PROGRAM:
        return _("The file “{name}” is a program. Programs are not published here; choose a file with data.").format(
            name=name
        )
    if problem is Problem.WEB_PAGE:
        return _(
            "The file “{name}” holds a web page (HTML), not data. Perhaps a login page was saved instead of the file; "
            "open it and save the data again."
        ).format(name=name)
    return _(
        "The file “{name}” is called .{extension}, but its content is something else and cannot be opened as such. "
        "Save it again in the right format, or give it its right ending."
    ).format(name=name, extension=said)


def file_key_of_this_request(key: Any, data: dict[Any, Any], _errors: Any, _context: Any) -> None:
    """Validator of the resource field ``file_key``: keeps the stored key unless a file was uploaded in this request.

    Shape of `key`: ``("resources", position, "file_key")``. Clients that leave the field out keep their file. A file
    that was removed, or that belongs to another record, is nobody's to keep by naming its id.
    """
    given = data.get(key)
    if isinstance(given, FileKey):
        return
    resource = _stored_resource(data.get((*key[:-1], "id")), data.get(("id",)))
    keeps_upload = data.get((*key[:-1], "url_type")) == "upload"
    data[key] = (resource.extras or {}).get("file_key", "") if resource is not None and keeps_upload else ""


def _stored_resource(resource_id: Any, package_id: Any) -> model.Resource | None:
    found = model.Session.get(model.Resource, resource_id) if isinstance(resource_id, str) and resource_id else None
    there = found is not None and found.state != model.State.DELETED and found.package_id == package_id
    return found if there else None
