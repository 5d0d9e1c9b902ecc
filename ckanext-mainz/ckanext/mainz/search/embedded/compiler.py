"""From the query model to tantivy's queries.

A compiled query is None where nothing is asked for (a text without a word); such a clause is left out of its group, as
in Solr. Scores are BM25, in string fields without regard to the number of values, as Lucene's without norms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import tantivy

from ckanext.mainz.search import analysis, fields
from ckanext.mainz.search.analysis import Analyzer, QueryWord
from ckanext.mainz.search.embedded import documents, shape
from ckanext.mainz.search.embedded.terms import near, regex
from ckanext.mainz.search.fields import Field, Kind
from ckanext.mainz.search.query import dates, model
from ckanext.mainz.search.query.errors import ValueRefused
from ckanext.mainz.search.query.model import Occur

Compiled = tantivy.Query | None
Ordered = TypeVar("Ordered", str, int)

_OCCUR = {
    Occur.MUST: tantivy.Occur.Must,
    Occur.SHOULD: tantivy.Occur.Should,
    Occur.MUST_NOT: tantivy.Occur.MustNot,
}


class Compiler:
    """Makes tantivy's queries for the documents of one searcher.

    With `scored` false, parts that only raise scores are left out. With `complete` false there may be documents that
    the searcher does not see yet; queries that need the list of all terms are refused then.
    """

    def __init__(
        self, searcher: tantivy.Searcher, analyzer: Analyzer, now: datetime, *, scored: bool, complete: bool = True
    ) -> None:
        self._searcher = searcher
        self._analyzer = analyzer
        self._now = now
        self._scored = scored
        self._complete = complete
        self._schema = shape.schema()

    def compile(self, query: model.Query) -> tantivy.Query:
        """The query; one that asks for nothing finds nothing.

        Raises `ValueRefused`.
        """
        return self._any(query) or tantivy.Query.empty_query()

    def _any(self, query: model.Query) -> Compiled:
        match query:
            case model.Everything():
                return self._everything()
            case model.Nothing():
                return tantivy.Query.empty_query()
            case model.Group():
                return self._group(query)
            case model.Best():
                return self._best(query)
            case model.Boosted() | model.Constant():
                return self._weighed(query)
            case model.Exists():
                return self.key(shape.has_key(query.field))
        return self._leaf(query, fields.field(query.field))

    def _everything(self) -> tantivy.Query:
        every = tantivy.Query.all_query()
        # Beside others in a group tantivy leaves the bare query out, and its score with it.
        return tantivy.Query.const_score_query(every, 1.0) if self._scored else every

    # Groups

    def _group(self, group: model.Group) -> Compiled:
        clauses = [(each.occur, self._any(each.query)) for each in self._counted(group)]
        made = [(occur, query) for occur, query in clauses if query is not None]
        if not made:
            return None
        if all(occur is Occur.MUST_NOT for occur, _ in made):
            if not group.pure_negative:
                return tantivy.Query.empty_query()
            made.append((Occur.MUST, tantivy.Query.all_query()))
        optional = sum(occur is Occur.SHOULD for occur, _ in made)
        needed = group.minimum.of(optional) if group.minimum else 0
        if not self._scored and not needed and any(occur is Occur.MUST for occur, _ in made):
            made = [(occur, query) for occur, query in made if occur is not Occur.SHOULD]
        return tantivy.Query.boolean_query([(_OCCUR[occur], query) for occur, query in made], needed or None)

    def _counted(self, group: model.Group) -> Sequence[model.Clause]:
        """The clauses of a group; where people typed them, without optional stop words if there are others."""
        if group.minimum is None:
            return group.clauses
        kept = [each for each in group.clauses if each.occur is not Occur.SHOULD or not self._is_stop_word(each.query)]
        return kept if any(each.occur is not Occur.MUST_NOT for each in kept) else group.clauses

    def _is_stop_word(self, query: model.Query) -> bool:
        match query:
            case model.Best():
                return bool(query.queries) and self._is_stop_word(query.queries[0])
            case model.Boosted():
                return self._is_stop_word(query.query)
            case model.Words():
                return self._analyzer.is_stop_word(query.text)
        return False

    def _best(self, best: model.Best) -> Compiled:
        made = []
        for query in best.queries:
            try:
                made.append(self._any(query))
            except ValueRefused:
                # A word among numbers or dates: Solr leaves the field out too.
                continue
        return self._either([query for query in made if query is not None], best.tie)

    def _either(self, queries: Sequence[tantivy.Query], tie: float = 0.0) -> Compiled:
        if len(queries) < 2:
            return queries[0] if queries else None
        if self._scored:
            return tantivy.Query.disjunction_max_query(queries, tie)
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])

    def _weighed(self, query: model.Boosted | model.Constant) -> Compiled:
        made = self._any(query.query)
        if made is None or not self._scored:
            return made
        if isinstance(query, model.Boosted):
            return tantivy.Query.boost_query(made, query.factor)
        return tantivy.Query.const_score_query(made, query.score)

    # Leaves

    def _leaf(self, query: model.Query, field: Field) -> Compiled:
        match query:
            case model.Words():
                return self._words(field, query.text)
            case model.Phrase():
                return self._phrase(field, query.text, query.slop)
            case model.Pattern():
                return self._pattern(field, query.pieces)
            case model.Fuzzy():
                return self._fuzzy(field, query)
            case model.Range():
                return self._range(field, query)
        raise TypeError(f"{query!r} is not a query")

    def key(self, written: str) -> tantivy.Query:
        """Documents with this key. Rare keys weigh more."""
        term = tantivy.Query.term_query(self._schema, shape.KEYS, written, "basic")
        if not self._scored:
            return term
        having = self._searcher.doc_freq(shape.KEYS, written)
        rarity = math.log(1 + (self._searcher.num_docs - having + 0.5) / (having + 0.5)) if having else 0.0
        return tantivy.Query.const_score_query(term, max(rarity, 0.0))

    def _words(self, field: Field, text: str) -> Compiled:
        match field.kind:
            case Kind.TEXT:
                return self._all([self._word(field, word) for word in self._analyzer.query(text)])
            case Kind.NGRAM:
                return self._all([self._piece(field, word) for word in analysis.fold(text).split()])
            case Kind.STRING:
                return self.key(shape.key(field.name, text))
        return self._number(field, self._value(field, text))

    def _all(self, queries: Sequence[Compiled]) -> Compiled:
        made = [query for query in queries if query is not None]
        if len(made) < 2:
            return made[0] if made else None
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in made])

    def _word(self, field: Field, word: QueryWord) -> Compiled:
        parts = self._all([self._either([self._term(field, each) for each in part]) for part in word.alternatives])
        joint = [self._term(field, word.joint)] if word.joint else []
        return self._either([query for query in (parts, *joint) if query is not None])

    def _term(self, field: Field, word: str) -> tantivy.Query:
        written = shape.word_term(field.name, word)
        return tantivy.Query.term_query(self._schema, shape.words_field(field.name), written, "position")

    def _piece(self, field: Field, piece: str) -> tantivy.Query:
        """Documents whose value contains a piece of text; Solr's index of pieces has none of a single letter."""
        if len(piece) < 2:
            return tantivy.Query.empty_query()
        parts = [piece[start : start + 3] for start in range(max(1, len(piece) - 2))]
        written: list[str | tuple[int, str]] = [shape.key(field.name, part) for part in parts]
        if len(written) == 1:
            made = tantivy.Query.term_query(self._schema, shape.GRAMS, written[0], "position")
        else:
            made = tantivy.Query.phrase_query(self._schema, shape.GRAMS, written)
        return tantivy.Query.const_score_query(made, 1.0)

    def _phrase(self, field: Field, text: str, slop: int) -> Compiled:
        if field.kind is not Kind.TEXT:
            return self._words(field, text)
        words = self._analyzer.query(text)
        if len(words) == 1 and not slop:
            return self._hyphenated(field, words[0])
        return self._sequence(field, [form for word in words for form in word.forms], slop)

    def _hyphenated(self, field: Field, word: QueryWord) -> Compiled:
        joint = [self._term(field, word.joint)] if word.joint else []
        return self._either([query for query in (self._sequence(field, word.forms, 0), *joint) if query is not None])

    def _sequence(self, field: Field, forms: Sequence[str], slop: int) -> Compiled:
        bases = [self._analyzer.base(form) for form in forms]
        if len(bases) < 2:
            return self._term(field, bases[0]) if bases else None
        written: list[str | tuple[int, str]] = [shape.word_term(field.name, base) for base in bases]
        return tantivy.Query.phrase_query(self._schema, shape.words_field(field.name), written, slop)

    # Terms that are not known in full

    def _pattern(self, field: Field, pieces: tuple[str | model.Wild, ...]) -> tantivy.Query:
        if field.is_number:
            raise ValueRefused(f"{field.name} holds numbers or dates, which have no wildcards")
        if field.is_words:
            pieces = tuple(piece if isinstance(piece, model.Wild) else analysis.fold(piece) for piece in pieces)
        if field.kind is Kind.NGRAM:
            return self._pieces(field, pieces)
        return self._regex(field, pieces)

    def _pieces(self, field: Field, pieces: tuple[str | model.Wild, ...]) -> tantivy.Query:
        """A pattern among pieces of words: only its ends may be open, as they are anyway."""
        literal = [piece for piece in pieces if piece is not model.Wild.ANY]
        if len(literal) != 1 or isinstance(literal[0], model.Wild):
            raise ValueRefused(f"{field.name} holds pieces of words, in which no gaps are looked for")
        return self._piece(field, literal[0])

    def _regex(self, field: Field, pieces: tuple[str | model.Wild, ...]) -> tantivy.Query:
        expression = regex((shape.key(field.name, ""), *pieces))
        try:
            return tantivy.Query.regex_query(self._schema, shape.KEYS, expression)
        except ValueError as error:
            raise ValueRefused("the pattern is too long") from error

    def _fuzzy(self, field: Field, query: model.Fuzzy) -> Compiled:
        if field.is_number or field.kind is Kind.NGRAM:
            raise ValueRefused(f"{field.name} does not hold words, so that none can be similar")
        if field.kind is Kind.TEXT and field.name in shape.OWN_WORDS:
            return self._similar_words(field, analysis.fold(query.text), query.edits)
        text = analysis.fold(query.text) if field.is_words else query.text
        return self._keys_where(field, lambda value: near(value, text, query.edits))

    def _similar_words(self, field: Field, form: str, edits: int) -> Compiled:
        forms = dict.fromkeys((form, self._analyzer.base(form)))
        name = shape.words_field(field.name)
        made = [tantivy.Query.fuzzy_term_query(self._schema, name, each, edits) for each in forms]
        return self._either(made)

    def _range(self, field: Field, query: model.Range) -> tantivy.Query:
        if query.lower is query.upper is None:
            return self.key(shape.has_key(field.name))
        if field.is_number:
            return self._number_range(field, query)
        if field.kind is Kind.NGRAM:
            raise ValueRefused(f"{field.name} holds pieces of words, which have no order")
        lower, upper = (
            analysis.fold(bound) if bound and field.is_words else bound for bound in (query.lower, query.upper)
        )
        return self._keys_where(field, lambda value: _is_between(value, lower, upper, query))

    def _keys_where(self, field: Field, matches: Callable[[str], bool]) -> tantivy.Query:
        """Documents with any of a field's values for which a condition holds."""
        if not self._complete:
            raise ValueRefused("ranges and similar words cannot be deleted in the same batch that adds documents")
        prefix = shape.key(field.name, "")
        known = self._searcher.terms_with_prefix(shape.KEYS, prefix)
        found = [written for written, _ in known if matches(written[len(prefix) :])]
        terms = tantivy.Query.term_set_query(self._schema, shape.KEYS, found)
        return tantivy.Query.const_score_query(terms, 1.0)

    # Numbers and dates

    def _value(self, field: Field, text: str) -> int:
        return dates.resolve(text, self._now) if field.kind is Kind.DATE else documents.integer(text)

    def _number(self, field: Field, value: int) -> tantivy.Query:
        if field.name not in shape.NUMBERS:
            return self.key(shape.number_key(field.name, value))
        term = tantivy.Query.term_query(self._schema, shape.number_field(field.name), value)
        return tantivy.Query.const_score_query(term, 1.0)

    def _number_range(self, field: Field, query: model.Range) -> tantivy.Query:
        lower, upper = (None if bound is None else self._value(field, bound) for bound in (query.lower, query.upper))
        if field.name not in shape.NUMBERS:
            return self._keys_where(field, lambda value: _is_between(shape.key_number(value), lower, upper, query))
        made = tantivy.Query.range_query(
            self._schema,
            shape.number_field(field.name),
            tantivy.FieldType.Integer,
            lower,
            upper,
            query.include_lower,
            query.include_upper,
        )
        return tantivy.Query.const_score_query(made, 1.0)


def _is_between(value: Ordered, lower: Ordered | None, upper: Ordered | None, query: model.Range) -> bool:
    if lower is not None and (value < lower or (value == lower and not query.include_lower)):
        return False
    return upper is None or value < upper or (value == upper and query.include_upper)
