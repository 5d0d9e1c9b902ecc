"""What happens to a record before CKAN's own ``package_create`` and ``package_update`` see it.

All writing actions (resources, patches, revisions) end in one of these two.
"""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins as p
import sqlalchemy as sa
from ckan.plugins import toolkit
from ckanext.scheming.helpers import scheming_get_dataset_schema, scheming_get_organization_schema

from ckanext.mainz.metadata import derive, rows, shapes
from ckanext.mainz.metadata.texts import is_storable

_ = toolkit._
Dict = dict[str, Any]
TYPE = "dataset"
ORGANIZATION = "organization"
IS_THERE = sa.text('SELECT EXISTS (SELECT FROM "group" WHERE id = :given OR name = :given)')


def get_actions() -> dict[str, Any]:
    return {
        "package_create": package_create,
        "package_update": package_update,
        "package_patch": package_patch,
        "organization_create": organization_create,
        "organization_update": organization_update,
        "organization_patch": organization_patch,
    }


@toolkit.chained_action
def package_create(original: Any, context: Any, dataset: Dict) -> Any:
    """Checks the shape first."""
    _refuse_unknown_type(dataset)
    _prepare(dataset, str(dataset.get("type") or TYPE))
    return original(context, dataset)


@toolkit.chained_action
def package_update(original: Any, context: Any, dataset: Dict) -> Any:
    """Checks the shape first. CKAN's ``resource_update`` takes for granted that what it is given back has a format."""
    _prepare(dataset, _stored_type(dataset))
    updated = original(context, dataset)
    for resource in updated.get("resources", ()) if isinstance(updated, dict) else ():
        resource.setdefault("format", "")
    return updated


@toolkit.chained_action
def package_patch(original: Any, context: Any, dataset: Dict) -> Any:
    """Checks the shape first: CKAN's authorisation, which comes before the update, takes it for granted too."""
    _refuse(_shape_errors(dataset, _stored_type(dataset)))
    return original(context, dataset)


@toolkit.chained_action
def organization_create(original: Any, context: Any, organization: Dict) -> Any:
    """Checks the shape first."""
    _refuse(_organization_errors(organization))
    return original(context, organization)


@toolkit.chained_action
def organization_update(original: Any, context: Any, organization: Dict) -> Any:
    """Checks the shape first."""
    _refuse(_organization_errors(organization))
    return original(context, organization)


@toolkit.chained_action
def organization_patch(original: Any, context: Any, organization: Dict) -> Any:
    """Checks the shape first."""
    _refuse(_organization_errors(organization))
    return original(context, organization)


def _organization_errors(organization: Dict) -> Dict:
    schema = scheming_get_organization_schema(ORGANIZATION)
    return shapes.object_problems(organization, shapes.rules_of(schema["fields"])) if schema else {}


def _prepare(dataset: Dict, type: str) -> None:
    """Raises `toolkit.ValidationError` where the shape is wrong; brings repeating fields and keywords into form."""
    _refuse(_shape_errors(dataset, type))
    schema = scheming_get_dataset_schema(type)
    if schema is None:
        return
    fields = schema["dataset_fields"]
    _refuse(_extras_as_fields(dataset, {field["field_name"] for field in fields}))
    repeating = rows.repeating_fields(fields)
    _refuse(rows.expand(dataset, repeating) | _resource_rows(dataset, schema) | _unknown_organization(dataset))
    for tag in dataset.get("tags") or ():
        tag["name"] = " ".join(str(tag.get("name") or "").split())
    derive.dataset(dataset, frozenset(field["field_name"] for field in fields if field.get("form_snippet", "")))
    for resource in dataset.get("resources") or ():
        derive.resource(resource)


def _extras_as_fields(dataset: Dict, names: set[str]) -> Dict:
    """Takes extras that bear the name of a field as the field itself: otherwise they would go past its validators."""
    errors: Dict = {}
    for extra in [one for one in dataset.get("extras") or () if one.get("key") in names]:
        name = extra["key"]
        if dataset.get(name) not in (None, "", []):
            errors[name] = [_("The field is given twice, once as an extra. Leave the extra out.")]
        dataset["extras"].remove(extra)
        dataset[name] = extra.get("value")
    return errors


def _resource_rows(dataset: Dict, schema: Dict) -> Dict:
    """Brings the repeating fields of resources into form; a kind of record without files takes no resources."""
    resources = dataset.get("resources") or []
    if resources and schema.get("without_files"):
        message = _("This kind of record has no files. Add the file to a dataset.")
        return {"resources": [*[{} for _one in resources[1:]], {"url": [message]}]}
    repeating = rows.repeating_fields(schema["resource_fields"])
    found = [rows.expand(resource, repeating) for resource in resources]
    return {"resources": found} if any(found) else {}


def _refuse(errors: Dict) -> None:
    if errors:
        model.Session.rollback()
        raise toolkit.ValidationError(errors)


def _shape_errors(dataset: Dict, type: str) -> Dict:
    schema = scheming_get_dataset_schema(type)
    return shapes.problems(dataset, schema) if schema else {}


def _stored_type(dataset: Dict) -> str:
    """The type of the record that is being changed, whatever the client says; that of datasets where there is none."""
    given = dataset.get("id") or dataset.get("name")
    package = model.Package.get(given) if isinstance(given, str) and is_storable(given) else None
    return package.type if package is not None else TYPE


def _refuse_unknown_type(dataset: Dict) -> None:
    """CKAN would validate a record of an unknown type by its own schema, past all rules of the portal."""
    known = {one for plugin in p.PluginImplementations(p.IDatasetForm) for one in plugin.package_types()}
    if dataset.get("type") and str(dataset["type"]) not in known | {TYPE}:
        _refuse({"type": [_("There is no kind of record of this name.")]})


def _unknown_organization(dataset: Dict) -> Dict:
    """CKAN would answer that the user is not authorised, which helps nobody who mistyped a name."""
    given = dataset.get("owner_org")
    if not given or model.Session.scalar(IS_THERE, {"given": given}):
        return {}
    return {"owner_org": [_("There is no organisation “{name}”.").format(name=given[:100])]}
