"""What the plugin of this room does for quality when CKAN saves something."""

from __future__ import annotations

from typing import Any

from ckanext.mainz.metadata.quality import background, publishing


class QualityHooks:
    """Methods of `IPackageController` and `IOrganizationController` for the room's plugin."""

    def after_dataset_create(self, context: Any, data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's
        publishing.saved(str(data["id"]))

    def after_dataset_update(self, context: Any, data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's
        publishing.saved(str(data["id"]))

    def edit(self, entity: Any) -> None:
        """A dataset or an organisation has changed; contact and publisher of the latter stand in its datasets."""
        if getattr(entity, "is_organization", False):
            background.ask_for_organization(str(entity.id))
