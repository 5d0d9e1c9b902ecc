"""What is committed is found, what is not committed is not, whatever happens between the database and the index."""

from __future__ import annotations

import shutil
import threading

import ckan.model as model
import pytest
from ckan.lib.search import SearchError, SearchQueryError
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy import text
from tests.kit import records
from tests.kit.records import dataset

from ckanext.mainz.search import config, documents, generations, outbox, rebuild
from ckanext.mainz.search.embedded import EmbeddedEngine
from ckanext.mainz.search.errors import EngineError
from ckanext.mainz.search.generations import Generations
from ckanext.mainz.search.prepare import prepare
from ckanext.mainz.search.turn import TurnNotTaken, turn

pytestmark = pytest.mark.usefixtures("clean")


def found(query: str = "*:*") -> set[str]:
    return {result["name"] for result in call_action("package_search", q=query, rows=100)["results"]}


def waiting() -> int:
    with model.meta.engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM mainz_search_outbox")).scalar_one()


def quiet(step, done, total):
    pass


def test_a_created_dataset_is_found_when_the_action_returns():
    dataset(name="baeume", title="Bäume der Stadt")
    assert found("Baum") == {"baeume"}
    assert waiting() == 0


def test_a_failed_commit_leaves_no_ghost(monkeypatch):
    def fail():
        model.Session.rollback()
        raise RuntimeError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr(model.repo, "commit", fail)
        with pytest.raises(RuntimeError):
            dataset(name="geist", title="Geist")
    assert found() == set()
    assert model.Package.get("geist") is None


def test_a_renamed_organisation_is_renamed_in_the_results():
    one = dataset(name="eins")
    call_action("organization_patch", id=one["owner_org"], title="Neuer Name")
    assert call_action("package_search", q="*:*")["results"][0]["organization"]["title"] == "Neuer Name"


def test_plain_sql_is_brought_in_by_the_next_drain():
    one = dataset(name="eins", title="Alt")
    model.Session.execute(text("UPDATE package SET title = 'Brücken' WHERE id = :id"), {"id": one["id"]})
    model.Session.commit()
    assert found("Brücke") == {"eins"}


def test_a_deleted_dataset_is_not_found():
    one = dataset(name="eins")
    records.delete(one["id"])
    assert found() == set()


def test_a_purged_dataset_is_not_found():
    one = dataset(name="eins")
    call_action("dataset_purge", id=one["id"])
    assert found() == set()
    assert waiting() == 0


def test_a_dataset_made_private_is_gone_before_the_engine_confirms(monkeypatch):
    one = dataset(name="eins")
    monkeypatch.setattr(outbox, "drain", lambda *_: None)
    records.withdraw(one["id"])
    assert waiting() > 0
    assert found() == set()


def test_a_dataset_deleted_while_the_engine_is_down_is_gone_at_once(monkeypatch):
    one = dataset(name="eins")
    monkeypatch.setattr(outbox, "drain", lambda *_: None)
    records.delete(one["id"])
    assert found() == set()


def test_writing_goes_on_while_the_engine_is_down_and_is_found_afterwards(monkeypatch):
    def broken(self):
        raise EngineError("the index is unreachable")

    with monkeypatch.context() as patch:
        patch.setattr(EmbeddedEngine, "writing", broken)
        dataset(name="eins")
    assert waiting() > 0
    assert found() == set()
    outbox.drain()
    assert found() == {"eins"}
    assert waiting() == 0


def test_a_record_that_cannot_be_built_does_not_stop_the_others(monkeypatch):
    with outbox.deferred():
        bad, _good = dataset(name="schlecht"), dataset(name="gut")
        build = documents.build
        monkeypatch.setattr(documents, "build", lambda id_, *known: build(id_, *known) if id_ != bad["id"] else 1 / 0)
    assert found() == {"gut"}
    with model.meta.engine.connect() as connection:
        row = connection.execute(text("SELECT DISTINCT package_id, error FROM mainz_search_outbox")).one()
    assert row.package_id == bad["id"]
    assert "ZeroDivisionError" in row.error


