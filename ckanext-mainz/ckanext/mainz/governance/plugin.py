"""The plugin ``mainz_governance``: who may see a record, who releases it, and what is remembered of that."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckan.plugins import toolkit

from ckanext.mainz.governance.check import actions as check_actions
from ckanext.mainz.governance.check import auth as check_auth
from ckanext.mainz.governance.check import background


@toolkit.blanket.actions(check_actions.get_actions)
@toolkit.blanket.auth_functions(check_auth.get_auth_functions)
@toolkit.blanket.config_declarations
class GovernancePlugin(p.SingletonPlugin):
    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)

    def update_config(self, config: Any) -> None:
        toolkit.add_template_directory(config, "templates")

    def after_dataset_create(self, context: Any, data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's
        background.saved(str(data["id"]))

    def after_dataset_update(self, context: Any, data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's
        background.saved(str(data["id"]))
