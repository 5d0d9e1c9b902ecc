"""Files of resources: written once under a key of their own, reached by nobody else's key, cleaned when forgotten."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp, call_action
from click.testing import CliRunner
from tests.kit import records
from tests.kit.services import LoadedPortal
from werkzeug.datastructures import FileStorage

from ckanext.mainz.foundation import file_cleaning, file_staging
from ckanext.mainz.foundation.cli import mainz
from ckanext.mainz.foundation.files import KEY, new_key, resource_storage, written_at

OLD, NEW = b"Jahr;Wert\n2025;1\n", b"Jahr;Wert\n2026;2\n"
pytestmark = pytest.mark.usefixtures("clean", "in_request")


@pytest.fixture
def in_request(portal: LoadedPortal) -> Iterator[None]:
    with portal.app._wsgi_app.test_request_context():
        file_cleaning.clean(older_than=-1)
        yield


def chosen(content: bytes = OLD, name: str = "werte.csv") -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


@pytest.fixture
def dataset() -> dict[str, Any]:
    office = factories.Organization()
    themes, period = ["http://publications.europa.eu/resource/authority/data-theme/GOVE"], [{"start": "2024"}]
    return records.dataset(
        owner_org=office["id"],
        title="Werte",
        notes="Werte",
        license_id="dl-de-by-2.0",
        theme=themes,
        temporal_coverage=period,
        contact=[{"name": "Amt", "email": "amt@stadt.example"}],
    )


@pytest.fixture
def uploaded(dataset: dict[str, Any]) -> dict[str, Any]:
    return records.change("resource_create", package_id=dataset["id"], upload=chosen(), name="Werte")


def downloaded(app: CKANTestApp, resource: dict[str, Any]) -> bytes:
    return app.get(resource["url"]).data


def stored(resource: dict[str, Any]) -> bytes:
    key = call_action("resource_show", id=resource["id"])["file_key"]
    return location_of(resource["id"], key).read_bytes()


def location_of(resource_id: str, key: str) -> Path:
    return Path(resource_storage().settings.path) / resource_id[:3] / resource_id[3:6] / resource_id[6:] / key


def test_an_upload_lies_under_a_key_of_its_own_and_is_downloaded_as_it_came(
    app: CKANTestApp, uploaded: dict[str, Any]
) -> None:
    assert KEY.match(uploaded["file_key"])
    assert stored(uploaded) == OLD
    assert downloaded(app, uploaded) == OLD


def test_a_new_file_leaves_the_bytes_of_the_old_one_untouched(app: CKANTestApp, uploaded: dict[str, Any]) -> None:
    replaced = records.change("resource_patch", id=uploaded["id"], upload=chosen(NEW))
    assert replaced["file_key"] != uploaded["file_key"]
    assert downloaded(app, replaced) == NEW
    assert location_of(uploaded["id"], uploaded["file_key"]).read_bytes() == OLD


def test_a_revision_with_a_file_replaces_it_likewise(app: CKANTestApp, uploaded: dict[str, Any]) -> None:
    records.change(
        "package_revise", match={"id": uploaded["package_id"]}, update__resources__0__upload=chosen(NEW, "neu.csv")
    )
    after = call_action("resource_show", id=uploaded["id"])
    assert after["file_key"] != uploaded["file_key"]
    assert downloaded(app, after) == NEW
    assert location_of(uploaded["id"], uploaded["file_key"]).read_bytes() == OLD


def test_a_refused_change_writes_no_bytes_and_keeps_the_old_file(app: CKANTestApp, uploaded: dict[str, Any]) -> None:
    before = set(resource_storage().scan())
    with pytest.raises(toolkit.ValidationError):
        records.change("resource_patch", id=uploaded["id"], upload=chosen(NEW), name="x" * 300)
    assert set(resource_storage().scan()) == before
    assert downloaded(app, uploaded) == OLD


@pytest.mark.parametrize("action", ["resource_patch", "resource_update", "package_patch", "package_update"])
def test_clients_that_leave_out_the_key_keep_their_file(
    app: CKANTestApp, uploaded: dict[str, Any], action: str
) -> None:
    record = call_action("resource_show", id=uploaded["id"])
    without = {name: value for name, value in record.items() if name != "file_key"} | {"description": "Neu"}
    if action.startswith("package"):
        dataset = call_action("package_show", id=uploaded["package_id"])
        records.change(action, **{**dataset, "resources": [without]})
    else:
        records.change(action, **without)
    after = call_action("resource_show", id=uploaded["id"])
    assert (after["description"], after["file_key"]) == ("Neu", uploaded["file_key"])
    assert downloaded(app, after) == OLD


def test_a_forged_key_is_replaced_by_the_stored_one(app: CKANTestApp, uploaded: dict[str, Any]) -> None:
    changed = records.change("resource_patch", id=uploaded["id"], file_key=str(new_key()), description="Neu")
    assert changed["file_key"] == uploaded["file_key"]
    assert downloaded(app, changed) == OLD


@pytest.mark.parametrize("key", ["../../../../../etc/passwd", "..", "x", "0" * 32])
def test_a_key_that_names_another_place_reaches_nothing(uploaded: dict[str, Any], key: str) -> None:
    changed = records.change("resource_patch", id=uploaded["id"], file_key=key, description="Neu")
    assert changed["file_key"] == uploaded["file_key"]


def test_a_foreign_key_does_not_bring_the_foreign_file(
    app: CKANTestApp, uploaded: dict[str, Any], dataset: dict[str, Any]
) -> None:
    with pytest.raises(toolkit.ValidationError) as refused:
        records.change(
            "resource_create",
            package_id=dataset["id"],
            url="werte.csv",
            url_type="upload",
            file_key=uploaded["file_key"],
        )
    assert "url" in refused.value.error_dict


def test_a_link_in_the_place_of_a_file_lets_go_of_the_key(uploaded: dict[str, Any]) -> None:
    changed = records.change("resource_patch", id=uploaded["id"], url="https://example.org/x.csv", url_type="")
    assert changed["file_key"] == ""
    assert location_of(uploaded["id"], uploaded["file_key"]).exists()


def test_a_private_file_is_not_for_strangers(app: CKANTestApp, uploaded: dict[str, Any]) -> None:
    records.withdraw(uploaded["package_id"])
    assert app.get(uploaded["url"], expect_errors=True).status_code in (403, 404)


def test_web_pages_and_drawings_are_downloads_and_run_nothing(app: CKANTestApp, dataset: dict[str, Any]) -> None:
    page = b"<!doctype html><script>alert(document.cookie)</script>"
    made = records.change("resource_create", package_id=dataset["id"], upload=chosen(page, "seite.html"))
    answer = app.get(made["url"])
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_misnamed_file_gets_its_right_name_and_format(dataset: dict[str, Any]) -> None:
    made = records.change(
        "resource_create", package_id=dataset["id"], upload=chosen(b"%PDF-1.7\n", "Haushalt.csv"), format="CSV"
    )
    assert (made["url"].rsplit("/", 1)[-1], made["format"], made["mimetype"]) == (
        "haushalt.pdf",
        "PDF",
        "application/pdf",
    )


def test_cleaning_takes_what_nothing_points_to_and_nothing_else(app: CKANTestApp, uploaded: dict[str, Any]) -> None:
    replaced = records.change("resource_patch", id=uploaded["id"], upload=chosen(NEW))
    found = {leftover.location.rsplit("/", 1)[-1] for leftover in file_cleaning.clean(older_than=-1)}
    assert found == {uploaded["file_key"]}
    assert downloaded(app, replaced) == NEW


def test_cleaning_leaves_alone_what_a_proposal_brings(app: CKANTestApp, uploaded: dict[str, Any]) -> None:
    proposed = call_action("resource_patch", id=uploaded["id"], upload=chosen(NEW))
    assert file_cleaning.clean(older_than=-1) == []
    records.accept(proposed)
    assert downloaded(app, call_action("resource_show", id=uploaded["id"])) == NEW


def test_cleaning_takes_the_files_of_a_purged_dataset(uploaded: dict[str, Any]) -> None:
    call_action("dataset_purge", id=uploaded["package_id"])
    assert [leftover.size for leftover in file_cleaning.clean(older_than=-1)] == [len(OLD)]


def test_the_command_shows_before_it_removes(uploaded: dict[str, Any]) -> None:
    records.change("resource_delete", id=uploaded["id"])
    location = location_of(uploaded["id"], uploaded["file_key"])
    shown = CliRunner().invoke(mainz, ["files", "clean", "--older-than", "0", "--dry-run"])
    assert (shown.exit_code, location.exists()) == (0, True)
    assert f"1 files, {len(OLD)} bytes would be removed." in shown.output
    done = CliRunner().invoke(mainz, ["files", "clean", "--older-than", "0"])
    assert (done.exit_code, location.exists()) == (0, False)


def test_cleaning_leaves_alone_what_is_younger_than_a_day(uploaded: dict[str, Any]) -> None:
    records.change("resource_patch", id=uploaded["id"], upload=chosen(NEW))
    assert file_cleaning.clean() == []


def test_cleaning_takes_the_file_of_a_deleted_resource(uploaded: dict[str, Any]) -> None:
    records.change("resource_delete", id=uploaded["id"])
    assert [leftover.size for leftover in file_cleaning.clean(older_than=-1)] == [len(OLD)]


def test_cleaning_keeps_the_files_of_private_and_deleted_datasets(uploaded: dict[str, Any]) -> None:
    records.withdraw(uploaded["package_id"])
    records.delete(uploaded["package_id"])
    assert file_cleaning.clean(older_than=-1) == []


def test_cleaning_does_not_touch_what_is_not_ours(uploaded: dict[str, Any]) -> None:
    foreign = Path(resource_storage().settings.path) / "notiz.txt"
    foreign.write_text("bleibt")
    records.change("resource_delete", id=uploaded["id"])
    file_cleaning.clean(older_than=-1)
    assert foreign.exists()
    foreign.unlink()


def test_a_key_tells_when_it_was_made() -> None:
    first, second = new_key(), new_key()
    assert first != second
    assert abs(written_at(second) - written_at(first)) < 5
    with pytest.raises(ValueError):
        written_at("../x")


def test_a_staged_file_comes_back_for_its_uploader_only() -> None:
    staged = file_staging.stage(chosen(), "erika")
    found = file_staging.find(staged.ticket, "erika")
    assert found is not None
    with file_staging.open_staged(found) as opened:
        assert opened.stream.read() == OLD
    assert file_staging.find(staged.ticket, "fritz") is None
    file_staging.drop(found)
    assert file_staging.find(staged.ticket, "erika") is None


@pytest.mark.parametrize("ticket", ["", "x", "eyJrZXkiOiIuLi8uLi94In0.aaaa.bbbb"])
def test_a_forged_ticket_opens_nothing(ticket: str) -> None:
    assert file_staging.find(ticket, "erika") is None


def test_an_old_ticket_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    staged = file_staging.stage(chosen(), "erika")
    monkeypatch.setattr(file_staging, "LIFETIME", -1)
    assert file_staging.find(staged.ticket, "erika") is None
    file_staging.drop(staged)


def test_a_staged_file_that_nobody_came_back_for_is_cleaned() -> None:
    staged = file_staging.stage(chosen(), "erika")
    assert [leftover.location for leftover in file_cleaning.clean(older_than=-1)] == [f"staged/{staged.key}"]


def test_a_ticket_of_another_portal_opens_nothing() -> None:
    staged = file_staging.stage(chosen(), "erika")
    ticket = staged.ticket
    toolkit.config["SECRET_KEY"] = "another portal"
    assert file_staging.find(ticket, "erika") is None
