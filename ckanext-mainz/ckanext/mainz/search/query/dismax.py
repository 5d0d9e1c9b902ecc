"""The parsers ``dismax`` and ``edismax``: what people type, looked for in several fields at once.

Differences from Solr, on purpose: what people type is never a syntax error (a sign that stands alone counts for
nothing, Solr answers with an error), and words count one by one towards ``mm`` in ``edismax`` too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ckanext.mainz.search.query import syntax
from ckanext.mainz.search.query.errors import ValueRefused
from ckanext.mainz.search.query.model import (
    Best,
    Boosted,
    Clause,
    Group,
    MinimumMatch,
    Occur,
    Phrase,
    Query,
    Words,
)
from ckanext.mainz.search.query.tokens import Sort

ALL_OF_THEM = MinimumMatch(((-1, 100, True),))
ONE_OF_THEM = MinimumMatch(((-1, 0, True),))

_RULE = re.compile(r"\s*(?:(\d+)\s*<\s*)?(-?\d+)(%?)(?=\s|$)", re.ASCII)
_FIELD = re.compile(r"([^\s^]+)(?:\^(\d+(?:\.\d*)?|\.\d+))?", re.ASCII)
_ITEM = re.compile(r'(?P<sign>[-+]*)(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_OPERATORS = {"AND": Sort.AND, "&&": Sort.AND, "OR": Sort.OR, "||": Sort.OR, "NOT": Sort.NOT}


@dataclass(frozen=True)
class Weighted:
    """A field and its boost."""

    field: str
    boost: float = 1.0


@dataclass(frozen=True)
class Settings:
    """The parameters of the two parsers. `phrases` are the fields of ``pf``, `optional` the queries of ``bq``."""

    fields: tuple[Weighted, ...]
    minimum: MinimumMatch
    tie: float = 0.0
    phrases: tuple[Weighted, ...] = ()
    phrase_slop: int = 0
    query_slop: int = 0
    optional: tuple[Query, ...] = ()


def weighted_fields(text: str) -> tuple[Weighted, ...]:
    """Reads ``title^4 tags^2 text``. Raises `ValueRefused`."""
    found = []
    for part in text.split():
        match = _FIELD.fullmatch(part)
        if match is None:
            raise ValueRefused(f"{part!r} is not a field with a boost such as title^4")
        found.append(Weighted(match[1], float(match[2] or 1)))
    return tuple(found)


def minimum_match(text: str) -> MinimumMatch:
    """Reads ``mm``: ``2``, ``-1``, ``75%``, ``2<-1 5<80%``. Raises `ValueRefused`."""
    rules, position = [], 0
    while position < len(text.rstrip()):
        match = _RULE.match(text, position)
        if match is None:
            raise ValueRefused(f"{text!r} is not a number of clauses such as 2, -1, 75% or 2<-1 5<80%")
        rules.append((int(match[1] or -1), int(match[2]), bool(match[3])))
        position = match.end()
    if not rules or (len(rules) > 1 and rules[0][0] == -1):
        raise ValueRefused(f"{text!r} is not a number of clauses such as 2, -1, 75% or 2<-1 5<80%")
    return MinimumMatch(tuple(rules))


def simple(text: str, settings: Settings) -> Query | None:
    """Reads a query as ``dismax`` does: words, phrases in quotation marks, +, -, AND, OR and NOT, nothing else."""
    query = _words(text, settings)
    return _completed(query, text, settings) if query else None


def extended(text: str, settings: Settings) -> Query | None:
    """Reads a query as ``edismax`` does: the full syntax, or as words where that fails."""
    try:
        query = syntax.parse(text, syntax.Rules(_spread(settings), required=False, runs=False))
    except ValueRefused:
        query = _words(text, settings)
    if isinstance(query, Group):
        query = replace(query, minimum=settings.minimum)
    return _completed(query, text, settings) if query else None


def _words(text: str, settings: Settings) -> Query | None:
    """The clauses of a text without syntax. A group that only excludes finds nothing, as in Solr's ``dismax``."""
    if text.count('"') % 2:
        text = text.replace('"', " ")
    spread, clauses = _spread(settings), []
    operator = None
    for item in _ITEM.finditer(text):
        if item["word"] in _OPERATORS:
            operator = _OPERATORS[item["word"]]
        elif make := _maker(item):
            if operator is Sort.AND and clauses and clauses[-1].occur is Occur.SHOULD:
                clauses[-1] = replace(clauses[-1], occur=Occur.MUST)
            clauses.append(Clause(_occur(operator, item["sign"]), spread(make)))
            operator = None
    return Group(tuple(clauses), settings.minimum) if clauses else None


def _occur(operator: Sort | None, sign: str) -> Occur:
    if operator is Sort.NOT or sign.endswith("-"):
        return Occur.MUST_NOT
    return Occur.MUST if operator is Sort.AND or sign else Occur.SHOULD


def _maker(item: re.Match[str]) -> syntax.Make | None:
    """A word or phrase in a field; None for what has neither letter nor digit."""
    text = item["word"] if item["phrase"] is None else item["phrase"]
    if not any(map(str.isalnum, text)):
        return None
    return lambda field: Words(field, text) if item["phrase"] is None else Phrase(field, text)


def _spread(settings: Settings) -> syntax.Spread:
    def best(make: syntax.Make) -> Query:
        return Best(tuple(_in_field(each, make, settings) for each in settings.fields), settings.tie)

    return best


def _in_field(each: Weighted, make: syntax.Make, settings: Settings) -> Query:
    query = make(each.field)
    if isinstance(query, Phrase) and not query.slop:
        query = replace(query, slop=settings.query_slop)
    return query if each.boost == 1 else Boosted(query, each.boost)


def _completed(query: Query, text: str, settings: Settings) -> Query:
    """The query with what only raises scores: phrase fields and ``bq``."""
    clauses = [Clause(Occur.SHOULD, optional) for optional in settings.optional]
    if settings.phrases and (phrase := text.replace('"', " ").strip()):
        queries = (Boosted(Phrase(each.field, phrase, settings.phrase_slop), each.boost) for each in settings.phrases)
        clauses.append(Clause(Occur.SHOULD, Best(tuple(queries), settings.tie)))
    return Group((Clause(Occur.MUST, query), *clauses)) if clauses else query
