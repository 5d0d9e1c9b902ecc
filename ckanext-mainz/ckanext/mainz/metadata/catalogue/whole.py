"""Making the files with the whole catalogue.

The records go by a few at a time, so that memory does not grow with the catalogue. N-Triples are written first; Turtle
and JSON-LD are made from that file, so that all say the same. Files get names that were never used before, and the
pointer to them is replaced in one step: whoever is reading an older file reads it to its end.
"""

from __future__ import annotations

import fcntl
import gzip
import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import IO
from uuid import uuid4

from pyoxigraph import RdfFormat, serialize

from ckanext.mainz.metadata import rdf
from ckanext.mainz.metadata.catalogue import documents, records
from ckanext.mainz.metadata.catalogue.documents import WHOLE
from ckanext.mainz.metadata.catalogue.download import POINTER, File, Published, published
from ckanext.mainz.metadata.catalogue.formats import FORMATS
from ckanext.mainz.metadata.catalogue.forms import NAMES, as_lines, statements
from ckanext.mainz.metadata.catalogue.pieces import pieces
from ckanext.mainz.metadata.catalogue.profiles import OURS
from ckanext.mainz.metadata.catalogue.state import State

PROFILE = OURS[0]
LOCK = "lock"
LEVEL = 6
AT_ONCE = 100
#: A record can get lost between counting and writing; links to it must then be taken back, by writing once more.
PASSES = 3
PART = 1 << 20


class Busy(Exception):
    """Another process is making the files right now."""


def make(folder: Path, now: State) -> Published:
    """Makes the files anew and puts them in place of the earlier ones.

    Raises `Busy`, `OSError` where the disk does not take them, and `Refused` where the search does not answer; the
    earlier files then stay.
    """
    started = time.monotonic()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder):
        _sweep(folder)
        name = f"{now.index.number}-{uuid4().hex[:12]}"
        written, left_out = _write_lines(folder / f"{name}.nt.gz", now)
        for ending in WHOLE:
            if ending != "nt":
                _convert(folder / f"{name}.nt.gz", folder / f"{name}.{ending}.gz", FORMATS[ending].rdf)
        made = Published(
            key=now.key,
            number=now.index.number,
            hidden=now.index.hidden,
            made=now.index.now.timestamp(),
            seconds=time.monotonic() - started,
            records=written,
            left_out=tuple(sorted(left_out)),
            files={ending: _file(folder / f"{name}.{ending}.gz") for ending in WHOLE},
        )
        _point(folder, made)
        _sweep(folder, made)
    return made


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy from error
        yield


def _sweep(folder: Path, made: Published | None = None) -> None:
    """Removes files that the pointer does not name: earlier ones, and what an attempt that was cut short left."""
    current = made or published(folder)
    kept = {POINTER, LOCK, *((file.name for file in current.files.values()) if current else ())}
    for path in folder.iterdir():
        if path.name not in kept and path.is_file():
            path.unlink(missing_ok=True)


def _write_lines(path: Path, now: State) -> tuple[int, frozenset[str]]:
    """Writes all public records as N-Triples; how many, and the ids of those that could not be written."""
    public = expected = records.every_id(records.OURS)
    written: frozenset[str] = frozenset()
    for _pass in range(PASSES):
        written = _write_pass(path, expected, now)
        if expected <= written:
            break
        expected = written
    return len(written), public - written


def _write_pass(path: Path, expected: frozenset[str], now: State) -> frozenset[str]:
    """Writes all records once, with links to those that are `expected` to be among them; the ids that were."""
    settings = rdf.rdf_settings()
    telling = documents.Telling({settings.record_uri(id) for id in expected})
    written: set[str] = set()
    with packing(path) as out:
        out.write(as_lines(documents.catalogue(now)))
        for packages in records.every(AT_ONCE, records.OURS):
            new = [piece for piece in pieces(packages, PROFILE) if piece.id not in written]
            written.update(piece.id for piece in new)
            out.write(as_lines(documents.members(new)))
            out.writelines(telling.lines(piece) for piece in new)
    return frozenset(written)


def _convert(source: Path, target: Path, form: RdfFormat) -> None:
    with gzip.open(source) as lines, packing(target) as out:
        serialize(statements(lines), out, format=form, prefixes=NAMES)  # pyright: ignore[reportArgumentType]


@contextmanager
def packing(path: Path) -> Iterator[IO[bytes]]:
    """A new file packed by gzip; on the disk when the block ends, and gone if it fails."""
    try:
        with path.open("wb") as file:
            with gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as packed, io.BufferedWriter(packed, PART) as out:
                yield out
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _file(path: Path) -> File:
    digest = blake2b(digest_size=12)
    with path.open("rb") as file:
        while part := file.read(PART):
            digest.update(part)
    return File(path.name, path.stat().st_size, digest.hexdigest())


def _point(folder: Path, made: Published) -> None:
    draft = folder / f"{POINTER}.new"
    with draft.open("w", encoding="utf-8") as file:
        file.write(made.encoded())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / POINTER)
