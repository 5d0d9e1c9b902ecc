"""Reads a place with files: its list, every file once, and what cannot be read by name.

Complete is only what could be looked at whole. A folder that is empty, a page that ends in the middle or a list that
cannot be read say nothing about what is gone. A record with a file that is missing, half-written or behind a login is
refused as a whole and stays here as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from ckanext.mainz.foundation.errors import N_, Message, ReadableError
from ckanext.mainz.harvest import contents
from ckanext.mainz.harvest.contents import Stored
from ckanext.mainz.harvest.duva import grouping, items, lists, looking, mapping, names
from ckanext.mainz.harvest.duva.grouping import Entry, Group
from ckanext.mainz.harvest.duva.items import Found, Item, Place
from ckanext.mainz.harvest.duva.lists import FileList, Row
from ckanext.mainz.harvest.duva.looking import Look
from ckanext.mainz.harvest.duva.model import File, Record
from ckanext.mainz.harvest.duva.settings import NO_LIST, DuvaSettings
from ckanext.mainz.harvest.kinds import Beat, Candidate, Reading
from ckanext.mainz.harvest.report import Reason
from ckanext.mainz.harvest.spool import Spool

TOLD = N_("{message}")
NO_FILES = N_("“{place}” has no files of tables. Check the address; an export that failed leaves an empty folder.")
NONE_READABLE = N_("None of the {count} files in “{place}” can be read.")
UNLISTED = N_("The list does not name these files, so they were left out: {names}.")
UNFINISHED = N_("“{name}” is still being written.")
NO_CONTENT = N_("“{name}” is empty. The export has probably failed.")
PAGE = N_("“{name}” is no table but a page, perhaps of a login: {why}")
MISSING_LIST = N_("The list “{name}” is not there.")
#: Refusals of the reader by which a file is not taken at all; with others it is kept as it is.
EMPTY, PAGES = ("empty", "blank"), ("html", "login_page")
MOST_NAMES = 20


@dataclass
class FilesRead:
    """Files of a place that were read. See `kinds.Read`."""

    spool: Spool
    settings: DuvaSettings
    reading: Reading
    numbers: Sequence[int]
    late: dict[str, Reason] = field(default_factory=dict)

    def candidate(self, number: int) -> Candidate:
        """See `kinds.Read.candidate`."""
        record = self._record(number)
        faults = [*record.faults, *(self.late[one.name] for one in record.files if one.name in self.late)]
        return mapping.candidate(replace(record, faults=tuple(faults)), self.settings, self.spool)

    def raw(self, number: int) -> bytes:
        """What the source says of the record; its bytes stand in the files."""
        return self._record(number).told()

    def _record(self, number: int) -> Record:
        return Record.from_bytes(self.spool.get(number))


def read(place: Place, settings: DuvaSettings, spool: Spool, beat: Beat, told: FileList | None = None) -> FilesRead:
    """Reads a place to its end. Raises `ReadableError` where it, or its list, cannot be read at all.

    `told`: what an interface tells of the files; without it, their list is looked for among them.
    """
    found = place.found()
    given, problems, has_levels = _given(place, found, settings, told)
    reader = _Reader(place, settings, spool, has_levels)
    all_groups = grouping.groups(given, settings, place.base)
    numbers = [reader.record(one, lambda: beat(len(reader.files), len(given))) for one in all_groups]
    reader.look_again()
    return FilesRead(spool, settings, reader.reading(found, problems), numbers, reader.late)


def _given(
    place: Place, found: Found, settings: DuvaSettings, told: FileList | None
) -> tuple[list[Entry], list[Reason], bool]:
    """The files to be read with what is told of them, what was left out, and whether the list has levels."""
    item = None if told else list_of(found, settings)
    others = [one for one in found.items if one != item]
    tables = [one for one in others if items.is_table(one)]
    known = told or (read_list(place, item) if item else FileList((), frozenset()))
    listed = grouping.entries(known.rows, others, place)
    taken = {one.item.name for one in listed}
    left = [one for one in tables if one.name not in taken]
    problems = [*items.left_out([one for one in others if one not in tables and one.name not in taken])]
    if (item or told) and not settings.unlisted:
        problems += _unlisted(left)
        left = []
    return [*listed, *(Entry(one, Row()) for one in left)], problems, "level" in known.columns


def list_of(found: Found, settings: DuvaSettings) -> Item | None:
    """The list in the place. Raises `ReadableError` where the settings name one that is not there: without it levels
    and licences would be lost in silence."""
    if settings.list_file == NO_LIST:
        return None
    if settings.list_file:
        named = [one for one in found.items if names.key(one.name) == names.key(settings.list_file)]
        if not named:
            raise ReadableError(MISSING_LIST, name=settings.list_file)
        return next((one for one in named if one.name == settings.list_file), named[0])
    return found.own or next((one for one in found.items if lists.is_list(one)), None)


def read_list(place: Place, item: Item) -> FileList:
    """A list of a place. Raises `ReadableError`."""
    with NamedTemporaryFile(prefix="mainz-duva-") as copy:
        place.copy(item, copy)  # type: ignore[arg-type]  # it is a file in all that matters
        copy.flush()
        return lists.read(Path(copy.name), item.name)


def _unlisted(left: Sequence[Item]) -> list[Reason]:
    shown = ", ".join(one.name for one in left[:MOST_NAMES]) + (" …" if len(left) > MOST_NAMES else "")
    return [Reason("unlisted", UNLISTED, {"names": shown})] if left else []


class _Reader:
    """Reads every file once and puts the records into the spool."""

    def __init__(self, place: Place, settings: DuvaSettings, spool: Spool, has_levels: bool) -> None:
        self._place, self._settings, self._spool, self._has_levels = place, settings, spool, has_levels
        self.files: dict[str, tuple[Stored, Look] | Reason] = {}
        self.late: dict[str, Reason] = {}
        self._items: dict[str, Item] = {}
        self._guids: dict[str, set[str]] = {}

    def record(self, group: Group, beat: Any) -> int:
        """Reads the files of a record; gives the number under which it lies in the spool."""
        read: list[File] = []
        faults: list[Reason] = []
        guid = self._settings.guid(group.identifier, self._place.base)
        for entry in group.entries:
            beat()
            one = self._once(entry)
            self._guids.setdefault(entry.item.name, set()).add(guid)
            if isinstance(one, Reason):
                faults.append(one)
            else:
                read.append(File(entry.item.name, entry.row, *one))
        record = Record(guid, group.identifier, tuple(read), group.keys, group.by_kennung,
                        self._has_levels, tuple(faults))  # fmt: skip
        return self._spool.add(record.as_bytes())

    def _once(self, entry: Entry) -> tuple[Stored, Look] | Reason:
        name = entry.item.name
        if name not in self.files:
            self._items[name] = entry.item
            self.files[name] = self._read(entry)
        return self.files[name]

    def _read(self, entry: Entry) -> tuple[Stored, Look] | Reason:
        if entry.refused:
            return as_reason("refused", entry.refused)
        try:
            with NamedTemporaryFile(prefix="mainz-duva-") as copy:
                self._place.copy(entry.item, copy)  # type: ignore[arg-type]  # it is a file in all that matters
                copy.flush()
                seen = looking.look(Path(copy.name), self._settings.tables, self._settings.place)
                return self._fault(entry.item, seen) or (contents.store(copy, self._spool), seen)  # type: ignore[arg-type]
        except ReadableError as error:
            return as_reason("unreadable_file", error)

    def _fault(self, item: Item, seen: Look) -> Reason | None:
        if seen.refused in EMPTY:
            return Reason("empty", NO_CONTENT, {"name": item.name})
        if seen.refused in PAGES:
            return Reason("page", PAGE, {"name": item.name, "why": seen.why})
        return None

    def look_again(self) -> None:
        """Files that were changed since they were read are being written: what was read is half of them."""
        for name, read in self.files.items():
            if not isinstance(read, Reason) and (error := self._place.changed(self._items[name])):
                self.late[name] = as_reason("unreadable_file", error)

    def reading(self, found: Found, problems: Sequence[Reason]) -> Reading:
        """How far the place was read."""
        broken = {name: one for name, one in self.files.items() if isinstance(one, Reason)} | self.late
        unreadable = {guid for name in broken for guid in self._guids[name]}
        unfinished = {self._settings.guid(names.key(one), self._place.base) for one in found.unfinished}
        told = [Reason("unfinished", UNFINISHED, {"name": one}) for one in found.unfinished]
        why = found.why or self._nothing(len(broken))
        return Reading(
            complete=why is None,
            why=why,
            unreadable=frozenset(unreadable | unfinished),
            problems=(*found.problems, *problems, *told, *broken.values()),
        )

    def _nothing(self, broken: int) -> Reason | None:
        """Why what was read cannot be all: there is nothing, or nothing of it can be read."""
        if not self.files:
            return Reason("no_files", NO_FILES, {"place": self._place.base})
        if broken == len(self.files):
            return Reason("none_readable", NONE_READABLE, {"count": broken, "place": self._place.base})
        return None


def as_reason(code: str, error: ReadableError) -> Reason:
    """An error as a reason of a report; one with translated parts is told whole."""
    if any(isinstance(one, Message) for one in error.values.values()) or getattr(error, "start", ""):
        return Reason(code, TOLD, {"message": str(error)})
    return Reason(code, error.template, dict(error.values))
