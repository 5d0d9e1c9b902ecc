"""Catalogues of partner cities, by RDF and by CKAN's API, and exports of DUVA: what arrives, and that nothing is
written twice."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import ckan.model as model
import pytest
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestSource
from pyoxigraph import RdfFormat
from tests.integration.test_harvest_runs import release, versions
from tests.kit.catalogue_server import CatalogueServer, record, shuffled
from tests.kit.governance import organization
from tests.kit.misbehaving_server import answer
from tests.unit.harvest.dcat.reading import session
from tests.unit.metadata.rdf.judge import shared

from ckanext.mainz.harvest import records, runs
from ckanext.mainz.harvest.ckan.kind import CkanKind
from ckanext.mainz.harvest.dcat.kind import DcatKind
from ckanext.mainz.harvest.duva.kind import DuvaKind, modes
from ckanext.mainz.harvest.kinds import Kind
from ckanext.mainz.harvest.report import Report
from ckanext.mainz.harvest.runs import Source
from ckanext.mainz.metadata.dictionary import structures

pytestmark = pytest.mark.usefixtures("clean")


def source(kind: str, url: str, **config: Any) -> Source:
    owner = organization()
    row = HarvestSource(url=url, type=kind, title=kind)
    model.Session.add(row)
    model.Session.commit()
    return Source(str(row.id), url, owner, "oeffentlich", config)


def go(source: Source, kind: Kind) -> Report:
    model.Session.remove()
    return runs.run(source, kind, session())


def stored(source: Source) -> list[dict[str, Any]]:
    model.Session.remove()
    ids = [one.package_id for one in records.known(source.id).values()]
    return [toolkit.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": id}) for id in ids]


def test_a_real_catalogue_arrives_whole_and_costs_nothing_the_next_night() -> None:
    data = shared("samples", "dcat", "bremen-catalog.rdf").read_bytes()
    with CatalogueServer() as portal:
        bremen = source("mainz_dcat", portal.at("/c", answer(data)))
        first = go(bremen, DcatKind())
        assert (first.figures()["created"], first.complete) == (153, True), first.entries
        before = versions()
        portal.at("/c", answer(shuffled(data, 3, RdfFormat.RDF_XML)))
        assert go(bremen, DcatKind()).figures()["unchanged"] == 153
        assert versions() == before


def test_a_portal_with_ckan_arrives_by_its_api() -> None:
    with CatalogueServer() as portal:
        datasets = [record(n, license_id="" if n == 3 else "dl-de-by-2.0") for n in range(12)]
        partner = source("mainz_ckan", portal.ckan(datasets))
        release(partner)
        first = go(partner, CkanKind())
        assert first.figures()["created"] == 12
        assert sum(one.waits for one in first.entries) == 1
        before = versions()
        assert go(partner, CkanKind()).figures()["unchanged"] == 12
        assert versions() == before


def test_tables_of_duva_arrive_byte_for_byte(tmp_path: Path) -> None:
    names = ("dresden-apotheken.csv", "freiburg-haushalt-2025-2026.csv")
    contents = {name: shared("samples", "duva", name).read_bytes() for name in names}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    kind = DuvaKind(modes={**modes(), "folder": _folder(tmp_path)})
    duva = source("mainz_duva", str(tmp_path), default_license="dl-de-by-2.0")
    first = go(duva, kind)
    assert first.figures()["created"] == len(names), first.as_json()
    (size,) = {len(one["resources"]) for one in stored(duva)}
    assert size == 1
    digests = {hashlib.sha256(_bytes(one["resources"][0])).hexdigest() for one in stored(duva)}
    assert digests == {hashlib.sha256(content).hexdigest() for content in contents.values()}
    before = versions()
    assert go(duva, kind).figures()["unchanged"] == len(names)
    assert versions() == before
    (tmp_path / names[0]).write_bytes(contents[names[0]] + b"2022;115;-\r\n")
    assert go(duva, kind).figures()["changed"] == 1
    assert {len(one["resources"]) for one in stored(duva)} == {1}


def _folder(path: Path) -> Any:
    from ckanext.mainz.harvest.duva.folder import FolderKind

    return FolderKind(allowed=lambda: [path])


def _bytes(resource: dict[str, Any]) -> bytes:
    with structures.local_copy(resource) as path:
        return path.read_bytes()
