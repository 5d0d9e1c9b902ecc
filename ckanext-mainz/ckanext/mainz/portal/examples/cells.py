"""What an invented table is made of."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from ckanext.mainz.portal.examples.geometry import Geometry


class Missing(Enum):
    """Why a cell has no value."""

    EMPTY = "empty"
    SUPPRESSED = "suppressed"


Cell = str | int | Decimal | date | Missing


@dataclass(frozen=True)
class Table:
    """A table with typed cells; `geometries` has one for each row, or none at all."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    geometries: tuple[Geometry, ...] = ()
