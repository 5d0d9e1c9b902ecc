"""Bytes on their way from a source to the storage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ckan.plugins import toolkit
from tests.unit.harvest.duva.exports import EINWOHNER, only, package, put, read

from ckanext.mainz.foundation.files import FileKey, Format, PortalResourceUpload
from ckanext.mainz.harvest import contents, merging
from ckanext.mainz.harvest.contents import CONTENT, Content
from ckanext.mainz.harvest.merging import Memory
from ckanext.mainz.harvest.spool import Spool

MORE = b"2025;Drais;3.100\r\n"


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Bytes by resource and key, in place of CKAN's storage."""
    kept: dict[str, bytes] = {}

    def create(self: Any, resource: dict[str, Any]) -> None:
        self.upload_file = resource.pop("upload")
        resource["url_type"] = "upload"

    def keep(self: Any, id: str, max_size: int = 0) -> None:
        kept[f"{id}/{self.key}"] = self.upload_file.stream.read()

    monkeypatch.setattr(PortalResourceUpload.__mro__[1], "__init__", create)
    monkeypatch.setattr(PortalResourceUpload, "upload", keep)
    monkeypatch.setattr("ckanext.mainz.foundation.config.max_file_bytes", lambda: 10_000_000)
    monkeypatch.setattr("ckanext.mainz.foundation.files.known_format", lambda _name: Format("CSV", "text/csv"))
    return kept


def record(folder: Path, spool: Spool, content: bytes) -> dict[str, Any]:
    return package(only(read(put(folder, {"a.csv": content}), spool)))


def as_stored(sent: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The record as it stands here after it was sent."""
    files = [{**{name: one[name] for name in one if name not in (CONTENT, "source_key")},
              "id": "file-1", "url": "a.csv", "url_type": "upload", "file_key": "k", **more}
             for one in sent["resources"]]  # fmt: skip
    return {**contents.without(sent), "id": "1", "resources": files}


def memory(sent: dict[str, Any], here: dict[str, Any]) -> Memory:
    """What is remembered of that."""
    (file,) = contents.without(sent)["resources"]
    known = Memory({name: file[name] for name in file if name != "source_key"},
                   merging.digests(here["resources"][0], merging.OURS_OF_FILES))  # fmt: skip
    return Memory({}, {}, {file["source_key"]: ("file-1", known)})


def test_a_large_file_goes_through_the_spool_in_pieces(tmp_path: Path, spool: Spool) -> None:
    content = b"Jahr;Zahl\r\n" + b"2024;1\r\n" * 500_000
    (tmp_path / "a.csv").write_bytes(content)
    with (tmp_path / "a.csv").open("rb") as file:
        kept = contents.store(file, spool)
    assert (kept.size, len(kept.pieces)) == (len(content), 4)
    with kept.content("a.csv", spool).open() as again:
        assert again.read() == content


def test_a_new_record_brings_its_files(tmp_path: Path, spool: Spool, storage: dict[str, bytes]) -> None:
    (file,) = contents.stored(record(tmp_path, spool, EINWOHNER))["resources"]
    assert storage == {f"{file['id']}/{file['file_key']}": EINWOHNER}
    assert isinstance(file["file_key"], FileKey)
    assert (file["url"], file["url_type"], file["format"]) == ("a.csv", "upload", "CSV")
    assert file.keys().isdisjoint({CONTENT, "upload"})


def test_what_the_portal_does_not_take_is_refused(tmp_path: Path, spool: Spool, storage: dict[str, bytes]) -> None:
    with pytest.raises(toolkit.ValidationError):
        contents.stored(record(tmp_path, spool, b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\x00" * 200))
    assert storage == {}


def test_what_is_remembered_is_json_and_has_no_bytes(tmp_path: Path, spool: Spool) -> None:
    made = contents.without(record(tmp_path, spool, EINWOHNER))
    assert CONTENT not in made["resources"][0]
    assert "Altstadt" not in json.dumps(made).replace("Stadtteil", "")


def test_a_record_with_the_same_bytes_brings_none(tmp_path: Path, spool: Spool, storage: dict[str, bytes]) -> None:
    sent = record(tmp_path, spool, EINWOHNER)
    here = as_stored(sent)
    merged = merging.merge(here, sent, memory(sent, here), {}).package
    (file,) = contents.stored(merged, here)["resources"]
    assert (storage, CONTENT in file) == ({}, False)
    assert (file["id"], file["file_key"], file["url_type"]) == ("file-1", "k", "upload")


def test_new_bytes_go_to_the_same_file(tmp_path: Path, spool: Spool, storage: dict[str, bytes]) -> None:
    first = record(tmp_path, spool, EINWOHNER)
    here = as_stored(first)
    second = record(tmp_path, spool, EINWOHNER + MORE)
    merged = merging.merge(here, second, memory(first, here), {}).package
    (file,) = contents.stored(merged, here)["resources"]
    assert (file["id"], file["size"]) == ("file-1", len(EINWOHNER + MORE))
    assert storage == {f"file-1/{file['file_key']}": EINWOHNER + MORE}


def test_a_file_that_editors_have_replaced_stays_theirs(
    tmp_path: Path, spool: Spool, storage: dict[str, bytes]
) -> None:
    first = record(tmp_path, spool, EINWOHNER)
    here = as_stored(first, hash="f" * 64, size=5)
    kept = memory(first, as_stored(first))
    second = record(tmp_path, spool, EINWOHNER + MORE)
    merged = merging.merge(here, second, kept, {})
    (file,) = contents.stored(merged.package, here)["resources"]
    assert (storage, file["hash"], file["file_key"]) == ({}, "f" * 64, "k")
    assert "csv: hash" in merged.kept


def test_a_digest_sees_the_bytes() -> None:
    one, other = (Content("a.csv", 1, sha256, open=lambda: None) for sha256 in ("0", "1"))  # type: ignore[arg-type]
    assert merging.digest(one) != merging.digest(other)
