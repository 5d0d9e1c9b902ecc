"""A folder on a web server: the same records as from a folder of this machine, whatever form its list has."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.kit.duva_server import FORMS, DuvaServer, index_page
from tests.kit.misbehaving_server import Behaviour, answer, login_page, redirect, reset, status, truncated
from tests.unit.harvest.duva.exports import (
    APOTHEKEN,
    EINWOHNER,
    bytes_of,
    candidates,
    errors,
    lines,
    package,
    put,
    read,
    read_web,
)

from ckanext.mainz.foundation.errors import ReadableError
from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.duva.web import WebFolder
from ckanext.mainz.harvest.spool import Spool

FILES = {
    "einwohner_2024.csv": EINWOHNER,
    "Öffentliche Apotheken.csv": APOTHEKEN,
    "wahl_100%_2021-2024.csv": EINWOHNER + b"\r\n",
}
LISTING = lines("Datei;Titel;Lizenz;Stufe", "einwohner_2024.csv;Einwohner;CC0;intern", "Öffentliche Apotheken.csv;;;")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_list_gives_the_records_of_the_local_folder(
    form: str, server: DuvaServer, session: Session, tmp_path: Path, spool: Spool
) -> None:
    here = read(put(tmp_path, FILES), spool)
    there = read_web(session, server.folder(FILES, form), spool)
    assert there.reading == here.reading
    assert {name: one.fingerprint for name, one in candidates(there).items()} == {
        name: one.fingerprint for name, one in candidates(here).items()
    }
    record = package(candidates(there)["öffentliche_apotheken"])
    assert bytes_of(record["resources"][0]) == APOTHEKEN
    assert [errors(one) for one in candidates(there).values()] == [{}] * 3


def test_a_list_with_more_than_names_is_read_wherever_it_lies(
    server: DuvaServer, session: Session, tmp_path: Path, spool: Spool
) -> None:
    files = {**FILES, "metadaten.csv": LISTING}
    here = candidates(read(put(tmp_path, files), spool))
    there = candidates(read_web(session, server.folder(files), spool))
    assert [one.fingerprint for one in there.values()] == [one.fingerprint for one in here.values()]
    assert package(there["einwohner_2024"])["license_id"] == "cc-zero"


@pytest.mark.parametrize("name", ["metadaten.csv", "export-heute.csv"])
def test_the_address_may_be_that_of_the_list(name: str, server: DuvaServer, session: Session, spool: Spool) -> None:
    server.folder({**FILES, name: LISTING})
    records = candidates(read_web(session, server.url(f"/export/{name}"), spool))
    assert [*records] == ["einwohner_2024", "öffentliche_apotheken"]
    assert records["einwohner_2024"].title == "Einwohner"


def test_a_list_of_names_alone_is_no_table(server: DuvaServer, session: Session, spool: Spool) -> None:
    server.folder({**FILES, "alle.txt": "\n".join(FILES).encode()})
    assert len(read_web(session, server.url("/export/alle.txt"), spool).numbers) == 3


def test_an_identifier_without_a_prefix_is_the_address(server: DuvaServer, session: Session, spool: Spool) -> None:
    address = server.folder({"a.csv": EINWOHNER})
    found = read_web(session, address, spool, id_prefix="")
    assert found.candidate(found.numbers[0]).guid == f"{address}a"


def test_a_redirect_to_the_folder_is_followed(server: DuvaServer, session: Session, spool: Spool) -> None:
    server.folder(FILES)
    server.at("/export", redirect("/export/"))
    assert len(read_web(session, server.url("/export"), spool).numbers) == 3


def test_subfolders_are_read_where_the_source_says_so(server: DuvaServer, session: Session, spool: Spool) -> None:
    server.folder({"stadtrat.csv": EINWOHNER}, path="/export/wahlen/")
    address = server.folder(FILES, listing=answer(index_page([*FILES, "wahlen/"])))
    assert len(read_web(session, address, spool).numbers) == 3
    assert "wahlen/stadtrat" in candidates(read_web(session, address, spool, subfolders=True))


def test_a_subfolder_that_fails_makes_the_reading_incomplete(
    server: DuvaServer, session: Session, spool: Spool
) -> None:
    address = server.folder(FILES, listing=answer(index_page([*FILES, "wahlen/"])))
    found = read_web(session, address, spool, subfolders=True)
    assert (found.reading.complete, len(found.numbers)) == (False, 3)
    assert found.reading.why
    assert "/wahlen/" in found.reading.why.sentence()


def test_links_to_other_places_are_not_followed(server: DuvaServer, session: Session) -> None:
    links = [
        "https://andere.example/x.csv",
        "../geheim.csv",
        "/anderswo/y.csv",
        "%2e%2e/geheim.csv",
        "a.csv?C=N",
        "a.csv",
    ]
    page = "".join(f'<a href="{one}">x</a>' for one in links)
    address = server.at("/export/", answer(f"<html>{page}</html>".encode()))
    found = WebFolder(session, address).found()
    assert [one.name for one in found.items] == ["a.csv"]


def test_a_list_that_names_a_file_elsewhere_is_refused_for_it(
    server: DuvaServer, session: Session, spool: Spool
) -> None:
    listing = lines("Datei;Titel", "a.csv;A", "https://andere.example/x.csv;X")
    found = read_web(session, server.folder({"a.csv": EINWOHNER, "liste.csv": listing}), spool)
    refused = [one.refused.sentence() for one in candidates(found).values() if one.refused]
    assert len(refused) == 1
    assert "leads out of the folder" in refused[0]


# --- when it is whole ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("behaviour, words", [
    (status(504), "504"), (status(404), "404"), (reset, "."), (truncated(index_page(["a.csv"])), "."),
    (answer(b""), "neither a page"), (answer(b"Wartungsarbeiten"), "neither"), (answer(b'{"error": "x"}'), "neither"),
])  # fmt: skip
def test_what_is_no_list_cannot_be_read(
    behaviour: Behaviour, words: str, server: DuvaServer, session: Session, spool: Spool
) -> None:
    with pytest.raises(ReadableError, match=words):
        read_web(session, server.folder({"a.csv": EINWOHNER}, listing=behaviour), spool)


def test_a_page_without_links_to_files_is_never_complete(server: DuvaServer, session: Session, spool: Spool) -> None:
    found = read_web(session, server.folder({"a.csv": EINWOHNER}, listing=login_page()), spool)
    assert (found.reading.complete, list(found.numbers)) == (False, [])


def test_a_page_that_asks_for_a_password_says_so(server: DuvaServer, session: Session, spool: Spool) -> None:
    page = b'<html><form><input type="password"></form><a href="a.csv">A</a></html>'
    with pytest.raises(ReadableError, match="asks for a login"):
        read_web(session, server.folder({}, listing=answer(page)), spool)


def test_an_index_without_files_is_never_complete(server: DuvaServer, session: Session, spool: Spool) -> None:
    found = read_web(session, server.folder({}), spool)
    assert not found.reading.complete
    assert "has no files of tables" in (found.reading.why.sentence() if found.reading.why else "")


def test_an_index_that_ends_in_the_middle_is_not_complete(server: DuvaServer, session: Session, spool: Spool) -> None:
    address = server.folder({"a.csv": EINWOHNER}, listing=answer(index_page(["a.csv"], whole=False)))
    found = read_web(session, address, spool)
    assert (found.reading.complete, len(found.numbers)) == (False, 1)
    assert "ends in the middle" in (found.reading.why.sentence() if found.reading.why else "")


@pytest.mark.parametrize("behaviour, words", [
    (login_page(), "HTML page"), (status(500), "500"), (status(404), "404"), (truncated(EINWOHNER), ""),
    (answer(b""), "is empty"),
])  # fmt: skip
def test_one_file_that_fails_stops_no_other(
    behaviour: Behaviour, words: str, server: DuvaServer, session: Session, spool: Spool
) -> None:
    address = server.folder(FILES)
    server.at("/export/einwohner_2024.csv", behaviour)
    found = read_web(session, address, spool)
    records = candidates(found)
    assert found.reading.complete
    assert found.reading.unreadable == {"mz:einwohner_2024"}
    assert records["einwohner_2024"].refused
    assert words in records["einwohner_2024"].refused.sentence()
    assert sum(one.package is not None for one in records.values()) == 2


def test_each_file_is_asked_for_once_and_one_after_the_other(session: Session, spool: Spool) -> None:
    with DuvaServer(most_parallel=1) as server:
        read_web(session, server.folder(FILES), spool)
        assert server.busiest == 1
        assert len(server.requests) == 1 + len(FILES)
