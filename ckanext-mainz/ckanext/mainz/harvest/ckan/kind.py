"""The kind of source ``mainz_ckan``: any CKAN by its Action API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest import options
from ckanext.mainz.harvest.ckan import mapping
from ckanext.mainz.harvest.ckan.checking import check
from ckanext.mainz.harvest.ckan.settings import CKAN, CkanSettings
from ckanext.mainz.harvest.ckan.walking import Walk
from ckanext.mainz.harvest.dcat.checking import Check
from ckanext.mainz.harvest.dcat.finishing import Portal
from ckanext.mainz.harvest.dcat.identifiers import host_of
from ckanext.mainz.harvest.dcat.settings import settings_of
from ckanext.mainz.harvest.kinds import Beat, Candidate, Reading
from ckanext.mainz.harvest.spool import Spool


@dataclass(frozen=True)
class CkanRead:
    """A portal that has been read; its public records lie in the spool."""

    reading: Reading
    spool: Spool
    places: Sequence[int]
    portal: Portal
    base: str

    @property
    def numbers(self) -> Sequence[int]:
        return range(len(self.places))

    def candidate(self, number: int) -> Candidate:
        return mapping.candidate(self.raw(number), self.portal, self.base)

    def raw(self, number: int) -> bytes:
        """The record as JSON."""
        return self.spool.get(self.places[number])


@dataclass(frozen=True)
class CkanKind:
    """`base_uri`: how the addresses of our own records begin, so that what others have from us does not come back."""

    base_uri: str = ""
    name: str = "mainz_ckan"

    def problems(self, url: str, config: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:  # noqa: ARG002
        """What is wrong with the configuration, in sentences by option."""
        return options.problems(config, CKAN)

    def read(self, session: Session, url: str, config: Mapping[str, Any], spool: Spool, beat: Beat) -> CkanRead:
        """Reads the portal to its end, or says how far it came. Raises `ReadableError` where no address is one."""
        settings = settings_of(CkanSettings, config)
        walk = Walk(session, url, settings, spool, beat)
        reading = walk.read()
        return CkanRead(reading, spool, walk.numbers, Portal(settings, host_of(url), self.base_uri), walk.base)

    def check(self, session: Session, url: str) -> Check:
        """What is at an address. Raises nothing."""
        return check(session, url, self.base_uri)
