"""The latest documents, written once more with each commit: few segments, and never an older state."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.unit.search.documents import dataset, ids, write

from ckanext.mainz.search.embedded import EmbeddedEngine
from ckanext.mainz.search.embedded.recent import MOST, NAME


def segments(index: EmbeddedEngine) -> list[int]:
    """Numbers of living documents of the segments, once merges have ended."""
    for thread in threading.enumerate():
        if thread.name == "merge":
            thread.join()
    meta = json.loads((index.folder / "meta.json").read_text())
    return [each["max_doc"] - (each["deletes"] or {}).get("num_deleted_docs", 0) for each in meta["segments"]]


def titles(index: EmbeddedEngine) -> dict[str, Any]:
    return {doc["id"]: doc.get("title") for doc in index.search({"q": "*:*", "fl": "id,title", "rows": 1000}).docs}


def write_and_fail(index: EmbeddedEngine) -> None:
    """A batch that an exception leaves."""
    with index.writing() as batch:
        batch.add(dataset("a", title="neu"))
        raise RuntimeError


@pytest.fixture
def filled(index: EmbeddedEngine) -> EmbeddedEngine:
    with index.writing() as batch:
        for number in range(200):
            batch.add(dataset(f"old-{number}"))
    return index


def test_single_changes_do_not_rewrite_the_index(filled: EmbeddedEngine) -> None:
    for number in range(4 * MOST):
        write(filled, dataset(f"new-{number}"))
        assert 200 in segments(filled), "the big segment was merged"
    assert filled.count() == 200 + 4 * MOST
    assert len(segments(filled)) <= 6


def test_a_document_that_changes_again_and_again_is_there_once(filled: EmbeddedEngine) -> None:
    for number in range(3 * MOST):
        write(filled, dataset("a", title=f"Stand {number}"))
    assert filled.count() == 201
    assert titles(filled)["a"] == f"Stand {3 * MOST - 1}"


def test_what_is_deleted_does_not_come_back(filled: EmbeddedEngine) -> None:
    write(filled, dataset("a"), dataset("b"), dataset("c"))
    with filled.writing() as batch:
        batch.delete_id("a")
    with filled.writing() as batch:
        batch.delete_by_query("id:b")
    write(filled, dataset("d"))
    assert {"a", "b"} & set(titles(filled)) == set()
    assert {"c", "d"} <= set(titles(filled))


def test_a_deletion_and_a_new_document_in_one_batch_keep_their_order(index: EmbeddedEngine) -> None:
    write(index, dataset("a", title="alt"))
    with index.writing() as batch:
        batch.delete_id("a")
        batch.add(dataset("a", title="neu"))
    write(index, dataset("b"))
    assert titles(index)["a"] == "neu"


def test_documents_of_another_commit_count_for_nothing(index: EmbeddedEngine) -> None:
    """As after a crash between a commit and the note of its documents."""
    write(index, dataset("a", title="alt"))
    kept = (index.folder / NAME).read_bytes()
    write(index, dataset("a", title="neu"))
    (index.folder / NAME).write_bytes(kept)
    write(index, dataset("b"))
    assert titles(index)["a"] == "neu"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]", b'"x"', b"[1,2,3]"])
def test_a_note_that_cannot_be_read_counts_for_nothing(index: EmbeddedEngine, content: bytes) -> None:
    write(index, dataset("a"))
    (index.folder / NAME).write_bytes(content)
    write(index, dataset("b"))
    assert ids(index, sort="id asc") == ["a", "b"]


def test_a_note_that_cannot_be_written_does_not_spoil_the_commit(index: EmbeddedEngine, tmp_path: Path) -> None:
    (index.folder / NAME).mkdir()
    write(index, dataset("a"))
    write(index, dataset("b"))
    assert ids(index, sort="id asc") == ["a", "b"]
    assert [path.name for path in index.folder.iterdir() if path.name.startswith(f"{NAME}.")] == []


def test_an_undone_batch_leaves_the_note_as_it_was(index: EmbeddedEngine) -> None:
    write(index, dataset("a", title="alt"))
    with pytest.raises(RuntimeError):
        write_and_fail(index)
    write(index, dataset("b"))
    assert titles(index) == {"a": "alt", "b": None}


def test_what_is_written_again_keeps_the_time_of_its_indexing(index: EmbeddedEngine) -> None:
    write(index, dataset("a"))
    (first,) = index.search({"q": "id:a", "fl": "indexed_ts"}).docs
    write(index, dataset("b"))
    assert index.search({"q": "id:a", "fl": "indexed_ts"}).docs == [first]
