"""One mail for what is to do: bundled, at most once a day, and only when there is something new.

A mail is sent when tasks have come since the last one, or when the same ones have waited for a week. It holds what the
page of that person holds, no more.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.lib import mailer
from ckan.plugins import toolkit
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from ckanext.mainz.governance import decisions, logbook, people, tables
from ckanext.mainz.governance.todo import tasks
from ckanext.mainz.governance.todo.tasks import Task

log = logging.getLogger(__name__)
_ = toolkit._

DAY, WEEK = timedelta(hours=20), timedelta(days=7)
MOST_NAMED = 10
NOT_MADE = (SQLAlchemyError, decisions.NoLogError)
"""What keeps the tasks of a person from being told: the database does not answer, or a row that was read is gone; there
is no decision log, which only those who decide need."""
NOT_DELIVERED = (mailer.MailerException, smtplib.SMTPException, OSError, ValueError)
"""No server, no delivery, and a name or address of which no header can be made."""


@dataclass(frozen=True)
class Sent:
    """What a round of mails did, in accounts."""

    sent: int = 0
    quiet: int = 0
    failed: int = 0


def send_all() -> Sent:
    """Sends everybody the mail that is due. One that cannot be made or delivered is named in the log and tried
    tomorrow, and keeps nobody else's back."""
    counted = {"sent": 0, "quiet": 0, "failed": 0}
    for user_id in _recipients():
        try:
            user = model.Session.get(model.User, user_id)
            counted["sent" if user is not None and send(user) else "quiet"] += 1
        except (*NOT_MADE, *NOT_DELIVERED) as error:
            model.Session.rollback()
            log.warning("The mail for the account %s was not sent: %s", user_id, error)
            counted["failed"] += 1
    return Sent(**counted)


def _recipients() -> list[str]:
    """Ids of active people with an address, a membership or a role."""
    user, member, role = model.user_table.c, model.member_table.c, tables.portal_role.c
    with_part = sa.union(
        sa.select(member.table_id).where(member.table_name == "user", member.state == model.State.ACTIVE),
        sa.select(role.user_id),
    )
    wanted = sa.select(user.id).where(user.state == model.State.ACTIVE, user.email != "", user.id.in_(with_part))
    return list(model.Session.execute(wanted).scalars())


def send(user: model.User) -> bool:
    """Sends one person the mail that is due; says whether one was. Raises `NOT_MADE` and `NOT_DELIVERED`."""
    row = _row(user.id)
    found = [] if row["unsubscribed"] else tasks.of(people.person(user.id))
    if not is_due(row, found, logbook.now()):
        return False
    address = off_address(row["token"])
    headers = {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    mailer.mail_user(user, subject(found), body(user, found, address), headers=headers)
    _store(user.id, sent=logbook.now(), digest=digest(found))
    model.Session.commit()
    return True


def is_due(row: dict[str, Any], found: Sequence[Task], now: datetime) -> bool:
    """Whether there is something to say that was not said yesterday."""
    if row["unsubscribed"] or not found:
        return False
    last = row["sent"]
    if last is None:
        return True
    known = set(row["digest"].split())
    new = any(_mark(one) not in known for one in found)
    return now - last > (DAY if new else WEEK)


def digest(found: Sequence[Task]) -> str:
    """Marks of the tasks that a mail held, without saying what they are."""
    return " ".join(sorted(_mark(one) for one in found))


def _mark(task: Task) -> str:
    return hashlib.sha256(task.key.encode()).hexdigest()[:12]


def subject(found: Sequence[Task]) -> str:
    number = len(found)
    return toolkit.ungettext(
        "{number} task in the open data portal", "{number} tasks in the open data portal", number
    ).format(number=number)


def body(user: model.User, found: Sequence[Task], off: str) -> str:
    """The text of a mail: tasks by kind, the first ones by title, and how to get no more mails."""
    lines = [_("Hello {name},").format(name=user.fullname or user.name), "", _("this waits for you in the portal:"), ""]
    for kind in dict.fromkeys(one.kind for one in found):
        some = [one for one in found if one.kind == kind]
        lines += [f"{some[0].heading} ({len(some)})"]
        lines += [f"  - {one.title}" + (f" ({one.words})" if one.words else "") for one in some[:MOST_NAMED]]
        if len(some) > MOST_NAMED:
            lines.append("  - " + _("and {number} more").format(number=len(some) - MOST_NAMED))
        lines.append("")
    lines += [toolkit.h.url_for("mainz_todo.todo", qualified=True), "", _("You get no more of these mails by:"), off]
    return "\n".join(lines)


def off_address(token: str) -> str:
    """The address of the page that switches mails off for whoever holds the token."""
    return toolkit.h.url_for("mainz_todo.mail_off", token=token, qualified=True)


def _row(user_id: str) -> dict[str, Any]:
    values = {"user_id": user_id, "digest": "", "unsubscribed": False, "token": secrets.token_urlsafe(24)}
    model.Session.execute(insert(tables.mail).values(values).on_conflict_do_nothing())
    table = tables.mail
    return dict(model.Session.execute(sa.select(table).where(table.c.user_id == user_id)).mappings().one())


def _store(user_id: str, **values: Any) -> None:
    _row(user_id)
    model.Session.execute(sa.update(tables.mail).where(tables.mail.c.user_id == user_id).values(**values))


def switch(user_id: str, on: bool) -> None:
    """Whether a person gets these mails."""
    _store(user_id, unsubscribed=not on)
    model.Session.commit()


def is_on(user_id: str) -> bool:
    return not _row(user_id)["unsubscribed"]


def owner_of(token: str) -> str:
    """The id of the person whom a token belongs to; empty where nobody has it."""
    table = tables.mail.c
    if not token or "\x00" in token:
        return ""
    return model.Session.execute(sa.select(table.user_id).where(table.token == token)).scalar() or ""
