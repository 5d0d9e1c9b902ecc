"""What is told about the address of a source, and about its options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.kit.duva_server import DuvaServer
from tests.kit.misbehaving_server import login_page
from tests.unit.harvest.duva.exports import EINWOHNER, lines, put

from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.duva.checking import check
from ckanext.mainz.harvest.duva.folder import FolderKind
from ckanext.mainz.harvest.duva.kind import DuvaKind


def test_a_folder_tells_what_it_has(server: DuvaServer, session: Session) -> None:
    listing = lines("Datei;Titel;Lizenz", "a.csv;Einwohner;CC0", "b.csv;Gebäude;CC0")
    found = check(session, server.folder({"a.csv": EINWOHNER, "b.csv": EINWOHNER, "metadaten.csv": listing}))
    assert (found.mode, found.count, found.list_name, found.is_usable) == ("folder", 2, "metadaten.csv", True)
    assert found.sample
    assert (found.sample.title, found.problems) == ("Einwohner", ())
    assert [one.path for one in server.requests].count("/export/b.csv") == 0


def test_a_folder_of_this_machine_is_looked_at_where_it_is_allowed(tmp_path: Path, session: Session) -> None:
    put(tmp_path, {"a.csv": EINWOHNER})
    assert check(session, str(tmp_path), FolderKind(allowed=lambda: [tmp_path])).is_usable
    refused = check(session, str(tmp_path), FolderKind(allowed=list))
    assert (refused.is_usable, refused.mode) == (False, "")
    assert "allows no folder" in refused.problems[0].sentence()


@pytest.mark.parametrize("files, words", [
    ({}, "has no files of tables"), ({"a.csv": b""}, "is empty"), ({"metadaten.csv": b"x"}, "“metadaten.csv”"),
])  # fmt: skip
def test_what_cannot_be_used_is_told(files: dict[str, bytes], words: str, server: DuvaServer, session: Session) -> None:
    found = check(session, server.folder(files))
    assert not found.is_usable
    assert words in " ".join(one.sentence() for one in found.problems)


def test_a_login_page_and_nobody_there_are_told(server: DuvaServer, session: Session) -> None:
    for address in (server.folder({}, listing=login_page()), "http://127.0.0.1:1025/", "/srv/nirgends"):
        found = check(session, address)
        assert not found.is_usable
        assert found.problems


@pytest.mark.parametrize("option, value", [
    ("themen", ["SOCI"]), ("themes", ["Zauberei"]), ("themes", "SOCI"), ("level", "geheim"), ("contact", {"mail": "x"}),
    ("default_license", "frei"), ("place", "Atlantis"), ("decimal", ";"), ("encoding", "latin-99"), ("header", 0),
    ("delimiter", ";;"), ("most_files", 0), ("language", "Klingonisch"), ("mode", "dcat2"), ("unlisted", "ja"),
])  # fmt: skip
def test_options_that_cannot_be_used_are_named(option: str, value: Any) -> None:
    found = DuvaKind().problems("https://statistik.example/", {option: value})
    assert [*found] == [option]
    assert all(found[option])


def test_options_that_can_be_used_are_fine() -> None:
    options = {
        "mode": "folder", "level": "verwaltung", "organisation": "amt-12", "themes": ["SOCI"], "header": "none",
        "column_names": ["a", "b"], "default_license": "dl-de/by-2-0", "contact": {"name": "Statistik"}, "minutes": 5,
    }  # fmt: skip
    assert DuvaKind().problems("https://statistik.example/", options) == {}


def test_an_address_that_is_none_is_named() -> None:
    assert "url" in DuvaKind().problems("ftp://statistik.example/", {})
