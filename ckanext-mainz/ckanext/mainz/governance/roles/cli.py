"""Commands on organisations; they hang under ``ckan mainz governance``."""

from __future__ import annotations

import click

from ckanext.mainz.governance.roles import jobs, pilot


@click.command()
@click.option("--partners", is_flag=True, help="The partner cities as well.")
def organizations(partners: bool) -> None:
    """Creates the organisations of the pilot that are missing, without example data."""
    done = pilot.load(partners)
    for words, names in (
        ("created", done.created),
        ("were examples and are real now", done.adopted),
        ("were there", done.there),
    ):
        if names:
            click.echo(f"{len(names)} {words}: {', '.join(names)}")


@click.command()
def expire() -> None:
    """Ends roles whose day has passed and invitations that nobody took up, as the nightly job does."""
    jobs.expire()
