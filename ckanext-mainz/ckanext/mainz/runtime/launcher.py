"""`up`: from a data folder to a portal that answers, and its end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable

from ckanext.mainz.config import CKAN_INI

from ckanext.mainz.runtime.address import Address, answers, reserve
from ckanext.mainz.runtime.configuration import installation_options, read_options, refuse_percent, write_ini
from ckanext.mainz.runtime.errors import PortalError, describe_os_error
from ckanext.mainz.runtime.folder import DataFolder, claim, require_space
from ckanext.mainz.runtime.hooks import PROCESSES, hooks
from ckanext.mainz.runtime.leftovers import clean_up
from ckanext.mainz.runtime.logs import log_file, turn_over
from ckanext.mainz.runtime.part import Part, always
from ckanext.mainz.runtime.processes import MARKER, Identity, become_subreaper, identify
from ckanext.mainz.runtime.secrets_file import load_secrets
from ckanext.mainz.runtime.services.postgres import Postgres
from ckanext.mainz.runtime.services.redis import Redis
from ckanext.mainz.runtime.sockets import remove_socket_folder, socket_folder
from ckanext.mainz.runtime.stamp import is_prepared
from ckanext.mainz.runtime.state import PortalState, acquire, write_state
from ckanext.mainz.runtime.supervisor import Stopped, Supervisor

#: Seconds a step may take before the launcher gives up: generous, for slow machines and crash recovery.
SERVICE_LIMIT, WEB_LIMIT = 60.0, 180.0
_LOG_CHECK = 10.0
#: What every Python child gets: otherwise malloc keeps an arena for every thread, which costs some 50 MB at rest.
_PYTHON = {"MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1"}


def tell(sentence: str) -> None:
    """Progress for the operator, on standard error: standard output belongs to the one line that says `ready`."""
    print(sentence, file=sys.stderr, flush=True)


class Services:
    """Postgres and Redis of one data folder, under a supervisor."""

    def __init__(self, folder: DataFolder, supervisor: Supervisor):
        self.folder = folder
        self.secrets = load_secrets(folder)
        sockets = socket_folder(folder)
        self.postgres = Postgres(
            folder.postgres, sockets, log_file(folder.logs, "postgres"), self.secrets.postgres_owner
        )
        self.redis = Redis(folder.redis, sockets, log_file(folder.logs, "redis"))
        self._supervisor = supervisor

    def start(self) -> None:
        """Make their files if need be, start both, wait until both answer."""
        if not self.folder.postgres.exists():
            tell("Making the database (once) …")
        self.postgres.create()
        self.redis.create()
        children = [self._supervisor.add(service.part()) for service in (self.postgres, self.redis)]
        for child in children:
            self._supervisor.wait_for(child, SERVICE_LIMIT)

    def write_ini(self, site_url: str) -> None:
        """Write the installation's configuration with the addresses of these services."""
        write_ini(
            self.folder.ini,
            installation_options(self.folder, self.secrets, self.postgres, self.redis, site_url),
        )


def end_leftovers(folder: DataFolder) -> None:
    """Make sure that nothing else works on the data folder, and say so if there was something."""
    ended = clean_up(folder)
    if ended:
        tell(f"Ended {ended} processes that an earlier launcher had left behind.")


def python_part(
    folder: DataFolder, name: str, module: str, *arguments: str, answers: Callable[[], bool] = always
) -> Part:
    """A part that is a module of the runtime."""
    return Part(
        name=name,
        command=(sys.executable, "-m", f"ckanext.mainz.runtime.{module}", *arguments),
        log=log_file(folder.logs, name),
        folder=folder.root,
        environment=child_environment(folder),
        answers=answers,
    )


def child_environment(folder: DataFolder) -> dict[str, str]:
    """What a process needs to know to work for this data folder."""
    return {**_PYTHON, "CKAN_INI": str(folder.ini), "PORTAL_DATA": str(folder.root), MARKER: str(folder.root)}


