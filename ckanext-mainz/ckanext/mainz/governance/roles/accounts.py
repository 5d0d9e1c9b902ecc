"""The end of an account: its memberships, roles and tokens go with it, each membership and role with its row."""

from __future__ import annotations

import ckan.model as model
import sqlalchemy as sa
from ckan.model.api_token import api_token_table

from ckanext.mainz.governance import decisions
from ckanext.mainz.governance.decisions import Decision
from ckanext.mainz.governance.people import SERVICE, Person
from ckanext.mainz.governance.roles import members, roles


def close(user: model.User, acting: Person, action: str, role_action: str = "role_revoke") -> None:
    """Deletes an account in the present transaction. The link of its invitation leads nowhere any more."""
    strip(user, acting, role_action)
    decisions.write(Decision(action=action, actor=acting.id, role=acting.role_at(""), subject=user.id))
    user.state = model.State.DELETED
    model.Session.flush()


def strip(user: model.User, acting: Person, role_action: str = "role_revoke") -> None:
    """Takes all away from an account that is about to be deleted."""
    for place in sorted(members.places_of(user.id)):
        members.take(place, user.id)
    for role in roles.of_users([user.id]):
        roles.remove(role, acting, role_action)
    drop_tokens([user.id])
    user.reset_key = None  # pyright: ignore[reportAttributeAccessIssue] - the column is nullable


def end_role(role: roles.Role, acting: Person, action: str) -> None:
    """Ends a role. A service account ends with it: without the role it would be an account like any other."""
    user = model.User.get(role.user_id)
    if role.role == SERVICE and user is not None and user.state != model.State.DELETED:
        close(user, acting, "account_end", action)
    else:
        roles.remove(role, acting, action)


def drop_tokens(user_ids: list[str]) -> None:
    """Deletes the tokens of accounts."""
    model.Session.execute(sa.delete(api_token_table).where(api_token_table.c.user_id.in_(user_ids)))


def of_deleted() -> list[str]:
    """Ids of deleted accounts that still have tokens, as those that a command has deleted."""
    user, with_tokens = model.user_table.c, sa.select(api_token_table.c.user_id)
    asked = sa.select(user.id).where(user.state == model.State.DELETED, user.id.in_(with_tokens))
    return list(model.Session.scalars(asked))
