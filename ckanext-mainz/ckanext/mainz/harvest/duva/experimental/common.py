"""Experimental: what the uncertain interfaces of DUVA have in common, files at addresses with what is told of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, Protocol

from ckanext.mainz.foundation.errors import N_, Message, ReadableError
from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest import options
from ckanext.mainz.harvest.duva import checking, reading, settings
from ckanext.mainz.harvest.duva.checking import Check
from ckanext.mainz.harvest.duva.folder import NAME
from ckanext.mainz.harvest.duva.items import Found, Item
from ckanext.mainz.harvest.duva.lists import FileList, Row
from ckanext.mainz.harvest.duva.reading import FilesRead, as_reason
from ckanext.mainz.harvest.duva.settings import DuvaSettings
from ckanext.mainz.harvest.kinds import Beat
from ckanext.mainz.harvest.report import Reason
from ckanext.mainz.harvest.spool import Spool

UNKNOWN = N_("The source has no file “{name}”.")


@dataclass
class Listed:
    """Files at addresses as a place: see `items.Place`. `rows`: what is told of them; `why`: why some may lack."""

    session: Session
    base: str
    files: tuple[Item, ...]
    rows: tuple[Row, ...]
    why: Reason | None = None
    problems: tuple[Reason, ...] = field(default=())

    def found(self) -> Found:
        """See `items.Place.found`."""
        return Found(self.files, (), self.why, self.problems)

    def item(self, name: str) -> Item:
        """See `items.Place.item`."""
        for one in self.files:
            if one.name == name:
                return one
        raise ReadableError(UNKNOWN, name=name)

    def copy(self, item: Item, to: BinaryIO) -> None:
        """See `items.Place.copy`. A page instead of data, such as that of a login, is refused."""
        self.session.download(item.address, to, html=False)

    def changed(self, item: Item) -> ReadableError | None:  # noqa: ARG002 - a server says how long an answer is
        """See `items.Place.changed`."""
        return None

    @property
    def told(self) -> FileList:
        """The rows as a list."""
        columns = {name for row in self.rows for name, value in vars(row).items() if value}
        return FileList(self.rows, frozenset(columns))


class Interface(Protocol):
    """An experimental interface: its `mode`, what it would take to trust it, its own options, and how it is asked."""

    @property
    def mode(self) -> str: ...

    @property
    def takes(self) -> Message: ...

    @property
    def options(self) -> Mapping[str, options.Option]: ...

    def listed(self, session: Session, url: str, config: Mapping[str, Any]) -> Listed:
        """The files that it lists. Raises `ReadableError`."""
        ...


@dataclass(frozen=True)
class ExperimentalKind:
    """A kind of source made of an experimental interface; each of its runs says that it is one."""

    interface: Interface
    name: str = NAME

    def problems(self, url: str, config: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:  # noqa: ARG002
        """See `kinds.Kind.problems`."""
        return settings.problems(config, self.interface.options)

    def read(self, session: Session, url: str, config: Mapping[str, Any], spool: Spool, beat: Beat) -> FilesRead:
        """See `kinds.Kind.read`."""
        place = self.interface.listed(session, url, config)
        read = reading.read(place, DuvaSettings.of(config), spool, beat, place.told)
        told = (self._warning(), *read.reading.problems)
        return replace(read, reading=replace(read.reading, problems=told))

    def check(self, session: Session, url: str, config: Mapping[str, Any] | None = None) -> Check:
        """What is at an address, and what the interface would take. Raises nothing."""
        chosen = {"mode": self.interface.mode, **(config or {})}
        so_far = Check(url, self.interface.mode, config=chosen, problems=(self._warning(),))
        try:
            place = self.interface.listed(session, url, chosen)
        except ReadableError as error:
            return replace(so_far, mode="", problems=(*so_far.problems, as_reason("unreadable", error)))
        return checking.look(place, place.found(), place.told, replace(so_far, count=len(place.files)))

    def _warning(self) -> Reason:
        return Reason("experimental", self.interface.takes)
