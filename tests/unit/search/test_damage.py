"""Damaged, missing and outdated indexes: an error, never a wrong answer, never the death of the process."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.search.documents import dataset, ids, write

from ckanext.mainz.search.embedded import EmbeddedEngine
from ckanext.mainz.search.errors import EngineError, IndexDamaged, IndexMissing, IndexOutdated

EXTENSIONS = ["idx", "pos", "term", "store", "fast", "fieldnorm", "del"]


@pytest.fixture
def folder(index: EmbeddedEngine) -> Path:
    """An index of two segments with a deleted document, not open."""
    write(index, *(dataset(f"d{number}", title="ein Baum", tags=["x"], notes="Wort " * 50) for number in range(20)))
    write(index, dataset("d1", title="neu"), dataset("e"))
    index.check()
    return index.folder


def a_file(folder: Path, extension: str) -> Path:
    """One of the files of the index."""
    return min(folder.glob(f"*.{extension}"))


def answer_in_a_process(folder: Path) -> str:
    """What a search in a process of its own says: the process may not die of it."""
    script = (
        "import sys; from pathlib import Path\n"
        "from ckanext.mainz.search.embedded import EmbeddedEngine\n"
        "from ckanext.mainz.search.errors import EngineError\n"
        "engine = EmbeddedEngine(Path(sys.argv[1]))\n"
        "try: print(engine.search({'q': 'baum', 'df': 'text', 'facet': 'true', 'facet.field': 'tags'}).hits)\n"
        "except EngineError as error: print(type(error).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_missing_file(folder: Path, extension: str) -> None:
    a_file(folder, extension).unlink()
    with pytest.raises(IndexDamaged, match="is missing"):
        ids(EmbeddedEngine(folder))
    with pytest.raises(IndexDamaged):
        EmbeddedEngine(folder).check()


@pytest.mark.parametrize("extension", EXTENSIONS)
@pytest.mark.parametrize("kept", [0.0, 0.5, 0.95])
def test_a_file_that_was_cut_short(folder: Path, extension: str, kept: float) -> None:
    path = a_file(folder, extension)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(IndexDamaged, match="cut short"):
        ids(EmbeddedEngine(folder))
    assert answer_in_a_process(folder) == "IndexDamaged"


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_changed_byte_is_found_by_the_check(folder: Path, extension: str) -> None:
    path = a_file(folder, extension)
    content = bytearray(path.read_bytes())
    content[len(content) // 4] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(IndexDamaged, match=f"{extension} have changed|{extension} is cut short"):
        EmbeddedEngine(folder).check()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"segments": 3}', b"\x00" * 300, b'{"segments": [{}]}'])
def test_a_meta_file_of_nonsense(folder: Path, content: bytes) -> None:
    (folder / "meta.json").write_bytes(content)
    with pytest.raises(IndexDamaged):
        ids(EmbeddedEngine(folder))
    with pytest.raises(IndexDamaged):
        EmbeddedEngine(folder).check()
    assert answer_in_a_process(folder) == "IndexDamaged"


def test_a_missing_meta_file(folder: Path) -> None:
    (folder / "meta.json").unlink()
    with pytest.raises(IndexDamaged):
        EmbeddedEngine(folder).check()


def test_damage_stops_writing_too(folder: Path) -> None:
    (folder / "meta.json").write_bytes(b"{")
    with pytest.raises(IndexDamaged), EmbeddedEngine(folder).writing():
        pass


def test_damage_below_an_open_engine(folder: Path) -> None:
    engine = EmbeddedEngine(folder)
    assert engine.count() == 21
    (folder / "meta.json").write_bytes(b"{")
    with pytest.raises(IndexDamaged):
        engine.count()


def test_a_folder_that_was_removed_below_an_open_engine(folder: Path) -> None:
    engine = EmbeddedEngine(folder)
    assert engine.count() == 21
    shutil.rmtree(folder)
    with pytest.raises(EngineError):
        engine.count()
    with pytest.raises(IndexMissing):
        engine.count()


def test_a_folder_without_an_index(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(IndexMissing):
            EmbeddedEngine(folder).count()
        with pytest.raises(IndexMissing):
            EmbeddedEngine(folder).check()


@pytest.mark.parametrize("written", ["0", "", "1, words 00000000, 0.1"])
def test_an_index_of_another_shape(folder: Path, written: str) -> None:
    (folder / "SHAPE").write_text(written)
    with pytest.raises(IndexOutdated) as caught:
        EmbeddedEngine(folder).check()
    assert caught.value.found == written
    assert caught.value.wanted
    with pytest.raises(IndexOutdated):
        ids(EmbeddedEngine(folder))


def test_a_shape_that_is_no_text(folder: Path) -> None:
    (folder / "SHAPE").write_bytes(b"\xff\xfe")
    with pytest.raises(IndexDamaged):
        EmbeddedEngine(folder).check()


def test_a_check_while_others_write(index: EmbeddedEngine) -> None:
    """Files that a merge takes away meanwhile are not taken for damage."""
    script = (
        "import sys; from pathlib import Path\n"
        "from ckanext.mainz.search.embedded import EmbeddedEngine\n"
        "engine = EmbeddedEngine(Path(sys.argv[1]))\n"
        "for number in range(30):\n"
        "    with engine.writing() as batch:\n"
        "        batch.add({'id': str(number % 7), 'site_id': 's', 'name': 'n', 'title': 'x ' * number})\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(index.folder)]) as writer:
        while writer.poll() is None:
            index.check()
            EmbeddedEngine(index.folder).count()
    assert writer.returncode == 0
    assert index.count() == 7
