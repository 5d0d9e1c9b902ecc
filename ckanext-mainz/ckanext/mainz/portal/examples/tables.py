"""Invented tables from a few lines of YAML: the same lines give the same table, on every machine.

A table of the catalogue has one of six kinds:

`rows`       the cells stand in the YAML
`districts`  measures for each Stadtteil, for one or several years, with a total of the city
`series`     measures for each year, quarter, month or day, for several stations or kinds if need be
`places`     things that lie somewhere: points, areas or routes with attributes
`rounds`     days that come round in every Stadtteil, such as the collection of waste
`outlines`   the sketched Stadtteile themselves
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from ckanext.mainz.portal.examples.cells import Cell, Missing, Table
from ckanext.mainz.portal.examples.geometry import Geometry
from ckanext.mainz.portal.examples.inventory import Attribute, Places, build_places
from ckanext.mainz.portal.examples.measures import (
    REFERENCE_YEAR,
    Measure,
    Measures,
    Moment,
    Values,
    as_cells,
    biases_of,
    figures_of,
    read_measures,
)
from ckanext.mainz.portal.examples.places import District, districts, outline
from ckanext.mainz.portal.examples.reading import ExampleError, shape

MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
CITY = "Mainz gesamt"


# --- rows ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rows:
    """A table whose cells stand in the YAML; a number with a decimal point is quoted there to keep its digits."""

    columns: tuple[str, ...]
    rows: tuple[list[Any], ...]


def _rows(spec: Rows, _dice: Random) -> Table:
    for row in spec.rows:
        if len(row) != len(spec.columns):
            raise ExampleError(f"the row {row!r} has {len(row)} cells, not {len(spec.columns)}")
    return Table(spec.columns, tuple(tuple(_literal(cell) for cell in row) for row in spec.rows))


def _literal(cell: Any) -> Cell:
    if cell is None:
        return Missing.EMPTY
    if isinstance(cell, float):
        return Decimal(str(cell))
    return cell


# --- districts -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ByDistrict:
    """Measures for each Stadtteil and, with `years` (first, last), for each year; the city's total ends each year."""

    measures: Measures
    years: tuple[int, ...] = ()
    year_column: str = "Jahr"
    total: bool = True


def _by_district(spec: ByDistrict, dice: Random) -> Table:
    biases = {place.name: biases_of(spec.measures, dice) for place in districts()}
    years = range(spec.years[0], spec.years[1] + 1) if spec.years else (None,)
    rows: list[tuple[Cell, ...]] = []
    for year in years:
        lines = {
            place.name: figures_of(spec.measures, *_situation(place, year), biases[place.name], dice)
            for place in districts()
        }
        if spec.total:
            lines[CITY] = _totals(spec.measures, list(lines.values()))
        start = () if year is None else (year,)
        rows += [(*start, name, *as_cells(line, spec.measures)) for name, line in lines.items()]
    return Table((*((spec.year_column,) if spec.years else ()), "Stadtteil", *spec.measures), tuple(rows))


def _situation(place: District, year: int | None) -> tuple[Values, Moment]:
    moment = Moment(year or REFERENCE_YEAR)
    residents = place.residents * (1 + place.growth) ** (moment.year - REFERENCE_YEAR)
    return {"residents": residents}, moment


def _totals(measures: Measures, lines: list[Values]) -> Values:
    """Sums; a percentage is computed from the sums, a level (a rent, for instance) is averaged."""
    totals: Values = {}
    for name, measure in measures.items():
        values = [line[name] for line in lines]
        if measure.percent:
            part, whole = (totals[other] for other in measure.percent)
            totals[name] = 100 * part / whole
        else:
            totals[name] = sum(values) / len(values) if measure.level is not None else sum(values)
    return totals


# --- series --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dimension:
    """What a series is divided by, for instance measuring stations; each value has a factor on the magnitudes."""

    column: str
    values: Mapping[str, float]


@dataclass(frozen=True)
class Series:
    """Measures over time, from `first` to `last`, both included, in steps of a year, quarter, month or day."""

    step: str
    first: date
    last: date
    measures: Measures
    by: Dimension | None = None


@dataclass(frozen=True)
class _Period:
    cells: tuple[Cell, ...]
    moment: Moment


def _series(spec: Series, dice: Random) -> Table:
    values = spec.by.values if spec.by else {"": 1.0}
    column = (spec.by.column,) if spec.by else ()
    heads, periods = _calendar(spec)
    rows: list[tuple[Cell, ...]] = []
    for period in periods:
        for value, factor in values.items():
            measures = {name: _scaled(measure, factor) for name, measure in spec.measures.items()}
            figures = figures_of(measures, {}, period.moment, {}, dice)
            rows.append((*period.cells, *((value,) if spec.by else ()), *as_cells(figures, measures)))
    return Table((*heads, *column, *spec.measures), tuple(rows))


