"""Where a request may go: judged before it leaves, at the address it connects to, and on every redirect."""

from __future__ import annotations

import socket
from dataclasses import replace
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit.misbehaving_server import AUTHORITY, MisbehavingServer, answer, in_turn, redirect, tunnel
from tests.kit.outgoing import TO_THIS_MACHINE, MakeSession, Names

from ckanext.mainz.foundation.addresses import AddressPolicy
from ckanext.mainz.foundation.http import AddressRefused, BadResponse, HttpError, HttpPolicy, Session, UnknownHost
from ckanext.mainz.foundation.http.wire import Endpoint


def _nowhere(host: str, port: int) -> list[Endpoint]:
    raise socket.gaierror(socket.EAI_NONAME, "nowhere")


SESSION_TO_NOWHERE = Session(HttpPolicy(), resolver=_nowhere)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"],
)
def test_this_machine_is_not_reached_by_any_spelling(server: MisbehavingServer, host: str) -> None:
    server.at("/", answer(b"secret"))
    with pytest.raises(AddressRefused):
        Session(HttpPolicy(addresses=AddressPolicy(ports=TO_THIS_MACHINE.ports))).get(server.url("/", host=host))
    assert server.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/catalog",
        "//example.org/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://127.0.0.1:6379/_INFO",
        "http://",
        "http:///path",
        "http://exa mple.org/",
        "http://exam\nple.org/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://host:99999/",
        "http://host:port/",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_web_address_is_refused(session: Session, url: str) -> None:
    with pytest.raises(AddressRefused):
        session.get(url)


@pytest.mark.parametrize("url", ["http://amt:geheim@example.org/", "ftp://amt:geheim@x/", "http://amt:geheim@x:y/"])
def test_a_password_in_the_address_is_refused_and_not_repeated(session: Session, url: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        session.get(url)
    assert "geheim" not in str(caught.value)
    assert "geheim" not in caught.value.url


@pytest.mark.parametrize("port", [22, 25, 6379, 0])
def test_a_port_for_something_else_than_the_web_is_refused(port: int) -> None:
    with pytest.raises(AddressRefused) as caught:
        Session(HttpPolicy()).get(f"http://93.184.216.34:{port}/")
    assert "allowed_ports" in str(caught.value)


def test_the_refusal_says_what_where_and_what_to_do() -> None:
    with pytest.raises(AddressRefused) as caught:
        Session(HttpPolicy()).get("http://10.1.2.3/csw")
    message = str(caught.value)
    assert "http://10.1.2.3/csw" in message
    assert "in a private network" in message
    assert "ckanext.mainz.http.allowed_networks" in message


def test_an_error_is_translated_with_its_reason() -> None:
    with pytest.raises(AddressRefused) as caught:
        Session(HttpPolicy()).get("http://10.1.2.3/csw")
    german = {str(caught.value.template): "{host}: {reason}", "in a private network": "in einem privaten Netz"}
    assert caught.value.translated(lambda text: german[text]) == "10.1.2.3: in einem privaten Netz"


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[::1]/", "file:///etc/passwd"]
)
def test_a_redirect_to_a_forbidden_place_is_not_followed(
    server: MisbehavingServer, session: Session, code: int, target: str
) -> None:
    start = server.at("/", redirect(target, code=code))
    with pytest.raises(AddressRefused) as caught:
        session.get(start)
    assert f"redirect from {start}" in str(caught.value)


def test_a_redirect_that_is_no_address_is_refused(server: MisbehavingServer, session: Session) -> None:
    with pytest.raises(AddressRefused):
        session.get(server.at("/", redirect("http://[::1/")))


def test_a_name_that_changes_between_look_up_and_connection_gains_nothing(
    server: MisbehavingServer, make_session: MakeSession
) -> None:
    server.at("/", answer(b"inside"))
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    make_session(resolver=names).get(server.url("/", host="rebinding.example.test"))
    assert names.asked == ["rebinding.example.test"]  # asked once: what was judged is what was connected to


def test_a_name_that_points_inside_is_refused(server: MisbehavingServer) -> None:
    server.at("/", answer(b"inside"))
    policy = HttpPolicy(addresses=AddressPolicy(ports=TO_THIS_MACHINE.ports))
    with pytest.raises(AddressRefused):
        Session(policy, resolver=Names(["127.0.0.1", "::1"])).get(server.url("/", host="harmless.example.test"))
    assert server.requests == []


def test_of_several_addresses_only_the_permitted_ones_are_tried(
    server: MisbehavingServer, make_session: MakeSession
) -> None:
    server.at("/", answer(b"public"))
    names = Names(["10.0.0.1", "fe80::1", "127.0.0.1"])
    assert make_session(resolver=names).get(server.url("/", host="both.example.test")).body == b"public"


