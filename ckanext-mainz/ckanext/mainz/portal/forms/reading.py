"""What a form sent, as the dictionary that CKAN's actions take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from ckanext.mainz.metadata import rows

Form = MultiDict[str, str]
PRIVATE = "True"


def dataset(form: Form, schema: Mapping[str, Any]) -> dict[str, Any]:
    """All fields of the dataset form, also those left empty, so that emptying a field is possible."""
    typed = fields(form, schema["dataset_fields"])
    return {**typed, "private": form.get("private", PRIVATE), "tags": []}


def resource(form: Form, schema: Mapping[str, Any]) -> dict[str, Any]:
    """All fields of the form for a file or link."""
    return fields(form, schema["resource_fields"])


def fields(form: Form, schema_fields: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The values of the fields that a form asks for."""
    shown = rows.asked(schema_fields)
    typed: dict[str, Any] = {one["field_name"]: value(form, one) for one in shown if "repeating_subfields" not in one}
    repeating = rows.repeating_fields(shown)
    found = {name: form[name] for name in form if name.partition("-")[0] in repeating and "-" in name}
    rows.expand(found, repeating)
    return {**typed, **{name: found.get(name, []) for name in repeating}}


def value(form: Form, schema: Mapping[str, Any]) -> str | list[str]:
    """The value of one field; line breaks as they are stored, not as browsers send them."""
    name = schema["field_name"]
    if str(schema.get("form_snippet")).startswith("multiple_"):
        return form.getlist(name)
    return form.get(name, "").replace("\r\n", "\n")
