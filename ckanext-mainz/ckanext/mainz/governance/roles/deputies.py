"""Deputies stand in for all that their person may: where that grows, the deputyship is looked at again.

The person themselves and the Geschäftsstelle answer for whatever the person may. Datenverantwortliche who have named a
deputy for one of their people answer for their own organisations only: when the person is given a capacity somewhere
else, or an organisation is sealed or goes from under theirs, that deputyship ends, with its row in the decision log.
Whoever answers for the rest may name the deputy anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm.attributes import get_history

from ckanext.mainz.governance import people, tables
from ckanext.mainz.governance.people import DEPUTY, Person
from ckanext.mainz.governance.roles import granting, roles
from ckanext.mainz.governance.roles.roles import Role

GIVEN = "mainz_capacities_given"


def listen() -> None:
    """Looks at each capacity that is given, whoever writes it. May be called again."""
    for target in (model.Session, model.meta.create_local_session):
        for name, listener in (("before_flush", _before_flush), ("after_flush_postexec", _after_flush)):
            if not event.contains(target, name, listener):
                event.listen(target, name, listener)


@contextmanager
def in_reach() -> Iterator[None]:
    """Within this block organisations change: a deputyship ends where its giver no longer answers for all of it."""
    before = [role for role, giver in _given_by_others() if granting.answers_for(giver, role.for_user)]
    yield
    model.Session.flush()
    people.forget()
    after = {role.id for role, giver in _given_by_others() if granting.answers_for(giver, role.for_user)}
    for role in before:
        if role.id not in after:
            roles.remove(role, people.NOBODY, "role_revoke")


def _given_by_others() -> Iterator[tuple[Role, Person]]:
    """The deputyships that somebody else than the person has given, each with the giver."""
    table = tables.portal_role.c
    named = sa.select(table.id, table.granted_by).where(table.role == DEPUTY, table.granted_by != table.for_user)
    for id, giver_id in model.Session.execute(named).all():
        role = roles.find(id)
        if role is not None:
            yield role, people.person(giver_id).in_own_right


def _before_flush(session: Any, _flush_context: Any, _instances: Any) -> None:
    given = {(one.table_id, one.group_id) for one in {*session.new, *session.dirty} if _is_given(session, one)}
    if given:
        session.info[GIVEN] = session.info.get(GIVEN, set()) | given


def _is_given(session: Any, entity: Any) -> bool:
    """Whether somebody gets a capacity: CKAN writes those anew, too, that they have already."""
    if not isinstance(entity, model.Member) or entity.table_name != "user" or entity.state == model.State.DELETED:
        return False
    return entity in session.new or any(get_history(entity, name).has_changes() for name in ("state", "capacity"))


def _after_flush(session: Any, _flush_context: Any) -> None:
    for user_id, place in session.info.pop(GIVEN, ()):
        _look_again(str(user_id), str(place))


def _look_again(user_id: str, place: str) -> None:
    """Ends the deputyships for a person whose givers do not answer for an organisation."""
    for role, giver in list(_given_by_others()):
        if role.for_user == user_id and not giver.office and not giver.leads(place):
            roles.remove(role, people.NOBODY, "role_revoke")
