"""CKAN's own tests of search, run on Solr and on the portal's engine: ``python -m tests.ckan_search.run --help``.

The tests are those of the installed CKAN, or of a checkout of CKAN given by ``--tests``; none of them lies in this
repository. The rest of CKAN is stock, so that what fails on one engine and passes on the other is the engine's doing.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.ckan_search.selection import OUTCOMES
from tests.kit.services import SITE_URL, RunningServices, services
from tests.kit.solr import SolrServer

from ckanext.mainz.runtime.configuration import installation_options, write_ini
from ckanext.mainz.runtime.secrets_file import load_secrets

HERE = Path(__file__).parent
BASE = HERE / "ckan.ini"
OUR_PLUGINS = "mainz_foundation mainz_search"


def main() -> int:
    """Run the tests on each engine and tell what passed, what failed, and where the engines differ."""
    options = parsed_options()
    outcomes = {engine: run(engine, options) for engine in options.engine}
    for engine, results in outcomes.items():
        tell(engine, results)
    if len(outcomes) == 2:
        tell_difference(*outcomes.values())
    return int(any("failed" in results.values() for results in outcomes.values()))


def parsed_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--tests", type=Path, help="a checkout of CKAN, in place of the installed one's tests")
    parser.add_argument("pytest", nargs="*", help="arguments for pytest, after --")
    return parser.parse_args()


def run(engine: str, options: argparse.Namespace) -> dict[str, str]:
    """Outcome of every test by its id, on one engine."""
    with tempfile.TemporaryDirectory() as scratch:
        outcomes = Path(scratch) / "outcomes.json"
        with services(Path(scratch) / "data") as running, ENGINES[engine]() as engine_options:
            ini = Path(scratch) / "test.ini"
            write_ini(ini, {**addresses(running), **engine_options}, BASE)
            run_pytest(ini, outcomes, test_folders(options.tests), options.pytest)
        return json.loads(outcomes.read_text())


def addresses(running: RunningServices) -> dict[str, str]:
    """CKAN's options for the services and for its files."""
    secrets = load_secrets(running.folder)
    return installation_options(running.folder, secrets, running.postgres, running.redis, SITE_URL)


def run_pytest(ini: Path, outcomes: Path, folders: list[Path], arguments: list[str]) -> None:
    """Run the chosen tests in a process of their own, away from this repository's settings for pytest.

    ``tests`` must mean CKAN's own there, so our plugin for pytest is found by its own folder.
    """
    plugins = ["-p", "selection", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:warnings"]
    settings = ["-c", os.devnull, f"--rootdir={folders[0].parents[1]}", f"--ckan-ini={ini}", "-q", "--tb=short"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *settings, *arguments, *map(str, folders)],
        cwd=ini.parent,
        env={**os.environ, "PYTHONPATH": str(HERE), OUTCOMES: str(outcomes), "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    if done.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        sys.exit(f"pytest could not run CKAN's tests (exit status {done.returncode}); the reason stands above.")


def test_folders(checkout: Path | None) -> list[Path]:
    """CKAN's tests, and those of its example of permission labels, the only extension in core that is about search."""
    root = checkout or installed_ckan().parent
    return [root / "ckan" / "tests", root / "ckanext" / "example_ipermissionlabels" / "tests"]


def installed_ckan() -> Path:
    """Folder of the installed package."""
    package = importlib.util.find_spec("ckan")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent


@contextmanager
def solr() -> Iterator[dict[str, str]]:
    """Stock: Solr with CKAN's schema."""
    with SolrServer() as server:
        yield {"solr_url": server.url, "ckan.plugins": ""}


@contextmanager
def embedded() -> Iterator[dict[str, str]]:
    """The portal's engine behind CKAN's search; the address of Solr leads nowhere."""
    yield {"solr_url": "http://127.0.0.1:9/solr/none", "ckan.plugins": OUR_PLUGINS}


ENGINES = {"solr": solr, "embedded": embedded}


def tell(engine: str, results: Mapping[str, str]) -> None:
    """Print the counts of one engine and the names of what failed."""
    counts = {outcome: list(results.values()).count(outcome) for outcome in ("passed", "failed", "skipped")}
    print(f"\n{engine}: " + ", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
    for name in sorted(name for name, outcome in results.items() if outcome == "failed"):
        print(f"  failed  {name}")


def tell_difference(first: Mapping[str, str], second: Mapping[str, str]) -> None:
    """Print the tests that came out differently."""
    print("\nDifferent outcomes:")
    for name in sorted({*first, *second}):
        if first.get(name) != second.get(name):
            print(f"  {first.get(name)} → {second.get(name)}  {name}")


if __name__ == "__main__":
    sys.exit(main())
