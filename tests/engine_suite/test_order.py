"""Order and pages."""

from __future__ import annotations

import pytest
from tests.engine_suite.engines import Engine, Refused, dataset


@pytest.fixture
def library(engine: Engine) -> Engine:
    """Documents that differ in what they can be sorted by."""
    engine.add(
        dataset("a", title_string="Zebra", views_total=5, metadata_modified="2020-01-01T00:00:00Z", level="2"),
        dataset("b", title_string="apple", views_total=-2, metadata_modified="2022-01-01T00:00:00Z", level="1"),
        dataset(
            "c", title_string="Äpfel", metadata_modified="2021-01-01T00:00:00Z", issued_date="2000-01-01T00:00:00Z"
        ),
        dataset("d", metadata_modified="2021-01-01T00:00:00Z", issued_date="1960-01-01T00:00:00Z", level="10"),
    )
    return engine


ORDERS = {
    "a value": ("id asc", "abcd"),
    "a value, descending": ("id desc", "dcba"),
    "the direction in capitals": ("id DESC", "dcba"),
    "titles, capitals before small letters before umlauts": ("title_string asc", "abcd"),
    "titles, descending, without title last": ("title_string desc", "cbad"),
    "numbers; a missing one is nought": ("views_total asc, id asc", "bcda"),
    "numbers, descending": ("views_total desc, id asc", "acdb"),
    "dates": ("metadata_modified asc, id asc", "acdb"),
    "dates, descending": ("metadata_modified desc, id asc", "bcda"),
    "then by another, descending": ("metadata_modified desc, id desc", "bdca"),
    "a field that no document has": ("view_recent desc, id asc", "abcd"),
    "a field that no document has, then another": ("view_recent desc, name desc", "dcba"),
    "an undeclared field is sorted as text": ("level asc", "bdac"),
    "an undeclared field, descending, without value last": ("level desc", "adbc"),
    "a date by the field's ending; a missing one is 1970": ("issued_date asc, id asc", "dabc"),
    "a date by the field's ending, descending": ("issued_date desc, id asc", "cabd"),
    "the score, where all are equal, then another": ("score desc, id desc", "dcba"),
    "the worst score first, where all are equal": ("score asc, id desc", "dcba"),
    "blanks and a comma too many": ("  metadata_modified   desc ,id asc,", "bcda"),
    "three keys": ("state asc, metadata_modified asc, name desc", "adcb"),
    "a tie in a text field's column": ("capacity asc, title_string asc", "abcd"),
}


@pytest.mark.parametrize(("sort", "expected"), ORDERS.values(), ids=ORDERS)
def test_orders(library: Engine, sort: str, expected: str) -> None:
    assert library.ids(sort=sort) == list(expected)


@pytest.mark.parametrize(("sort", "expected"), ORDERS.values(), ids=ORDERS)
def test_orders_hold_over_pages(library: Engine, sort: str, expected: str) -> None:
    pages = [library.ids(sort=sort, start=start, rows=1) for start in range(5)]
    assert pages == [[each] for each in expected] + [[]]


@pytest.mark.parametrize("sort", ["id", "id up", "score", "id asc name desc", "id sideways", "foo bar baz"])
def test_an_order_that_cannot_be_read_is_refused_in_solrs_words(library: Engine, sort: str) -> None:
    """CKAN looks for these words to tell a wrong order from other errors."""
    with pytest.raises(Refused, match="Can't determine a Sort Order"):
        library.search(sort=sort)


def test_the_best_come_first_by_default(engine: Engine) -> None:
    engine.add(
        dataset("long", title="apple " + "and many other words " * 10),
        dataset("short", title="apple"),
        dataset("other", title="pear"),
    )
    assert engine.ids("title:apple") == ["short", "long"]
    assert engine.ids("title:apple", sort="score asc") == ["long", "short"]


def test_more_frequent_words_score_higher(engine: Engine) -> None:
    engine.add(dataset("one", notes="apple pear plum fig"), dataset("three", notes="apple apple apple fig"))
    assert engine.ids("notes:apple") == ["three", "one"]


def test_rare_words_score_higher(engine: Engine) -> None:
    engine.add(
        *(dataset(f"common{number}", title="apple pie") for number in range(8)), dataset("rare", title="quince pie")
    )
    assert engine.ids("title:(apple OR quince)")[0] == "rare"


