"""What kinds of field there are, and what is found by which, as CKAN's schema says."""

from __future__ import annotations

from typing import Any

import pytest
from tests.engine_suite.engines import Engine, Refused, dataset

IN_TEXT = {
    "name": {"name": "quince"},
    "title": {"title": "A quince"},
    "notes": {"notes": "Of quince."},
    "tags": {"tags": ["plum", "quince"]},
    "groups": {"groups": ["quince"]},
    "organization": {"organization": "quince"},
    "license": {"license": "quince"},
    "author": {"author": "Peter Quince"},
    "maintainer": {"maintainer": "Peter Quince"},
    "res_name": {"res_name": ["plum", "quince"]},
    "res_description": {"res_description": ["quince"]},
    "an extra": {"extras_fruit": "quince"},
    "a resource's extra": {"res_extras_fruit": ["quince"]},
    "a vocabulary": {"vocab_fruit": ["quince"]},
}
NOT_IN_TEXT = {
    "res_format": {"res_format": ["quince"]},
    "res_url": {"res_url": ["quince"]},
    "url": {"url": "quince"},
    "version": {"version": "quince"},
    "author_email": {"author_email": "quince"},
    "title_string": {"title_string": "quince"},
    "an unknown field": {"fruit": "quince"},
}


@pytest.mark.parametrize("fields", IN_TEXT.values(), ids=IN_TEXT)
def test_without_a_field_these_are_searched(engine: Engine, fields: dict[str, Any]) -> None:
    engine.add(dataset("a") | fields, dataset("b"))
    assert engine.found("quince") == {"a"}


@pytest.mark.parametrize("fields", NOT_IN_TEXT.values(), ids=NOT_IN_TEXT)
def test_without_a_field_these_are_not_searched(engine: Engine, fields: dict[str, Any]) -> None:
    engine.add(dataset("a", **fields))
    assert engine.found("quince") == set()


@pytest.mark.parametrize("fields", [*IN_TEXT.values(), *NOT_IN_TEXT.values()], ids=[*IN_TEXT, *NOT_IN_TEXT])
def test_every_field_is_found_by_its_name(engine: Engine, fields: dict[str, Any]) -> None:
    engine.add(dataset("a") | fields, dataset("b"))
    assert engine.found(f"{next(iter(fields))}:quince") == {"a"}


EXACT = ["name", "organization", "license_id", "version", "capacity", "owner_org", "groups", "tags", "vocab_x"]


@pytest.mark.parametrize("name", EXACT)
def test_an_exact_field_has_no_words(engine: Engine, name: str) -> None:
    engine.add(dataset("a") | {name: ["Green Pears"] if name in ("groups", "tags", "vocab_x") else "Green Pears"})
    assert engine.found(f'{name}:"Green Pears"') == {"a"}
    assert engine.found(f"{name}:Pears") == set()
    assert engine.found(f'{name}:"green pears"') == set()


@pytest.mark.parametrize("name", ["title", "notes", "author", "extras_x", "urls", "depends_on"])
def test_a_text_field_has_words(engine: Engine, name: str) -> None:
    engine.add(dataset("a") | {name: "Yellow Green"})
    assert engine.found(f"{name}:green") == {"a"}
    assert engine.found(f'{name}:"yellow GREEN"') == {"a"}


def test_extras_are_kept_apart(engine: Engine) -> None:
    engine.add(dataset("a", extras_one="green"), dataset("b", extras_two="green"))
    assert engine.found("extras_one:green") == {"a"}


def test_an_extra_is_found_by_its_own_name_too_if_ckan_sends_it(engine: Engine) -> None:
    engine.add(dataset("a", extras_level="One Two", level="One Two"))
    assert engine.found('level:"One Two"') == {"a"}
    assert engine.found("level:One") == set()


def test_addresses_are_searched_as_one_field(engine: Engine) -> None:
    engine.add(dataset("a", url="one", res_url=["two"], ckan_url="three", download_url="four"))
    assert all(engine.found(f"urls:{word}") == {"a"} for word in ("one", "two", "three", "four"))


def test_truth_is_a_word(engine: Engine) -> None:
    engine.add(dataset("a", private=True), dataset("b", private=False))
    assert (engine.found("private:true"), engine.found("private:false")) == ({"a"}, {"b"})


