"""Who changes memberships, told to the database, whose triggers log them (``sql/decision_log.sql``).

A request knows who is logged in. A command, a job or a test knows only the context of the action that it calls, so the
actions that end in memberships are chained to keep it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.common import current_user
from ckan.plugins import toolkit
from flask import has_request_context
from sqlalchemy import event
from sqlalchemy.orm.attributes import get_history

from ckanext.mainz.governance import people
from ckanext.mainz.governance.people import Person

CHANGED = "mainz_memberships_changed"
CHAINED = (
    "member_create",
    "member_delete",
    "organization_create",
    "organization_update",
    "organization_delete",
    "organization_purge",
    "group_create",
    "group_update",
    "group_delete",
    "group_purge",
    "user_create",
    "user_delete",
    "user_update",
    "api_token_create",
    "api_token_revoke",
)
"""The lowest actions that all others end in: adding somebody to an organisation in ``member_create``, a patch in an
update, an invitation in both."""

OF_ACCOUNTS = ("state", "sysadmin", "name", "fullname", "email", "_password")
"""What is logged of accounts where somebody else changes it. Most writes only say when somebody was last here."""

TELL = sa.text("SELECT set_config('mainz.actor', :actor, true), set_config('mainz.role', :role, true)")

_on_behalf: ContextVar[str] = ContextVar("mainz_on_behalf", default="")


def get_actions() -> dict[str, Any]:
    return dict.fromkeys(CHAINED, _kept)


@toolkit.chained_action
def _kept(original: Any, context: Any, data: dict[str, Any]) -> Any:
    """Keeps on whose behalf it runs for the decision log."""
    with on_behalf(context):
        return original(context, data)


@contextmanager
def on_behalf(context: Mapping[str, Any]) -> Iterator[None]:
    """What changes inside is the doing of the context's user. Of actions within one another the outermost tells."""
    user = _on_behalf.get() or str(context.get("user") or "")
    token = _on_behalf.set(user)
    try:
        yield
    finally:
        _on_behalf.reset(token)


def listen() -> None:
    """Sees to it that the database knows who writes before it logs. May be called again."""
    for target in (model.Session, model.meta.create_local_session):
        for name, listener in (
            ("before_flush", _before_flush),
            ("after_flush_postexec", _after_flush),
            ("after_soft_rollback", _after_rollback),
        ):
            if not event.contains(target, name, listener):
                event.listen(target, name, listener)


def role_in(person: Person, organizations: Collection[str]) -> str:
    """In which role somebody acts who does something to these organisations, or to accounts where there are none."""
    roles = {person.role_at(one) for one in organizations or ("",)}
    return roles.pop() if len(roles) == 1 else people.SYSADMIN if person.sysadmin else people.MEMBER


def _before_flush(session: Any, _flush_context: Any, _instances: Any) -> None:
    written = {*session.new, *session.dirty, *session.deleted}
    members = [one for one in written if isinstance(one, model.Member) and one.table_name == "user"]
    if not members and not any(_decides_on_user(one) for one in written):
        return
    session.info[CHANGED] = True
    person = people.person(_writer())
    role = role_in(person, {str(one.group_id) for one in members})
    if not members and person.sysadmin and role != people.PORTAL:
        role = people.SYSADMIN  # whatever they are besides, accounts are the operator's
    actor = "" if role == people.PORTAL else person.id
    session.connection().execute(TELL, {"actor": actor, "role": role})


def behind(context: Mapping[str, Any]) -> Person:
    """Who acts in the end: of actions within one another, whoever called the outermost."""
    return people.person(_on_behalf.get()) if _on_behalf.get() else people.acting(context)


def _decides_on_user(entity: Any) -> bool:
    """Whether something of an account changes that is logged."""
    if not isinstance(entity, model.User):
        return False
    return any(get_history(entity, name).has_changes() for name in OF_ACCOUNTS)


def _after_flush(session: Any, _flush_context: Any) -> None:
    if session.info.pop(CHANGED, False):
        people.forget()


def _after_rollback(_session: Any, _previous: Any) -> None:
    people.forget()


def _writer() -> str:
    kept = _on_behalf.get()
    if kept or not has_request_context():
        return kept
    return str(current_user.name) if current_user.is_authenticated else ""
