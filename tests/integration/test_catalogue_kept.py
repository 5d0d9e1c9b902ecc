"""What is kept of the catalogue: given again only while it is true, and never with a record that lost its readers."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import ckan.model as model
import pysolr
import pytest
from ckan.common import config as ckan_config
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories
from ckan.tests.helpers import call_action
from rdflib import DCAT, RDF
from redis.exceptions import ConnectionError as RedisDown
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from tests.kit import records
from tests.kit.catalogue import (
    TIGHTENINGS,
    Reader,
    datasets,
    graph,
    made,
    office,
    purge_by_hand,
    reader,
    titles,
    uri,
    withdraw,
)
from tests.kit.services import LoadedPortal
from werkzeug.test import Client, TestResponse

from ckanext.mainz.metadata.catalogue import answers, cache, documents, memory, pieces, quick, state
from ckanext.mainz.portal import delivery
from ckanext.mainz.search import outbox, rebuild, seam

ADDRESSES = ("/catalog.ttl", "/dataset/baeume.ttl", "/catalog.rdf", "/dataset/baeume.jsonld")


@pytest.fixture
def client(portal: LoadedPortal, clean: None) -> Reader:
    return reader(portal)


@pytest.fixture
def only_kept(portal: LoadedPortal, clean: None) -> Reader:
    """Somebody who gets what is kept, and 418 for everything else."""

    def nothing_kept(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("418 I'M A TEAPOT", [])
        return []

    return Reader(quick.wrap(nothing_kept))


def trees() -> dict[str, Any]:
    return made(office(), "Bäume", name="baeume")


def warm(client: Client) -> list[TestResponse]:
    return [client.get(address) for address in ADDRESSES]


def test_an_answer_is_kept_and_the_same_without_ckan(client, only_kept):
    trees()
    for address in ADDRESSES:
        assert (only_kept.get(address).status_code == 418) == address.startswith("/catalog")
        first = client.get(address)
        again = only_kept.get(address)
        assert (again.status_code, again.data) == (200, first.data)
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers["Content-Type"] == first.headers["Content-Type"]


def test_a_record_is_made_without_a_request_of_ckan_and_as_ckan_makes_it(portal, only_kept):
    """One that leads to a series, and that a service serves."""
    owner = office()
    series = made(owner, "Bäume je Jahr", "dataset_series")
    one = made(owner, "Bäume", name="baeume", in_series=[series["id"]])
    made(owner, "Dienst", "data_service", serves_dataset=[one["id"]])
    without = only_kept.get("/dataset/baeume.ttl")
    connect_to_redis().flushdb()
    assert without.data == Client(portal.app).get("/dataset/baeume.ttl").data
    said = graph(without)
    assert all((None, RDF.type, kind) in said for kind in (DCAT.Dataset, DCAT.DatasetSeries, DCAT.DataService))


def test_what_is_no_public_record_is_left_to_ckan(only_kept):
    made(office(), "Geheimer Plan", name="plan", public=False)
    for name in ("plan", "keins"):
        assert only_kept.get(f"/dataset/{name}.ttl").status_code == 418


def test_a_record_is_left_to_ckan_while_the_index_does_not_answer(client, only_kept, monkeypatch):
    trees()
    client.get("/dataset/baeume.nt")  # the services are known now

    def down(*_asked: Any) -> Any:
        raise pysolr.SolrError("no index")

    monkeypatch.setattr(seam, "answer", down)
    assert only_kept.get("/dataset/baeume.ttl").status_code == 418
    assert client.get("/dataset/baeume.ttl").status_code == 200


def test_what_redis_is_to_keep_of_an_answer_is_sent_at_once(only_kept, monkeypatch):
    trees()
    sent: list[int] = []
    send = cache._send
    monkeypatch.setattr(cache, "_send", lambda commands: sent.append(len(commands)) or send(commands))
    assert only_kept.get("/dataset/baeume.ttl").status_code == 200
    assert sent == [3]


@pytest.fixture
def below(portal: LoadedPortal) -> Below:
    return Below(delivery.wrap(quick.wrap(portal.app)))


class Below:
    """The layers below the memory, and how often they were asked."""

    def __init__(self, app: Any) -> None:
        self.asked, self._app = 0, app

    def __call__(self, environ: Any, start_response: Any) -> Any:
        self.asked += 1
        return self._app(environ, start_response)


@pytest.mark.parametrize("address", ADDRESSES)
def test_memory_gives_what_the_layers_below_would_give(below, clean, monkeypatch, address):
    trees()
    settle(monkeypatch)
    client = Reader(memory.wrap(below), use_cookies=False)
    for headers in ({}, {"Accept-Encoding": "gzip"}):
        first, asked = client.get(address, headers=headers), below.asked
        again, head = client.get(address, headers=headers), client.head(address, headers=headers)
        known = {**headers, "If-None-Match": first.headers["ETag"]}
        spared = client.get(address, headers=known)
        assert below.asked == asked
        assert (again.data, head.data, spared.data) == (first.data, b"", b"")
        anew = Reader(below).get(address, headers=known)
        for one, other in ((again, first), (head, first), (spared, anew)):
            assert (one.status_code, undated(one)) == (other.status_code, undated(other))


def undated(answer: TestResponse) -> dict[str, str]:
    """Its headers, but for the date, and for Cookie, which Flask adds where a request reaches it."""
    vary = answer.headers.get("Vary", "").removesuffix(", Cookie")
    return {name: value for name, value in {**answer.headers, "Vary": vary}.items() if name != "Date"}


def test_memory_names_no_record_that_another_process_has_closed(below, clean):
    """The other one tells this process nothing, and nobody brings its change into the index."""
    one = trees()
    client = Reader(memory.wrap(below))
    for _again in range(2):
        warm(client)
    asked = below.asked
    warm(client)
    assert below.asked == asked
    purge_by_hand(one)
    assert one["id"] not in client.get("/catalog.ttl").get_data(as_text=True)
    assert client.get("/dataset/baeume.ttl").status_code == 404


def test_those_who_are_signed_in_are_not_answered_from_memory(below, clean):
    trees()
    client = Reader(memory.wrap(below), use_cookies=False)
    for _again in range(3):
        client.get("/dataset/baeume.ttl")
    asked = below.asked
    client.get("/dataset/baeume.ttl", headers={"Authorization": factories.UserWithToken()["token"]})
    assert below.asked == asked + 1


def test_a_page_of_another_site_is_told_what_ckan_tells_it(below, clean, monkeypatch):
    trees()
    monkeypatch.setitem(ckan_config, "ckan.cors.origin_whitelist", ["https://karte.example"])
    client = Reader(memory.wrap(below), use_cookies=False)
    allowed = "Access-Control-Allow-Origin"
    for _again in range(3):
        for origin, told in (("https://karte.example", "https://karte.example"), ("https://fremd.example", None)):
            answer = client.get("/dataset/baeume.ttl", headers={"Origin": origin})
            assert (answer.status_code, answer.headers.get(allowed)) == (200, told)
        assert allowed not in client.get("/dataset/baeume.ttl").headers


@pytest.mark.parametrize(
    "address", ["/catalog.ttl?q=a", "/catalog.ttl?page=x", "/catalog.ttl?page=1&page=2", "/catalog.pdf", "/dataset/x"]
)
def test_questions_that_anybody_can_invent_are_not_kept(client, only_kept, address):
    trees()
    client.get(address)
    assert only_kept.get(address).status_code == 418


def test_keeping_fills_the_store_by_no_more_than_one_value_a_name(client):
    one = trees()
    warm(client)
    before = set(connect_to_redis().keys("mainz:*:catalogue:*"))
    for number in range(3):
        records.change("package_patch", id=one["id"], notes=f"Fassung {number}")
        warm(client)
    after = set(connect_to_redis().keys("mainz:*:catalogue:*"))
    assert after == before
    assert all(0 < connect_to_redis().ttl(key) <= pieces.WEEK for key in after)


def test_validators_spare_the_answer_to_those_who_have_it(client, monkeypatch):
    trees()
    settle(monkeypatch)
    warm(client)
    for address in ADDRESSES:
        answer = client.get(address)
        etag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
        for headers in ({"If-None-Match": etag}, {"If-Modified-Since": modified}):
            spared = client.get(address, headers=headers)
            assert (spared.status_code, spared.data) == (304, b""), (address, headers)
            assert spared.headers["ETag"] == etag
        stale = {"If-None-Match": '"other"', "If-Modified-Since": modified}
        assert client.get(address, headers=stale).status_code == 200


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets answers count as old enough for a date at once."""
    monkeypatch.setattr(answers, "SETTLED", timedelta(hours=-1))


