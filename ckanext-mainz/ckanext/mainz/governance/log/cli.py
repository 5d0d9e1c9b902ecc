"""``ckan mainz governance log-sql`` and ``log-check``."""

from __future__ import annotations

import ckan.model as model
import click
from ckan.plugins import toolkit

from ckanext.mainz.governance.log import setup


@click.command("log-sql")
def log_sql() -> None:
    """Prints the statements that set the decision log up, for psql as superuser. They can be repeated."""
    try:
        click.echo(setup.script(str(toolkit.config["sqlalchemy.url"])))
    except ValueError as error:
        raise click.ClickException(f"{error}; name both, as in postgresql://ckan:…@host/ckan.") from error


@click.command("log-check")
def log_check() -> None:
    """Checks that the decision log is there and that this portal can only add to it. Exit status 1 if not."""
    with model.ensure_engine().connect() as connection:
        found = setup.problems(connection)
    for problem in found:
        click.echo(problem)
    if found:
        raise click.ClickException("A superuser has to run what `ckan mainz governance log-sql` prints.")
    click.echo("The decision log is there, and this portal can only add to it.")
