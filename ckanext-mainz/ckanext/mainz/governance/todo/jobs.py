"""What the worker does by itself."""

from __future__ import annotations

import logging

from ckan.plugins import toolkit
from flask_babel import force_locale

from ckanext.mainz.governance.todo import mails

log = logging.getLogger(__name__)


def send_mails() -> None:
    """Sends the mails of the day in the portal's own language. Nothing is sent where no mail server is configured."""
    if not toolkit.config.get("smtp.server"):
        log.info("No mails are sent: smtp.server is not configured.")
        return
    with force_locale(str(toolkit.config.get("ckan.locale_default") or "de")):
        done = mails.send_all()
    log.info("Mails for what is to do: %s sent, %s not due, %s failed.", done.sent, done.quiet, done.failed)
