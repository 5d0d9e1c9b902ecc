"""What the content of a file says: its columns, the time and the places in them, and what is odd."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

from ckanext.mainz import tabular
from ckanext.mainz.harvest.duva import areas, columns, names, periods
from ckanext.mainz.harvest.duva.columns import Role
from ckanext.mainz.harvest.duva.periods import Period
from ckanext.mainz.metadata.dictionary.columns import found
from ckanext.mainz.tabular import Column, ColumnType, FileKind, Finding, ReadOptions, Table, Value

MOST_ROWS = 1_000_000
MOST_VALUES = 500
MOST_CODES = 200
LONGEST_CODES = 10_000
MOST_WORDS = 20
#: What a person should know of a table, because nobody can mend it or because it was guessed.
TOLD = ("question_marks", "replacement_character", "mixed_encoding", "undecodable_bytes", "mojibake", "mixed_numbers",
        "no_header", "header_uncertain", "formula_uncached", "more_sheets")  # fmt: skip
FORMATS = {FileKind.XLSX: "XLSX", FileKind.ODS: "ODS", FileKind.XLS: "XLS", FileKind.XLSB: "XLSB"}


@dataclass(frozen=True)
class Look:
    """What a table says. `columns`: rows of its data dictionary; `roles`: names of the columns by what they are for;
    `words`: lines above and below it; `findings`: sentences; `format`: empty where the name must tell. `refused`: the
    code of the reader's refusal, with its sentence in `why`."""

    columns: tuple[Mapping[str, str], ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    period: Period | None = None
    places: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    format: str = ""
    refused: str = ""
    why: str = ""


def look(path: Path, options: ReadOptions, city: str) -> Look:
    """Looks at a file. What is no table says why; nothing is raised but `OSError`."""
    try:
        table = tabular.read(path, options=options)
        seen = _Seen(table, city)
        seen.read()
    except tabular.NotATable as error:
        return Look(refused=error.code, why=error.message)
    described = [
        _described(row.as_row(), column, seen) for row, column in zip(found(table).columns, table.columns, strict=True)
    ]
    return Look(
        columns=tuple(described),
        roles=seen.names_by_role(),
        period=seen.period(),
        places=tuple(seen.places()),
        words=tuple(line.text for line in (*table.preamble, *table.footnotes) if line.text)[:MOST_WORDS],
        findings=tuple(_findings(table)),
        format=FORMATS.get(table.kind.value, ""),
    )  # fmt: skip


def _described(row: dict[str, str], column: Column, seen: _Seen) -> dict[str, str]:
    """A row of the data dictionary, with what the column is for and what its keys mean."""
    notes = [str(seen.role(column)) + ".", *([columns.FUSED] if column.fused and column.fused.value else [])]
    codes = "\n".join(filter(None, [row.get("codes", ""), seen.codes(column)]))
    return {**row, "description": " ".join(notes), **({"codes": codes[:LONGEST_CODES]} if codes else {})}


def _findings(table: Table) -> Iterable[str]:
    """Findings as sentences, one for each kind, with the columns that have it."""
    told: dict[str, list[Finding]] = defaultdict(list)
    for one in table.findings:
        if one.code in TOLD:
            told[one.code].append(one)
    for same in told.values():
        where = ", ".join(dict.fromkeys(one.column for one in same if one.column))
        yield f"{same[0].message} ({where})" if where else same[0].message


class _Seen:
    """What one pass over the rows sees."""

    def __init__(self, table: Table, city: str) -> None:
        self.table, self._city = table, city
        self._times = columns.times(table)
        self._values: dict[int, set[str]] = {
            one.index: set() for one in table.columns if one.type.value is ColumnType.TEXT
        }
        self._pairs: dict[int, tuple[int, dict[str, str]]] = {
            key.index: (label.index, {}) for key, label in columns.pairs(table.columns)
        }
        self._moments: dict[int, set[Period]] = {one.index: set() for one in self._times}
        self._areas: dict[int, list[str]] = {}
        self._rows = 0
        self._all = True

    def read(self) -> None:
        """The pass itself; of a table that is longer than `MOST_ROWS`, no period is told."""
        self._pass()
        found = {index: self._of_column(index) for index in self._values}
        self._areas = {index: uris for index, uris in found.items() if uris}

    def _pass(self) -> None:
        convert = self.table.converter()
        for row in islice(self.table.body(), MOST_ROWS + 1):
            self._rows += 1
            if self._rows > MOST_ROWS:
                self._all = False
                return
            if row.total:
                continue
            self._note_values(row.cells)
            self._note_pairs(row.cells)
            if self._times:
                self._note_times(convert(row.cells))

    def _note_values(self, cells: list[str]) -> None:
        for index in [*self._values]:
            if index < len(cells) and cells[index]:
                self._values[index].add(cells[index])
                if len(self._values[index]) > MOST_VALUES:  # no column of places has so many
                    del self._values[index]

    def _note_pairs(self, cells: list[str]) -> None:
        for index, (label, meanings) in [*self._pairs.items()]:
            key, meaning = cells[index], cells[label]
            if not key or not meaning:
                continue
            known = meanings.setdefault(key, meaning)
            if known != meaning or len(meanings) > MOST_CODES or len(key) > columns.SHORT or " " in key:
                del self._pairs[index]

    def _note_times(self, values: list[Value]) -> None:
        for column in self._times:
            if period := _as_period(values[column.index], school=columns.is_school_year(column)):
                self._moments[column.index].add(period)
                if len(self._moments[column.index]) > MOST_VALUES:
                    self._moments[column.index] = {one for one in [periods.around(self._moments[column.index])] if one}

    def period(self) -> Period | None:
        """The time of the data, from the most exact column; else the years in the names of the columns."""
        if not self._all:
            return None
        spans = [span for one in self._times if (span := periods.around(self._moments[one.index]))]
        if spans:
            return max(spans, key=lambda one: len(one.start))
        return _years_of_names(self.table)

    def places(self) -> list[str]:
        """The places in the columns of Stadtteile."""
        return areas.narrowed((uri for uris in self._areas.values() for uri in uris), self._city)

    def _of_column(self, index: int) -> list[str]:
        return areas.of_column(self.table.columns[index].name, self._values[index], self._city)

    def role(self, column: Column) -> Role:
        """What a column is for."""
        is_time = any(one.index == column.index for one in self._times)
        return columns.role(column, is_time=is_time, is_area=column.index in self._areas)

    def names_by_role(self) -> dict[str, tuple[str, ...]]:
        """Names of the columns by their role; columns without a name in the file are left out."""
        if self.table.header.value.kind is tabular.HeaderKind.NONE:
            return {}
        found: dict[str, list[str]] = defaultdict(list)
        for one in self.table.columns:
            found[self.role(one).name].append(one.name or one.unique_name)
        return {role: tuple(named) for role, named in found.items()}

    def codes(self, column: Column) -> str:
        """What the keys of a column mean, a key a line; nothing for a column that numbers the rows."""
        _label, meanings = self._pairs.get(column.index, (0, {}))
        numbers = columns.only_counts(column) and len(meanings) == self._rows and len(self.table.columns) > 2
        if len(meanings) < 2 or numbers:
            return ""
        return "\n".join(f"{key} = {' '.join(meanings[key].split())}" for key in sorted(meanings))


def _as_period(value: Value, *, school: bool) -> Period | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Period(str(value), str(value))
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return Period(value.isoformat(), value.isoformat())
    return _read(value, school) if isinstance(value, str) else None


@lru_cache(maxsize=2000)
def _read(text: str, school: bool) -> Period | None:
    return periods.read(text, school=school)


def _years_of_names(table: Table) -> Period | None:
    """The years in the names of columns, as in “Ansatz 2025” and “Ansatz 2026”; one year alone may mean anything."""
    spans = [years for one in table.columns if (years := names.years(one.name))[0]]
    found = [Period(first, last or first) for first, last in spans]
    return periods.around(found) if len({one.start for one in found}) > 1 else None


def as_json(seen: Look) -> dict[str, object]:
    """The form in which it lies in the spool."""
    period = [seen.period.start, seen.period.end, seen.period.goes_on] if seen.period else None
    return {**{name: getattr(seen, name) for name in Look.__dataclass_fields__}, "period": period}


def from_json(stored: Mapping[str, object]) -> Look:
    """From there."""
    lists = ("columns", "places", "words", "findings")
    whole = Look(**{**stored, **{name: tuple(stored[name]) for name in lists}})  # type: ignore[arg-type]
    given = stored["period"]
    return replace(whole, period=Period(*given) if isinstance(given, list) else None)
