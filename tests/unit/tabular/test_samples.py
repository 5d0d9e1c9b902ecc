"""Real tables of German offices; they are no part of the repository and lie beside it where there are any."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from ckanext.mainz.tabular import ColumnType, Table, read

SAMPLES = Path(__file__).parents[3].parent / "shared" / "samples" / "duva"


def _sample(name: str) -> Table:
    path = SAMPLES / name
    if not path.exists():
        if os.environ.get("PORTAL_TEST_STRICT") == "1":
            pytest.fail(f"the sample {name} is missing in {SAMPLES}")
        pytest.skip(f"the sample {name} is not on this machine")
    return read(path)


def test_the_pharmacies_of_dresden():
    table = _sample("dresden-apotheken.csv")
    assert [column.type.value for column in table.columns] == [ColumnType.YEAR, ColumnType.INTEGER, ColumnType.INTEGER]
    records = list(table.records())
    assert (len(records), records[0], records[-1][2]) == (32, [1993, 61, 3], None)
    (marker,) = table.columns[2].markers
    assert (marker.text, marker.suppressed, marker.count) == ("-", False, 4)


def test_the_budget_of_freiburg():
    table = _sample("freiburg-haushalt-2025-2026.csv")
    assert table.encoding is not None
    assert table.dialect is not None
    assert (table.encoding.value, table.dialect.delimiter.value, table.dialect.quote.value) == ("utf-8-sig", ",", '"')
    money = [column for column in table.columns if column.name.startswith("Ansatz")]
    assert [column.type.value for column in money] == [ColumnType.DECIMAL] * 6
    assert all(column.number is not None and column.number.value.unit == "€" for column in money)
    records = list(table.records())
    assert len(records) == 365
    assert records[0][-6:] == [
        *(Decimal("90210.00"), Decimal("-2345074.00"), Decimal("-2254864.00")),
        *(Decimal("90210.00"), Decimal("-2377415.3"), Decimal("-2287205.3")),
    ]
    told = {(finding.code, finding.column) for finding in table.findings}
    assert {("padding", "Produktbezeichnung"), ("question_marks", "Produktbezeichnung")} <= told
    assert ("mixed_numbers", "Ansatz 2026 (Aufwendungen)") in told


def test_the_sums_of_freiburg_come_out_although_numbers_are_written_in_two_ways():
    records = list(_sample("freiburg-haushalt-2025-2026.csv").records())
    off = [
        n
        for n, (*_, income, expense, balance) in enumerate(records)
        if abs(income + expense - balance) > Decimal("0.11")
    ]
    assert off == []
