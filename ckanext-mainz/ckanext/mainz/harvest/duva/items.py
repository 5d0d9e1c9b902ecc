"""What a source has before anything of it was read: files by name, and where their bytes are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.harvest.duva import known
from ckanext.mainz.harvest.report import Reason

NO_FILES = N_("“{place}” lists no files of tables. Check the address; an export that failed leaves an empty folder.")
LEFT_OUT = N_("Files of other kinds were left out: {names}.")
TOO_MANY = N_("There are {count} files in “{place}”, more than the {most} that may be. Divide the folder.")
MOST_NAMES = 20


@dataclass(frozen=True)
class Item:
    """A file. `name`: below the source, with slashes between folders; `address`: a path or a web address."""

    name: str
    address: str

    @property
    def ending(self) -> str:
        """The ending in small letters without dot."""
        last = self.name.rsplit("/", 1)[-1]
        return last.rpartition(".")[2].casefold() if "." in last else ""


@dataclass(frozen=True)
class Found:
    """The files of a source in the order of their names. `unfinished`: names of files that somebody is still writing;
    `why`: the reason where these may not be all; `own`: the one of them at the address of the source, a list."""

    items: tuple[Item, ...] = ()
    unfinished: tuple[str, ...] = ()
    why: Reason | None = None
    problems: tuple[Reason, ...] = field(default=())
    own: Item | None = None


class Place(Protocol):
    """Where files lie. `base` names the place for people and keys."""

    @property
    def base(self) -> str: ...

    def found(self) -> Found:
        """All files. Raises `ReadableError` where the place cannot be read at all."""
        ...

    def item(self, name: str) -> Item:
        """A file that a list names. Raises `ReadableError` for a name that leads out of the place."""
        ...

    def copy(self, item: Item, to: BinaryIO) -> None:
        """Writes the bytes of a file. Raises `ReadableError` where it cannot be read, or is still being written."""
        ...

    def changed(self, item: Item) -> ReadableError | None:
        """Why a file that was copied is not as it was then; None if it is, or if nobody can tell."""
        ...


def sorted_out(names: Sequence[Item], place: str, most: int, why: Reason | None = None) -> Found:
    """What counts of the files that a place has. Raises `ReadableError` if they are too many."""
    seen = [one for one in names if not _is_ignored(one.name)]
    if len(seen) > most:
        raise ReadableError(TOO_MANY, count=len(seen), place=place, most=most)
    unfinished = [left for one in seen if (left := finished_name(one))]
    whole = {one.name: one for one in seen if not finished_name(one)}
    return Found(tuple(whole[name] for name in sorted(whole)), tuple(sorted(unfinished)), why)


def finished_name(item: Item) -> str:
    """The name that a file will have that is still being written; empty for one that is not."""
    return item.name.rpartition(".")[0] if item.ending in known.table("files")["unfinished"] else ""


def is_table(item: Item) -> bool:
    """Whether a file may be a table, by its name."""
    return item.ending in known.table("files")["tables"]


def left_out(items: Sequence[Item]) -> tuple[Reason, ...]:
    """A reason that names files that are no tables; none where there are none."""
    names = ", ".join(one.name for one in items[:MOST_NAMES]) + (" …" if len(items) > MOST_NAMES else "")
    return (Reason("left_out", LEFT_OUT, {"names": names}),) if items else ()


def _is_ignored(name: str) -> bool:
    last = name.rsplit("/", 1)[-1]
    return any(last.startswith(one) for one in known.table("files")["ignored"])
