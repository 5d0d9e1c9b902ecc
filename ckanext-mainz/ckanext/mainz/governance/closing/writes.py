"""Side doors to what is released: tables of the DataStore, views, links and members that no decision would see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import levels, people, record, transitions, writing
from ckanext.mainz.governance.closing import absent, reading

_ = toolkit._
Dict = dict[str, Any]

RELEASED_TABLE = N_(
    "The table of a released file is not changed by itself. Upload the new file with resource_update or"
    " resource_patch: it is proposed for release, and its table follows."
)
TABLE_OF_FILE = N_(
    "Tables are made of uploaded files, which the release check looks at. Upload the table as a file (resource_create,"
    " resource_update or resource_patch)."
)
WITHOUT_RECORDS = N_(
    "Records are not put into groups or organisations from here. Change the record itself, with package_patch."
)
WAITING_TABLE = N_("This record is {state}. Its tables are not changed now.")
RELEASED_VIEW = N_("Views of a released file are changed by those who decide about its record.")
NO_LINKS = N_("Records are linked by their own fields (series, services), not by package relationships.")
ONLY_PEOPLE = N_("Only people become members here. A record belongs to the organisation that it was entered for.")
NOT_PURGED = N_("A released record is not purged. Withdraw it before.")
OTHERS = N_("This account writes for one organisation only, and this is another.")
NOT_BY_SERVICE = N_("This account of an interface writes drafts. Organisations and their people are managed by people.")
OF_PEOPLE = (
    "organization_update", "organization_delete", "organization_member_create", "organization_member_delete",
    "member_create", "member_delete", "user_invite",
)  # fmt: skip
FIXED = frozenset({levels.FREIGEGEBEN, levels.ARCHIVIERT, levels.EINGEREICHT})
"""States in which what a record shows changes only by a decision."""


def get_actions() -> Dict:
    tables = ("datastore_create", "datastore_upsert", "datastore_delete", "datastore_records_delete")
    views = ("resource_view_create", "resource_view_update", "resource_view_delete", "resource_view_reorder")
    return {
        **{name: _guarded(name, _refuse_table) for name in tables},
        **{name: _guarded(name, _refuse_view) for name in views},
        **dict.fromkeys(("package_relationship_create", "package_relationship_update"), no_links),
        "member_create": members_are_people,
        "member_delete": members_are_people,
        "dataset_purge": dataset_purge,
        **dict.fromkeys(
            ("group_create", "group_update", "organization_create", "organization_update"), without_records
        ),
    }


def get_auth_functions() -> Dict:
    return {"package_create": package_create, "package_update": package_update, **dict.fromkeys(OF_PEOPLE, by_people)}


@toolkit.chained_auth_function
def package_create(original: Any, context: Any, data: Any) -> Any:
    """A service account writes for its one organisation, also where it is a member of others."""
    person, owner = people.acting(context), (data or {}).get("owner_org")
    group = model.Group.get(owner) if isinstance(owner, str) and owner and "\x00" not in owner else None
    if person.service and group is not None and group.id != person.service:
        return {"success": False, "msg": _(OTHERS)}
    return original(context, data)


@toolkit.chained_auth_function
def package_update(original: Any, context: Any, data: Any) -> Any:
    """The same of what is there already."""
    person, package = people.acting(context), context.get("package") or writing.stored((data or {}).get("id"))
    if person.service and package is not None and package.owner_org != person.service:
        return {"success": False, "msg": _(OTHERS)}
    return original(context, data)


@toolkit.chained_auth_function
def by_people(original: Any, context: Any, data: Any) -> Any:
    """A service account manages neither organisations nor their people."""
    if people.acting(context).service:
        return {"success": False, "msg": _(NOT_BY_SERVICE)}
    return original(context, data)


def _guarded(name: str, refuse: Callable[[Any, absent.Named], None]) -> Any:
    find = absent.FINDS[name]

    @toolkit.chained_action
    def action(original: Any, context: Any, data: Dict) -> Any:
        named = None if reading.is_portal(context) else find(data)
        if named is not None and named.package is not None and named.package.type in record.TYPES:
            toolkit.check_access(_asked(name, data), context, {"id": _id(named)})
            refuse(context, named)
        return original(context, data)

    return action


def _asked(name: str, data: Mapping[str, Any]) -> str:
    made = data.get("resource")
    new = name == "datastore_create" and isinstance(made, dict) and made.get("package_id")
    return "package_update" if new else "resource_update"


def _id(named: absent.Named) -> str:
    return named.resource.id if named.resource is not None else named.package.id  # pyright: ignore


def _refuse_table(_context: Any, named: absent.Named) -> None:
    """What is looked at before a release is the file: a table that says something else would pass unseen."""
    standing = record.of(named.package)  # pyright: ignore[reportArgumentType] - asked before
    if standing.state in FIXED - {levels.FREIGEGEBEN}:
        writing.refuse({"resource_id": [_(WAITING_TABLE).format(state=standing.state)]})
    writing.refuse({"resource_id": [_(RELEASED_TABLE if standing.state == levels.FREIGEGEBEN else TABLE_OF_FILE)]})


def _refuse_view(context: Any, named: absent.Named) -> None:
    standing = record.of(named.package)  # pyright: ignore[reportArgumentType] - asked before
    if standing.state in FIXED and not transitions.decides(people.acting(context), standing, standing.level):
        writing.refuse({"resource_id": [_(RELEASED_VIEW)]})


@toolkit.chained_action
def no_links(_original: Any, _context: Any, _data: Mapping[str, Any]) -> Any:
    """A record with such a link cannot be indexed by CKAN 2.12 at all."""
    writing.refuse({"type": [_(NO_LINKS)]})


@toolkit.chained_action
def members_are_people(original: Any, context: Any, data: Dict) -> Any:
    """CKAN would tell whether a record exists. Which organisations stand above another is asked in `roles.chains`."""
    if data.get("object_type") not in (None, "user", "group") and not reading.is_portal(context):
        toolkit.check_access("member_create", context, data)
        writing.refuse({"object_type": [_(ONLY_PEOPLE)]})
    return original(context, data)


@toolkit.chained_action
def without_records(original: Any, context: Any, data: Dict) -> Any:
    """A group is written without its records: they stay as they are, since theirs is the decision about a change."""
    if reading.is_portal(context):
        return original(context, data)
    packages = data.get("packages")
    if packages and _named_in(packages) != _members_of(data.get("id")):
        writing.refuse({"packages": [_(WITHOUT_RECORDS)]})
    # Where none are named, CKAN would take all out, unless it is told that not everything is sent.
    rest = {name: value for name, value in data.items() if name != "packages"}
    return original({**context, "allow_partial_update": True}, rest)


def _named_in(packages: Any) -> frozenset[str]:
    given = [one.get("id") or one.get("name") for one in packages if isinstance(one, dict)]
    found = (model.Package.get(one) for one in given if isinstance(one, str) and "\x00" not in one)
    return frozenset(one.id for one in found if one is not None)


def _members_of(group: Any) -> frozenset[str]:
    found = model.Group.get(group) if isinstance(group, str) and group and "\x00" not in group else None
    if found is None:
        return frozenset()
    mine = model.Session.query(model.Member.table_id).filter_by(group_id=found.id, table_name="package", state="active")
    return frozenset(one.table_id for one in mine)


@toolkit.chained_action
def dataset_purge(original: Any, context: Any, data: Dict) -> Any:
    """What is released goes by a decision that is logged."""
    package = writing.stored(data.get("id"))
    if package is not None and not reading.is_portal(context):
        toolkit.check_access("dataset_purge", context, {"id": package.id})
        if package.state == model.State.ACTIVE and record.of(package).released:
            writing.refuse({"id": [_(NOT_PURGED)]})
    return original(context, data)
