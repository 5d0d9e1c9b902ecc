"""A folder on this machine, as far as the operator allows it.

Who enters a source must not thereby read the machine: only what lies below a folder of the operator's list is read,
judged by where a path really leads. Links that lead out of it are refused one by one.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from ckanext.mainz.foundation.errors import N_, Message, ReadableError
from ckanext.mainz.harvest.duva.items import Found, Item, sorted_out

BLOCK = 1024 * 1024
NOBODY_ALLOWS = N_(
    "“{path}” is not read: the operator allows no folder of this machine. He lists them in"
    " ckanext.mainz.harvest.folders."
)
NOT_ALLOWED = N_("“{path}” is not read: it lies in none of the folders that the operator allows.")
NO_FOLDER = N_("The folder “{path}” is not there. Perhaps a drive is not mounted, or it was moved.")
UNREADABLE = N_("“{path}” cannot be read: {why}.")
NOT_THERE = N_("The file “{name}” is not there.")
LEADS_OUT = N_("“{name}” leads out of the folder and is not read.")
NO_FILE = N_("“{name}” is no ordinary file.")
BEING_WRITTEN = N_("“{name}” was changed while it was read; it is perhaps still being written.")
TOO_LARGE = N_("“{name}” is larger than {limit} MB.")
Stamp = tuple[int, int, int]


def is_local(url: str) -> bool:
    """Whether the address of a source means a folder of this machine."""
    return url.startswith("/") or url.casefold().startswith("file:")


def path_of(url: str) -> Path:
    """The path in an address (``/srv/duva`` or ``file:///srv/duva``)."""
    return Path(unquote(urlsplit(url).path) if url.casefold().startswith("file:") else url)


def refused(url: str, allowed: Sequence[Path]) -> tuple[Message, dict[str, str]] | None:
    """Why a folder may not be read, as a sentence and what fills it; None if it may."""
    path = path_of(url)
    if not allowed:
        return NOBODY_ALLOWS, {"path": str(path)}
    inside = ".." not in path.parts and any(_is_below(path, one) for one in allowed)
    return None if inside else (NOT_ALLOWED, {"path": str(path)})


def _is_below(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


@dataclass(frozen=True)
class LocalFolder:
    """A folder. `subfolders`: whether those below it are read too; `limit`: bytes that a file may have."""

    path: Path
    subfolders: bool = False
    most: int = 5000
    limit: int = 500 * 1024 * 1024
    _stamps: dict[str, Stamp] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def at(cls, url: str, allowed: Sequence[Path], *, subfolders: bool, most: int, limit: int) -> LocalFolder:
        """The folder of an address. Raises `ReadableError` where it is not allowed or not there."""
        if reason := refused(url, allowed):
            raise ReadableError(reason[0], **reason[1])
        path = Path(os.path.realpath(path_of(url)))
        if not path.is_dir():
            raise ReadableError(NO_FOLDER, path=str(path_of(url)))
        return cls(path, subfolders, most, limit)

    @property
    def base(self) -> str:
        """The path."""
        return str(self.path)

    def found(self) -> Found:
        """See `items.Place.found`."""
        try:
            items = [Item(one.relative_to(self.path).as_posix(), str(one)) for one in self._files(self.path)]
        except OSError as error:
            raise ReadableError(UNREADABLE, path=self.base, why=_words(error)) from error
        return sorted_out(items, self.base, self.most)

    def _files(self, folder: Path) -> Iterator[Path]:
        """Files below a folder; folders behind links are not entered, so that there is no way round in a circle."""
        for entry in sorted(os.scandir(folder), key=lambda one: one.name):
            if not entry.is_dir(follow_symlinks=False):
                if not (entry.is_symlink() and Path(entry.path).is_dir()):
                    yield Path(entry.path)
            elif self.subfolders and not entry.name.startswith("."):
                yield from self._files(Path(entry.path))

    def item(self, name: str) -> Item:
        """See `items.Place.item`."""
        path = self.path / name.replace("\\", "/")
        if ".." in path.parts or not path.is_relative_to(self.path):
            raise ReadableError(LEADS_OUT, name=name)
        return Item(path.relative_to(self.path).as_posix(), str(path))

    def copy(self, item: Item, to: BinaryIO) -> None:
        """See `items.Place.copy`."""
        try:
            self._copy(item, to)
        except OSError as error:
            raise ReadableError(UNREADABLE, path=item.name, why=_words(error)) from error

    def _copy(self, item: Item, to: BinaryIO) -> None:
        with self._opened(item) as file:
            before = _stamp(os.fstat(file.fileno()))
            if before[0] > self.limit:
                raise ReadableError(TOO_LARGE, name=item.name, limit=self.limit // BLOCK)
            copied = _copied(file, to, before[0])
            after = _stamp(os.fstat(file.fileno()))
        if before != after or copied != after[0]:
            raise ReadableError(BEING_WRITTEN, name=item.name)
        self._stamps[item.name] = after

    def changed(self, item: Item) -> ReadableError | None:
        """See `items.Place.changed`: a slow writer is seen at the end of the reading."""
        try:
            same = _stamp(Path(item.address).stat()) == self._stamps.get(item.name)
        except OSError:
            same = False
        return None if same else ReadableError(BEING_WRITTEN, name=item.name)

    def _opened(self, item: Item) -> BinaryIO:
        """The file, opened without following a link that was put in its place meanwhile."""
        real = os.path.realpath(item.address)
        if not Path(real).is_relative_to(self.path):
            raise ReadableError(LEADS_OUT, name=item.name)
        try:
            descriptor = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise ReadableError(NOT_THERE, name=item.name) from error
        file = os.fdopen(descriptor, "rb")
        if stat.S_ISREG(os.fstat(descriptor).st_mode) and os.path.realpath(real) == real:
            return file
        file.close()
        raise ReadableError(NO_FILE, name=item.name)


def _copied(file: BinaryIO, to: BinaryIO, size: int) -> int:
    """Writes what a file has, and says how much; not on and on what somebody else writes to it meanwhile."""
    copied = 0
    while copied <= size and (block := file.read(BLOCK)):
        copied += to.write(block)
    return copied


def _stamp(found: os.stat_result) -> Stamp:
    """By which a file that changes is known: size, time of its last change, and which file it is."""
    return found.st_size, found.st_mtime_ns, found.st_ino


def _words(error: OSError) -> str:
    return (error.strerror or type(error).__name__).casefold()
