"""What leaves the portal is flawless for the shapes of DCAT-AP.de: every page by itself, and the whole."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ckan.plugins import toolkit
from ckan.tests.helpers import call_action
from tests.kit.catalogue import datasets, made, office, pages, reader, uri
from tests.kit.services import SITE_URL, LoadedPortal
from werkzeug.test import Client

from ckanext.mainz.metadata.catalogue import config, jobs
from ckanext.mainz.portal.examples import loader

JUDGE = Path(__file__).parents[2].parent / "shared" / "dcat-ap-de" / "validate.py"
TWO = "?profiles=mainz_dcat_ap_de_2"


@pytest.fixture(scope="module")
def judge() -> Path:
    """The judge beside the repository; skipped without it, and failed in strict mode."""
    if not JUDGE.exists():
        if os.environ.get("PORTAL_TEST_STRICT") == "1":
            pytest.fail(f"{JUDGE} is missing")
        pytest.skip(f"{JUDGE.name} is not on this machine")
    return JUDGE


@pytest.fixture(scope="module")
def examples(portal: LoadedPortal, judge: Path) -> Client:
    """The example catalogue with a series, its members and a service beside it."""
    portal.reset()
    loader.load(lambda step, done, total: None)
    owner = office("amt-20", "Amt für Finanzen")
    series = made(owner, "Haushaltspläne", type="dataset_series")
    members = [made(owner, f"Haushaltsplan {year}", in_series=[series["id"]]) for year in (2030, 2031)]
    made(owner, "Kartendienst", type="data_service", serves_dataset=[members[0]["id"]])
    newer = made(owner, "Haushaltsplan 2032", has_version=[members[0]["id"], members[1]["id"]])
    assert uri(newer)
    return reader(portal)


def judged(judge: Path, profile: str, *files: Path) -> None:
    """Fails with the judge's words unless there is no violation and no warning in any of these files."""
    ran = subprocess.run(
        [sys.executable, judge, "--profile", profile, *files], capture_output=True, text=True, timeout=280
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]


def saved(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(("query", "profiles"), [("", ["v3"]), (TWO, ["v3", "v2konv"])])
def test_every_page_is_flawless_by_itself(examples, judge, tmp_path, monkeypatch, query, profiles):
    monkeypatch.setitem(toolkit.config, "ckanext.dcat.datasets_per_page", 25)
    found = list(pages(examples, f"/catalog.ttl{query}"))
    assert len(found) > 1
    files = [saved(tmp_path, f"{n}.ttl", page.serialize(format="turtle").encode()) for n, page in enumerate(found)]
    for profile in profiles:
        judged(judge, profile, *files)
    count = call_action("package_search", fq="dataset_type:dataset", rows=0)["count"]
    assert sum(len(datasets(page)) for page in found) == len(set().union(*map(datasets, found))) == count


@pytest.mark.parametrize("ending", ["ttl", "rdf", "jsonld"])
def test_a_served_page_is_flawless_in_every_form(examples, judge, tmp_path, ending):
    answer = examples.get(f"/catalog.{ending}")
    judged(judge, "v3", saved(tmp_path, f"page.{ending}", answer.data))


def test_single_records_of_every_kind_are_flawless(examples, judge, tmp_path):
    found = call_action("package_search", fq="dataset_type:(dataset_series OR data_service)", rows=10)["results"]
    some = call_action("package_search", fq="dataset_type:dataset", q="Haushaltsplan", rows=5)["results"]
    for query, profiles in (("", ["v3"]), (TWO, ["v3", "v2konv"])):
        files = [
            saved(tmp_path, f"{one['id']}.ttl", examples.get(f"/dataset/{one['id']}.ttl{query}").data)
            for one in [*found, *some]
        ]
        assert len(files) > 4
        for profile in profiles:
            judged(judge, profile, *files)


def test_the_whole_catalogue_is_flawless(examples, judge, tmp_path, monkeypatch):
    monkeypatch.setattr(config, "download_folder", lambda: tmp_path / "whole")
    jobs.make_whole()
    answer = examples.get("/catalog/full.ttl.gz")
    assert SITE_URL.encode() in gzip.decompress(answer.data)
    judged(judge, "v3", saved(tmp_path, "whole.ttl", gzip.decompress(answer.data)))
