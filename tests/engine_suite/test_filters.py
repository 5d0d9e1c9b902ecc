"""Filters, as CKAN sends them beside every query."""

from __future__ import annotations

import pytest
from tests.engine_suite.engines import Engine, dataset


@pytest.fixture
def library(engine: Engine) -> Engine:
    """Datasets of two organisations, a draft, a deleted one, a private one, one of another site."""
    engine.add(
        dataset("a", owner_org="o1", tags=["x"], title="apple"),
        dataset("b", owner_org="o2", tags=["x", "y y"], title="apple"),
        dataset("draft", state="draft", permission_labels=["creator-u1", "member-o1"]),
        dataset("gone", state="deleted"),
        dataset("private", capacity="private", permission_labels=["member-o1"], owner_org="o1", title="apple"),
        dataset("foreign", site_id="other"),
        dataset("source", dataset_type="harvest"),
    )
    return engine


FILTERS = {
    "a text": ("tags:x", "a b"),
    "several clauses in one text": ('+tags:x +owner_org:"o2"', "b"),
    "several texts": (["tags:x", "owner_org:o1"], "a"),
    "an empty text is no filter": (["tags:x", ""], "a b"),
    "one that only excludes": ("-state:active", "draft gone"),
    "one that excludes beside one that wants": (
        ["+state:active", "-dataset_type:harvest -capacity:private"],
        "a b foreign",
    ),
    "clauses and exclusion together": ('tags:"x" -tags:"y y"', "a"),
    "as package_search sends it": ("+capacity:public  +state:(active)", "a b foreign source"),
    "states by OR": ("+state:(active OR draft)", "a b draft foreign private source"),
    "states in a row": ("+state:(active draft)", "a b draft foreign private source"),
    "the site": ('+site_id:"suite" +state:active', "a b private source"),
    "as a single text, as package_show sends it": (
        '+site_id:"suite" +entity_type:package',
        "a b draft gone private source",
    ),
    "labels of a visitor": ('+permission_labels:("public")', "a b foreign gone source"),
    "labels of a member": (
        '+permission_labels:("public" OR "creator-u1" OR "member-o1")',
        "a b draft foreign gone private source",
    ),
    "labels of nobody": ('+permission_labels:("creator-u9")', ""),
    "a value without quotation marks": ("+owner_org:o1", "a private"),
    "a range": ("name:[a TO b]", "a b"),
    "a pattern": ("name:g*", "gone"),
    "words without a field": ("apple", "a b private"),
}


@pytest.mark.parametrize(("fq", "expected"), FILTERS.values(), ids=FILTERS)
def test_filters(library: Engine, fq: str | list[str], expected: str) -> None:
    assert library.found(fq=fq) == set(expected.split())


def test_a_filter_does_not_change_scores(library: Engine) -> None:
    plain = library.search("title:apple", fl="id,score").docs
    filtered = library.search("title:apple", fl="id,score", fq=["tags:x", "+state:active"]).docs
    scores = {each["id"]: each["score"] for each in plain}
    assert all(each["score"] == pytest.approx(scores[each["id"]]) for each in filtered)
    assert len(filtered) == 2


def test_filters_hold_for_facets(library: Engine) -> None:
    assert library.facet("owner_org", fq=["tags:x"]) == {"o1": 1, "o2": 1}


def test_what_ckan_sends_for_a_search_page(library: Engine) -> None:
    answer = library.search(
        "apple",
        **{
            "defType": "dismax",
            "tie": "0.1",
            "mm": "2<-1 5<80%",
            "qf": "name^4 title^4 tags^2 groups^2 text",
            "fq": [
                ' tags:"x" -dataset_type:harvest +state:(active)',
                '+site_id:"suite"',
                '+permission_labels:("public")',
            ],
            "facet": "true",
            "facet__field": ["organization", "groups", "tags", "res_format", "license_id"],
            "facet__limit": 50,
            "facet__mincount": 1,
            "fl": "id validated_data_dict",
            "sort": "score desc, metadata_modified desc",
            "rows": 21,
            "start": 0,
        },
    )
    assert answer.hits == 2
    assert {each["id"] for each in answer.docs} == {"a", "b"}
    assert answer.facets["facet_fields"]["tags"] == ["x", 2, "y y", 1]
    assert answer.facets["facet_fields"]["res_format"] == []


def test_what_ckan_sends_for_the_home_page(library: Engine) -> None:
    answer = library.search(fq=['capacity:"public"', "+state:active"], sort="view_recent desc", fl="id", rows=5)
    assert answer.hits == 4


def test_what_ckan_sends_for_one_record(library: Engine) -> None:
    answer = library.answer(
        {"q": 'name:"a" OR id:"a"', "rows": 1, "wt": "json", "fq": '+site_id:"suite" +entity_type:package'}
    )
    assert [each["name"] for each in answer.docs] == ["a"]


def test_what_ckan_sends_for_all_ids(library: Engine) -> None:
    answer = library.answer({"q": "*:*", "fq": '+site_id:"suite" +state:active ', "rows": 1000, "fl": "id"})
    assert {each["id"] for each in answer.docs} == {"a", "b", "private", "source"}


def test_many_labels(library: Engine) -> None:
    labels = " OR ".join(f'"member-{number}"' for number in range(700))
    assert library.found(fq=f'+permission_labels:({labels} OR "creator-u1")') == {"draft"}
