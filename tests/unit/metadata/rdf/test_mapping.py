"""The table of fields and properties against the schemas: no field is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ckanext.mainz.schemas import FOLDER

from ckanext.mainz.metadata.rdf import mapping
from ckanext.mainz.metadata.rdf.entries import Part

DOCUMENT = Path(__file__).parents[4] / "docs" / "developers" / "rdf.md"
#: Fields that say something to the portal only.
OURS = {"name", "owner_org", "is_example", "tag_string", "author", "author_email", "maintainer", "maintainer_email"} | {
    "visibility",
    "lifecycle",
    "shared_with",
}
OURS_OF_FILES = {"visibility", "file_key", "cache_url", "mimetype_inner", "resource_type", "url_type"}
#: CKAN's own field, which only datasets have a use for.
NOT_OF_ALL = {"url", "license_id", "version"}
PARTS = {
    "publisher": mapping.AGENT,
    "creator": mapping.AGENT,
    "contact": mapping.CONTACT,
    "temporal_coverage": mapping.PERIOD,
    "spatial_coverage": mapping.PLACE,
    "access_services": mapping.SERVICE,
}


def schema(kind: str) -> dict:
    return yaml.safe_load((FOLDER / f"{kind}.yaml").read_text(encoding="utf-8"))


def names(fields: list[dict]) -> set[str]:
    return {field["field_name"] for field in fields}


@pytest.mark.parametrize("kind", mapping.KINDS)
def test_every_field_of_a_schema_has_a_property_or_a_reason_not_to(kind: str):
    mapped = {*mapping.fields(mapping.KINDS[kind][1]), "tag_string"}
    asked = names(schema(kind)["dataset_fields"])
    assert asked - mapped - OURS - NOT_OF_ALL == set()
    assert mapped - {"tags"} - asked == set()


def test_every_field_of_a_file_has_a_property_or_a_reason_not_to():
    asked = names(schema("dataset")["resource_fields"])
    mapped = set(mapping.fields(mapping.DISTRIBUTION))
    assert asked - mapped - OURS_OF_FILES == set()
    assert mapped - asked == set()


@pytest.mark.parametrize("name", PARTS)
def test_every_subfield_has_a_property(name: str):
    part: Part = PARTS[name]
    dataset = schema("dataset")
    fields = dataset["dataset_fields"] + dataset["resource_fields"]
    presets = {one["preset_name"]: one["values"] for one in schema("presets")["presets"]}
    (field,) = ({**presets.get(field.get("preset"), {}), **field} for field in fields if field["field_name"] == name)
    subfields = field["repeating_subfields"]
    mapped = {one for entry in part.entries for one in entry.fields()} | ({part.uri} if part.uri else set())
    assert names(subfields) == mapped


def test_the_documentation_names_every_field():
    documented = set(re.findall(r"`([a-z_]+)`", DOCUMENT.read_text(encoding="utf-8")))
    mapped = {one for _class, entries in mapping.KINDS.values() for one in mapping.fields(entries)}
    assert {*mapped, *mapping.fields(mapping.DISTRIBUTION)} - documented == set()
