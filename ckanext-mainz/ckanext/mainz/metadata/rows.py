"""Repeating fields of a form as lists of rows.

A form sends ``contact-0-name``, ``contact-2-name``. ckanext-scheming sorts such keys as text, so that row 10 comes
before row 2, and counts the rows of all fields together, so that rows vanish where one field has a gap. Here the keys
become lists before scheming sees them: in the order of their numbers, each field for itself, without empty rows.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from ckan.plugins import toolkit

_ = toolkit._
Row = dict[str, Any]
MOST_ROWS = 500  # a table may have that many columns, and each is a row of its data dictionary


class RowsError(ValueError):
    """The value of a repeating field is no list of rows. Carries a message for people."""


def repeating_fields(fields: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Names of the fields of a schema that repeat."""
    return frozenset(field["field_name"] for field in fields if "repeating_subfields" in field)


def expand(record: dict[str, Any], names: frozenset[str]) -> dict[str, list[str]]:
    """Turns the form keys of the repeating fields `names` into lists of rows, in place; returns messages by field.

    A field that is there by its own name wins over form keys; it may be a list, one row, or JSON text of these.
    """
    from_form = _rows_of_form(record, names)
    errors: dict[str, list[str]] = {}
    for name in names & (record.keys() | from_form.keys()):
        try:
            record[name] = filled(as_rows(record.get(name, from_form.get(name))))
        except RowsError as error:
            errors[name] = [str(error)]
    return errors


def as_rows(value: Any) -> list[Row]:
    """A list of rows from a list, one row, nothing, or JSON text of these. Raises `RowsError` for all else."""
    if isinstance(value, str):
        value = _parsed(value)
    rows = [value] if isinstance(value, dict) else value or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RowsError(_("A list of objects is expected here."))
    if any(isinstance(cell, dict | list) for row in rows for cell in row.values()):
        raise RowsError(_("A single text is expected here, not a list or an object."))
    if len(rows) > MOST_ROWS:
        raise RowsError(_("At most {most} entries are possible here.").format(most=MOST_ROWS))
    return rows


def filled(rows: Iterable[Row]) -> list[Row]:
    """The rows that hold something; a form always carries an empty one."""
    return [row for row in rows if any(str(cell or "").strip() for cell in row.values())]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else []
    except (ValueError, RecursionError) as error:
        raise RowsError(_("A list of objects is expected here.")) from error


def _rows_of_form(record: dict[str, Any], names: frozenset[str]) -> dict[str, list[Row]]:
    """Takes the form keys out of a record."""
    numbered: dict[str, dict[int, Row]] = defaultdict(lambda: defaultdict(dict))
    for key in [key for key in record if "-" in key]:
        match = re.fullmatch(r"(\w+)-(\d{1,9})-(\w+)", key, re.ASCII)
        if match and match[1] in names:
            numbered[match[1]][int(match[2])][match[3]] = record.pop(key)
    return {name: [rows[number] for number in sorted(rows)] for name, rows in numbered.items()}
