"""``ckan mainz governance``: the commands of this room."""

from __future__ import annotations

import click

from ckanext.mainz.governance.log import cli as log_cli
from ckanext.mainz.governance.roles import cli as roles_cli


@click.group(short_help="Roles, release and the decision log")
def governance() -> None:
    """Roles, release and the decision log."""


governance.add_command(log_cli.log_sql)
governance.add_command(log_cli.log_check)
governance.add_command(roles_cli.organizations)
governance.add_command(roles_cli.expire)
