"""The example catalogue in a running portal: whole, marked, downloadable, and gone without a trace when asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.model.system_info import set_system_info
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp, call_action
from click.testing import CliRunner
from tests.kit import records
from tests.kit.services import LoadedPortal

from ckanext.mainz.foundation.file_cleaning import clean, leftovers
from ckanext.mainz.foundation.files import resource_storage
from ckanext.mainz.governance import levels, tables, writing
from ckanext.mainz.governance.inventory import entries
from ckanext.mainz.portal import cli
from ckanext.mainz.portal.examples import loader
from ckanext.mainz.portal.examples.catalogue import Catalogue, catalogue, file_content
from ckanext.mainz.portal.examples.loader import Summary
from ckanext.mainz.portal.examples.records import FILE_PREFIX, MARK_KEYWORD, MARK_SENTENCE, example_id
from ckanext.mainz.portal.publishing import publish

ALL = -60.0  # seconds: what was written just now, too
SMALL = ("brunnen", "haushaltsplan", "einwohner-stadtteile", "stadtgrundkarte")


class CutShort(Exception):
    """Plays the end of a process in the middle of a load."""


def quiet(_step: str, _done: int, _total: int) -> None:
    pass


def small(*names: str) -> Catalogue:
    """The catalogue with a few datasets and their publishers only."""
    datasets = tuple(dataset for dataset in catalogue().datasets if dataset.name in (names or SMALL))
    owners = {dataset.owner for dataset in datasets}
    owners |= {catalogue().organization(name).parent for name in owners}
    return Catalogue(
        tuple(organization for organization in catalogue().organizations if organization.name in owners), datasets
    )


def load_small(*names: str) -> Summary:
    return loader.load(quiet, small(*names))


def show(name: str) -> dict:
    return call_action("package_show", id=name)


def found(**query: object) -> set[str]:
    return {result["name"] for result in call_action("package_search", rows=100, **query)["results"]}


def stored() -> set[str]:
    return set(resource_storage().scan())


@pytest.fixture
def context(portal: LoadedPortal) -> Iterator[None]:
    """A request context, as commands of CKAN and the first start have."""
    with portal.app._wsgi_app.test_request_context():
        yield


# --- the whole catalogue -------------------------------------------------------------------------------------------


@pytest.fixture(scope="class")
def first_load(portal: LoadedPortal) -> Summary:
    """What the first load of the whole catalogue did, in a portal that was empty."""
    portal.reset()
    with portal.app._wsgi_app.test_request_context():
        clean(older_than=ALL)
        return loader.load(quiet)


@pytest.mark.usefixtures("first_load")
class TestLoaded:
    """What a newcomer finds after the first start."""

    def test_every_dataset_and_organisation_is_there(self, first_load: Summary):
        assert first_load.datasets == tuple(dataset.name for dataset in catalogue().datasets)
        assert first_load.organizations == tuple(organization.name for organization in catalogue().organizations)
        assert first_load.kept == ()

    def test_all_are_public_and_found_by_the_mark(self):
        everything = {dataset.name for dataset in catalogue().datasets}
        assert found(fq=f'tags:"{MARK_KEYWORD}"') == everything
        assert found(fq="is_example:true") == everything

    def test_a_citizen_finds_a_dataset_by_an_inflected_word(self):
        assert "haushaltsplan" in found(q="Haushalte der Stadt")
        assert "baumkataster" in found(q="Baum")

    def test_a_second_load_does_nothing(self, context: None):
        before = show("brunnen")
        assert loader.load(quiet) == Summary()
        assert show("brunnen") == before

    @pytest.mark.parametrize("dataset", catalogue().datasets, ids=lambda dataset: dataset.name)
    def test_a_dataset_shows_what_the_catalogue_says_and_that_it_is_an_example(self, dataset):
        shown = show(dataset.name)
        assert shown["title"] == dataset.title
        assert shown["notes"] == f"{dataset.notes}\n\n{MARK_SENTENCE}"
        assert {tag["name"] for tag in shown["tags"]} == {*dataset.keywords, MARK_KEYWORD}
        assert shown["organization"]["name"] == dataset.owner
        assert shown["license_id"] == dataset.licence
        assert {uri.rpartition("/")[2] for uri in shown["theme"]} == set(dataset.themes)
        assert shown["frequency"].endswith(f"/{dataset.frequency}")
        assert shown["temporal_coverage"][0]["start"] == dataset.period.start.isoformat()
        assert shown["contact"][0]["email"].endswith(".example")
        assert str(shown["is_example"]).lower() == "true"
        assert [resource["name"] for resource in shown["resources"]] == [r.title for r in dataset.resources]
        assert [resource["format"] for resource in shown["resources"]] == [r.format for r in dataset.resources]

    @pytest.mark.parametrize("dataset", catalogue().datasets, ids=lambda dataset: dataset.name)
    def test_files_are_downloaded_as_they_were_made(self, app: CKANTestApp, dataset):
        publisher = catalogue().organization(dataset.owner).title
        for resource, shown in zip(dataset.resources, show(dataset.name)["resources"], strict=True):
            if not resource.file:
                assert shown["url"] == resource.url
                continue
            content = file_content(dataset, resource, publisher)
            assert shown["url"].endswith(f"/{FILE_PREFIX}{resource.file}")
            assert shown["size"] == len(content)
            assert shown["mimetype"] == resource.mime_type
            assert app.get(shown["url"]).data == content

    def test_no_bytes_are_left_over(self):
        assert list(leftovers(older_than=ALL)) == []

    def test_organisations_have_their_kind_and_their_place_in_the_tree(self):
        shown = call_action("organization_show", id="statistikstelle", include_groups=True)
        assert [group["name"] for group in shown["groups"]] == ["stadtforschung"]
        assert shown["organization_kind"] == "amt"
        assert call_action("organization_show", id="wohnbau-mainz")["organization_kind"] == "gesellschaft"

    def test_the_inventory_holds_the_building_register_and_who_has_which_share(self, first_load: Summary):
        assert first_load.entries == tuple(entry.name for entry in catalogue().entries)
        (register,) = [one for one in entries.every() if one.name == "gebaeudedatenkataster"]
        shares = {share.organization: share.role for share in register.shares}
        assert list(shares) == [
            *("gebaeudewirtschaft", "hauptamt", "stadtforschung", "buergeramt", "wirtschaft-liegenschaften")
        ]
        assert shares["gebaeudewirtschaft"].startswith("führt")
        shown = show(register.name)
        assert (shown["organization"]["name"], shown["lifecycle"], shown["private"]) == (
            *("gebaeudewirtschaft", "inventar", True),
        )
        assert MARK_SENTENCE in shown["notes"]
        assert set(loader.status().entries) == set(first_load.entries)

    def test_entries_are_found_by_nobody_outside(self, app: CKANTestApp):
        for entry in catalogue().entries:
            assert app.get(f"/dataset/{entry.name}", status=404)
        assert "gebaeudedatenkataster" not in found(q="Gebäudedatenkataster")

    def test_no_account_is_created(self):
        people = model.Session.scalars(sa.select(model.User.name)).all()
        assert people == [toolkit.config["ckan.site_id"]]

    def test_the_command_to_load_shows_its_progress_and_that_nothing_was_missing(self, context: None):
        answer = CliRunner().invoke(cli.examples, ["load"])
        assert answer.stdout == "0 datasets, 0 entries of the inventory and 0 organisations loaded.\n"
        assert f"{len(catalogue().datasets)} of {len(catalogue().datasets)}\n" in answer.stderr

    def test_the_command_tells_the_state(self, context: None):
        answer = CliRunner().invoke(cli.examples, ["status"])
        assert answer.exit_code == 0
        number = len(catalogue().datasets)
        assert answer.output.splitlines() == [
            f"{number} of {number} example datasets are public.",
            f"{len(catalogue().entries)} examples are in the inventory.",
            f"{len(catalogue().organizations)} example organisations are there.",
        ]


# --- loading into a portal that is in use --------------------------------------------------------------------------

in_a_clean_portal = pytest.mark.usefixtures("clean", "context")


@in_a_clean_portal
def test_progress_counts_to_the_end():
    seen: list[tuple[int, int]] = []
    loader.load(lambda _step, done, total: seen.append((done, total)), small())
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


@in_a_clean_portal
def test_a_load_that_was_cut_short_is_completed():
    def stop(_step: str, done: int, _total: int) -> None:
        if done == 2:
            raise CutShort

    with pytest.raises(CutShort):
        loader.load(stop, small())
    assert loader.status().interrupted
    first, second = [dataset.name for dataset in small().datasets][:2]
    with writing.granted(levels.ENTWURF, levels.OEFFENTLICH):  # as if it had been stopped before the publication
        call_action("package_patch", id=second)
    assert load_small().datasets == tuple(dataset.name for dataset in small().datasets if dataset.name != first)
    assert set(loader.status().public) == set(SMALL)
    assert found() == set(SMALL)
    assert not loader.status().interrupted


@in_a_clean_portal
def test_completing_a_load_publishes_nothing_that_was_withdrawn():
    load_small()
    records.withdraw("brunnen")
    set_system_info(loader.RUNNING, "true")  # as if another load had been cut short since
    assert load_small() == Summary()
    assert loader.status().not_public == ("brunnen",)


@in_a_clean_portal
def test_what_an_editor_changed_withdrew_or_deleted_is_left_so():
    load_small()
    records.change("package_patch", id="brunnen", name="wasserspiele", title="Wasserspiele")
    records.withdraw("haushaltsplan")
    records.delete("stadtgrundkarte")
    assert load_small() == Summary()
    assert found() == {"wasserspiele", "einwohner-stadtteile"}
    assert set(loader.status().not_public) == {"haushaltsplan", "stadtgrundkarte"}


@in_a_clean_portal
def test_a_name_that_belongs_to_somebody_else_is_left_to_them():
    own = records.dataset(name="brunnen")
    done = load_small("brunnen", "stadtgrundkarte")
    assert done.datasets == ("stadtgrundkarte",)
    assert done.kept == (("brunnen", "another dataset has this name"),)
    assert show("brunnen")["id"] == own["id"] != example_id("brunnen")


@in_a_clean_portal
def test_an_organisation_that_exists_is_used_and_not_marked():
    factories.Organization(name="gruen-umweltamt", title="Unser Grünamt")
    assert load_small("brunnen").organizations == ()
    assert show("brunnen")["organization"]["title"] == "Unser Grünamt"
    assert loader.remove().organizations == ()
    assert call_action("organization_show", id="gruen-umweltamt")["title"] == "Unser Grünamt"


@in_a_clean_portal
def test_a_record_that_the_portal_refuses_ends_the_load_with_its_field():
    wrong = replace(small("brunnen").datasets[0], title="")
    with pytest.raises(toolkit.ValidationError) as error:
        loader.load(quiet, replace(small("brunnen"), datasets=(wrong,)))
    assert "title" in error.value.error_dict
    assert model.Package.get("brunnen") is None


# --- removing ------------------------------------------------------------------------------------------------------


@in_a_clean_portal
def test_nothing_is_left_after_removing():
    before = stored()
    load_small()
    assert stored() > before
    done = loader.remove()
    assert set(done.datasets) == set(SMALL)
    assert set(done.organizations) == {organization.name for organization in small().organizations}
    assert done.kept == ()
    assert found() == set()
    assert stored() == before
    for table in (model.package_table, model.group_table, model.tag_table, model.resource_table):
        assert model.Session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0


@in_a_clean_portal
def test_entries_of_the_inventory_are_loaded_once_and_removed_with_what_stands_beside_them():
    inventory = replace(catalogue(), datasets=())
    names = tuple(entry.name for entry in inventory.entries)
    assert loader.load(quiet, inventory).entries == names
    assert loader.load(quiet, inventory) == Summary()
    assert set(loader.remove().entries) == set(names)
    for table in (model.package_table, tables.inventory, model.group_table, model.tag_table):
        assert model.Session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 0


@in_a_clean_portal
def test_after_removing_the_examples_can_be_loaded_again():
    load_small()
    loader.remove()
    assert set(load_small().datasets) == set(SMALL)
    assert found() == set(SMALL)


@in_a_clean_portal
def test_removing_twice_or_from_an_empty_portal_does_nothing():
    assert loader.remove() == Summary()


@in_a_clean_portal
def test_an_edited_withdrawn_or_deleted_example_is_removed_too():
    load_small()
    records.change("package_patch", id="brunnen", name="wasserspiele", title="Wasserspiele")
    records.withdraw("haushaltsplan")
    records.delete("stadtgrundkarte")
    assert set(loader.remove().datasets) == {
        "wasserspiele",
        "haushaltsplan",
        "stadtgrundkarte",
        "einwohner-stadtteile",
    }
    assert loader.status().organizations == ()


@in_a_clean_portal
def test_an_example_whose_mark_was_cleared_stays_with_its_publisher():
    load_small()
    kept = show("brunnen")
    records.change("package_patch", id="brunnen", is_example="false")
    done = loader.remove()
    assert "brunnen" not in done.datasets
    assert done.kept == (("gruen-umweltamt", "it has datasets that are not examples"),)
    assert [resource["url"] for resource in show("brunnen")["resources"]] == [r["url"] for r in kept["resources"]]


@in_a_clean_portal
def test_an_organisation_with_datasets_members_or_sub_organisations_stays():
    load_small()
    records.dataset(name="echt", owner_org="statistikstelle")
    editor = factories.User()
    call_action("organization_member_create", id="gruen-umweltamt", username=editor["name"], role="editor")
    assert dict(loader.remove().kept) == {
        "statistikstelle": "it has datasets that are not examples",
        "stadtforschung": "it has a sub-organisation that stays",
        "gruen-umweltamt": "it has members",
    }
    assert found() == {"echt"}


@in_a_clean_portal
def test_keywords_that_real_datasets_use_stay():
    load_small()
    records.dataset(name="echt", tags=[{"name": "Brunnen"}])
    loader.remove()
    assert call_action("tag_list") == ["Brunnen"]


# --- commands and publication --------------------------------------------------------------------------------------


@in_a_clean_portal
def test_the_command_removes_and_tells_what_stays():
    load_small()
    records.dataset(name="echt", owner_org="gruen-umweltamt")
    answer = CliRunner().invoke(cli.examples, ["remove"])
    assert answer.exit_code == 0
    assert "4 datasets, 0 entries of the inventory and 5 organisations removed." in answer.output
    assert "gruen-umweltamt stays: it has datasets that are not examples." in answer.output


@in_a_clean_portal
def test_publishing_makes_a_private_dataset_public():
    private = records.dataset(public=False)
    assert found() == set()
    publish(private["name"])
    assert found() == {private["name"]}


@in_a_clean_portal
def test_publishing_what_is_not_there_is_an_error():
    with pytest.raises(toolkit.ObjectNotFound):
        publish("keiner")
