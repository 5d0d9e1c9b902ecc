"""What an answer says of a document."""

from __future__ import annotations

from typing import Any

import pytest
from tests.engine_suite.engines import Engine, dataset


@pytest.fixture
def library(engine: Engine) -> Engine:
    """One document with fields of all kinds."""
    engine.add(
        dataset(
            "a",
            title="Apples",
            title_string="Apples",
            notes="About apples",
            tags=["x", "y"],
            res_format=["CSV", ""],
            extras_one="1",
            res_extras_size=["1", "2"],
            vocab_theme=["t"],
            metadata_modified="2024-01-01T00:00:00Z",
            views_total=3,
            private=False,
            owner_org="o",
            data_dict='{"id": "a"}',
            validated_data_dict='{"id": "a", "x": "ä"}',
        )
    )
    return engine


FIELD_LISTS = {
    "one": ("id", {"id": "a"}),
    "with commas": ("name,title", {"name": "a", "title": "Apples"}),
    "with blanks": ("id validated_data_dict", {"id": "a", "validated_data_dict": '{"id": "a", "x": "ä"}'}),
    "with both": ("id, name ,title", {"id": "a", "name": "a", "title": "Apples"}),
    "a list stays a list": ("tags", {"tags": ["x", "y"]}),
    "a list of one stays a list": ("vocab_theme", {"vocab_theme": ["t"]}),
    "empty values within a list stay": ("res_format", {"res_format": ["CSV", ""]}),
    "the stored record": ("data_dict", {"data_dict": '{"id": "a"}'}),
    "a pattern": ("extras_*", {"extras_one": "1"}),
    "another pattern": ("res_ext*", {"res_extras_size": ["1", "2"]}),
    "a pattern and a name": ("id,vocab_*", {"id": "a", "vocab_theme": ["t"]}),
    "an alias": ("key:name", {"key": "a"}),
    "what a document lacks is left out": ("id,version,url", {"id": "a"}),
    "labels are never given": ("id,permission_labels", {"id": "a"}),
    "undeclared fields are not given": ("id,owner_org,private", {"id": "a"}),
    "numbers of views are not given": ("id,views_total", {"id": "a"}),
    "what is only searched is not given": ("id,text,urls,title_string", {"id": "a"}),
    "a copied field that is stored": ("title_ngram,name_ngram", {"title_ngram": "Apples", "name_ngram": "a"}),
}


@pytest.mark.parametrize(("fields", "expected"), FIELD_LISTS.values(), ids=FIELD_LISTS)
def test_field_lists(library: Engine, fields: str, expected: dict[str, Any]) -> None:
    assert library.search(fl=fields).docs == [expected]


@pytest.mark.parametrize("fields", ["*", "", None])
def test_everything_that_is_stored(library: Engine, fields: str | None) -> None:
    found = library.search(fl=fields).docs[0] if fields is not None else library.search().docs[0]
    for name in ("_version_", "indexed_ts"):
        found.pop(name, None)
    assert found == {
        "index_id": dataset("a")["index_id"],
        "id": "a",
        "name": "a",
        "name_ngram": "a",
        "site_id": "suite",
        "entity_type": "package",
        "dataset_type": "dataset",
        "state": "active",
        "capacity": "public",
        "title": "Apples",
        "title_ngram": "Apples",
        "notes": "About apples",
        "tags": ["x", "y"],
        "res_format": ["CSV", ""],
        "extras_one": "1",
        "res_extras_size": ["1", "2"],
        "vocab_theme": ["t"],
        "metadata_modified": "2024-01-01T00:00:00Z",
        "data_dict": '{"id": "a"}',
        "validated_data_dict": '{"id": "a", "x": "ä"}',
    }


def test_the_time_of_indexing_is_kept(library: Engine) -> None:
    assert library.search(fl="indexed_ts").docs[0]["indexed_ts"].endswith("Z")
    assert library.found("indexed_ts:[NOW-1HOUR TO NOW+1HOUR]") == {"a"}


def test_the_score_is_given_if_asked_for(library: Engine) -> None:
    assert "score" not in library.search("apples").docs[0]
    assert library.search("title:apples", fl="id,score").docs[0]["score"] > 0
    assert library.search("title:apples", fl="*,score").docs[0]["score"] > 0


def test_the_score_is_right_in_another_order(engine: Engine) -> None:
    engine.add(dataset("a", title="apple pie and more"), dataset("b", title="apple"), dataset("c", title="fig"))
    by_score = engine.search("title:apple", fl="id,score").docs
    by_id = engine.search("title:apple", fl="id,score", sort="id asc").docs
    assert {each["id"]: each["score"] for each in by_score} == {each["id"]: each["score"] for each in by_id}
    assert [each["id"] for each in by_id] == ["a", "b"]


def test_texts_come_back_as_they_were(engine: Engine) -> None:
    text = ' Zeile eins\n\tZeile „zwei" <b>&amp;</b> 🚲 \\ / \u2028 ß '
    engine.add(dataset("a", notes=text, tags=[text]))
    assert engine.search(fl="notes,tags").docs == [{"notes": text, "tags": [text]}]


def test_the_number_of_hits_is_that_of_all_documents(engine: Engine) -> None:
    engine.add(*(dataset(f"d{number}") for number in range(30)))
    answer = engine.search(rows=3)
    assert (answer.hits, len(answer.docs)) == (30, 3)
