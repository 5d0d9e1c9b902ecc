"""Template helpers of the data dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.metadata.dictionary import structures
from ckanext.mainz.metadata.dictionary.columns import stored

_ = toolkit._

TYPES: Mapping[str, Message] = {
    "integer": N_("whole number"),
    "decimal": N_("number"),
    "date": N_("date"),
    "datetime": N_("date and time"),
    "year": N_("year"),
    "period": N_("period of time"),
    "boolean": N_("yes or no"),
    "text": N_("text"),
}


def get_helpers() -> dict[str, Any]:
    return {"mainz_dictionary": dictionary, "mainz_column_type": column_type}


def dictionary(dataset: Mapping[str, Any], resource: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of a file shows of its columns: ``columns``, the address ``csvw``, and for editors of an uploaded
    table ``may_describe``, the address where they describe them."""
    names = {"id": dataset["name"], "resource_id": resource["id"]}
    editable = current_user.is_authenticated and structures.is_table(resource)
    may = editable and toolkit.h.check_access("resource_update", {"id": resource["id"]})
    return {
        "columns": stored(resource),
        "csvw": toolkit.h.url_for("mainz_dictionary.csvw_file", locale="default", **names),
        "may_describe": toolkit.h.url_for("mainz_dictionary.edit", **names) if may else "",
    }


def column_type(code: str) -> str:
    """The type of a column in words; the code itself where it is none of ours."""
    return _(TYPES[code]) if code in TYPES else code
