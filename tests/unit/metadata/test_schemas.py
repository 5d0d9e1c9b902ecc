"""The schemas: whole in both languages, consistent, and documented field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ckanext.mainz.schemas import FOLDER

from ckanext.mainz.metadata import indexing, validators, vocabulary

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "developers" / "metadata.md").read_text(encoding="utf-8")
SCHEMAS = ("dataset", "dataset_series", "data_service", "organization")
SECTIONS = {
    "Dataset": ("dataset", "dataset_fields"),
    "Resource": ("dataset", "resource_fields"),
    "Dataset series": ("dataset_series", "dataset_fields"),
    "Data service": ("data_service", "dataset_fields"),
    "Organisation": ("organization", "fields"),
}
Field = dict[str, Any]


def load(name: str) -> dict[str, Any]:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


PRESETS = {preset["preset_name"]: preset["values"] for preset in load("presets")["presets"]}


def fields(schema: str, part: str) -> list[Field]:
    return [{**PRESETS.get(field.get("preset", ""), {}), **field} for field in load(schema)[part]]


def all_fields(with_rows: bool = True) -> Iterator[tuple[str, Field]]:
    for schema in SCHEMAS:
        for part in {"dataset_fields", "resource_fields", "fields"} & load(schema).keys():
            for field in fields(schema, part):
                yield f"{schema}.{field['field_name']}", field
                for sub in field.get("repeating_subfields", ()) if with_rows else ():
                    whole = {**PRESETS.get(sub.get("preset", ""), {}), **sub}
                    yield f"{schema}.{field['field_name']}.{sub['field_name']}", whole


@pytest.mark.parametrize(("name", "field"), [pytest.param(*one, id=one[0]) for one in all_fields()])
def test_a_field_speaks_both_languages(name: str, field: Field) -> None:
    in_form = field.get("form_snippet", "text.html") is not None
    assert field["label"]["de"]
    assert field["label"]["en"]
    if in_form and name not in ("organization.name", "organization.image_url"):
        assert field["help_text"]["de"]
        assert field["help_text"]["en"]
        assert field["help_text"]["de"] != field["help_text"]["en"]


@pytest.mark.parametrize("schema", ["dataset", "dataset_series", "data_service"])
def test_help_has_an_example(schema: str) -> None:
    asked = [one for one in fields(schema, "dataset_fields") if one.get("form_snippet", "x") is not None]
    without = [
        field["field_name"]
        for field in asked
        if "repeating_subfields" not in field and "Beispiel" not in help_of(field)
    ]
    assert without == []


def help_of(field: Field) -> str:
    return str(field.get("help_text", {}).get("de", ""))


@pytest.mark.parametrize(("name", "field"), [pytest.param(*one, id=one[0]) for one in all_fields()])
def test_validators_and_vocabularies_of_a_field_exist(name: str, field: Field) -> None:
    ours = {one.partition("(")[0] for one in str(field.get("validators", "")).split() if one.startswith("mainz_")}
    assert ours <= validators.get_validators().keys() | {"mainz_file_key"}
    assert field.get("vocabulary", "themes") in vocabulary.names()
    assert ("mainz_terms" in ours or "mainz_term" in ours) <= ("vocabulary" in field)


@pytest.mark.parametrize(("title", "place"), SECTIONS.items(), ids=SECTIONS)
def test_the_table_of_fields_is_as_the_schema_says(title: str, place: tuple[str, str]) -> None:
    documented = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section(title), re.MULTILINE)
    assert documented == [(field["field_name"], field["label"]["de"]) for field in fields(*place)]


def test_the_table_says_which_fields_a_simple_form_asks_for() -> None:
    asked = re.findall(r"^\| `(\w+)` \|.*\| yes \|", section("Dataset"), re.MULTILINE)
    assert asked == ["title", "notes", "theme", "owner_org", "license_id", "frequency", "temporal_coverage"]
    folded = False
    shown = []
    for field in fields("dataset", "dataset_fields"):
        folded = bool(field.get("form_more")) if "form_section" in field else folded
        if not folded and field.get("form_snippet", "x") is not None:
            shown.append(field["field_name"])
    assert shown == asked


def test_the_table_of_rows_is_as_the_schema_says() -> None:
    documented = set(re.findall(r"^\| ([a-z_, ]+) \| `(\w+)` \|", section("Rows"), re.MULTILINE))
    named = {(parent, sub) for parents, sub in documented for parent in parents.split(", ")}
    known = {
        (field["field_name"], sub["field_name"])
        for part in ("dataset_fields", "resource_fields")
        for field in fields("dataset", part)
        for sub in field.get("repeating_subfields", ())
    }
    assert named == known


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_what_is_indexed_and_has_a_vocabulary_is_of_that_vocabulary() -> None:
    known = {name.rpartition(".")[2]: field["vocabulary"] for name, field in all_fields(False) if "vocabulary" in field}
    assert {name: known[name] for name in indexing.TERMS} == indexing.TERMS
