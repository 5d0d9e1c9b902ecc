"""Which record of a source is which, also after its identifiers have changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.harvest.identity import Known, Listed, key, keys, match

UUID = "2b115f1e-beb7-b0f8-d736-2b049d0e0f68"


def known(guid: str, *more: str, likeness: str = "") -> Known:
    return Known(guid, keys([guid, *more]), likeness)


def listed(at: int, guid: str, *more: str, likeness: str = "") -> Listed:
    return Listed(guid, keys([guid, *more]), likeness, at)


@pytest.mark.parametrize(
    "other",
    [
        UUID.upper(),
        f"{{{UUID}}}",
        f" {UUID} ",
        UUID.replace("-", ""),
    ],
)
def test_spellings_of_a_uuid_are_one_key(other: str) -> None:
    assert key(other) == key(UUID)


@pytest.mark.parametrize(
    "other",
    [
        f"https://naturschutz.rlp.de/{UUID}",
        f"http://www.naturschutz.rlp.de/{UUID.upper()}/",
        f"http://naturschutz.rlp.de/{UUID.replace('-', '')}",
    ],
)
def test_spellings_of_an_address_are_one_key(other: str) -> None:
    assert key(other) == key(f"http://naturschutz.rlp.de/{UUID}")
    assert key(other) != key(UUID)


def test_a_record_is_known_by_its_identifier() -> None:
    found = match([listed(0, "A"), listed(1, "b")], [known("a"), known("c")])
    assert (found.same, found.moved, found.new, found.missing) == ({0: "a"}, {}, (1,), ("c",))


def test_a_record_with_a_new_identifier_is_known_by_another_of_its_names() -> None:
    found = match([listed(0, "neu", "http://a.example/1")], [known("alt", "https://a.example/1/"), known("b")])
    assert (found.same, found.moved, found.new, found.missing) == ({0: "alt"}, {0: "alt"}, (), ("b",))


def test_a_record_that_only_its_text_names_is_known_by_that() -> None:
    found = match([listed(0, "neu", likeness="x")], [known("alt", likeness="x")])
    assert found.moved == {0: "alt"}


@pytest.mark.parametrize(
    "at_source, remembered",
    [
        ([listed(0, "n", likeness="x"), listed(1, "m", likeness="x")], [known("a", likeness="x")]),
        ([listed(0, "n", likeness="x")], [known("a", likeness="x"), known("b", likeness="x")]),
        ([listed(0, "n", "k", "l")], [known("a", "k"), known("b", "l")]),
        ([listed(0, "n")], [known("a")]),
    ],
)
def test_where_more_than_one_could_be_meant_nothing_is_guessed(
    at_source: list[Listed], remembered: list[Known]
) -> None:
    found = match(at_source, remembered)
    assert not found.same
    assert set(found.new) == {one.at for one in at_source}
    assert set(found.missing) == {one.guid for one in remembered}


def test_who_is_found_by_the_own_identifier_is_taken_by_nobody_else() -> None:
    found = match([listed(0, "neu", "a", likeness="x"), listed(1, "a", likeness="x")], [known("a", likeness="x")])
    assert (found.same, found.new) == ({1: "a"}, (0,))


def test_of_an_identifier_that_is_listed_twice_the_first_is_taken() -> None:
    found = match([listed(0, "a"), listed(1, "A"), listed(2, "a")], [known("a")])
    assert (found.same, found.twice, found.new) == ({0: "a"}, (1, 2), ())


names = st.sampled_from(list("abcdef"))
records = st.tuples(names, st.lists(names, max_size=2), st.sampled_from(["", "x", "y"]))


@given(st.lists(records, max_size=6), st.lists(records, max_size=6, unique_by=lambda one: one[0]))
def test_each_record_is_told_once_on_either_side(at_source: list, remembered: list) -> None:
    now = [listed(at, guid, *more, likeness=likeness) for at, (guid, more, likeness) in enumerate(at_source)]
    then = [known(guid, *more, likeness=likeness) for guid, more, likeness in remembered]
    found = match(now, then)
    assert sorted([*found.same, *found.new, *found.twice]) == list(range(len(now)))
    assert sorted([*found.same.values(), *found.missing]) == sorted(one.guid for one in then)
    assert found.moved.items() <= found.same.items()
