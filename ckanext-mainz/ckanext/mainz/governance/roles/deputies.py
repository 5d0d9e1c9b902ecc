"""Deputies stand in for all that their person may: where that grows, the deputyship is looked at again.

The person themselves and the Geschäftsstelle answer for whatever the person may. Datenverantwortliche who have named a
deputy for one of their people answer for their own organisations only: when the person is given a capacity somewhere
else, that deputyship ends, with its row in the decision log. Whoever answers for the rest may name the deputy anew.
"""

from __future__ import annotations

from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy import event

from ckanext.mainz.governance import people, tables
from ckanext.mainz.governance.people import DEPUTY
from ckanext.mainz.governance.roles import roles

GIVEN = "mainz_capacities_given"


def listen() -> None:
    """Looks at each capacity that is given, whoever writes it. May be called again."""
    for target in (model.Session, model.meta.create_local_session):
        for name, listener in (("before_flush", _before_flush), ("after_flush_postexec", _after_flush)):
            if not event.contains(target, name, listener):
                event.listen(target, name, listener)


def _before_flush(session: Any, _flush_context: Any, _instances: Any) -> None:
    given = {
        (one.table_id, one.group_id)
        for one in {*session.new, *session.dirty}
        if isinstance(one, model.Member) and one.table_name == "user" and one.state != model.State.DELETED
    }
    if given:
        session.info[GIVEN] = session.info.get(GIVEN, set()) | given


def _after_flush(session: Any, _flush_context: Any) -> None:
    for user_id, place in session.info.pop(GIVEN, ()):
        _look_again(session, str(user_id), str(place))


def _look_again(session: Any, user_id: str, place: str) -> None:
    """Ends the deputyships for a person whose givers do not answer for an organisation."""
    table = tables.portal_role.c
    named = sa.select(table.id, table.granted_by).where(table.role == DEPUTY, table.for_user == user_id)
    for id, giver_id in session.execute(named).all():
        giver = people.person(giver_id).in_own_right
        role = None if giver_id == user_id or giver.office or giver.leads(place) else roles.find(id)
        if role is not None:
            roles.remove(role, people.NOBODY, "role_revoke")
