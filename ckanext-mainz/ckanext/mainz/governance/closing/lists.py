"""Lists that CKAN reads from the database without asking who reads: keywords, formats, members, files, links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.mainz.governance import people, record
from ckanext.mainz.governance.auth import nothing_there
from ckanext.mainz.governance.closing import reading

_ = toolkit._
Dict = dict[str, Any]
FORMATS = 5
"""Formats that are proposed, as many as CKAN does."""
TABLES = "_table_metadata"
"""The DataStore's table of all its tables, whose names are ids of files."""


def get_actions() -> Dict:
    return {
        "tag_list": tag_list,
        "tag_search": tag_search,
        "tag_autocomplete": tag_autocomplete,
        "tag_show": tag_show,
        "format_autocomplete": format_autocomplete,
        "member_list": member_list,
        "package_list": package_list,
        "package_relationships_list": package_relationships_list,
        "resource_search": resource_search,
        "datastore_search": datastore_search,
        "datastore_info": datastore_search,
    }


def get_auth_functions() -> Dict:
    return {"package_collaborator_list": package_collaborator_list}


@toolkit.chained_auth_function
def package_collaborator_list(original: Any, context: Any, data: Any) -> Any:
    """CKAN 2.12 fails where nobody is logged in, as this is asked by its action of everybody."""
    if not model.User.get(context.get("user") or ""):
        return {"success": False, "msg": _("Log in to see who works on a record.")}
    return original(context, data)


def _keywords(context: Any, data: Mapping[str, Any]) -> list[model.Tag]:
    """Keywords of the records that whoever acts reads and that hold all the words asked for, by name."""
    asked = data.get("query") or data.get("q") or []
    words = [one.strip().lower() for one in ([asked] if isinstance(asked, str) else asked) if one.strip()]
    names = [one for one in reading.facet(context, "tags") if all(word in one.lower() for word in words)]
    table = model.Tag
    wanted = sa.select(table).where(table.name.in_(names), table.vocabulary_id.is_(None)).order_by(table.name)
    return list(model.Session.scalars(wanted))


def _part(found: list[Any], data: Mapping[str, Any]) -> list[Any]:
    first = _number(data, "offset") or 0
    most = _number(data, "limit")
    return found[first:] if most is None else found[first : first + most]


def _number(data: Mapping[str, Any], name: str) -> int | None:
    given = data.get(name)
    if given is None or given == "":
        return None
    if not str(given).isdigit():
        raise toolkit.ValidationError({name: [_("Give a whole number.")]})
    return int(given)


def _has_words(data: Mapping[str, Any]) -> bool:
    return bool(data.get("query") or data.get("q"))


@toolkit.chained_action
def tag_list(original: Any, context: Any, data: Dict) -> Any:
    """Keywords of what one reads. Those of a vocabulary are the operator's, not of records."""
    if data.get("vocabulary_id") or reading.is_portal(context):
        return original(context, data)
    toolkit.check_access("tag_list", context, data)
    found = _keywords(context, data)
    if not data.get("all_fields"):
        return [one.name for one in found]
    return [{**_dictized(one), "display_name": one.name} for one in found]


@toolkit.chained_action
def tag_search(original: Any, context: Any, data: Dict) -> Any:
    """The same, as pages."""
    if data.get("vocabulary_id") or reading.is_portal(context):
        return original(context, data)
    toolkit.check_access("tag_search", context, data)
    found = _keywords(context, data) if _has_words(data) else []
    return {"count": len(found), "results": [_dictized(one) for one in _part(found, data)]}


@toolkit.chained_action
def tag_autocomplete(original: Any, context: Any, data: Dict) -> Any:
    """The same, as names."""
    if data.get("vocabulary_id") or reading.is_portal(context):
        return original(context, data)
    toolkit.check_access("tag_autocomplete", context, data)
    return [one.name for one in _part(_keywords(context, data), data)] if _has_words(data) else []


