"""A folder for the services' unix sockets: private, and short enough for a socket address.

A socket's path holds at most 107 bytes (unix(7)), and CKAN hands database addresses to alembic and others that stumble
over escaped characters. A data folder with a short plain path keeps its sockets itself; any other gets a folder below
the system's temporary folder, named by a hash of its path.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import stat
import tempfile
from pathlib import Path

from ckanext.mainz.runtime.errors import PortalError
from ckanext.mainz.runtime.folder import DataFolder

_LONGEST_NAME = "/postgres/.s.PGSQL.5432"
_LIMIT = 107
_PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


def socket_folder(data: DataFolder) -> Path:
    """The folder for this data folder's sockets, made if missing. Raises PortalError if somebody else holds it."""
    if _fits(data.run) and _takes_sockets(data.run):
        return data.run
    digest = hashlib.sha256(os.fsencode(data.root)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"mainz-{os.getuid()}-{digest}"
    if not _fits(folder):
        folder = Path("/tmp") / folder.name  # noqa: S108 - made private and checked below
    _make_private(folder)
    return folder


def remove_socket_folder(data: DataFolder) -> None:
    """Leave nothing behind in the temporary folder. Call it when the services have ended."""
    folder = socket_folder(data)
    if folder != data.run:
        shutil.rmtree(folder, ignore_errors=True)


def _fits(folder: Path) -> bool:
    return bool(_PLAIN.fullmatch(str(folder))) and len(str(folder) + _LONGEST_NAME) <= _LIMIT


def _takes_sockets(folder: Path) -> bool:
    """Whether the file system knows unix sockets: shared folders of virtual machines often do not."""
    probe = folder / f".probe-{os.getpid()}"
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(probe))
    except OSError:
        return False
    finally:
        probe.unlink(missing_ok=True)
    return True


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise PortalError(f"{folder} belongs to somebody else, but the portal needs it for its sockets; remove it.")
    folder.chmod(0o700)
