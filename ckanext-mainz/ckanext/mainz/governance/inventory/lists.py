"""Lists as offices keep them: read as entries with a report by row, written as CSV or XLSX."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from ckan.plugins import toolkit
from openpyxl import Workbook

from ckanext.mainz import tabular
from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import people
from ckanext.mainz.governance.inventory import entries
from ckanext.mainz.governance.inventory.entries import Entry
from ckanext.mainz.metadata import vocabulary

_ = toolkit._
Dict = dict[str, Any]

COLUMNS = {
    "key": N_("Key"),
    "title": N_("Title"),
    "description": N_("Description"),
    "organization": N_("Organisation"),
    "system": N_("System"),
    "place": N_("Place"),
    "keeper": N_("Keeper"),
    "reason": N_("Reason"),
    "note": N_("Note"),
    "review": N_("Review"),
    "visibility": N_("Visibility"),
}
#: Names by which lists call these columns, without signs and in small letters.
NAMES = {
    "key": "schlüssel nr nummer lfdnr id kennung key number",
    "title": "titel bezeichnung name datensatz daten title",
    "description": "beschreibung inhalt erläuterung description content",
    "organization": "amt organisation stelle dienststelle fachamt organization organisation department",
    "system": "system fachverfahren verfahren software anwendung application",
    "place": "ablageort ort ablage speicherort place location",
    "keeper": "ansprechstelle ansprechpartner kontakt pflege zuständig keeper contact",
    "reason": "grund hinderungsgrund warumnichtoffen reason",
    "note": "bemerkung anmerkung hinweis note remark",
    "review": "wiedervorlage prüfen nächsteprüfung termin review",
    "visibility": "sichtbarkeit stufe visibility level",
}
ERROR = N_("Error")
NO_COLUMN = N_("The list has no column “{column}”. It needs at least: {needed}.")
TWICE = N_("Row {row} says the same data already.")
MOST_ROWS = 5000
TOO_MANY = N_("The list has more than {most} rows. Divide it.")
#: What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"


@dataclass(frozen=True)
class Row:
    """A row of a list. `number` is that of the file, as a person counts; `outcome` one of `NEW` … `WRONG`."""

    number: int
    cells: Mapping[str, str]
    outcome: str
    entry: Entry | None = None
    errors: Mapping[str, Sequence[str]] | None = None

    @property
    def words(self) -> list[str]:
        """What is wrong, with the column."""
        return [
            f"{_(COLUMNS.get(name, name))}: {text}" for name, texts in (self.errors or {}).items() for text in texts
        ]


@dataclass(frozen=True)
class Report:
    """What a list would do, or did."""

    rows: tuple[Row, ...]
    columns: Mapping[str, str]
    """Which column of the list is which field (field → name in the list)."""

    def count(self, outcome: str) -> int:
        return sum(one.outcome == outcome for one in self.rows)

    @property
    def as_dict(self) -> Dict:
        """The form in which the action answers."""
        numbers = {name: self.count(name) for name in (NEW, CHANGED, SAME, WRONG)}
        wrong = [{"row": one.number, "errors": dict(one.errors or {})} for one in self.rows if one.outcome == WRONG]
        return {"columns": dict(self.columns), **numbers, "errors": wrong}


def read(person: people.Person, path: Path) -> Report:
    """Reads a list and says of each row what it would do; writes nothing.

    Raises `toolkit.ValidationError` at ``upload`` for what is no such list.
    """
    try:
        table = tabular.read(path)
    except tabular.NotATable as error:
        raise toolkit.ValidationError({"upload": [_(error.message)]}) from error
    columns = {name: place for name in COLUMNS for place in [_place(table.columns, name)] if place is not None}
    needed = ("title", "description", "organization")
    missing = [name for name in needed if name not in columns]
    if missing:
        words = _(NO_COLUMN).format(column=_(COLUMNS[missing[0]]), needed=", ".join(_(COLUMNS[one]) for one in needed))
        raise toolkit.ValidationError({"upload": [words]})
    rows = []
    for row in table.body():
        if len(rows) >= MOST_ROWS:
            raise toolkit.ValidationError({"upload": [_(TOO_MANY).format(most=MOST_ROWS)]})
        cells = {name: str(row.cells[at]).strip() if at < len(row.cells) else "" for name, at in columns.items()}
        rows.append((row.line, cells))
    return Report(tuple(_judged(person, rows)), {name: table.columns[at].name for name, at in columns.items()})


def _place(columns: Sequence[tabular.Column], name: str) -> int | None:
    known = NAMES[name].split()
    plain = [re.sub(r"[^a-zäöüß]", "", one.name.casefold()) for one in columns]
    return next((plain.index(one) for one in known if one in plain), None)


def _judged(person: people.Person, rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterable[Row]:
    present = {one.identity: one for one in entries.every()}
    seen: dict[tuple[str, str], int] = {}
    for number, cells in rows:
        if not any(cells.values()):
            continue
        try:
            entry = entries.checked(person, cells)
        except toolkit.ValidationError as error:
            yield Row(number, cells, WRONG, errors=error.error_dict)
            continue
        if entry.identity in seen:
            yield Row(number, cells, WRONG, errors={"title": [_(TWICE).format(row=seen[entry.identity])]})
            continue
        seen[entry.identity] = number
        yield Row(number, cells, *_against(entry, present.get(entry.identity)))


def _against(entry: Entry, before: Entry | None) -> tuple[str, Entry]:
    if before is None:
        return NEW, entry
    known = replace(entry, id=before.id, name=before.name, shares=before.shares)
    return (SAME if known == before else CHANGED), known


def write(context: Any, report: Report) -> Report:
    """Does what a report says; a row that CKAN refuses is reported as wrong and keeps no other from being written."""
    done = []
    for row in report.rows:
        done.append(_written(context, row) if row.entry is not None and row.outcome in (NEW, CHANGED) else row)
    return replace(report, rows=tuple(done))


def _written(context: Any, row: Row) -> Row:
    entry = row.entry
    if entry is None:
        return row
    try:
        if row.outcome == NEW:
            entries.create(context, entry)
        else:
            entries.update(context, entry.id, entry)
    except toolkit.ValidationError as error:
        return replace(row, outcome=WRONG, errors=error.error_dict)
    except toolkit.NotAuthorized:
        return replace(row, outcome=WRONG, errors={"organization": [_(entries.NOT_YOURS)]})
    return row


# --- out -------------------------------------------------------------------------------------------------------------


def table_of(found: Iterable[Entry]) -> list[list[str]]:
    """Entries as a list that can be imported again, with its header."""
    titles = {one.id: one.name for one in people.organizations().values()}
    return [[_(one) for one in COLUMNS.values()], *(_cells(one, titles) for one in found)]


def _cells(entry: Entry, names: Mapping[str, str]) -> list[str]:
    reason = vocabulary.find("reasons", entry.reason)
    level = vocabulary.find("levels", entry.level)
    cells = {
        **{name: str(getattr(entry, name, "")) for name in COLUMNS},
        "organization": names.get(entry.organization, ""),
        "reason": reason.de if reason else "",
        "visibility": level.de if level else "",
        "review": _german(entry.review),
    }
    return [cells[name] for name in COLUMNS]


def _german(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def faulty(report: Report) -> list[list[str]]:
    """The rows that could not be taken, as a list with what is wrong in a column of its own, to be put right."""
    names = [name for name in COLUMNS if name in report.columns]
    header = [*(report.columns[name] for name in names), _(ERROR)]
    wrong = [one for one in report.rows if one.outcome == WRONG]
    return [header, *([*(one.cells.get(name, "") for name in names), " ".join(one.words)] for one in wrong)]


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as German spreadsheets open them: semicolons, UTF-8 with its mark; formulas stay text."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows([_harmless(one) for one in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def as_xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as a workbook; all cells are text, formulas too."""
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = "Inventar"
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row, start=1):
            written = sheet.cell(number, place)
            written.value = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", cell)
            written.data_type = "s"
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
