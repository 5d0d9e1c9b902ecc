"""The portal's services and CKAN itself, started once for a test session.

The classes are the runtime's own, the configuration is `config/test.ini`; only the durability of Postgres is given up.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckanext.mainz.config import FOLDER as CONFIG_FOLDER

from ckanext.mainz.runtime.configuration import DATABASE, installation_options, write_ini
from ckanext.mainz.runtime.databases import ensure_databases, set_datastore_permissions, set_room_permissions, superuser
from ckanext.mainz.runtime.folder import DataFolder, claim
from ckanext.mainz.runtime.hooks import PREPARE, call_all
from ckanext.mainz.runtime.logs import log_file
from ckanext.mainz.runtime.part import Part
from ckanext.mainz.runtime.secrets_file import load_secrets
from ckanext.mainz.runtime.services.postgres import Postgres
from ckanext.mainz.runtime.services.redis import Redis
from ckanext.mainz.runtime.sockets import socket_folder

START_SECONDS = 60
TEST_INI = CONFIG_FOLDER / "test.ini"
SITE_URL = "http://test.ckan.net"


@dataclass(frozen=True)
class RunningServices:
    """Postgres and Redis with the portal's databases, and the configuration file that names them."""

    folder: DataFolder
    postgres: Postgres
    redis: Redis
    ini: Path


@dataclass(frozen=True)
class LoadedPortal:
    """CKAN with all plugins, loaded once in this process, its databases migrated."""

    services: RunningServices
    app: Any
    config: dict[str, Any]

    def reset(self) -> None:
        """Empty databases, index and queue, about 0.1 s."""
        from ckan import model
        from ckan.lib.redis import connect_to_redis
        from ckan.lib.search import clear_all

        model.repo.rebuild_db()
        clear_all()
        connect_to_redis().flushdb()
        self._empty_decision_log()
        call_all(PREPARE, _quiet)

    def _empty_decision_log(self) -> None:
        """What the portal itself cannot do; `rebuild_db` has just added rows on everybody it took away."""
        with superuser(self.services.postgres, DATABASE) as opened, opened.cursor() as cursor:
            cursor.execute("DELETE FROM mainz_log.decision")


@contextmanager
def running(part: Part) -> Iterator[None]:
    """A service from its first answer on to the end of the block. Raises RuntimeError if it does not answer."""
    process = part.spawn()
    try:
        deadline = time.monotonic() + START_SECONDS
        while not part.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{part.name} does not answer: {part.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)
        yield
    finally:
        process.send_signal(part.stop_signal)
        process.wait(30)


@contextmanager
def services(root: Path) -> Iterator[RunningServices]:
    """Postgres and Redis in a data folder `root`, with empty databases."""
    folder = claim(root)
    secrets, sockets = load_secrets(folder), socket_folder(folder)
    log = log_file(folder.logs, "postgres")
    postgres = Postgres(folder.postgres, sockets, log, secrets.postgres_owner, durable=False)
    redis = Redis(folder.redis, sockets, log_file(folder.logs, "redis"))
    postgres.create()
    redis.create()
    with ExitStack() as stack:
        for part in (postgres.part(), redis.part()):
            stack.enter_context(running(part))
        ensure_databases(postgres, secrets)
        write_ini(folder.ini, installation_options(folder, secrets, postgres, redis, SITE_URL), base=TEST_INI)
        yield RunningServices(folder, postgres, redis, folder.ini)


@contextmanager
def loaded_portal(root: Path) -> Iterator[LoadedPortal]:
    """Services in `root` and CKAN in this process. Only one in a process: CKAN's configuration is global."""
    with services(root) as started:
        os.environ["CKAN_INI"] = str(started.ini)
        app = _load(started)
        from ckan.common import config

        yield LoadedPortal(started, app, dict(config))
        _let_go()


def _load(started: RunningServices) -> Any:
    from ckan import model
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    from ckanext.mainz.runtime.prepare import migrate

    app = make_app(load_config(str(started.ini)))
    migrate()
    set_datastore_permissions(started.postgres)
    set_room_permissions(started.postgres)
    # From here on a reset empties the tables; otherwise it drops them and brings back only core's.
    model.repo.tables_created_and_initialised = True
    return app


def _let_go() -> None:
    """Close the connections, so that Postgres stops at once."""
    from ckan import model

    model.Session.remove()
    model.ensure_engine().dispose()


def _quiet(step: str, done: int = 0, total: int = 0, /) -> None:
    """Nobody watches the progress of a test."""
