"""The bytes of files on their way from a source to the storage, untouched.

While a source is read they are cut into pieces and lie in the spool. A resource of a candidate's package carries a
`Content` under the key `CONTENT`; it is no field of a record. Whoever writes the package puts it through `stored`,
which puts new bytes into the storage, and through `without` what is to be remembered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from uuid import uuid4

from werkzeug.datastructures import FileStorage

from ckanext.mainz.foundation.files import PortalResourceUpload
from ckanext.mainz.harvest.spool import Spool

Dict = dict[str, Any]
CONTENT = "content"
PIECE = 1024 * 1024
IN_MEMORY = 4 * 1024 * 1024


@dataclass(frozen=True)
class Content:
    """Bytes of a file: its name at the source, how many, their SHA-256, and a function that opens them."""

    name: str
    size: int
    sha256: str
    open: Callable[[], BinaryIO] = field(compare=False, repr=False)

    def __str__(self) -> str:
        """By this a fingerprint and `merging.digest` see new bytes."""
        return f"sha256:{self.sha256}"


@dataclass(frozen=True)
class Stored:
    """Where bytes lie in the spool: numbers of their pieces."""

    size: int
    sha256: str
    pieces: tuple[int, ...]

    def content(self, name: str, spool: Spool) -> Content:
        """The same for a package, as long as the spool is open."""
        return Content(name, self.size, self.sha256, lambda: _opened(spool, self.pieces))


def store(file: BinaryIO, spool: Spool) -> Stored:
    """Puts the bytes of a file into the spool, from its beginning."""
    file.seek(0)
    digest, size, pieces = hashlib.sha256(), 0, []
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
        pieces.append(spool.add(piece))
    return Stored(size, digest.hexdigest(), tuple(pieces))


def _opened(spool: Spool, pieces: tuple[int, ...]) -> BinaryIO:
    copy = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever opens it closes it
    for number in pieces:
        copy.write(spool.get(number))
    copy.seek(0)
    return cast(BinaryIO, copy)


def stored(package: Mapping[str, Any], here: Mapping[str, Any] | None = None) -> Dict:
    """The package with its new bytes in the storage, as ``package_create`` and ``package_update`` take it.

    They lie there before the record is written, each delivery under a key of its own that only this request can use:
    so the release check can look at them first. What no record comes to point to is taken away by the clean-up.
    `here` is the record that is being updated. A file is stored where its bytes are not those that stand there, and
    where the package still wants them: after a merge in which editors keep their own file, ``hash`` is that of theirs.
    Raises `toolkit.ValidationError` at ``upload`` for a file that the portal does not take.
    """
    known = {one.get("id"): one.get("hash") for one in (here or {}).get("resources") or () if one.get("id")}
    files = [_stored(one, known.get(one.get("id"))) for one in package.get("resources") or ()]
    return {**package, "resources": files}


def without(package: Mapping[str, Any]) -> Dict:
    """The package without bytes, as it can be remembered and shown."""
    return {**package, "resources": [_plain(one) for one in package.get("resources") or ()]}


def _plain(resource: Mapping[str, Any]) -> Dict:
    return {name: value for name, value in resource.items() if name != CONTENT}


def _stored(resource: Mapping[str, Any], known: str | None) -> Dict:
    content = resource.get(CONTENT)
    if not isinstance(content, Content) or content.sha256 == known or content.sha256 != resource.get("hash"):
        return _plain(resource)
    id = str(resource.get("id") or uuid4())
    with content.open() as file:
        sent = {**_plain(resource), "id": id, "upload": FileStorage(file, content.name, name="upload")}
        PortalResourceUpload(sent).upload(id)  # it takes the file out of `sent` and puts key, name and type in
    return sent
