"""What a new form holds before anybody types, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

_ = toolkit._
#: The licence of the city's own data where an organisation names none.
LICENSE = "dl-de-by-2.0"


@dataclass(frozen=True)
class Beginning:
    """Values of a new form, and a note for each field that is filled in already."""

    values: dict[str, Any] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)


def beginning(schema: Mapping[str, Any]) -> Beginning:
    """What a new record of the schema begins with: the only organisation, and its usual licence."""
    asked = {one["field_name"] for one in schema["dataset_fields"] if one.get("form_snippet", "") is not None}
    offered = toolkit.h.organizations_available("create_dataset")
    only = str(offered[0]["id"]) if len(offered) == 1 else ""
    made = Beginning({"owner_org": only}, {"owner_org": _("Filled in: it is your only organisation.")} if only else {})
    if "license_id" in asked:
        usual = usual_license(only)
        made.values["license_id"] = usual or LICENSE
        made.hints["license_id"] = (
            _("Filled in: the usual licence of your organisation. Change it where another one holds.")
            if usual
            else _("Filled in: the licence that offices mostly use. Change it where another one holds.")
        )
    return made


def usual_license(organization: str) -> str:
    """The licence that an organisation names for its data; empty where it names none."""
    group = model.Group.get(organization) if organization else None
    extras: Any = getattr(group, "extras", None)  # mapped from the table, which type checkers do not see
    return str((extras or {}).get("default_license") or "")
