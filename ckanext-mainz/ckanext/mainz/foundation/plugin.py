"""The plugin ``mainz_foundation``: the ``ckan mainz`` commands and the portal's own way to keep and deliver files."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckan.plugins import toolkit

from ckanext.mainz.foundation import cli, config, file_delivery, harvest_marks, registries
from ckanext.mainz.foundation.files import PortalResourceUpload, file_key_of_this_request, resource_storage


@toolkit.blanket.config_declarations
class FoundationPlugin(p.SingletonPlugin):
    p.implements(p.IClick)
    p.implements(p.IConfigurable)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IUploader, inherit=True)
    p.implements(p.IValidators)

    def get_commands(self) -> list[Any]:
        return [cli.mainz]

    def configure(self, _config: Any) -> None:
        # One limit, not two: the storage took CKAN's, which is checked after ours and in other words.
        resource_storage().settings.max_size = config.max_file_bytes()

    def make_middleware(self, app: Any, _config: Any) -> Any:
        file_delivery.register(app)
        registries.fill()
        return app

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        return harvest_marks.without(pkg_dict)

    def get_resource_uploader(self, data_dict: dict[str, Any]) -> PortalResourceUpload:
        return PortalResourceUpload(data_dict)

    def get_validators(self) -> dict[str, Any]:
        return {"mainz_file_key": file_key_of_this_request}
