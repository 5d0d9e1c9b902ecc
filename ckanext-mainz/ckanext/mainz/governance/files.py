"""Files that are stricter than their record.

What is stored in the index holds only the files that are as open as the record, so that a surface that is forgotten
shows too little. `package_show` adds the stricter ones, from the database, for those who may read them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.mainz.governance import people, readers, record
from ckanext.mainz.governance.record import Standing

Dict = dict[str, Any]
#: Lists of the index document with one entry for each file, by the field that they come from.
INDEX_LISTS = {"name": "res_name", "description": "res_description", "format": "res_format", "url": "res_url"}
STORED = ("data_dict", "validated_data_dict")
# Plain text: SQLAlchemy compiles statements with CKAN's column of extras anew each time.
STRICTER = sa.text(
    "SELECT id FROM resource WHERE package_id = :package_id AND state = 'active' AND extras LIKE '%\"visibility\"%'"
)


def without_stricter(document: Dict) -> Dict:
    """An index document with only the files that are as open as their record."""
    if document.get("dataset_type", document.get("type")) not in record.TYPES:
        return document
    validated = json.loads(document["validated_data_dict"])
    standing = record.of_record(validated)
    stricter = {one["id"] for one in validated.get("resources", ()) if readers.is_stricter_file(one, standing)}
    if not stricter:
        return document
    positions = [at for at, one in enumerate(validated["resources"]) if one["id"] in stricter]
    for name in [one for one in document if one.startswith("res_") and isinstance(document[one], list)]:
        document[name] = [one for at, one in enumerate(document[name]) if at not in positions]
    for name in STORED:
        document[name] = json.dumps(_without(json.loads(document[name]), stricter))
    if "num_resources" in document:
        document["num_resources"] = len(validated["resources"]) - len(stricter)
    return document


def _without(stored: Dict, ids: set[str]) -> Dict:
    kept = [one for one in stored.get("resources", ()) if one["id"] not in ids]
    return {**stored, "resources": kept, "num_resources": len(kept)}


def shown(context: Mapping[str, Any], package: Dict) -> None:
    """Makes the files of a record what the reader may see: called after CKAN has read it, from index or database.

    The portal itself (``ignore_auth``) sees all, as whatever it writes back must be whole. What was read from the
    database (``use_cache`` is false) is whole.
    """
    if package.get("type") not in record.TYPES or "resources" not in package:
        return
    whole = bool(context.get("ignore_auth"))
    person = people.NOBODY if whole else people.acting(context)
    if context.get("use_cache", True) and (whole or person.id):
        _complete(package)
    if whole:
        return
    standing = record.of_record(package)
    kept = [one for one in package["resources"] if reads_file(person, standing, one)]
    if len(kept) != len(package["resources"]):
        package["resources"] = kept
        package["num_resources"] = len(kept)


def reads_file(person: people.Person, standing: Standing, resource: Mapping[str, Any]) -> bool:
    """Whether a person who reads a record reads this file of it, too."""
    if not readers.is_stricter_file(resource, standing):
        return True
    return readers.reads(person, standing, readers.file_level(resource, standing))


def _complete(package: Dict) -> None:
    """Puts the files back that the index does not hold."""
    present = {one["id"] for one in package["resources"]}
    if _stricter_ids(package["id"]) <= present:
        return
    own: Any = {"ignore_auth": True, "use_cache": False, "user": ""}
    package["resources"] = toolkit.get_action("package_show")(own, {"id": package["id"]})["resources"]
    package["num_resources"] = len(package["resources"])


def _stricter_ids(package_id: str) -> set[str]:
    """Ids of the files with a level of their own."""
    return set(model.Session.scalars(STRICTER, {"package_id": package_id}))


def may_read(context: Mapping[str, Any], resource_id: str) -> bool:
    """Whether whoever acts reads a file, given that they read its record."""
    resource = model.Resource.get(resource_id)
    package = model.Package.get(resource.package_id) if resource is not None and resource.package_id else None
    if resource is None or package is None or package.type not in record.TYPES:
        return True
    if resource.state != model.State.ACTIVE:  # CKAN finds it still, and the DataStore has its table
        return False
    return reads_file(people.acting(context), record.of(package), resource.extras or {})
