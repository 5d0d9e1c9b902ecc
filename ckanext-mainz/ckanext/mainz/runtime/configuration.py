"""The configuration of one installation: `portal.ini` in the data folder, and how to read options without CKAN."""

from __future__ import annotations

import os
from collections.abc import Mapping
from configparser import RawConfigParser
from pathlib import Path

from ckanext.mainz.config import CKAN_INI

from ckanext.mainz.runtime.errors import PortalError
from ckanext.mainz.runtime.folder import DataFolder, write_private
from ckanext.mainz.runtime.secrets_file import Secrets
from ckanext.mainz.runtime.services.postgres import Postgres
from ckanext.mainz.runtime.services.redis import Redis

SECTION = "app:main"
DATABASE = "ckan"
DATASTORE = "datastore"
CKAN_ROLE = "ckan"
READ_ROLE = "datastore_read"


def installation_options(
    folder: DataFolder, secrets: Secrets, postgres: Postgres, redis: Redis, site_url: str
) -> dict[str, str]:
    """The values that differ from one installation to the next."""

    def database(name: str, role: str, password: str) -> str:
        return postgres.url(name, role, password)

    return {
        "ckan.site_url": site_url,
        "sqlalchemy.url": database(DATABASE, CKAN_ROLE, secrets.postgres_ckan),
        "ckan.datastore.write_url": database(DATASTORE, CKAN_ROLE, secrets.postgres_ckan),
        "ckan.datastore.read_url": database(DATASTORE, READ_ROLE, secrets.postgres_datastore_read),
        "ckan.redis.url": redis.url(),
        "SECRET_KEY": secrets.secret_key,
        "ckan.files.storage.default.type": "ckan:fs",
        "ckan.files.storage.default.path": str(folder.files),
        "ckan.files.storage.default.initialize": "true",
        "ckan.webassets.path": str(folder.cache / "webassets"),
        "ckanext.mainz.search.folder": str(folder.search),
        "ckanext.mainz.metadata.download_folder": str(folder.cache / "catalogue"),
    }


def write_ini(path: Path, options: Mapping[str, str], base: Path = CKAN_INI) -> None:
    """Write a configuration file that takes everything else from `base`."""
    refuse_percent(base)
    lines = [
        "# Written by ./portal at every start; changes here are lost. Set options by environment variable instead",
        "# (CKAN__SITE_TITLE, CKANEXT__MAINZ__SCHEDULE), see docs/operators/running.md.",
        f"[{SECTION}]",
        f"use = config:{base}",
        *(f"{name} = {value}" for name, value in options.items()),
    ]
    write_private(path, "\n".join(lines) + "\n")


def refuse_percent(base: Path) -> None:
    """Raise PortalError where CKAN's reader would take a percent sign for an interpolation.

    It reads `use = config:…` both raw and interpolated, and every variable CKAN_… interpolated (ckan/cli/__init__.py).
    """
    if "%" in str(base):
        raise PortalError(
            f"The portal is installed in {base.parent}, and CKAN cannot read a path with a percent sign; move it."
        )
    for name, value in os.environ.items():
        if name.startswith("CKAN_") and "%" in value:
            raise PortalError(
                f"The environment variable {name} holds a percent sign, which CKAN cannot read; "
                "set this option in a configuration file, or leave the sign out."
            )


def read_options(ini: Path) -> dict[str, str]:
    """The options in a file and those it names by `use = config:`, the environment last, as ckanext-envvars names them.

    For processes that must stay small: values are text as written, without CKAN's declarations and interpolation.
    """
    options: dict[str, str] = {}
    for path in reversed(_chain(ini)):
        parser = RawConfigParser()
        parser.optionxform = str  # pyright: ignore[reportAttributeAccessIssue] - documented way to keep capitals
        parser.read(path, encoding="utf-8")
        options.update(parser.items(SECTION))
    return options | _from_environment()


def _chain(ini: Path) -> list[Path]:
    chain = [ini]
    while True:
        parser = RawConfigParser()
        parser.read(chain[-1], encoding="utf-8")
        scheme, _, name = parser.get(SECTION, "use", fallback="").partition(":")
        following = chain[-1].parent / name
        if scheme != "config" or following in chain:
            return chain
        chain.append(following)


def _from_environment() -> dict[str, str]:
    return {
        name.removeprefix("CKAN___").lower().replace("__", "."): value
        for name, value in os.environ.items()
        if name.startswith("CKAN")
    }
