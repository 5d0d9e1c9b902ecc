"""Reads a played catalogue as a run does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.kit.catalogue_server import CatalogueServer
from tests.kit.outgoing import MakeSession, Waits

from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.dcat.kind import DcatKind, DcatRead
from ckanext.mainz.harvest.kinds import Candidate, Kind, Reading
from ckanext.mainz.harvest.spool import Spool

OURS = "https://opendata.mainz.example"


@dataclass(frozen=True)
class Got:
    """What a reading gave."""

    reading: Reading
    candidates: tuple[Candidate, ...]
    raw: tuple[bytes, ...]

    @property
    def why(self) -> str:
        """The code of the reason why it is not complete; empty where it is."""
        return self.reading.why.code if self.reading.why else ""

    @property
    def titles(self) -> list[str]:
        return [one.title for one in self.candidates]

    @property
    def only(self) -> Candidate:
        (one,) = self.candidates
        return one

    def package(self, number: int = 0) -> dict[str, Any]:
        found = self.candidates[number].package
        assert found is not None, self.candidates[number].refused
        return dict(found)

    @property
    def prints(self) -> dict[str, str]:
        return {one.guid: one.fingerprint for one in self.candidates}


def session(**limits: Any) -> Session:
    return MakeSession(Waits())(**{"read_timeout": 5, "total_timeout": 20, **limits})


def go(url: str, *, kind: Kind | None = None, limits: Any = None, **config: Any) -> Got:
    with Spool() as spool:
        found = (kind or DcatKind(OURS)).read(session(**(limits or {})), url, config, spool, lambda _done, _total: None)
        candidates = tuple(found.candidate(number) for number in found.numbers)
        return Got(found.reading, candidates, tuple(found.raw(number) for number in found.numbers))


def read(datasets: Sequence[str], *more: str, **config: Any) -> Got:
    """A catalogue of these datasets, read from a server of its own."""
    with CatalogueServer() as portal:
        return go(portal.catalogue(datasets, *more), **config)


def one(dataset: str, *more: str, **config: Any) -> Got:
    return read([dataset], *more, **config)


__all__ = ["DcatRead", "Got", "go", "one", "read", "session"]
