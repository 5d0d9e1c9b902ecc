"""Under which account Postgres runs: it refuses to run as root, everything else of the portal does not mind."""

from __future__ import annotations

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

from ckanext.mainz.runtime.errors import PortalError

#: Capabilities that let a process pass folders it has no permission for, the smallest first (capabilities(7)).
_PASSING = {"dac_read_search": 2, "dac_override": 1}
#: access(2) asks without capabilities unless this bit is set, and initdb looks for `postgres` with it.
_KEEP_FOR_ACCESS = "--securebits=+no_setuid_fixup"


@dataclass(frozen=True)
class Account:
    """An ordinary user of this machine whom root lends to Postgres."""

    uid: int
    gid: int

    def command(self, argv: list[str], death_signal: str | None = None) -> list[str]:
        """`argv` run as this account, able to pass folders that only root may enter (a checkout below /root)."""
        capability = _passing_capability()
        options = [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if capability:
            options += [f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}", _KEEP_FOR_ACCESS]
        if death_signal:
            options.append(f"--pdeathsig={death_signal}")
        return ["setpriv", *options, "--", *argv]

    def own(self, folder: Path) -> None:
        """Give a folder to this account."""
        os.chown(folder, self.uid, self.gid)


def account_for(database: Path) -> Account | None:
    """Who runs the Postgres whose files lie in `database`; None: this process' own user.

    As root it is the owner of existing files, else the user postgres, else nobody. Raises PortalError if there is none.
    """
    if os.geteuid() != 0:
        return None
    if shutil.which("setpriv") is None:
        raise PortalError(
            "Postgres does not run as root, and `setpriv` is missing to run it as another user: install util-linux."
        )
    return _owner(database) or _ordinary_user()


def _owner(database: Path) -> Account | None:
    if not database.exists():
        return None
    found = database.stat()
    return Account(found.st_uid, found.st_gid) if found.st_uid else None


def _ordinary_user() -> Account:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise PortalError(
        "Postgres does not run as root, and there is no user postgres or nobody here; run ./portal as an ordinary user."
    )


def _passing_capability() -> str | None:
    """The smallest capability that passes private folders among those that this process may still hand on."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    bounding = int(next(line.split()[1] for line in status.splitlines() if line.startswith("CapBnd:")), 16)
    return next((name for name, bit in _PASSING.items() if bounding >> bit & 1), None)
