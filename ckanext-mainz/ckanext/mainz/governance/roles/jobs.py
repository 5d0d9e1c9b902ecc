"""What ends by itself, every night: roles and deputies whose day has passed, invitations that nobody took up."""

from __future__ import annotations

import logging

import ckan.model as model

from ckanext.mainz.governance import people
from ckanext.mainz.governance.roles import accounts, invitations, roles
from ckanext.mainz.governance.roles.members import PORTAL, whole

log = logging.getLogger(__name__)


def expire() -> None:
    """Ends what is over, each in a transaction of its own with its row of the log.

    None of it counted any more since its end; this only tidies up.
    """
    ended = roles.ended()
    for role in ended:
        with whole(PORTAL):
            accounts.end_role(role, people.NOBODY, "role_end")
            model.repo.commit()
    waited = [*(one.user_id for one in invitations.ended()), *invitations.unlisted()]
    for user_id in waited:
        _withdraw(user_id)
    with whole(PORTAL):
        invitations.forget(invitations.taken_up())
        accounts.drop_tokens(accounts.of_deleted())
        model.repo.commit()
    log.info("%d roles and %d invitations have ended.", len(ended), len(waited))


def _withdraw(user_id: str) -> None:
    user = model.Session.get(model.User, user_id)
    if user is not None and user.state == model.State.PENDING:
        with whole(PORTAL):
            accounts.close(user, people.NOBODY, "invitation_end")
            model.repo.commit()