def _dictized(tag: model.Tag) -> Dict:
    return {"id": tag.id, "name": tag.name, "vocabulary_id": tag.vocabulary_id}


@toolkit.chained_action
def tag_show(original: Any, context: Any, data: Dict) -> Any:
    """A keyword that stands only in records that one does not read does not exist."""
    shown = original(context, data)
    if shown.get("vocabulary_id") or reading.is_portal(context) or shown["name"] in reading.facet(context, "tags"):
        return shown
    raise toolkit.ObjectNotFound(_("There is no keyword “{name}”.").format(name=str(data.get("id"))[:100]))


@toolkit.chained_action
def format_autocomplete(original: Any, context: Any, data: Dict) -> Any:
    """Formats of the files that one reads, most frequent first."""
    if reading.is_portal(context):
        return original(context, data)
    toolkit.check_access("format_autocomplete", context, data)
    wanted = str(toolkit.get_or_bust(data, "q")).lower()
    limit = _number(data, "limit")
    found = [one.lower() for one in reading.facet(context, "res_format") if wanted in one.lower()]
    return list(dict.fromkeys(found))[: FORMATS if limit is None else limit]


@toolkit.chained_action
def member_list(original: Any, context: Any, data: Dict) -> Any:
    """Members of an organisation: records that one reads, and its people for those who read all that it has."""
    found = original(context, data)
    if reading.is_portal(context):
        return found
    group, person = model.Group.get(data["id"]), people.acting(context)
    if group is not None and group.is_organization and not (person.sysadmin or person.reads_own(group.id)):
        found = [one for one in found if one[1] != "user"]
    known = reading.known_among(context, [id for id, kind, _capacity in found if kind == "package"])
    return [one for one in found if one[1] != "package" or one[0] in known]


@toolkit.chained_action
def package_list(original: Any, context: Any, data: Dict) -> Any:
    """Names of public records, without the sources of the harvester."""
    if reading.is_portal(context):
        return original(context, data)
    whole = {name: value for name, value in data.items() if name not in ("limit", "offset")}
    found = list(original(context, whole))
    others = _names_of_others()
    return _part([one for one in found if one not in others], data)


def _names_of_others() -> frozenset[str]:
    table = model.package_table.c
    rows = model.Session.execute(sa.select(table.id, table.name).where(table.type.not_in(record.TYPES)))
    return frozenset(value for row in rows for value in row)


@toolkit.chained_action
def package_relationships_list(original: Any, context: Any, data: Dict) -> Any:
    """Links between records of which one reads both."""
    found = original(context, data)
    if reading.is_portal(context):
        return found
    return [one for one in found if _knows(context, one.get("subject")) and _knows(context, one.get("object"))]


def _knows(context: Any, name: Any) -> bool:
    package = model.Package.get(name) if isinstance(name, str) and name else None
    return package is not None and bool(reading.known_among(context, [package.id]))


@toolkit.chained_action
def resource_search(original: Any, context: Any, data: Dict) -> Any:
    """Files of public records, without those that are stricter than their record."""
    if reading.is_portal(context):
        return original(context, data)
    whole = {name: value for name, value in data.items() if name not in ("limit", "offset")}
    found = original(context, whole)
    shown = [one for one in found["results"] if _knows_file(context, one)]
    return {**found, "count": len(shown), "results": _part(shown, data)}


def _knows_file(context: Any, found: Mapping[str, Any]) -> bool:
    resource = model.Resource.get(found["id"])
    package = model.Package.get(str(found["package_id"]))
    return (
        resource is not None
        and package is not None
        and package.type in record.TYPES
        and reading.knows_file(context, resource, package)
    )


@toolkit.chained_action
def datastore_search(original: Any, context: Any, data: Dict) -> Any:
    """Tables of files, not the list of all tables."""
    if TABLES in (data.get("resource_id"), data.get("id")) and not reading.is_portal(context):
        raise toolkit.ObjectNotFound(nothing_there())
    return original(context, data)
