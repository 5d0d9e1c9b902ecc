"""The validators of the schemas on a mapped package, as far as they need no database: the portal would save it."""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml
from ckan.plugins import toolkit
from ckanext.mainz.schemas import FOLDER

from ckanext.mainz.metadata import validators

Field = dict[str, Any]
Key = tuple[Any, ...]
#: What the caller fills in, or needs the database for.
NOT_HERE = frozenset({"name", "owner_org", "mainz_license"})
OF_CKAN = frozenset({"type", "tags", "resources"})


@cache
def schema(type_: str) -> dict[str, list[Field]]:
    presets = yaml.safe_load((FOLDER / "presets.yaml").read_text(encoding="utf-8"))["presets"]
    by_name = {preset["preset_name"]: preset["values"] for preset in presets}
    loaded = yaml.safe_load((FOLDER / f"{type_}.yaml").read_text(encoding="utf-8"))
    parts = {part: loaded.get(part, []) for part in ("dataset_fields", "resource_fields")}
    return {part: [_expanded(field, by_name) for field in fields] for part, fields in parts.items()}


def _expanded(field: Field, presets: dict[str, Field]) -> Field:
    whole = {**presets.get(field.get("preset", ""), {}), **field}
    if "repeating_subfields" in whole:
        whole["repeating_subfields"] = [_expanded(one, presets) for one in whole["repeating_subfields"]]
    return whole


def errors(package: dict[str, Any]) -> dict[Key, list[str]]:
    """Messages by the place of the value; empty if the package would be saved."""
    fields = schema(package["type"])
    data = dict(_flat(package))
    found: dict[Key, list[str]] = defaultdict(list)
    _check(package, (), fields["dataset_fields"], data, found)
    for number, resource in enumerate(package.get("resources", ())):
        _check(resource, ("resources", number), fields["resource_fields"], data, found)
    words = ", ".join(tag["name"] for tag in package.get("tags", ()))
    validators.keywords(("tag_string",), {("tag_string",): words}, found, {})
    return {key: messages for key, messages in found.items() if messages}


def _flat(value: dict[str, Any], above: Key = ()) -> Iterator[tuple[Key, Any]]:
    for name, one in value.items():
        if isinstance(one, list) and one and isinstance(one[0], dict):
            for number, row in enumerate(one):
                yield from _flat(row, (*above, name, number))
        else:
            yield (*above, name), one


def _check(
    record: dict[str, Any], above: Key, fields: list[Field], data: dict[Key, Any], found: dict[Key, list[str]]
) -> None:
    known = {field["field_name"]: field for field in fields}
    for name in record.keys() - known.keys() - OF_CKAN:
        found[(*above, name)].append("The schema has no such field.")
    for field in fields:
        name = field["field_name"]
        if "repeating_subfields" in field:
            for number, row in enumerate(record.get(name, ())):
                _check(row, (*above, name, number), field["repeating_subfields"], data, found)
        elif name not in NOT_HERE and (name in record or field.get("required")):
            _run((*above, name), field, data, found)


def _run(key: Key, field: Field, data: dict[Key, Any], found: dict[Key, list[str]]) -> None:
    if field.get("preset") == "resource_url_upload":
        field = {**field, "validators": "mainz_file_or_link"}
    for name in str(field.get("validators", "")).split():
        validator = validators.get_validators().get(name.partition("(")[0])
        if validator is None or name in NOT_HERE:
            continue
        if getattr(validator, "is_a_scheming_validator", False):
            validator = validator(field, {})
        elif "(" in name:
            validator = validator(*name.partition("(")[2].rstrip(")").split(","))
        try:
            if len(inspect.signature(validator).parameters) == 1:
                data[key] = validator(data.get(key))
            else:
                validator(key, data, found, {})
        except toolkit.StopOnError:
            return
        except toolkit.Invalid as error:
            found[key].append(str(error.error))
            return
