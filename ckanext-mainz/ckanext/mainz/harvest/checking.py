"""What is at an address, and which kind of source would read it: for the command, before a source is made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.ckan import checking as ckan
from ckanext.mainz.harvest.dcat import checking as dcat
from ckanext.mainz.harvest.duva import checking as duva
from ckanext.mainz.harvest.duva.kind import EXPERIMENTAL
from ckanext.mainz.harvest.gdi import csw
from ckanext.mainz.metadata.rdf.settings import rdf_settings


@dataclass(frozen=True)
class Looked:
    """What one kind of source makes of an address. `kind`: the source type; `problems`: sentences."""

    kind: str
    usable: bool
    address: str
    count: int | None
    sample: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The same for people."""
        if self.usable:
            number = "an unknown number of" if self.count is None else self.count
            yield f"{self.kind} fits: {self.address}, {number} records"
            if self.sample:
                yield f"  for example: {self.sample}"
            yield f"  configuration: {json.dumps(dict(self.config), ensure_ascii=False)}"
        else:
            yield f"{self.kind} does not fit"
        yield from (f"  {one}" for one in self.problems)


def look(session: Session, url: str) -> Iterator[Looked]:
    """What each kind of source makes of an address, one after the other; of those for which little is known last."""
    for check in (_csw, _dcat, _ckan, _duva):
        yield check(session, url)
    for mode, kind in EXPERIMENTAL.items():
        yield _told("mainz_duva", kind.check(session, url), {"mode": mode})


def fitting(session: Session, url: str) -> tuple[Looked | None, list[Looked]]:
    """The first kind that fits, if one does, and all that were asked until then."""
    asked: list[Looked] = []
    for one in look(session, url):
        asked.append(one)
        if one.usable:
            return one, asked
    return None, asked


def _csw(session: Session, url: str) -> Looked:
    found = csw.check(session, url)
    title = found.capabilities.title if found.capabilities else ""
    problems = tuple(str(one) for one in found.problems)
    return Looked("mainz_csw", found.is_usable, found.address, found.matched, title, problems=problems)


def _dcat(session: Session, url: str) -> Looked:
    return _told("mainz_dcat", dcat.check(session, url, rdf_settings().base_uri))


def _ckan(session: Session, url: str) -> Looked:
    return _told("mainz_ckan", ckan.check(session, url, rdf_settings().base_uri))


def _duva(session: Session, url: str) -> Looked:
    return _told("mainz_duva", duva.check(session, url))


def _told(kind: str, found: dcat.Check | duva.Check, config: Mapping[str, Any] | None = None) -> Looked:
    total = found.total if isinstance(found, dcat.Check) and found.total is not None else found.count
    title = found.sample.title if found.sample else ""
    problems = tuple(one.sentence() for one in found.problems)
    return Looked(kind, found.is_usable, found.address, total, title, {**found.config, **(config or {})}, problems)
