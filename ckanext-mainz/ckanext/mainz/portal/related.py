"""How records hang together: a dataset and its series, a service and its datasets, both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckan.common import current_user
from ckan.lib.search.common import SearchError, SolrConnectionError
from ckan.plugins import toolkit

from ckanext.mainz.metadata.indexing import LINKS
from ckanext.mainz.portal.links import links
from ckanext.mainz.portal.listing import quoted, search
from ckanext.mainz.portal.presentation import Row, Value, address, in_language

_ = toolkit._
MOST = 500


def rows(record: Mapping[str, Any], fields: Iterable[Mapping[str, Any]], language: str) -> list[Row]:
    """The records that a record names, by their titles, and the services that give out a dataset."""
    named = [
        Row(in_language(field["label"], language), tuple((value,) for value in targets(record[field["field_name"]])))
        for field in fields
        if field["field_name"] in LINKS and record.get(field["field_name"])
    ]
    if record["type"] == "dataset":
        named.append(Row(_("Services"), tuple((one,) for one in services(record["id"]))))
    return [row for row in named if row.values]


def targets(ids: Iterable[str]) -> list[Value]:
    """Linked records: those of ours that this reader may see by their titles, those of others by their addresses."""
    return [value for id in ids if (value := target(id))]


def target(id: str) -> Value | None:
    """One linked record; None where this reader may not see it."""
    if address(id):
        return Value(id, id)
    try:
        found = toolkit.get_action("package_show")(_context(), {"id": id})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return None
    return as_link(found) if found["state"] == "active" else None


def members(series_id: str) -> list[Value] | None:
    """The datasets of a series that this reader may see, by title; None while the search does not answer."""
    return found_by(f"+dataset_type:dataset +vocab_in_series:{quoted(series_id)}")


def services(dataset_id: str) -> list[Value]:
    """The services that give out a dataset, as far as this reader may see them; the page stands without them."""
    return found_by(f"+dataset_type:data_service +vocab_serves_dataset:{quoted(dataset_id)}") or []


def found_by(condition: str) -> list[Value] | None:
    """Links to all records of a condition; None while the search does not answer."""
    question = {
        "fq": condition,
        "rows": MOST,
        "sort": "title_string asc",
        "include_private": True,
        "facet": "false",
        "fl": "id,name,title,dataset_type",
    }
    try:
        return [as_link(one) for one in search(question)["results"]]
    except (SearchError, SolrConnectionError):
        return None


def as_link(record: Mapping[str, Any]) -> Value:
    return Value(
        record.get("title") or record["name"],
        links().record(record.get("type") or record["dataset_type"], record["name"]),
    )


def _context() -> Any:
    return {"user": current_user.name, "auth_user_obj": current_user}
