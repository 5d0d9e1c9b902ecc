"""Tables of the room, as the migration of ``mainz_governance`` makes them.

What readers of a record see stands in the record itself (``visibility``, ``lifecycle``, ``shared_with``); what only
those who decide see stands here, so that no page, index or export of a record can hold it.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()


def _time(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


#: One row for each governed record. `check`: answers of the last hand-in (question code → answer code) and to findings;
#: `asked_by`: who handed it in; `first_public`: when everybody first saw it; `standing`: what a standing release covers
#: (see `standing_release.covered`), empty where there is none; `returned`: why it, or the dataset that is made of it,
#: was sent back, until it is handed in again (``{"reason", "note", "at"}``); `source`: the harvest source that brings
#: it, if one does.
record = sa.Table(
    "mainz_record",
    metadata,
    sa.Column("package_id", sa.Text, primary_key=True),
    sa.Column("check", JSONB, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    _time("asked", nullable=True),
    sa.Column("released_by", sa.Text, nullable=False),
    _time("released", nullable=True),
    _time("first_public", nullable=True),
    sa.Column("standing", JSONB),
    sa.Column("returned", JSONB),
    sa.Column("source", sa.Text, nullable=False),
)

#: Who has created, changed or handed in a record since its last release.
contribution = sa.Table(
    "mainz_contribution",
    metadata,
    sa.Column("package_id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, primary_key=True),
    _time("at", nullable=False),
)

#: A change of a released record that waits for a decision. `changes`: see `differences.Changes`; `state`: ``offen``,
#: ``begonnen`` (a dataset from the inventory that is not handed in), ``angenommen``, ``zurueckgegeben``, ``ersetzt``
#: (by a later one of the same person, `replaced_by`), ``verworfen`` (its entry of the inventory was deleted); `level`:
#: the level that is asked for, empty where it stays; `kind`: ``change``, ``promote`` (from the inventory), ``level``.
proposal = sa.Table(
    "mainz_proposal",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("package_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    _time("created", nullable=False),
    sa.Column("changes", JSONB, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("check", JSONB, nullable=False),
    sa.Column("replaced_by", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    _time("decided", nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)

#: What was released and when, for the history of a record. `content`: the fields and files of that state as open as
#: its level; `level`: that level; `role`: in which role somebody released it.
release = sa.Table(
    "mainz_release",
    metadata,
    sa.Column("package_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    _time("at", nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("content", JSONB, nullable=False),
)

#: What the public learns of a record that was public and is no longer: its addresses, the day, where to go instead.
tombstone = sa.Table(
    "mainz_tombstone",
    metadata,
    sa.Column("package_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("withdrawn", sa.Date, nullable=False),
    sa.Column("successor", sa.Text, nullable=False),
)

#: Roles beside CKAN's capacities: ``office``, ``deputy`` (for `for_user`), ``service`` (for `organization_id`).
portal_role = sa.Table(
    "mainz_portal_role",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("organization_id", sa.Text, nullable=False),
    sa.Column("for_user", sa.Text, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("granted_by", sa.Text, nullable=False),
    _time("granted", nullable=False),
)

#: Accounts that are invited and not yet taken up, with the end of the invitation.
invitation = sa.Table(
    "mainz_invitation",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("organization_id", sa.Text, nullable=False),
    sa.Column("capacity", sa.Text, nullable=False),
    _time("until", nullable=False),
    sa.Column("invited_by", sa.Text, nullable=False),
)

#: What the inventory knows of a record beside its title, description and organisation. `reason`: code of ``reasons``,
#: why it is not published; `review`: when that is looked at again; `shares`: who holds which part
#: (``[{"organization", "share", "role"}]``); `key`: the row of an imported list that it came from.
inventory = sa.Table(
    "mainz_inventory",
    metadata,
    sa.Column("package_id", sa.Text, primary_key=True),
    sa.Column("system", sa.Text, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("keeper", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("review", sa.Date),
    sa.Column("shares", JSONB, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
)

#: When somebody last got a mail of what is to do, what it said (a digest), and whether they want none.
mail = sa.Table(
    "mainz_mail",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    _time("sent", nullable=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("unsubscribed", sa.Boolean, nullable=False),
    sa.Column("token", sa.Text, nullable=False),
)

#: The decision log (`decisions`). It is no migration's but a superuser's (``sql/decision_log.sql``): the portal's role
#: may read and add rows, and leaves `id` and `at` to the database. `actor` and `subject` are empty where the portal
#: itself acted, where it is about nobody, and where the user was deleted since.
decision = sa.Table(
    "decision",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True),
    _time("at", nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("actor", sa.Text),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("record_id", sa.Text, nullable=False),
    sa.Column("organization_id", sa.Text, nullable=False),
    sa.Column("subject", sa.Text),
    sa.Column("before", JSONB, nullable=False),
    sa.Column("after", JSONB, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    schema="mainz_log",
)
