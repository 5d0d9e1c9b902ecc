"""Stock CKAN with Solr against the portal, in one run: ``python -m tests.benchmarks.compare --help``."""

from __future__ import annotations

import argparse
import datetime
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.benchmarks.client import Client
from tests.benchmarks.measure import Comparison, Rounds, timed_in_turns, warm_up
from tests.benchmarks.operations import ALL_OPERATIONS, OPERATIONS, READER_OPERATIONS, Visitor, created_names
from tests.benchmarks.portal import portal
from tests.benchmarks.report import Run, write
from tests.benchmarks.side import Inside
from tests.benchmarks.stock import full_stock, stock

SIDES = {"stock": stock, "ours": portal}
#: Schemas that stock's datasets can have.
STOCKS = {"sample": stock, "full": full_stock}
#: All datasets are public, or they have all levels and a reader is a member of many organisations.
PUBLIC, MIXED = LEVELS = ("public", "mixed")


def main() -> None:
    """Start both sides, time every operation on them in turns, and write the figures."""
    options = parsed_options()
    with ExitStack() as stack:
        visitors = {name: stack.enter_context(visiting(name, options)) for name in options.sides}
        usual = READER_OPERATIONS if options.levels == MIXED else OPERATIONS
        results = {name: timed(name, visitors, options) for name in options.operations or usual}
    if set(visitors) == set(SIDES):
        run = Run(datetime.date.today().isoformat(), options.datasets, options.rounds, options.calls)
        comparisons = [Comparison(name, times["stock"], times["ours"]) for name, times in results.items()]
        write(options.output, run, comparisons)
        print((options.output / "figures.md").read_text())


def parsed_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--calls", type=int, default=10, help="calls of an operation on a side in one round")
    parser.add_argument("--warm-up", type=int, default=20, help="calls of an operation on a side before it is timed")
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=list(SIDES))
    parser.add_argument("--stock-schema", choices=STOCKS, default="sample", help="what stock's datasets hold")
    parser.add_argument("--levels", choices=LEVELS, default=PUBLIC, help="who sees the datasets")
    parser.add_argument(
        "--operations", nargs="+", choices=ALL_OPERATIONS, metavar="NAME", help="; ".join(ALL_OPERATIONS)
    )
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("output"))
    cache = Path(tempfile.gettempdir()) / "portal-benchmarks"
    parser.add_argument("--cache", type=Path, default=cache, help="where databases are kept for the next run")
    return parser.parse_args()


@contextmanager
def visiting(name: str, options: argparse.Namespace) -> Iterator[Visitor]:
    """A side that runs, with a client."""
    start = STOCKS[options.stock_schema] if name == "stock" else SIDES[name]
    mixed = options.levels == MIXED
    folder = options.cache / f"{'mixed-' if mixed else ''}{name}-{options.datasets}"
    with (
        start(folder, options.datasets, mixed) as side,
        Inside(side.environment) as inside,
    ):
        yield Visitor(side, Client(side.url), inside, options.datasets)


def timed(name: str, visitors: Mapping[str, Visitor], options: argparse.Namespace) -> dict[str, Rounds]:
    """Time one operation, tell the medians at once, and remove what it created."""
    operation = ALL_OPERATIONS[name]
    numbers = warm_up(operation, visitors, options.warm_up)
    times = timed_in_turns(operation, visitors, options.rounds, options.calls)
    if name.startswith("package_create"):
        names = created_names([*numbers, *range(options.rounds * options.calls)])
        for visitor in visitors.values():
            visitor.inside.order("purge", names=names)
    print(name, *(f"{side} {rounds.median:.1f} ms" for side, rounds in times.items()), sep="  ", flush=True)
    return times


if __name__ == "__main__":
    main()
