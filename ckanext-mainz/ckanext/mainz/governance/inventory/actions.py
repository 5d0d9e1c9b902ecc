"""What programs ask of the inventory."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from ckan.plugins import toolkit
from werkzeug.datastructures import FileStorage

from ckanext.mainz.foundation import config
from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import actions, auth, people
from ckanext.mainz.governance.inventory import entries, lists
from ckanext.mainz.governance.inventory.entries import Entry
from ckanext.mainz.governance.people import Person

_ = toolkit._
Dict = dict[str, Any]
EDITORS = N_("Only people with the role editor in an organisation, and the Geschäftsstelle, keep the inventory.")


def get_actions() -> dict[str, Any]:
    return {
        "mainz_inventory_create": mainz_inventory_create,
        "mainz_inventory_update": mainz_inventory_update,
        "mainz_inventory_show": mainz_inventory_show,
        "mainz_inventory_list": mainz_inventory_list,
        "mainz_inventory_import": mainz_inventory_import,
        "mainz_inventory_export": mainz_inventory_export,
    }


def get_auth_functions() -> dict[str, Any]:
    return {
        "mainz_inventory_create": keeps_some,
        "mainz_inventory_import": keeps_some,
        "mainz_inventory_list": keeps_some,
        "mainz_inventory_export": keeps_some,
        "mainz_inventory_update": keeps_this,
        "mainz_inventory_show": keeps_this,
    }


@toolkit.auth_sysadmins_check
def keeps_some(context: Any, _data: Mapping[str, Any]) -> Dict:
    """Whoever edits for some organisation, and the Geschäftsstelle."""
    person = people.acting(context)
    allowed = person.office or any(person.edits(one) for one in people.organizations())
    return {"success": True} if allowed else {"success": False, "msg": _(EDITORS)}


@toolkit.auth_sysadmins_check
def keeps_this(context: Any, data: Mapping[str, Any]) -> Dict:
    """Who edits for the organisation of an entry, and the Geschäftsstelle."""
    person, entry = people.acting(context), entries.show(str(data.get("id") or ""))
    allowed = entry is not None and (person.office or person.edits(entry.organization))
    return {"success": True} if allowed else {"success": False, "msg": auth.nothing_there()}


def of_person(person: Person) -> list[Entry]:
    """The entries that a person keeps: all for the Geschäftsstelle."""
    if person.office:
        return entries.every()
    return entries.every([one for one in people.organizations() if person.edits(one)])


def told(entry: Entry) -> Dict:
    """An entry as actions answer."""
    owner = people.organizations().get(entry.organization)
    return {
        **asdict(entry),
        "organization": owner.name if owner else "",
        "visibility": entry.level,
        "review": entry.review.isoformat() if entry.review else None,
        "shares": [dict(one) for one in entry.shares],
    }


def mainz_inventory_create(context: Any, data: Dict) -> Dict:
    """A new entry: `title`, `description`, `organization`, `system`, `place`, `keeper`, `reason`, `note`, `review`,
    `visibility` (``verwaltung`` if left out, at most ``partner``), `shares`, `key`."""
    toolkit.check_access("mainz_inventory_create", context, data)
    return told(entries.create(context, entries.checked(people.acting(context), data)))


def mainz_inventory_update(context: Any, data: Dict) -> Dict:
    """Changes an entry (`id`); what is left out stays."""
    entry = _entry(context, "mainz_inventory_update", data)
    given = {**told(entry), **{name: value for name, value in data.items() if name != "id"}}
    entries.update(context, entry.id, entries.checked(people.acting(context), given))
    return told(entries.show(entry.id) or entry)


def mainz_inventory_show(context: Any, data: Dict) -> Dict:
    """An entry (`id` or name of its record) with all that the inventory knows of it."""
    return told(_entry(context, "mainz_inventory_show", data))


def _entry(context: Any, action: str, data: Mapping[str, Any]) -> Entry:
    standing = actions.about(context, action, data.get("id"))
    found = entries.show(standing.id)
    if found is None:
        raise toolkit.ObjectNotFound(auth.nothing_there())
    return found


def mainz_inventory_list(context: Any, data: Dict) -> list[Dict]:
    """The entries that whoever asks keeps. `organization`: of one alone; `due`: those to be looked at by now."""
    toolkit.check_access("mainz_inventory_list", context, data)
    found = of_person(people.acting(context))
    if data.get("organization"):
        owner = entries.find_organization(str(data["organization"]))
        found = [one for one in found if owner is not None and one.organization == owner.id]
    if toolkit.asbool(data.get("due") or False):
        found = [one for one in found if one.review and one.review <= people.today()]
    return [told(one) for one in found]


def mainz_inventory_import(context: Any, data: Dict) -> Dict:
    """Takes a list in: `upload` (a file) or `content` (its bytes in base64). `dry`: only says what it would do; true
    unless it is given as false. Gives numbers of `new`, `changed`, `same` and `wrong` rows, and `errors` by row."""
    toolkit.check_access("mainz_inventory_import", context, data)
    person = people.acting(context)
    with NamedTemporaryFile(prefix="mainz-inventory-") as file:
        file.write(_content(data))
        file.flush()
        report = lists.read(person, Path(file.name))
    if not toolkit.asbool(data.get("dry", True)):
        report = lists.write(context, report)
    return report.as_dict


def _content(data: Mapping[str, Any]) -> bytes:
    upload = data.get("upload")
    most = config.max_file_bytes()
    if isinstance(upload, FileStorage):
        found = upload.stream.read(most + 1)
    else:
        try:
            found = base64.b64decode(str(data.get("content") or ""), validate=True)
        except (binascii.Error, ValueError) as error:
            raise toolkit.ValidationError({"content": [_("The content is no base64.")]}) from error
    if not found or len(found) > most:
        raise toolkit.ValidationError({"upload": [_("Choose a file with content, as CSV or XLSX.")]})
    return found


@toolkit.side_effect_free
def mainz_inventory_export(context: Any, data: Dict) -> Dict:
    """The entries that whoever asks keeps, as a file: `format` ``csv`` or ``xlsx``. Gives ``{"name", "content"}``, the
    content in base64."""
    toolkit.check_access("mainz_inventory_export", context, data)
    rows = lists.table_of(of_person(people.acting(context)))
    form = "xlsx" if str(data.get("format") or "").lower() == "xlsx" else "csv"
    content = lists.as_xlsx(rows) if form == "xlsx" else lists.as_csv(rows)
    return {"name": f"inventar.{form}", "content": base64.b64encode(content).decode()}


for _read_only in (mainz_inventory_show, mainz_inventory_list):
    toolkit.side_effect_free(_read_only)
