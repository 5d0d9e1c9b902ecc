"""What CKAN has read is used for the index only where nothing was written since; every other case is read again."""

from __future__ import annotations

import threading

import ckan.model as model
import pytest
from ckan import logic
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckan.types import Context
from sqlalchemy import text
from tests.kit import records

from ckanext.mainz.search import documents, outbox, readings, rebuild

pytestmark = pytest.mark.usefixtures("clean")

LINK = "https://daten.example.org/baeume.csv"


def dataset(**fields):
    fields = {"owner_org": factories.Organization()["id"], "license_id": "cc-by-4.0", **fields}
    return factories.Dataset(**fields)


@pytest.fixture
def built(monkeypatch):
    """Ids of the records whose reading was used. Each of these documents is what reading again gives."""
    used, build = [], documents.build

    def both_ways(package_id, known=None):
        fresh = build(package_id)
        if known is not None:
            assert build(package_id, known) == fresh
            used.append(package_id)
        return fresh

    monkeypatch.setattr(documents, "build", both_ways)
    return used


def elsewhere(statement, **values):
    """Somebody else's committed change."""
    with model.meta.engine.begin() as connection:
        connection.execute(text(statement), values)


def in_another_thread(work):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def between_reading_and_commit(monkeypatch, work):
    """Once, after CKAN has read a record and asked for its index."""
    note = readings.note

    def then(dataset, row):
        monkeypatch.setattr(readings, "note", note)
        note(dataset, row)
        work()

    monkeypatch.setattr(readings, "note", then)


def drift():
    model.Session.remove()
    return rebuild.check(lambda *_: None).ids()


def test_every_way_of_saving_is_indexed_by_what_was_read_for_its_answer(built):
    one = dataset(name="eins", title="Bäume", tags=[{"name": "baum"}], extras=[{"key": "Herkunft", "value": "Amt"}])
    other = factories.Organization()
    steps = [
        ("package_patch", {"id": one["id"], "title": "Linden", "notes": "Neu.", "tag_string": "linde, straße"}),
        ("package_patch", {"id": one["id"], "theme": [], "contact": [{"name": "Amt", "email": "a@example.org"}]}),
        ("package_patch", {"id": one["id"], "name": "zwei"}),
        ("package_revise", {"match": {"id": one["id"]}, "update": {"version": "2"}}),
        ("resource_create", {"package_id": one["id"], "url": LINK, "name": "Tabelle", "format": "CSV"}),
    ]
    for action, changes in steps:
        call_action(action, **changes)
    with records.decided(one["id"], owner=other["id"]):
        call_action("package_patch", id=one["id"], notes="Von anderen.")
    resource = call_action("package_show", id=one["id"])["resources"][0]
    call_action("resource_patch", id=resource["id"], description="Alle Linden.")
    call_action("resource_delete", id=resource["id"])
    assert len(built) == len(steps) + 4
    assert not drift()


def test_datasets_in_a_group_are_indexed_by_what_was_read(built):
    group = factories.Group()
    one = dataset(groups=[{"id": group["id"]}])
    call_action("package_patch", id=one["id"], title="Neu")
    assert len(built) == 2
    assert not drift()


def test_deferred_writes_are_indexed_by_what_was_read_last(built):
    with outbox.deferred():
        one, two = dataset(name="eins"), dataset(name="zwei")
        call_action("package_patch", id=one["id"], title="Neu")
    assert sorted(built) == sorted([one["id"], two["id"]])


def test_what_the_same_transaction_writes_after_the_reading_is_read_again(built, monkeypatch):
    one = dataset(title="Alt")
    built.clear()
    statement = text("UPDATE package SET version = '7' WHERE id = :id")
    between_reading_and_commit(monkeypatch, lambda: model.Session.execute(statement, {"id": one["id"]}))
    call_action("package_patch", id=one["id"], title="Neu")
    assert built == []
    assert call_action("package_search", q="version:7", include_private=True)["count"] == 1


def test_a_change_of_somebody_else_before_the_commit_is_read_again(built, monkeypatch):
    one = dataset(tags=[{"name": "baum"}])
    built.clear()
    remove = "DELETE FROM package_tag WHERE package_id = :id"
    between_reading_and_commit(monkeypatch, lambda: elsewhere(remove, id=one["id"]))
    call_action("package_patch", id=one["id"], title="Neu")
    assert built == []
    assert not drift()


