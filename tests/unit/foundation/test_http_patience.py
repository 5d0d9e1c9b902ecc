"""How often and when a request is tried again, and how many go to one host at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit import misbehaving_server as faults
from tests.kit.misbehaving_server import MisbehavingServer, answer, in_turn, status
from tests.kit.outgoing import MakeSession

from ckanext.mainz.foundation.http import BadResponse, Session, TooLarge, TooSlow, Unreachable
from ckanext.mainz.foundation.http.session import _retry_after


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_a_passing_trouble_is_outwaited(
    server: MisbehavingServer, make_session: MakeSession, waits: list[float], code: int
) -> None:
    url = server.at("/", in_turn(status(code), status(code), answer(b"well again")))
    assert make_session(retries=2, retry_wait=2).get(url).body == b"well again"
    assert 1 <= waits[0] <= 2 <= waits[1] <= 4  # doubles, up to half less by chance


def test_the_last_answer_is_given_when_the_trouble_stays(
    server: MisbehavingServer, make_session: MakeSession, waits: list[float]
) -> None:
    response = make_session(retries=2).get(server.at("/", status(503, body=b"closed")))
    assert (response.status, response.body, len(waits), len(server.requests)) == (503, b"closed", 2, 3)


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 501])
def test_a_lasting_refusal_is_not_asked_again(server: MisbehavingServer, make_session: MakeSession, code: int) -> None:
    assert make_session(retries=2).get(server.at("/", status(code))).status == code
    assert len(server.requests) == 1


def test_the_server_may_say_how_long_to_wait(
    server: MisbehavingServer, make_session: MakeSession, waits: list[float]
) -> None:
    url = server.at("/", in_turn(status(429, retry_after="7"), answer(b"now")))
    assert make_session(retries=1).get(url).body == b"now"
    assert waits == [7]


def test_the_server_may_say_until_when_to_wait(
    server: MisbehavingServer, make_session: MakeSession, waits: list[float]
) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    make_session(retries=1).get(server.at("/", in_turn(status(503, retry_after=moment), answer())))
    assert 15 < waits[0] <= 20


def test_a_moment_that_has_passed_is_not_waited_for(
    server: MisbehavingServer, make_session: MakeSession, waits: list[float]
) -> None:
    url = server.at("/", in_turn(status(503, retry_after="Mon, 01 Jan 2024 00:00:00 GMT"), answer()))
    make_session(retries=1).get(url)
    assert waits == [0]


def test_nobody_waits_longer_than_the_policy_says(
    server: MisbehavingServer, make_session: MakeSession, waits: list[float]
) -> None:
    url = server.at("/", status(429, retry_after="86400"))
    assert make_session(retries=2, max_retry_wait=60).get(url).status == 429
    assert (waits, len(server.requests)) == ([], 1)


@pytest.mark.parametrize("nonsense", ["soon", "-1", "1e9", "99999999999999999999"])
def test_a_time_that_is_none_is_ignored(
    server: MisbehavingServer, make_session: MakeSession, waits: list[float], nonsense: str
) -> None:
    url = server.at("/", in_turn(status(503, retry_after=nonsense), answer(b"now")))
    assert make_session(retries=1, retry_wait=2).get(url).body == b"now"
    assert 1 <= waits[0] <= 2


@given(st.text(max_size=40) | st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,6} \d\d:\d\d:\d\d GMT"))
def test_any_time_is_either_understood_or_ignored(value: str) -> None:
    seconds = _retry_after(value)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    "fault", [faults.reset, faults.truncated(b"half"), faults.hang], ids=["reset", "truncated", "silent"]
)
def test_a_broken_connection_is_tried_again(
    server: MisbehavingServer, make_session: MakeSession, fault: faults.Behaviour
) -> None:
    assert make_session(retries=1).get(server.at("/", in_turn(fault, answer(b"second")))).body == b"second"


def test_the_error_is_raised_when_every_try_failed(
    server: MisbehavingServer, make_session: MakeSession, waits: list[float]
) -> None:
    with pytest.raises(Unreachable):
        make_session(retries=2).get(server.at("/", faults.reset))
    assert len(waits) == 2


def test_too_much_is_not_asked_for_again(server: MisbehavingServer, make_session: MakeSession) -> None:
    with pytest.raises(TooLarge):
        make_session(retries=2, max_bytes=10).get(server.at("/", answer(b"x" * 11)))
    assert len(server.requests) == 1


def test_a_post_is_sent_once(server: MisbehavingServer, make_session: MakeSession) -> None:
    assert make_session(retries=2).post(server.at("/", status(503)), b"x", content_type="text/plain").status == 503
    with pytest.raises(Unreachable):
        make_session(retries=2).post(server.at("/reset", faults.reset), b"x", content_type="text/plain")
    assert len(server.requests) == 2


def test_a_post_that_only_asks_may_be_tried_again(server: MisbehavingServer, make_session: MakeSession) -> None:
    url = server.at("/csw", in_turn(faults.reset, status(504), answer(b"<records/>")))
    response = make_session(retries=2).post(url, b"<GetRecords/>", content_type="application/xml", repeatable=True)
    assert response.body == b"<records/>"
    assert [request.body for request in server.requests] == [b"<GetRecords/>"] * 3


# --- links ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("refusal", [status(405), status(403), status(404), status(501), status(500), faults.reset])
def test_a_link_is_alive_although_its_server_refuses_head(
    server: MisbehavingServer, session: Session, refusal: faults.Behaviour
) -> None:
    def behave(visit: faults.Visit) -> None:
        (refusal if visit.request.method == "HEAD" else answer(b"x" * 100, content_type="text/csv"))(visit)

    probe = session.probe(server.at("/", behave))
    assert (probe.status, probe.content_type, probe.body) == (200, "text/csv", b"")
    assert [request.method for request in server.requests] == ["HEAD", "GET"]


def test_a_link_is_probed_with_head_alone_where_that_is_enough(server: MisbehavingServer, session: Session) -> None:
    assert session.probe(server.at("/", answer(b"x" * 5_000_000))).status == 200
    assert [request.method for request in server.requests] == ["HEAD"]


def test_probing_does_not_read_a_large_body(server: MisbehavingServer, session: Session) -> None:
    assert session.probe(server.at("/", faults.without_head(faults.endless_body))).status == 200


def test_a_dead_link_is_dead(server: MisbehavingServer, session: Session) -> None:
    assert session.probe(server.url("/nothing")).status == 404
    with pytest.raises(Unreachable):
        session.probe(server.at("/reset", faults.reset))


# --- many at once -----------------------------------------------------------------------------------------------------


def test_no_more_than_the_permitted_number_go_to_one_host(make_session: MakeSession) -> None:
    with MisbehavingServer(most_parallel=2) as touchy:
        url = touchy.at("/", faults.slow_start(answer(b"fine"), 0.05))
        session = make_session(max_parallel_per_host=2, read_timeout=1)
        with ThreadPoolExecutor(10) as pool:
            bodies = list(pool.map(lambda _: session.get(url).body, range(20)))
        assert bodies == [b"fine"] * 20


def test_waiting_for_ones_turn_costs_no_time_of_ones_own(make_session: MakeSession) -> None:
    with MisbehavingServer() as server:
        url = server.at("/", faults.slow_start(answer(b"fine"), 0.3))
        session = make_session(max_parallel_per_host=1, total_timeout=0.8)
        with ThreadPoolExecutor(5) as pool:
            assert list(pool.map(lambda _: session.get(url).body, range(5))) == [b"fine"] * 5


def test_a_turn_is_given_back_after_a_failure(server: MisbehavingServer, make_session: MakeSession) -> None:
    session = make_session(max_parallel_per_host=1)
    for fault, error in ((faults.reset, Unreachable), (faults.hang, TooSlow), (faults.truncated(b"x"), BadResponse)):
        with pytest.raises(error):
            session.get(server.at("/", fault))
    assert session.get(server.at("/", answer(b"fine"))).body == b"fine"


def test_a_session_leaves_no_thread_behind(server: MisbehavingServer, session: Session) -> None:
    session.get(server.at("/", answer()))
    assert not [thread for thread in threading.enumerate() if thread.name == "look-up"]


def test_the_portal_says_who_it_is(server: MisbehavingServer, make_session: MakeSession) -> None:
    url = server.at("/", answer())
    make_session(user_agent="Portal Mainz (+https://opendata.example)").get(url, headers={"user-agent": "other"})
    assert server.requests[0].headers["user-agent"] == "Portal Mainz (+https://opendata.example)"
