"""Whoever loses a record or a file loses it at once, whatever the search engine does meanwhile."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from tests.kit.catalogue import reader
from tests.kit.governance import CHECK, act, office, organization, person
from tests.kit.leaks.catalogue import COMMON, fields, upload, word
from tests.kit.leaks.matrix import whole
from tests.kit.services import LoadedPortal
from werkzeug.test import Client

from ckanext.mainz.metadata.catalogue import config, jobs
from ckanext.mainz.search import outbox, rebuild
from ckanext.mainz.search.turn import TurnNotTaken, turn

ADDRESSES = (
    "/api/3/action/package_search?rows=1000&include_private=true&q=" + COMMON,
    "/api/3/action/package_search?rows=1000&include_private=true&facet.field=[%22tags%22]&facet.limit=-1",
    "/api/3/action/package_autocomplete?limit=100&q=" + COMMON[:6],
    "/api/2/util/dataset/autocomplete?incomplete=" + COMMON[:6],
    "/api/3/action/tag_list",
    "/api/3/action/current_package_list_with_resources",
    "/api/3/action/resource_search?query=name:Datei",
    "/",
    "/dataset/",
    "/dataset/?q=" + COMMON,
    "/organization/amt-stadt",
    "/feeds/dataset.atom",
    "/feeds/organization/amt-stadt.atom",
    "/feeds/custom.atom?q=" + COMMON,
    "/quality",
    "/quality.csv",
    "/catalog.ttl",
    "/catalog.rdf",
    "/catalog.jsonld",
    "/catalog/full.nt.gz",
    "/catalog/full.ttl.gz",
    "/dataset/{id}",
    "/dataset/{id}.ttl",
    "/dataset/{id}.jsonld",
    "/dataset/{id}/croissant.jsonld",
    "/dataset/{id}/resource/{file}",
    "/dataset/{id}/resource/{file}/download/datei.csv",
    "/api/3/action/package_show?id={id}",
    "/api/3/action/resource_show?id={file}",
    "/api/3/action/mainz_record_history?id={id}",
)


class Given:
    """A released record with a file, each with a secret of its own, and its readers before and after."""

    def __init__(self, portal: LoadedPortal, level: str) -> None:
        self.amt = organization(name="amt-stadt")
        self.editor, self.office = person(editor=self.amt), office()
        self.secret, self.file_secret, self.level = word(), word(), level
        given = {**fields(self.secret), "owner_org": self.amt, "visibility": level}
        self.record = act(self.editor, "package_create", given)["id"]
        file = {"name": f"Datei {self.file_secret}", "upload": upload(self.file_secret)}
        self.file = act(self.editor, "resource_create", {"package_id": self.record, **file})["id"]
        act(self.editor, "mainz_record_submit", {"id": self.record, "check": CHECK})
        act(self.office, "mainz_record_release", {"id": self.record})
        company = person(member=organization("gesellschaft"))
        self.token = act("", "api_token_create", {"user": company, "name": "t"})["token"]
        self.client: Client = reader(portal)
        self.validators: dict[tuple[str, str], dict[str, str]] = {}
        """Of answers that told a secret, by address and secret."""
        model.Session.remove()

    def tells(self, secret: str, conditional: bool = False) -> set[str]:
        """Addresses that tell a secret to whoever is about to lose it, or say that what they had is still right."""
        return {one for one in ADDRESSES if self._tells(one, secret, conditional)}

    def _tells(self, address: str, secret: str, conditional: bool) -> bool:
        headers = {"Authorization": self.token} if self.level != "oeffentlich" else {}
        if conditional:
            headers |= self.validators.get((address, secret), {})
        answer = self.client.get(address.format(id=self.record, file=self.file), headers=headers)
        told = secret.encode() in whole(answer)
        if told:
            sent = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
            kept = {name: answer.headers[of] for name, of in sent.items() if of in answer.headers}
            self.validators[address, secret] = kept
        return told or answer.status_code == 304


@pytest.fixture
def given(portal: LoadedPortal, clean: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Given]:
    folder = tmp_path / "catalogue"
    monkeypatch.setattr(config, "download_folder", lambda: folder)

    def make(level: str) -> Given:
        made = Given(portal, level)
        jobs.make_whole()
        told = made.tells(made.secret)
        assert "/dataset/{id}" in told
        assert "/dataset/{id}/resource/{file}" in made.tells(made.file_secret)
        if level == "oeffentlich":
            assert {"/catalog.ttl", "/dataset/{id}.ttl", "/catalog/full.nt.gz", "/feeds/dataset.atom"} <= told
        return made

    return make


def withdraw(given: Given) -> None:
    act(given.office, "mainz_record_withdraw", {"id": given.record, "reason": "personenbezug"})


def lower(given: Given) -> None:
    below = "verwaltung" if given.level == "konzern" else "partner"
    act(given.office, "mainz_record_visibility_set", {"id": given.record, "visibility": below})


def make_file_stricter(given: Given) -> None:
    made = act(given.editor, "resource_patch", {"id": given.file, "visibility": "intern"})["mainz_proposal"]
    act(given.office, "mainz_proposal_accept", {"id": made["id"]})


WAYS: dict[str, tuple[Callable[[Given], None], str]] = {
    "withdrawn": (withdraw, "secret"),
    "lowered": (lower, "secret"),
    "file made stricter": (make_file_stricter, "file_secret"),
}
every_way = pytest.mark.parametrize("way", WAYS)
every_level = pytest.mark.parametrize("level", ["oeffentlich", "konzern"])


def tighten(given: Given, way: str) -> str:
    """Takes readers away; the secret that they may not find any more."""
    act_on, what = WAYS[way]
    act_on(given)
    model.Session.remove()
    return str(getattr(given, what))


def nothing_tells(given: Given, secret: str) -> None:
    assert given.tells(secret, conditional=True) == set()
    assert given.tells(secret) == set()


@every_way
@every_level
def test_between_two_requests_of_a_reader(given: Callable[[str], Given], level: str, way: str) -> None:
    made = given(level)
    made.tells(made.secret)
    nothing_tells(made, tighten(made, way))


@every_way
@every_level
def test_while_the_engine_is_stopped_and_after_it_returns(
    given: Callable[[str], Given], monkeypatch: pytest.MonkeyPatch, level: str, way: str
) -> None:
    made = given(level)
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "drain", lambda *_: None)
        secret = tighten(made, way)
        nothing_tells(made, secret)
    outbox.drain()
    nothing_tells(made, secret)
    jobs.make_whole()
    nothing_tells(made, secret)


@pytest.fixture
def held() -> Iterator[Callable[[], None]]:
    """Another writer that has the turn at the index and does not end."""
    begun, end = threading.Event(), threading.Event()

    def hold() -> None:
        with turn(10):
            begun.set()
            end.wait(60)

    thread = threading.Thread(target=hold)

    def start() -> None:
        thread.start()
        begun.wait(10)

    yield start
    end.set()
    if thread.ident:
        thread.join()


@every_way
def test_while_another_writer_holds_the_index(
    given: Callable[[str], Given], monkeypatch: pytest.MonkeyPatch, held: Callable[[], None], way: str
) -> None:
    made = given("oeffentlich")

    def drain() -> Any:
        with turn(0.02):
            raise AssertionError("somebody else has the turn")

    held()
    monkeypatch.setattr(outbox, "drain", drain)
    secret = tighten(made, way)
    nothing_tells(made, secret)
    with pytest.raises(TurnNotTaken):
        drain()


@every_way
@every_level
def test_during_a_rebuild(given: Callable[[str], Given], level: str, way: str) -> None:
    made, secrets = given(level), []

    def progress(_step: str, _done: int, _total: int) -> None:
        if not secrets:
            secrets.append(tighten(made, way))
            nothing_tells(made, secrets[0])

    rebuild.rebuild(progress)
    assert secrets
    nothing_tells(made, secrets[0])


def test_a_record_shared_with_one_third_party_less_is_gone_for_that_one(
    portal: LoadedPortal, given: Callable[[str], Given], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = given("konzern")
    third = organization("dritte", name="verein")
    made.token = act("", "api_token_create", {"user": person(member=third), "name": "t"})["token"]
    raised = act(
        made.editor,
        "mainz_record_visibility_set",
        {"id": made.record, "visibility": "partner", "shared_with": ["verein"]},
    )
    act(made.office, "mainz_proposal_accept", {"id": raised["mainz_proposal"]["id"]})
    model.Session.remove()
    assert "/dataset/{id}" in made.tells(made.secret)
    monkeypatch.setattr(outbox, "drain", lambda *_: None)
    act(made.office, "mainz_record_visibility_set", {"id": made.record, "visibility": "partner", "shared_with": []})
    model.Session.remove()
    nothing_tells(made, made.secret)


def test_the_tombstone_tells_nothing_of_the_record(given: Callable[[str], Given]) -> None:
    made = given("oeffentlich")
    secret = tighten(made, "withdrawn")
    answer = made.client.get(f"/dataset/n-{secret}")
    text = re.sub(rf"n-{secret}", "", answer.get_data(as_text=True))
    assert answer.status_code in (404, 410)
    assert secret not in text