def test_a_change_that_another_drain_has_taken_before_the_commit_is_read_again(built, monkeypatch, app):
    one = dataset(tags=[{"name": "baum"}])
    built.clear()

    def remove_and_drain():
        elsewhere("DELETE FROM package_tag WHERE package_id = :id", id=one["id"])
        with app.flask_app.test_request_context():
            assert outbox.drain().indexed == 1
            model.Session.remove()

    between_reading_and_commit(monkeypatch, lambda: in_another_thread(remove_and_drain))
    call_action("package_patch", id=one["id"], title="Neu")
    assert built == []
    assert not drift()


def test_an_organisation_renamed_while_its_dataset_comes_back_is_read_again(built, monkeypatch):
    """The trigger of the rename passes over deleted datasets and does not see yet that this one is none any more."""
    one = dataset()
    call_action("package_delete", id=one["id"])
    built.clear()
    rename = """UPDATE "group" SET title = 'Neuer Name' WHERE id = :id"""
    between_reading_and_commit(monkeypatch, lambda: elsewhere(rename, id=one["owner_org"]))
    call_action("package_patch", id=one["id"], state="active")
    assert built == []
    assert not drift()


def test_a_package_in_memory_from_before_somebody_changed_it_is_read_from_the_database():
    one = dataset(title="Alt")
    kept = model.Package.get(one["id"])
    model.Session.commit()
    elsewhere("UPDATE package SET version = '7' WHERE id = :id", id=one["id"])
    assert kept.version is None, "objects no longer outlive their transaction: this test says nothing"
    own, custom = logic.package_show_default_and_custom_schemas(Context(ignore_auth=True), one["id"])
    assert own["version"] == custom["version"] == "7"


def test_what_was_read_in_a_transaction_that_was_rolled_back_is_read_again(built, monkeypatch):
    one = dataset(title="Alt")
    built.clear()
    with monkeypatch.context() as patch:
        patch.setattr(model.repo, "commit", model.Session.rollback)
        call_action("package_patch", id=one["id"], title="Verworfen")
    elsewhere("UPDATE package SET version = '7' WHERE id = :id", id=one["id"])
    model.Session.commit()
    assert built == []
    assert not drift()


def test_changing_the_answer_does_not_change_the_index(monkeypatch):
    changed = []
    note = readings.note

    def spoil(dataset, row):
        note(dataset, row)
        dataset["with_custom_schema"]["title"] = "Verdorben"
        changed.append(dataset["id"])

    monkeypatch.setattr(readings, "note", spoil)
    dataset(title="Gut")
    assert changed
    assert not drift()


def test_records_with_relationships_and_harvest_sources_are_always_read_again():
    plain = {"type": "dataset", "relationships_as_subject": [], "relationships_as_object": []}
    assert readings._leaves_rows(plain)
    assert not readings._leaves_rows({**plain, "type": "harvest"})
    assert not readings._leaves_rows({**plain, "relationships_as_object": [{"type": "depends_on"}]})


def test_who_reads_again_before_the_commit_gets_what_was_read(monkeypatch):
    one = dataset(title="Gut")
    counted, show = [], readings._read_by_ckan
    monkeypatch.setattr(readings, "_read_by_ckan", lambda *given: counted.append(given) or show(*given))
    first = readings.read(Context(ignore_auth=True), one["id"])
    first[1]["title"] = "Verdorben"
    again = readings.read(Context(ignore_auth=True), one["id"])
    assert again[1]["title"] == "Gut"
    assert len(counted) == 1
    model.Session.execute(text("UPDATE package SET version = '7' WHERE id = :id"), {"id": one["id"]})
    assert readings.read(Context(ignore_auth=True), one["id"])[1]["version"] == "7"
    assert len(counted) == 2


def test_a_record_is_read_once_for_its_score_its_answer_and_the_index(monkeypatch):
    one = dataset(title="Alt")
    counted, show = [], readings._read_by_ckan
    monkeypatch.setattr(readings, "_read_by_ckan", lambda *given: counted.append(given) or show(*given))
    call_action("package_patch", id=one["id"], title="Neu")
    assert len(counted) == 1
