"""What the validators ask of CKAN's configuration."""

from __future__ import annotations

import pytest
from ckan.plugins import toolkit


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(toolkit.config, "ckan.valid_url_schemes", "http https ftp")
    monkeypatch.setitem(toolkit.config, "ckan.site_url", "https://opendata.mainz.example")
