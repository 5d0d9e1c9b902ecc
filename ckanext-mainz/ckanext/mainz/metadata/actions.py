"""What happens to a dataset before CKAN's own ``package_create`` and ``package_update`` see it.

All writing actions (resources, patches, revisions) end in one of these two.
"""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.plugins import toolkit
from ckanext.scheming.helpers import scheming_get_dataset_schema
from sqlalchemy.exc import IntegrityError

from ckanext.mainz.metadata import rows, shapes

_ = toolkit._
Dict = dict[str, Any]
NAME_INDEX = "package_name_key"


def get_actions() -> dict[str, Any]:
    return {"package_create": package_create, "package_update": package_update}


@toolkit.chained_action
def package_create(original: Any, context: Any, dataset: Dict) -> Any:
    """Checks the shape first. Two that take the same free name at once: the second gets a message at ``name``."""
    return _checked(original, context, dataset)


@toolkit.chained_action
def package_update(original: Any, context: Any, dataset: Dict) -> Any:
    """Checks the shape first."""
    return _checked(original, context, dataset)


def _checked(original: Any, context: Any, dataset: Dict) -> Any:
    _prepare(dataset)
    try:
        return original(context, dataset)
    except IntegrityError as error:
        if NAME_INDEX not in str(error.orig):
            raise
        model.Session.rollback()
        raise toolkit.ValidationError({"name": [_("This address is taken. Choose another one.")]}) from error


def _prepare(dataset: Dict) -> None:
    """Raises `toolkit.ValidationError` where the shape is wrong; brings repeating fields and keywords into form."""
    schema = scheming_get_dataset_schema(_type_of(dataset))
    if schema is None:
        return
    errors = shapes.problems(dataset, schema)
    if not errors:
        errors |= rows.expand(dataset, rows.repeating_fields(schema["dataset_fields"])) | _unknown_organization(dataset)
    if errors:
        model.Session.rollback()
        raise toolkit.ValidationError(errors)
    for tag in dataset.get("tags") or ():
        tag["name"] = " ".join(str(tag.get("name") or "").split())


def _type_of(dataset: Dict) -> str:
    given = dataset.get("type")
    return given if isinstance(given, str) and given else "dataset"


def _unknown_organization(dataset: Dict) -> dict[str, list[str]]:
    """CKAN would answer that the user is not authorised, which helps nobody who mistyped a name."""
    given = dataset.get("owner_org")
    if not given or model.Group.get(str(given)) is not None:
        return {}
    return {"owner_org": [_("There is no organisation “{name}”.").format(name=str(given)[:100])]}
