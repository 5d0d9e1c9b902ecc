"""The data folder of one portal: everything it keeps, in one place, private to the user who runs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from packaging.version import Version

from ckanext.mainz.runtime.errors import PortalError, describe_os_error

#: A first start writes about 60 MB (Postgres 40, search, examples); a running portal needs room for its logs and WAL.
FREE_SPACE_FIRST = 300 * 2**20
FREE_SPACE = 64 * 2**20
DISTRIBUTION = "ckanext-mainz"


@dataclass(frozen=True)
class DataFolder:
    """Where the parts of one portal keep their files. `root` is absolute."""

    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def redis(self) -> Path:
        return self.root / "redis"

    @property
    def files(self) -> Path:
        return self.root / "files"

    @property
    def search(self) -> Path:
        return self.root / "search"

    @property
    def cache(self) -> Path:
        return self.root / "cache"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """Things that mean something only while a launcher lives."""
        return self.root / "run"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets.json"

    @property
    def ini(self) -> Path:
        return self.root / "portal.ini"

    @property
    def admin_password(self) -> Path:
        return self.root / "admin-password"

    @property
    def lock(self) -> Path:
        return self.root / "portal.lock"

    @property
    def state(self) -> Path:
        return self.run / "state.json"

    @property
    def stamp(self) -> Path:
        """Written when the folder has been prepared in full; says for which version of the portal."""
        return self.root / "prepared.json"

    @property
    def schedule_state(self) -> Path:
        return self.root / "schedule.json"

    @property
    def first_start(self) -> bool:
        """No preparation of this folder has ever ended."""
        return not self.stamp.exists()


def default_root() -> Path:
    """`PORTAL_DATA`, else `var/` in the checkout that holds this file, else `var/` in the current folder."""
    named = os.environ.get("PORTAL_DATA")
    if named:
        return Path(named)
    return home() / "var"


def home() -> Path:
    """The checkout: `PORTAL_HOME` (set by ./portal), else the one that holds this file, else the current folder."""
    named = os.environ.get("PORTAL_HOME")
    checkout = Path(named) if named else Path(__file__).resolve().parents[4]
    return checkout if (checkout / "portal").is_file() else Path.cwd()


def locate(root: Path) -> DataFolder:
    """The folder for reading; nothing is made or changed. Raises PortalError for a path that CKAN cannot use."""
    absolute = root.expanduser().resolve()
    if re.search(r"[%\n\r]", str(absolute)):
        raise PortalError(
            f"The data folder {absolute} has a percent sign or line break in its path, and CKAN's configuration cannot "
            "hold such a path; give another folder with --data."
        )
    return DataFolder(absolute)


def claim(root: Path) -> DataFolder:
    """The folder for running a portal in: made where it is missing, and checked.

    Raises PortalError if it cannot be written, the disk is full, or a newer version of the portal has prepared it.
    """
    folder = locate(root)
    refuse_newer(folder)
    try:
        _make(folder)
    except OSError as error:
        raise describe_os_error(error, folder.root) from error
    require_space(folder)
    return folder


def _make(folder: DataFolder) -> None:
    made = not folder.root.exists()
    folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    if made:
        folder.root.chmod(0o700)
    for part in (folder.files, folder.search, folder.cache, folder.logs, folder.run):
        part.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder.run) as probe:
        probe.write(b"x" * 4096)
        probe.flush()


def require_space(folder: DataFolder) -> None:
    """Raise PortalError if the disk has too little space for a start."""
    needed = FREE_SPACE_FIRST if folder.first_start else FREE_SPACE
    free = shutil.disk_usage(folder.root).free
    if free < needed:
        raise PortalError(
            f"The disk that holds {folder.root} has only {free // 2**20} MB free, but the portal needs at least "
            f"{needed // 2**20} MB to start; free some space there or give another folder with --data."
        )


def refuse_newer(folder: DataFolder) -> None:
    """Raise PortalError if a later version of the portal has prepared this folder: going back would damage it."""
    prepared = read_json(folder.stamp).get("version")
    if prepared and Version(prepared) > Version(version(DISTRIBUTION)):
        raise PortalError(
            f"The data folder {folder.root} was prepared by version {prepared} of the portal, and this is version "
            f"{version(DISTRIBUTION)}; install the newer version or give another folder with --data."
        )


def read_json(path: Path) -> dict[str, Any]:
    """The object in a file of ours; empty if there is none. Raises PortalError if the file is damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise describe_os_error(error, path.parent) from error
    except ValueError as error:
        raise PortalError(f"{path} is damaged and cannot be read ({error}); restore it from a backup.") from error


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, in one step: readers see the old text or the new one."""
    scrap = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        scrap.unlink(missing_ok=True)
        with os.fdopen(os.open(scrap, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        scrap.replace(path)
    except OSError as error:
        scrap.unlink(missing_ok=True)
        raise describe_os_error(error, path.parent) from error


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write an object as `write_private` does."""
    write_private(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")
