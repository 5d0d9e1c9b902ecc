"""Whatever is asked: an answer or a `QueryError`; and the answer is what reading every document would give."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.search.documents import dataset, ids, write

from ckanext.mainz.search.embedded import EmbeddedEngine
from ckanext.mainz.search.errors import QueryError

VALUES = ["a", "b", "ab", "abc", "b c", "ä", "A", "z-1", "2", ""]
WORDS = ["apfel", "birne", "zug", "bus"]
FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

SIGNS = """
    + - ! ( ) : ^ [ ] { } " ~ * ? \\ / && || AND OR NOT TO NOW . , 1 0.5 a ab ~2 ^3 ^=2 filter( _val_: *:
    title: text: tags: id: name: views_total: metadata_modified: issued_date: title_ngram: nope: 1} b] [a {* {!
"""
SYNTAX = st.sampled_from(SIGNS.split())
QUERIES = st.lists(SYNTAX | st.text(max_size=4), max_size=12).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda blank: blank.join(parts))
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedEngine:
    """An engine with a few documents."""
    engine = EmbeddedEngine.create(tmp_path_factory.mktemp("any") / "index")
    write(
        engine,
        dataset("a", title="Ein Apfel", tags=["a", "b c"], views_total=1, metadata_modified="2024-01-01T00:00:00Z"),
        dataset("b", title="GTFS-RT", notes="apfel und birne", issued_date="2020-01-01T00:00:00Z"),
        dataset("c", extras_x="zug", tags=[""]),
    )
    return engine


def answers_or_refuses(engine: EmbeddedEngine, parameters: dict[str, Any]) -> None:
    """Anything but an answer or a `QueryError` of one of the parameters fails the test."""
    try:
        answer = engine.search(parameters)
    except QueryError as error:
        names_what_is_wrong(error, parameters)
    else:
        assert answer.hits >= len(answer.docs)


def names_what_is_wrong(error: QueryError, parameters: dict[str, Any]) -> None:
    """An error of a parameter that was given, with a reason."""
    assert error.parameter in parameters
    assert error.message


@FEW
@given(query=QUERIES, parser=st.sampled_from(["lucene", "dismax", "edismax"]))
def test_any_query_is_answered_or_refused(filled: EmbeddedEngine, query: str, parser: str) -> None:
    answers_or_refuses(filled, {"q": query, "defType": parser, "qf": "title^2 tags text", "mm": "2<-1", "df": "text"})


@FEW
@given(query=QUERIES)
def test_any_filter_is_answered_or_refused(filled: EmbeddedEngine, query: str) -> None:
    answers_or_refuses(filled, {"q": "*:*", "fq": [query], "facet": "true", "facet.field": ["tags"]})


@FEW
@given(text=QUERIES.filter(lambda text: not text.strip().startswith("{!")))
def test_dismax_never_refuses_what_people_type(filled: EmbeddedEngine, text: str) -> None:
    filled.search({"q": text, "defType": "dismax", "qf": "name^4 title^4 tags^2 groups^2 text", "mm": "2<-1 5<80%"})


NAMES = "sort fl rows start mm qf tie pf bq q.op df facet.field facet.limit facet.sort f.tags.facet.limit"
PARAMETERS = st.dictionaries(
    st.sampled_from(NAMES.split()),
    QUERIES | st.integers() | st.none() | st.lists(QUERIES, max_size=2) | st.booleans(),
)


@FEW
@given(parameters=PARAMETERS)
def test_any_parameters_are_answered_or_refused(filled: EmbeddedEngine, parameters: dict[str, Any]) -> None:
    answers_or_refuses(filled, {"q": "apfel", "defType": "edismax", "facet": "true", **parameters})


# A model of documents and queries

DOCUMENTS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "tags": st.lists(st.sampled_from(VALUES), max_size=3),
            "organization": st.sampled_from(VALUES),
            "title": st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
            "views_total": st.integers(-5, 5),
            "level": st.sampled_from(VALUES),
        },
    ),
    min_size=1,
    max_size=8,
)
Model = dict[str, Any]


def values(document: Model, field: str) -> list[Any]:
    """Values of a field; empty texts outside of lists are none."""
    found = document.get(field, [])
    given_values = found if isinstance(found, list) else [found]
    return given_values if isinstance(found, list) else [each for each in given_values if each != ""]


def quoted(value: str) -> str:
    """A value as a term of the syntax."""
    return f'"{value}"'


class Leaf:
    """A condition with its query."""

    def __init__(self, text: str, field: str, holds: Any) -> None:
        self.text = text
        self._field = field
        self._holds = holds

    def matches(self, document: Model) -> bool:
        return any(self._holds(value) for value in values(document, self._field))

    def __repr__(self) -> str:
        return self.text


STRINGS = st.sampled_from(["tags", "organization", "level"])


def between(field: str, lower: Any, upper: Any, *, include: bool) -> Leaf:
    """A range."""
    opening, closing = "[]" if include else "{}"
    text = f"{field}:{opening}{lower} TO {upper}{closing}"
    return Leaf(text, field, lambda value: lower <= value <= upper if include else lower < value < upper)


BOUNDS = st.sampled_from(["a", "ab", "b", "z-1", "A", "2"])
LEAVES = st.one_of(
    st.builds(
        lambda field, value: Leaf(f"{field}:{quoted(value)}", field, lambda each: each == value),
        STRINGS,
        st.sampled_from(VALUES),
    ),
    st.builds(
        lambda field: Leaf(f"{field}:*", field, lambda _: True), STRINGS | st.sampled_from(["title", "views_total"])
    ),
    st.builds(
        lambda field, value: Leaf(f"{field}:{value}*", field, lambda each: each.startswith(value)), STRINGS, BOUNDS
    ),
    st.builds(lambda word: Leaf(f"title:{word}", "title", lambda each: word in each.split()), st.sampled_from(WORDS)),
    st.builds(
        lambda number: Leaf(f'views_total:"{number}"', "views_total", lambda each: each == number), st.integers(-5, 5)
    ),
    st.builds(between, STRINGS, BOUNDS, BOUNDS, include=st.booleans()),
    st.builds(between, st.just("views_total"), st.integers(-5, 5), st.integers(-5, 5), include=st.booleans()),
)


class Both:
    """Two conditions joined."""

    def __init__(self, one: Any, other: Any, kind: str) -> None:
        self.text = {
            "and": f"({one.text} AND {other.text})",
            "or": f"({one.text} OR {other.text})",
            "without": f"(+{one.text} -{other.text})",
        }[kind]
        self._parts = one, other
        self._kind = kind

    def matches(self, document: Model) -> bool:
        first, second = (part.matches(document) for part in self._parts)
        return {"and": first and second, "or": first or second, "without": first and not second}[self._kind]

    def __repr__(self) -> str:
        return self.text


CONDITIONS = st.recursive(
    LEAVES, lambda inner: st.builds(Both, inner, inner, st.sampled_from(["and", "or", "without"])), max_leaves=6
)
counter = iter(range(10**9))


def scratch(
    tmp_path_factory: pytest.TempPathFactory, documents: list[Model]
) -> tuple[EmbeddedEngine, dict[str, Model]]:
    """An engine with these documents, and they by id."""
    engine = EmbeddedEngine.create(Path(tmp_path_factory.getbasetemp()) / f"model{next(counter)}")
    by_id = {f"d{number}": document for number, document in enumerate(documents)}
    write(engine, *(dataset(name, **document) for name, document in by_id.items()))
    return engine, by_id


@settings(max_examples=40, deadline=None)
@given(documents=DOCUMENTS, conditions=st.lists(CONDITIONS, min_size=1, max_size=6))
def test_the_same_is_found_as_by_reading_every_document(
    tmp_path_factory: pytest.TempPathFactory, documents: list[Model], conditions: list[Any]
) -> None:
    engine, by_id = scratch(tmp_path_factory, documents)
    for condition in conditions:
        expected = {name for name, document in by_id.items() if condition.matches(document)}
        assert set(ids(engine, condition.text)) == expected, condition
        assert set(ids(engine, fq=[condition.text])) == expected, condition
        assert set(ids(engine, f"*:* -{condition.text}")) == set(by_id) - expected, condition
        assert counted(engine, condition.text) == dict(tally(by_id, expected)), condition


def counted(engine: EmbeddedEngine, q: str) -> dict[str, int]:
    """The facet of tags."""
    parameters = {"q": q, "q.op": "AND", "facet": "true", "facet.field": "tags", "facet.mincount": 1, "facet.limit": -1}
    flat = engine.search(parameters).facets["facet_fields"]["tags"]
    return dict(zip(flat[::2], flat[1::2], strict=True))


def tally(by_id: dict[str, Model], names: set[str]) -> Counter[str]:
    """The same, by reading."""
    return Counter(value for name in names for value in set(values(by_id[name], "tags")))


SORTED = ["level", "organization", "views_total", "title", "tags", "name"]


@settings(max_examples=40, deadline=None)
@given(
    documents=DOCUMENTS,
    keys=st.lists(
        st.tuples(st.sampled_from(SORTED), st.booleans()), min_size=1, max_size=3, unique_by=lambda key: key[0]
    ),
    size=st.integers(1, 4),
)
def test_the_same_order_as_by_sorting_every_document(
    tmp_path_factory: pytest.TempPathFactory, documents: list[Model], keys: list[tuple[str, bool]], size: int
) -> None:
    engine, by_id = scratch(tmp_path_factory, documents)
    sort = ", ".join(f"{field} {'desc' if descending else 'asc'}" for field, descending in [*keys, ("id", False)])
    expected = sorted(by_id)
    for field, descending in reversed(keys):
        expected = sorted_by(expected, by_id, field, descending=descending)
    pages = [ids(engine, sort=sort, start=start, rows=size) for start in range(0, len(by_id), size)]
    assert [name for page in pages for name in page] == expected


def sorted_by(names: list[str], by_id: dict[str, Model], field: str, *, descending: bool) -> list[str]:
    """Stable: exact values last where missing, texts and numbers as empty text and nought."""
    absent = {"views_total": 0, "title": ""}.get(field)
    pick = max if descending else min

    def key(name: str) -> Any:
        found = [name] if field == "name" else values(by_id[name], field)
        return pick(found) if found else absent

    present = [name for name in names if key(name) is not None]
    missing = [name for name in names if key(name) is None]
    return sorted(present, key=key, reverse=descending) + missing
