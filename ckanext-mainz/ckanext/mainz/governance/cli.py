"""``ckan mainz governance``: who may see, who releases, and what is remembered of that."""

from __future__ import annotations

import click

from ckanext.mainz.governance.roles import cli as roles


@click.group(short_help="Data governance")
def governance() -> None:
    """Data governance: organisations, roles, release."""


governance.add_command(roles.organizations)
governance.add_command(roles.expire)
