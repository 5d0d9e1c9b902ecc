"""What is a list in a field that may hold one, and what is a text that only begins like one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ckan.plugins import toolkit
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.metadata import lists, values
from ckanext.mainz.metadata.rdf import entries

TYPED = [
    *("[Entwurf] Bäume", "[1] Quelle", "[2024]", "[1, 2]", "[true]", "[null]", "[]x", "[", "[" * 100_000, '["a", 1]'),
    *("{}", '{"a": 1}', '"a"', "2024", "null"),
]


@pytest.mark.parametrize("text", TYPED)
def test_a_text_that_only_looks_like_a_list_is_one_text(text: str) -> None:
    assert values.items(text) == [text]
    assert entries.several(text) == [text]
    assert lists.output(text) == [text]
    assert lists.items(text) == [text]


@pytest.mark.parametrize("kept", [["a", "b"], ["[Entwurf]"], [{"name": "Umweltamt"}], []])
def test_json_text_of_texts_or_of_objects_is_that_list(kept: list[Any]) -> None:
    assert values.items(json.dumps(kept)) == values.items(kept) == kept
    assert values.items(f" {json.dumps(kept)}\n") == kept


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1), min_size=1, unique=True))
def test_what_a_list_of_texts_is_stored_as_is_read_as_that_list(texts: list[str]) -> None:
    assert lists.output(lists.stored(("documentation",), lists.items(texts))) == texts


def test_an_entry_of_a_list_is_a_text_whatever_it_looks_like() -> None:
    assert lists.items(['["a", "b"]']) == ['["a", "b"]']
    assert lists.items("[Entwurf] Bäume\n[2024]") == ["[Entwurf] Bäume", "[2024]"]


@pytest.mark.parametrize("value", [[["a"]], [{"a": 1}], '[{"a": 1}]', {"a": 1}])
def test_lists_and_objects_are_no_texts(value: Any) -> None:
    with pytest.raises(toolkit.Invalid):
        lists.items(value)


@pytest.mark.parametrize("text", ["[]", '["a"]', "[2024]", "[Entwurf] Bäume", "{}"])
def test_a_field_of_one_text_holds_what_was_typed(text: str) -> None:
    assert not values.is_empty(text)
    assert entries.single(text) == text


@pytest.mark.parametrize("value", [None, "", "  ", [], {}, [""], [None]])
def test_nothing_is_empty(value: Any) -> None:
    assert values.is_empty(value)
    assert values.items(value) == []
