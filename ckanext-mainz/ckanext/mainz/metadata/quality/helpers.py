"""Template helpers about quality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit

from ckanext.mainz.metadata.quality import assessing, mqa, report, store
from ckanext.mainz.metadata.validators import INVENTORY

_ = toolkit._
Json = dict[str, Any]


def get_helpers() -> Json:
    return {"mainz_quality": quality}


def quality(record: Mapping[str, Any]) -> Json | None:
    """The quality of a dataset for those who may change it, None for all others.

    Beside what ``mainz_quality_show`` answers: ``rules`` and ``notes`` with ``label`` and ``address`` of their field in
    the form, ``advice`` (the metrics that are not met) likewise, and ``broken``, the links that do not answer.
    """
    if record.get("type") != store.TYPE or record.get("lifecycle") == INVENTORY or not current_user.is_authenticated:
        return None
    if not toolkit.h.check_access("package_update", {"id": record["id"]}):
        return None
    found = report.full(assessing.assess(dict(record)), _)
    metrics = [metric for one in found["dimensions"] for metric in one["metrics"]]
    lacking = [one for one in metrics if one["state"] != mqa.State.MET]
    return {
        **found,
        "rules": [{**one, "label": label(one), "address": address(record, one)} for one in found["rules"]],
        "notes": [{**one, "label": label(one), "address": address(record, one)} for one in found["notes"]],
        "advice": [{**one, "address": address(record, one) if one["field"] else ""} for one in lacking],
        "broken": [one for one in found["links"] if one["problem"]],
    }


def address(record: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    """Where an editor mends a field: in the form of the dataset or of the file that is meant."""
    anchor = f"#field-{one['field']}"
    of_file = one["resource_id"] and _find("resource_fields", one["field"]) is not None
    if of_file:
        return toolkit.h.url_for("dataset_resource.edit", id=record["name"], resource_id=one["resource_id"]) + anchor
    if _find("dataset_fields", one["field"]) is None or one["field"] == "url":
        return toolkit.h.url_for("dataset_resource.new", id=record["name"])
    return toolkit.h.url_for("dataset.edit", id=record["name"]) + anchor


def label(one: Mapping[str, Any]) -> str:
    """What the form calls the field of a finding."""
    field = _find("resource_fields" if one["resource_id"] else "dataset_fields", one["field"])
    return toolkit.h.scheming_language_text(field["label"]) if field and "label" in field else one["field"]


def _find(part: str, name: str) -> Mapping[str, Any] | None:
    schema = toolkit.h.scheming_get_dataset_schema(store.TYPE)
    return next((field for field in schema[part] if field["field_name"] == name), None)
