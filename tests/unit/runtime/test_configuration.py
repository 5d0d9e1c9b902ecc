"""Configuration of one installation: written once, read with and without CKAN, the environment last."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ckanext.mainz.runtime.configuration import read_options, refuse_percent, write_ini
from ckanext.mainz.runtime.errors import PortalError


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "Prüf stand"
    folder.mkdir()
    path = folder / "ckan.ini"
    path.write_text("[app:main]\nuse = egg:ckan\nckan.site_title = Mainz\nckan.site_id = mainz\n", encoding="utf-8")
    return path


def test_an_installation_overrides_the_base_and_keeps_the_rest(tmp_path: Path, base: Path):
    ini = tmp_path / "portal.ini"
    write_ini(ini, {"ckan.site_title": "Öffentlich", "SECRET_KEY": "s"}, base)
    options = read_options(ini)
    assert (options["ckan.site_title"], options["ckan.site_id"], options["SECRET_KEY"]) == ("Öffentlich", "mainz", "s")


def test_the_file_is_private_because_it_holds_passwords(tmp_path: Path, base: Path):
    write_ini(tmp_path / "portal.ini", {}, base)
    assert stat.S_IMODE((tmp_path / "portal.ini").stat().st_mode) == 0o600


def test_the_environment_wins_named_as_ckanext_envvars_does(tmp_path: Path, base: Path, monkeypatch):
    write_ini(tmp_path / "portal.ini", {"ckan.redis.url": "unix:///a"}, base)
    monkeypatch.setenv("CKAN__SITE_ID", "other")
    monkeypatch.setenv("CKANEXT__MAINZ__SCHEDULE", "a: 0 2 * * *")
    monkeypatch.setenv("CKAN___SOLR_URL", "http://solr")
    options = read_options(tmp_path / "portal.ini")
    assert options["ckan.site_id"] == "other"
    assert options["ckanext.mainz.schedule"] == "a: 0 2 * * *"
    assert options["solr_url"] == "http://solr"


def test_a_path_with_a_percent_sign_is_refused_because_ckan_cannot_read_it(tmp_path: Path):
    with pytest.raises(PortalError, match="percent sign"):
        refuse_percent(tmp_path / "100%" / "ckan.ini")


def test_a_variable_with_a_percent_sign_is_refused_by_name(base: Path, monkeypatch):
    monkeypatch.setenv("CKAN__SITE_TITLE", "100 % offen")
    with pytest.raises(PortalError, match="CKAN__SITE_TITLE"):
        refuse_percent(base)
    monkeypatch.delenv("CKAN__SITE_TITLE")
    monkeypatch.setenv("CKANEXT__MAINZ__MOTTO", "100 % offen")
    refuse_percent(base)
