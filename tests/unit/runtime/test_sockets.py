"""Sockets lie where their address fits: in the data folder if its path is short and plain, else in a private folder."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ckanext.mainz.runtime import sockets
from ckanext.mainz.runtime.errors import PortalError
from ckanext.mainz.runtime.folder import DataFolder
from ckanext.mainz.runtime.sockets import socket_folder


def data(root: Path) -> DataFolder:
    folder = DataFolder(root)
    folder.run.mkdir(parents=True)
    return folder


@pytest.fixture
def temporary(monkeypatch) -> Iterator[Path]:
    """A temporary folder with a short path; pytest's own grows with every run."""
    with tempfile.TemporaryDirectory(prefix="t", dir="/tmp") as folder:
        monkeypatch.setattr(sockets.tempfile, "gettempdir", lambda: folder)
        yield Path(folder)


def test_a_short_plain_path_keeps_its_sockets(tmp_path: Path):
    folder = data(tmp_path / "d")
    assert socket_folder(folder) == folder.run


@pytest.mark.parametrize("name", ["mit Leerzeichen", "größe", "a" * 100, "q?x=1&y", "comma,comma"])
def test_any_other_path_gets_a_short_private_folder(tmp_path: Path, temporary: Path, name: str):
    found = socket_folder(data(tmp_path / name))
    assert found.parent == temporary
    assert stat.S_IMODE(found.stat().st_mode) == 0o700
    assert found == socket_folder(DataFolder(tmp_path / name))


def test_two_data_folders_never_share_sockets(tmp_path: Path, temporary: Path):
    assert socket_folder(data(tmp_path / "eins ä")) != socket_folder(data(tmp_path / "zwei ä"))


def test_a_folder_that_somebody_else_put_there_is_refused(tmp_path: Path, temporary: Path):
    folder = data(tmp_path / "größe")
    trap = socket_folder(folder)
    trap.rmdir()
    (tmp_path / "elsewhere").mkdir()
    trap.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PortalError, match="belongs to somebody else"):
        socket_folder(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="not possible: only root can make a folder of another user")
def test_a_folder_of_another_user_is_refused(tmp_path: Path, temporary: Path):
    folder = data(tmp_path / "größe")
    os.chown(socket_folder(folder), 65534, 65534)
    with pytest.raises(PortalError, match="belongs to somebody else"):
        socket_folder(folder)
