"""The organisations that the portal brings along: those of the pilot, and the partner cities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from ckan.plugins import toolkit

from ckanext.mainz.governance import levels
from ckanext.mainz.governance.roles import organizations

FILE = Path(__file__).with_name("pilot.yaml")
CITY = "Landeshauptstadt Mainz"
INVENTED = ".example"
"""How the mailboxes of example organisations end (RFC 2606)."""


@dataclass(frozen=True)
class Loaded:
    """Names of organisations that were created, and of examples that now are real."""

    created: tuple[str, ...] = ()
    adopted: tuple[str, ...] = ()
    there: tuple[str, ...] = ()


@cache
def entries() -> tuple[Mapping[str, Any], ...]:
    """What stands in ``pilot.yaml``, parents before their children."""
    return tuple(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def load(partners: bool = False) -> Loaded:
    """Creates what is missing; with `partners` the partner cities too. What is there stays as it is.

    Organisations that the example catalogue brought become real ones: they lose the mark and the invented mailbox.
    """
    found: dict[str, list[str]] = {"created": [], "adopted": [], "there": []}
    for entry in entries():
        if partners or entry["kind"] != levels.KOMMUNE:
            found[_load(entry)].append(entry["name"])
    return Loaded(**{name: tuple(names) for name, names in found.items()})


def _load(entry: Mapping[str, Any]) -> str:
    stored: Any = organizations.stored(entry["name"])
    if stored is None:
        _act("organization_create", record(entry))
        return "created"
    extras = stored.extras or {}
    if not toolkit.asbool(extras.get("is_example") or False):
        return "there"
    mailbox = str(extras.get("contact_email") or "")
    kept = "" if mailbox.endswith(INVENTED) else mailbox
    _act("organization_patch", {"id": stored.id, "is_example": "false", "contact_email": kept})
    return "adopted"


def record(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What `organization_create` takes. Departments are part of the city, others stand for themselves."""
    number = f" (Amt {entry['number']})" if entry.get("number") else ""
    title = entry["title"]
    return {
        "name": entry["name"],
        "title": title,
        "description": f"{entry['description']}{number}",
        "organization_kind": entry["kind"],
        "sealed": "true" if entry.get("sealed") else "false",
        "contact_name": title,
        "attribution_text": f"{CITY}, {title}" if entry["kind"] == levels.AMT else title,
        "groups": [{"name": entry["parent"]}] if entry.get("parent") else [],
    }


def _act(action: str, data: dict[str, Any]) -> None:
    site = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    toolkit.get_action(action)({"ignore_auth": True, "user": site, "return_id_only": True}, data)