def test_the_next_address_is_tried_when_one_does_not_answer(
    server: MisbehavingServer, make_session: MakeSession
) -> None:
    server.at("/", answer(b"second"))
    names = Names(["127.0.0.2", "127.0.0.1"])
    assert make_session(resolver=names).get(server.url("/", host="two.example.test")).body == b"second"


def test_the_server_is_told_the_name_that_was_asked_for(server: MisbehavingServer, make_session: MakeSession) -> None:
    server.at("/", answer())
    make_session(resolver=Names(["127.0.0.1"])).get(server.url("/", host="csw.example.test"))
    assert server.requests[0].headers["host"] == f"csw.example.test:{server.port}"


def test_a_host_that_does_not_exist_is_named(make_session: MakeSession, waits: list[float]) -> None:
    with pytest.raises(UnknownHost) as caught:
        make_session(resolver=_nowhere, retries=3).get("http://geodaten.mianz.example:8080/")
    assert "geodaten.mianz.example" in str(caught.value)
    assert waits == []


def test_addresses_with_umlauts_and_blanks_are_encoded(server: MisbehavingServer, session: Session) -> None:
    session.get(server.url("/Bevölkerung 2024|neu\\alt?q=Straße&x={1}#oben"))
    assert server.requests[0].target == "/Bev%C3%B6lkerung%202024%7Cneu%5Calt?q=Stra%C3%9Fe&x=%7B1%7D"


def test_a_redirect_to_an_address_with_umlauts_is_followed(server: MisbehavingServer, session: Session) -> None:
    server.at("/Stra%C3%9Fe", answer(b"found"))
    start = server.at("/", redirect("/Straße".encode().decode("latin-1")))
    assert session.get(start).body == b"found"


def test_the_way_through_redirects_ends_at_the_limit(server: MisbehavingServer, make_session: MakeSession) -> None:
    start = server.at("/a", redirect("/b"))
    server.at("/b", redirect("/a"))
    with pytest.raises(BadResponse) as caught:
        make_session(max_redirects=4).get(start)
    assert len(server.requests) == 5
    assert "4 redirects" in str(caught.value)


def test_the_address_after_redirects_is_told(server: MisbehavingServer, session: Session) -> None:
    server.at("/new", answer(b"here"))
    start = server.at("/old", redirect("/new", code=301))
    response = session.get(start)
    assert (response.url, response.body) == (server.url("/new"), b"here")


def test_credentials_stay_with_the_same_server(server: MisbehavingServer, session: Session) -> None:
    start = server.at("/a", redirect("/b"))
    server.at("/b", answer())
    session.get(start, headers={"Authorization": "Basic x", "X-Api-Key": "k"})
    assert server.requests[1].headers["authorization"] == "Basic x"
    assert server.requests[1].headers["x-api-key"] == "k"


@pytest.mark.parametrize("other", ["another host", "another port"])
def test_credentials_do_not_go_to_another_server(
    server: MisbehavingServer, make_session: MakeSession, other: str
) -> None:
    with MisbehavingServer() as second:
        second.at("/b", answer())
        host = "other.example.test" if other == "another host" else "127.0.0.1"
        start = server.at("/a", redirect(second.url("/b", host=host)))
        make_session(resolver=Names(["127.0.0.1"])).get(
            start, headers={"Authorization": "Basic x", "Cookie": "s=1", "X-Api-Key": "k", "Accept": "text/turtle"}
        )
        headers = second.requests[0].headers
    assert headers["accept"] == "text/turtle"
    assert not {"authorization", "cookie", "x-api-key"} & set(headers)


def test_after_post_a_redirect_is_followed_with_get(server: MisbehavingServer, session: Session) -> None:
    start = server.at("/a", redirect("/b", code=303))
    server.at("/b", answer(b"done"))
    assert session.post(start, b"<x/>", content_type="application/xml").body == b"done"
    assert (server.requests[1].method, server.requests[1].body) == ("GET", b"")
    assert "content-type" not in server.requests[1].headers


def test_a_post_is_repeated_at_the_same_server_when_it_asks_for_that(
    server: MisbehavingServer, session: Session
) -> None:
    start = server.at("/a", redirect("/b", code=307))
    server.at("/b", answer(b"done"))
    session.post(start, b"<x/>", content_type="application/xml")
    assert (server.requests[1].method, server.requests[1].body) == ("POST", b"<x/>")


def test_the_body_of_a_post_does_not_go_to_another_server(server: MisbehavingServer, session: Session) -> None:
    with MisbehavingServer() as second:
        start = server.at("/a", redirect(second.url("/b"), code=308))
        with pytest.raises(BadResponse) as caught:
            session.post(start, b"<x/>", content_type="application/xml")
        assert second.requests == []
    assert second.url("/b") in str(caught.value)


