"""The example catalogue as data: complete, consistent, and recognisable as examples."""

import re
from collections import Counter
from datetime import date

import pytest

from ckanext.mainz.portal.examples.catalogue import (
    Catalogue,
    Dataset,
    Organization,
    Period,
    Resource,
    catalogue,
    check,
    table_of,
)
from ckanext.mainz.portal.examples.places import districts
from ckanext.mainz.portal.examples.reading import ExampleError

PILOT = {"hauptamt", "stadtforschung", "buergeramt", "wirtschaft-liegenschaften", "gebaeudewirtschaft"}


def dataset(name: str) -> Dataset:
    return next(candidate for candidate in catalogue().datasets if candidate.name == name)


def test_a_newcomer_sees_at_least_45_datasets_of_at_least_20_publishers():
    owners = {candidate.owner for candidate in catalogue().datasets}
    assert len(catalogue().datasets) >= 45
    assert len(owners) >= 20


def test_the_pilot_organisations_are_there_and_each_publishes():
    owners = {candidate.owner for candidate in catalogue().datasets}
    assert {organization.name for organization in catalogue().organizations} >= PILOT
    assert owners >= PILOT


def test_every_organisation_but_a_parent_and_the_partner_cities_publishes_something():
    owners = {candidate.owner for candidate in catalogue().datasets}
    parents = {organization.parent for organization in catalogue().organizations}
    partners = {organization.name for organization in catalogue().organizations if organization.kind == "kommune"}
    assert partners == {"stadt-koblenz", "stadt-ludwigshafen", "stadt-trier"}
    assert {organization.name for organization in catalogue().organizations} - owners - partners <= parents


def test_the_statistics_office_is_sealed_below_its_department():
    office = catalogue().organization("statistikstelle")
    assert (office.parent, office.sealed, office.number) == ("stadtforschung", True, "12")


def test_the_districts_add_up_to_the_city():
    assert len(districts()) == 15
    assert sum(place.residents for place in districts()) == 222_889
    assert sum(place.square_kilometres for place in districts()) == pytest.approx(97.73)


def test_residents_of_2023_are_those_of_the_city_and_grow_slowly():
    rows = table_of(dataset("einwohner-stadtteile"), dataset("einwohner-stadtteile").resources[0]).rows
    totals = {row[0]: row[2] for row in rows if row[1] == "Mainz gesamt"}
    assert totals[2023] == 222_889
    assert sorted(totals) == list(range(2014, 2024))
    assert all(200_000 < int(str(total)) <= 222_889 for total in totals.values())


@pytest.mark.parametrize("candidate", catalogue().datasets, ids=lambda candidate: candidate.name)
def test_a_description_helps_a_citizen_in_two_to_six_sentences(candidate: Dataset):
    sentences = re.findall(r"[.!?](?=\s|$)", candidate.notes)
    assert 2 <= len(sentences) <= 6
    assert len(candidate.notes) > 150


@pytest.mark.parametrize("candidate", catalogue().datasets, ids=lambda candidate: candidate.name)
def test_each_dataset_has_four_to_eight_keywords_without_repetition(candidate: Dataset):
    assert 4 <= len(candidate.keywords) <= 8
    assert len(set(candidate.keywords)) == len(candidate.keywords)


@pytest.mark.parametrize("candidate", catalogue().datasets, ids=lambda candidate: candidate.name)
def test_titles_and_descriptions_of_resources_are_sentences_for_people(candidate: Dataset):
    titles = [resource.title for resource in candidate.resources]
    assert len(set(titles)) == len(titles)
    assert all(resource.description.endswith(".") for resource in candidate.resources)


@pytest.mark.parametrize("candidate", catalogue().datasets, ids=lambda candidate: candidate.name)
def test_a_period_ends_after_it_starts(candidate: Dataset):
    assert candidate.period.end is None or candidate.period.start <= candidate.period.end


def test_all_kinds_of_files_and_links_occur():
    formats = Counter(resource.format for candidate in catalogue().datasets for resource in candidate.resources)
    assert {"CSV", "XLSX", "GeoJSON", "PDF", "ICS", "JSON", "WMS", "WFS", "API", "GTFS"} <= formats.keys()


def test_all_licences_of_the_portal_that_are_open_occur():
    licences = {candidate.licence for candidate in catalogue().datasets}
    assert licences == {"dl-de-by-2.0", "dl-de-zero-2.0", "cc-by-4.0", "cc-zero"}


def test_mailboxes_and_links_lead_to_reserved_domains_only():
    mailboxes = [organization.mailbox for organization in catalogue().organizations]
    links = [resource.url for candidate in catalogue().datasets for resource in candidate.resources if resource.url]
    assert all(mailbox.endswith(".example") for mailbox in mailboxes)
    assert all(re.match(r"https://[a-z.-]+\.example/", link) for link in links)


# --- what the check finds ------------------------------------------------------------------------------------------

OFFICE = Organization("amt", "Amt", "Ein Amt.", "amt", "post@amt.example")
LINK = Resource("Karte", "Ein Dienst.", "WMS", url="https://dienst.example/wms")
SAMPLE = Dataset(
    name="probe",
    title="Probe",
    notes="Eine Probe.",
    keywords=("Probe",),
    owner="amt",
    licence="cc-zero",
    frequency="ANNUAL",
    themes=("ENVI",),
    period=Period(date(2025, 1, 1)),
    resources=(LINK,),
    tables={},
)


def changed(**fields: object) -> Dataset:
    return Dataset(**{**vars(SAMPLE), **fields})


def test_a_sound_catalogue_passes():
    check(Catalogue((OFFICE,), (SAMPLE,)))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (changed(name="Mit Leerzeichen"), "no name that CKAN takes"),
        (changed(owner="niemand"), "no organisation 'niemand'"),
        (changed(licence="alles-verboten"), "unknown licence"),
        (changed(themes=("XXXX",)), "no code 'XXXX'"),
        (changed(themes=()), "no theme"),
        (changed(frequency="SOMETIMES"), "no code 'SOMETIMES'"),
        (changed(keywords=("Stadt, Land",)), "a keyword that CKAN refuses"),
        (changed(resources=()), "no resources"),
        (changed(resources=(Resource("A", "B.", "CSV"),)), "either a file or a URL"),
        (changed(resources=(Resource("A", "B.", "CSV", url="https://www.mainz.de/x"),)), "a real host"),
        (changed(resources=(Resource("A", "B.", "CSV", file="../x.csv"),)), "not plain"),
        (changed(resources=(Resource("A", "B.", "EXE", file="x.exe"),)), "an unknown format"),
        (changed(resources=(Resource("A", "B.", "CSV", file="x.csv", table="keine"),)), "an unknown table"),
    ],
)
def test_a_contradiction_is_named(wrong: Dataset, message: str):
    with pytest.raises(ExampleError, match=message):
        check(Catalogue((OFFICE,), (wrong,)))


def test_a_name_that_is_taken_twice_is_named():
    with pytest.raises(ExampleError, match="taken twice as dataset"):
        check(Catalogue((OFFICE,), (SAMPLE, changed(title="Andere Probe"))))


def test_a_child_may_not_stand_before_its_parent():
    child = Organization("kind", "Kind", "Ein Kind.", "amt", "post@kind.example", parent="amt")
    with pytest.raises(ExampleError, match="before its parent 'amt'"):
        check(Catalogue((child, OFFICE), ()))
