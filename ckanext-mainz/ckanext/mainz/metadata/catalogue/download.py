"""The whole catalogue as a file: which one there is, whether it may still be given, and the answer that gives it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from ckan.plugins import toolkit
from flask import Response, send_file

from ckanext.mainz.foundation.interfaces import IndexState
from ckanext.mainz.metadata.catalogue import asking, config, state
from ckanext.mainz.metadata.catalogue.documents import WHOLE
from ckanext.mainz.metadata.catalogue.question import Refused

_ = toolkit._

POINTER = "current.json"
#: Somebody else may replace the files between the look at the pointer and the opening of what it names.
TRIES = 3


@dataclass(frozen=True)
class File:
    """One form of the whole catalogue: the file's name, its size packed, and a print of its content."""

    name: str
    size: int
    etag: str


@dataclass(frozen=True)
class Published:
    """The files that are there, and what they were made from."""

    key: str
    """Key of the state."""
    number: int
    hidden: frozenset[str]
    """Ids that the index hid then, so that the files do not name them."""
    made: float
    """When they were begun, in seconds since 1970."""
    seconds: float
    """How long the making took."""
    records: int
    left_out: tuple[str, ...]
    """Ids of public records that could not be written."""
    files: dict[str, File]

    def names_only_public(self, index: IndexState) -> bool:
        """Whether no record has lost its readers since these files were made."""
        return index.tightened <= self.number <= index.number and index.hidden <= self.hidden

    def encoded(self) -> str:
        return json.dumps({**asdict(self), "hidden": sorted(self.hidden)}, indent=1) + "\n"

    @classmethod
    def decoded(cls, text: str) -> Self:
        value = json.loads(text)
        files = {ending: File(**file) for ending, file in value.pop("files").items()}
        hidden, left_out = frozenset(value.pop("hidden")), tuple(value.pop("left_out"))
        return cls(**value, hidden=hidden, left_out=left_out, files=files)


def published(folder: Path) -> Published | None:
    """The files in a folder, if any were made."""
    try:
        return Published.decoded((folder / POINTER).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def response(ending: str) -> Response:
    """The whole catalogue in one form. Raises `Refused`: 404 for other forms, 503 while there is no file to give.

    A file that names a record that has since lost its readers is not given; one that only lacks later changes is.
    """
    if ending not in WHOLE:
        message = _("The whole catalogue is given as {addresses}.")
        raise Refused(404, message.format(addresses=", ".join(f"/catalog/full.{one}.gz" for one in WHOLE)))
    folder, now = config.download_folder(), state.current()
    if folder is None:
        message = _("This portal gives no file with the whole catalogue. The pages of {address} hold all of it.")
        raise Refused(404, message.format(address=f"/catalog.{ending}"))
    for _try in range(TRIES):
        files = published(folder)
        if files is None or now is None or not files.names_only_public(now.index):
            break
        if files.key != now.key:
            asking.ask()
        try:
            return _sent(folder, files, ending)
        except FileNotFoundError:
            continue
    asking.ask(at_once=True)
    message = _(
        "The file with the whole catalogue is being made; try again in a minute. The pages of {address} are there."
    )
    raise Refused(503, message.format(address=f"/catalog.{ending}"))


def _sent(folder: Path, files: Published, ending: str) -> Response:
    file = files.files[ending]
    return send_file(
        folder / file.name,
        mimetype="application/gzip",
        as_attachment=True,
        download_name=f"catalog-full.{ending}.gz",
        etag=file.etag,
        last_modified=datetime.fromtimestamp(files.made, UTC),
        conditional=True,
    )
