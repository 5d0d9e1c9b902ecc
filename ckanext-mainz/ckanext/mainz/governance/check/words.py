"""The sentences about findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.governance.check import findings
from ckanext.mainz.governance.check.findings import FileFinding, Unread

Gettext = Callable[[str], str]

KINDS: Mapping[str, Message] = {
    findings.NAME: N_("looks like names of people"),
    findings.BIRTHDAY: N_("looks like birthdays"),
    findings.EMAIL: N_("looks like e-mail addresses of people"),
    findings.PHONE: N_("looks like telephone numbers of people"),
    findings.ACCOUNT: N_("looks like account numbers"),
    findings.TAX_ID: N_("looks like tax identification numbers"),
    findings.INSURANCE: N_("looks like numbers of social insurance"),
    findings.PERSON_ID: N_("looks like numbers by which single people are known"),
    findings.PLATE: N_("looks like number plates"),
    findings.ADDRESS: N_("looks like home addresses"),
    findings.FREE_TEXT: N_("holds text in which single people seem to be named"),
    findings.COORDINATES: N_("looks like places of single people"),
    findings.SMALL_CELLS: N_("holds very small counts of people"),
}
COLUMN = N_("File “{file}”, column “{column}”: {what}.")
SHEET = N_("File “{file}”, sheet “{sheet}”, column “{column}”: {what}.")
BESIDE = N_("File “{file}”, text above or below the table: {what}.")
ROW, ROWS = N_("Row {rows}"), N_("Rows {rows}")
SEEN = N_("{count} cells, for example in rows {rows}")
SAMPLES = N_("for example: {samples}")
UNREAD: Mapping[str, Message] = {
    "no_table": N_("“{file}” is no table that the portal can read."),
    "format": N_("“{file}” has a format that the portal does not look into."),
    "missing": N_("“{file}” cannot be opened. Upload it again."),
}
WAITING = N_("“{file}” is still being looked at. Wait a few minutes and hand in again.")


def question(one: FileFinding, gettext: Gettext) -> str:
    """What was found where, in a sentence."""
    found = one.finding
    template = (SHEET if found.sheet else COLUMN) if found.column else BESIDE
    what = gettext(KINDS[found.kind])
    return gettext(template).format(file=one.file, sheet=found.sheet, column=found.column, what=what)


def where(one: FileFinding, gettext: Gettext) -> str:
    """In which rows it is, and what it looks like there, masked."""
    found = one.finding
    rows = ", ".join(str(row) for row in found.rows)
    template = SEEN if found.count > len(found.rows) else ROWS if len(found.rows) > 1 else ROW
    parts = [gettext(template).format(count=found.count, rows=rows)] if rows else []
    if found.samples:
        parts.append(gettext(SAMPLES).format(samples="; ".join(found.samples)))
    return ", ".join(parts)


def unread(one: Unread, gettext: Gettext) -> str:
    """Which file nobody but a person can look into."""
    return gettext(UNREAD[one.reason]).format(file=one.file)
