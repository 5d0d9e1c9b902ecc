"""The people of the data governance in tests: organisations of each kind, a person in each role, and what they do."""

from __future__ import annotations

import secrets
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit
from ckan.tests import factories

from ckanext.mainz.governance import logbook, tables
from ckanext.mainz.governance.check import questions

LICENSE = "dl-de-by-2.0"
GOOD = {
    "title": "Baumkataster",
    "notes": "Alle Bäume der Stadt.",
    "license_id": LICENSE,
    "theme": ["http://publications.europa.eu/resource/authority/data-theme/ENVI"],
    "contact": [{"name": "Grünamt", "email": "gruen@stadt.example"}],
}


def organization(kind: str = "amt", parent: str = "", sealed: bool = False, **fields: Any) -> str:
    """A new organisation; its id."""
    name = fields.pop("name", f"org-{secrets.token_hex(4)}")
    given = {"name": name, "title": name, "organization_kind": kind, "sealed": sealed, **fields}
    if parent:
        given["groups"] = [{"name": _name(parent)}]
    return act("", "organization_create", given)["id"]


def _name(id: str) -> str:
    found = model.Group.get(id)
    assert found is not None
    return found.name


def person(**capacities: str) -> str:
    """A new account; its name. `editor="<organisation id>"` and the like give capacities."""
    user = factories.User()
    for capacity, place in capacities.items():
        act("", "organization_member_create", {"id": place, "username": user["name"], "role": capacity})
    return user["name"]


def office() -> str:
    """A new account of the Geschäftsstelle; its name."""
    name = person()
    grant(name, "office")
    return name


def grant(user: str, role: str, **more: Any) -> None:
    """A portal role, as the database has it."""
    found = model.User.get(user)
    assert found is not None
    row = {"id": secrets.token_hex(8), "user_id": found.id, "role": role, "organization_id": "", "for_user": "",
           "granted_by": "", "granted": logbook.now(), **more}  # fmt: skip
    model.Session.execute(tables.portal_role.insert().values(row))
    model.Session.commit()


def act(user: str, action: str, data: dict[str, Any] | None = None, **context: Any) -> Any:
    """What a person does through the Action API; as the portal itself where no name is given."""
    if not user:
        site = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        return toolkit.get_action(action)({"ignore_auth": True, "user": site, **context}, data or {})
    account = model.User.get(user)
    own: Any = {"user": user, "auth_user_obj": account, "model": model, "session": model.Session, **context}
    return toolkit.get_action(action)(own, data or {})


def anybody(action: str, data: dict[str, Any] | None = None) -> Any:
    """The same of somebody who is not logged in."""
    own: Any = {"user": "", "auth_user_obj": None, "model": model, "session": model.Session}
    return toolkit.get_action(action)(own, data or {})


def draft(editor: str, owner: str, **fields: Any) -> dict[str, Any]:
    """A draft that an editor has entered."""
    given = {**GOOD, "name": f"daten-{secrets.token_hex(4)}", "owner_org": owner, **fields}
    return act(editor, "package_create", given)


def released(editor: str, owner: str, level: str = "oeffentlich", **fields: Any) -> dict[str, Any]:
    """A record that was handed in by an editor and released by the Geschäftsstelle."""
    made = draft(editor, owner, visibility=level, **fields)
    act(editor, "mainz_record_submit", {"id": made["id"], "check": CHECK})
    return act(office(), "mainz_record_release", {"id": made["id"], "reason": "vollstaendig"})


CHECK: dict[str, str] = {one.code: one.answers[0].code for one in questions.all_questions()}
"""Answers that allow everything."""
