"""The plugin ``mainz_metadata``: validators and vocabularies for the schemas, licences with their German names."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckan.plugins import toolkit

from ckanext.mainz.foundation.cli import mainz
from ckanext.mainz.foundation.interfaces import IIndexObserver
from ckanext.mainz.metadata import actions, cli, helpers, indexing, licenses, validation, validators
from ckanext.mainz.metadata.catalogue import actions as catalogue_actions
from ckanext.mainz.metadata.catalogue import asking
from ckanext.mainz.metadata.catalogue import views as catalogue_views
from ckanext.mainz.metadata.dictionary import actions as dictionary_actions
from ckanext.mainz.metadata.dictionary import helpers as dictionary_helpers
from ckanext.mainz.metadata.dictionary.views import dictionary
from ckanext.mainz.metadata.jsonld import public
from ckanext.mainz.metadata.quality import actions as quality_actions
from ckanext.mainz.metadata.quality import background
from ckanext.mainz.metadata.quality import cli as quality_cli
from ckanext.mainz.metadata.quality import helpers as quality_helpers
from ckanext.mainz.metadata.quality.hooks import QualityHooks
from ckanext.mainz.metadata.quality.views import quality


def get_actions() -> dict[str, Any]:
    parts = (actions, quality_actions, dictionary_actions, catalogue_actions)
    return {name: action for part in parts for name, action in part.get_actions().items()}


def get_blueprints() -> list[Any]:
    return [quality, dictionary, public.jsonld, *catalogue_views.get_blueprints()]


def get_helpers() -> dict[str, Any]:
    parts = (helpers, quality_helpers, dictionary_helpers, public)
    return {name: helper for part in parts for name, helper in part.get_helpers().items()}


@toolkit.blanket.config_declarations
@toolkit.blanket.actions(get_actions)
@toolkit.blanket.blueprints(get_blueprints)
@toolkit.blanket.helpers(get_helpers)
@toolkit.blanket.validators(validators.get_validators)
class MetadataPlugin(QualityHooks, p.SingletonPlugin):
    p.implements(p.IClick)
    p.implements(p.IConfigurer)
    p.implements(p.IOrganizationController, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(IIndexObserver)

    def get_commands(self) -> list[Any]:
        mainz.add_command(cli.metadata)
        mainz.add_command(quality_cli.quality)
        return []

    def update_config(self, config: Any) -> None:
        toolkit.add_template_directory(config, "templates")
        background.listen()
        licenses.install()
        validation.install()

    def before_dataset_index(self, dataset: dict[str, Any]) -> dict[str, Any]:
        return indexing.with_lists(dataset)

    def index_changed(self) -> None:
        asking.ask()
