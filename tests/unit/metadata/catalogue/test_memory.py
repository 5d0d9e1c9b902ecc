"""Answers that a process remembers: whole, bounded, and only those that everybody gets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from ckanext.mainz.foundation.interfaces import IndexState
from ckanext.mainz.metadata.catalogue import memory, profiles, state
from ckanext.mainz.metadata.catalogue.answers import SETTLED
from ckanext.mainz.metadata.catalogue.memory import AROUND, Delivered, Memory
from ckanext.mainz.metadata.catalogue.state import State

MOMENT = datetime(2026, 1, 31, 12, tzinfo=UTC)
INDEX = IndexState(1, "token", MOMENT, MOMENT, 1, frozenset())
NOW = State(INDEX.key, INDEX)
ONE = Delivered(NOW.key, None, (), b"ten bytes.")
ADDRESS = "/dataset/baeume.ttl?profiles=mainz_dcat_ap_de"


class Portal:
    """What lies below the memory, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.now = INDEX
        self.change: Callable[[Response], None] = lambda response: None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        response = Response(f"answer {self.asked}", content_type="text/turtle")
        response.last_modified = MOMENT
        response.set_etag("one", weak=True)
        self.change(response)
        return response.make_conditional(environ)(environ, start_response)


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Portal:
    made = Portal()
    monkeypatch.setattr(state, "current", lambda: State(made.now.key, made.now))
    monkeypatch.setattr(profiles, "names", lambda given: ("mainz_dcat_ap_de",))
    return made


class Reader(Client):
    """Somebody who takes answers as a whole."""

    def open(self, *arguments: Any, **more: Any) -> TestResponse:
        return super().open(*arguments, **{"buffered": True, **more})


@pytest.fixture
def client(portal: Portal) -> Client:
    return Reader(memory.wrap(portal), use_cookies=False)


def test_what_did_not_change_is_answered_without_the_portal(portal, client):
    first, again = client.get(ADDRESS), client.get(ADDRESS)
    assert (again.status_code, again.data, portal.asked) == (200, first.data, 1)
    assert {**again.headers, "Date": ""} == {**first.headers, "Date": ""}


@pytest.mark.parametrize("change", [{"token": "next"}, {"hidden": frozenset({"baeume"})}], ids=["changed", "hidden"])
def test_nothing_is_given_again_in_another_state(portal, client, change):
    client.get(ADDRESS)
    portal.now = replace(INDEX, **change)
    assert (client.get(ADDRESS).text, portal.asked) == ("answer 2", 2)


def test_head_gets_the_headers_of_get_and_is_not_remembered_itself(portal, client):
    assert (client.head(ADDRESS).data, portal.asked) == (b"", 1)
    first, head = client.get(ADDRESS), client.head(ADDRESS)
    assert (head.status_code, head.data, portal.asked) == (200, b"", 2)
    assert {**head.headers, "Date": ""} == {**first.headers, "Date": ""}


@pytest.mark.parametrize("name", ["If-None-Match", "If-Modified-Since"])
def test_who_has_it_gets_the_same_short_answer_as_from_the_portal(portal, client, name):
    header = {"If-None-Match": 'W/"one"', "If-Modified-Since": "Sat, 31 Jan 2026 12:00:00 GMT"}[name]
    unremembered = client.get(ADDRESS, headers={name: header})
    client.get(ADDRESS)
    spared = client.get(ADDRESS, headers={name: header})
    assert (spared.status_code, spared.data, portal.asked) == (304, b"", 2)
    assert {**spared.headers, "Date": ""} == {**unremembered.headers, "Date": ""}
    assert client.get(ADDRESS, headers={"If-None-Match": 'W/"other"'}).text == "answer 2"


@pytest.mark.parametrize("header", ["Cookie", "Authorization", "X-CKAN-API-Key"])
def test_those_who_are_signed_in_go_the_normal_way(portal, client, header):
    client.get(ADDRESS)
    for _again in range(2):
        client.get(ADDRESS, headers={header: "somebody"})
    assert portal.asked == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda response: setattr(response, "status_code", 404),
        lambda response: response.set_cookie("ckan", "1"),
    ],
    ids=["refused", "with a cookie"],
)
def test_what_is_no_whole_answer_for_everybody_is_not_remembered(portal, client, change):
    portal.change = change
    client.get(ADDRESS)
    client.get(ADDRESS)
    assert portal.asked == 2


def test_an_answer_that_is_too_young_for_a_date_is_remembered_until_it_gets_one(portal, client):
    portal.change = lambda response: response.headers.remove("Last-Modified")
    client.get(ADDRESS)
    portal.now = replace(INDEX, now=MOMENT + SETTLED / 2)
    client.get(ADDRESS)
    assert portal.asked == 1
    portal.now = replace(INDEX, now=MOMENT + SETTLED)
    client.get(ADDRESS)
    assert portal.asked == 2


def test_an_answer_that_did_not_arrive_as_a_whole_is_not_remembered(portal):
    client = Client(memory.wrap(portal))
    for _again in range(2):
        answer = client.get(ADDRESS, buffered=False)
        next(answer.iter_encoded())
        answer.close()
    assert portal.asked == 2


def test_packed_and_plain_answers_are_remembered_apart(portal, client):
    client.get(ADDRESS)
    client.get(ADDRESS, headers={"Accept-Encoding": "gzip"})
    assert portal.asked == 2


@pytest.mark.parametrize("address", ["/catalog.ttl?q=a", "/dataset/baeume", "/catalog/full.ttl.gz", "/"])
def test_other_addresses_are_not_looked_at(portal, client, address):
    client.get(address)
    client.get(address)
    assert portal.asked == 2


def test_memory_is_bounded_and_forgets_what_was_not_asked_for():
    kept = Memory(most=3 * (AROUND + 10))
    for name in "abc":
        kept.put((name, "", True), ONE)
    assert kept.get(("a", "", True), NOW)
    kept.put(("d", "", True), ONE)
    assert [name for name in "abcd" if kept.get((name, "", True), NOW)] == ["a", "c", "d"]
    kept.put(("e", "", True), replace(ONE, body=bytes(10 * AROUND)))
    assert not any(kept.get((name, "", True), NOW) for name in "abcde")


def test_an_answer_takes_the_place_of_the_one_before():
    kept = Memory(most=2 * (AROUND + 10))
    for _again in range(5):
        kept.put(("a", "", True), ONE)
    kept.put(("b", "", True), ONE)
    assert kept.get(("a", "", True), NOW)