class Launcher:
    """One run of `up` on a data folder. Not reusable."""

    def __init__(self, folder: DataFolder, address: Address, examples: bool):
        self.folder = folder
        self.address = address
        self.examples = examples
        self.ready = False
        self.identity = identify(os.getpid())
        self.supervisor = Supervisor(tell, self._publish)

    def _publish(self) -> None:
        if isinstance(self.identity, Identity):
            parts = tuple(child.snapshot() for child in self.supervisor.children)
            self._write_state(PortalState(self.identity, self.address.url, self.ready, parts))

    def _write_state(self, state: PortalState) -> None:
        try:
            write_state(self.folder, state)
        except PortalError as error:
            if not self.ready:
                raise
            tell(f"The portal goes on, but ./portal status is out of date: {error}")

    def run(self) -> int:
        """Start everything, say that it is ready, look after it until told to stop. Returns the exit status."""
        refuse_percent(CKAN_INI)
        if not self.folder.root.exists():
            reserve(self.address).close()  # a taken port must not leave an empty data folder behind
        claim(self.folder.root)
        lock = acquire(self.folder)
        try:
            become_subreaper()
            end_leftovers(self.folder)
            with reserve(self.address), self.supervisor.signals():
                return self._run_supervised()
        finally:
            lock.release()

    def _run_supervised(self) -> int:
        try:
            self._start()
            self._keep()
        except Stopped:
            tell("Stopping …")
        finally:
            self.supervisor.stop_all()
            remove_socket_folder(self.folder)
            self.folder.state.unlink(missing_ok=True)
        return 0

    def _start(self) -> None:
        self._publish()
        tell("Starting Postgres and Redis …")
        services = Services(self.folder, self.supervisor)
        services.start()
        services.write_ini(os.environ.get("CKAN_SITE_URL") or self.address.url)
        if not is_prepared(self.folder):
            self._prepare()
        self._start_programs()

    def _prepare(self) -> None:
        tell(
            "Preparing database and search (the first time this takes a minute) …"
            if self.folder.first_start
            else "Preparing …"
        )
        arguments = () if self.examples else ("--empty",)
        part = python_part(self.folder, "prepare", "prepare", *arguments)
        if self.supervisor.run_to_end(part.spawn(output=sys.stderr.fileno())) != 0:
            require_space(self.folder)
            raise PortalError(
                f"The preparation failed, see the end of {part.log} for the reason; the next start repeats it."
            )

    def _start_programs(self) -> None:
        tell("Starting the programs: web server, worker, scheduler, indexer …")
        mark = self.folder.run / "worker.ready"
        mark.unlink(missing_ok=True)
        parts = [
            python_part(
                self.folder, "web", "web", self.address.host, str(self.address.port), answers=self._web_answers
            ),
            python_part(self.folder, "worker", "worker", str(mark), answers=mark.exists),
            python_part(self.folder, "scheduler", "scheduler"),
            *(python_part(self.folder, entry.name, "process", entry.name) for entry in hooks(PROCESSES)),
        ]
        for child in [self.supervisor.add(part) for part in parts]:
            self.supervisor.wait_for(child, WEB_LIMIT)

    def _web_answers(self) -> bool:
        return all(answers(self.address, path) for path in ("/api/3/action/status_show", "/"))

    def _keep(self) -> None:
        self.ready = True
        self._publish()
        print(f"Portal ready: {self.address.url}", flush=True)
        due = time.monotonic()
        while True:
            self.supervisor.pump(1.0)
            if time.monotonic() >= due:
                due = time.monotonic() + _LOG_CHECK
                self._turn_over_logs()

    def _turn_over_logs(self) -> None:
        for child in self.supervisor.children:
            try:
                turn_over(child.part.log)
            except OSError as error:
                tell(str(describe_os_error(error, self.folder.logs)))


def run_with_services(folder: DataFolder, argv: list[str]) -> int:
    """Run a program with Postgres and Redis of a data folder whose portal does not run; its exit status."""
    claim(folder.root)
    lock = acquire(folder)
    supervisor = Supervisor(tell, lambda: None)
    try:
        with supervisor.signals():
            become_subreaper()
            end_leftovers(folder)
            services = Services(folder, supervisor)
            services.start()
            services.write_ini(read_options(folder.ini)["ckan.site_url"])
            return supervisor.run_to_end(subprocess.Popen(argv, env={**os.environ, **child_environment(folder)}))
    except Stopped:
        return 130
    finally:
        supervisor.stop_all()
        remove_socket_folder(folder)
        lock.release()
