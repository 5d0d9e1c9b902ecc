"""Interfaces: accounts of programs that write for one organisation."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.governance.people import EDITOR, SERVICE, Organization, Person
from ckanext.mainz.governance.roles import members, roles

Dict = dict[str, Any]
MAIL = "interface.invalid"
"""Where a program's mail goes: nowhere, by RFC 2606. CKAN wants an address for each account."""


def new_account(organization: Organization, title: str) -> model.User:
    """An account that nobody can log in with, since nobody knows its password, in the present transaction."""
    name = f"interface-{organization.name[:60]}-{secrets.token_hex(4)}"
    site = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    made = toolkit.get_action("user_create")(
        {"ignore_auth": True, "user": site, "defer_commit": True},
        {"name": name, "fullname": title, "email": f"{name}@{MAIL}", "password": secrets.token_urlsafe(32)},
    )
    user = model.User.get(made["id"])
    if user is None:
        raise toolkit.ObjectNotFound(made["id"])
    return user


def employ(user: model.User, organization: Organization, until: date | None, acting: Person) -> roles.Role:
    """Makes an account the interface of an organisation, in the present transaction."""
    if members.of(organization.id).get(user.id) != {EDITOR}:
        members.give(organization.id, user.id, EDITOR)
    return roles.write(roles.new(user.id, SERVICE, organization_id=organization.id, until=until), acting)


def token(user: model.User, title: str) -> str:
    """A new token of an interface, which is told this once. It commits, with what else waits in the session."""
    made = toolkit.get_action("api_token_create")(
        {"ignore_auth": True, "user": user.name}, {"user": user.name, "name": title}
    )
    return made["token"]