def test_a_commit_while_ckan_is_loading_leaves_its_row_for_later(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_application_is_made", lambda: False)
        dataset(name="eins")
    assert waiting() > 0
    prepare(quiet)
    assert found() == {"eins"}


def test_what_could_not_be_indexed_is_tried_again_at_the_next_start(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(documents, "build", lambda *_: 1 / 0)
        dataset(name="eins")
    outbox.drain()
    assert found() == set()
    prepare(quiet)
    assert found() == {"eins"}


def test_updates_that_overtake_each_other_end_right(app):
    one = dataset(name="eins", title="Anfang")

    def rename(number):
        with app.flask_app.test_request_context():
            try:
                records.change("package_patch", id=one["id"], title=f"Titel {number}")
            finally:
                model.Session.remove()

    model.Session.remove()
    threads = [threading.Thread(target=rename, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    model.Session.remove()
    title = model.Package.get(one["id"]).title
    assert call_action("package_search", q="*:*")["results"][0]["title"] == title
    assert not rebuild.check(quiet).ids()


def test_a_writer_that_waits_too_long_leaves_its_change_to_the_worker(monkeypatch):
    monkeypatch.setattr(config, "wait_seconds", lambda: 1)
    with turn(1):
        dataset(name="eins")
        assert waiting() > 0
    outbox.drain()
    assert found() == {"eins"}


def test_the_turn_is_not_taken_twice():
    with turn(1), pytest.raises(TurnNotTaken), turn(1):
        pass


def test_deferred_writes_are_brought_in_once_at_the_end():
    with outbox.deferred():
        dataset(name="eins")
        dataset(name="zwei")
        assert found() == set()
    assert found() == {"eins", "zwei"}


def test_the_check_finds_and_repairs_every_kind_of_drift():
    missing, outdated = dataset(name="fehlt"), dataset(name="alt", title="Neu")
    document = _document(outdated["id"])
    with turn(1), Generations(config.folder()).writing() as (batch,):
        batch.delete_id(missing["id"])
        batch.add({**document, "title": "Alt"})
        batch.add({**document, "id": "geist", "name": "geist", "index_id": "geist"})
    drift = rebuild.check(quiet)
    assert (drift.missing, drift.outdated, drift.ghosts) == ((missing["id"],), (outdated["id"],), ("geist",))
    rebuild.repair(drift.ids())
    assert not rebuild.check(quiet).ids()


def _document(package_id):
    with turn(1) as connection, documents.fresh_session(connection):
        document = documents.build(package_id)
    assert document is not None
    return document


def test_a_rebuild_serves_the_old_index_and_takes_changes_meanwhile(monkeypatch):
    dataset(name="eins")
    seen = []

    def during(step, done, total):
        if not seen:
            dataset(name="waehrenddessen")
            seen.append(found())

    rebuild.rebuild(during)
    assert seen == [{"eins", "waehrenddessen"}]
    assert found() == {"eins", "waehrenddessen"}
    assert len([path for path in config.folder().iterdir() if path.is_dir()]) == 1


def test_a_rebuild_that_was_cut_short_is_begun_anew():
    dataset(name="eins")
    with turn(1):
        Generations(config.folder()).begin()
    rebuild.rebuild(quiet)
    assert found() == {"eins"}


def test_a_damaged_index_says_so_and_is_built_anew(monkeypatch):
    dataset(name="eins")
    folder = config.folder() / (config.folder() / "current").read_text()
    for path in [path for path in folder.iterdir() if path.suffix in (".store", ".term", ".fast", ".idx", ".pos")]:
        path.unlink()
        path.write_bytes(b"damaged")
    monkeypatch.setattr(generations, "_engines", {})  # as a process that was started after the damage
    with pytest.raises(SearchError):
        found()
    prepare(quiet)
    assert found() == {"eins"}


def test_a_missing_index_is_built_by_preparing():
    dataset(name="eins")
    shutil.rmtree(config.folder())
    with pytest.raises(SearchError):
        found()
    prepare(quiet)
    assert found() == {"eins"}


def test_an_unsupported_parameter_is_refused_by_name():
    with pytest.raises(SearchQueryError, match="sort"):
        call_action("package_search", q="*:*", sort="title upwards")


def test_clearing_the_index_by_core_and_indexing_again_finds_all():
    dataset(name="eins")
    from ckan.lib import search

    search.clear_all()
    assert found() == set()
    search.rebuild()
    assert found() == {"eins"}


def test_private_datasets_are_found_by_their_own_organisation_only():
    organization = factories.Organization()
    user, stranger = factories.User(), factories.User()
    call_action("organization_member_create", id=organization["id"], username=user["name"], role="editor")
    dataset(name="geheim", owner_org=organization["id"], public=False)

    def results(name):
        context = {"user": name, "ignore_auth": False}
        search = toolkit.get_action("package_search")
        return [result["name"] for result in search(context, {"q": "*:*", "include_private": True})["results"]]

    assert results(user["name"]) == ["geheim"]
    assert results(stranger["name"]) == []
    assert results("") == []
