"""What editors added survives a harvest, field by field, and what the source changed arrives."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.harvest.merging import OURS_OF_FILES, Memory, Merged, Rule, digest, digests, merge

RULES = {"tags": Rule.UNION, "modified": Rule.SOURCE}
HERE: dict[str, Any] = {
    "id": "r1", "name": "baeume", "title": "Bäume", "notes": "Alle.", "tags": ["Baum"], "modified": "2026-01-01",
    "visibility": "oeffentlich",
    "resources": [{"id": "f1", "name": "CSV", "url": "https://a.example/b.csv", "format": "CSV"}],
}  # fmt: skip
SOURCE: dict[str, Any] = {
    "title": "Bäume", "notes": "Alle.", "tags": ["Baum"], "modified": "2026-01-01",
    "resources": [{"source_key": "k1", "name": "CSV", "url": "https://a.example/b.csv"}],
}  # fmt: skip


def memory(here: dict[str, Any] = HERE, source: dict[str, Any] = SOURCE) -> Memory:
    said = {name: value for name, value in source["resources"][0].items() if name != "source_key"}
    files = {"k1": ("f1", Memory(said, digests(here["resources"][0], OURS_OF_FILES)))}
    mapped = {name: value for name, value in source.items() if name != "resources"}
    return Memory(mapped, digests(here), files)


def merged(here: dict[str, Any] | None = None, source: dict[str, Any] | None = None) -> Merged:
    return merge({**HERE, **(here or {})}, {**SOURCE, **(source or {})}, memory(), RULES)


def test_what_nobody_changed_stays() -> None:
    assert merged() == Merged(HERE)


def test_what_the_source_changed_arrives() -> None:
    found = merged(source={"title": "Stadtbäume", "frequency": "jährlich"})
    assert found == Merged({**HERE, "title": "Stadtbäume", "frequency": "jährlich"})


def test_what_the_source_takes_away_goes() -> None:
    source = {name: value for name, value in SOURCE.items() if name != "notes"}
    assert "notes" not in merge(HERE, source, memory(), RULES).package


def test_what_editors_added_stays() -> None:
    found = merged(here={"provenance": "Gezählt."}, source={"title": "Stadtbäume"})
    assert (found.package["provenance"], found.package["title"], found.kept) == ("Gezählt.", "Stadtbäume", ())


def test_what_editors_changed_stays_and_is_told_when_the_source_changes_it_too() -> None:
    assert merged(here={"title": "Unsere Bäume"}) == Merged({**HERE, "title": "Unsere Bäume"})
    found = merged(here={"title": "Unsere Bäume"}, source={"title": "Stadtbäume"})
    assert (found.package["title"], found.kept) == ("Unsere Bäume", ("title",))


def test_what_editors_emptied_stays_empty() -> None:
    here = {name: value for name, value in HERE.items() if name != "notes"}
    assert "notes" not in merge(here, SOURCE, memory(), RULES).package


def test_some_fields_are_the_sources_in_any_case() -> None:
    found = merged(here={"modified": "1999-01-01"}, source={"modified": "2026-02-02"})
    assert (found.package["modified"], found.kept) == ("2026-02-02", ())


def test_lists_are_joined() -> None:
    found = merged(here={"tags": ["Baum", "Grün"]}, source={"tags": ["Stadtbaum"]})
    assert found.package["tags"] == ["Stadtbaum", "Grün"]


def test_what_belongs_to_the_record_here_no_source_changes() -> None:
    found = merged(source={"id": "x", "name": "y", "visibility": "intern", "owner_org": "z", "private": False})
    assert found.package == HERE


def test_files_keep_their_id_and_what_was_added_to_them() -> None:
    here = {"resources": [{**HERE["resources"][0], "description": "Semikolon"}]}
    found = merged(here=here, source={"resources": [{**SOURCE["resources"][0], "url": "https://a.example/c.csv"}]})
    (file,) = found.package["resources"]
    assert file == {
        "id": "f1",
        "name": "CSV",
        "url": "https://a.example/c.csv",
        "format": "CSV",
        "description": "Semikolon",
    }


def test_files_that_editors_added_stay_and_files_that_the_source_removed_go() -> None:
    own = {"id": "f2", "name": "Karte", "url": "https://a.example/karte"}
    found = merged(here={"resources": [own, *HERE["resources"]]}, source={"resources": []})
    assert found.package["resources"] == [own]


def test_a_new_file_of_the_source_comes_without_its_key() -> None:
    found = merged(source={"resources": [*SOURCE["resources"], {"source_key": "k2", "url": "https://a.example/d"}]})
    assert found.package["resources"][1] == {"url": "https://a.example/d"}


def test_a_conflict_in_a_file_is_told_with_its_key() -> None:
    here = {"resources": [{**HERE["resources"][0], "name": "Unsere Datei"}]}
    found = merged(here=here, source={"resources": [{**SOURCE["resources"][0], "name": "Neue Datei"}]})
    assert (found.package["resources"][0]["name"], found.kept) == ("Unsere Datei", ("k1: name",))


values = st.one_of(st.none(), st.text(max_size=3), st.lists(st.text(max_size=2), max_size=2))
records = st.dictionaries(st.sampled_from(["title", "notes", "tags", "modified", "provenance"]), values)


@given(records, records, records, records)
def test_untouched_fields_follow_the_source_and_edited_ones_do_not_get_lost(
    stored: dict, edits: dict, before: dict, now: dict
) -> None:
    then = Memory(before, digests(stored))
    here = {**stored, **edits}
    result = merge(here, now, then, {}).package
    for name in {*here, *now}:
        if digest(here.get(name)) != digest(stored.get(name)):
            assert digest(result.get(name)) == digest(here.get(name))
        elif name in now or name in before:
            assert digest(result.get(name)) == digest(now.get(name))
        else:
            assert digest(result.get(name)) == digest(here.get(name))
