"""The data dictionary of a table: one entry a column. Pure.

It is stored in the resource field ``data_dictionary`` as a list of objects with the keys of `Column`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from typing import Any

from ckanext.mainz.tabular import Column as Found
from ckanext.mainz.tabular import ColumnType, Table

TYPES = tuple(str(kind) for kind in ColumnType)
CODE = re.compile(r"\s*(?:=|:)\s*")
UNIT_IN_NAME = re.compile(
    r"(?P<name>.+?)\s+(?:in\s+(?P<bare>\S{1,12})|[\[(](?:in\s+)?(?P<bracketed>[^\])]{1,20})[\])])\Z"
)
#: What stands in the name of a column as its unit (``Höhe in m``), and not as part of the name (``Wohnt in Mainz``).
UNITS = frozenset((files(__package__ or "") / "units.txt").read_text(encoding="utf-8").split())


@dataclass(frozen=True)
class Column:
    """What a column means. `type` is one of `TYPES` or empty; `codes` is text, a code a line (``1 = yes``)."""

    column: str
    title: str = ""
    description: str = ""
    unit: str = ""
    type: str = ""
    codes: str = ""

    def as_row(self) -> dict[str, str]:
        """The entry as it is stored; empty cells are left out."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def code_list(self) -> tuple[tuple[str, str], ...]:
        """Codes with their meanings; a line without ``=`` is a code that says what it means by itself."""
        parts = (CODE.split(line.strip(), maxsplit=1) for line in re.split(r"[\n;]", self.codes) if line.strip())
        return tuple((one[0].strip(), one[1].strip() if len(one) > 1 else "") for one in parts)


@dataclass(frozen=True)
class Structure:
    """What the content of a file says about its columns. `delimiter` is empty for workbooks.

    `formats` says by column how numbers and dates are written (``decimalChar``, ``groupChar``, ``date``).
    """

    columns: tuple[Column, ...]
    formats: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    delimiter: str = ""
    encoding: str = ""
    sha256: str = ""


def stored(resource: Mapping[str, Any]) -> tuple[Column, ...]:
    """The dictionary of a resource; entries without a column are left out."""
    rows = resource.get("data_dictionary") or ()
    known = Column.__dataclass_fields__
    entries = (row for row in rows if isinstance(row, Mapping) and str(row.get("column") or "").strip())
    return tuple(Column(**{name: str(row[name]) for name in known if row.get(name)}) for row in entries)


def found(table: Table) -> Structure:
    """What a table that was read says: columns with type, unit and the marks that stand for no value."""
    return Structure(
        columns=tuple(_column(one) for one in table.columns),
        formats={one.unique_name: form for one in table.columns if (form := _format(one))},
        delimiter=table.dialect.delimiter.value if table.dialect else "",
        encoding=table.encoding.value if table.encoding else "",
    )


def proposal(now: Iterable[Column], structure: Structure) -> tuple[Column, ...]:
    """The columns of the file in their order, with what is described already; columns that are gone are left out.

    Words of an editor win; type and unit are filled in where they are empty.
    """
    described = {one.column: one for one in now}
    return tuple(_together(described.get(one.column), one) for one in structure.columns)


def _together(described: Column | None, seen: Column) -> Column:
    if described is None:
        return seen
    return Column(**{name: getattr(described, name) or value for name, value in asdict(seen).items()})


def _column(one: Found) -> Column:
    match = UNIT_IN_NAME.match(one.name)
    in_name = (match["bare"] or match["bracketed"]) if match else ""
    unit = one.number.value.unit if one.number else ""
    title = match["name"] if match and in_name in UNITS else one.name
    return Column(
        column=one.unique_name,
        title=title,
        unit=unit or (in_name if in_name in UNITS else ""),
        type=str(one.type.value),
        codes="\n".join(_meaning(marker.text, marker.suppressed) for marker in one.markers if marker.text),
    )


def _meaning(marker: str, suppressed: bool) -> str:
    """German, as the data are."""
    return f"{marker} = {'geheim gehalten oder nicht sinnvoll' if suppressed else 'keine Angabe'}"


def _format(one: Found) -> dict[str, str]:
    """How numbers and dates are written, in the terms of CSVW; empty where they are as everywhere."""
    form: dict[str, str] = {}
    if one.number and one.number.value.decimal:
        form["decimalChar"] = one.number.value.decimal
    if one.number and one.number.value.thousands:
        form["groupChar"] = one.number.value.thousands
    if one.date_format:
        form["date"] = _unicode_pattern(one.date_format.value)
    return form


def _unicode_pattern(pattern: str) -> str:
    """A pattern of strftime in the letters of CSVW (UAX #35); empty for one that CSVW cannot say."""
    for ours, theirs in (("%d", "dd"), ("%m", "MM"), ("%Y", "yyyy")):
        pattern = pattern.replace(ours, theirs)
    return "" if "%" in pattern else pattern
