"""The engine beyond what it answers: batches, threads, forks, fingerprints, long values."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests.unit.search.documents import dataset, ids, write

from ckanext.mainz.search.embedded import EmbeddedEngine, fingerprint, shape
from ckanext.mainz.search.errors import DocumentError, IndexBusy, QueryError


def test_every_search_sees_the_last_commit(index: EmbeddedEngine) -> None:
    other = EmbeddedEngine(index.folder)
    for number in range(3):
        write(index, dataset(f"d{number}"))
        assert other.count() == number + 1


def test_nothing_is_seen_before_the_commit(index: EmbeddedEngine) -> None:
    with index.writing() as batch:
        batch.add(dataset("a"))
        assert index.count() == 0
    assert index.count() == 1


def write_and_fail(index: EmbeddedEngine) -> None:
    """A batch that an exception leaves."""
    with index.writing() as batch:
        batch.add(dataset("a", title="new"))
        batch.add(dataset("b"))
        batch.delete_id("a")
        raise RuntimeError


def test_an_exception_undoes_the_whole_batch(index: EmbeddedEngine) -> None:
    write(index, dataset("a", title="old"))
    with pytest.raises(RuntimeError):
        write_and_fail(index)
    assert index.search({"q": "*:*", "fl": "title"}).docs == [{"title": "old"}]
    write(index, dataset("c"))
    assert ids(index, sort="id asc") == ["a", "c"]


def test_a_wrong_document_does_not_spoil_a_batch(index: EmbeddedEngine) -> None:
    with index.writing() as batch:
        batch.add(dataset("a"))
        with pytest.raises(DocumentError, match="'views_total' cannot be indexed: 'x' is not a whole number"):
            batch.add(dataset("b", views_total="x"))
        batch.add(dataset("c"))
    assert ids(index, sort="id asc") == ["a", "c"]


def test_a_second_writer_is_told_that_the_index_is_busy(index: EmbeddedEngine) -> None:
    other = EmbeddedEngine(index.folder)
    with index.writing(), pytest.raises(IndexBusy), other.writing():
        pass
    write(other, dataset("a"))
    assert index.count() == 1


def test_deleting_by_id_takes_every_site(index: EmbeddedEngine) -> None:
    write(index, dataset("a"), dataset("a") | {"site_id": "other"}, dataset("b"))
    with index.writing() as batch:
        batch.delete_id("a")
    assert ids(index) == ["b"]


def test_deleting_by_query_reaches_what_the_same_batch_added(index: EmbeddedEngine) -> None:
    write(index, dataset("old", title="apple"))
    with index.writing() as batch:
        batch.add(dataset("new", title="apple"))
        batch.add(dataset("other", title="pear"))
        batch.delete_by_query("title:app*")
    assert ids(index) == ["other"]


def test_deleting_by_query_can_spare_some(index: EmbeddedEngine) -> None:
    write(index, *(dataset(name) for name in "abc"))
    with index.writing() as batch:
        batch.delete_by_query('+site_id:"test"', exclude_ids=["b"])
    assert ids(index) == ["b"]


def test_deleting_by_range_is_refused_where_it_could_miss_documents(index: EmbeddedEngine) -> None:
    with index.writing() as batch:
        batch.delete_by_query("name:[a TO b]")
        batch.add(dataset("a"))
        with pytest.raises(QueryError) as caught:
            batch.delete_by_query("name:[a TO b]")
    assert caught.value.parameter == "q"
    assert index.count() == 1


def test_records_can_be_left_out_of_an_answer(index: EmbeddedEngine) -> None:
    write(index, *(dataset(name, tags=["x"], title="apple") for name in "abc"))
    answer = index.search(
        {"q": "apple", "df": "text", "facet": "true", "facet.field": "tags", "facet.query": "id:b"},
        exclude_ids={"b", "z"},
    )
    assert (answer.hits, {each["id"] for each in answer.docs}) == (2, {"a", "c"})
    assert answer.facets["facet_fields"] == {"tags": ["x", 2]}
    assert answer.facets["facet_queries"] == {"id:b": 0}


def test_stamps_tell_what_is_indexed(index: EmbeddedEngine) -> None:
    documents = {name: dataset(name, title=name * 3) for name in "abc"}
    write(index, *documents.values())
    assert dict(index.stamps()) == {name: fingerprint(document) for name, document in documents.items()}
    documents["a"]["title"] = "other"
    assert dict(index.stamps())["a"] != fingerprint(documents["a"])
    write(index, documents["a"])
    with index.writing() as batch:
        batch.delete_id("b")
    assert dict(index.stamps()) == {name: fingerprint(documents[name]) for name in "ac"}


def test_a_fingerprint_is_that_of_the_content() -> None:
    one = dataset("a", tags=["x", "y"], permission_labels=["p", "q"], version="", url=None, indexed_ts="now")
    other = dataset("a", tags=["x", "y"], permission_labels=["q", "p"])
    assert fingerprint(one) == fingerprint(dict(reversed(other.items())))
    assert fingerprint(one) != fingerprint({**one, "tags": ["y", "x"]})
    assert fingerprint(one) != fingerprint({**one, "private": True})


@pytest.mark.parametrize("length", [30_000, 30_001, 65_529, 65_536, 300_000])
def test_a_long_value_is_found_counted_and_sorted_by_as_a_whole(index: EmbeddedEngine, length: int) -> None:
    one, other = "x" * length, "x" * (length - 1) + "y"
    write(index, dataset("a", tags=[one], level=one, title_string=one), dataset("b", tags=[other], title_string=other))
    assert ids(index, f'tags:"{one}"') == ["a"]
    assert ids(index, f'level:"{one}"') == ["a"]
    assert ids(index, f'tags:"{one}z"') == []
    assert ids(index, "tags:xxx*", sort="id asc") == ["a", "b"]
    assert ids(index, sort="title_string asc, id asc") in (["a", "b"], ["b", "a"])
    facets = index.search({"q": "*:*", "facet": "true", "facet.field": ["tags", "level"], "facet.mincount": 1}).facets
    assert facets["facet_fields"]["tags"] == [one, 1, other, 1] or facets["facet_fields"]["tags"] == [other, 1, one, 1]
    assert facets["facet_fields"]["level"] == [one, 1]


def test_half_a_character_does_no_harm(index: EmbeddedEngine) -> None:
    write(index, dataset("a", title="half \ud83d here", tags=["\ud83d"]))
    assert ids(index, "title:here") == ["a"]
    assert index.search({"q": "title:\ud83d"}).hits == 0


def test_control_characters_in_values_are_values(index: EmbeddedEngine) -> None:
    write(index, dataset("a", tags=["x\x1fy\x00\n"]), dataset("b", tags=["x"]))
    assert ids(index, 'tags:"x\x1fy\x00\n"') == ["a"]
    assert ids(index, "tags:x") == ["b"]
    answer = index.search({"q": "*:*", "facet": "true", "facet.field": "tags", "facet.mincount": 1})
    assert sorted(answer.facets["facet_fields"]["tags"][::2]) == ["x", "x\x1fy\x00\n"]


@pytest.mark.parametrize("name", ["\x01x", "a\x1fb", ""])
def test_a_field_whose_name_is_none_is_refused(index: EmbeddedEngine, name: str) -> None:
    with pytest.raises(DocumentError), index.writing() as batch:
        batch.add(dataset("a") | {name: "x"})


def test_field_names_with_dots_and_spaces_are_names(index: EmbeddedEngine) -> None:
    write(index, dataset("a", **{"a.b c": "x", "a": "y"}))
    assert ids(index, r"a.b\ c:x") == ["a"]
    assert index.search({"q": "*:*", "facet": "true", "facet.field": "a.b c"}).facets["facet_fields"] == {
        "a.b c": ["x", 1]
    }


def test_many_threads_search_while_one_writes(index: EmbeddedEngine) -> None:
    write(index, dataset("a", title="apple"))
    failures: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        try:
            while not done.is_set():
                assert "a" in ids(index, "apple")
        except BaseException as error:  # noqa: BLE001 - told to the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(10):
        write(index, dataset(f"d{number}", title="apple"), dataset("a", title="apple"))
    done.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert index.count() == 11


def test_a_forked_process_opens_the_index_anew(index: EmbeddedEngine) -> None:
    write(index, dataset("a"))
    assert index.count() == 1
    child = os.fork()
    if child == 0:
        try:
            write(index, dataset("b"))
            os._exit(0 if ids(index, sort="id asc") == ["a", "b"] else 1)
        except BaseException:  # noqa: BLE001 - a forked test must never run on
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert ids(index, sort="id asc") == ["a", "b"]


WRITER = """
import sys
from pathlib import Path
from ckanext.mainz.search.embedded import EmbeddedEngine
with EmbeddedEngine(Path(sys.argv[1])).writing() as batch:
    batch.add({"id": "x", "site_id": "test", "name": "x"})
    print("added", flush=True)
    sys.stdin.read()
