"""The plugin ``mainz_governance``: who may see a record, who releases it, and what is remembered of that."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckan.plugins import toolkit

from ckanext.mainz.governance import actions, auth, stock
from ckanext.mainz.governance.hooks import GovernanceHooks
from ckanext.mainz.governance.labels import GovernedLabels
from ckanext.mainz.governance.pages import views

PARTS = (actions, auth, stock)


def _of_all(door: str) -> Any:
    """What all parts of the room have at one door, together."""

    def found() -> dict[str, Any]:
        return {name: one for part in PARTS if hasattr(part, door) for name, one in getattr(part, door)().items()}

    return found


@toolkit.blanket.actions(_of_all("get_actions"))
@toolkit.blanket.auth_functions(_of_all("get_auth_functions"))
@toolkit.blanket.blueprints(views.get_blueprints)
@toolkit.blanket.helpers(views.get_helpers)
class GovernancePlugin(GovernanceHooks, GovernedLabels, p.SingletonPlugin):
    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IPermissionLabels)

    def update_config(self, config: Any) -> None:
        toolkit.add_template_directory(config, "templates")
