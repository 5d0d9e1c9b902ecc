"""Invented exports, and short ways to read them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.kit.outgoing import MakeSession, Waits
from tests.unit.harvest.gdi import validated

from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.contents import CONTENT
from ckanext.mainz.harvest.duva.folder import FolderKind
from ckanext.mainz.harvest.duva.reading import FilesRead
from ckanext.mainz.harvest.kinds import Candidate
from ckanext.mainz.harvest.spool import Spool

LICENSE = "dl-de/by-2-0"
SETTINGS: Mapping[str, Any] = {"id_prefix": "mz", "default_license": LICENSE}
EINWOHNER = b"Jahr;Stadtteil;Einwohner\r\n2023;Altstadt;17.723\r\n2024;Neustadt;28.011\r\n"
APOTHEKEN = "Jahr;Öffentliche Apotheken\r\n2023;51\r\n2024;-\r\n".encode("cp1252")


def lines(*rows: str) -> bytes:
    return ("\r\n".join(rows) + "\r\n").encode()


def filled(folder: Path, **files: bytes) -> Path:
    """A folder with these files; two underscores stand for the dot."""
    return put(folder, {name.replace("__", "."): content for name, content in files.items()})


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def read(folder: Path, spool: Spool, *, allowed: Path | None = None, **options: Any) -> FilesRead:
    """A folder of this machine, read with `SETTINGS` and these options."""
    kind = FolderKind(allowed=lambda: [allowed or folder])
    return kind.read(MakeSession(Waits())(), str(folder), {**SETTINGS, **options}, spool, no_beat)


def read_web(session: Session, url: str, spool: Spool, **options: Any) -> FilesRead:
    return FolderKind(allowed=list).read(session, url, {**SETTINGS, **options}, spool, no_beat)


def no_beat(_done: int, _all: int) -> None:
    pass


def candidates(read: FilesRead) -> dict[str, Candidate]:
    """The records by their identifiers without the prefix."""
    found = [read.candidate(number) for number in read.numbers]
    return {one.guid.removeprefix("mz:"): one for one in found}


def only(read: FilesRead) -> Candidate:
    (number,) = read.numbers
    return read.candidate(number)


def package(candidate: Candidate) -> dict[str, Any]:
    assert candidate.package is not None, candidate.refused
    return dict(candidate.package)


def bytes_of(resource: Mapping[str, Any]) -> bytes:
    """The bytes of a resource, which must be those that its checksum is of."""
    with resource[CONTENT].open() as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == resource["hash"] == resource[CONTENT].sha256
    assert len(content) == resource["size"]
    return content


def errors(candidate: Candidate) -> dict[Any, list[str]]:
    """What the validators of the schemas say of a package once its files are stored."""
    stored = {"url": "datei.csv", "url_type": "upload", "file_key": "0" * 32}
    whole = package(candidate)
    files = [
        {**{name: one[name] for name in one if name not in (CONTENT, "source_key")}, **stored}
        for one in whole["resources"]
    ]
    found = validated.errors({**whole, "resources": files})
    return {key: messages for key, messages in found.items() if key[-1] not in ("file_key", "url_type")}
