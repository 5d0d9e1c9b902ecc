"""The one place from which the portal's own code makes records public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.governance import transitions, writing


def publish(dataset_id: str) -> None:
    """Makes a dataset (id or name) public: hands it in and releases it, in the name of the portal.

    The examples and the tests publish through this module only. Raises `toolkit.ObjectNotFound` if there is no such
    dataset and `toolkit.ValidationError` if it is not valid or no draft.
    """
    package = writing.stored(dataset_id)
    if package is None:
        raise toolkit.ObjectNotFound(f"There is no dataset {dataset_id}.")
    transitions.publish(package.id)


def create_public(data: Mapping[str, Any]) -> None:
    """Creates a dataset that is public at once: handed in and released in the name of the portal, by a single write.

    Raises `toolkit.ValidationError` if it is not valid; nothing is created then.
    """
    transitions.create_public(data)
