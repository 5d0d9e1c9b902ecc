"""The kind of source ``mainz_dcat``: any DCAT-AP catalogue in Turtle, RDF/XML or JSON-LD, also that of DUVA."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest import options
from ckanext.mainz.harvest.dcat import identifiers, mapping, settings
from ckanext.mainz.harvest.dcat.checking import Check, check
from ckanext.mainz.harvest.dcat.finishing import Portal
from ckanext.mainz.harvest.dcat.settings import DcatSettings
from ckanext.mainz.harvest.dcat.statements import SERVICE
from ckanext.mainz.harvest.dcat.walking import Spooled, Walk
from ckanext.mainz.harvest.kinds import Beat, Candidate, Reading
from ckanext.mainz.harvest.spool import Spool


@dataclass(frozen=True)
class DcatRead:
    """A catalogue that has been read; its records lie in the spool."""

    reading: Reading
    spool: Spool
    records: Sequence[Spooled]
    portal: Portal

    @property
    def numbers(self) -> Sequence[int]:
        return range(len(self.records))

    def candidate(self, number: int) -> Candidate:
        one = self.records[number]
        return mapping.candidate(self.spool.get(one.number), one.subject, one.kind, self.portal)

    def raw(self, number: int) -> bytes:
        """The statements about the record as sorted N-Triples."""
        return self.spool.get(self.records[number].number)


@dataclass(frozen=True)
class DcatKind:
    """`base_uri`: how the addresses of our own records begin, so that what others have from us does not come back."""

    base_uri: str = ""
    name: str = "mainz_dcat"

    def problems(self, url: str, config: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:  # noqa: ARG002
        """What is wrong with the configuration, in sentences by option."""
        return options.problems(config, settings.DCAT)

    def read(self, session: Session, url: str, config: Mapping[str, Any], spool: Spool, beat: Beat) -> DcatRead:
        """Reads the catalogue to its end, or says how far it came. Raises `ReadableError` where there is none."""
        chosen = settings.settings_of(DcatSettings, config)
        walk = Walk(session, url, chosen, spool, beat)
        reading = walk.read()
        records = [one for one in walk.records if chosen.services or one.kind != SERVICE]
        return DcatRead(reading, spool, records, Portal(chosen, identifiers.host_of(url), self.base_uri))

    def check(self, session: Session, url: str) -> Check:
        """What is at an address. Raises nothing."""
        return check(session, url, self.base_uri)
