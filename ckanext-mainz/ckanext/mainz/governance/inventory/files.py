"""Lists as files: what the inventory holds, the rows that could not be taken, and an empty list to fill in."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ckan.plugins import toolkit
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ckanext.mainz.foundation import csv_lines
from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance.inventory import columns, importing, offices, reading, words
from ckanext.mainz.governance.inventory.entries import Entry
from ckanext.mainz.governance.inventory.importing import Report
from ckanext.mainz.governance.inventory.offices import Directory
from ckanext.mainz.metadata.texts import CONTROL

_ = toolkit._
Rows = list[list[str]]

CSV, XLSX = "csv", "xlsx"
MEDIA_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WIDEST = 50
SHEET, NOTES = N_("Inventory"), N_("How to fill it in")
MEANINGS = {
    "key": N_("Number or sign by which you know the row. With it an entry is known again when its title changes."),
    "title": N_("Needed. What the data is, in a few words."),
    "description": N_("What the data tells, in one or two sentences."),
    "organization": N_("Needed, unless you choose it when you send the list. Name or number, as in “Amt 12”."),
    "system": N_("In which program the data is kept."),
    "place": N_("Where it lies: a server, a drive, a cupboard."),
    "keeper": N_("Office that can be asked. No private details of people."),
    "reason": N_("Why the data is not open. One of the list."),
    "review": N_("Day on which that is looked at again, as 31.12.2026."),
    "visibility": N_("Who may know that the data exists. One of the list; administration if empty."),
    "theme": N_("One or more of the list, divided by semicolons."),
    "shares": N_("Others with a part in the data, a line each: organisation; share; role."),
    "note": N_("Anything else, for those who keep the inventory."),
}


@dataclass(frozen=True)
class File:
    """A file to be handed out."""

    name: str
    kind: str
    content: bytes

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.kind]


def export(found: Iterable[Entry], kind: str) -> File:
    """Entries as a list that can be imported again."""
    directory = offices.read()
    rows = [columns.labels(), *(_cells(one, directory) for one in found)]
    return _file(_("inventory"), kind, rows)


def _cells(entry: Entry, directory: Directory) -> list[str]:
    cells = {
        **{name: str(getattr(entry, name, "")) for name in words.FIELDS},
        "organization": directory.label(entry.organization),
        "reason": words.label("reasons", entry.reason) if entry.reason else "",
        "visibility": words.label("levels", entry.level),
        "review": f"{entry.review:%d.%m.%Y}" if entry.review else "",
        "theme": "; ".join(words.label("themes", one) for one in entry.theme),
        "shares": reading.share_lines(entry.shares, directory),
    }
    return [cells[name] for name in words.FIELDS]


def faulty(report: Report, kind: str) -> File:
    """The rows that could not be taken, as they stood in the list, with what is wrong. Put right, they can be imported
    as they are: what was added is not read."""
    kept = [at for at, name in enumerate(report.sheet.header) if not columns.is_added(name)]
    header = [*(report.sheet.header[at] for at in kept), _(columns.ROW), _(columns.ERROR)]
    rows = [
        [
            *(row.line.cells[at] if at < len(row.line.cells) else "" for at in kept),
            str(row.line.number),
            " ".join(report.messages(row)),
        ]
        for row in report.of(importing.WRONG)
    ]
    return _file(_("inventory-faulty-rows"), kind, [header, *rows])


def template() -> File:
    """An empty list with the names of the columns, and a sheet that says what goes where."""
    book = _workbook([columns.labels()])
    notes: Rows = [[_("Column"), _("What goes there"), _("Possible values")]]
    notes += [[_(label), _(MEANINGS[name]), "\n".join(_possible(name))] for name, label in words.FIELDS.items()]
    _fill(book.create_sheet(_(NOTES)), notes)
    name = _("inventory-template")
    return File(f"{name}.{XLSX}", XLSX, _bytes(book))


def _possible(name: str) -> list[str]:
    choices = {
        "reason": words.reason_choices,
        "visibility": words.level_choices,
        "theme": lambda _chosen: words.theme_choices(()),
    }
    return [one.label for one in choices[name]("")] if name in choices else []


def _file(name: str, kind: str, rows: Rows) -> File:
    content = _bytes(_workbook(rows)) if kind == XLSX else as_csv(rows)
    return File(f"{name}.{kind}", kind, content)


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as German spreadsheets open them; what they would take for a formula stays text."""
    return (csv_lines.MARK + "".join(csv_lines.line(row) for row in rows)).encode()


def _workbook(rows: Rows) -> Workbook:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _(SHEET)
    _fill(sheet, rows)
    return book


def _fill(sheet: Worksheet, rows: Rows) -> None:
    """Cells that are all text, formulas too, since they are marked as such."""
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            cell = sheet.cell(number, place, CONTROL.sub("", text))
            cell.data_type = "s"
            cell.number_format = "@"
            if number == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for place, name in enumerate(rows[0], start=1):
        widest = max((len(line) for row in rows if place <= len(row) for line in row[place - 1].split("\n")), default=0)
        sheet.column_dimensions[get_column_letter(place)].width = min(max(widest, len(name)) + 2, WIDEST)


def _bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
