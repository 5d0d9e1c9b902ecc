"""The Solr that tests and benchmarks compare with (tests/kit/solr.py)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pysolr
import pytest
import requests
from tests.kit.solr import SolrServer, SolrUnavailable, missing_requirement, need_program

pytestmark = pytest.mark.solr


@pytest.fixture(scope="module")
def solr() -> Iterator[SolrServer]:
    missing = missing_requirement()
    if missing:
        pytest.fail(missing) if os.environ.get("PORTAL_TEST_STRICT") == "1" else pytest.skip(missing)
    with SolrServer() as server:
        yield server


def test_a_document_goes_in_is_found_by_an_inflected_word_and_goes_out(solr: SolrServer) -> None:
    core = pysolr.Solr(solr.url)
    core.add([{"index_id": "1", "id": "1", "site_id": "test", "title": "Playgrounds", "tags": ["Park"]}], commit=True)

    found = core.search("playground", df="text", **{"facet": "true", "facet.field": "tags"})
    assert [document["title"] for document in found.docs] == ["Playgrounds"]
    assert found.facets["facet_fields"]["tags"] == ["Park", 1]

    core.delete(q='+site_id:"test"', commit=True)
    assert core.search("*:*").hits == 0


def test_the_core_has_the_schema_of_the_installed_ckan(solr: SolrServer) -> None:
    answer = requests.get(f"{solr.url}/schema/name", timeout=10).json()
    assert answer["name"] == "ckan-2.12"


def test_a_kept_home_keeps_its_documents_over_a_restart(solr: SolrServer, tmp_path: Path) -> None:
    with SolrServer(home=tmp_path) as first:
        pysolr.Solr(first.url).add([{"index_id": "1", "id": "1", "site_id": "test"}], commit=True)
    with SolrServer(home=tmp_path) as second:
        assert pysolr.Solr(second.url).search("*:*").hits == 1


def test_a_stopped_server_leaves_neither_process_nor_folder(solr: SolrServer) -> None:
    server = SolrServer().start()
    pid, home = server.pid, server.log.parent
    server.stop()

    assert not home.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_broken_schema_is_told_with_the_reason(solr: SolrServer, tmp_path: Path) -> None:
    schema = tmp_path / "schema.xml"
    schema.write_text('<schema name="broken" version="1.6"><field name="id" type="nowhere"/></schema>')
    with pytest.raises(SolrUnavailable, match="nowhere"):
        SolrServer(schema=schema).start()


def test_a_missing_java_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SolrUnavailable, match=r"`java`.*apt-get install"):
        need_program("java")
