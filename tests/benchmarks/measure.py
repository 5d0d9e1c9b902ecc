"""Timing in turns, and what the times say."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from tests.benchmarks.operations import Operation, Visitor

WARM_UP_NUMBERS = 10**6


@dataclass(frozen=True)
class Rounds:
    """Milliseconds of one operation on one side: a list for each round."""

    times: list[list[float]]

    @property
    def all(self) -> list[float]:
        """All times of all rounds."""
        return [time for round_times in self.times for time in round_times]

    @property
    def median(self) -> float:
        """Median of all times."""
        return statistics.median(self.all)

    def quantile(self, percent: int) -> float:
        """The time that ``percent`` of the calls stay below."""
        times = self.all
        return statistics.quantiles(times, n=100, method="inclusive")[percent - 1] if len(times) > 1 else times[0]


@dataclass(frozen=True)
class Comparison:
    """One operation on both sides, timed in the same rounds."""

    operation: str
    stock: Rounds
    ours: Rounds

    @property
    def ratio(self) -> float:
        """How many times as long stock takes, by the medians of all times."""
        return self.stock.median / self.ours.median

    @property
    def ratio_spread(self) -> tuple[float, float]:
        """Lowest and highest ratio of a single round's medians."""
        ratios = [
            statistics.median(stock) / statistics.median(ours)
            for stock, ours in zip(self.stock.times, self.ours.times, strict=True)
        ]
        return min(ratios), max(ratios)


def warm_up(operation: Operation, visitors: Mapping[str, Visitor], calls: int) -> list[int]:
    """Let every worker of every side see the operation; the numbers of the inputs, which are never timed ones."""
    numbers = list(range(WARM_UP_NUMBERS, WARM_UP_NUMBERS + calls))
    for visitor in visitors.values():
        for number in numbers:
            operation(visitor, number)
    return numbers


def timed_in_turns(operation: Operation, visitors: Mapping[str, Visitor], rounds: int, calls: int) -> dict[str, Rounds]:
    """Time an operation on all sides, round by round; the side that comes first changes, the inputs are the same.

    A load that comes and goes on the machine thus falls on all sides alike.
    """
    times: dict[str, list[list[float]]] = {name: [] for name in visitors}
    for round_number in range(rounds):
        numbers = range(round_number * calls, (round_number + 1) * calls)
        names = sorted(visitors, reverse=round_number % 2 == 0)
        for name in names:
            times[name].append([operation(visitors[name], number) for number in numbers])
    return {name: Rounds(values) for name, values in times.items()}
