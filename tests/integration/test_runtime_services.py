"""The embedded services as CKAN meets them: sockets only, secrets in use, roles that may do no more than they must."""

from __future__ import annotations

import re
import stat

import psycopg2
import pytest
from psycopg2.errors import InsufficientPrivilege
from psycopg2.extensions import make_dsn

from ckanext.mainz.runtime.configuration import READ_ROLE, read_options
from ckanext.mainz.runtime.secrets_file import load_secrets


@pytest.fixture
def options(portal):
    return read_options(portal.services.ini)


def query(url: str, statement: str):
    with psycopg2.connect(url) as opened, opened.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def test_postgres_and_redis_listen_on_no_port(portal):
    owner = portal.services.postgres.url("postgres")
    assert query(owner, "SHOW listen_addresses") == [("",)]
    from ckan.lib.redis import connect_to_redis

    assert connect_to_redis().config_get("port") == {"port": "0"}


def test_sockets_secrets_and_configuration_are_private(portal):
    services = portal.services
    private = [services.ini, services.folder.secrets, services.postgres.data, services.postgres.host]
    assert [stat.S_IMODE(path.stat().st_mode) & 0o077 for path in private] == [0, 0, 0, 0]


def test_a_wrong_password_is_refused(options):
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(make_dsn(options["sqlalchemy.url"], password="wrong"))


def test_the_read_role_reads_the_datastore_and_writes_nothing(options):
    reader = options["ckan.datastore.read_url"]
    query(options["ckan.datastore.write_url"], "CREATE TABLE IF NOT EXISTS probe (id int)")
    assert query(reader, "SELECT count(*) FROM probe") == [(0,)]
    with pytest.raises(InsufficientPrivilege):
        query(reader, "INSERT INTO probe VALUES (1)")
    with pytest.raises(InsufficientPrivilege):
        query(reader, "CREATE TABLE other (id int)")


def test_the_read_role_may_not_enter_the_database_of_ckan(portal):
    secrets = load_secrets(portal.services.folder)
    url = portal.services.postgres.url("ckan", READ_ROLE, secrets.postgres_datastore_read)
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        psycopg2.connect(url)


def test_the_role_of_ckan_is_no_superuser(options):
    assert query(options["sqlalchemy.url"], "SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = user") == [
        (False, False)
    ]


def test_umlauts_survive_in_the_database_whatever_the_locale_of_the_machine(options):
    assert query(options["sqlalchemy.url"], "SELECT lower('ÄÖÜ'), length('Straße')") == [("äöü", 6)]


def test_writes_of_redis_are_in_its_file_before_they_are_answered(portal):
    from ckan.lib.redis import connect_to_redis

    wanted = {"appendonly": "yes", "appendfsync": "everysec", "save": ""}
    connection = connect_to_redis()
    assert {name: connection.config_get(name)[name] for name in wanted} == wanted


def test_secrets_are_long_and_stay_the_same(portal):
    folder = portal.services.folder
    secrets = load_secrets(folder)
    assert load_secrets(folder) == secrets
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", value) for value in vars(secrets).values())


@pytest.mark.usefixtures("clean")
def test_a_reset_leaves_nothing_behind(portal):
    from ckan.tests import factories

    factories.Organization(name="amt")
    portal.reset()
    from ckan import model

    assert model.Group.get("amt") is None
