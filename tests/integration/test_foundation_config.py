"""The operator's settings of outgoing requests reach the one session that leaves the house."""

from __future__ import annotations

import pytest
from ckan.plugins import toolkit

from ckanext.mainz.foundation import config
from ckanext.mainz.foundation.http import AddressRefused, Session

pytestmark = pytest.mark.usefixtures("portal")


def test_by_default_a_local_address_is_refused():
    with pytest.raises(AddressRefused):
        Session(config.http_policy()).get("http://127.0.0.1:8080/")


def test_sizes_are_given_in_megabytes(monkeypatch):
    monkeypatch.setitem(toolkit.config, "ckanext.mainz.http.max_megabytes", 7)
    assert config.http_policy().max_bytes == 7 * 1024 * 1024


def test_the_portal_says_who_it_is():
    assert config.http_policy().user_agent.startswith("ckanext-mainz/")


def test_a_wrong_network_is_named(monkeypatch):
    monkeypatch.setitem(toolkit.config, "ckanext.mainz.http.allowed_networks", "not a network")
    with pytest.raises(ValueError, match="not"):
        config.http_policy()