def test_an_answer_that_is_too_young_for_whole_seconds_has_no_date(client):
    trees()
    assert "Last-Modified" not in client.get("/catalog.ttl").headers


def test_what_did_not_change_keeps_its_date_when_something_else_does(client, monkeypatch):
    owner = office()
    made(owner, "Bäume", name="baeume")
    wells = made(owner, "Brunnen", name="brunnen")
    settle(monkeypatch)
    before = client.get("/dataset/baeume.ttl")
    records.change("package_patch", id=wells["id"], title="Quellen")
    after = client.get("/dataset/baeume.ttl")
    assert after.headers["ETag"] == before.headers["ETag"]
    assert after.headers["Last-Modified"] == before.headers["Last-Modified"]


def test_packed_and_plain_answers_say_the_same(client):
    trees()
    for _kept in range(2):
        plain = client.get("/catalog.ttl")
        packed = client.get("/catalog.ttl", headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert len(packed.data) < len(plain.data) / 2
        assert packed.headers["ETag"] == plain.headers["ETag"]
        assert "Accept-Encoding" in packed.headers["Vary"]


def rename(record: dict[str, Any]) -> None:
    call_action("organization_patch", id=record["owner_org"], title="Neuer Name")


def test_a_renamed_organisation_is_renamed_at_once(client):
    one = trees()
    warm(client)
    rename(one)
    for address, ending in zip(ADDRESSES, ("ttl", "ttl", "rdf", "jsonld"), strict=True):
        assert "Neuer Name" in titles(graph(client.get(address), ending))


def test_a_changed_contact_of_an_organisation_shows_at_once(client):
    one = trees()
    warm(client)
    call_action("organization_patch", id=one["owner_org"], contact_email="daten@amt.example")
    assert "mailto:daten@amt.example" in client.get("/dataset/baeume.ttl").get_data(as_text=True)


def test_a_change_by_plain_sql_shows_after_the_next_drain(client):
    one = trees()
    warm(client)
    model.Session.execute(text("UPDATE package SET title = 'Brücken' WHERE id = :id"), {"id": one["id"]})
    model.Session.commit()
    assert "Brücken" in titles(graph(client.get("/catalog.ttl")))


@pytest.mark.parametrize("name", ["ckan.site_title", "ckanext.mainz.metadata.catalogue_publisher_name"])
def test_a_changed_setting_shows(client, name):
    trees()
    warm(client)
    ckan_config[name] = "Daten der Stadt"
    assert "Daten der Stadt" in titles(graph(client.get("/catalog.ttl")))


def test_a_changed_setting_shows_to_those_who_ask_by_date_too(client, monkeypatch):
    trees()
    settle(monkeypatch)
    before = client.get("/catalog.ttl").headers["Last-Modified"]
    ckan_config["ckan.site_title"] = "Daten der Stadt"
    time.sleep(1)
    assert client.get("/catalog.ttl", headers={"If-Modified-Since": before}).status_code == 200


def test_a_changed_vocabulary_or_writer_makes_everything_anew(client, only_kept, monkeypatch):
    trees()
    warm(client)
    monkeypatch.setattr(state, "code", lambda: "another version")
    assert only_kept.get("/catalog.ttl").status_code == 418
    written = []
    write = pieces._piece
    monkeypatch.setattr(pieces, "_piece", lambda wanted: written.append(wanted) or write(wanted))
    client.get("/catalog.ttl")
    assert len(written) == 1


def test_pieces_of_unchanged_records_are_not_written_again(client, monkeypatch):
    owner = office()
    first = made(owner, "Bäume")
    made(owner, "Brunnen")
    client.get("/catalog.ttl")
    written = []
    write = pieces._piece
    monkeypatch.setattr(pieces, "_piece", lambda wanted: written.append(wanted.package["id"]) or write(wanted))
    records.change("package_patch", id=first["id"], title="Wälder")
    client.get("/catalog.ttl")
    client.get("/catalog.jsonld")
    assert written == [first["id"]]


@pytest.mark.parametrize("drains", [True, False], ids=["drained", "engine down"])
@pytest.mark.parametrize("tighten", TIGHTENINGS)
def test_no_kept_answer_names_a_record_after_it_lost_its_readers(
    client: Client, monkeypatch: pytest.MonkeyPatch, tighten: Callable[[dict[str, Any]], None], drains: bool
):
    one = trees()
    other = made(office("amt-12", "Stadtarchiv"), "Akten")
    warm(client)
    if not drains:
        monkeypatch.setattr(outbox, "drain", lambda: None)
    tighten(one)
    assert one["id"] not in client.get("/catalog.ttl").get_data(as_text=True)
    assert one["id"] not in client.get("/catalog.rdf").get_data(as_text=True)
    assert client.get("/dataset/baeume.ttl").status_code == 404
    assert client.get(f"/dataset/{one['id']}.ttl").status_code == 404
    assert datasets(graph(client.get("/catalog.ttl"))) == {uri(other)}


def test_a_record_that_is_public_again_is_there_again(client):
    one = trees()
    warm(client)
    withdraw(one)
    warm(client)
    records.release_again(one["id"])
    assert datasets(graph(client.get("/catalog.ttl"))) == {uri(one)}
    assert client.get("/dataset/baeume.ttl").status_code == 200


def test_a_file_that_was_taken_away_is_gone_from_kept_answers(client, monkeypatch):
    one = trees()
    warm(client)
    records.change("resource_delete", id=one["resources"][0]["id"])
    for address in ADDRESSES:
        assert one["resources"][0]["id"] not in client.get(address).get_data(as_text=True)


def test_a_change_that_waits_for_the_engine_leaves_the_old_answer_until_it_is_in(client, monkeypatch):
    one = trees()
    warm(client)
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "drain", lambda: None)
        records.change("package_patch", id=one["id"], title="Wälder")
        assert "Wälder" not in titles(graph(client.get("/catalog.ttl")))
    outbox.drain()
    assert "Wälder" in titles(graph(client.get("/catalog.ttl")))


