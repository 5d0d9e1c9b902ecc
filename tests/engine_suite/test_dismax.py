"""What people type: the parsers ``dismax`` and ``edismax`` with ``qf``, ``mm`` and their relatives."""

from __future__ import annotations

import pytest
from tests.engine_suite.engines import Engine, Refused, dataset

CKAN = {
    "defType": "dismax",
    "qf": "name^4 title^4 tags^2 groups^2 text",
    "mm": "2<-1 5<80%",
    "tie": "0.1",
}


@pytest.fixture
def library(engine: Engine) -> Engine:
    """Documents that share some words."""
    engine.add(
        dataset("a", title="red apple", tags=["Big Fish"]),
        dataset("b", title="green apple"),
        dataset("c", title="red car"),
        dataset("d", notes="pear red apple car tree house"),
    )
    return engine


TYPED = {
    "one word": ("red", "acd"),
    "of two words both": ("red apple", "ad"),
    "two words of which one is unknown": ("red foo", ""),
    "of three words two": ("red foo car", "cd"),
    "of four words three": ("red apple car zzz", "d"),
    "of four words three, two are too few": ("red apple foo bar", ""),
    "of six words four fifths": ("pear red apple car zzz yyy", "d"),
    "a phrase": ('"red apple"', "ad"),
    "a phrase in another order": ('"apple red"', ""),
    "a phrase and a word": ('"red apple" pear', "d"),
    "an open quotation mark counts for nothing": ('"red apple', "ad"),
    "minus excludes": ("red -apple", "c"),
    "NOT excludes": ("red NOT apple", "c"),
    "minus excludes a phrase": ('red -"red apple"', "c"),
    "plus requires": ("+pear red green car", "d"),
    "AND requires": ("red AND pear", "d"),
    "OR leaves it to mm": ("red OR pear", "d"),
    "only excluding finds nothing": ("-apple", ""),
    "a parenthesis is no syntax": ("red (apple", "ad"),
    "a star is no wildcard": ("red* apple", "ad"),
    "stars alone find nothing": ("*:*", ""),
    "a tilde is no syntax": ("red~", "acd"),
    "a caret is no boost": ("red^ apple", "ad"),
    "a bracket is no range": ("[red apple]", "ad"),
    "a backslash is no escape": ("red\\", "acd"),
    "an exclamation mark does not exclude": ("red !apple", "ad"),
    "exclamation marks alone": ("!!!", ""),
    "a question mark at the end": ("red apple?", "ad"),
    "nothing": ("", ""),
    "an exact value of a tag by its words": ('"Big Fish"', "a"),
    "case makes no difference": ("RED Apple", "ad"),
    "two bars": ("red || car", "cd"),
}


@pytest.mark.parametrize(("query", "expected"), TYPED.values(), ids=TYPED)
def test_dismax(library: Engine, query: str, expected: str) -> None:
    assert library.found(query, **CKAN) == set(expected)


EXTENDED = {
    "words": ("red apple", "ad"),
    "a field": ("title:red", "ac"),
    "a field and a word": ("title:red car", "c"),
    "a pattern": ("re*", "acd"),
    "a group": ("(red apple) pear", "d"),
    "exclusion alone is taken from all": ("-apple", "c"),
    "a phrase with slop": ('"apple red"~2', "ad"),
    "a boost": ("red^4 apple", "ad"),
    "all": ("*:*", "abcd"),
    "a range": ("id:[a TO b]", "ab"),
    "plus and minus": ("+red -title:apple", "cd"),
    "what is broken is taken as words": ("red (apple", "ad"),
    "only a broken sign": (":", ""),
    "AND": ("red AND pear", "d"),
    "an exact field": ('tags:"Big Fish"', "a"),
    "a phrase of a field": ('title:"red apple"', "a"),
}


@pytest.mark.parametrize(("query", "expected"), EXTENDED.values(), ids=EXTENDED)
def test_edismax(library: Engine, query: str, expected: str) -> None:
    assert library.found(query, **{**CKAN, "defType": "edismax"}) == set(expected)


MINIMUM = {
    "one": ("1", "abcd"),
    "two": ("2", "acd"),
    "more than there are": ("9", ""),
    "nought": ("0", "abcd"),
    "all but one": ("-1", "d"),
    "all but more than there are": ("-9", "abcd"),
    "all": ("100%", ""),
    "half": ("50%", "acd"),
    "half of four is two, a little less is one": ("49%", "abcd"),
    "all but a quarter": ("-25%", "d"),
    "none of them": ("0%", "abcd"),
    "above three, nine tenths": ("3<90%", "d"),
    "above four, two; else all": ("4<2", ""),
    "the last rule that holds": ("1<1 3<2", "acd"),
    "blanks around the sign": ("2 < -1", "d"),
}