def _scaled(measure: Measure, factor: float) -> Measure:
    return measure if measure.level is None else replace(measure, level=measure.level * factor)


def _calendar(spec: Series) -> tuple[tuple[str, ...], Iterator[_Period]]:
    """The columns that name a period, and the periods."""
    match spec.step:
        case "year":
            years = range(spec.first.year, spec.last.year + 1)
            return ("Jahr",), (_Period((year,), Moment(year)) for year in years)
        case "quarter":
            quarters = (day for day in _firsts_of_months(spec) if day.month % 3 == 1)
            return ("Jahr", "Quartal"), (
                _Period((day.year, f"{day.month // 3 + 1}. Quartal"), Moment(day.year, day.month + 1))
                for day in quarters
            )
        case "month":
            return ("Jahr", "Monat"), (
                _Period((day.year, MONTHS[day.month - 1]), Moment(day.year, day.month))
                for day in _firsts_of_months(spec)
            )
        case "day":
            days = (spec.first + timedelta(n) for n in range((spec.last - spec.first).days + 1))
            return ("Datum",), (_Period((day,), Moment(day.year, day.month, day.weekday() >= 5)) for day in days)
    raise ExampleError(f"a series has no step {spec.step!r}")


def _firsts_of_months(spec: Series) -> Iterator[date]:
    for year in range(spec.first.year, spec.last.year + 1):
        for month in range(1, 13):
            if spec.first <= (day := date(year, month, 1)) <= spec.last:
                yield day


# --- rounds --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rounds:
    """What comes round every so many days: `every` has the days for each kind; the Stadtteile take turns."""

    column: str
    every: Mapping[str, int]
    first: date
    last: date


def _rounds(spec: Rounds, _dice: Random) -> Table:
    rows = [
        (day, place.name, kind)
        for kind, days in spec.every.items()
        for turn, place in enumerate(districts())
        for day in _working_days(spec, days, turn)
    ]
    return Table(("Datum", "Stadtteil", spec.column), tuple(sorted(rows)))


def _working_days(spec: Rounds, every: int, turn: int) -> Iterator[date]:
    day = spec.first + timedelta(turn * 5 % every)
    while day <= spec.last:
        yield day + timedelta(7 - day.weekday()) if day.weekday() >= 5 else day
        day += timedelta(every)


# --- outlines ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outlines:
    """The Stadtteile with their sketched borders."""


def _outlines(_spec: Outlines, _dice: Random) -> Table:
    return Table(
        ("Nummer", "Stadtteil", "Einwohner", "Fläche in km²"),
        tuple(
            (place.number, place.name, place.residents, Decimal(str(place.square_kilometres))) for place in districts()
        ),
        tuple(Geometry("Polygon", outline(place.name)) for place in districts()),
    )


# --- the six kinds -------------------------------------------------------------------------------------------------

S = TypeVar("S")
Spec = Rows | ByDistrict | Series | Places | Rounds | Outlines


def read_spec(given: Mapping[str, Any], where: str) -> Spec:
    """The table that a mapping of the YAML describes; raises ExampleError with `where` it is wrong."""
    entries = {name: value for name, value in given.items() if name != "kind"}

    def read(cls: type[S], **ready: Any) -> S:
        return shape(cls, entries, where, **ready)

    match given.get("kind", "rows"):
        case "rows":
            return read(Rows)
        case "districts":
            return read(ByDistrict, measures=read_measures(entries.get("measures", {}), where))
        case "series":
            by = shape(Dimension, entries["by"], where) if "by" in entries else None
            return read(Series, measures=read_measures(entries.get("measures", {}), where), by=by)
        case "places":
            attributes = {
                name: shape(Attribute, entry, f"{where}, {name}")
                for name, entry in entries.get("attributes", {}).items()
            }
            return read(Places, attributes=attributes)
        case "rounds":
            return read(Rounds)
        case "outlines":
            return read(Outlines)
    raise ExampleError(f"{where}: there is no kind of table {given['kind']!r}")


def build(spec: Spec, seed: str) -> Table:
    """The table of a specification; the same `seed` gives the same figures."""
    dice = Random(seed)
    match spec:
        case Rows():
            return _rows(spec, dice)
        case ByDistrict():
            return _by_district(spec, dice)
        case Series():
            return _series(spec, dice)
        case Places():
            return build_places(spec, dice)
        case Rounds():
            return _rounds(spec, dice)
        case Outlines():
            return _outlines(spec, dice)
