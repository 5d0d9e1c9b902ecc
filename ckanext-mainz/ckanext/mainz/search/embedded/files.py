"""Whether the files of an index are whole.

tantivy ends every file of a segment with a footer: JSON with a checksum, its length, a magic number. Reading a file
that was cut short would kill the process (a memory map past the end of its file), so files are looked at before
tantivy opens them.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from ckanext.mainz.search.errors import IndexDamaged, IndexMissing

META = "meta.json"
SHAPE = "SHAPE"
_ENDING = struct.Struct("<II")
_MAGIC = 1337
_LONGEST_FOOTER = 10_000
_CHUNK = 1 << 20
_KINDS = ("idx", "pos", "term", "store", "fast", "fieldnorm")
_ATTEMPTS = 20


def read_shape(folder: Path) -> str:
    """What the index says about its shape. Raises `IndexMissing`."""
    try:
        return (folder / SHAPE).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing(folder) from error
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(folder, str(error)) from error


def check_ends(folder: Path) -> None:
    """Looks at the end of every file. Raises `IndexDamaged`."""
    _check(folder, lambda path: _footer(folder, path))


def check_contents(folder: Path) -> None:
    """Reads every file and compares its checksum. Raises `IndexDamaged`."""
    _check(folder, lambda path: _compare(folder, path))


def commit_number(folder: Path) -> int:
    """tantivy's number of the last commit. Raises `IndexDamaged`."""
    try:
        return int(json.loads(_meta(folder))["opstamp"])
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(folder, f"{META} cannot be understood") from error


def _check(folder: Path, look: Callable[[Path], object]) -> None:
    """Looks at the files of the last commit; anew if a commit takes them away meanwhile."""
    for attempt in range(_ATTEMPTS):
        meta = _meta(folder)
        try:
            for path in _files(folder, meta):
                look(path)
        except FileNotFoundError as error:
            if _meta(folder) == meta or attempt == _ATTEMPTS - 1:
                raise IndexDamaged(folder, f"{Path(error.filename).name} is missing") from error
            continue
        return


def _meta(folder: Path) -> bytes:
    try:
        return (folder / META).read_bytes()
    except OSError as error:
        raise IndexDamaged(folder, f"{META} cannot be read: {error.strerror}") from error


def _files(folder: Path, meta: bytes) -> Iterator[Path]:
    try:
        for segment in json.loads(meta)["segments"]:
            name = segment["segment_id"].replace("-", "")
            yield from (folder / f"{name}.{kind}" for kind in _KINDS)
            if deletes := segment.get("deletes"):
                yield folder / f"{name}.{int(deletes['opstamp'])}.del"
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(folder, f"{META} cannot be understood") from error


def _footer(folder: Path, path: Path) -> tuple[int, int]:
    """Length of the content and its checksum."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _LONGEST_FOOTER))
        end = file.read()
    try:
        length, magic = _ENDING.unpack(end[-_ENDING.size :])
        footer = json.loads(end[-_ENDING.size - length : -_ENDING.size])
        if magic != _MAGIC:
            raise ValueError("wrong magic number")
        return size - _ENDING.size - length, int(footer["crc"])
    except (struct.error, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(folder, f"{path.name} is cut short or overwritten") from error


def _compare(folder: Path, path: Path) -> None:
    length, expected = _footer(folder, path)
    checksum = 0
    with path.open("rb") as file:
        while length and (part := file.read(min(_CHUNK, length))):
            checksum = zlib.crc32(part, checksum)
            length -= len(part)
    if checksum != expected:
        raise IndexDamaged(folder, f"the contents of {path.name} have changed")
