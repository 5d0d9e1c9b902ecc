"""What somebody may not read answers like what does not exist: with the same status and the same words.

CKAN tells the two apart (403 and 404), so that names and ids can be tried out. Each action that names a record, a file
or a view of a file is asked here first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.governance import proposals, record
from ckanext.mainz.governance.auth import nothing_there
from ckanext.mainz.governance.closing import reading

Dict = dict[str, Any]


@dataclass(frozen=True)
class Named:
    """What an action names: a record, or a file with its record; neither where it does not exist."""

    package: model.Package | None = None
    resource: model.Resource | None = None


Find = Callable[[Mapping[str, Any]], Named | None]


def _given(value: Any) -> str:
    return value if isinstance(value, str) and value and "\x00" not in value else ""


def _package(id: Any) -> Named | None:
    return Named(model.Package.get(_given(id))) if _given(id) else None


def _resource(id: Any) -> Named | None:
    if not _given(id):
        return None
    resource = model.Resource.get(id)
    if resource is None:
        return Named(_proposed(id))
    return Named(model.Package.get(str(resource.package_id)), resource)


def named_record(id: str) -> Named:
    """The record with an id or name."""
    return _package(id) or Named()


def named_file(id: str) -> Named:
    """The file with an id, also one that is only proposed."""
    return _resource(id) or Named()


def _proposed(id: str) -> model.Package | None:
    """A file that is only proposed belongs to the record that it is proposed for."""
    found = proposals.record_of_proposed_file(id)
    return model.Package.get(found) if found else None


def _view(data: Mapping[str, Any]) -> Named | None:
    view = model.ResourceView.get(_given(data.get("id"))) if _given(data.get("id")) else None
    if view is None:
        return Named() if _given(data.get("id")) else None
    return _resource(view.resource_id)


def _matched(data: Mapping[str, Any]) -> Named | None:
    match = data.get("match") if isinstance(data.get("match"), dict) else {}
    named = (data.get("match__id"), match.get("id"), data.get("match__name"), match.get("name"))  # pyright: ignore
    return _package(next((one for one in named if one), None))


def _new_file(data: Mapping[str, Any]) -> Named | None:
    """``datastore_create`` makes a file where it is given a record instead of a file."""
    made = data.get("resource")
    if isinstance(made, dict) and made.get("package_id"):
        return _package(made["package_id"])
    return TABLE(data)


def _inside(outer: str, name: str) -> Find:
    """What an action names within a dictionary, as the record whose views are to be made."""

    def find(data: Mapping[str, Any]) -> Named | None:
        given = data.get(outer)
        return _package(given.get(name)) if isinstance(given, dict) else None

    return find


def _owner(data: Mapping[str, Any]) -> Named | None:
    """The owner of CKAN's files: a record, a file of one, or what is no matter of ours."""
    kinds: Mapping[Any, Callable[[Any], Named | None]] = {"package": _package, "resource": _resource}
    kind = data.get("owner_type")
    return kinds[kind](data.get("owner_id")) if isinstance(kind, str) and kind in kinds else None


BY_ID: Find = lambda data: _package(data.get("id"))  # noqa: E731
BY_NAME: Find = lambda data: _package(data.get("id") or data.get("name"))  # noqa: E731
BY_PACKAGE: Find = lambda data: _package(data.get("package_id"))  # noqa: E731
FILE_BY_ID: Find = lambda data: _resource(data.get("id"))  # noqa: E731
FILE: Find = lambda data: _resource(data.get("resource_id") or data.get("id"))  # noqa: E731
TABLE: Find = lambda data: _resource(data.get("id") or data.get("resource_id"))  # noqa: E731
"""The DataStore renames ``id`` to ``resource_id`` before it looks at either: where both are sent, ``id`` counts."""

FINDS: dict[str, Find] = {
    **dict.fromkeys(
        [
            "package_show",
            "package_patch",
            "package_delete",
            "package_resource_reorder",
            "package_owner_org_update",
            "package_relationships_list",
            "dataset_follower_count",
            "dataset_follower_list",
            "am_following_dataset",
            "follow_dataset",
            "unfollow_dataset",
            "dcat_dataset_show",
            "mainz_quality_show",
            "package_collaborator_list",
            "package_collaborator_create",
            "package_collaborator_delete",
            "dataset_purge",
        ],
        BY_ID,
    ),
    "package_update": BY_NAME,
    "package_revise": _matched,
    "resource_create": BY_PACKAGE,
    **dict.fromkeys(
        [
            "resource_show",
            "resource_update",
            "resource_patch",
            "resource_delete",
            "resource_view_list",
            "resource_view_reorder",
            "mainz_dictionary_show",
            "mainz_dictionary_propose",
            "mainz_dictionary_update",
        ],
        FILE_BY_ID,
    ),
    "datastore_create": _new_file,
    "package_create_default_resource_views": _inside("package", "id"),
    "resource_create_default_resource_views": _inside("resource", "package_id"),
    "file_owner_scan": _owner,
    "package_relationship_delete": lambda data: _package(data.get("subject")),
    "resource_view_create": FILE,
    **dict.fromkeys(
        [
            "datastore_search",
            "datastore_info",
            "datastore_upsert",
            "datastore_delete",
            "datastore_records_delete",
        ],
        TABLE,
    ),
    **dict.fromkeys(["resource_view_show", "resource_view_update", "resource_view_delete"], _view),
}
"""How to find what an action names, by the action."""
BY_OTHER_NAMES = frozenset(name for name in FINDS if name.startswith("datastore_"))
"""Actions that also take names which are no ids of files (aliases of tables)."""


def closed(actions: Mapping[str, Any]) -> Dict:
    """Chained actions for all that names a record, around those that this room has under the same name."""
    found = {name: _closed(name, find, actions.get(name)) for name, find in FINDS.items()}
    both = "package_relationship_delete"
    return {**found, both: _closed(both, lambda data: _package(data.get("object")), found[both])}


def _closed(name: str, find: Find, inner: Any) -> Any:
    @toolkit.chained_action
    def action(original: Any, context: Any, data: Dict) -> Any:
        go_on = original if inner is None else lambda own, given: inner(original, own, given)
        named = None if reading.is_portal(context) else find(data)
        if named is None:
            return go_on(context, data)
        if named.package is None:
            return _unknown(name, go_on, context, data)
        if not may_know(context, named):
            raise toolkit.ObjectNotFound(nothing_there())
        return go_on(context, data)

    return action


def may_know(context: Any, named: Named) -> bool:
    """Whether whoever acts may know of what is named; what does not exist is left to CKAN."""
    if named.package is None:
        return True
    if named.resource is None or named.package.type not in record.TYPES:
        return reading.knows(context, named.package)
    return reading.knows_file(context, named.resource, named.package)


def _unknown(name: str, go_on: Any, context: Any, data: Dict) -> Any:
    if name in BY_OTHER_NAMES:
        try:
            return go_on(context, data)
        except (toolkit.NotAuthorized, toolkit.ObjectNotFound) as error:
            raise toolkit.ObjectNotFound(nothing_there()) from error
    raise toolkit.ObjectNotFound(nothing_there())
