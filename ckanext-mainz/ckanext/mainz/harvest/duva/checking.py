"""What is at an address: for whoever enters a source and wants to know whether it is the right one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ckanext.mainz.foundation.errors import ReadableError
from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.duva import items, reading
from ckanext.mainz.harvest.duva.folder import FolderKind
from ckanext.mainz.harvest.duva.items import Found, Place
from ckanext.mainz.harvest.duva.lists import FileList
from ckanext.mainz.harvest.duva.reading import as_reason
from ckanext.mainz.harvest.duva.settings import DuvaSettings
from ckanext.mainz.harvest.kinds import Candidate
from ckanext.mainz.harvest.report import Reason
from ckanext.mainz.harvest.spool import Spool


@dataclass(frozen=True)
class Check:
    """What is at an address.

    `mode`: how it would be read, empty where nothing was found; `count`: how many files of tables it has; `list_name`:
    the list that tells more of them; `sample`: the first record as it would be here, its bytes not to be opened any
    more; `config`: options that would fit; `problems`: what was wrong, and of an experimental interface first of all
    that it is one and what it would take.
    """

    address: str
    mode: str = ""
    count: int = 0
    list_name: str = ""
    sample: Candidate | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Reason, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether it gave a record that can be harvested."""
        return self.sample is not None and self.sample.package is not None


def check(session: Session, url: str, kind: FolderKind | None = None) -> Check:
    """Looks at the folder at an address, its list, and its first table. Raises nothing."""
    chosen = DuvaSettings()
    try:
        place = (kind or FolderKind()).place(session, url, chosen)
        found = place.found()
        item = reading.list_of(found, chosen)
        told = reading.read_list(place, item) if item else None
    except ReadableError as error:
        return Check(url, problems=(as_reason("unreadable", error),))
    count = len(told.rows) if told else sum(items.is_table(one) for one in found.items)
    return look(place, found, told, Check(url, "folder", count, item.name if item else "", config={"mode": "folder"}))


def look(place: Place, found: Found, told: FileList | None, so_far: Check) -> Check:
    """The same with the first record that can be read."""
    why = (found.why,) if found.why else ()
    rows = told.rows if told else ()
    names = [row.file for row in rows] or [one.name for one in found.items if items.is_table(one)]
    problems: list[Reason] = [*so_far.problems, *why]
    with Spool() as spool:
        for name in names[:3]:
            one = _First(place, name)
            only = FileList(tuple(row for row in rows if row.file == name), told.columns) if told else None
            read = reading.read(one, DuvaSettings(list_file="none"), spool, lambda _done, _all: None, only)
            sample = next((read.candidate(number) for number in read.numbers), None)
            problems += read.reading.problems
            if sample and sample.package is not None:
                return _with(so_far, sample, problems)
        nothing = () if names else (Reason("no_files", reading.NO_FILES, {"place": so_far.address}),)
        return _with(so_far, None, [*problems, *nothing])


def _with(so_far: Check, sample: Candidate | None, problems: list[Reason]) -> Check:
    mode = so_far.mode if sample else ""
    return replace(so_far, mode=mode, sample=sample, problems=tuple(problems))


@dataclass(frozen=True)
class _First:
    """A place with one file of another."""

    place: Place
    name: str

    @property
    def base(self) -> str:
        return self.place.base

    def found(self) -> Found:
        return Found((self.place.item(self.name),))

    def item(self, name: str) -> items.Item:
        return self.place.item(name)

    def copy(self, item: items.Item, to: Any) -> None:
        self.place.copy(item, to)

    def changed(self, item: items.Item) -> ReadableError | None:
        return self.place.changed(item)
