"""Tables of things that lie somewhere in the city: trees, playgrounds, building sites."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from ckanext.mainz.portal.examples.cells import Cell, Missing, Table
from ckanext.mainz.portal.examples.geometry import Geometry, Point, counter_clockwise, shifted
from ckanext.mainz.portal.examples.measures import Measure, as_cell, rounded
from ckanext.mainz.portal.examples.places import District, district, districts, point_in
from ckanext.mainz.portal.examples.reading import ExampleError

NTH = ("", " II", " III", " IV", " V")  # as Kitas are told apart that stand in the same street


@dataclass(frozen=True)
class Attribute:
    """One column of a table of places: exactly one way to invent it, and how often it is left empty.

    `text` knows {n}, {street}, {nth}, {house}, {postcode} and {district}; `choice` has weights, or names that are
    equally likely; `between` has a lowest and a highest number, times the column `of` if there is one; `day` a first
    and a last day; `after` another column with a date, and `days` a span after it; `sum` adds columns; `sequence`
    counts from a number.
    """

    text: str | None = None
    choice: Mapping[str, float] | tuple[str, ...] = ()
    between: tuple[float, ...] = ()
    of: str | None = None
    decimals: int = 0
    day: tuple[date, ...] = ()
    after: str | None = None
    days: tuple[int, ...] = ()
    sum: tuple[str, ...] = ()
    sequence: int | None = None
    empty: float = 0.0


@dataclass(frozen=True)
class Places:
    """`count` things somewhere in the city or in `only`, more of them where more people live; or one in each street.

    `form` is Point, Polygon or LineString, `size` the radius or length of the latter two in metres.
    """

    attributes: Mapping[str, Attribute]
    count: int | None = None
    form: str = "Point"
    size: float = 100.0
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Spot:
    n: int
    place: District
    street: str
    nth: str
    house: int


def build_places(spec: Places, dice: Random) -> Table:
    """The table of a specification, with a geometry for each row."""
    spots = list(_spots(spec, dice))
    rows = tuple(_attributes(spec.attributes, spot, dice) for spot in spots)
    geometries = tuple(_geometry(spec, point_in(spot.place, dice), dice) for spot in spots)
    return Table(tuple(spec.attributes), rows, geometries)


def _spots(spec: Places, dice: Random) -> Iterator[_Spot]:
    allowed = [district(name) for name in spec.only] or list(districts())
    seen: dict[str, int] = {}
    for n, place in enumerate(_spread_out(allowed, spec.count, dice), start=1):
        turn = seen[place.name] = seen.get(place.name, -1) + 1
        streets = place.streets
        nth = NTH[turn // len(streets)] if turn // len(streets) < len(NTH) else ""
        yield _Spot(n, place, streets[turn % len(streets)], nth, dice.randint(1, 98))


def _spread_out(allowed: list[District], count: int | None, dice: Random) -> list[District]:
    """The Stadtteil of each thing: one in every street, or at least one in every Stadtteil and more by residents."""
    if count is None:
        return [place for place in allowed for _ in place.streets]
    chosen = allowed[:count]
    chosen += dice.choices(allowed, [place.residents for place in allowed], k=count - len(chosen))
    return sorted(chosen, key=lambda place: place.number)


def _attributes(attributes: Mapping[str, Attribute], spot: _Spot, dice: Random) -> tuple[Cell, ...]:
    row: dict[str, Cell] = {}
    for name, attribute in attributes.items():
        left_empty = attribute.empty and dice.random() < attribute.empty
        row[name] = Missing.EMPTY if left_empty else _attribute(attribute, spot, row, dice)
    return tuple(row.values())


def _attribute(attribute: Attribute, spot: _Spot, row: Mapping[str, Cell], dice: Random) -> Cell:
    if attribute.text is not None:
        words = {"n": spot.n, "street": spot.street, "nth": spot.nth, "house": spot.house}
        return attribute.text.format(district=spot.place.name, postcode=spot.place.postcode, **words)
    if attribute.sequence is not None:
        return attribute.sequence + spot.n - 1
    if isinstance(attribute.choice, Mapping):
        return dice.choices(list(attribute.choice), list(attribute.choice.values()))[0]
    if attribute.choice:
        return dice.choice(attribute.choice)
    if attribute.between:
        value = dice.uniform(*attribute.between) * _basis(attribute, row)
        return as_cell(rounded(value, attribute.decimals), Measure(decimals=attribute.decimals))
    if attribute.day:
        first, last = attribute.day
        return first + timedelta(dice.randint(0, (last - first).days))
    return _derived(attribute, row, dice)


def _basis(attribute: Attribute, row: Mapping[str, Cell]) -> float:
    """What a number is measured by: the column `of`, or 1."""
    basis = row[attribute.of] if attribute.of else 1
    return float(basis) if isinstance(basis, int | Decimal) else 0.0


def _derived(attribute: Attribute, row: Mapping[str, Cell], dice: Random) -> Cell:
    if attribute.after:
        start = row[attribute.after]
        if not isinstance(start, date):
            return Missing.EMPTY
        return start + timedelta(dice.randint(*attribute.days))
    if attribute.sum:
        return sum(value for name in attribute.sum if isinstance(value := row[name], int))
    raise ExampleError("an attribute says no way to invent it")


def _geometry(spec: Places, point: Point, dice: Random) -> Geometry:
    match spec.form:
        case "Point":
            return Geometry("Point", (point,))
        case "Polygon":
            return Geometry("Polygon", _patch(point, spec.size * dice.uniform(0.6, 1.4), dice))
        case "LineString":
            return Geometry("LineString", tuple(_way(point, spec.size, dice)))
    raise ExampleError(f"places have no form {spec.form!r}")


def _patch(middle: Point, radius: float, dice: Random) -> tuple[Point, ...]:
    """A six-cornered area around `middle`, a little irregular."""
    turns = [math.tau * (i + dice.uniform(-0.25, 0.25)) / 6 for i in range(6)]
    reach = [radius * dice.uniform(0.75, 1.0) for _ in turns]
    return counter_clockwise(
        tuple(shifted(middle, r * math.cos(turn), r * math.sin(turn)) for turn, r in zip(turns, reach, strict=True))
    )


def _way(start: Point, length: float, dice: Random) -> Iterator[Point]:
    """Five points, each a quarter of the length further, in about the same direction."""
    heading = dice.uniform(0, math.tau)
    for _ in range(5):
        yield start
        heading += dice.uniform(-0.5, 0.5)
        start = shifted(start, length / 4 * math.cos(heading), length / 4 * math.sin(heading))
