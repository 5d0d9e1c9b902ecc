"""By what an entry is known again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.mainz.governance.inventory.entries import Ambiguous, Entry, Known

TREES = Entry("Bäume", "Alle Bäume.", "amt-67", key="7", id="1")
PATHS = Entry("Wege", "Alle Wege.", "amt-67", id="2")


def test_the_key_wins_over_a_changed_title() -> None:
    assert Known([TREES, PATHS]).find(replace(TREES, title="Baumkataster")) == TREES


def test_without_a_key_the_title_counts_however_it_is_written() -> None:
    assert Known([TREES, PATHS]).find(Entry(" WEGE ", "", "amt-67")) == PATHS
    assert Known([TREES]).find(Entry("bäume", "", "amt-67")) == TREES


def test_an_entry_without_a_key_gets_the_one_of_a_later_list() -> None:
    assert Known([PATHS]).find(replace(PATHS, key="8")) == PATHS


def test_a_key_and_a_title_of_the_same_words_are_not_mixed_up() -> None:
    assert Known([TREES]).find(Entry("7", "", "amt-67")) is None
    assert Known([Entry("7", "", "amt-67")]).find(TREES) is None


def test_the_same_title_with_another_key_is_other_data() -> None:
    assert Known([TREES]).find(replace(TREES, key="9")) is None


def test_of_several_with_one_title_none_is_guessed() -> None:
    with pytest.raises(Ambiguous):
        Known([TREES, replace(TREES, key="8")]).find(replace(TREES, key=""))


def test_what_another_organisation_has_is_not_meant() -> None:
    assert Known([TREES]).find(replace(TREES, organization="amt-12")) is None


def test_entries_are_equal_by_what_they_say() -> None:
    assert replace(TREES, id="9", name="baeume") == TREES
    assert replace(TREES, note="neu") != TREES
