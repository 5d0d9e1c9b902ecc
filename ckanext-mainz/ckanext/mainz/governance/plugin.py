"""The plugin ``mainz_governance``: who may see a record, who releases it, and what is remembered of that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.plugins as p
from ckan.plugins import toolkit

from ckanext.mainz.foundation.interfaces import IFileKeeper
from ckanext.mainz.governance import actions, auth, proposals, stock
from ckanext.mainz.governance.hooks import GovernanceHooks
from ckanext.mainz.governance.labels import GovernedLabels
from ckanext.mainz.governance.todo import actions as todo_actions
from ckanext.mainz.governance.todo import views as todo_views

PARTS = (actions, auth, stock, todo_actions)
PAGES = (todo_views,)


def _of_all(door: str) -> Any:
    """What all parts of the room have at one door, together."""

    def found() -> dict[str, Any]:
        return {name: one for part in PARTS if hasattr(part, door) for name, one in getattr(part, door)().items()}

    return found


def get_blueprints() -> list[Any]:
    return [one for part in PAGES for one in part.get_blueprints()]


@toolkit.blanket.blueprints(get_blueprints)
@toolkit.blanket.actions(_of_all("get_actions"))
@toolkit.blanket.auth_functions(_of_all("get_auth_functions"))
class GovernancePlugin(GovernanceHooks, GovernedLabels, p.SingletonPlugin):
    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IPermissionLabels)
    p.implements(IFileKeeper)

    def update_config(self, config: Any) -> None:
        toolkit.add_template_directory(config, "templates")

    def kept_files(self) -> Iterable[tuple[str, str]]:
        return proposals.files()
