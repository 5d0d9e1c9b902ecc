"""The plugin ``mainz_metadata``: validators and vocabularies for the schemas, licences with their German names."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckan.plugins import toolkit

from ckanext.mainz import config as files
from ckanext.mainz.metadata import actions, helpers, indexing, validators


@toolkit.blanket.actions(actions.get_actions)
@toolkit.blanket.helpers(helpers.get_helpers)
@toolkit.blanket.validators(validators.get_validators)
class MetadataPlugin(p.SingletonPlugin):
    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)

    def update_config(self, config: Any) -> None:
        if not config.get("licenses_group_url"):
            config["licenses_group_url"] = f"file://{files.LICENSES}"  # CKAN does not decode percent signs

    def before_dataset_index(self, dataset: dict[str, Any]) -> dict[str, Any]:
        return indexing.with_lists(dataset)
