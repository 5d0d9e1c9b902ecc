"""The standard syntax: words, fields and how clauses are joined. CKAN sends ``q.op=AND``."""

from __future__ import annotations

import pytest
from tests.engine_suite.engines import Engine, Refused, dataset


@pytest.fixture
def library(engine: Engine) -> Engine:
    """Four documents about red and green things."""
    engine.add(
        dataset("a", title="red apple", tags=["red", "Big Fish"]),
        dataset("b", title="green apple", tags=["green"]),
        dataset("c", title="red car", tags=["red", "green"]),
        dataset("d", notes="pear"),
    )
    return engine


CLAUSES = {
    "a word finds the documents that have it": ("red", "ac"),
    "every document is found by stars": ("*:*", "abcd"),
    "every document is found by one star": ("*", "abcd"),
    "two words have both to be there": ("red green", "c"),
    "AND wants both": ("red AND apple", "a"),
    "two ampersands are AND": ("apple && red", "a"),
    "OR wants one": ("red OR green", "abc"),
    "two bars are OR": ("red || pear", "acd"),
    "minus excludes": ("+red -apple", "c"),
    "NOT excludes": ("apple NOT red", "b"),
    "AND NOT excludes": ("apple AND NOT red", "b"),
    "an exclamation mark excludes": ("apple !red", "b"),
    "a query that only excludes is taken from all": ("-red", "bd"),
    "NOT alone is taken from all": ("NOT red", "bd"),
    "NOT excludes a group": ("NOT (red OR pear)", "b"),
    "two exclusions are taken from all": ("-red -pear", "b"),
    "a group that only excludes finds nothing": ("(-red)", ""),
    "a group that only excludes spoils its neighbours": ("red (-apple)", ""),
    "parentheses group": ("apple AND (red OR pear)", "a"),
    "OR makes only its neighbours optional": ("red apple OR car", "ac"),
    "a word after OR is still required": ("apple OR red car", "c"),
    "AND does not bind more than OR": ("id:a AND id:b OR id:c", "a"),
    "the last OR does not free what AND requires": ("id:a OR id:b AND id:c", ""),
    "OR over three": ("id:(a OR b OR c)", "abc"),
    "plus within OR": ("id:(+a OR +b)", "ab"),
    "exclusion beside a group": ("id:(a OR b OR c) AND -id:b", "ac"),
    "lower case or is a word": ("red or green", ""),
    "a plus that stands alone is no operator": ("red + apple", "a"),
    "a minus that stands alone is no operator": ("red - apple", "a"),
    "a tab parts words": ("red\tapple", "a"),
    "case makes no difference to words": ("RED", "ac"),
    "an unknown word finds nothing": ("blue", ""),
    "a field is searched alone": ("title:pear", ""),
    "a field's words in parentheses": ("title:(red apple)", "a"),
    "clauses within a field's parentheses": ("title:(+red -apple)", "c"),
    "a field holds for one word only": ("title:pear apple", ""),
    "a field that no document has": ("nothing:foo", ""),
    "the exclusion of a field that no document has": ("-nothing:foo", "abcd"),
    "a boost does not change what is found": ("red^4", "ac"),
    "a boosted group": ("(red apple)^2", "a"),
    "a constant score": ("title:(red)^=3", "ac"),
    "a boost of nought": ("id:a^0 OR id:b", "ab"),
    "an escaped blank joins a value": (r"tags:Big\ Fish", "a"),
    "an escaped star is a star": (r"id:a\*", ""),
    "an escaped letter is the letter": (r"id:\a", "a"),
    "a letter by its code": (r"id:\u0061", "a"),
    "an empty query finds nothing": ("", ""),
    "an empty phrase finds nothing": ('""', ""),
    "filter() is a group": ("filter(id:a)", "a"),
    "deep parentheses": ("((((id:a))))", "a"),
}


@pytest.mark.parametrize(("query", "expected"), CLAUSES.values(), ids=CLAUSES)
def test_clauses(library: Engine, query: str, expected: str) -> None:
    assert library.found(query) == set(expected)


WITH_OR = {
    "two words": ("red green", "abc"),
    "plus wants a word": ("red +apple", "ab"),
    "AND wants both its neighbours": ("green red AND apple", "a"),
    "exclusion": ("red pear -apple", "cd"),
    "words of a field": ("title:(pear car)", "c"),
}


@pytest.mark.parametrize(("query", "expected"), WITH_OR.values(), ids=WITH_OR)
def test_with_or_between_words(library: Engine, query: str, expected: str) -> None:
    assert library.found(query, **{"q__op": "OR"}) == set(expected)


def test_the_default_operator_is_or(library: Engine) -> None:
    answer = library.answer({"q": "red green", "df": "text", "rows": 10, "fl": "id"})
    assert {each["id"] for each in answer.docs} == {"a", "b", "c"}


def test_words_without_a_field_are_looked_for_in_the_default_field(library: Engine) -> None:
    assert library.found("red", df="tags") == {"a", "c"}
    assert library.found("apple", df="tags") == set()


def test_several_values_of_an_exact_field_are_alternatives(library: Engine) -> None:
    """Solr does not split such a run of terms, so that the operator does not stand between them."""
    assert library.found("tags:(red green)") == {"a", "b", "c"}


def test_quoted_values_of_an_exact_field_are_all_required(library: Engine) -> None:
    assert library.found('tags:("red" "green")') == {"c"}


BROKEN = {
    "an open parenthesis": "title:(red",
    "a parenthesis too many": "title:red)",
    "an open quotation mark": 'title:"red',
    "AND at the end": "red AND",
    "AND at the beginning": "AND red",
    "OR alone": "OR",
    "a field without a value": "title:",
    "an empty group": "title:()",
    "a boost without a number": "red^",
    "a negative boost": "red^-1",
    "a plus alone": "+",
    "a minus alone": "-",
    "two signs": "+-red",
    "a sign after a field": "title:+red",
    "a colon too many": "title:red:green",
    "a wildcard as field": "a*:red",
    "a backslash at the end": "title:red\\",
    "a range without an end": "title:[a TO",
    "a range without TO": "title:[a b c]",
    "OR before a parenthesis": "title:(red OR )",
}


@pytest.mark.parametrize("query", BROKEN.values(), ids=BROKEN)
def test_broken_syntax_is_refused(library: Engine, query: str) -> None:
    with pytest.raises(Refused):
        library.search(query)


@pytest.mark.parametrize("query", BROKEN.values(), ids=BROKEN)
def test_broken_syntax_in_a_filter_is_refused(library: Engine, query: str) -> None:
    with pytest.raises(Refused):
        library.search(fq=query)