def test_a_rebuilt_index_makes_every_answer_anew(client, only_kept):
    trees()
    warm(client)
    assert only_kept.get("/catalog.ttl").status_code == 200
    rebuild.rebuild(lambda step, done, total: None)
    assert only_kept.get("/catalog.ttl").status_code == 418
    assert client.get("/catalog.ttl").status_code == 200


def test_an_answer_that_was_made_while_a_record_lost_its_readers_is_not_given_again(client, monkeypatch):
    """The page is read from the index, the record is withdrawn, and only then is the page kept."""
    one = trees()
    lines = documents.page

    def slow(question: Any, key: str) -> bytes:
        said = lines(question, key)
        with monkeypatch.context() as patch:
            patch.setattr(documents, "page", lines)
            withdraw(one)
        return said

    monkeypatch.setattr(documents, "page", slow)
    assert one["id"] in client.get("/catalog.ttl").get_data(as_text=True)
    monkeypatch.setattr(documents, "page", lines)
    assert one["id"] not in client.get("/catalog.ttl").get_data(as_text=True)


def test_without_redis_everything_is_answered(client, monkeypatch):
    one = trees()

    def down() -> Any:
        raise RedisDown("no Redis")

    monkeypatch.setattr(cache, "client", down)
    for address in ADDRESSES:
        for _again in range(2):
            assert one["id"] in client.get(address).get_data(as_text=True)


