"""CKAN's register of licences is the vocabulary: one list, with titles in the reader's language."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import pytest
from tests.kit import records
from tests.kit.people import Person, editor
from tests.kit.services import LoadedPortal

from ckanext.mainz.metadata import licenses, vocabulary

ATTRIBUTION = {"de": "Datenlizenz Deutschland – Namensnennung – 2.0", "en": "Data licence Germany – attribution"}


@pytest.fixture
def erika(portal: LoadedPortal, clean: None) -> Person:
    return editor(portal)


@pytest.mark.usefixtures("portal")
def test_the_register_has_every_licence_of_the_vocabulary() -> None:
    register: Any = model.Package.get_license_register()
    assert list(register.keys()) == [term.code for term in vocabulary.terms("licenses")]
    assert {license.id for license in register.values() if license.status == "active"} == {
        term.code for term in vocabulary.offered("licenses")
    }
    assert {license.id for license in register.values() if license.isopen()} == {
        term.code for term in vocabulary.terms("licenses") if term.open
    }


@pytest.mark.usefixtures("portal")
def test_a_register_of_the_operator_s_own_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    file = tmp_path / "own.json"
    file.write_text('[{"id": "eigene", "title": "Eigene", "url": "", "status": "active"}]')
    monkeypatch.setitem(licenses.config, "licenses_group_url", f"file://{file}")
    own: Any = licenses.core.LicenseRegister()
    assert list(own.keys()) == ["eigene"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_licences_are_named_in_the_language_of_the_page(erika: Person, language: str) -> None:
    records.create(**erika.good(resources=[{"url": "https://a.example/a.csv"}]))
    for path in ("/dataset/baumkataster", "/dataset/", "/dataset/new"):
        assert ATTRIBUTION[language] in erika.get(path, language).text
    titles = [one["title"] for one in erika.api("license_list", {}, language).get_json()["result"]]
    assert any(title.startswith(ATTRIBUTION[language]) for title in titles)


def test_a_dataset_is_open_as_its_licence_is(erika: Person) -> None:
    for name, is_open in (("cc-zero", True), ("other-closed", False)):
        made = erika.api("package_create", erika.good(title=name, license_id=name)).get_json()["result"]
        assert made["isopen"] is is_open
        assert made["license_title"]
