"""The plugin ``mainz_harvest``: how records arrive. It must stand after ``harvest`` in ``ckan.plugins``."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins as p
from ckan import logic
from ckan.plugins import toolkit

SOURCE = "harvest"


class HarvestPlugin(p.SingletonPlugin):
    p.implements(p.IActions)
    p.implements(p.IPackageController, inherit=True)

    def get_actions(self) -> dict[str, Any]:
        return {"harvest_source_reindex": harvest_source_reindex}

    def after_dataset_create(self, context: Any, data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's
        """ckanext-harvest has only added its row to a session without autoflush, and its next reader finds nothing."""
        if data.get("type") == SOURCE:
            model.Session.flush()


@toolkit.chained_action
def harvest_source_reindex(_original: Any, context: Any, data: dict[str, Any]) -> bool:
    """ckanext-harvest's own stores in the index what it has not validated, and the type of the source is lost."""
    toolkit.check_access("harvest_source_reindex", context, data)
    logic.index_update_package(context, toolkit.get_or_bust(data, "id"))
    return True
