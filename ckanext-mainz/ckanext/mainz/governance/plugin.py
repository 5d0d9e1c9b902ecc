"""The plugin ``mainz_governance``: who may see a record, who releases it, and what is remembered of that."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckan.plugins import toolkit

from ckanext.mainz.foundation.cli import mainz
from ckanext.mainz.governance import cli
from ckanext.mainz.governance.roles import actions as roles_actions
from ckanext.mainz.governance.roles import auth as roles_auth
from ckanext.mainz.governance.roles import helpers as roles_helpers
from ckanext.mainz.governance.roles import views as roles_views
from ckanext.mainz.governance.roles.proxy import ProxyLogin


@toolkit.blanket.actions(roles_actions.get_actions)
@toolkit.blanket.auth_functions(roles_auth.get_auth_functions)
@toolkit.blanket.blueprints(roles_views.get_blueprints)
@toolkit.blanket.config_declarations
@toolkit.blanket.helpers(roles_helpers.get_helpers)
@toolkit.blanket.validators(roles_auth.get_validators)
class GovernancePlugin(ProxyLogin, p.SingletonPlugin):
    p.implements(p.IAuthenticator, inherit=True)
    p.implements(p.IClick)
    p.implements(p.IConfigurer)

    def update_config(self, config: Any) -> None:
        toolkit.add_template_directory(config, "templates")

    def get_commands(self) -> list[Any]:
        mainz.add_command(cli.governance)
        return []
