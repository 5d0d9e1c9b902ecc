"""Sources of the harvester, their jobs and what they brought: for those who run them, the office and the operator.

A source's settings can hold keys of other portals, and an object is the whole record as it came, before any release.
"""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.governance import people

_ = toolkit._
FUNCTIONS = [
    "harvest_source_show",
    "harvest_source_show_status",
    "harvest_source_list",
    "harvest_job_show",
    "harvest_job_list",
    "harvest_object_show",
    "harvest_object_list",
    "harvesters_info_show",
    "harvest_source_create",
    "harvest_source_update",
    "harvest_source_delete",
    "harvest_source_clear",
    "harvest_source_reindex",
    "harvest_job_create",
    "harvest_job_abort",
    "harvest_objects_import",
    "harvest_object_create",
    "harvest_log_list",
]


def get_actions() -> dict[str, Any]:
    return {"harvest_source_list": harvest_source_list}


def get_auth_functions() -> dict[str, Any]:
    return dict.fromkeys(FUNCTIONS, runs_sources)


@toolkit.chained_action
@toolkit.side_effect_free
def harvest_source_list(original: Any, context: Any, data: dict[str, Any]) -> Any:
    """ckanext-harvest 1.6.3 asks nobody here, and gives anonymous visitors every source with its settings."""
    toolkit.check_access("harvest_source_list", context, data)
    return original(context, data)


@toolkit.chained_auth_function
@toolkit.auth_allow_anonymous_access
def runs_sources(_original: Any, context: Any, _data: Any) -> Any:
    """The Geschäftsstelle; the operator is not asked."""
    if people.acting(context).office:
        return {"success": True}
    return {"success": False, "msg": _("Only the Geschäftsstelle runs sources.")}
