"""What can go wrong in a way that the operator can mend."""

from __future__ import annotations

import errno
from pathlib import Path


class PortalError(Exception):
    """One sentence for the operator: what is wrong, where, and what to do. Shown without a traceback, exit status 1."""


class AlreadyRunningError(PortalError):
    """Another launcher holds this data folder."""


def describe_os_error(error: OSError, path: Path) -> PortalError:
    """The sentence for a file operation below `path` that the system refused."""
    if error.errno == errno.ENOSPC or error.errno == errno.EDQUOT:
        return PortalError(
            f"The disk that holds {path} is full; free some space there or give another folder with --data."
        )
    if error.errno == errno.EROFS:
        return PortalError(f"{path} lies on a read-only file system; give a folder that can be written with --data.")
    if error.errno in (errno.EACCES, errno.EPERM):
        return PortalError(
            f"{path} may not be written by this user; change its owner or give another folder with --data."
        )
    return PortalError(f"{path} cannot be used ({error.strerror or error}); give another folder with --data.")
