"""The source type ``mainz_duva``, mode ``folder``: export files in a folder of this machine or of a web server."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.duva import config as operator
from ckanext.mainz.harvest.duva import local, reading, settings
from ckanext.mainz.harvest.duva.items import Place
from ckanext.mainz.harvest.duva.local import LocalFolder
from ckanext.mainz.harvest.duva.reading import FilesRead
from ckanext.mainz.harvest.duva.settings import DuvaSettings
from ckanext.mainz.harvest.duva.web import WebFolder
from ckanext.mainz.harvest.kinds import Beat
from ckanext.mainz.harvest.spool import Spool

_ = toolkit._
NAME = "mainz_duva"
NO_ADDRESS = N_("Give a web address (https://…), or a folder of this machine (/… or file:///…).")


@dataclass(frozen=True)
class FolderKind:
    """Reads a folder. `allowed` gives the folders of this machine that the operator allows."""

    name: str = NAME
    allowed: Callable[[], Sequence[Path]] = operator.allowed_folders

    def problems(self, url: str, config: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        """See `kinds.Kind.problems`; what is wrong with the address stands at ``url``."""
        found = settings.problems(config)
        reason = local.refused(url, self.allowed()) if local.is_local(url) else None
        if reason:
            found["url"] = [_(reason[0]).format(**reason[1])]
        elif not local.is_local(url) and not url.casefold().startswith(("http://", "https://")):
            found["url"] = [_(NO_ADDRESS)]
        return found

    def read(self, session: Session, url: str, config: Mapping[str, Any], spool: Spool, beat: Beat) -> FilesRead:
        """See `kinds.Kind.read`."""
        chosen = DuvaSettings.of(config)
        return reading.read(self.place(session, url, chosen), chosen, spool, beat)

    def place(self, session: Session, url: str, chosen: DuvaSettings) -> Place:
        """The folder of an address. Raises `ReadableError` for one of this machine that is not allowed or not there."""
        if not local.is_local(url):
            return WebFolder(session, url, chosen.subfolders, chosen.most_files)
        limit = session.policy.max_download_bytes
        return LocalFolder.at(
            url, self.allowed(), subfolders=chosen.subfolders, most=chosen.most_files, limit=limit
        )  # fmt: skip
