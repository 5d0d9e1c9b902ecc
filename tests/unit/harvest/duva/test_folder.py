"""A folder of this machine: what is read of it, what is not, and when it is known whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.kit.outgoing import MakeSession, Waits
from tests.unit.harvest.duva.exports import (
    APOTHEKEN,
    EINWOHNER,
    bytes_of,
    candidates,
    errors,
    lines,
    no_beat,
    only,
    package,
    put,
    read,
)

from ckanext.mainz.foundation.errors import ReadableError
from ckanext.mainz.harvest import identity
from ckanext.mainz.harvest.duva import local
from ckanext.mainz.harvest.duva.folder import FolderKind
from ckanext.mainz.harvest.duva.items import Item
from ckanext.mainz.harvest.duva.local import LocalFolder
from ckanext.mainz.harvest.duva.reading import FilesRead
from ckanext.mainz.harvest.kinds import Candidate
from ckanext.mainz.harvest.spool import Spool


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return put(tmp_path / "export", {"einwohner_2024.csv": EINWOHNER, "oeffentliche_apotheken_2020ff.csv": APOTHEKEN})


def words(candidate: Candidate) -> str:
    return candidate.refused.sentence() if candidate.refused else ""


def told(found: FilesRead) -> str:
    return " ".join(one.sentence() for one in found.reading.problems)


def test_each_table_is_a_record_with_its_bytes(folder: Path, spool: Spool) -> None:
    found = read(folder, spool)
    assert (found.reading.complete, found.reading.why, found.reading.problems) == (True, None, ())
    records = candidates(found)
    assert [*records] == ["einwohner_2024", "oeffentliche_apotheken_2020ff"]
    record = package(records["oeffentliche_apotheken_2020ff"])
    assert (record["title"], record["identifier"]) == ("Öffentliche Apotheken ab 2020", "oeffentliche_apotheken_2020ff")
    assert record["temporal_coverage"] == [{"start": "2023", "end": "2024"}]
    assert bytes_of(record["resources"][0]) == APOTHEKEN
    assert [errors(one) for one in records.values()] == [{}, {}]


def test_a_record_is_read_again_as_often_as_it_is_asked_for(folder: Path, spool: Spool) -> None:
    found = read(folder, spool)
    first, second = found.candidate(found.numbers[0]), found.candidate(found.numbers[0])
    assert first == second
    for path in folder.iterdir():
        path.unlink()
    assert bytes_of(package(first)["resources"][0]) == EINWOHNER


def test_what_is_kept_of_the_source_tells_its_files_and_not_their_bytes(folder: Path, spool: Spool) -> None:
    found = read(folder, spool)
    raw = found.raw(found.numbers[0]).decode()
    assert '"name": "einwohner_2024.csv"' in raw
    assert "Altstadt" not in raw
    assert str(folder) not in raw


# --- what may be read ------------------------------------------------------------------------------------------------


def test_a_folder_that_nobody_allows_is_refused(folder: Path) -> None:
    session = MakeSession(Waits())()
    for allowed, sentence in (([], "allows no folder"), ([folder / "other"], "in none of the folders")):
        kind = FolderKind(allowed=lambda allowed=allowed: allowed)
        assert sentence in kind.problems(str(folder), {})["url"][0]
        with Spool() as spool, pytest.raises(ReadableError, match=sentence):
            kind.read(session, str(folder), {}, spool, no_beat)


@pytest.mark.parametrize("way", ["{}/../geheim", "file://{}/%2e%2e/geheim", "{}/../export/../geheim"])
def test_no_way_up_leads_out_of_what_is_allowed(way: str, folder: Path) -> None:
    put(folder.parent / "geheim", {"personal.csv": EINWOHNER})
    kind = FolderKind(allowed=lambda: [folder])
    assert "url" in kind.problems(way.format(folder), {})


def test_a_folder_that_is_a_link_out_of_what_is_allowed_is_refused(folder: Path, tmp_path: Path) -> None:
    secret = put(tmp_path / "geheim", {"personal.csv": EINWOHNER})
    (folder / "tuer").symlink_to(secret)
    kind = FolderKind(allowed=lambda: [folder])
    assert "url" in kind.problems(str(folder / "tuer"), {})
    assert kind.problems(str(folder), {}) == {}


def test_a_file_that_is_a_link_out_of_the_folder_is_refused_alone(folder: Path, tmp_path: Path, spool: Spool) -> None:
    secret = put(tmp_path / "geheim", {"personal.csv": EINWOHNER})
    (folder / "personal.csv").symlink_to(secret / "personal.csv")
    found = read(folder, spool)
    records = candidates(found)
    assert "leads out of the folder" in words(records["personal"])
    assert records["personal"].package is None
    assert package(records["einwohner_2024"])
    assert identity.keys(found.reading.unreadable) == {"mz:personal"}


def test_a_file_that_becomes_a_link_while_it_is_opened_is_refused(folder: Path, tmp_path: Path) -> None:
    secret = put(tmp_path / "geheim", {"personal.csv": EINWOHNER})
    place = LocalFolder.at(str(folder), [folder], subfolders=False, most=10, limit=1000)
    with (tmp_path / "copy").open("wb") as copy, pytest.raises(ReadableError, match="leads out"):
        place.copy(Item("x.csv", str(secret / "personal.csv")), copy)


def test_a_pipe_is_no_file_and_nobody_waits_for_it(folder: Path, spool: Spool) -> None:
    os.mkfifo(folder / "rohr.csv")
    assert "no ordinary file" in words(candidates(read(folder, spool))["rohr"])


def test_names_in_a_list_lead_nowhere_else(folder: Path, spool: Spool) -> None:
    put(folder.parent, {"geheim.csv": EINWOHNER})
    put(folder, {"metadaten.csv": lines("Datei;Titel", "einwohner_2024.csv;Einwohner", "../geheim.csv;Geheim")})
    records = candidates(read(folder, spool, allowed=folder.parent))
    assert "leads out of the folder" in words(next(one for name, one in records.items() if "geheim" in name))


def test_both_ways_to_write_the_address_are_the_same_place(folder: Path) -> None:
    assert local.path_of(f"file://{folder}") == local.path_of(str(folder)) == folder
    assert [local.is_local(one) for one in ("file:///srv", "/srv", "https://srv")] == [True, True, False]


def test_the_path_of_a_folder_is_in_no_identifier(folder: Path, spool: Spool) -> None:
    found = only(read(put(folder.parent / "x", {"a.csv": EINWOHNER}), spool, id_prefix=""))
    assert found.guid.startswith("duva-")
    assert "tmp" not in found.guid
    assert all(one.startswith("duva-") for one in found.keys)


# --- when it is whole ------------------------------------------------------------------------------------------------


def test_a_folder_that_vanished_cannot_be_read(folder: Path, spool: Spool) -> None:
    with pytest.raises(ReadableError, match="is not there"):
        read(folder / "weg", spool, allowed=folder)


@pytest.mark.parametrize("files", [{}, {"lies_mich.pdf": b"%PDF-1.4"}, {".einwohner.csv": EINWOHNER}])
def test_an_empty_folder_is_never_complete(files: dict[str, bytes], tmp_path: Path, spool: Spool) -> None:
    found = read(put(tmp_path, files), spool)
    assert (found.reading.complete, list(found.numbers)) == (False, [])
    assert found.reading.why
    assert "has no files of tables" in found.reading.why.sentence()


def test_a_folder_of_empty_files_is_never_complete(tmp_path: Path, spool: Spool) -> None:
    found = read(put(tmp_path, {"a.csv": b"", "b.csv": b""}), spool)
    assert not found.reading.complete
    assert "None of the 2 files" in (found.reading.why.sentence() if found.reading.why else "")


def test_one_broken_file_stops_no_other_and_is_not_missing(folder: Path, spool: Spool) -> None:
    put(folder, {"leer.csv": b""})
    found = read(folder, spool)
    assert found.reading.complete
    assert "leer.csv" in told(found)
    assert found.reading.unreadable == {"mz:leer"}
    assert sum(one.package is not None for one in candidates(found).values()) == 2


def test_a_file_that_cannot_be_read_is_named(folder: Path, spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = os.open

    def refuse(path: str, flags: int, *mode: int) -> int:
        if str(path).startswith(str(folder)):
            raise PermissionError(13, "Permission denied")
        return honest(path, flags, *mode)

    monkeypatch.setattr("ckanext.mainz.harvest.duva.local.os.open", refuse)
    found = read(folder, spool)
    assert not found.reading.complete
    assert "“einwohner_2024.csv” cannot be read: permission denied." in told(found)


@pytest.mark.parametrize("ending", ["part", "tmp", "filepart", "crdownload"])
def test_a_file_under_a_temporary_name_is_still_coming(ending: str, folder: Path, spool: Spool) -> None:
    put(folder, {f"wahlen.csv.{ending}": EINWOHNER[:10]})
    found = read(folder, spool)
    assert found.reading.complete
    assert found.reading.unreadable == {"mz:wahlen"}
    assert "“wahlen.csv” is still being written." in told(found)


def test_a_file_that_grows_while_it_is_read_is_refused(folder: Path, spool: Spool) -> None:
    place = LocalFolder.at(str(folder), [folder], subfolders=False, most=10, limit=1000)
    path = folder / "einwohner_2024.csv"

    class Growing:
        def write(self, block: bytes) -> int:
            path.write_bytes(path.read_bytes() + b"2025;Drais;3.100\r\n")
            return len(block)

    with pytest.raises(ReadableError, match="still being written"):
        place.copy(place.item(path.name), Growing())  # type: ignore[arg-type]


def test_a_file_that_changed_before_the_end_of_the_reading_is_refused(folder: Path, spool: Spool) -> None:
    path = folder / "einwohner_2024.csv"
    beats: list[int] = []

    def beat(done: int, _all: int) -> None:
        beats.append(done)
        if done == 1:  # the first file has been read, the second has not
            path.write_bytes(EINWOHNER + b"2025;Drais;3.100\r\n")

    found = FolderKind(allowed=lambda: [folder]).read(
        MakeSession(Waits())(), str(folder), {"id_prefix": "mz"}, spool, beat
    )
    records = candidates(found)
    assert beats == [0, 1]
    assert "still being written" in words(records["einwohner_2024"])
    assert records["oeffentliche_apotheken_2020ff"].package is not None
    assert found.reading.unreadable == {"mz:einwohner_2024"}


def test_too_many_files_are_told(folder: Path, spool: Spool) -> None:
    with pytest.raises(ReadableError, match="more than the 1 that may be"):
        read(folder, spool, most_files=1)


def test_other_files_are_named_and_left_out(folder: Path, spool: Spool) -> None:
    put(folder, {"bericht.pdf": b"%PDF-1.4", "~$einwohner_2024.xlsx": b"x", ".htaccess": b"x"})
    found = read(folder, spool)
    assert len(found.numbers) == 2
    assert told(found) == "Files of other kinds were left out: bericht.pdf."


def test_subfolders_are_read_where_the_source_says_so(folder: Path, spool: Spool) -> None:
    put(folder, {"wahlen/stadtrat.csv": EINWOHNER})
    assert len(read(folder, spool).numbers) == 2
    records = candidates(read(folder, spool, subfolders=True))
    assert package(records["wahlen/stadtrat"])["resources"][0]["content"].name == "stadtrat.csv"


# --- what is the same ------------------------------------------------------------------------------------------------


def prints(folder: Path, **options: object) -> dict[str, str]:
    with Spool() as spool:
        return {name: one.fingerprint for name, one in candidates(read(folder, spool, **options)).items()}


def test_dates_of_files_and_their_order_change_nothing(folder: Path, tmp_path: Path) -> None:
    before = prints(folder)
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    other = tmp_path / "other"
    put(other, {path.name: path.read_bytes() for path in sorted(folder.iterdir(), reverse=True)})
    assert prints(folder) == before == prints(other)


def test_other_bytes_are_seen_although_nothing_else_has_changed(folder: Path) -> None:
    before = prints(folder)
    path = folder / "einwohner_2024.csv"
    stamp = path.stat().st_mtime_ns
    path.write_bytes(EINWOHNER.replace(b"17.723", b"17.724"))
    os.utime(path, ns=(stamp, stamp))
    after = prints(folder)
    assert after["einwohner_2024"] != before["einwohner_2024"]
    assert after["oeffentliche_apotheken_2020ff"] == before["oeffentliche_apotheken_2020ff"]


def known(folder: Path, spool: Spool) -> list[identity.Known]:
    found = candidates(read(folder, spool)).values()
    return [identity.Known(one.guid, identity.keys([one.guid, *one.keys]), one.likeness) for one in found]


def listed(folder: Path, spool: Spool) -> list[identity.Listed]:
    found = enumerate(candidates(read(folder, spool)).values())
    return [identity.Listed(one.guid, identity.keys([one.guid, *one.keys]), one.likeness, at) for at, one in found]


def test_a_table_that_is_renamed_to_the_next_years_is_the_same_record(folder: Path, spool: Spool) -> None:
    before = known(folder, spool)
    (folder / "einwohner_2024.csv").unlink()
    put(folder, {"einwohner_2024ff.csv": EINWOHNER + b"2025;Drais;3.100\r\n"})
    found = identity.match(listed(folder, spool), before)
    assert (found.new, found.missing) == ((), ())
    assert [found.same[at] for at in found.moved] == ["mz:einwohner_2024"]


def test_a_table_that_is_renamed_only_is_known_by_its_bytes(folder: Path, spool: Spool) -> None:
    before = known(folder, spool)
    (folder / "einwohner_2024.csv").rename(folder / "bevoelkerung.csv")
    found = identity.match(listed(folder, spool), before)
    assert (found.new, found.missing) == ((), ())


def test_a_new_year_beside_the_old_one_is_a_record_of_its_own(folder: Path, spool: Spool) -> None:
    before = known(folder, spool)
    put(folder, {"einwohner_2025.csv": EINWOHNER + b"2025;Drais;3.100\r\n"})
    found = identity.match(listed(folder, spool), before)
    assert (len(found.new), found.moved, found.missing) == (1, {}, ())


def test_two_formats_of_one_name_are_one_record(folder: Path, spool: Spool) -> None:
    put(folder, {"einwohner_2024.json": b'{"data": []}'})
    record = package(candidates(read(folder, spool))["einwohner_2024"])
    assert [(one["source_key"], one["format"]) for one in record["resources"]] == [("csv", "CSV"), ("json", "JSON")]
    assert [one["name"] for one in record["resources"]] == ["Einwohner 2024 (2024, CSV)", "Einwohner 2024 (2024, JSON)"]


def test_names_that_differ_in_case_only_are_two_files(folder: Path, spool: Spool) -> None:
    put(folder, {"Einwohner_2024.CSV": EINWOHNER + b"2025;Drais;3.100\r\n"})
    record = package(candidates(read(folder, spool))["einwohner_2024"])
    assert len({one["source_key"] for one in record["resources"]}) == 2
