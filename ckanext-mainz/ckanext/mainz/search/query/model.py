"""A search as data: what Solr's parameters ask for, without Solr's syntax. Each engine makes its own query of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True)
class Everything:
    """Matches every document."""


@dataclass(frozen=True)
class Nothing:
    """Matches no document."""


@dataclass(frozen=True)
class Words:
    """A value of a field: in a text field its words, all of them; elsewhere the whole value."""

    field: str
    text: str


@dataclass(frozen=True)
class Phrase:
    """Words of a text field next to each other and in order, give or take `slop` moves; elsewhere the whole value."""

    field: str
    text: str
    slop: int = 0


class Wild(Enum):
    """A gap in a pattern."""

    ONE = "?"
    ANY = "*"


@dataclass(frozen=True)
class Pattern:
    """A value, or one word of a text, with gaps. `pieces` are literal text and gaps in turn."""

    field: str
    pieces: tuple[str | Wild, ...]


@dataclass(frozen=True)
class Fuzzy:
    """A value, or one word of a text, from which at most `edits` letters differ."""

    field: str
    text: str
    edits: int


@dataclass(frozen=True)
class Range:
    """Values between two bounds; None is open."""

    field: str
    lower: str | None
    upper: str | None
    include_lower: bool = True
    include_upper: bool = True


@dataclass(frozen=True)
class Exists:
    """Documents that have a value in the field."""

    field: str


class Occur(Enum):
    """What a clause means to its group."""

    MUST = "must"
    SHOULD = "should"
    MUST_NOT = "must not"


@dataclass(frozen=True)
class Clause:
    """A query in a group."""

    occur: Occur
    query: Query


@dataclass(frozen=True)
class MinimumMatch:
    """Solr's ``mm``: how many optional clauses have to match, by their number.

    `rules` are (more than so many clauses, amount, is percentage) with rising first numbers; a negative amount is the
    number, or the share, of clauses that may be missing. Up to the first rule's number all have to match, except where
    that is -1: such a rule holds for every number.
    """

    rules: tuple[tuple[int, int, bool], ...]

    def of(self, clauses: int) -> int:
        """How many of so many optional clauses have to match."""
        wanted = clauses
        for above, amount, is_percentage in self.rules:
            if clauses <= above:
                break
            part = int(clauses * amount / 100) if is_percentage else amount
            wanted = clauses + part if amount < 0 else part
        return min(max(wanted, 0), clauses)


@dataclass(frozen=True)
class Group:
    """Clauses together: every MUST, no MUST_NOT, and at least one SHOULD where there is no MUST, or `minimum` of them.

    With `pure_negative` a group of nothing but MUST_NOT matches everything else; without, it matches nothing.
    """

    clauses: tuple[Clause, ...]
    minimum: MinimumMatch | None = None
    pure_negative: bool = False


@dataclass(frozen=True)
class Best:
    """The same asked of several fields: the best score counts, the others with the share `tie`."""

    queries: tuple[Query, ...]
    tie: float = 0.0


@dataclass(frozen=True)
class Boosted:
    """A query whose score is multiplied."""

    query: Query
    factor: float


@dataclass(frozen=True)
class Constant:
    """A query whose score is always the same; 0.0 for a filter."""

    query: Query
    score: float


Query = Everything | Nothing | Words | Phrase | Pattern | Fuzzy | Range | Exists | Group | Best | Boosted | Constant


@dataclass(frozen=True)
class SortKey:
    """One key of the order; `field` is None for the score."""

    field: str | None
    descending: bool


class FacetOrder(Enum):
    """Order of a facet's values."""

    COUNT = "count"
    INDEX = "index"


@dataclass(frozen=True)
class Facet:
    """Values of a field, counted. A `limit` of None gives all."""

    field: str
    limit: int | None = 100
    offset: int = 0
    minimum: int = 0
    order: FacetOrder = FacetOrder.COUNT
    prefix: str = ""
    contains: str = ""
    ignore_case: bool = False
    missing: bool = False


@dataclass(frozen=True)
class FieldList:
    """Which stored fields an answer gives: `names`, those that fit a glob of `patterns`, under `aliases` also others.

    `everything` stands for ``*``, `score` for the pseudo-field of that name.
    """

    names: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    everything: bool = False
    score: bool = False


@dataclass(frozen=True)
class Request:
    """A whole search. `facets` is None where no facets were asked for."""

    query: Query
    filters: tuple[Query, ...] = ()
    start: int = 0
    rows: int = 10
    sort: tuple[SortKey, ...] = (SortKey(None, True),)
    fields: FieldList = FieldList(everything=True)
    facets: tuple[Facet, ...] | None = None
    facet_queries: Mapping[str, Query] = field(default_factory=dict)


def is_constant(query: Query, is_text: Callable[[str], bool]) -> bool:
    """Whether all documents of a query have the same score. `is_text` says whether a field has words."""
    match query:
        case Words() | Phrase():
            return not is_text(query.field)
        case Boosted():
            return is_constant(query.query, is_text)
        case Group():
            return all(
                clause.occur is Occur.MUST_NOT or (clause.occur is Occur.MUST and is_constant(clause.query, is_text))
                for clause in query.clauses
            )
        case Best() | Fuzzy():
            return False
    return True
