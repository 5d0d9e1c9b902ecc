"""The plugin ``mainz_metadata``: validators and vocabularies for the schemas, licences with their German names."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckan.plugins import toolkit

from ckanext.mainz.metadata import actions, helpers, indexing, licenses, validators


@toolkit.blanket.config_declarations
@toolkit.blanket.actions(actions.get_actions)
@toolkit.blanket.helpers(helpers.get_helpers)
@toolkit.blanket.validators(validators.get_validators)
class MetadataPlugin(p.SingletonPlugin):
    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)

    def update_config(self, _config: Any) -> None:
        licenses.install()

    def before_dataset_index(self, dataset: dict[str, Any]) -> dict[str, Any]:
        return indexing.with_lists(dataset)
