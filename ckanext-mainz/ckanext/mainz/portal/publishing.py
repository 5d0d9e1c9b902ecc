"""The one way in which the portal's own code makes a dataset public."""

from __future__ import annotations

from ckanext.mainz.portal.site_user import act


def publish(dataset_id: str) -> None:
    """Makes a dataset (id or name) public, as the site user.

    Today this clears `private`. When the room governance exists, it hands the record in and releases it at the level
    `oeffentlich`, so that the fence (`private` is false only for what is released) is never gone around. The examples
    and the tests publish through this function only.

    Raises `toolkit.ObjectNotFound` if there is no such dataset and `toolkit.ValidationError` if it is not valid.
    """
    act("package_patch", {"id": dataset_id, "private": False}, return_id_only=True)
