"""The source type ``mainz_duva``: one of the interfaces of DUVA, by the option ``mode``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.duva.experimental.common import ExperimentalKind
from ckanext.mainz.harvest.duva.experimental.evaluations import Evaluations
from ckanext.mainz.harvest.duva.experimental.portal import Portal
from ckanext.mainz.harvest.duva.experimental.servlet import Servlet
from ckanext.mainz.harvest.duva.folder import NAME, FolderKind
from ckanext.mainz.harvest.kinds import Beat, Kind, Read
from ckanext.mainz.harvest.spool import Spool

_ = toolkit._
FOLDER = "folder"
NO_MODE = N_("One of these is expected: {choices}.")
EXPERIMENTAL: Mapping[str, ExperimentalKind] = {
    one.mode: ExperimentalKind(one) for one in (Servlet(), Portal(), Evaluations())
}


def modes() -> Mapping[str, Kind]:
    """The interfaces of DUVA by the option ``mode``."""
    return {FOLDER: FolderKind(), **EXPERIMENTAL}


@dataclass(frozen=True)
class DuvaKind:
    """Reads a source as its option ``mode`` says, ``folder`` if it says nothing. Further modes, such as the DCAT
    catalogue, are given as `modes`."""

    name: str = NAME
    modes: Mapping[str, Kind] = field(default_factory=modes, hash=False)

    def problems(self, url: str, config: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        """See `kinds.Kind.problems`."""
        kind = self.modes.get(str(config.get("mode", FOLDER)))
        if kind is None:
            return {"mode": [_(NO_MODE).format(choices=", ".join(sorted(self.modes)))]}
        return kind.problems(url, config)

    def read(self, session: Session, url: str, config: Mapping[str, Any], spool: Spool, beat: Beat) -> Read:
        """See `kinds.Kind.read`."""
        return self.modes[str(config.get("mode", FOLDER))].read(session, url, config, spool, beat)
