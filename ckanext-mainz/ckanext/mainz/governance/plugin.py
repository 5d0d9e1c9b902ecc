"""The plugin ``mainz_governance``: who may see a record, who releases it, and what is remembered of that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.plugins as p
from ckan.plugins import toolkit

from ckanext.mainz.foundation.cli import mainz
from ckanext.mainz.foundation.interfaces import IFileKeeper
from ckanext.mainz.governance import actions, auth, cli, closing, links, proposals, stock
from ckanext.mainz.governance.chains import answering_get, merged
from ckanext.mainz.governance.check import actions as check_actions
from ckanext.mainz.governance.check import auth as check_auth
from ckanext.mainz.governance.hooks import GovernanceHooks
from ckanext.mainz.governance.inventory import actions as inventory_actions
from ckanext.mainz.governance.inventory import auth as inventory_auth
from ckanext.mainz.governance.inventory import views as inventory_views
from ckanext.mainz.governance.labels import GovernedLabels
from ckanext.mainz.governance.log import acting
from ckanext.mainz.governance.log import actions as log_actions
from ckanext.mainz.governance.log import auth as log_auth
from ckanext.mainz.governance.log import helpers as log_helpers
from ckanext.mainz.governance.log import views as log_views
from ckanext.mainz.governance.pages import views as pages
from ckanext.mainz.governance.roles import actions as roles_actions
from ckanext.mainz.governance.roles import auth as roles_auth
from ckanext.mainz.governance.roles import deputies
from ckanext.mainz.governance.roles import helpers as roles_helpers
from ckanext.mainz.governance.roles import views as roles_views
from ckanext.mainz.governance.roles.proxy import ProxyLogin
from ckanext.mainz.governance.todo import actions as todo_actions
from ckanext.mainz.governance.todo import views as todo_views

PARTS = (
    acting,
    actions,
    auth,
    stock,
    closing,
    links,
    check_actions,
    check_auth,
    inventory_actions,
    inventory_auth,
    inventory_views,
    log_actions,
    log_auth,
    log_helpers,
    log_views,
    pages,
    roles_actions,
    roles_auth,
    roles_helpers,
    roles_views,
    todo_actions,
    todo_views,
)


def _of_all(door: str) -> Any:
    """What all parts of the room have at one door, together."""

    def found() -> dict[str, Any]:
        return merged(*(getattr(part, door)() for part in PARTS if hasattr(part, door)))

    return found


def get_blueprints() -> list[Any]:
    return [page for part in PARTS if hasattr(part, "get_blueprints") for page in part.get_blueprints()]


def _actions() -> dict[str, Any]:
    return dict(answering_get(closing.closed(_of_all("get_actions")())))


@toolkit.blanket.actions(_actions)
@toolkit.blanket.auth_functions(_of_all("get_auth_functions"))
@toolkit.blanket.blueprints(get_blueprints)
@toolkit.blanket.config_declarations
@toolkit.blanket.helpers(_of_all("get_helpers"))
@toolkit.blanket.validators(_of_all("get_validators"))
class GovernancePlugin(GovernanceHooks, GovernedLabels, ProxyLogin, p.SingletonPlugin):
    p.implements(p.IAuthenticator, inherit=True)
    p.implements(p.IClick)
    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IPermissionLabels)
    p.implements(IFileKeeper)

    def get_commands(self) -> list[Any]:
        mainz.add_command(cli.governance)
        return []

    def update_config(self, config: Any) -> None:
        toolkit.add_template_directory(config, "templates")
        acting.listen()
        deputies.listen()

    def kept_files(self) -> Iterable[tuple[str, str]]:
        return proposals.files()