"""


def test_a_killed_writer_leaves_the_last_commit_and_a_free_lock(index: EmbeddedEngine) -> None:
    write(index, dataset("a"))
    command = [sys.executable, "-c", WRITER, str(index.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"added\n"
        with pytest.raises(IndexBusy), index.writing():
            pass
        writer.kill()
    write(index, dataset("b"))
    assert ids(index, sort="id asc") == ["a", "b"]
    index.check()


def test_an_index_is_made_only_in_an_empty_folder(index: EmbeddedEngine) -> None:
    write(index, dataset("a"))
    with pytest.raises(FileExistsError):
        EmbeddedEngine.create(index.folder)
    assert index.count() == 1


def test_an_index_in_a_folder_with_spaces_and_umlauts(tmp_path: Path) -> None:
    engine = EmbeddedEngine.create(tmp_path / "mit Leerzeichen und Bäumen" / "index")
    write(engine, dataset("a"))
    engine.check()
    assert ids(EmbeddedEngine(engine.folder)) == ["a"]


def test_many_small_commits_stay_few_segments(index: EmbeddedEngine) -> None:
    for number in range(40):
        write(index, dataset(f"d{number}"))
    assert len(list(index.folder.glob("*.store"))) < 20
    assert index.count() == 40
    index.check()


def test_keys_of_numbers_are_in_the_order_of_the_numbers() -> None:
    numbers = [-(2**61), -5, -1, 0, 1, 7, 10, 2**61]
    assert sorted(numbers, key=lambda number: shape.number_key("x", number)) == numbers
    assert [shape.key_number(shape.number_key("", number)[1:]) for number in numbers] == numbers
