"""The log in the database: the statements that a superuser runs, and whether they still hold."""

from __future__ import annotations

from importlib.resources import files

import sqlalchemy as sa
from sqlalchemy.engine import Connection, make_url

PLACEHOLDER = ":'portal'"
"""Where the file takes the name of the portal's role, as psql writes a variable."""
TRIGGERS = (
    ("user", "mainz_forget_deleted"),
    ("user", "mainz_forget_purged"),
    ("user", "mainz_log_sysadmin"),
    ("user", "mainz_log_account"),
    ("member", "mainz_remember_membership"),
    ("member", "mainz_log_membership"),
)
RIGHTS = ("UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")

EXISTS = sa.text("SELECT to_regclass('mainz_log.decision') IS NOT NULL")
HAS_RIGHT = sa.text("SELECT has_table_privilege('mainz_log.decision', :right)")
OWNS_DATABASE = sa.text(
    "SELECT pg_has_role(datdba, 'MEMBER') FROM pg_database WHERE datname = current_database()"  # a superuser too
)
FIRES = sa.text(
    """
    SELECT EXISTS (SELECT FROM pg_trigger WHERE tgname = :name AND tgrelid = to_regclass(:table)
        AND tgenabled IN ('O', 'A'))
    """
)


def statements(role: str) -> str:
    """What a superuser runs in CKAN's database, after its migrations, for a portal that connects as `role`.

    The runtime asks for it by entry point (``ckanext.mainz.superuser``).
    """
    script = (files("ckanext.mainz.governance") / "sql" / "decision_log.sql").read_text(encoding="utf-8")
    quoted = role.replace("'", "''")
    return script.replace(PLACEHOLDER, f"'{quoted}'")


def script(url: str) -> str:
    """The same for psql: in the database of an SQLAlchemy address, all or nothing. Raises ValueError without a role."""
    address = make_url(url)
    if not address.username or not address.database:
        raise ValueError("sqlalchemy.url names no role or no database")
    database = address.database.replace("\\", "\\\\").replace("'", "\\'")
    return "\n".join(
        [
            "\\set ON_ERROR_STOP on",
            "\\set QUIET on",
            f"\\connect '{database}'",
            "BEGIN;",
            statements(address.username),
            "COMMIT;",
        ]
    )


def problems(connection: Connection) -> list[str]:
    """What is wrong with the log, seen by the portal's role, in sentences for an operator. Empty if all is well."""
    if not connection.scalar(EXISTS):
        return ["There is no decision log."]
    found = [
        f"The portal's role has the right {right} on the decision log."
        for right in RIGHTS
        if connection.scalar(HAS_RIGHT, {"right": right})
    ]
    if connection.scalar(OWNS_DATABASE):
        found.append("The portal's role owns the database and could drop it with the decision log.")
    found += [
        f"The trigger {name} on the table {table} is missing or switched off."
        for table, name in TRIGGERS
        if not connection.scalar(FIRES, {"name": name, "table": f'public."{table}"'})
    ]
    return found
