"""Counts of values."""

from __future__ import annotations

import pytest
from tests.engine_suite.engines import Engine, Refused, dataset


@pytest.fixture
def library(engine: Engine) -> Engine:
    """Documents with tags and formats."""
    engine.add(
        dataset("a", tags=["red", "Big Fish"], groups=["g1"], res_format=["CSV", "CSV", "PDF"]),
        dataset("b", tags=["green"], groups=["g1", "g2"], res_format=["CSV", ""]),
        dataset("c", tags=["red", "green"], title="Car"),
        dataset("d"),
    )
    return engine


def in_order(counts: dict[str | None, int]) -> list[tuple[str | None, int]]:
    """Values with counts, in order."""
    return list(counts.items())


def test_values_are_counted_by_document(library: Engine) -> None:
    assert library.facet("tags") == {"red": 2, "green": 2, "Big Fish": 1}


def test_a_value_that_a_document_has_twice_counts_once(library: Engine) -> None:
    assert library.facet("res_format")["CSV"] == 2


def test_an_empty_value_is_counted(library: Engine) -> None:
    assert library.facet("res_format")[""] == 1


def test_the_most_frequent_come_first_and_equal_ones_by_value(library: Engine) -> None:
    assert in_order(library.facet("tags")) == [("green", 2), ("red", 2), ("Big Fish", 1)]


def test_without_a_limit_values_come_by_value(library: Engine) -> None:
    assert in_order(library.facet("tags", facet__limit=-1)) == [("Big Fish", 1), ("green", 2), ("red", 2)]


def test_without_a_limit_by_count_if_asked_for(library: Engine) -> None:
    found = library.facet("tags", facet__limit=-1, facet__sort="count")
    assert in_order(found) == [("green", 2), ("red", 2), ("Big Fish", 1)]


def test_by_value_if_asked_for(library: Engine) -> None:
    assert in_order(library.facet("tags", facet__sort="index")) == [("Big Fish", 1), ("green", 2), ("red", 2)]


def test_a_limit(library: Engine) -> None:
    assert in_order(library.facet("tags", facet__limit=1)) == [("green", 2)]


def test_a_limit_of_nought(library: Engine) -> None:
    assert library.facet("tags", facet__limit=0) == {}


def test_a_limit_for_one_field(library: Engine) -> None:
    assert in_order(library.facet("tags", **{"f.tags.facet.limit": 1})) == [("green", 2)]
    assert len(library.facet("tags", **{"f.groups.facet.limit": 1})) == 3


def test_a_minimum_for_one_field(library: Engine) -> None:
    assert library.facet("tags", **{"f.tags.facet.mincount": 2}) == {"green": 2, "red": 2}


def test_a_minimum(library: Engine) -> None:
    assert library.facet("tags", facet__mincount=2) == {"green": 2, "red": 2}


def test_a_minimum_of_nought_gives_values_of_other_documents_too(library: Engine) -> None:
    assert library.facet("tags", "id:a", facet__mincount=0) == {"Big Fish": 1, "red": 1, "green": 0}


def test_the_default_minimum_is_nought(library: Engine) -> None:
    answer = library.search("id:d", facet="true", facet__field="groups", rows=0)
    assert answer.facets["facet_fields"] == {"groups": ["g1", 0, "g2", 0]}


def test_an_offset(library: Engine) -> None:
    assert in_order(library.facet("tags", facet__offset=1)) == [("red", 2), ("Big Fish", 1)]


def test_values_that_begin_with(library: Engine) -> None:
    assert library.facet("tags", facet__prefix="r") == {"red": 2}
    assert library.facet("tags", facet__prefix="R") == {}


def test_values_that_contain(library: Engine) -> None:
    assert library.facet("tags", facet__contains="ee") == {"green": 2}
    assert library.facet("tags", facet__contains="fish", facet__contains__ignoreCase="true") == {"Big Fish": 1}


def test_documents_without_a_value(library: Engine) -> None:
    assert library.facet("tags", facet__missing="true")[None] == 1


def test_only_what_the_query_finds_is_counted(library: Engine) -> None:
    assert library.facet("tags", "id:a") == {"red": 1, "Big Fish": 1}
    assert library.facet("tags", "car") == {"red": 1, "green": 1}
    assert library.facet("tags", "nothing") == {}


def test_the_page_makes_no_difference(library: Engine) -> None:
    assert library.facet("tags", rows=1, start=3) == library.facet("tags")


def test_several_fields(library: Engine) -> None:
    answer = library.search(facet="true", facet__field=["groups", "tags"], facet__mincount=1, rows=0)
    assert answer.facets["facet_fields"] == {
        "groups": ["g1", 2, "g2", 1],
        "tags": ["green", 2, "red", 2, "Big Fish", 1],
    }


def test_a_field_that_no_document_has(library: Engine) -> None:
    assert library.facet("nothing") == {}


def test_no_facets_unless_asked_for(library: Engine) -> None:
    assert library.search(facet__field="tags").facets == {}
    assert library.search(facet="false", facet__field="tags").facets == {}


def test_facets_without_fields(library: Engine) -> None:
    assert library.search(facet="true").facets["facet_fields"] == {}


@pytest.mark.parametrize("flag", ["true", "on", "yes", True])
def test_ways_to_ask_for_facets(library: Engine, flag: object) -> None:
    assert library.facet("groups", facet=flag) == {"g1": 2, "g2": 1}


def test_queries_are_counted(library: Engine) -> None:
    answer = library.search("-id:c", facet="true", facet__query=["tags:red", "id:[a TO b]"], rows=0)
    assert answer.facets["facet_queries"] == {"tags:red": 1, "id:[a TO b]": 2}


def test_deleted_documents_are_not_counted(library: Engine) -> None:
    library.delete("id:a")
    assert library.facet("tags") == {"green": 2, "red": 1}


def test_replaced_documents_are_counted_once(library: Engine) -> None:
    library.add(dataset("a", tags=["red"]))
    library.add(dataset("a", tags=["red"]))
    assert library.facet("tags") == {"green": 2, "red": 2}


def test_thousands_of_values_are_counted_exactly(engine: Engine) -> None:
    engine.add(*(dataset(f"d{number}", tags=[f"t{number % 3000}", "all"]) for number in range(4000)))
    found = engine.facet("tags", facet__limit=-1)
    assert len(found) == 3001
    assert found["all"] == 4000
    assert sum(found.values()) == 8000
    assert found["t999"] == 2
    assert found["t1000"] == 1


def test_values_that_look_like_dates_or_numbers_stay_texts(engine: Engine) -> None:
    engine.add(dataset("a", tags=["2024-01-01T00:00:00Z", "5", "true", "1.50"]))
    assert engine.facet("tags") == {"2024-01-01T00:00:00Z": 1, "5": 1, "true": 1, "1.50": 1}


@pytest.mark.parametrize("field", ["metadata_modified", "views_total"])
def test_dates_and_numbers_have_no_facets(library: Engine, field: str) -> None:
    with pytest.raises(Refused):
        library.facet(field)


@pytest.mark.parametrize(("name", "value"), [("facet__limit", "x"), ("facet", "maybe"), ("facet__mincount", "x")])
def test_wrong_values_of_facet_parameters_are_refused(library: Engine, name: str, value: str) -> None:
    with pytest.raises(Refused):
        library.facet("tags", **{name: value})


def test_a_facet_query_that_is_broken_is_refused(library: Engine) -> None:
    with pytest.raises(Refused):
        library.search(facet="true", facet__query="tags:(")
