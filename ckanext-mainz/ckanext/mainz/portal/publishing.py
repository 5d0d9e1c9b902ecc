"""The one way in which the portal's own code makes a dataset public."""

from __future__ import annotations

from ckan.plugins import toolkit

from ckanext.mainz.governance import transitions, writing


def publish(dataset_id: str) -> None:
    """Makes a dataset (id or name) public: hands it in and releases it, in the name of the portal.

    The examples and the tests publish through this function only. Raises `toolkit.ObjectNotFound` if there is no such
    dataset and `toolkit.ValidationError` if it is not valid or no draft.
    """
    package = writing.stored(dataset_id)
    if package is None:
        raise toolkit.ObjectNotFound(f"There is no dataset {dataset_id}.")
    transitions.publish(package.id)
