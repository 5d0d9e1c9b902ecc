"""Roles, databases and rights inside a Postgres: what its superuser does before CKAN can work. All can be repeated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection

from ckanext.mainz.runtime.configuration import CKAN_ROLE, DATABASE, DATASTORE, READ_ROLE
from ckanext.mainz.runtime.hooks import SUPERUSER, hooks
from ckanext.mainz.runtime.secrets_file import Secrets
from ckanext.mainz.runtime.services.postgres import Postgres


@contextmanager
def superuser(postgres: Postgres, database: str = "postgres") -> Iterator[connection]:
    """A connection as superuser that commits every statement."""
    with closing(psycopg2.connect(postgres.url(database))) as opened:
        opened.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        yield opened


def ensure_role(opened: connection, name: str, password: str) -> None:
    """A role that may log in with this password, and nothing else yet."""
    with opened.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,))
        verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
        cursor.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD %s").format(verb, sql.Identifier(name)), (password,))


def ensure_database(opened: connection, name: str, owner: str) -> None:
    """A database that only its owner and those he lets in may connect to (by default everybody may)."""
    with opened.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        database = sql.Identifier(name)
        if not cursor.fetchone():
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, sql.Identifier(owner)))
        cursor.execute(sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(database))


def ensure_databases(postgres: Postgres, secrets: Secrets) -> None:
    """The roles and databases that `installation_options` names."""
    with superuser(postgres) as opened:
        ensure_role(opened, CKAN_ROLE, secrets.postgres_ckan)
        ensure_role(opened, READ_ROLE, secrets.postgres_datastore_read)
        for name in (DATABASE, DATASTORE):
            ensure_database(opened, name, CKAN_ROLE)


def set_datastore_permissions(postgres: Postgres) -> None:
    """Run the statements that `ckan datastore set-permissions` prints. Needs CKAN's code, not its configuration."""
    from ckanext.datastore.cli import permissions_sql

    script = permissions_sql(DATABASE, DATASTORE, CKAN_ROLE, CKAN_ROLE, READ_ROLE)
    statements = "\n".join(line for line in script.splitlines() if not line.startswith("\\connect"))
    with superuser(postgres, DATASTORE) as opened, opened.cursor() as cursor:
        cursor.execute(statements)


def set_room_permissions(postgres: Postgres) -> None:
    """Run what rooms need a superuser for in CKAN's database, such as tables that the portal may not change."""
    for entry in hooks(SUPERUSER):
        with superuser(postgres, DATABASE) as opened, opened.cursor() as cursor:
            cursor.execute(entry.load()(CKAN_ROLE))
