"""Addresses, ports and hooks of the launcher."""

from __future__ import annotations

import socket

import pytest

from ckanext.mainz.runtime import hooks, stamp, wsgi
from ckanext.mainz.runtime.address import Address, reserve
from ckanext.mainz.runtime.errors import PortalError
from ckanext.mainz.runtime.folder import claim
from ckanext.mainz.runtime.stamp import fingerprint, is_prepared, mark_prepared


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("::1", "http://[::1]:80"),
        ("portal.example.org", "http://portal.example.org:80"),
    ],
)
def test_the_address_that_is_printed_can_be_opened(host: str, url: str):
    assert Address(host, 80).url == url


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_reserved_port_is_taken_for_others_and_free_for_the_web_server():
    port = free_port()
    with reserve(Address("127.0.0.1", port)):
        with pytest.raises(PortalError, match="--port"):
            reserve(Address("127.0.0.1", port))
        with socket.socket() as web:
            web.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            web.bind(("127.0.0.1", port))
    reserve(Address("127.0.0.1", port)).close()


def test_a_port_of_every_interface_counts_as_taken():
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        with pytest.raises(PortalError):
            reserve(Address("127.0.0.1", other.getsockname()[1]))


def test_a_host_that_is_not_of_this_machine_is_refused():
    with pytest.raises(PortalError, match=r"192\.0\.2\.1"):
        reserve(Address("192.0.2.1", free_port()))


def offer(monkeypatch, module, group: str, **callables) -> None:
    def entries(*, group: str, wanted: str = group):
        return [_Entry(name, call) for name, call in callables.items()] if group == wanted else []

    monkeypatch.setattr(hooks, "entry_points", entries)


class _Entry:
    def __init__(self, name: str, target):
        self.name, self._target = name, target

    def load(self):
        return self._target


def test_middleware_lies_around_the_application_the_first_name_innermost(monkeypatch):
    offer(monkeypatch, wsgi, hooks.WSGI, b=lambda app: app + " b", a=lambda app: app + " a")
    assert wsgi.wrap("app") == "app a b"


def test_a_job_is_found_by_its_name_and_another_name_is_refused(monkeypatch):
    offer(monkeypatch, hooks, hooks.JOBS, drain=lambda: "drained")
    assert hooks.named(hooks.JOBS, "drain")() == "drained"
    with pytest.raises(LookupError, match="no-such"):
        hooks.named(hooks.JOBS, "no-such")


def test_hooks_are_called_in_order_with_the_way_to_tell_progress(monkeypatch):
    told = []
    offer(monkeypatch, hooks, hooks.PREPARE, b=lambda tell: tell("two", 1, 2), a=lambda tell: tell("one"))
    hooks.call_all(hooks.PREPARE, lambda *step: told.append(step))
    assert told == [("one",), ("two", 1, 2)]


def test_every_hook_of_the_distribution_can_be_loaded_by_its_name():
    groups = (hooks.PREPARE, hooks.FIRST_START, hooks.JOBS, hooks.WSGI)
    found = [entry for group in groups for entry in hooks.hooks(group)]
    assert {entry.group for entry in found} == set(groups)


def test_a_folder_is_prepared_for_exactly_this_portal(tmp_path, monkeypatch):
    folder = claim(tmp_path / "var")
    assert not is_prepared(folder)
    assert folder.first_start
    mark_prepared(folder)
    assert is_prepared(folder)
    assert not folder.first_start
    monkeypatch.setenv("CKAN__PLUGINS", "one more")
    assert not is_prepared(folder)
    monkeypatch.delenv("CKAN__PLUGINS")
    monkeypatch.setattr(stamp, "fingerprint", lambda: fingerprint() + "x")
    assert not is_prepared(folder)