def test_an_exact_title_comes_before_a_mention(engine: Engine) -> None:
    engine.add(
        dataset("mention", title="Something else", notes="The population is mentioned here, population twice"),
        dataset("longer", title="The population of the districts and their households by age", notes="x"),
        dataset("exact", title="Population", notes="Numbers"),
        *(dataset(f"other{number}", title=f"Other {number}", notes="words") for number in range(10)),
    )
    typed = {"defType": "dismax", "qf": "name^4 title^4 tags^2 groups^2 text", "mm": "2<-1 5<80%", "tie": "0.1"}
    assert engine.ids("population", **typed) == ["exact", "longer", "mention"]


def test_a_boosted_clause_comes_first(engine: Engine) -> None:
    engine.add(dataset("a", title="apple"), dataset("b", title="pear"))
    assert engine.ids("title:apple^9 OR title:pear") == ["a", "b"]
    assert engine.ids("title:apple OR title:pear^9") == ["b", "a"]


def test_constant_scores(engine: Engine) -> None:
    engine.add(dataset("a", title="apple apple"), dataset("b", title="apple and more"))
    docs = engine.search("title:apple^=2.5", fl="score").docs
    assert [each["score"] for each in docs] == [2.5, 2.5]


def test_everything_scores_one(library: Engine) -> None:
    assert {each["score"] for each in library.search(fl="score").docs} == {1.0}


def test_equal_scores_are_ordered_by_the_next_key(engine: Engine) -> None:
    engine.add(
        *(
            dataset(f"d{number}", title="apple", metadata_modified=f"20{number}-01-01T00:00:00Z")
            for number in (11, 13, 12)
        )
    )
    assert engine.ids("title:apple", sort="score desc, metadata_modified desc") == ["d13", "d12", "d11"]


def test_equal_scores_and_texts_are_ordered_by_the_next_key(engine: Engine) -> None:
    engine.add(*(dataset(name, title="apple", title_string="x", level=name) for name in "cab"))
    assert engine.ids("title:apple", sort="score desc, title_string asc, level desc") == ["c", "b", "a"]


@pytest.mark.parametrize(
    "sort", ["score desc", "metadata_modified desc", "title_string asc", "unknown asc", "tags asc"]
)
@pytest.mark.parametrize("query", ["*:*", "title:apple", "tags:x"])
def test_pages_neither_overlap_nor_leave_out(engine: Engine, sort: str, query: str) -> None:
    engine.add(*(dataset(f"d{number:02}", title="apple", tags=["x", f"t{number % 3}"]) for number in range(25)))
    pages = [engine.ids(query, sort=sort, start=start, rows=4) for start in range(0, 28, 4)]
    together = [each for page in pages for each in page]
    assert sorted(together) == [f"d{number:02}" for number in range(25)]
    assert together == engine.ids(query, sort=sort)


PAGES = {
    "the first": ({"rows": 2}, "ab"),
    "the second": ({"rows": 2, "start": 2}, "cd"),
    "beyond the end": ({"rows": 2, "start": 9}, ""),
    "reaching over the end": ({"rows": 3, "start": 3}, "d"),
    "no rows": ({"rows": 0}, ""),
    "numbers as texts": ({"rows": "1", "start": "1"}, "b"),
    "more rows than documents": ({"rows": 1_000_000}, "abcd"),
}


@pytest.mark.parametrize(("page", "expected"), PAGES.values(), ids=PAGES)
def test_pages(library: Engine, page: dict[str, int], expected: str) -> None:
    answer = library.search(sort="id asc", fl="id", **page)
    assert [each["id"] for each in answer.docs] == list(expected)
    assert answer.hits == 4


def test_ten_rows_by_default(engine: Engine) -> None:
    engine.add(*(dataset(f"d{number}") for number in range(12)))
    assert len(engine.answer({"q": "*:*", "fl": "id"}).docs) == 10


WRONG_PAGES = [
    ("rows", "x"),
    ("rows", "-1"),
    ("rows", -1),
    ("start", "x"),
    ("start", -1),
    ("rows", ""),
    ("rows", "1.5"),
]


@pytest.mark.parametrize(("name", "value"), WRONG_PAGES)
def test_wrong_pages_are_refused(library: Engine, name: str, value: object) -> None:
    with pytest.raises(Refused):
        library.search(**{name: value})
