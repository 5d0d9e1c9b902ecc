"""What a form sent, as the dictionary that CKAN's actions take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from ckanext.mainz.metadata import rows
from ckanext.mainz.portal.forms.fields import box_in_numbers

Form = MultiDict[str, str]
MORE = "more"
MOST_ROWS = 100  # as many as a page shows of one field before it becomes slow to read


def dataset(form: Form, schema: Mapping[str, Any]) -> dict[str, Any]:
    """All fields of the dataset form, also those left empty, so that emptying a field is possible."""
    typed = fields(form, schema["dataset_fields"])
    level = {"visibility": form["visibility"]} if "visibility" in form else {}
    return {**typed, **level, "tags": []}


def resource(form: Form, schema: Mapping[str, Any]) -> dict[str, Any]:
    """All fields of the form for a file or link."""
    return fields(form, schema["resource_fields"])


def fields(form: Form, schema_fields: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The values of the fields that a form asks for."""
    asked = [one for one in schema_fields if one.get("form_snippet", "text.html") is not None]
    typed: dict[str, Any] = {one["field_name"]: value(form, one) for one in asked if "repeating_subfields" not in one}
    repeating = rows.repeating_fields(asked)
    found = {name: form[name] for name in form if name.partition("-")[0] in repeating and "-" in name}
    rows.expand(found, repeating)
    return {**typed, **{name: found.get(name, []) for name in repeating}}


def value(form: Form, schema: Mapping[str, Any]) -> str | list[str]:
    """The value of one field; line breaks as they are stored, not as browsers send them."""
    name = schema["field_name"]
    if str(schema.get("form_snippet")).startswith("multiple_"):
        return form.getlist(name)
    return form.get(name, "").replace("\r\n", "\n")


def rows_wanted(form: Form) -> dict[str, int]:
    """The field for which one more row is asked for by its button, with the number of rows that it then has."""
    name = form.get(MORE, "")
    numbers = {key.split("-")[1] for key in form if key.startswith(f"{name}-")} if name else set()
    return {name: min(len(numbers) + 1, MOST_ROWS)} if numbers else {}


def keep_unseen(typed: dict[str, Any], stored: Mapping[str, Any], schema_fields: Iterable[Mapping[str, Any]]) -> None:
    """Gives the rows of a form, in place, the parts that it does not show, from the stored rows that they were.

    A row is the stored one if what the form shows of it is the same. A changed area loses its geometry with its box.
    """
    for field in schema_fields:
        parts = field.get("repeating_subfields", ())
        unseen = [one["field_name"] for one in parts if one.get("form_snippet", "text.html") is None]
        seen = [one["field_name"] for one in parts if one["field_name"] not in unseen]
        for row in typed.get(field["field_name"], ()) if unseen else ():
            for old in stored.get(field["field_name"]) or ():
                if all(same(row.get(name), old.get(name)) for name in seen):
                    row |= {name: old[name] for name in unseen if old.get(name)}


def same(typed: Any, stored: Any) -> bool:
    """Whether a typed text stands for the stored one."""
    return box_in_numbers(str(typed or "").strip()) == box_in_numbers(str(stored or ""))
