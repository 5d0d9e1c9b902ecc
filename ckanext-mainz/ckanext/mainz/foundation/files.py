"""Files of resources in CKAN's storages, each delivery written once under a key of its own.

The bytes of a resource lie at ``<resource id, split>/<file key>``. A new upload gets a new key and never touches the
bytes of an earlier one, so that a proposal, a cut-short upload or a failed transaction cannot damage what is public.
The key stands in the resource (``file_key``); it names a file only together with the resource's id, and a record cannot
take up a key by itself: `file_key_of_this_request` lets through only what was stored before or uploaded just now.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

import ckan.model as model
from ckan.lib import files
from ckan.lib.uploader import FKResourceUpload
from ckan.plugins import toolkit

from ckanext.mainz.foundation import config

_ = toolkit._
KEY = re.compile(r"[0-9a-f]{32}\Z")

_fresh_keys: set[str] = set()


class PortalResourceUpload(FKResourceUpload):
    """CKAN's uploader for resources with a key for each delivery.

    Raises `toolkit.ValidationError` at the field ``upload`` when the file is empty or too large.
    """

    def __init__(self, resource: dict[str, Any]) -> None:
        super().__init__(resource)
        self.key = str(resource.get("file_key") or "")
        if self.filename:
            _refuse_unusable(self.filename, self.filesize)
            self.key = resource["file_key"] = uuid4().hex
            _fresh_keys.add(self.key)
        elif self.clear:
            resource["file_key"] = ""

    def get_path(self, id: str) -> files.Location:
        """Location of this resource's bytes in the storage ``resources``.

        Raises `toolkit.ValidationError` when the stored key is none.
        """
        folder = super().get_path(id)
        if not self.key:
            return folder
        if not KEY.match(self.key):
            raise toolkit.ValidationError({"upload": [_("The stored file key is invalid.")]})
        return files.Location(str(PurePosixPath(folder) / self.key))

    def upload(self, id: str, max_size: int = 0) -> None:  # max_size is CKAN's, ours is an option
        """Writes the uploaded bytes. Earlier bytes stay until the clean-up finds that nothing points to them."""
        if not self.filename:
            return
        self.clear = False
        super().upload(id, max_size)
        _fresh_keys.discard(self.key)


def _refuse_unusable(name: str, size: int) -> None:
    limit = config.max_file_bytes()
    if size == 0:
        message = _("The file “{name}” is empty. Choose a file with content.").format(name=name)
    elif size > limit:
        message = _("The file “{name}” has {size} MB; at most {limit} MB are possible. Give a link instead.").format(
            name=name, size=round(size / config.MEGABYTE), limit=limit // config.MEGABYTE
        )
    else:
        return
    raise toolkit.ValidationError({"upload": [message]})


def file_key_of_this_request(key: Any, data: dict[Any, Any], errors: dict[Any, Any], context: dict[str, Any]) -> None:
    """Validator of the resource field ``file_key``: keeps the stored key unless a file was uploaded in this request.

    Shape of `key`: ``("resources", position, "file_key")``. Clients that leave the field out keep their file.
    """
    given = str(data.get(key) or "")
    if given in _fresh_keys:
        return
    resource = _stored_resource(data.get((*key[:-1], "id")))
    keeps_upload = data.get((*key[:-1], "url_type")) == "upload"
    data[key] = (resource.extras or {}).get("file_key", "") if resource is not None and keeps_upload else ""


def _stored_resource(resource_id: Any) -> model.Resource | None:
    return model.Session.get(model.Resource, resource_id) if isinstance(resource_id, str) and resource_id else None
