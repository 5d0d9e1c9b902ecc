"""Datasets are validated faster than by ckanext-scheming alone, with the same result."""

from __future__ import annotations

import copy
import json
from typing import Any

import ckan.model as model
import pytest
from ckan.lib.plugins import lookup_package_plugin
from ckanext.scheming import plugins as scheming
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.mainz.metadata import validation

pytestmark = pytest.mark.usefixtures("clean")

TYPES = ("dataset", "dataset_series", "data_service")
SHAPES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
OWN = {"title": "Bäume", "name": "baeume", "notes": "Alle.", "state": "active", "id": "1", "extras": [], "tags": []}

words = st.sampled_from(["", " ", "Bäume", "2024-01-01", "1.5", "https://example.org/a b", "ENVI", "[", '["a", "b"]'])
lists = st.lists(words, max_size=3)
values = st.one_of(words, st.none(), lists, lists.map(json.dumps))


def rows(field: dict[str, Any]) -> st.SearchStrategy[Any]:
    names = [each["field_name"] for each in field["repeating_subfields"]]
    return st.lists(st.dictionaries(st.sampled_from(names), words | st.none(), max_size=4), max_size=3)


def of(fields: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the fields with values, good and bad."""
    each = {field["field_name"]: rows(field) if "repeating_subfields" in field else values for field in fields}
    return st.fixed_dictionaries({}, optional=each)


@st.composite
def shown(draw: st.DrawFn) -> dict[str, Any]:
    """A record as CKAN makes it of its tables: fields of scheming as extras, lists and rows as JSON text."""
    type_ = draw(st.sampled_from(TYPES))
    schema = expanded(type_)
    found = draw(of(schema["dataset_fields"]))
    others = draw(st.dictionaries(st.sampled_from(["harvest_guid", "Herkunft"]), words, max_size=2))
    own = {name: value for name, value in found.items() if name in OWN and not isinstance(OWN[name], list)}
    extras = {name: value for name, value in found.items() if name not in OWN} | others
    texts = [{"key": key, "value": each if isinstance(each, str) else json.dumps(each)} for key, each in extras.items()]
    plain = [field for field in schema["resource_fields"] if field["field_name"] not in ("tracking_summary",)]
    resources = draw(st.lists(of(plain).map(lambda one: {"id": "2", "state": "active", **one}), max_size=3))
    return {**OWN, **own, "type": type_, "extras": texts, "resources": resources}


@st.composite
def sent(draw: st.DrawFn) -> dict[str, Any]:
    """A record as a client sends it."""
    schema = expanded("dataset")
    resources = draw(st.lists(of(schema["resource_fields"]), max_size=2))
    return {**OWN, **draw(of(schema["dataset_fields"])), "type": "dataset", "resources": resources}


def expanded(type_: str) -> dict[str, Any]:
    return scheming.SchemingDatasetsPlugin.instance._expanded_schemas[type_]


def outcome(validate: Any, record: dict[str, Any], action: str) -> Any:
    plugin = lookup_package_plugin(record["type"])
    schema = plugin.show_package_schema() if action == "package_show" else plugin.create_package_schema()
    try:
        return validate(plugin, {"ignore_auth": True, "user": ""}, copy.deepcopy(record), schema, action)
    except Exception as error:  # noqa: BLE001 - whatever it is, both must raise it
        model.Session.rollback()
        return type(error), str(error)


def by_scheming(record: dict[str, Any], action: str) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        for name, build in validation._builders.items():
            patch.setattr(scheming, name, build)
        return outcome(validation._validate, record, action)


@pytest.mark.parametrize("of_type", [shown, sent])
def test_the_result_is_that_of_scheming(portal, of_type):
    action = "package_show" if of_type is shown else "package_create"

    @SHAPES
    @given(record=of_type())
    def compare(record):
        expected = by_scheming(record, action)
        for _again in range(2):
            assert outcome(validation.validate, record, action) == expected

    compare()


def test_what_was_built_is_not_changed_by_whoever_gets_it(portal):
    field = next(each for each in expanded("dataset")["dataset_fields"] if each["field_name"] == "contact")
    first = scheming._field_validators(field, expanded("dataset"), True)
    first["email"].append(print)
    assert print not in scheming._field_validators(field, expanded("dataset"), True)["email"]


def test_schemas_that_were_loaded_anew_get_their_own_validators(portal):
    title = {"field_name": "title", "validators": "unicode_safe"}
    assert len(scheming._field_validators(title, {}, False)) == 1
    assert len(scheming._field_validators({**title, "validators": "unicode_safe mainz_line"}, {}, False)) == 2
