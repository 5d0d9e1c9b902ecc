"""What a proposal changes, and how it is put onto what has changed meanwhile."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.governance import differences
from ckanext.mainz.governance.differences import apply, carried, compare, from_json, rebased

NAMES = st.sampled_from(["title", "notes", "version", "url"])
TEXTS = st.sampled_from(["a", "b", "c", ""])
FILES = st.fixed_dictionaries({"name": TEXTS, "description": TEXTS})


@st.composite
def records(draw: Any) -> dict[str, Any]:
    fields = draw(st.dictionaries(NAMES, TEXTS))
    ids = draw(st.lists(st.sampled_from(["1", "2", "3", "4"]), unique=True))
    tags = draw(st.lists(st.sampled_from(["Baum", "Weg"]), unique=True))
    return {
        "id": "x",
        "metadata_modified": draw(TEXTS),
        **fields,
        "tags": [{"name": one} for one in tags],
        "resources": [{"id": one, "position": at, **draw(FILES)} for at, one in enumerate(ids)],
    }


def content(record: dict[str, Any]) -> dict[str, Any]:
    return differences.snapshot(record)


@given(records(), records())
def test_changes_turn_one_record_into_the_other(before: dict, after: dict) -> None:
    applied = apply(before, compare(before, after))
    assert applied.conflicts == ()
    by_id = {one["id"]: one for one in content(applied.record)["files"]}
    assert content(applied.record)["fields"] == content(after)["fields"]
    assert by_id == {one["id"]: one for one in content(after)["files"]}


@given(records(), records())
def test_changes_survive_being_stored(before: dict, after: dict) -> None:
    changes = compare(before, after)
    assert from_json(changes.as_json()) == changes


@given(records())
def test_what_ckan_computes_is_no_change(record: dict) -> None:
    other = {**record, "metadata_modified": "later", "num_resources": 7, "organization": {"title": "neu"}}
    assert not compare(record, other)


def in_the_way(record: dict[str, Any], changes: differences.Changes) -> list[tuple[str, str]]:
    """What conflicts, and with what value: a file is told by its name, which may have been changed meanwhile."""
    return sorted((one.field, str(one.wanted)) for one in apply(record, changes).conflicts)


@given(records(), records(), records())
def test_who_goes_on_takes_no_conflict_away(base: dict, wanted: dict, meanwhile: dict) -> None:
    earlier = compare(base, wanted)
    later = carried(meanwhile, earlier, compare(meanwhile, apply(meanwhile, earlier).record))
    assert in_the_way(meanwhile, later) == in_the_way(meanwhile, earlier)


@given(records(), records(), records())
def test_what_was_not_in_the_way_is_carried_as_it_is(base: dict, wanted: dict, further: dict) -> None:
    earlier, later = compare(base, wanted), compare(base, further)
    assert carried(base, earlier, later) == later


def test_another_value_chosen_since_is_not_in_the_way() -> None:
    earlier, meanwhile = compare({"title": "a"}, {"title": "b"}), {"title": "c"}
    later = carried(meanwhile, earlier, compare(meanwhile, {"title": "d"}))
    assert (in_the_way(meanwhile, later), later.fields["title"].new) == ([], "d")


def test_who_takes_a_file_as_it_is_now_wants_nothing_else() -> None:
    def record(name: str) -> dict[str, Any]:
        return {"resources": [{"id": "1", "name": name}]}

    earlier, meanwhile = compare(record("a"), record("c")), record("b")
    assert not carried(meanwhile, earlier, compare(meanwhile, meanwhile))
    gone: dict[str, Any] = {"resources": []}
    assert carried(gone, earlier, compare(gone, gone)).files == earlier.files


def test_a_field_that_was_changed_otherwise_is_a_conflict() -> None:
    changes = compare({"title": "a"}, {"title": "b"})
    (conflict,) = apply({"title": "c"}, changes).conflicts
    assert (conflict.field, conflict.expected, conflict.found, conflict.wanted) == ("title", "a", "c", "b")


def test_a_file_that_is_gone_cannot_be_changed_but_can_be_removed() -> None:
    record = {"resources": [{"id": "1", "name": "a"}]}
    changed = compare(record, {"resources": [{"id": "1", "name": "b"}]})
    assert apply({"resources": []}, changed).conflicts
    assert not apply({"resources": []}, compare(record, {"resources": []})).conflicts


def test_a_file_that_was_changed_otherwise_is_not_removed_unseen() -> None:
    record = {"resources": [{"id": "1", "name": "a"}]}
    removed = compare(record, {"resources": []})
    assert apply({"resources": [{"id": "1", "name": "neu"}]}, removed).conflicts


def test_a_client_that_sends_the_whole_record_keeps_what_its_author_proposed() -> None:
    released = {"title": "a", "notes": "n", "resources": []}
    working = {"title": "b", "notes": "n", "resources": [{"id": "9", "name": "neu"}]}
    merged = rebased({"title": "a", "notes": "m", "resources": []}, released, working)
    assert (merged["title"], merged["notes"]) == ("b", "m")
    assert [one["id"] for one in merged["resources"]] == ["9"]


def test_new_bytes_are_told_from_a_new_name() -> None:
    before = {"resources": [{"id": "1", "name": "a", "file_key": "k1"}]}
    renamed = compare(before, {"resources": [{"id": "1", "name": "b", "file_key": "k1"}]})
    replaced = compare(before, {"resources": [{"id": "1", "name": "a", "file_key": "k2"}]})
    assert [one.new_bytes for one in (*renamed.files, *replaced.files)] == [False, True]
