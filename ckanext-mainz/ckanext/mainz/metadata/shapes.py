"""Refuses what is not shaped like a dataset, before CKAN's validation, which takes the shape for granted.

CKAN 2.12 stores a list given as title as the text of that list, takes any word but "true" for ``private: false``, and
ends in a server error for texts that the database cannot keep. Here such input gets a message at its field instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.metadata.texts import is_storable

_ = toolkit._
Errors = dict[str, Any]
Json = Any

RELATIONSHIPS = frozenset({"relationships_as_object", "relationships_as_subject"})
RELATIONSHIPS = frozenset({"relationships_as_object", "relationships_as_subject"})
OBJECT_LISTS = RELATIONSHIPS | {"resources", "tags", "groups", "extras"}
#: CKAN's own fields that hold one text or number and that no schema need name.
SINGLE = frozenset(
    {
        *("id", "name", "title", "notes", "url", "version", "type", "state", "private", "license_id", "owner_org"),
        *("author", "author_email", "maintainer", "maintainer_email", "metadata_modified", "package_id", "position"),
        *("key", "value", "vocabulary_id", "size", "created", "last_modified", "cache_last_updated", "url_type"),
    }
)
STATES = frozenset({"active", "draft", "deleted"})
TRUE_OR_FALSE = frozenset({"true", "false", "1", "0", "t", "f", "yes", "no", "y", "n", "on", "off"})
MOST_KEYWORDS = 100


def problems(dataset: Mapping[str, Json], schema: Mapping[str, Any]) -> Errors:
    """What is wrong with the shape of a dataset: field → messages, resources as a list of such; empty if nothing is.

    `schema` is a dataset schema of ckanext-scheming with its presets expanded.
    """
    errors = _object_problems(dataset, _single_fields(schema["dataset_fields"])) | _word_problems(dataset)
    for name in OBJECT_LISTS & dataset.keys() - errors.keys():
        inner = _single_fields(schema["resource_fields"]) if name == "resources" else SINGLE
        found = [_object_problems(item, inner) for item in dataset[name]]
        if any(found):
            errors[name] = found
    return errors


def _single_fields(fields: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Fields that hold one text: all but repeating ones, several choices, and keywords."""
    lists = {
        field["field_name"]
        for field in fields
        if "repeating_subfields" in field
        or str(field.get("form_snippet")).startswith("multiple_")
        or field["field_name"] == "tag_string"
    }
    return (SINGLE | {field["field_name"] for field in fields}) - lists


def _object_problems(record: Mapping[str, Json], single: frozenset[str]) -> Errors:
    found = {name: _problem(name, value, name in single) for name, value in record.items()}
    return {name: [message] for name, message in found.items() if message}


def _problem(name: str, value: Json, single: bool) -> str:
    if not all(is_storable(text) for text in _texts(value)):
        return _("The text contains control characters. Type it again or paste it without formatting.")
    if name in OBJECT_LISTS:
        fits = isinstance(value, list) and all(isinstance(item, dict) for item in value)
        return "" if fits else _("A list of objects is expected here.")
    if single and isinstance(value, dict | list):
        return _("A single text is expected here, not a list or an object.")
    return ""


def _word_problems(dataset: Mapping[str, Json]) -> Errors:
    errors: Errors = {}
    if str(dataset.get("private") or False).lower() not in TRUE_OR_FALSE:
        errors["private"] = [_("Only “true” and “false” are possible here.")]
    if dataset.get("state") and dataset["state"] not in STATES:
        errors["state"] = [_("Only “active”, “draft” and “deleted” are possible here.")]
    tags = dataset.get("tags")
    if isinstance(tags, list) and len(tags) > MOST_KEYWORDS:
        errors["tags"] = [too_many_keywords(len(tags))]
    return errors


def too_many_keywords(number: int) -> str:
    """The message for more keywords than a record may have."""
    return _("There are {number} keywords; at most {most} are possible. Choose the most important ones.").format(
        number=number, most=MOST_KEYWORDS
    )


def _texts(value: Json) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
