"""A data folder is private, checked before anything is started in it, and left alone if it is not ours to use."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest

from ckanext.mainz.runtime import folder as folders
from ckanext.mainz.runtime.errors import PortalError
from ckanext.mainz.runtime.folder import claim, default_root, locate, read_json, write_json, write_private
from ckanext.mainz.runtime.secrets_file import load_secrets


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_and_everything_in_it_is_private(tmp_path: Path):
    folder = claim(tmp_path / "daten" / "größe 1")
    assert mode(folder.root) == 0o700
    assert {mode(part) for part in folder.root.iterdir()} == {0o700}


def test_the_folder_comes_from_the_option_the_variable_or_the_checkout(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PORTAL_DATA", str(tmp_path))
    assert default_root() == tmp_path
    monkeypatch.delenv("PORTAL_DATA")
    (tmp_path / "portal").touch()
    monkeypatch.setenv("PORTAL_HOME", str(tmp_path))
    assert default_root() == tmp_path / "var"


def test_two_names_of_one_folder_are_one_folder(tmp_path: Path):
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert locate(tmp_path / "link") == locate(tmp_path / "real")


def test_a_percent_sign_in_the_path_is_refused(tmp_path: Path):
    with pytest.raises(PortalError, match="percent sign"):
        locate(tmp_path / "100%")


def test_a_folder_of_a_newer_portal_is_refused_and_left_as_it_is(tmp_path: Path):
    root = tmp_path / "var"
    root.mkdir()
    (root / "prepared.json").write_text(json.dumps({"version": "99.0", "fingerprint": "x"}))
    with pytest.raises(PortalError, match=r"version 99\.0"):
        claim(root)
    assert [path.name for path in root.iterdir()] == ["prepared.json"]


def test_a_file_in_the_place_of_the_folder_is_refused_in_one_sentence(tmp_path: Path):
    (tmp_path / "var").write_text("not a folder")
    with pytest.raises(PortalError, match="cannot be used"):
        claim(tmp_path / "var")


def test_too_little_space_is_said_before_anything_starts(tmp_path: Path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=10 * 2**20)
    monkeypatch.setattr(folders.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(PortalError, match="only 10 MB free"):
        claim(tmp_path / "var")


def test_a_damaged_file_of_ours_is_named(tmp_path: Path):
    (tmp_path / "secrets.json").write_text("{")
    with pytest.raises(PortalError, match=r"secrets\.json is damaged"):
        read_json(tmp_path / "secrets.json")


def test_a_private_file_is_replaced_whole_and_leaves_no_scrap(tmp_path: Path):
    write_json(tmp_path / "a", {"n": 1})
    write_json(tmp_path / "a", {"n": 2})
    assert read_json(tmp_path / "a") == {"n": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert mode(tmp_path / "a") == 0o600


def test_a_write_that_fails_says_where_and_leaves_no_scrap(tmp_path: Path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders.os, "fsync", full)
    with pytest.raises(PortalError, match="is full"):
        write_private(tmp_path / "a", "text")
    assert list(tmp_path.iterdir()) == []


def test_lost_secrets_of_a_database_that_is_there_are_not_made_anew(tmp_path: Path):
    folder = claim(tmp_path / "var")
    load_secrets(folder)
    folder.postgres.mkdir()
    folder.secrets.unlink()
    with pytest.raises(PortalError, match="restore it"):
        load_secrets(folder)
