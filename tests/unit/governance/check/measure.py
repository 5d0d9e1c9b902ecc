"""Precision and recall of the scan on the labelled columns: ``python -m tests.unit.governance.check.measure [part]``.

Prints figures by kind and overall for a part of the set (``held_back``, the default, or ``tuning``), and what was
missed or found in vain.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ckanext.mainz import tabular
from ckanext.mainz.governance.check import findings
from ckanext.mainz.governance.check.scan import scan

COLUMNS = Path(__file__).parent / "columns"
Place = tuple[str, str, str]


@dataclass
class Measured:
    """Right, missed and needless findings, each as (table, column, kind), and the number of columns."""

    right: list[Place] = field(default_factory=list)
    missed: list[Place] = field(default_factory=list)
    needless: list[Place] = field(default_factory=list)
    tables: int = 0
    columns: int = 0

    def precision(self, kind: str = "") -> float:
        """How many of the findings a careful person would have had too; 1 where there are none."""
        right, needless = self.count(self.right, kind), self.count(self.needless, kind)
        return right / (right + needless) if right + needless else 1.0

    def recall(self, kind: str = "") -> float:
        """How many of the expected findings there are; 1 where none is expected."""
        right, missed = self.count(self.right, kind), self.count(self.missed, kind)
        return right / (right + missed) if right + missed else 1.0

    @staticmethod
    def count(places: list[Place], kind: str) -> int:
        return sum(not kind or place[2] == kind for place in places)


def tables(part: str) -> list[dict[str, Any]]:
    """The labelled tables of a part."""
    return yaml.safe_load((COLUMNS / f"{part}.yaml").read_text(encoding="utf-8"))


def measure(part: str) -> Measured:
    """Scans the tables of a part and compares."""
    measured = Measured()
    for one in tables(part):
        with read(one["csv"]) as table:
            found = {(one["name"], finding.column, finding.kind) for finding in scan(table, title=one["title"])}
        measured.tables += 1
        measured.columns += len(table.columns)
        expected = {(one["name"], str(column), kind) for column, kind in _expected(one["expect"])}
        measured.right += sorted(expected & found)
        measured.missed += sorted(expected - found)
        measured.needless += sorted(found - expected)
    return measured


@contextmanager
def read(text: str) -> Iterator[tabular.Table]:
    """A table from its text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_text(text, encoding="utf-8")
        yield tabular.read(path)


def _expected(expect: dict[Any, list[str]]) -> Iterator[tuple[Any, str]]:
    yield from ((column, kind) for column, listed in expect.items() for kind in listed)


def report(part: str) -> str:
    """The figures as a table."""
    measured = measure(part)
    lines = [f"{part}: {measured.tables} tables, {measured.columns} columns", ""]
    lines += ["| kind | expected | found | needless | precision | recall |", "| --- | --- | --- | --- | --- | --- |"]
    seen = Counter(place[2] for place in measured.right + measured.missed + measured.needless)
    for kind in (*(kind for kind in findings.KINDS if seen[kind]), ""):
        expected = measured.count(measured.right + measured.missed, kind)
        right, needless = measured.count(measured.right, kind), measured.count(measured.needless, kind)
        figures = f"{measured.precision(kind):.3f} | {measured.recall(kind):.3f}"
        lines.append(f"| {kind or 'all'} | {expected} | {right} | {needless} | {figures} |")
    lines += ["", *(f"missed: {' / '.join(place)}" for place in measured.missed)]
    lines += [f"needless: {' / '.join(place)}" for place in measured.needless]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report(sys.argv[1] if len(sys.argv) > 1 else "held_back"))
