"""The whole catalogue as files: complete, never half written, never with a record that lost its readers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ckan.lib.jobs import get_queue
from ckan.lib.redis import connect_to_redis
from rdflib import DCAT, Graph, URIRef
from rdflib.compare import isomorphic
from tests.kit import records
from tests.kit.catalogue import READABLE, TIGHTENINGS, datasets, graph, made, office, reader, uri
from tests.kit.services import SITE_URL, LoadedPortal
from werkzeug.test import Client

from ckanext.mainz.metadata.catalogue import asking, config, documents, download, jobs, pieces, whole
from ckanext.mainz.metadata.catalogue.documents import WHOLE
from ckanext.mainz.metadata.catalogue.state import State
from ckanext.mainz.search import outbox, rebuild


@pytest.fixture
def folder(portal: LoadedPortal, clean: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "catalogue"
    monkeypatch.setattr(config, "download_folder", lambda: folder)
    return folder


@pytest.fixture
def client(portal: LoadedPortal, folder: Path) -> Client:
    return reader(portal)


def whole_graph(client: Client, ending: str = "nt") -> Graph:
    answer = client.get(f"/catalog/full.{ending}.gz")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return Graph().parse(data=gzip.decompress(answer.data), format=READABLE[ending])


def asked() -> list[str]:
    """Functions of the jobs that wait for their time."""
    queue = get_queue()
    jobs = [queue.fetch_job(id) for id in queue.scheduled_job_registry.get_job_ids()]
    return [job.func_name for job in jobs if job]


def test_all_forms_hold_the_whole_catalogue_and_say_what_its_pages_say(client):
    owner = office()
    series = made(owner, "Haushalte", type="dataset_series")
    records = [made(owner, f"Haushalt {year}", in_series=[series["id"]]) for year in range(3)]
    service = made(owner, "Dienst", type="data_service", serves_dataset=[records[0]["id"]])
    jobs.make_whole()
    forms = [whole_graph(client, ending) for ending in WHOLE]
    assert all(isomorphic(forms[0], other) for other in forms[1:])
    assert datasets(forms[0]) == {uri(one) for one in records}
    assert (URIRef(uri(service)), DCAT.servesDataset, URIRef(uri(records[0]))) in forms[0]
    page = graph(client.get("/catalog.nt"), "nt")
    assert not [triple for triple in page - forms[0] if "catalog.nt?page" not in str(triple[0])]


def test_the_catalogue_leads_to_its_files(client):
    made(office(), "Bäume")
    said = graph(client.get("/catalog.ttl"))
    files = {str(one) for one in said.objects(URIRef(SITE_URL), URIRef(documents.DUMP.value))}
    assert files == {f"{SITE_URL}/catalog/full.{ending}.gz" for ending in WHOLE}


def test_the_file_has_validators_and_a_length(client, folder):
    made(office(), "Bäume")
    jobs.make_whole()
    answer = client.get("/catalog/full.ttl.gz")
    assert answer.mimetype == "application/gzip"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert "Content-Encoding" not in answer.headers
    assert "full.ttl.gz" in answer.headers["Content-Disposition"]
    for name, value in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        assert client.get("/catalog/full.ttl.gz", headers={name: answer.headers[value]}).status_code == 304
    head = client.head("/catalog/full.ttl.gz")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == answer.headers["Content-Length"]
    part = client.get("/catalog/full.ttl.gz", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, answer.data[:10])


def test_before_the_first_time_the_file_is_asked_for_and_the_pages_are_named(client):
    made(office(), "Bäume")
    answer = client.get("/en/catalog/full.ttl.gz")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "/catalog.ttl" in answer.get_data(as_text=True)
    assert asking.NAME in asked()


def test_without_a_folder_there_are_no_files(client, monkeypatch):
    monkeypatch.setattr(config, "download_folder", lambda: None)
    answer = client.get("/en/catalog/full.ttl.gz")
    assert answer.status_code == 404
    assert "/catalog.ttl" in answer.get_data(as_text=True)
    jobs.make_whole()


@pytest.mark.parametrize("drains", [True, False], ids=["drained", "engine down"])
@pytest.mark.parametrize("tighten", TIGHTENINGS)
def test_a_file_with_a_record_that_lost_its_readers_is_not_given(client, monkeypatch, tighten, drains):
    owner = office()
    one, other = made(owner, "Bäume"), made(owner, "Brunnen")
    jobs.make_whole()
    assert datasets(whole_graph(client)) == {uri(one), uri(other)}
    if not drains:
        monkeypatch.setattr(outbox, "drain", lambda: None)
    tighten(one)
    for ending in WHOLE:
        for method in (client.get, client.head):
            assert method(f"/catalog/full.{ending}.gz").status_code == 503
    jobs.make_whole()
    assert datasets(whole_graph(client)) == {uri(other)}


def test_a_file_made_while_the_engine_was_down_is_given_until_it_is_made_anew(client, monkeypatch):
    owner = office()
    one, other = made(owner, "Bäume"), made(owner, "Brunnen")
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "drain", lambda: None)
        records.withdraw(one["id"])
        jobs.make_whole()
        assert datasets(whole_graph(client)) == {uri(other)}
    outbox.drain()
    assert client.get("/catalog/full.nt.gz").status_code == 503
    jobs.make_whole()
    assert datasets(whole_graph(client)) == {uri(other)}


def test_a_record_that_loses_its_readers_while_the_files_are_made_is_in_none_that_is_given(client, monkeypatch):
    owner = office()
    one = made(owner, "Bäume")
    write = whole._write_pass

    def slow(path: Path, expected: frozenset[str], now: State) -> frozenset[str]:
        written = write(path, expected, now)
        records.withdraw(one["id"])
        return written

    monkeypatch.setattr(whole, "_write_pass", slow)
    connect_to_redis().flushdb()
    jobs.make_whole()
    assert client.get("/catalog/full.nt.gz").status_code == 503
    assert asking.NAME in asked()


def test_a_rebuilt_index_may_have_changed_everything(client):
    made(office(), "Bäume")
    jobs.make_whole()
    rebuild.rebuild(lambda step, done, total: None)
    assert client.get("/catalog/full.nt.gz").status_code == 503


def test_a_file_that_only_lacks_later_changes_is_given_and_a_newer_one_asked_for(client):
    owner = office()
    one = made(owner, "Bäume")
    jobs.make_whole()
    made(owner, "Brunnen")
    connect_to_redis().flushdb()
    assert datasets(whole_graph(client)) == {uri(one)}
    assert asked() == [asking.NAME]


def test_many_changes_ask_for_the_files_once(client):
    owner = office()
    connect_to_redis().flushdb()
    for number in range(5):
        made(owner, f"Datensatz {number}")
    assert asked() == [asking.NAME]


def test_nothing_is_made_where_nothing_changed(client, folder):
    made(office(), "Bäume")
    jobs.make_whole()
    before = download.published(folder)
    jobs.make_whole()
    assert download.published(folder) == before


def test_a_making_that_fails_leaves_the_earlier_files_and_no_rest(client, folder, monkeypatch):
    owner = office()
    one = made(owner, "Bäume")
    jobs.make_whole()
    made(owner, "Brunnen")

    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(whole, "_convert", full)
        with pytest.raises(OSError, match="No space"):
            jobs.make_whole()
    assert datasets(whole_graph(client)) == {uri(one)}
    jobs.make_whole()
    kept = {path.name for path in folder.iterdir()}
    files = json.loads((folder / download.POINTER).read_text())["files"]
    assert kept == {download.POINTER, whole.LOCK, *(file["name"] for file in files.values())}


def test_whoever_reads_an_older_file_reads_it_to_its_end(client, folder):
    owner = office()
    made(owner, "Bäume")
    jobs.make_whole()
    before = client.get("/catalog/full.nt.gz")
    pending = client.get("/catalog/full.nt.gz", buffered=False)
    parts: Iterator[bytes] = iter(pending.response)
    first = next(parts)
    made(owner, "Brunnen")
    jobs.make_whole()
    assert first + b"".join(parts) == before.data
    assert client.get("/catalog/full.nt.gz").data != before.data


def test_two_makings_do_not_meet(client, folder):
    made(office(), "Bäume")
    folder.mkdir(parents=True)
    with whole._alone(folder):
        jobs.make_whole()
    assert download.published(folder) is None
    assert asking.NAME in asked()


def test_a_record_that_cannot_be_written_is_left_out_of_the_files_and_links_to_it_too(client, folder, monkeypatch):
    owner = office()
    series = made(owner, "Haushalte", type="dataset_series")
    one = made(owner, "Haushalt", in_series=[series["id"]])
    write = pieces._piece

    def broken(wanted: Any) -> Any:
        if wanted.package["id"] == series["id"]:
            raise ZeroDivisionError
        return write(wanted)

    monkeypatch.setattr(pieces, "_piece", broken)
    jobs.make_whole()
    said = whole_graph(client)
    assert datasets(said) == {uri(one)}
    assert not list(said.objects(None, URIRef("http://www.w3.org/ns/dcat#inSeries")))
    assert download.published(folder).left_out == (series["id"],)


def test_an_empty_portal_has_a_whole_catalogue_too(client):
    jobs.make_whole()
    assert datasets(whole_graph(client)) == set()
    assert datasets(whole_graph(client, "jsonld")) == set()
