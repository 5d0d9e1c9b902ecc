"""Which parameters are read, which are ignored, which are refused, and how the error says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ckanext.mainz.search.errors import QueryError
from ckanext.mainz.search.query import read
from ckanext.mainz.search.query.model import (
    Best,
    Boosted,
    Clause,
    Everything,
    Exists,
    Facet,
    FacetOrder,
    FieldList,
    Fuzzy,
    Group,
    MinimumMatch,
    Occur,
    Pattern,
    Phrase,
    Range,
    SortKey,
    Wild,
    Words,
)
from ckanext.mainz.search.query.request import IGNORED as IGNORED_NAMES
from ckanext.mainz.search.query.request import SUPPORTED

REFUSED = {
    "hl": "true",
    "group": "true",
    "mlt": "true",
    "spellcheck": "on",
    "stats": "true",
    "stats.field": "id",
    "facet.range": "metadata_modified",
    "facet.pivot": "tags,groups",
    "facet.interval": "id",
    "json.facet": "{}",
    "json": "{}",
    "cursorMark": "*",
    "timeAllowed": "5",
    "collection": "x",
    "shards": "x",
    "qt": "/x",
    "uf": "title",
    "pf2": "title",
    "mm.autoRelax": "true",
    "NOW": "0",
    "TZ": "Europe/Berlin",
    "sfield": "x",
    "f.tags.facet.range": "1",
    "nonsense": "x",
}


@pytest.mark.parametrize(("name", "value"), REFUSED.items())
def test_what_is_not_supported_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(QueryError) as caught:
        read({"q": "*:*", name: value})
    assert caught.value.parameter == name
    assert str(caught.value) == f"{name}: {caught.value.message}"


@pytest.mark.parametrize("name", ["hl", "group", "spellcheck", "stats", "mlt"])
def test_what_is_not_supported_may_be_off(name: str) -> None:
    assert read({"q": "*:*", name: "false"}) == read({"q": "*:*"})


IGNORED = {
    "wt": "json",
    "fq_list": ["id:a"],
    "facet.method": "enum",
    "indent": "true",
    "extras": {},
    "echoParams": "all",
}


@pytest.mark.parametrize(("name", "value"), IGNORED.items())
def test_what_changes_nothing_is_ignored(name: str, value: Any) -> None:
    assert read({"q": "*:*", name: value}) == read({"q": "*:*"})


def test_none_is_as_if_it_was_not_given() -> None:
    assert read({"q": "*:*", "sort": None, "fq": None, "nonsense": None}) == read({"q": "*:*"})


WRONG = {
    "a local parameter in q": ({"q": "{!term f=id}a"}, "q"),
    "a local parameter in a filter": ({"fq": "{!term f=id}a"}, "fq"),
    "a local parameter for dismax": ({"q": "{!term f=id}a", "defType": "dismax"}, "q"),
    "a local parameter within q": ({"q": "a {!term f=id}a"}, "q"),
    "a local parameter in a facet": ({"facet": "true", "facet.field": "{!ex=a}tags"}, "facet.field"),
    "a magic field": ({"q": '_query_:"a"'}, "q"),
    "a magic function": ({"q": '_val_:"a"'}, "q"),
    "a regular expression": ({"q": "title:/a.*/"}, "q"),
    "all fields": ({"q": "*:a*"}, "q"),
    "an order by a function": ({"sort": "sum(a,b) desc"}, "sort"),
    "a random order": ({"sort": "random_1 desc"}, "sort"),
    "an order without direction": ({"sort": "id"}, "sort"),
    "a field list with a function": ({"fl": "id,sum(a,b)"}, "fl"),
    "a field list with a transformer": ({"fl": "[docid]"}, "fl"),
    "a wrong operator": ({"q.op": "XOR"}, "q.op"),
    "a wrong boost": ({"qf": "title^x", "defType": "dismax"}, "qf"),
    "a wrong phrase boost": ({"pf": "title^x", "defType": "dismax"}, "pf"),
    "a wrong tie": ({"tie": "x", "defType": "dismax"}, "tie"),
    "a wrong slop": ({"ps": "x", "defType": "dismax"}, "ps"),
    "a wrong minimum": ({"mm": "x", "defType": "dismax"}, "mm"),
    "a boost function": ({"bf": "log(x)", "defType": "dismax"}, "bf"),
    "a boost": ({"boost": "log(x)", "defType": "edismax"}, "boost"),
    "a wrong boosting query": ({"bq": "a:(", "defType": "dismax"}, "bq"),
    "another parser": ({"defType": "func"}, "defType"),
    "wrong rows": ({"rows": "many"}, "rows"),
    "a wrong start": ({"start": "-1"}, "start"),
    "too large a number": ({"rows": "99999999999"}, "rows"),
    "a wrong limit": ({"facet": "true", "facet.field": "tags", "facet.limit": "x"}, "facet.limit"),
    "a wrong limit of a field": ({"facet": "true", "facet.field": "a", "f.a.facet.limit": "x"}, "f.a.facet.limit"),
    "a wrong facet query": ({"facet": "true", "facet.query": "a:("}, "facet.query"),
    "a facet of dates": ({"facet": "true", "facet.field": "metadata_created"}, "facet.field"),
    "parentheses without end": ({"q": "(" * 500 + "a" + ")" * 500}, "q"),
    "too many words": ({"q": "a " * 20_000}, "q"),
}


@pytest.mark.parametrize(("parameters", "named"), WRONG.values(), ids=WRONG)
def test_errors_name_the_parameter(parameters: dict[str, Any], named: str) -> None:
    with pytest.raises(QueryError) as caught:
        read({"q": "*:*", **parameters})
    assert caught.value.parameter == named


def test_errors_say_where() -> None:
    with pytest.raises(QueryError, match=r"q: the query has '\)' at character 4, where it does not belong"):
        read({"q": "a b)"})
    with pytest.raises(QueryError, match="q: the query ends where something is still expected"):
        read({"q": "title:"})


def q(text: str, **parameters: str) -> Any:
    """The query of a text, with AND."""
    return read({"q": text, "q.op": "AND", **parameters}).query


READ = {
    "*:*": Everything(),
    "a": Words("text", "a"),
    "x:a": Words("x", "a"),
    'x:"a b"~3': Phrase("x", "a b", 3),
    "x:a*b?": Pattern("x", ("a", Wild.ANY, "b", Wild.ONE)),
    r"x:a\*b*": Pattern("x", ("a*b", Wild.ANY)),
    "x:*": Exists("x"),
    "x:a~": Fuzzy("x", "a", 2),
    "x:abcdefghij~0.9": Fuzzy("x", "abcdefghij", 0),
    "x:[a TO *}": Range("x", "a", None, True, False),
    'x:{"a b" TO c]': Range("x", "a b", "c", False, True),
    "x:a^2.5": Boosted(Words("x", "a"), 2.5),
    "x:(a)": Words("x", "a"),
    "-a": Group((Clause(Occur.MUST_NOT, Words("text", "a")),), pure_negative=True),
    "title:(a b)": Group((Clause(Occur.MUST, Words("title", "a")), Clause(Occur.MUST, Words("title", "b")))),
    "x:(a b)": Group((Clause(Occur.SHOULD, Words("x", "a")), Clause(Occur.SHOULD, Words("x", "b")))),
}


@pytest.mark.parametrize(("text", "query"), READ.items())
def test_what_is_read(text: str, query: Any) -> None:
    assert q(text) == query


def test_what_is_read_of_a_typed_text() -> None:
    request = read({"q": "red -car", "defType": "dismax", "qf": "title^4 text", "tie": "0.1", "mm": "2<-1"})
    best = Best((Boosted(Words("title", "red"), 4.0), Words("text", "red")), 0.1)
    other = Best((Boosted(Words("title", "car"), 4.0), Words("text", "car")), 0.1)
    minimum = MinimumMatch(((2, -1, False),))
    assert request.query == Group((Clause(Occur.SHOULD, best), Clause(Occur.MUST_NOT, other)), minimum)


def test_facets_and_fields_and_order() -> None:
    request = read(
        {
            "q": "*:*",
            "facet": "true",
            "facet.field": ["tags", "groups"],
            "facet.limit": 50,
            "facet.mincount": 1,
            "f.groups.facet.limit": "-1",
            "fl": "id, score ext*",
            "sort": "score desc, name asc",
            "rows": 21,
            "start": "40",
        }
    )
    assert request.facets == (
        Facet("tags", limit=50, minimum=1),
        Facet("groups", limit=None, minimum=1, order=FacetOrder.INDEX),
    )
    assert request.fields == FieldList(frozenset({"id"}), ("ext*",), score=True)
    assert request.sort == (SortKey(None, True), SortKey("name", False))
    assert (request.rows, request.start) == (21, 40)


def test_every_parameter_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "developers" / "search.md").read_text(encoding="utf-8")
    assert {name for name in SUPPORTED | IGNORED_NAMES if f"`{name}`" not in text} == set()
