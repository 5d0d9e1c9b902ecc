"""The two steps in which a list is taken in: the file waits on the server between them, bound to who sent it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from ckan.common import current_user
from ckan.plugins import toolkit
from werkzeug.datastructures import FileStorage

from ckanext.mainz.foundation import config, file_staging
from ckanext.mainz.foundation.file_staging import Staged
from ckanext.mainz.governance import people
from ckanext.mainz.governance.inventory import actions, form, importing, lists, words
from ckanext.mainz.governance.inventory.importing import CHANGED, DATASET, NEW, SAME, WRONG, Report, Row
from ckanext.mainz.governance.inventory.words import Choice
from ckanext.mainz.governance.people import Person

_ = toolkit._
MOST_SHOWN = 200
"""So many rows of a kind are shown; the rest is in the file."""


@dataclass(frozen=True)
class Waiting:
    """A list that waits for its second step, and the organisation (id) of rows that name none."""

    staged: Staged
    organization: str

    def address(self, endpoint: str, **more: str) -> str:
        """The address of a page about this list."""
        query = {"file": self.staged.ticket, **({"organization": self.organization} if self.organization else {})}
        return f"{toolkit.h.url_for(endpoint, **more)}?{urlencode(query)}"


@dataclass(frozen=True)
class UploadPage:
    """What step 1 shows."""

    organizations: tuple[Choice, ...]
    errors: tuple[str, ...]
    limit: int
    most_rows: int


@dataclass(frozen=True)
class Told:
    """A row in the preview: its number in the file, its title, and what there is to say of it."""

    number: int
    title: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What step 2 shows. `fields`: what each known column was taken for (its name in the list, the field)."""

    waiting: Waiting
    counts: tuple[tuple[str, str, int], ...]
    fields: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...]
    left_out: tuple[tuple[int, str], ...]
    sheet: str
    titled: bool
    organization: str
    wrong: tuple[Told, ...]
    changed: tuple[Told, ...]
    more_wrong: int
    more_changed: int
    to_do: int

    def number(self, outcome: str) -> int:
        return next(count for name, _label, count in self.counts if name == outcome)


def upload_page(person: Person, chosen: str, errors: Mapping[str, Any]) -> UploadPage:
    """Step 1. Who keeps one inventory alone need not name it in each row."""
    offered = form.kept(person, chosen)
    only = [Choice(one.value, one.label, chosen=True) for one in offered] if len(offered) == 1 else None
    none = Choice("", _("None: the list names it in each row"), chosen=not chosen)
    return UploadPage(
        organizations=tuple(only or [none, *offered]),
        errors=tuple(message for found in errors.values() for message in found),
        limit=config.max_file_bytes(),
        most_rows=lists.MOST_ROWS,
    )


def stage(chosen: FileStorage | None, organization: str) -> Waiting:
    """Keeps a list for its second step. Raises `toolkit.ValidationError` at ``upload`` for what is none."""
    if chosen is None or not chosen.filename:
        raise lists.refused(_(actions.NO_FILE))
    with actions.on_disk(actions.content_of(chosen)) as path:
        lists.read(path)
    chosen.stream.seek(0)
    return Waiting(file_staging.stage(chosen, current_user.id), organization)


def find(person: Person, ticket: str, organization: str) -> tuple[Waiting, Report] | tuple[None, None]:
    """The list of a ticket and what it would do now; nothing for a ticket that is forged, old or somebody else's."""
    staged = file_staging.find(ticket, current_user.id) if ticket else None
    if staged is None:
        return None, None
    with file_staging.open_staged(staged) as file, actions.on_disk(actions.content_of(file)) as path:
        report = importing.judge(person, lists.read(path), organization)
    return Waiting(staged, organization), report


def take(context: Any, waiting: Waiting, report: Report) -> Report:
    """Takes a list in. Its file stays as long as rows of it are to be put right."""
    done = importing.write(context, report)
    if not done.count(WRONG):
        file_staging.drop(waiting.staged)
    return done


def preview(waiting: Waiting, report: Report) -> Preview:
    """Step 2, in words."""
    wrong, changed = report.of(WRONG), report.of(CHANGED)
    owner = people.organizations().get(waiting.organization)
    return Preview(
        waiting=waiting,
        counts=tuple((name, label, report.count(name)) for name, label in _outcomes().items()),
        fields=tuple((name, _(words.FIELDS[field])) for field, name in report.sheet.names.items()),
        ignored=tuple(report.sheet.ignored),
        left_out=report.sheet.left_out,
        sheet=report.sheet.name,
        titled="description" not in report.sheet.columns,
        organization=owner.title if owner else "",
        wrong=tuple(Told(one.line.number, one.title, tuple(report.messages(one))) for one in wrong[:MOST_SHOWN]),
        changed=tuple(_changed(one) for one in changed[:MOST_SHOWN]),
        more_wrong=max(0, len(wrong) - MOST_SHOWN),
        more_changed=max(0, len(changed) - MOST_SHOWN),
        to_do=report.count(NEW) + len(changed),
    )


def _changed(row: Row) -> Told:
    return Told(row.line.number, row.title, tuple(_(words.FIELDS[name]) for name in row.changes))


def _outcomes() -> dict[str, str]:
    return {
        NEW: _("New entries"),
        CHANGED: _("Entries that change"),
        SAME: _("Unchanged"),
        DATASET: _("Became a dataset already, not touched"),
        WRONG: _("Faulty rows"),
    }


def outcome(done: Report) -> str:
    """What taking a list in did, in a sentence or two."""
    sentence = _("The list was taken in. New: {new}, changed: {changed}, unchanged: {same}.").format(
        new=done.count(NEW), changed=done.count(CHANGED), same=done.count(SAME) + done.count(DATASET)
    )
    wrong = done.count(WRONG)
    if not wrong:
        return sentence
    return f"{sentence} " + toolkit.ungettext(
        "{number} row is faulty and was not taken.", "{number} rows are faulty and were not taken.", wrong
    ).format(number=wrong)
