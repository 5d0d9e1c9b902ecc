"""ckanext-scheming's validation of datasets, without the work that changes nothing.

At every validation scheming builds the validators of all fields from their names, and when a record is shown it
validates every field of the schema, for each resource anew. Of some 80 fields a record has a third. So here

- what was built for a field is kept, as it depends on nothing but the field and the registered validators;
- a record is shown by those fields of its schema that it has. scheming puts ``ignore_missing`` before a field's own
  output validators, and a repeating field without rows has nothing to validate: to the others nothing can happen.
  (CKAN's own fields stay in, for they have no ``ignore_missing`` but scheming's.)

Records that are saved are validated by all fields. The plugin keeps its class and its name: ckanext-dcat asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from ckanext.scheming import plugins as scheming

Field = dict[str, Any]
Validators = list[Any] | dict[str, Any]
Build = Callable[..., Validators]
Result = tuple[dict[str, Any], dict[str, Any]]

BUILDERS = ("_field_output_validators", "_field_validators", "_field_create_validators")
SHOW = "package_show"

_validate = scheming.SchemingDatasetsPlugin.validate
_builders: dict[str, Build] = {name: getattr(scheming, name) for name in BUILDERS}


def install() -> None:
    """Puts this in scheming's place. May be called again, and must be when plugins were loaded anew."""
    for name, build in _builders.items():
        setattr(scheming, name, _remembering(build))
    setattr(scheming.SchemingDatasetsPlugin, "validate", validate)  # noqa: B010 - pyright knows only scheming's own


def validate(
    plugin: scheming.SchemingDatasetsPlugin, context: Any, record: dict[str, Any], schema: dict[str, Any], action: str
) -> Result:
    """Stands for ``SchemingDatasetsPlugin.validate``, with the same result."""
    expanded: Any = dict(plugin._expanded_schemas).get(record.get("type"))
    if action != SHOW or expanded is None:
        return _validate(plugin, context, record, schema, action)
    narrowed = {record["type"]: narrow(expanded, record, schema)}
    asking: Any = SimpleNamespace(_schemas=narrowed, _expanded_schemas=narrowed)
    return _validate(asking, context, record, schema, action)


def narrow(expanded: Mapping[str, Any], record: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """An expanded schema with those fields that a record or one of its resources has, or CKAN's own `schema`."""
    names = {*schema, *record, *(extra.get("key") for extra in record.get("extras") or ())}
    in_resources = {*schema["resources"], *(name for resource in record.get("resources") or () for name in resource)}
    return {
        **expanded,
        "dataset_fields": _named(expanded["dataset_fields"], names),
        "resource_fields": _named(expanded["resource_fields"], in_resources),
    }


def _named(fields: Iterable[Field], names: set[Any]) -> list[Field]:
    return [field for field in fields if field["field_name"] in names]


def _remembering(build: Build) -> Build:
    """Builds once for each field. What lists of choices hold, validators ask when they are called."""
    kept: dict[tuple[Any, ...], tuple[Field, Validators]] = {}

    def remembered(field: Field, schema: Mapping[str, Any], *others: Any, **named: Any) -> Validators:
        key = (id(field), *others, *named.items())
        known = kept.get(key)
        if known is None or known[0] is not field:
            known = kept[key] = (field, build(field, schema, *others, **named))
        return _copied(known[1])

    return remembered


def _copied(validators: Validators) -> Validators:
    """Plugins may change what they are given."""
    if isinstance(validators, dict):
        return {name: _copied(each) for name, each in validators.items()}
    return list(validators)
