"""The figures as files: JSON for programs, a Markdown table for people."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Comparison, Rounds

PACKAGES = ("ckan", "ckanext-dcat", "ckanext-scheming", "ckanext-harvest", "tantivy", "granian")
HEADER = (
    "| operation | stock, ms | ours, ms | stock / ours | lowest and highest of a round | 95 % below, stock and ours |\n"
    "|---|---:|---:|---:|---:|---:|"
)


@dataclass(frozen=True)
class Run:
    """The circumstances of the figures."""

    date: str
    datasets: int
    rounds: int
    calls: int

    def describe(self) -> dict[str, Any]:
        """Circumstances of the run and of the machine."""
        return {
            "date": self.date,
            "datasets": self.datasets,
            "rounds": self.rounds,
            "calls_per_round": self.calls,
            "processors": os.cpu_count(),
            "python": platform.python_version(),
            "packages": {name: version(name) for name in PACKAGES},
        }


def write(folder: Path, run: Run, comparisons: Sequence[Comparison]) -> None:
    """Write ``figures.json`` and ``figures.md`` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = {"run": run.describe(), "operations": [as_json(comparison) for comparison in comparisons]}
    (folder / "figures.json").write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    (folder / "figures.md").write_text(as_markdown(run, comparisons))


def as_json(comparison: Comparison) -> dict[str, Any]:
    """One operation with every single time."""
    return {
        "operation": comparison.operation,
        "ratio_of_medians": round(comparison.ratio, 2),
        "ratio_lowest_and_highest_of_a_round": [round(ratio, 2) for ratio in comparison.ratio_spread],
        "milliseconds": {"stock": rounded(comparison.stock), "ours": rounded(comparison.ours)},
    }


def rounded(rounds: Rounds) -> list[list[float]]:
    """Times with as many digits as mean something."""
    return [[round(time, 2) for time in times] for times in rounds.times]


def as_markdown(run: Run, comparisons: Sequence[Comparison]) -> str:
    """The table and a sentence about how it came to be."""
    circumstances = (
        f"{run.date}: {run.datasets} datasets, medians of {run.rounds} rounds of {run.calls} calls a side, in turns; "
        f"{os.cpu_count()} processors, Python {platform.python_version()}, CKAN {version('ckan')}."
    )
    return "\n".join([circumstances, "", HEADER, *map(as_row, comparisons), ""])


def as_row(comparison: Comparison) -> str:
    """One line of the table."""
    stock, ours = comparison.stock, comparison.ours
    lowest, highest = comparison.ratio_spread
    cells = [
        comparison.operation,
        f"{stock.median:.1f}",
        f"{ours.median:.1f}",
        f"**{comparison.ratio:.2f}**",
        f"{lowest:.2f} – {highest:.2f}",
        f"{stock.quantile(95):.0f}, {ours.quantile(95):.0f}",
    ]
    return f"| {' | '.join(cells)} |"
