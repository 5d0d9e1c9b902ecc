"""A list taken into the inventory: first what each of its rows would do, then that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import levels
from ckanext.mainz.governance.inventory import entries, offices, reading, words
from ckanext.mainz.governance.inventory.entries import Ambiguous, Entry, Known
from ckanext.mainz.governance.inventory.lists import Line, Sheet
from ckanext.mainz.governance.inventory.offices import Directory
from ckanext.mainz.governance.people import Person

_ = toolkit._
Dict = dict[str, Any]

NEW, CHANGED, SAME, DATASET, WRONG = "new", "changed", "same", "dataset", "wrong"
OUTCOMES = (NEW, CHANGED, SAME, DATASET, WRONG)
"""What becomes of a row; `DATASET`: the entry became a dataset since, which a list does not change."""
TOGETHER = 50
"""So many new entries are written in one transaction. A commit costs the search a round, and the caller its time."""

TWICE = N_("Row {row} says the same data already. Leave one of the two out, or give each a key of its own.")
WHICH = N_("There are several entries with this title. Give the key of the one that is meant.")
AT = N_("Column “{column}”: {message}")
IN_ROW = N_("Row {row}: {message}")


@dataclass(frozen=True)
class Row:
    """A row of a list and what becomes of it. `errors`: messages by field; `changes`: fields that change."""

    line: Line
    outcome: str
    entry: Entry | None = None
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    changes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.line.given.get("title", "")


@dataclass(frozen=True)
class Report:
    """What a list would do, or did."""

    sheet: Sheet
    rows: tuple[Row, ...]

    def of(self, *outcomes: str) -> list[Row]:
        return [one for one in self.rows if one.outcome in outcomes]

    def count(self, outcome: str) -> int:
        return len(self.of(outcome))

    def messages(self, row: Row) -> list[str]:
        """What is wrong with a row, each with the name that the list gives the column."""
        names = {**{name: _(label) for name, label in words.FIELDS.items()}, **self.sheet.names}
        found = [(names.get(name, name), text) for name, texts in row.errors.items() for text in texts]
        return [_(AT).format(column=column, message=message) for column, message in found]

    @property
    def as_dict(self) -> Dict:
        """The form in which the action answers."""
        return {
            "sheet": self.sheet.name,
            "columns": self.sheet.names,
            "ignored": self.sheet.ignored,
            "left_out": [{"row": number, "text": text} for number, text in self.sheet.left_out],
            **{outcome: self.count(outcome) for outcome in OUTCOMES},
            "errors": [self._error(row) for row in self.of(WRONG)],
        }

    def _error(self, row: Row) -> Dict:
        number = row.line.number
        told = [_(IN_ROW).format(row=number, message=message) for message in self.messages(row)]
        return {"row": number, "title": row.title, "errors": dict(row.errors), "messages": told}


# --- what a list would do --------------------------------------------------------------------------------------------


def judge(person: Person, sheet: Sheet, default: str = "") -> Report:
    """Says of each row what it would do; writes nothing. `default`: the organisation of rows that name none."""
    directory = offices.read()
    drafts = [_draft(person, line, directory, default) for line in sheet.lines]
    known = _known(one.entry for one in drafts)
    return Report(sheet, tuple(_judged(drafts, known)))


def _draft(person: Person, line: Line, directory: Directory, default: str) -> Row:
    """A row by itself: an entry, or what is wrong with it. Where a list says nothing of the content, the title does."""
    given = dict(line.given)
    given["organization"] = given.get("organization") or default
    given.setdefault("description", given.get("title", ""))
    try:
        return Row(line, NEW, reading.checked(person, given, directory))
    except toolkit.ValidationError as error:
        return Row(line, WRONG, errors=reading.by_field(error.error_dict))


def _known(found: Iterable[Entry | None]) -> Known:
    """What is there already in the organisations of some entries."""
    return Known(entries.every({one.organization for one in found if one is not None}, states=None))


def _judged(drafts: Iterable[Row], known: Known) -> Iterator[Row]:
    within = Known(())
    numbers: dict[int, int] = {}
    for row in drafts:
        if row.entry is None:
            yield row
            continue
        earlier = _found(within, row.entry)
        if earlier is not None:
            field = "key" if row.entry.key and earlier.key else "title"
            yield replace(row, outcome=WRONG, entry=None, errors={field: [_(TWICE).format(row=numbers[id(earlier)])]})
            continue
        numbers[id(row.entry)] = row.line.number
        within.add(row.entry)
        yield against(row, known)


def _found(known: Known, entry: Entry) -> Entry | None:
    """An earlier row that says the same; rows with the same title and keys of their own are different data."""
    if not entry.key:
        return next(iter(known.by_title.get((entry.organization, entries.plain(entry.title)), ())), None)
    return known.find(entry)


def against(row: Row, known: Known) -> Row:
    """What a right row does to what is there."""
    if row.entry is None:
        return row
    try:
        before = known.find(row.entry)
    except Ambiguous:
        return replace(row, outcome=WRONG, entry=None, errors={"title": [_(WHICH)]})
    if before is None:
        return replace(row, outcome=NEW)
    if before.state != levels.INVENTAR:
        return replace(row, outcome=DATASET, entry=before)
    wanted = _onto(before, row.entry, row.line.given)
    changes = tuple(name for name, attribute in ATTRIBUTES.items() if _differ(wanted, before, attribute))
    return replace(row, outcome=CHANGED if changes else SAME, entry=wanted, changes=changes)


#: Fields as lists have them → attributes of an entry.
ATTRIBUTES = {name: "level" if name == "visibility" else name for name in words.FIELDS}


def _onto(before: Entry, entry: Entry, given: Mapping[str, str]) -> Entry:
    """What is there, with what the list says: a column that it does not have changes nothing."""
    said = {attribute: getattr(entry, attribute) for name, attribute in ATTRIBUTES.items() if name in given}
    return replace(before, **{**said, "key": entry.key or before.key})


def _differ(one: Entry, other: Entry, attribute: str) -> bool:
    return getattr(one, attribute) != getattr(other, attribute)


# --- doing it --------------------------------------------------------------------------------------------------------


def write(context: Any, report: Report) -> Report:
    """Does what a report says. A row that is refused all the same is reported as wrong and keeps no other back."""
    rows = iter(report.rows)
    done: list[Row] = []
    while part := list(islice(rows, TOGETHER)):
        done.extend(_together(context, part))
    return replace(report, rows=tuple(done))


def _together(context: Any, part: Sequence[Row]) -> list[Row]:
    """Some rows in one transaction, or, if one of them is refused, each by itself.

    What is there is looked up once more, where nobody else can add to it: somebody may have sent the same list.
    """
    try:
        entries.one_at_a_time()
        known = _known(row.entry for row in part)
        done = [_create(context, row, known) for row in part]
        model.Session.commit()
    except toolkit.ValidationError:
        model.Session.rollback()
        done = [_alone(context, row) for row in part]
    return [_change(context, row) for row in done]


def _alone(context: Any, row: Row) -> Row:
    try:
        entries.one_at_a_time()
        done = _create(context, row, _known([row.entry]))
        model.Session.commit()
    except toolkit.ValidationError as error:
        return _refused(row, error.error_dict)
    return done


def _create(context: Any, row: Row, known: Known) -> Row:
    """Writes a new entry in the present transaction."""
    if row.outcome not in (NEW, CHANGED):
        return row
    now = against(row, known)
    if now.outcome != NEW or now.entry is None:
        return now
    return replace(now, entry=entries.create(context, now.entry, defer_commit=True))


def _change(context: Any, row: Row) -> Row:
    if row.outcome != CHANGED or row.entry is None:
        return row
    try:
        entries.update(context, row.entry)
    except toolkit.ValidationError as error:
        return _refused(row, error.error_dict)
    return row


def _refused(row: Row, errors: Mapping[str, Any]) -> Row:
    model.Session.rollback()
    return replace(row, outcome=WRONG, errors=reading.by_field(errors))
