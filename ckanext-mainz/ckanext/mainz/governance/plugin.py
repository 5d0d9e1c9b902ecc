"""The plugin ``mainz_governance``: who may see a record, who releases it, and what is remembered of that."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckan.plugins import toolkit

from ckanext.mainz.foundation.cli import mainz
from ckanext.mainz.governance import cli
from ckanext.mainz.governance.roles import actions as roles_actions
from ckanext.mainz.governance.roles import auth as roles_auth
from ckanext.mainz.governance.roles.proxy import ProxyLogin


@toolkit.blanket.actions(roles_actions.get_actions)
@toolkit.blanket.auth_functions(roles_auth.get_auth_functions)
@toolkit.blanket.config_declarations
@toolkit.blanket.validators(roles_auth.get_validators)
class GovernancePlugin(ProxyLogin, p.SingletonPlugin):
    p.implements(p.IAuthenticator, inherit=True)
    p.implements(p.IClick)

    def get_commands(self) -> list[Any]:
        mainz.add_command(cli.governance)
        return []
