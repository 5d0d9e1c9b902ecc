"""Mails about runs that need a person: to those who answer for the organisation of the source, and to the office."""

from __future__ import annotations

import logging
import smtplib

import ckan.model as model
import sqlalchemy as sa
from ckan.lib import mailer
from ckan.plugins import toolkit
from flask_babel import force_locale

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import tables
from ckanext.mainz.governance.people import OFFICE
from ckanext.mainz.harvest.report import Outcome, Report

log = logging.getLogger(__name__)
_ = toolkit._
NOT_DELIVERED = (mailer.MailerException, smtplib.SMTPException, OSError, ValueError)
MOST_NAMED = 20
STOPPED = N_("The harvest of {source} waits for you")
FAILED = N_("The harvest of {source} has failed")
SOME_FAILED = N_("The harvest of {source} could not take all records")


def tell(source_id: str, title: str, report: Report) -> int:
    """Sends mails about a run that was stopped, has failed, or could not take records; says how many were sent."""
    if not is_trouble(report) or not toolkit.config.get("smtp.server"):
        return 0
    sent = 0
    with force_locale(str(toolkit.config.get("ckan.locale_default") or "de")):
        subject, body = subject_of(title, report), body_of(title, report)
        for user in _responsible(source_id):
            try:
                mailer.mail_user(user, subject, body)
                sent += 1
            except NOT_DELIVERED as error:
                log.warning(
                    "The mail about the harvest of %s to the account %s was not sent: %s", title, user.id, error
                )
    return sent


def is_trouble(report: Report) -> bool:
    """Whether somebody has to look at a run."""
    return bool(report.stopped or report.failed or report.counts[Outcome.FAILED])


def subject_of(title: str, report: Report) -> str:
    template = STOPPED if report.stopped else FAILED if report.failed else SOME_FAILED
    return _(template).format(source=title)


def body_of(title: str, report: Report) -> str:
    """What happened, with the figures and the first records that failed."""
    lines = [subject_of(title, report), ""]
    lines += [one.sentence(_) for one in (report.stopped, report.failed, *report.problems) if one]
    lines += ["", ", ".join(f"{name}: {number}" for name, number in report.figures().items()), ""]
    failed = [one for one in report.entries if one.outcome is Outcome.FAILED]
    for one in failed[:MOST_NAMED]:
        lines.append(f"- {one.title or one.guid}: {'; '.join(reason.sentence(_) for reason in one.reasons)}")
    if len(failed) > MOST_NAMED:
        lines.append("- " + _("and {number} more").format(number=len(failed) - MOST_NAMED))
    return "\n".join(lines)


def _responsible(source_id: str) -> list[model.User]:
    """Datenverantwortliche of the organisation of a source, and people of the office, with an address."""
    package = model.Session.get(model.Package, source_id)
    member, role = model.member_table.c, tables.portal_role.c
    leads = sa.select(member.table_id).where(
        member.group_id == (package.owner_org if package is not None else ""),
        member.table_name == "user",
        member.capacity == "admin",
        member.state == model.State.ACTIVE,
    )
    office = sa.select(role.user_id).where(role.role == OFFICE)
    asked = sa.select(model.User).where(
        model.User.id.in_(leads.union(office)), model.User.state == model.State.ACTIVE, model.User.email != ""
    )
    return list(model.Session.scalars(asked))
