"""What each kind of source gives to the template: how its records are read, and what each of them says.

A kind reads everything into the spool first (`Kind.read`); then each record is asked for by its number, as often as
needed, so that 20,000 of them never lie in memory together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.report import Reason
from ckanext.mainz.harvest.spool import Spool

Dict = dict[str, Any]
Beat = Callable[[int, int], None]
"""Called with how many records are done and how many there are (0 where nobody knows)."""


@dataclass(frozen=True)
class Candidate:
    """A record of a source, mapped.

    `keys`: all its identifiers; `likeness`: a hash of what it says without identifiers and dates; `fingerprint`: a hash
    of all it says without dates that are computed anew each night; `package`: what is to stand here, None where the
    record is left out or cannot be taken, and then `refused` says why (`skipped`: by a rule of the source, else because
    of a fault). `reasons` is what else is to be said of it. `license_missing`: it must wait for a licence.
    """

    guid: str
    title: str
    keys: tuple[str, ...] = ()
    likeness: str = ""
    fingerprint: str = ""
    package: Mapping[str, Any] | None = None
    refused: Reason | None = None
    skipped: bool = False
    reasons: tuple[Reason, ...] = ()
    license_missing: bool = False


@dataclass(frozen=True)
class Reading:
    """What was read. `complete`: all there is has been read, or is named in `unreadable` (identifiers that must not
    count as missing); `why`: the reason where it is not; `problems`: what else a person should know."""

    complete: bool
    why: Reason | None = None
    unreadable: frozenset[str] = frozenset()
    problems: tuple[Reason, ...] = field(default=())


class Read(Protocol):
    """A source that has been read."""

    @property
    def reading(self) -> Reading:
        """How far."""
        ...

    @property
    def numbers(self) -> Sequence[int]:
        """Numbers of the records that can become records here; others, such as services, belong to these."""
        ...

    def candidate(self, number: int) -> Candidate:
        """One record. Never raises for what a record says."""
        ...

    def raw(self, number: int) -> bytes:
        """The record as the source gave it."""
        ...


class Kind(Protocol):
    """A kind of source, such as a CSW. `name` is that of its source type."""

    @property
    def name(self) -> str: ...

    def problems(self, url: str, config: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        """What is wrong with the configuration of a source, in sentences by option; nothing if it can be used."""
        ...

    def read(self, session: Session, url: str, config: Mapping[str, Any], spool: Spool, beat: Beat) -> Read:
        """Reads a source to its end, or says how far it came. Raises `ReadableError` where it cannot be read at all."""
        ...
