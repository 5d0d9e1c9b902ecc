"""Files kept while a form is being corrected.

A browser drops the chosen file when a form comes back with an error. So its bytes are kept here, and the form carries a
ticket instead: signed with the portal's secret, bound to the person who uploaded, good for a day. A ticket names bytes
of the staging area only, never a file of a record.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from ckan.lib import files
from ckan.plugins import toolkit
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from ckanext.mainz.foundation.file_names import shown_name
from ckanext.mainz.foundation.files import new_key, resource_storage, size_of

FOLDER = "staged"
LIFETIME = 24 * 3600
IN_MEMORY = 1024 * 1024


@dataclass(frozen=True)
class Staged:
    """A file that waits for its form: storage key, name as chosen, size in bytes, id of the uploader."""

    key: str
    name: str
    size: int
    user_id: str

    @property
    def data(self) -> files.FileData:
        return files.FileData(files.Location(f"{FOLDER}/{self.key}"), size=self.size)

    @property
    def ticket(self) -> str:
        """What the form carries."""
        return str(_signer().dumps(asdict(self)))


def stage(chosen: FileStorage, user_id: str) -> Staged:
    """Keeps the bytes of an upload for a day."""
    staged = Staged(new_key(), shown_name(chosen.filename or ""), size_of(chosen.stream), user_id)
    resource_storage().upload(staged.data.location, files.make_upload(chosen))
    return staged


def find(ticket: str, user_id: str) -> Staged | None:
    """The file of a ticket; None if the ticket is forged, too old, another person's, or its bytes are gone."""
    try:
        staged = Staged(**_signer().loads(ticket, max_age=LIFETIME))
    except (BadData, TypeError):
        return None
    return staged if staged.user_id == user_id and resource_storage().exists(staged.data) else None


@contextmanager
def open_staged(staged: Staged) -> Iterator[FileStorage]:
    """The kept file as if it had been uploaded in this request; closed at the end of the block."""
    with _seekable(cast(Iterable[bytes], resource_storage().stream(staged.data))) as content:
        yield FileStorage(content, staged.name, name="upload")


def drop(staged: Staged) -> None:
    """Takes the bytes away, once the form went through."""
    resource_storage().remove(staged.data)


def _seekable(content: Iterable[bytes]) -> IO[bytes]:
    if isinstance(content, io.BufferedReader):
        return content
    copy: Any = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  the caller closes it
    for chunk in content:
        copy.write(chunk)
    copy.seek(0)
    return cast(IO[bytes], copy)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(toolkit.config["SECRET_KEY"], salt="mainz-staged-file")
