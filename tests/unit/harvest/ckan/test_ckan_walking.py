"""When the records of a CKAN were all read, whatever it counts."""

from __future__ import annotations

from typing import Any

import pytest
from tests.kit.catalogue_server import CatalogueServer, record
from tests.kit.misbehaving_server import (
    Behaviour,
    answer,
    bomb,
    in_turn,
    login_page,
    redirect,
    reset,
    status,
    truncated,
)
from tests.unit.harvest.dcat.reading import OURS, Got, go, session

from ckanext.mainz.foundation.errors import ReadableError
from ckanext.mainz.foundation.http import AddressRefused, TooLarge
from ckanext.mainz.harvest.ckan.api import base_of
from ckanext.mainz.harvest.ckan.kind import CkanKind

MANY = [record(number) for number in range(25)]
SEARCH = "/api/3/action/package_search"


def read(url: str, **config: Any) -> Got:
    return go(url, kind=CkanKind(OURS), **config)


def ckan(records: Any = MANY, *, config: Any = None, **played: Any) -> Got:
    with CatalogueServer() as portal:
        return read(portal.ckan(records, **played), **(config or {}))


def test_all_records_are_read_in_pages():
    got = ckan(config={"page_size": 10})
    assert got.reading.complete
    assert [one.title for one in got.candidates] == [one["title"] for one in MANY]


def test_a_portal_may_give_fewer_at_a_time_than_asked_for():
    got = ckan(cap=7)
    assert got.reading.complete
    assert len(got.candidates) == 25


@pytest.mark.parametrize(
    ("counted", "complete", "code"),
    [
        (lambda count: count + 3, False, "short"),
        (lambda count: count - 3, True, None),
        (lambda _count: 0, True, None),
        (lambda _count: 10, True, None),
    ],
)
def test_counts_are_hints(counted: Any, complete: bool, code: str | None):
    got = ckan(counted=counted, config={"page_size": 10})
    assert got.reading.complete is complete
    assert got.why == (code or "")
    assert len(got.candidates) == 25


def test_a_portal_without_records_is_not_complete():
    got = ckan([])
    assert got.why == "empty"


def test_a_portal_that_ignores_where_to_begin_is_not_complete():
    got = ckan(fault="same", config={"page_size": 10})
    assert got.why == "same"
    assert len(got.candidates) == 10


def test_a_portal_that_changes_all_the_time_is_not_complete():
    got = ckan(fault="moving", config={"page_size": 10})
    assert got.why == "unsteady"
    assert len(got.candidates) >= 25


def test_a_record_that_breaks_its_page_costs_only_itself():
    got = ckan(fault="broken", config={"page_size": 10})
    assert len(got.candidates) == 24
    assert got.why == "skipped"


def test_records_are_read_one_by_one_where_there_is_no_search():
    got = ckan(fault="no search", hidden=["geheim"])
    assert got.reading.complete
    assert len(got.candidates) == 25
    assert [one.code for one in got.reading.problems] == ["by list"]
    assert [one.likeness for one in got.candidates] == [one.likeness for one in ckan().candidates]


def test_a_record_that_cannot_be_shown_does_not_count_as_missing():
    with CatalogueServer() as portal:
        url = portal.ckan(MANY[:2], fault="no search")
        show = portal._routes["/api/3/action/package_show"]
        portal.at("/api/3/action/package_show", in_turn(status(500), show))
        got = read(url)
    assert got.reading.complete
    assert got.reading.unreadable == {"127.0.0.1#baeume-0"}
    (other,) = got.candidates
    assert "127.0.0.1#baeume-1" in other.keys


def test_what_is_not_public_at_the_source_never_gets_here():
    hidden = [record(1, private=True), record(2, state="deleted"), record(3, state="draft"), record(4)]
    got = ckan(hidden)
    assert got.titles == ["Straßenbäume 4"]
    assert got.reading.complete


@pytest.mark.parametrize(
    "behaviour",
    [login_page(), answer(b""), answer(b"[1, 2]"), answer(b'{"success": true, "result": '), status(504), status(500),
     status(403), reset, truncated(b"{}"), answer(b'{"success": true, "result": {"count": 5}}'),
     answer(b'{"success": false, "error": "gone"}', status=409), answer(b"[" * 100_000)],
)  # fmt: skip
def test_what_is_no_ckan_cannot_be_read(behaviour: Behaviour):
    with CatalogueServer() as portal:
        portal.at(SEARCH, behaviour)
        with pytest.raises(ReadableError):
            read(portal.url("/"))


def test_a_page_that_fails_later_is_told():
    with CatalogueServer() as portal:
        url = portal.ckan(MANY)
        search = portal._routes[SEARCH]
        portal.at(SEARCH, in_turn(search, search, reset))
        got = read(url, page_size=10)
    assert got.why == "page"
    assert len(got.candidates) == 10


def test_limits_of_the_session_hold():
    with CatalogueServer() as portal:
        portal.at(SEARCH, bomb(30))
        with pytest.raises(TooLarge):
            read(portal.url("/"))
        portal.at(SEARCH, redirect("http://192.168.0.1:8080/"))
        with pytest.raises(AddressRefused):
            read(portal.url("/"))


def test_pages_that_are_too_large_are_asked_for_in_smaller_ones():
    heavy = [record(number, notes="x" * 30_000) for number in range(25)]
    with CatalogueServer() as portal:
        got = read(portal.ckan(heavy), limits={"max_bytes": 200_000})
    assert got.reading.complete
    assert len(got.candidates) == 25


def test_texts_in_latin_one_are_read():
    with CatalogueServer() as portal:
        body = b'{"success": true, "result": {"count": 1, "results": [{"id": "a", "title": "Stra\xdfen"}]}}'
        portal.at(
            SEARCH,
            in_turn(answer(body), answer(body), answer(b'{"success": true, "result": {"count": 1, "results": []}}')),
        )
        assert read(portal.url("/")).titles == ["Straßen"]


def test_another_address_is_asked_where_the_first_gives_nothing():
    with CatalogueServer() as portal:
        got = read(portal.url("/alt/"), addresses=[portal.ckan(MANY)])
    assert got.reading.complete
    assert [one.code for one in got.reading.problems] == ["detour"]


@pytest.mark.parametrize(
    "behind", ["", "/", "/api", "/api/3", "/api/3/action/package_search?rows=1", "/dataset", "/dataset/?q=x"]
)
def test_people_paste_all_kinds_of_addresses(behind: str):
    assert base_of(f"https://daten.example/ckan{behind}") == "https://daten.example/ckan"


def test_a_reading_ends_at_its_limit():
    got = ckan(config={"max_records": 10, "page_size": 5})
    assert got.why == "limit"
    assert len(got.candidates) == 10


def test_a_check_says_what_is_there():
    with CatalogueServer() as portal:
        found = CkanKind().check(session(), portal.ckan(MANY) + "api/3/action/package_search")
    assert (found.form, found.count, found.total, found.is_usable) == ("CKAN", 10, 25, True)
    with CatalogueServer() as portal:
        found = CkanKind().check(session(), portal.ckan(MANY, fault="no search"))
    assert (found.count, found.total, found.is_usable) == (1, 25, True)
    with CatalogueServer() as portal:
        found = CkanKind().check(session(), portal.url("/"))
    assert not found.is_usable
    assert found.problems[0].sentence()
