"""Records that everybody sees, straight from the engine: those of `package_search`, and none that lost its readers."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import pysolr
import pytest
from ckan.lib.search.common import SearchError
from ckan.plugins import toolkit
from tests.kit.catalogue import TIGHTENINGS, made, office, purge_by_hand
from tests.kit.services import LoadedPortal

from ckanext.mainz.foundation.interfaces import IIndex
from ckanext.mainz.search import outbox, seam


@pytest.fixture
def index(portal: LoadedPortal, clean: None) -> Any:
    return next(iter(p.PluginImplementations(IIndex)))


def searched(fq: str) -> list[dict[str, Any]]:
    """What ``package_search`` gives somebody without an account."""
    context: Any = {"user": "", "auth_user_obj": None, "ignore_auth": False}
    asked = {"fq": fq, "sort": "metadata_created asc", "rows": 100}
    return toolkit.get_action("package_search")(context, asked)["results"]


@pytest.mark.parametrize("fq", ["+dataset_type:dataset", "+dataset_type:data_service", "+name:keins"])
def test_it_finds_what_somebody_without_an_account_finds(index, fq):
    owner = office()
    for title in ("Bäume", "Brunnen"):
        made(owner, title)
    made(owner, "Dienst", "data_service")
    made(owner, "Geheimer Plan", public=False)
    found = index.public_records([fq], 100, sort="metadata_created asc")
    assert list(found.records) == searched(fq)
    assert found.count == len(found.records)
    ids = index.public_records([fq], 100, sort="metadata_created asc", ids_only=True).records
    assert [one["id"] for one in ids] == [one["id"] for one in found.records]


@pytest.mark.parametrize("tighten", TIGHTENINGS)
def test_it_names_no_record_that_lost_its_readers_while_the_engine_is_down(index, monkeypatch, tighten):
    one = made(office(), "Bäume")
    monkeypatch.setattr(outbox, "drain", lambda: None)
    assert index.public_records([], 10).count == 1
    tighten(one)
    assert index.public_records([], 10).records == ()


def test_who_hands_the_state_in_gets_an_answer_of_that_state(index, monkeypatch):
    one = made(office(), "Bäume")
    monkeypatch.setattr(outbox, "drain", lambda: None)
    purge_by_hand(one)
    assert index.public_records([], 10, state=index.index_state()).records == ()


def test_an_index_that_does_not_answer_is_an_error_of_the_search(index, monkeypatch):
    def down(*_asked: Any) -> Any:
        raise pysolr.SolrError("no index")

    monkeypatch.setattr(seam, "answer", down)
    with pytest.raises(SearchError, match="no index"):
        index.public_records([], 10)