def test_proxies_of_the_environment_are_not_used(
    server: MisbehavingServer, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    assert session.get(server.at("/", answer(b"direct"))).body == b"direct"


def test_the_proxy_of_the_operator_gets_the_full_address_and_its_credentials(
    server: MisbehavingServer, make_session: MakeSession
) -> None:
    server.at("http://data.example.test/x", answer(b"through the proxy"))
    session = make_session(
        proxy=f"http://portal:secret@127.0.0.1:{server.port}",
        addresses=AddressPolicy(),
        resolver=lambda host, port: Names([{"127.0.0.1": "127.0.0.1"}.get(host, "93.184.216.34")])(host, port),
    )
    assert session.get("http://data.example.test/x?y=1").body == b"through the proxy"
    request = server.requests[0]
    assert request.target == "http://data.example.test/x?y=1"
    assert request.headers["host"] == "data.example.test"
    assert request.headers["proxy-authorization"].startswith("Basic ")


def test_through_a_proxy_the_certificate_of_the_server_itself_is_checked(
    server: MisbehavingServer, make_session: MakeSession
) -> None:
    with MisbehavingServer(tls=True) as secure:
        secure.at("/", answer(b"through the tunnel"))
        server.at(f"csw.example.test:{secure.port}", tunnel(secure.port))
        session = make_session(
            proxy=f"http://portal:secret@127.0.0.1:{server.port}",
            addresses=AddressPolicy(ports=TO_THIS_MACHINE.ports),
            ca_bundle=str(AUTHORITY),
            resolver=lambda host, port: (_nowhere if host == "csw.example.test" else Names(["127.0.0.1"]))(host, port),
        )
        response = session.get(secure.url("/", host="csw.example.test"), headers={"Authorization": "Basic x"})
        assert response.body == b"through the tunnel"
        assert secure.server_names == ["csw.example.test"]
        assert "proxy-authorization" not in secure.requests[0].headers
    connect = server.requests[0]
    assert connect.method == "CONNECT"
    assert "proxy-authorization" in connect.headers
    assert "authorization" not in connect.headers


def test_a_proxy_that_is_gone_is_named_without_its_password(make_session: MakeSession) -> None:
    session = make_session(proxy="http://portal:geheim@proxy.example.test:3128", resolver=_nowhere)
    with pytest.raises(UnknownHost) as caught:
        session.get("http://data.example.test:8080/")
    assert "proxy.example.test" in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("proxy", ["proxy:3128", "https://proxy:3128", "http://", "socks5://proxy"])
def test_a_proxy_that_cannot_be_used_is_noticed_at_once(proxy: str) -> None:
    with pytest.raises(ValueError):
        HttpPolicy(proxy=proxy)


@pytest.mark.parametrize("setting", ["total_timeout", "max_parallel_per_host", "max_bytes"])
def test_a_setting_that_would_let_every_request_hang_or_fail_is_noticed_at_once(setting: str) -> None:
    with pytest.raises(ValueError) as caught:
        HttpPolicy(**{setting: 0})
    assert setting in str(caught.value)


def test_a_proxy_is_no_way_round_the_address_policy(server: MisbehavingServer, make_session: MakeSession) -> None:
    session = make_session(proxy=f"http://127.0.0.1:{server.port}", addresses=AddressPolicy())
    for url in ("http://169.254.169.254/", "http://localhost/", "https://10.0.0.1/"):
        with pytest.raises(AddressRefused):
            session.get(url)
    assert server.requests == []


def test_networks_that_the_operator_lists_are_reached_without_the_proxy(
    server: MisbehavingServer, make_session: MakeSession
) -> None:
    session = make_session(proxy="http://127.0.0.1:1")
    assert session.get(server.at("/", answer(b"inside"))).body == b"inside"


def test_a_network_can_be_refused_although_it_is_public() -> None:
    policy = AddressPolicy(refused=(ip_network("93.184.216.0/24"),))
    with pytest.raises(AddressRefused) as caught:
        Session(replace(HttpPolicy(), addresses=policy)).get("http://93.184.216.34/")
    assert "the operator refuses" in str(caught.value)


@given(
    st.text(max_size=60).map(lambda rest: f"http:{rest}") | st.text(max_size=40) | st.text(":/@[]%?#.1a\\", max_size=30)
)
def test_no_text_makes_anything_else_than_a_named_error(url: str) -> None:
    with pytest.raises(HttpError):
        SESSION_TO_NOWHERE.get(url)


def test_a_repeated_request_judges_the_address_again(server: MisbehavingServer, make_session: MakeSession) -> None:
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    server.at("/", in_turn(answer(status=503), answer(b"never")))
    with pytest.raises(AddressRefused):
        make_session(resolver=names, retries=1).get(server.url("/", host="moving.example.test"))
