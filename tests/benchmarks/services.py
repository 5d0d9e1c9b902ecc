"""The portal's Postgres and Redis, as safe as the portal runs them, for a CKAN that is not the portal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.kit.services import running

from ckanext.mainz.runtime.configuration import installation_options
from ckanext.mainz.runtime.databases import ensure_databases, set_datastore_permissions
from ckanext.mainz.runtime.folder import claim
from ckanext.mainz.runtime.logs import log_file
from ckanext.mainz.runtime.secrets_file import load_secrets
from ckanext.mainz.runtime.services.postgres import Postgres
from ckanext.mainz.runtime.services.redis import Redis
from ckanext.mainz.runtime.sockets import socket_folder


@contextmanager
def durable_services(path: Path) -> Iterator[dict[str, str]]:
    """Postgres and Redis with their files in the folder ``path``; gives CKAN's options for them and for its files."""
    folder = claim(path)
    secrets, sockets = load_secrets(folder), socket_folder(folder)
    postgres = Postgres(folder.postgres, sockets, log_file(folder.logs, "postgres"), secrets.postgres_owner)
    redis = Redis(folder.redis, sockets, log_file(folder.logs, "redis"))
    postgres.create()
    redis.create()
    with running(postgres.part()), running(redis.part()):
        ensure_databases(postgres, secrets)
        set_datastore_permissions(postgres)
        yield installation_options(folder, secrets, postgres, redis, site_url="")
