"""Time and memory of the files with the whole catalogue: ``python -m tests.benchmarks.whole --datasets 10000``."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.benchmarks.portal import portal
from tests.benchmarks.side import Inside


def main() -> None:
    """Make the files twice, each time in a process that has done nothing else: of nothing, and of what was kept."""
    options = parsed_options()
    with portal(options.cache / f"ours-{options.datasets}", options.datasets) as side:
        with Inside(side.environment) as inside:
            inside.order("forget_catalogue")
        for name in ("cold", "kept"):
            # A folder of its own: the portal's worker makes the same files.
            with Inside(side.environment) as inside, tempfile.TemporaryDirectory() as folder:
                made = inside.order("make_whole", folder=folder)
            print(name, *(f"{what} {value:.1f}" for what, value in made.items()), sep="  ", flush=True)


def parsed_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=int, default=10000)
    cache = Path(tempfile.gettempdir()) / "portal-benchmarks"
    parser.add_argument("--cache", type=Path, default=cache, help="where databases are kept for the next run")
    return parser.parse_args()


if __name__ == "__main__":
    main()
