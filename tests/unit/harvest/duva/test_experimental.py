"""The three interfaces of which little is known: they say that they are experimental, and never guess."""

from __future__ import annotations

from typing import Any

import pytest
from tests.kit.duva_server import DuvaServer, result
from tests.kit.misbehaving_server import answer, login_page, status
from tests.unit.harvest.duva.exports import EINWOHNER, SETTINGS, bytes_of, candidates, errors, no_beat, only, package

from ckanext.mainz.foundation.errors import ReadableError
from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.duva.kind import EXPERIMENTAL, DuvaKind
from ckanext.mainz.harvest.duva.reading import FilesRead
from ckanext.mainz.harvest.spool import Spool

GUID = "001CCBCE-C798-4445-8680-9C8BD1FEC2DC"
OTHER = "11111111-C798-4445-8680-9C8BD1FEC2DC"
SLUG = "de-rp-mainz-einwohner_2024"


def read(session: Session, url: str, spool: Spool, mode: str, **options: Any) -> FilesRead:
    found = DuvaKind().read(session, url, {**SETTINGS, "mode": mode, **options}, spool, no_beat)
    assert isinstance(found, FilesRead)
    assert found.reading.problems[0].code == "experimental"
    return found


@pytest.mark.parametrize("mode", EXPERIMENTAL)
def test_a_check_says_that_it_is_experimental_and_what_it_would_take(mode: str, session: Session) -> None:
    found = EXPERIMENTAL[mode].check(session, "http://127.0.0.1:1025/x")
    assert not found.is_usable
    assert (found.problems[0].code, found.config["mode"]) == ("experimental", mode)
    assert "experimental" in found.problems[0].sentence()
    assert "it would take" in found.problems[0].sentence()


@pytest.mark.parametrize("mode", EXPERIMENTAL)
def test_every_module_says_so_in_its_first_line(mode: str) -> None:
    module = type(EXPERIMENTAL[mode].interface).__module__
    assert (__import__(module, fromlist=["x"]).__doc__ or "").startswith("Experimental: ")


@pytest.mark.parametrize("mode", EXPERIMENTAL)
def test_a_login_page_with_status_200_is_refused(mode: str, server: DuvaServer, session: Session, spool: Spool) -> None:
    server.at("/portal/service/app/search/all", login_page())
    server.at("/portal", login_page())
    with pytest.raises(ReadableError):
        read(session, server.url("/portal"), spool, mode)


# --- duva2ckan -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/duva2ckan/files/", "/duva2ckan-1.0.6/files/"])
def test_files_of_the_servlet_are_known_by_their_id(
    path: str, server: DuvaServer, session: Session, spool: Spool
) -> None:
    found = only(read(session, server.servlet({SLUG: EINWOHNER}, path=path), spool, "duva2ckan",
                      name_prefix="de-rp-mainz-"))  # fmt: skip
    assert (found.guid, found.title) == (SLUG, "Einwohner 2024")
    assert bytes_of(package(found)["resources"][0]) == EINWOHNER
    assert errors(found) == {}


def test_a_list_of_addresses_of_the_servlet_is_read_too(server: DuvaServer, session: Session, spool: Spool) -> None:
    server.servlet({SLUG: EINWOHNER})
    text = f"{server.url('/duva2ckan/files/')}{SLUG}/content#63\n".encode()
    server.at("/liste.txt", answer(text))
    assert only(read(session, server.url("/liste.txt"), spool, "duva2ckan")).guid == SLUG


# --- the search of the portal ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["Dresden", "Bochum"])
def test_results_of_the_search_are_records(form: str, server: DuvaServer, session: Session, spool: Spool) -> None:
    server.at("/content.csv", answer(EINWOHNER))
    url = server.search([result(GUID, "Einwohner nach Stadtteilen", server.url("/content.csv"))], form=form)
    found = only(read(session, url, spool, "portal", user_groups=["19"]))
    record = package(found)
    assert (found.guid, record["title"], record["license_id"]) == (GUID, "Einwohner nach Stadtteilen", "dl-de-by-2.0")
    assert (record["modified"], record["temporal_coverage"]) == ("2025-07-15", [{"start": "2020", "end": "2024"}])
    assert record["theme"][0].endswith("SOCI")
    assert bytes_of(record["resources"][0]) == EINWOHNER
    assert errors(found) == {}


def test_the_order_of_results_changes_nothing(server: DuvaServer, session: Session) -> None:
    server.at("/content.csv", answer(EINWOHNER))
    results = [result(id, "Einwohner", server.url("/content.csv")) for id in (GUID, OTHER)]
    prints = []
    for order in (results, results[::-1]):
        with Spool() as spool:
            found = read(session, server.search(order), spool, "portal", user_groups=["19"])
            prints.append({guid: one.fingerprint for guid, one in candidates(found).items()})
    assert prints[0] == prints[1]
    assert len(prints[0]) == 2


