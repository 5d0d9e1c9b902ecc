"""Solr's standard query syntax, read into the query model.

Follows the grammar of Solr 9 (QueryParser.jj, SolrQueryParserBase.java), with what it does to clauses: the operators
have no precedence; each only marks the clauses beside it. A library for Lucene's syntax was not taken, because those
read ``a OR b AND c`` as Boolean algebra, which gives other documents than Solr.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from ckanext.mainz.search import fields
from ckanext.mainz.search.query import tokens as lexer
from ckanext.mainz.search.query.errors import ValueRefused
from ckanext.mainz.search.query.model import (
    Boosted,
    Clause,
    Constant,
    Everything,
    Exists,
    Fuzzy,
    Group,
    Nothing,
    Occur,
    Pattern,
    Phrase,
    Query,
    Range,
    Wild,
    Words,
)
from ckanext.mainz.search.query.tokens import Sort, Token

Make = Callable[[str], Query]
"""Makes the query for one field."""
Spread = Callable[[Make], Query]
"""Makes the query for a term without a field, in the fields that are meant then."""

DEEPEST = 60
"""Parentheses within parentheses."""
MOST_CLAUSES = 4096
"""Terms of one query; permission labels of a user in many organisations are the longest that is known."""
MAGIC_FIELDS = ("_query_", "_val_")
MOST_EDITS = 2


@dataclass(frozen=True)
class Rules:
    """How a query is read: where a term without a field is looked for, and what stands between two clauses.

    With `runs` several plain terms in a row are taken together, as Solr does unless it splits on white space: in a
    field of whole values one of them is enough.
    """

    spread: Spread
    required: bool
    runs: bool = True


@lru_cache(maxsize=50)
def default_field(name: str) -> Spread:
    """Looks for terms without a field in one field."""
    return lambda make: make(name)


def parse(text: str, rules: Rules) -> Query | None:
    """Reads a query; None if there is nothing in it. A query that only excludes is taken from all documents.

    Raises `ValueRefused`.
    """
    found = lexer.tokens(text)
    if len(found) > MOST_CLAUSES * 4:
        raise ValueRefused(f"the query has more than {MOST_CLAUSES} terms")
    if found[0].sort is Sort.END:
        return None
    parser = _Parser(found, rules)
    query = parser.query(None, 0)
    parser.expect(Sort.END)
    return query


class _Parser:
    def __init__(self, found: list[Token], rules: Rules) -> None:
        self._tokens = found
        self._next = 0
        self._rules = rules

    def query(self, field: str | None, depth: int) -> Query:
        """Clauses up to the end or a closing parenthesis."""
        if depth > DEEPEST:
            raise ValueRefused(f"parentheses are nested more than {DEEPEST} times")
        clauses: list[Clause] = []
        lone = self._peek().sort not in _MODIFIERS
        while not clauses or self._peek().sort not in (Sort.END, Sort.CLOSE):
            self._clause(clauses, field, depth)
        if lone and len(clauses) == 1:
            return clauses[0].query
        return Group(tuple(clauses), pure_negative=depth == 0)

    def _clause(self, clauses: list[Clause], field: str | None, depth: int) -> None:
        if (run := self._run(field)) is not None:
            clauses.append(Clause(self._default(), run))
            return
        operator = self._conjunction() if clauses else None
        modifier = self._take().sort if self._peek().sort in _MODIFIERS else None
        query = self._operand(field, depth)
        if operator and clauses[-1].occur is not Occur.MUST_NOT:
            clauses[-1] = replace(clauses[-1], occur=self._before(operator, clauses[-1].occur))
        clauses.append(Clause(self._occur(operator, modifier), query))

    def _default(self) -> Occur:
        return Occur.MUST if self._rules.required else Occur.SHOULD

    def _conjunction(self) -> Sort | None:
        return self._take().sort if self._peek().sort in (Sort.AND, Sort.OR) else None

    def _before(self, operator: Sort, occur: Occur) -> Occur:
        """What becomes of the clause in front of an operator."""
        if operator is Sort.AND:
            return Occur.MUST
        return Occur.SHOULD if self._rules.required else occur

    def _occur(self, operator: Sort | None, modifier: Sort | None) -> Occur:
        if modifier in (Sort.MINUS, Sort.NOT):
            return Occur.MUST_NOT
        if self._rules.required:
            return Occur.SHOULD if operator is Sort.OR else Occur.MUST
        return Occur.MUST if operator is Sort.AND or modifier is Sort.PLUS else Occur.SHOULD

    def _run(self, field: str | None) -> Query | None:
        """Several plain terms in a field of whole values: one of them has to match."""
        if not self._rules.runs or field is None or fields.field(field).is_words:
            return None
        end = self._next
        while self._tokens[end].sort is Sort.TERM and self._tokens[end + 1].sort not in _NO_RUN:
            end += 1
        if end - self._next < 2:
            return None
        terms = self._tokens[self._next : end]
        self._next = end
        return Group(tuple(Clause(Occur.SHOULD, Words(field, lexer.plain(term.text))) for term in terms))

    def _operand(self, field: str | None, depth: int) -> Query:
        if self._tokens[self._next].sort in (Sort.TERM, Sort.PATTERN) and self._peek(1).sort is Sort.COLON:
            field = self._field()
        token = self._take()
        match token.sort:
            case Sort.OPEN | Sort.FILTER:
                query = self.query(field, depth + 1)
                self.expect(Sort.CLOSE)
                return Constant(query, 0.0) if token.sort is Sort.FILTER else self._boosted(query)
            case Sort.TERM | Sort.PATTERN | Sort.QUOTED | Sort.RANGE:
                return self._leaf(field, token)
        raise self._unexpected(token)

    def _field(self) -> str:
        token = self._take()
        self.expect(Sort.COLON)
        if token.text == fields.ALL:
            return fields.ALL
        if token.sort is Sort.PATTERN:
            raise ValueRefused(f"{token.text!r} is not the name of one field")
        name = lexer.plain(token.text)
        if name in MAGIC_FIELDS:
            raise ValueRefused(f"the field {name} of Solr is not supported")
        return name

    def _leaf(self, field: str | None, token: Token) -> Query:
        boost = self._boost()
        tilde = self._take().text if self._peek().sort is Sort.TILDE else None
        query = self._spread(field, _maker(token, tilde))
        return self._boosted(query) if boost is None else boost(query)

    def _spread(self, field: str | None, make: Make) -> Query:
        if field == fields.ALL:
            return _of_all_fields(make(field))
        if field is None:
            return Everything() if make("") == Exists("") else self._rules.spread(make)
        return make(field)

    def _boosted(self, query: Query) -> Query:
        boost = self._boost()
        return boost(query) if boost else query

    def _boost(self) -> Callable[[Query], Query] | None:
        token = self._peek()
        if token.sort not in (Sort.BOOST, Sort.CONSTANT):
            return None
        self._take()
        factor = float(token.text)
        return lambda query: Boosted(query, factor) if token.sort is Sort.BOOST else Constant(query, factor)

    def expect(self, sort: Sort) -> None:
        """Takes a token of this kind."""
        token = self._take()
        if token.sort is not sort:
            raise self._unexpected(token)

    def _peek(self, ahead: int = 0) -> Token:
        return self._tokens[min(self._next + ahead, len(self._tokens) - 1)]

    def _take(self) -> Token:
        token = self._peek()
        self._next += 1
        return token

    def _unexpected(self, token: Token) -> ValueRefused:
        if token.sort is Sort.END:
            return ValueRefused("the query ends where something is still expected")
        return ValueRefused(f"the query has {token.text!r} at character {token.at + 1}, where it does not belong")


_MODIFIERS = (Sort.PLUS, Sort.MINUS, Sort.NOT)
_NO_RUN = (Sort.COLON, Sort.TILDE, Sort.BOOST, Sort.CONSTANT, Sort.AND, Sort.OR)


def _maker(token: Token, tilde: str | None) -> Make:
    """How a token becomes a query for a field."""
    match token.sort:
        case Sort.QUOTED:
            phrase, slop = lexer.plain(token.text), int(float(tilde or "0"))
            return lambda field: Phrase(field, phrase, slop)
        case Sort.RANGE:
            return lambda field: Range(field, *lexer.bounds(token.text))
        case Sort.PATTERN:
            pieces = lexer.pattern(token.text)
            if set(pieces) == {Wild.ANY}:
                return Exists
            return lambda field: Pattern(field, pieces)
    text = lexer.plain(token.text)
    if tilde is None:
        return lambda field: Words(field, text)
    return lambda field: Fuzzy(field, text, _edits(tilde, len(text)))


def _edits(tilde: str, length: int) -> int:
    """Letters that may differ; a number below 1 is Lucene's former similarity."""
    number = float(tilde or MOST_EDITS)
    allowed = (1 - number) * length if number < 1 else number
    return int(min(allowed, MOST_EDITS))


def _of_all_fields(query: Query) -> Query:
    match query:
        case Exists():
            return Everything()
        case Words() | Phrase():
            return Nothing()
    raise ValueRefused("the field * is supported only in *:*")
