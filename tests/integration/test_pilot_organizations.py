"""The organisations that the portal brings along, with and without the example catalogue."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import pytest
from click.testing import CliRunner
from tests.kit.roles import Log
from tests.kit.services import LoadedPortal

from ckanext.mainz.governance import people
from ckanext.mainz.governance.roles import cli, pilot
from ckanext.mainz.portal.examples import loader
from ckanext.mainz.portal.examples.catalogue import Catalogue, catalogue

pytestmark = pytest.mark.usefixtures("clean")
PILOT = {
    "hauptamt": "amt",
    "stadtforschung": "amt",
    "statistikstelle": "amt",
    "buergeramt": "amt",
    "wirtschaft-liegenschaften": "amt",
    "gebaeudewirtschaft": "eigenbetrieb",
}
PARTNERS = {"stadt-koblenz": "kommune", "stadt-ludwigshafen": "kommune", "stadt-trier": "kommune"}


@pytest.fixture
def log(clean: None) -> Log:
    return Log()


def run(*arguments: str) -> str:
    done = CliRunner().invoke(cli.organizations, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def kinds() -> dict[str, str]:
    model.Session.rollback()
    return {one.name: one.kind for one in people.organizations().values()}


def extras(name: str) -> dict[str, Any]:
    found: Any = model.Group.get(name)
    return dict(found.extras)


def test_the_command_creates_the_organisations_of_the_pilot_as_real_ones(portal: LoadedPortal):
    run()
    assert kinds() == PILOT
    assert not any("is_example" in extras(name) or "contact_email" in extras(name) for name in PILOT)


def test_the_partner_cities_come_when_asked_for(portal: LoadedPortal):
    run("--partners")
    assert kinds() == PILOT | PARTNERS


def test_the_statistics_office_is_sealed_below_its_department(portal: LoadedPortal):
    run()
    tree = {one.name: one for one in people.organizations().values()}
    office = tree["statistikstelle"]
    assert (office.sealed, office.parents) == (True, {tree["stadtforschung"].id})


def test_nobody_belongs_to_them_yet(portal: LoadedPortal):
    run()
    assert model.Session.query(model.Member).filter_by(table_name="user").count() == 0


def test_a_second_run_changes_nothing(portal: LoadedPortal, log: Log):
    run()
    model.Group.get("hauptamt").title = "Amt 10"
    model.Session.commit()
    log.begin()
    assert run().startswith("6 were there")
    assert model.Group.get("hauptamt").title == "Amt 10"
    assert log.rows == []


def test_example_organisations_become_real_ones_and_outlive_the_examples(portal: LoadedPortal):
    examples = Catalogue(catalogue().organizations, ())
    loader.load(lambda *_: None, examples)
    assert extras("statistikstelle")["sealed"] in (True, "true", "True")
    assert "real now" in run()
    assert not extras("hauptamt").get("contact_email")
    loader.remove()
    assert kinds() == PILOT


def test_examples_are_loaded_around_organisations_that_are_there(portal: LoadedPortal):
    run("--partners")
    loader.load(lambda *_: None, Catalogue(catalogue().organizations, ()))
    assert "is_example" not in extras("hauptamt")
    assert kinds().items() >= (PILOT | PARTNERS).items()
    assert {entry["name"] for entry in pilot.entries()} == set(PILOT | PARTNERS)
