"""Adding, replacing and deleting."""

from __future__ import annotations

import pytest
from tests.engine_suite.engines import Engine, dataset


@pytest.fixture
def library(engine: Engine) -> Engine:
    """Three documents."""
    engine.add(
        dataset("a", title="apple", harvest_source_id="s1"),
        dataset("b", title="pear", harvest_source_id="s1"),
        dataset("c", title="apple"),
    )
    return engine


def test_an_empty_engine_finds_nothing(engine: Engine) -> None:
    assert engine.search().hits == 0
    assert engine.facet("tags") == {}


def test_a_document_replaces_the_one_of_its_id(library: Engine) -> None:
    library.add(dataset("a", title="quince"))
    assert library.search().hits == 3
    assert library.found("title:apple") == {"c"}
    assert library.found("title:quince") == {"a"}


def test_nothing_of_the_replaced_document_remains(library: Engine) -> None:
    library.add(dataset("a"))
    assert library.search("id:a", fl="title,harvest_source_id").docs == [{}]
    assert library.found("harvest_source_id:s1") == {"b"}


def test_of_two_in_one_batch_the_last_remains(engine: Engine) -> None:
    engine.add(dataset("a", title="first"), dataset("a", title="second"))
    assert engine.search(fl="title").docs == [{"title": "second"}]


def test_the_same_id_on_another_site_is_another_document(library: Engine) -> None:
    library.add(dataset("a") | {"site_id": "other", "index_id": "another"})
    assert library.search('site_id:"suite"').hits == 3
    assert library.search("id:a").hits == 2


DELETIONS = {
    "as CKAN deletes a record": ('+entity_type:package AND +(id:"a" OR name:"a") AND +site_id:"suite"', "bc"),
    "as CKAN clears an index": ('+site_id:"suite"', ""),
    "as a harvest source is cleared": (' +harvest_source_id:"s1" +site_id:"suite" ', "c"),
    "of another site": ('+site_id:"other"', "abc"),
    "by words": ("title:apple", "b"),
    "everything": ("*:*", ""),
    "by exclusion": ("-id:a", "a"),
    "by a pattern": ("title:app*", "b"),
    "by a range": ("id:[a TO b]", "c"),
    "what is not there": ("id:z", "abc"),
}


@pytest.mark.parametrize(("query", "left"), DELETIONS.values(), ids=DELETIONS)
def test_deletions(library: Engine, query: str, left: str) -> None:
    library.delete(query)
    assert library.found() == set(left)


def test_what_was_deleted_can_be_added_again(library: Engine) -> None:
    library.delete("id:a")
    library.add(dataset("a", title="plum"))
    assert library.found("title:plum") == {"a"}


def test_many_small_changes(engine: Engine) -> None:
    for number in range(30):
        engine.add(dataset(f"d{number % 10}", title=f"round {number}", tags=["even" if number % 2 == 0 else "odd"]))
    assert engine.search().hits == 10
    assert engine.facet("tags") == {"even": 5, "odd": 5}
    assert engine.ids(sort="name asc") == [f"d{number}" for number in range(10)]
