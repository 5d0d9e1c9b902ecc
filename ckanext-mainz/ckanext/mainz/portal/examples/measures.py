"""Columns of invented figures: how large, how they differ between rows, and how they change over time."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from ckanext.mainz.portal.examples.cells import Cell, Missing
from ckanext.mainz.portal.examples.reading import ExampleError, shape

REFERENCE_YEAR = 2023  # the year of the residents in places.yaml; a trend starts from here
LASTING = 0.75  # the part of the spread that stays with a row over the years


@dataclass(frozen=True)
class Measure:
    """One column of figures.

    The magnitude is `level`, or `share` of the column `of` (`residents` are those of places.yaml); or the column is
    computed from others: `rest` is the first less all others, `percent` the first per hundred of the second.
    `trend` is the yearly change, `season` the swing over the year with its top in month `peak`, `weekend` the factor
    of Saturdays and Sundays, `spread` the invented difference between rows, all as shares.
    Figures above 0 and below `suppress_below` are suppressed.
    """

    level: float | None = None
    share: float | None = None
    of: str = "residents"
    rest: tuple[str, ...] = ()
    percent: tuple[str, ...] = ()
    trend: float = 0.0
    season: float = 0.0
    peak: int = 7
    weekend: float = 1.0
    spread: float = 0.05
    decimals: int = 0
    suppress_below: int = 0


@dataclass(frozen=True)
class Moment:
    """When a figure holds, as far as it changes its magnitude."""

    year: int = REFERENCE_YEAR
    month: int | None = None
    weekend: bool = False


Measures = Mapping[str, Measure]
Values = dict[str, float]


def read_measures(given: Mapping[str, Any], where: str) -> Measures:
    """The measures of a mapping of the YAML, by the names of their columns; raises ExampleError."""
    return {name: shape(Measure, entry, f"{where}, {name}") for name, entry in given.items()}


def figures_of(measures: Measures, known: Values, moment: Moment, bias: Mapping[str, float], dice: Random) -> Values:
    """The values of all measures. A share is that of an earlier measure or of what is `known`; rests and percentages
    are computed last, so they may stand anywhere.

    `bias` is the lasting part of a row's spread (see `biases_of`); without it the whole spread is new each time.
    """
    values = dict(known)
    for name, measure in sorted(measures.items(), key=lambda item: bool(item[1].rest or item[1].percent)):
        values[name] = rounded(_figure(name, measure, values, moment, bias, dice), measure.decimals)
    return {name: values[name] for name in measures}


def _figure(
    name: str, measure: Measure, values: Values, moment: Moment, bias: Mapping[str, float], dice: Random
) -> float:
    try:
        if measure.rest:
            return values[measure.rest[0]] - sum(values[other] for other in measure.rest[1:])
        if measure.percent:
            part, whole = (values[other] for other in measure.percent)
            return 100 * part / whole if whole else 0.0
        magnitude = measure.level if measure.level is not None else (measure.share or 0.0) * values[measure.of]
    except KeyError as error:
        raise ExampleError(f"measure {name!r} refers to {error}, which does not stand before it") from error
    noise = dice.uniform(-measure.spread, measure.spread) * (1 - LASTING if name in bias else 1)
    return magnitude * _course(measure, moment) * (1 + bias.get(name, 0.0) + noise)


def _course(measure: Measure, moment: Moment) -> float:
    """How the time of a figure changes it."""
    factor = (1 + measure.trend) ** (moment.year - REFERENCE_YEAR)
    if moment.month is not None:
        factor *= 1 + measure.season * math.cos((moment.month - measure.peak) * math.tau / 12)
    return factor * measure.weekend if moment.weekend else factor


def rounded(value: float, decimals: int) -> float:
    """`value` with so many decimals, a whole number for 0."""
    return round(value, decimals) if decimals else float(round(value))


def as_cell(value: float, measure: Measure) -> Cell:
    """The cell of a rounded value: suppressed, a whole number, or a decimal that keeps its digits."""
    if 0 < value < measure.suppress_below:
        return Missing.SUPPRESSED
    if measure.decimals:
        return Decimal(f"{value:.{measure.decimals}f}")
    return int(value)


def as_cells(values: Values, measures: Measures) -> tuple[Cell, ...]:
    """The cells of one row, in the order of the measures."""
    return tuple(as_cell(values[name], measure) for name, measure in measures.items())


def biases_of(measures: Measures, dice: Random) -> dict[str, float]:
    """How far one row differs for all time, as a share of each measure."""
    return {name: dice.uniform(-measure.spread, measure.spread) * LASTING for name, measure in measures.items()}
