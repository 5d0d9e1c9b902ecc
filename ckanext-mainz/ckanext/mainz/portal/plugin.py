"""The plugin ``mainz_portal``: theme, pages and translations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins as p
from ckan.lib.plugins import DefaultTranslation
from ckan.plugins import toolkit

from ckanext.mainz.foundation.cli import mainz
from ckanext.mainz.portal import cli, helpers, views
from ckanext.mainz.portal.forms import views as forms


def get_blueprints() -> list[Any]:
    return [*views.get_blueprints(), forms.forms]


def get_helpers() -> dict[str, Any]:
    return {**helpers.get_helpers(), **forms.get_helpers()}


@toolkit.blanket.blueprints(get_blueprints)
@toolkit.blanket.config_declarations
@toolkit.blanket.helpers(get_helpers)
class PortalPlugin(p.SingletonPlugin, DefaultTranslation):
    p.implements(p.IClick)
    p.implements(p.IConfigurer)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.ITranslation)

    def update_config(self, config: Any) -> None:
        toolkit.add_template_directory(config, "templates")
        toolkit.add_public_directory(config, "public")

    def get_commands(self) -> list[Any]:
        mainz.add_command(cli.examples)
        return []

    def make_middleware(self, app: Any, _config: Any) -> Any:
        forms.register(app)
        return app

    def i18n_directory(self) -> str:
        return str(Path(__file__).parent / "i18n")

    def i18n_domain(self) -> str:
        """One catalogue for all rooms, made by tools/translations."""
        return "ckanext-mainz"