def test_a_path_with_backslashes_is_joined(server: DuvaServer, session: Session, spool: Spool) -> None:
    server.at("/asw/asw.dll", answer(EINWOHNER))
    one = result(GUID, "Einwohner", "Bevölkerung\\Einwohner 2024", start=server.url("/asw/asw.dll?aw="))
    assert only(read(session, server.search([one]), spool, "portal", user_groups=["19"])).package
    assert server.asked("/asw/asw.dll")[0].target == "/asw/asw.dll?aw=Bev%C3%B6lkerung/Einwohner%202024"


def test_without_the_group_of_guests_nothing_comes_and_that_is_told(
    server: DuvaServer, session: Session, spool: Spool
) -> None:
    url = server.search([result(GUID, "Einwohner", server.url("/content.csv"))])
    with pytest.raises(ReadableError, match="user_groups"):
        read(session, url, spool, "portal")


def test_a_search_that_gives_less_than_it_says_is_not_complete(
    server: DuvaServer, session: Session, spool: Spool
) -> None:
    server.at("/content.csv", answer(EINWOHNER))
    url = server.search([result(GUID, "Einwohner", server.url("/content.csv"))], said=400)
    found = read(session, url, spool, "portal", user_groups=["19"])
    assert (found.reading.complete, len(found.numbers)) == (False, 1)
    assert "400" in (found.reading.why.sentence() if found.reading.why else "")


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"ipResults": 3}', b"{broken", b'{"ipResults": [3, null]}'])
def test_an_answer_of_another_shape_is_refused(body: bytes, server: DuvaServer, session: Session, spool: Spool) -> None:
    server.at("/portal/service/app/search/all", answer(body))
    with pytest.raises(ReadableError):
        read(session, server.url("/portal"), spool, "portal")


# --- evaluations -----------------------------------------------------------------------------------------------------


def test_evaluations_are_known_by_what_stands_after_aw(server: DuvaServer, session: Session, spool: Spool) -> None:
    server.at("/asw/asw.exe", answer(EINWOHNER))
    ways = ["?aw=Bev%C3%B6lkerung/Einwohner_2024_TAB", "?AW=bevölkerung%5Ceinwohner_2024_tab", "?NWS=X&aw=Kultur/Kinos"]
    found = read(session, server.url("/asw/"), spool, "evaluations",
                 evaluations=[server.url(f"/asw/asw.exe{way}") for way in ways])  # fmt: skip
    records = candidates(found)
    assert [*records] == ["bevölkerung/einwohner_2024_tab", "kultur/kinos"]
    assert records["kultur/kinos"].title == "Kinos"
    assert bytes_of(package(records["kultur/kinos"])["resources"][0]) == EINWOHNER


def test_evaluations_may_stand_in_a_list(server: DuvaServer, session: Session, spool: Spool) -> None:
    server.at("/asw/asw.exe", answer(EINWOHNER))
    server.at("/liste.txt", answer(f"{server.url('/asw/asw.exe')}?aw=Kultur/Kinos\n".encode()))
    assert only(read(session, server.url("/liste.txt"), spool, "evaluations")).package


def test_other_parameters_are_another_evaluation(server: DuvaServer, session: Session, spool: Spool) -> None:
    server.at("/asw.dll", answer(EINWOHNER))
    ways = ["?aw=Schule&@jahr=2023", "?aw=Schule&@jahr=2024"]
    found = read(session, server.url("/"), spool, "evaluations", evaluations=[server.url(f"/asw.dll{w}") for w in ways])
    assert len(found.numbers) == 2


@pytest.mark.parametrize("behaviour, words", [
    (login_page(), "login"), (status(403), "403"),
    (answer(b"<html><table><tr><td>1</td></tr></table></html>"), "HTML page"),
])  # fmt: skip
def test_an_evaluation_that_answers_with_a_page_is_refused(
    behaviour: Any, words: str, server: DuvaServer, session: Session, spool: Spool
) -> None:
    server.at("/asw.dll", behaviour)
    found = read(session, server.url("/asw.dll?aw=Kultur/Kinos"), spool, "evaluations")
    refused = only(found)
    assert (refused.package, found.reading.complete) == (None, False)
    assert words in (refused.refused.sentence() if refused.refused else "")


def test_without_addresses_that_is_told(server: DuvaServer, session: Session, spool: Spool) -> None:
    server.at("/", answer(b"Nichts"))
    with pytest.raises(ReadableError, match="option evaluations"):
        read(session, server.url("/"), spool, "evaluations")