def test_a_value_of_another_version_in_the_store_is_made_anew(client):
    one = trees()
    warm(client)
    redis = connect_to_redis()
    for key in redis.keys("mainz:*:catalogue:*"):
        redis.set(key, b"another version")
    for address in ADDRESSES:
        assert one["id"] in client.get(address).get_data(as_text=True)


def test_without_the_database_the_layer_before_ckan_answers_nothing(client, only_kept, monkeypatch):
    trees()
    warm(client)

    def down() -> Any:
        raise OperationalError("SELECT", {}, Exception("no database"))

    monkeypatch.setattr(state, "current", down)
    assert only_kept.get("/catalog.ttl").status_code == 418


def test_a_restart_of_the_database_is_not_noticed(client, only_kept):
    trees()
    warm(client)
    model.Session.remove()
    with model.meta.engine.connect() as connection:
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = user"
        connection.execute(text(end))
        connection.commit()
    model.meta.engine.dispose()
    assert only_kept.get("/catalog.ttl").status_code == 200


def test_those_who_are_signed_in_get_and_leave_the_public_answer(portal, client):
    one = trees()
    user = factories.UserWithToken()
    call_action("organization_member_create", id=one["owner_org"], username=user["name"], role="admin")
    made({"id": one["owner_org"]}, "Geheimer Plan", public=False)
    member = client.get("/catalog.ttl", headers={"Authorization": user["token"]})
    assert datasets(graph(member)) == {uri(one)}
    assert client.get("/catalog.ttl").data == member.data
