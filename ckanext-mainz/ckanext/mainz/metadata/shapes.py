"""Refuses what is not shaped like a dataset, before CKAN's validation, which takes the shape for granted.

CKAN 2.12 stores a list given as title as the text of that list, takes any word but "true" for ``private: false``, and
ends in a server error for a list as licence, a number as id or a text that the database cannot keep. Here such input
gets a message at its field instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ckan.plugins import toolkit

from ckanext.mainz.metadata.texts import is_storable

_ = toolkit._
Errors = dict[str, Any]
Json = Any

#: CKAN's own fields that hold one value and that no schema need name.
SINGLE = frozenset(
    {
        *("title", "notes", "version", "private", "author", "author_email", "maintainer", "maintainer_email"),
        *("metadata_modified", "position", "size", "created", "last_modified", "cache_last_updated", "value"),
    }
)
#: Those among them that the database compares with texts, and addresses, which CKAN takes apart before it validates.
TEXT = frozenset({"id", "name", "type", "state", "license_id", "owner_org", "package_id", "vocabulary_id", "key"})
ADDRESSES = frozenset({"url"})
OBJECT_LISTS = frozenset(
    {"resources", "tags", "groups", "extras", "relationships_as_object", "relationships_as_subject"}
)
#: Names that CKAN's validation uses for itself.
RESERVED = "__"
STATES = frozenset({"active", "draft", "deleted"})
TRUE_OR_FALSE = frozenset({"true", "false", "1", "0", "t", "f", "yes", "no", "y", "n", "on", "off"})
MOST_KEYWORDS = 100


@dataclass(frozen=True)
class Rules:
    """Which fields of an object hold one value, one text, or a list of texts."""

    single: frozenset[str] = SINGLE
    text: frozenset[str] = TEXT
    texts: frozenset[str] = frozenset()


def problems(dataset: Mapping[str, Json], schema: Mapping[str, Any]) -> Errors:
    """What is wrong with the shape of a dataset: field → messages, resources as a list of such; empty if nothing is.

    `schema` is a dataset schema of ckanext-scheming with its presets expanded.
    """
    errors = object_problems(dataset, rules_of(schema["dataset_fields"]))
    if dataset.get("upload"):
        errors["upload"] = [_("A dataset takes no file by itself. Add the file with resource_create.")]
    errors |= word_problems({name: value for name, value in dataset.items() if name not in errors})
    for name in OBJECT_LISTS & dataset.keys() - errors.keys():
        rules = rules_of(schema["resource_fields"]) if name == "resources" else Rules()
        found = [object_problems(item, rules) for item in dataset[name]]
        if any(found):
            errors[name] = found
    return errors


def rules_of(fields: Iterable[Mapping[str, Any]]) -> Rules:
    """The rules for the objects of a schema."""
    repeating = {field["field_name"] for field in fields if "repeating_subfields" in field}
    texts = {field["field_name"] for field in fields if _takes_several(field)}
    single = SINGLE | {field["field_name"] for field in fields}
    return Rules(single - repeating - texts - TEXT - ADDRESSES, TEXT, frozenset(texts))


def _takes_several(field: Mapping[str, Any]) -> bool:
    return bool(field.get("multiple")) or field["field_name"] == "tag_string"


def object_problems(record: Mapping[str, Json], rules: Rules) -> Errors:
    """Messages by field for one dataset, resource, tag or extra."""
    found = {name: _problem(name, value, rules) for name, value in record.items()}
    errors: Errors = {name: [message] for name, message in found.items() if message}
    return errors | ({"tags": [{"name": errors["tags"]}]} if "tags" in errors else {})


def _problem(name: str, value: Json, rules: Rules) -> str:
    if not all(is_storable(text) for text in _all_texts([name, value])):
        return _("The text contains control characters. Type it again or paste it without formatting.")
    if name.startswith(RESERVED):
        return _("There is no field of this name.")
    fits = next((check for names, check in _checks(rules) if name in names), None)
    return "" if fits is None else fits(value)


def _checks(rules: Rules) -> Iterable[tuple[frozenset[str], Callable[[Json], str]]]:
    yield OBJECT_LISTS, _must_be_objects
    yield ADDRESSES, _must_be_address
    yield rules.texts, _must_be_texts
    yield rules.text, _must_be_text
    yield rules.single, _must_be_single


def _must_be_objects(value: Json) -> str:
    fits = isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return "" if fits else _("A list of objects is expected here.")


def _must_be_texts(value: Json) -> str:
    items = value if isinstance(value, list) else [value]
    return "" if all(isinstance(item, str | None) for item in items) else _("A list of texts is expected here.")


def _must_be_text(value: Json) -> str:
    return "" if isinstance(value, str | None) else _("A text is expected here.")


def _must_be_address(value: Json) -> str:
    if not isinstance(value, str):
        return _must_be_text(value)
    try:
        urlsplit(value)
    except ValueError:
        return _("“{value}” is not a web address. It must begin with https:// or http://.").format(value=value[:80])
    return ""


def _must_be_single(value: Json) -> str:
    wrong = isinstance(value, dict | list)
    return _("A single text is expected here, not a list or an object.") if wrong else ""


def word_problems(dataset: Mapping[str, Json]) -> Errors:
    """Messages for fields that take certain words only, and for too many keywords."""
    errors: Errors = {}
    if str(dataset.get("private") or False).lower() not in TRUE_OR_FALSE:
        errors["private"] = [_("Only “true” and “false” are possible here.")]
    if dataset.get("state") and dataset["state"] not in STATES:
        errors["state"] = [_("Only “active”, “draft” and “deleted” are possible here.")]
    if len(dataset.get("tags") or ()) > MOST_KEYWORDS:
        errors["tags"] = [{"name": [too_many_keywords(len(dataset["tags"]))]}]
    return errors


def too_many_keywords(number: int) -> str:
    """The message for more keywords than a record may have."""
    return _("There are {number} keywords; at most {most} are possible. Choose the most important ones.").format(
        number=number, most=MOST_KEYWORDS
    )


def _all_texts(value: Json) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _all_texts([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _all_texts(item)
