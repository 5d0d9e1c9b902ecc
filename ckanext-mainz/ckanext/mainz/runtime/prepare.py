"""Makes a data folder ready for this version of the portal, in one process that loads CKAN once.

Every step can be repeated; the stamp comes last, so that a preparation that was cut short is done again at the next
start. Progress goes to standard output, a sentence a line; all else (CKAN's log, migrations) to standard error.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
from pathlib import Path
from typing import TextIO

from ckanext.mainz.runtime.application import ckan_application
from ckanext.mainz.runtime.databases import ensure_databases, set_datastore_permissions, set_room_permissions
from ckanext.mainz.runtime.folder import DataFolder, locate, write_private
from ckanext.mainz.runtime.hooks import FIRST_START, PREPARE, Progress, call_all
from ckanext.mainz.runtime.secrets_file import load_secrets
from ckanext.mainz.runtime.services.postgres import Postgres
from ckanext.mainz.runtime.sockets import socket_folder
from ckanext.mainz.runtime.stamp import mark_prepared

ADMIN = "admin"
ADMIN_EMAIL = "admin@localhost"


def prepare(folder: DataFolder, examples: bool, progress: Progress) -> None:
    """Databases, migrations, rights, first administrator, derived data, examples on a folder that was empty."""
    installation = load_secrets(folder)
    postgres = Postgres(
        folder.postgres, socket_folder(folder), folder.logs / "postgres.log", installation.postgres_owner
    )
    ensure_databases(postgres, installation)
    progress("Loading CKAN …")
    with ckan_application():
        progress("Bringing the database to this version …")
        migrate()
        set_datastore_permissions(postgres)
        set_room_permissions(postgres)
        ensure_administrator(folder, progress)
        call_all(PREPARE, progress)
        if examples and folder.first_start:
            call_all(FIRST_START, progress)
    mark_prepared(folder)


def migrate() -> None:
    """Run the migrations of CKAN and of every plugin, then load CKAN again: before there were no tables to read."""
    from ckan.cli.db import upgrade
    from ckan.common import config
    from ckan.config.environment import load_environment

    upgrade.main(args=[], standalone_mode=False)
    load_environment(config)


def ensure_administrator(folder: DataFolder, progress: Progress) -> None:
    """Create `admin` with a random password if the portal has no administrator yet; the password is shown once."""
    from ckan import model
    from ckan.plugins import toolkit

    site_user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    administrators = model.Session.query(model.User).filter_by(sysadmin=True, state="active")
    if administrators.filter(model.User.name != site_user).first():
        return
    password = _kept_password(folder.admin_password)
    if not model.User.get(ADMIN):
        toolkit.get_action("user_create")(
            {"ignore_auth": True, "user": site_user},
            {"name": ADMIN, "email": ADMIN_EMAIL, "password": password, "fullname": "Administrator"},
        )
    model.Session.query(model.User).filter_by(name=ADMIN).update({"sysadmin": True})
    model.Session.commit()
    progress(f"First administrator: {ADMIN}, password {password} (kept in {folder.admin_password})")


def _kept_password(path: Path) -> str:
    """The password of an earlier, interrupted preparation, or a new one; in the file before the user exists."""
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    password = secrets.token_urlsafe(15)
    write_private(path, password + "\n")
    return password


def _own_standard_output() -> TextIO:
    """Keep standard output for progress, and send what others print there to standard error."""
    kept = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    return kept


class Printer:
    """Progress as lines of text: a step once, its count not more often than every other second, its end always."""

    def __init__(self, output: TextIO):
        self._output = output
        self._next_count = 0.0

    def __call__(self, step: str, done: int = 0, total: int = 0, /) -> None:
        now = time.monotonic()
        if total and done < total and now < self._next_count:
            return
        self._next_count = now + 2
        print(f"{step} ({done} of {total})" if total else step, file=self._output)


def main() -> None:
    parser = argparse.ArgumentParser(prog="prepare")
    parser.add_argument("--empty", action="store_true")
    arguments = parser.parse_args()
    output = _own_standard_output()
    prepare(locate(Path(os.environ["PORTAL_DATA"])), not arguments.empty, Printer(output))


if __name__ == "__main__":
    sys.exit(main())