def test_a_number_in_an_unknown_field_is_a_text(engine: Engine) -> None:
    engine.add(dataset("a", num_resources=3, share=1.5))
    assert (engine.found("num_resources:3"), engine.found("share:1.5")) == ({"a"}, {"a"})


def test_an_empty_value_within_a_list_is_a_value(engine: Engine) -> None:
    engine.add(dataset("a", res_format=["CSV", ""]), dataset("b", res_format=["CSV"]))
    assert engine.found('res_format:""') == {"a"}


def test_empty_and_missing_values_are_no_values(engine: Engine) -> None:
    engine.add(dataset("a", version="", license_id=None, tags=[], groups=[None]))
    assert engine.found("version:* OR license_id:* OR tags:* OR groups:*") == set()


def test_values_with_special_characters(engine: Engine) -> None:
    value = 'https://example.org/?a=1&b="x"#(y)[z]'
    engine.add(dataset("a", theme=value))
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    assert engine.found(f'theme:"{quoted}"') == {"a"}


def test_letters_outside_the_basic_plane(engine: Engine) -> None:
    engine.add(dataset("a", tags=["🚲 Rad"], title="x"))
    assert engine.found('tags:"🚲 Rad"') == {"a"}
    assert engine.found("tags:🚲*") == {"a"}
    assert engine.facet("tags") == {"🚲 Rad": 1}


NGRAMS = {
    "the beginning": ('title_ngram:"app"', "a"),
    "the middle": ('title_ngram:"ppl"', "a"),
    "case makes no difference": ('title_ngram:"APP"', "a"),
    "the name": ('name_ngram:"pri"', "b"),
    "two letters": ('title_ngram:"le"', "a"),
    "one letter is too short": ('title_ngram:"l"', ""),
    "what is not there": ('title_ngram:"appr"', ""),
    "as CKAN's completion asks": ('name_ngram:"ap" OR title_ngram:"ap" OR name:"ap" OR title:"ap"', "ab"),
}


@pytest.mark.parametrize(("query", "expected"), NGRAMS.values(), ids=NGRAMS)
def test_pieces_of_title_and_name(engine: Engine, query: str, expected: str) -> None:
    engine.add(dataset("one", name="fig", title="Green apples", id="a"), dataset("apricot", id="b"))
    assert engine.found(query) == set(expected)


SINGLE = ["title", "name", "notes", "metadata_modified", "unknown", "extras_x"]


@pytest.mark.parametrize("name", SINGLE)
def test_a_field_of_one_value_refuses_two(engine: Engine, name: str) -> None:
    with pytest.raises(Refused):
        engine.add(dataset("a") | {name: ["2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"]})


def test_a_field_of_one_value_takes_a_list_of_one(engine: Engine) -> None:
    engine.add(dataset("a", title=["one"]))
    assert engine.search(fl="title").docs == [{"title": "one"}]


def test_a_field_of_several_values_takes_one(engine: Engine) -> None:
    engine.add(dataset("a", tags="one"))
    assert engine.search(fl="tags").docs == [{"tags": ["one"]}]


@pytest.mark.parametrize("name", ["id", "site_id"])
def test_a_document_without_its_identity_is_refused(engine: Engine, name: str) -> None:
    with pytest.raises(Refused):
        engine.add({key: value for key, value in dataset("a").items() if key != name})


@pytest.mark.parametrize("value", [{"a": "b"}, "five"])
def test_a_value_that_a_field_cannot_hold_is_refused(engine: Engine, value: object) -> None:
    with pytest.raises(Refused):
        engine.add(dataset("a", views_total=value))


def test_a_large_text_is_kept_and_found_whole(engine: Engine) -> None:
    text = " ".join(f"w{number}" for number in range(20_000))
    engine.add(dataset("a", notes=text, data_dict="x" * 500_000))
    assert engine.found("notes:w0") == engine.found("notes:w19999") == {"a"}
    assert engine.search(fl="notes,data_dict").docs == [{"notes": text, "data_dict": "x" * 500_000}]


def test_a_word_of_many_letters_is_no_obstacle(engine: Engine) -> None:
    engine.add(dataset("a", notes="x" * 40_000 + " end"))
    assert engine.found("notes:end") == {"a"}
