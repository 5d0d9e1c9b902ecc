"""A CSW that goes wrong in every known way after a good night: nothing is lost, and what happened is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckanext.harvest.model import HarvestSource
from tests.kit.csw_server import FAULTS, CswServer
from tests.kit.governance import organization
from tests.kit.outgoing import MakeSession, Waits

from ckanext.mainz.harvest import runs, tables
from ckanext.mainz.harvest.gdi.kind import CswKind
from ckanext.mainz.harvest.report import Report
from ckanext.mainz.harvest.runs import Source

pytestmark = pytest.mark.usefixtures("clean")

RECORDS = 30
CONFIG = {"openness": "all", "page_size": 10, "max_records": 60}
#: Faults by which the catalogue itself has more records than before, or tells one of them otherwise.
HAS_MORE = {"growing_catalogue", "changes_once", "changes_always"}


@pytest.fixture
def catalogue() -> Iterator[CswServer]:
    with CswServer(records=RECORDS, page=10) as server:
        yield server


@pytest.fixture
def source(catalogue: CswServer) -> Source:
    row = HarvestSource(url=catalogue.address, type="mainz_csw", title="GDI")
    owner = organization()
    model.Session.add(row)
    model.Session.commit()
    return Source(row.id, row.url, owner, "oeffentlich", CONFIG)


def go(source: Source) -> Report:
    model.Session.remove()
    return runs.run(source, CswKind(), MakeSession(Waits())(total_timeout=0.8))


def state(source: Source) -> dict[str, tuple[Any, ...]]:
    """What is here of each record of the source."""
    model.Session.remove()
    package, record = model.package_table, tables.record
    asked = sa.select(record.c.guid, package.c.id, package.c.title, package.c.state, package.c.extras)
    joined = asked.join_from(record, package, record.c.package_id == package.c.id)
    rows = model.Session.execute(joined.where(record.c.source_id == source.id))
    return {row[0]: (row[1], row[2], row[3], row[4]["lifecycle"]) for row in rows}


def test_a_good_night_brings_everything_and_the_next_one_writes_nothing(source: Source) -> None:
    first = go(source)
    assert (first.state, first.complete, first.gathered) == ("finished", True, RECORDS)
    assert first.figures()["created"] + first.figures()["skipped"] + first.figures()["failed"] == RECORDS
    assert first.figures()["created"] >= RECORDS * 2 // 3, first.entries
    second = go(source)
    assert (second.figures()["created"], second.figures()["changed"]) == (0, 0)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_fault_loses_or_changes_a_record(
    source: Source, catalogue: CswServer, subtests: pytest.Subtests, record_testsuite_property: Any
) -> None:
    go(source)
    before = state(source)
    table = []
    for fault in [*(one for one in FAULTS if one not in HAS_MORE), *sorted(HAS_MORE)]:
        with subtests.test(fault):
            catalogue.play(fault)
            report = go(source)
            after = state(source)
            wrong = [guid for guid in before if before[guid] != after.get(guid)]
            table.append(f"{fault}: {len(before)} → {len(after)}, wrongly changed {len(wrong)}, {report.state}")
            assert not wrong
            assert set(after) == set(before) or fault in HAS_MORE
            assert report.figures()["archived"] == 0
            told = [report.failed, report.stopped, *report.problems]
            assert report.complete or any(told)
            catalogue.play("honest")
            before = state(source)
    record_testsuite_property("faults of a catalogue", "\n".join(table))
    print("\n".join(table))
    assert go(source).figures()["created"] == 0
