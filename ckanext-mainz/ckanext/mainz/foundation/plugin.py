"""The plugin ``mainz_foundation``: the ``ckan mainz`` commands and the portal's own way to keep files."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckan.plugins import toolkit

from ckanext.mainz.foundation import cli
from ckanext.mainz.foundation.files import PortalResourceUpload, file_key_of_this_request


@toolkit.blanket.config_declarations
class FoundationPlugin(p.SingletonPlugin):
    p.implements(p.IClick)
    p.implements(p.IUploader, inherit=True)
    p.implements(p.IValidators)

    def get_commands(self) -> list[Any]:
        return [cli.mainz]

    def get_resource_uploader(self, data_dict: dict[str, Any]) -> PortalResourceUpload:
        return PortalResourceUpload(data_dict)

    def get_validators(self) -> dict[str, Any]:
        return {"mainz_file_key": file_key_of_this_request}