@pytest.mark.parametrize(("minimum", "expected"), MINIMUM.values(), ids=MINIMUM)
def test_how_many_of_four_words_have_to_match(library: Engine, minimum: str, expected: str) -> None:
    assert library.found("red apple car zzz", **{**CKAN, "mm": minimum}) == set(expected)


@pytest.mark.parametrize("minimum", ["abc", "", "1<abc", "50%%"])
def test_a_minimum_that_cannot_be_read_is_refused(library: Engine, minimum: str) -> None:
    with pytest.raises(Refused):
        library.search("red apple", **{**CKAN, "mm": minimum})


def test_without_a_minimum_the_operator_decides(library: Engine) -> None:
    parameters = {"defType": "dismax", "qf": "text"}
    assert library.found("red pear", **parameters, q__op="AND") == {"d"}
    assert library.found("red pear", **parameters, q__op="OR") == {"a", "c", "d"}


def test_only_the_fields_of_qf_are_searched(library: Engine) -> None:
    assert library.found("red", defType="dismax", qf="title") == {"a", "c"}
    assert library.found("Fish", defType="dismax", qf="title notes") == set()


def test_words_may_lie_in_different_fields(engine: Engine) -> None:
    engine.add(dataset("a", title="red", notes="apple"), dataset("b", title="red"))
    assert engine.found("red apple", defType="dismax", qf="title notes", mm="100%") == {"a"}


def test_a_boosted_field_comes_first(engine: Engine) -> None:
    engine.add(
        dataset("notes", title="nothing", notes="apple"),
        dataset("title", title="apple", notes="nothing"),
        *(dataset(f"other{number}", title="pear", notes="pear") for number in range(5)),
    )
    assert engine.ids("apple", defType="dismax", qf="title^4 notes") == ["title", "notes"]
    assert engine.ids("apple", defType="dismax", qf="title notes^4") == ["notes", "title"]


def test_the_best_field_counts_and_with_tie_the_others_too(engine: Engine) -> None:
    engine.add(
        dataset("both", title="apple tree", notes="apple tree"),
        dataset("one", title="apple tree", notes="nothing here"),
        dataset("other", title="pear tree", notes="pear tree"),
    )
    alone = engine.search("apple", defType="dismax", qf="title notes", tie="0", fl="id,score").docs
    scores = {each["id"]: each["score"] for each in alone}
    shared = engine.search("apple", defType="dismax", qf="title notes", tie="1", fl="id,score").docs
    assert [each["id"] for each in shared] == ["both", "one"]
    assert shared[0]["score"] > shared[1]["score"]
    assert scores["one"] <= scores["both"]
    assert shared[0]["score"] > scores["both"]


def test_an_instead_query_where_nothing_was_typed(library: Engine) -> None:
    assert library.found("", defType="dismax", qf="title", q__alt="*:*") == {"a", "b", "c", "d"}
    assert library.found("red", defType="dismax", qf="title", q__alt="*:*") == {"a", "c"}


def test_phrase_fields_only_raise_scores(engine: Engine) -> None:
    engine.add(
        dataset("apart", title="apple pie made of red things"),
        dataset("phrase", title="one and another red apple made of things and some more"),
        dataset("other", title="pear"),
    )
    found = engine.ids("red apple", defType="dismax", qf="title", mm="100%", pf="title^50")
    assert found == ["phrase", "apart"]


def test_boosting_queries_only_raise_scores(library: Engine) -> None:
    parameters = {"defType": "dismax", "qf": "title", "q.op": "OR"}
    assert library.ids("apple", **parameters, bq="id:b^50") == ["b", "a"]
    assert library.ids("apple", **parameters, bq="id:a^50") == ["a", "b"]
    assert library.found("apple", **parameters, bq="id:c^50") == {"a", "b"}


def test_slop_of_typed_phrases(library: Engine) -> None:
    assert library.found('"apple red"', **{**CKAN, "qs": 2}) == {"a", "d"}


def test_an_unknown_parser_is_refused(library: Engine) -> None:
    with pytest.raises(Refused):
        library.search("red", defType="nonsense")


def test_a_field_of_numbers_among_the_searched_fields_does_no_harm(engine: Engine) -> None:
    engine.add(dataset("a", title="apple", views_total=5), dataset("b", title="pear", views_total=7))
    assert engine.found("apple", defType="dismax", qf="title views_total") == {"a"}
    assert engine.found("7", defType="dismax", qf="title views_total") == {"b"}
