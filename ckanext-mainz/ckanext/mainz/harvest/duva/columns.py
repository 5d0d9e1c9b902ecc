"""What the columns of a table are: the time, an area, a dimension or a measure, and which of them explains which."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from ckanext.mainz.harvest.duva import known
from ckanext.mainz.tabular import Column, ColumnType, HeaderKind, Table

TIMES = (ColumnType.YEAR, ColumnType.DATE, ColumnType.DATETIME, ColumnType.PERIOD)
NUMBERS = (ColumnType.INTEGER, ColumnType.DECIMAL)
SHORT = 15
FUSED = "Schlüssel und Bezeichnung stehen in einer Zelle."


class Role(StrEnum):
    """What a column is for; the values are what its description says, in German as the data are."""

    TIME = "Dimension (Zeit)"
    AREA = "Dimension (Raum)"
    DIMENSION = "Dimension (Schlüsselmerkmal)"
    MEASURE = "Kennzahl (Wertemerkmal)"


def role(column: Column, *, is_time: bool, is_area: bool) -> Role:
    """The role of a column."""
    if is_time:
        return Role.TIME
    if is_area:
        return Role.AREA
    number = column.type.value in NUMBERS and not column.is_code
    named = known.words_of(column.name) & known.words("columns", "dimension")
    return Role.MEASURE if number and not named else Role.DIMENSION


def times(table: Table) -> list[Column]:
    """The columns that say when: by their type and name. Without a header, the only one that holds years or dates."""
    fitting = [one for one in table.columns if one.type.value in TIMES and _may_be_time(one)]
    named = [one for one in fitting if known.words_of(one.name) & known.words("columns", "time", "words")]
    if table.header.value.kind is HeaderKind.NONE and len(fitting) == 1:
        return fitting
    return named


def _may_be_time(column: Column) -> bool:
    return not known.words_of(column.name) & known.words("columns", "time", "never")


def is_school_year(column: Column) -> bool:
    """Whether periods such as ``2023/24`` in a column are school years."""
    return bool(known.words_of(column.name) & known.words("columns", "time", "school"))


def pairs(columns: Sequence[Column]) -> list[tuple[Column, Column]]:
    """Columns of keys with the column that says what their keys mean, as far as names and places tell."""
    return [(key, label) for key in columns if (label := _label_of(key, columns))]


def _label_of(key: Column, columns: Sequence[Column]) -> Column | None:
    labels = [one for one in columns if one.type.value is ColumnType.TEXT and one.index != key.index]
    by_name = next((one for one in labels if _explains(one.name, key.name)), None)
    beside = next((one for one in labels if one.index == key.index + 1), None)
    is_key = key.is_code or known.words_of(key.name) & known.words("columns", "key")
    return by_name or (beside if is_key else None)


def _explains(label: str, key: str) -> bool:
    """Whether a name is that of the other with a word such as “Bezeichnung”."""
    long, short = known.letters(label), known.letters(key)
    rest = long.removeprefix(short) if short and long.startswith(short) else ""
    return rest.removeprefix("s") in known.words("columns", "label") or rest in known.words("columns", "label")


def only_counts(key: Column) -> bool:
    """Whether a column may just number the rows."""
    return not key.is_code and bool(known.words_of(key.name) <= known.words("columns", "key") | {"lfd"})
